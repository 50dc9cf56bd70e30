"""What happens to an answer, however it was given: it is stored, costs are frozen, and those concerned hear of it."""

from __future__ import annotations

from collections.abc import Iterable

from handlers.ballots.box import Answer, put_ballot, to_cast
from handlers.ballots.electorate import Seat
from handlers.ballots.rules import countable
from handlers.chat.messages import Text, message
from handlers.chat.refusals import Refusal
from handlers.chat.replies import Notice, Refresh, Replies, Whisper
from handlers.context import Context
from handlers.decisions.chain import record
from handlers.polls.state import subject_of
from handlers.polls.tally import refresh_costs
from handlers.voting.on_behalf import tell_principal
from locales import join_words, translate
from storage.models.ballots import Ballot
from storage.models.members import Person
from storage.models.polls import Poll
from storage.queries import ballots, exchange, members, polls


async def put_answer(
    context: Context, poll: Poll, person_id: str, answer: Answer, known: Ballot | None = None
) -> Replies:
    """Store the answer in place of what was known; returns what the person and their colleagues must know."""
    if answer.marks:
        await freeze_costs(context, poll)
    ballot = await put_ballot(context, subject_of(poll), person_id, answer, known)
    told = await _tell_colleagues(context, poll, ballot) if person_id else []
    told += await tell_principal(context, poll, ballot, answer.on_behalf_of)
    return [*told, Refresh(subject_of(poll))]


async def freeze_costs(context: Context, poll: Poll) -> None:
    """With the first vote, titles and costs stay as people saw them."""
    if poll.costs_frozen_at is not None:
        return
    await refresh_costs(context, poll)
    poll.costs_frozen_at = context.now
    costs = {str(one.number): one.cost for one in await polls.list_candidates(context.session, poll.id)}
    await record(context, "poll.costs_frozen", subject_of(poll), {"costs": costs})


async def explain_once(context: Context, poll: Poll, what: str, text: str) -> Replies:
    """A private sentence that the person gets once per poll."""
    key = f"poll:{context.group.id}:{poll.number}:{what}:{context.me.id}"
    return [Whisper(message(Text(text)))] if await exchange.claim(context.session, key, context.now) else []


async def answer_stands(context: Context, poll: Poll, seat: Seat) -> Refusal:
    """Why somebody who does not surely speak for a unit any more can't change what they answered for it."""
    unit, mine = await members.get_unit(context.session, seat.unit_id), context.standing.unit
    claims = mine is not None and mine.id == unit.id
    key = "voting.answer_stands_unconfirmed" if claims else "voting.answer_stands"
    return Refusal(key, unit=unit.name, number=poll.number)


async def tell_moved(context: Context, poll: Poll, seat: Seat, names: str) -> Replies:
    """Somebody who has answered for another unit before hears that both answers stand.

    Args:
        names: what they answer now, empty for nothing.
    """
    if seat.before is None or not names:
        return []
    units = [(await members.get_unit(context.session, unit_id)).name for unit_id in (seat.unit_id, seat.before)]
    text = translate("voting.moved", unit=units[0], before=units[1], number=poll.number, names=names)
    return await explain_once(context, poll, f"moved:{seat.unit_id}", text)


async def tell_waiting(context: Context, poll: Poll, seat: Seat) -> Replies:
    """Somebody whom nobody has confirmed hears that their ballot is kept."""
    if seat.confirmed:
        return []
    unit = context.standing.unit.name if context.standing.unit else ""
    return await explain_once(context, poll, "waiting", translate("voting.waiting", unit=unit))


async def _tell_colleagues(context: Context, poll: Poll, mine: Ballot) -> Replies:
    """Where several speak for one unit, each hears whose ballot counts: the acting person at once, the others in their
    next bundle; both once per poll."""
    rows = await ballots.list_ballots_of_unit(context.session, context.group.id, mine.subject, mine.unit_id)
    casts = countable([to_cast(row) for row in rows], [mine.unit_id]).get(mine.unit_id, [])
    others = [cast for cast in casts if cast.person != mine.person_id]
    if not others or len(others) == len(casts):
        return []
    unit = (await members.get_unit(context.session, mine.unit_id)).name
    people = await members.map_people(context.session, [cast.person for cast in others if cast.person])
    names = join_words([people[cast.person].name if cast.person else translate("voting.the_mail") for cast in others])
    told: Replies = []
    if mine.person_id == context.me.id:
        text = translate(f"voting.colleague_{poll.ballot_rule}", names=names, unit=unit)
        told = await explain_once(context, poll, "colleague", text)
    return [*told, *await _tell_each(context, poll, mine, unit, people.values())]


async def _tell_each(context: Context, poll: Poll, mine: Ballot, unit: str, people: Iterable[Person]) -> Replies:
    """Those who still speak for the unit hear it; in whose place a substitute voted hears more than that."""
    told: Replies = []
    voter = await members.get_person(context.session, mine.person_id)
    speaking = await members.list_representatives(context.session, context.group.id)
    concerned = {person.id for person, _, confirmed in speaking if confirmed} - {mine.on_behalf_of}
    for person in (one for one in people if one.id in concerned):
        claimed = f"poll:{context.group.id}:{poll.number}:colleague_of:{person.id}:{voter.id}"
        if await exchange.claim(context.session, claimed, context.now):
            with context.speaking_to(person):
                parts = {"name": voter.name, "unit": unit, "number": poll.number}
                text = translate(f"voting.colleague_notice_{poll.ballot_rule}", **parts)
            about = f"poll:{poll.number}/colleague"
            told.append(Notice(text, about, "polls", person.id, before=poll.deadline))
    return told
