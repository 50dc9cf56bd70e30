"""A wish that comes to an open poll: a new version of the poll, which everybody who has voted hears of in time."""

from __future__ import annotations

from collections.abc import Sequence

from handlers.capability import Ask
from handlers.chat.messages import Text, message
from handlers.chat.refusals import FieldRefusal, Refusal
from handlers.chat.replies import Notice, OpenForm, Post, Refresh, Replies, Seed, Whisper
from handlers.context import Context
from handlers.decisions.chain import record
from handlers.polls import forms, messages
from handlers.polls.rules import GONE, check_room, read_numbers
from handlers.polls.state import PollState, get_open_poll, is_by_emoji, page_key, read_state, subject_of
from handlers.polls.tally import set_pages
from handlers.polls.words import names_of
from handlers.workdays import comes_too_late
from locales import long_moment, plural, translate, zone
from storage.enums import PollMethod, WishStatus
from storage.models.members import Person
from storage.models.polls import Candidate
from storage.models.wishes import Wish
from storage.queries import members, polls, wishes

FIELD = "more"
"""Where a refusal of what was typed is shown."""


async def add_candidates(context: Context, ask: Ask) -> Replies:
    """`/afstemning tilføj 7 43`; without a wish, the form."""
    poll = await get_open_poll(context, ask.number())
    state = await read_state(context, poll)
    if not ask.values and not ask.rest():
        return [await _open_form(context, state)]
    chosen = read_numbers(",".join(ask.chosen("wishes")), "wishes") if ask.values else []
    numbers = list(dict.fromkeys([*chosen, *read_numbers(ask.typed(FIELD) if ask.values else ask.rest(), FIELD)]))
    found = await _check(context, state, numbers)
    return await _add(context, state, found)


async def _open_form(context: Context, state: PollState) -> OpenForm:
    there = {one.number for one in state.candidates}
    ready = await wishes.list_wishes(context.session, context.group.id, [WishStatus.READY])
    asked = await polls.map_asked(context.session, context.group.id)
    return OpenForm(forms.add_form(state.poll, [wish for wish in ready if wish.number not in there], asked))


async def _check(context: Context, state: PollState, numbers: Sequence[int]) -> list[Wish]:
    """The wishes that may come to the poll now.

    Raises:
        FieldRefusal: one of them can't, or there is no room for them.
        Refusal: those who have voted could not hear of it before the deadline.
    """
    poll, there = state.poll, {one.number for one in state.candidates}
    if not numbers:
        raise FieldRefusal(FIELD, "polls.choices_missing")
    found = {one.number: one for one in await wishes.list_wishes(context.session, context.group.id, numbers=numbers)}
    for number in numbers:
        if number in there:
            raise FieldRefusal(FIELD, "polls.candidate_already", wish=number, number=poll.number)
        if number not in found:
            raise FieldRefusal(FIELD, "polls.no_such_wish", wish=number)
        if (status := found[number].status) in GONE:
            raise FieldRefusal(FIELD, "polls.wish_set_aside", wish=number, how=translate(f"polls.left.{status}"))
    check_room(poll.method, len(there) + len(numbers), FIELD, by_emoji=is_by_emoji(poll))
    if _voted(state) and comes_too_late(context.now, poll.deadline, zone()):
        raise Refusal("polls.too_late_to_add", number=poll.number, moment=long_moment(poll.deadline))
    return [found[number] for number in numbers]


def _voted(state: PollState) -> bool:
    return any(cast.marks for cast in state.box.casts)


async def _add(context: Context, state: PollState, chosen: Sequence[Wish]) -> Replies:
    poll, pages = state.poll, state.poll.pages
    poll.version += 1
    added = [
        Candidate(
            poll_id=poll.id,
            number=wish.number,
            position=position,
            title=wish.title,
            cost=wish.estimate,
            version=poll.version,
            added_at=context.now,
        )
        for position, wish in enumerate(chosen, len(state.candidates))
    ]
    context.session.add_all(added)
    await context.session.flush()
    set_pages(poll, len(state.candidates) + len(added))
    for one in added:
        facts = {"candidate": one.number, "title": one.title, "cost": one.cost, "version": poll.version}
        await record(context, "poll.candidate_added", subject_of(poll), facts)
    state = await read_state(context, poll)
    return [
        *_show(context, state, added, pages),
        _answer(state, added),
        *await _tell_voters(context, state, added),
    ]


def _show(context: Context, state: PollState, added: Sequence[Candidate], pages: int) -> Replies:
    """New lines on the messages that have room, and new messages for the rest."""
    poll, by_emoji = state.poll, is_by_emoji(state.poll)
    replies: Replies = []
    with context.speaking_to_group():
        for page in range(pages + 1, poll.pages + 1):
            shown = messages.page_message(state, page)
            replies.append(Post(page_key(poll, page), context.group.channel, shown, ballot=by_emoji))
            replies.append(Seed(page_key(poll, page), messages.seeds(state, page)))
    last = [one for one in state.page(pages) if one in added]
    if by_emoji and last:
        replies.append(Seed(page_key(poll, pages), messages.seeds(state, pages)[-len(last) :]))
    return [*replies, Refresh(subject_of(poll))]


def _answer(state: PollState, added: Sequence[Candidate]) -> Whisper:
    poll, voted = state.poll, len(state.standing)
    names = names_of(state.candidates, [one.number for one in added])
    said = translate("polls.added", names=names, number=poll.number, version=poll.version)
    return Whisper(message(Text(f"{said} {plural('polls.added_told', voted)}" if voted else said)))


async def _tell_voters(context: Context, state: PollState, added: Sequence[Candidate]) -> Replies:
    """Everybody hears it in the next bundle, and those who have voted also privately: they may want to vote again."""
    poll = state.poll
    about = f"poll:{poll.number}/version:{poll.version}"
    names = names_of(state.candidates, [one.number for one in added])
    with context.speaking_to_group():
        for_all = translate("polls.added_for_all", names=names, number=poll.number, version=poll.version)
    told: Replies = [Notice(for_all, about, "polls")]
    key = "polls.added_to_ranking" if poll.method is PollMethod.RANKING else "polls.added_to_yours"
    for person in await _list_voters(context, state):
        with context.speaking_to(person):
            moment = long_moment(poll.deadline)
            text = translate(key, names=names, number=poll.number, version=poll.version, moment=moment)
        told.append(Notice(text, about, "polls", person.id))
    return told


async def _list_voters(context: Context, state: PollState) -> list[Person]:
    """Who has voted, and who speaks for the units whose answer came by mail; but not who adds it."""
    voted = {cast.person for cast in state.box.casts if cast.marks and cast.person}
    by_mail = {cast.unit for cast in state.box.casts if cast.marks and not cast.person}
    people = await members.map_people(context.session, voted)
    for person, unit, confirmed in await members.list_representatives(context.session, context.group.id):
        if unit.id in by_mail and confirmed:
            people[person.id] = person
    return [person for _, person in sorted(people.items()) if person.id != context.me.id]
