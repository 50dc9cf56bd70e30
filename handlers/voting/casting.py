"""What happens to an answer, however it was given: it is stored, costs are frozen, and those concerned hear of it."""

from __future__ import annotations

from handlers.ballots.box import Answer, put_ballot
from handlers.ballots.electorate import Seat
from handlers.ballots.rules import Cast, countable
from handlers.chat.messages import Text, message
from handlers.chat.replies import Notice, Replies, Whisper
from handlers.context import Context
from handlers.decisions.chain import record
from handlers.polls.state import PollState, read_state, subject_of
from handlers.polls.tally import refresh_costs, show_tally
from locales import join_words, translate
from storage.enums import BallotRule
from storage.models.polls import Poll
from storage.queries import exchange, members, polls


async def put_answer(context: Context, poll: Poll, person_id: str, answer: Answer) -> Replies:
    """Store the answer; returns the new tally, and what the person and their colleagues must know."""
    if answer.marks:
        await freeze_costs(context, poll)
    await put_ballot(context, subject_of(poll), person_id, answer)
    state = await read_state(context, poll)
    told = await _tell_colleagues(context, state, person_id, answer) if person_id else []
    return [*told, *show_tally(context, state)]


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


async def tell_waiting(context: Context, poll: Poll, seat: Seat) -> Replies:
    """Somebody whom nobody has confirmed hears that their ballot is kept."""
    if seat.confirmed:
        return []
    unit = context.standing.unit.name if context.standing.unit else ""
    return await explain_once(context, poll, "waiting", translate("voting.waiting", unit=unit))


async def _tell_colleagues(context: Context, state: PollState, person_id: str, answer: Answer) -> Replies:
    """Where several speak for one unit, each hears whose ballot counts: the acting person at once, the others in their
    next bundle; both once per poll."""
    mine = countable(state.box.casts, state.box.units.keys()).get(answer.unit_id, [])
    others = [cast for cast in mine if cast.person != person_id]
    if not others or len(others) == len(mine):
        return []
    unit = state.box.units[answer.unit_id].name
    people = await members.map_people(context.session, [cast.person for cast in others if cast.person])
    key = _rule_key(state.poll)
    names = join_words([people[cast.person].name if cast.person else translate("voting.the_mail") for cast in others])
    text = translate(f"voting.colleague_{key}", names=names, unit=unit)
    return [
        *await explain_once(context, state.poll, "colleague", text),
        *[
            Notice(text, f"poll:{state.poll.number}/colleague", "polls", person)
            for person, text in await _notices(context, state.poll, unit, others)
        ],
    ]


async def _notices(context: Context, poll: Poll, unit: str, others: list[Cast]) -> list[tuple[str, str]]:
    people = await members.map_people(context.session, [cast.person for cast in others if cast.person])
    found = []
    for person in people.values():
        claimed = f"poll:{context.group.id}:{poll.number}:colleague_of:{person.id}:{context.me.id}"
        if await exchange.claim(context.session, claimed, context.now):
            with context.speaking_to(person):
                key = f"voting.colleague_notice_{_rule_key(poll)}"
                found.append((person.id, translate(key, name=context.me.name, unit=unit, number=poll.number)))
    return found


def _rule_key(poll: Poll) -> str:
    return "average" if poll.ballot_rule is BallotRule.AVERAGE else "latest"
