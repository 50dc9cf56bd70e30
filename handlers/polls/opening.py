"""Opening a poll: the leader picks wishes and a deadline, and the electorate is frozen."""

from __future__ import annotations

import datetime as dt

import locales
from handlers.ballots.box import read_box
from handlers.ballots.electorate import freeze_electorate
from handlers.capability import Ask
from handlers.chat.refusals import FieldRefusal, Refusal
from handlers.chat.replies import OpenForm, Post, Replies, Seed
from handlers.context import Context
from handlers.decisions.chain import record
from handlers.members.settings import read_settings
from handlers.polls import messages, opening_form
from handlers.polls.rules import OpeningFields
from handlers.polls.state import is_by_emoji, page_key, page_size, read_state, subject_of
from handlers.wishes.rules import OPEN
from handlers.workdays import add_working_days, local_moment
from storage.enums import BallotRule, PollMethod, PollStatus, WishStatus
from storage.models.polls import Candidate, Poll
from storage.models.wishes import Wish
from storage.queries import polls, wishes

DEFAULT_DAYS = 5
"""Working days from opening to the deadline that the form proposes [choice]."""

MOST_OFFERED = 100
"""Wishes to choose from in the form; others are named by number."""

DEFAULT_TIME = dt.time(12)


async def open_form(context: Context, ask: Ask) -> Replies:
    """`/afstemning`: the form, with the wishes that are ready."""
    ready = await wishes.list_wishes(context.session, context.group.id, [WishStatus.READY])
    settings = await read_settings(context.session, context.group.id)
    defaults = opening_form.Defaults(context.today, propose_deadline(context), settings.quorum or None)
    return [OpenForm(opening_form.poll_form(ready[:MOST_OFFERED], defaults))]


def propose_deadline(context: Context) -> dt.datetime:
    """The deadline that stands in the form from the start."""
    return local_moment(add_working_days(context.today, DEFAULT_DAYS), DEFAULT_TIME, locales.zone())


async def open_poll(context: Context, ask: Ask) -> Replies:
    """The form was sent: everybody sees the poll, with the emojis already there to click."""
    fields = OpeningFields(ask, context.now)
    chosen = await _find_wishes(context, fields.numbers)
    poll = Poll(
        group_id=context.group.id,
        number=await polls.next_number(context.session, context.group.id),
        title=fields.title,
        method=fields.method,
        rule=fields.rule,
        visibility=fields.visibility,
        most=fields.most,
        dots=fields.dots,
        quorum=fields.quorum,
        ballot_rule=await _ballot_rule(context, fields.method),
        status=PollStatus.OPEN,
        opened_at=context.now,
        opened_by=context.me.id,
        deadline=fields.deadline,
    )
    poll.pages = -(-len(chosen) // page_size(poll, len(chosen)))
    context.session.add(poll)
    await context.session.flush()
    for position, wish in enumerate(chosen):
        context.session.add(
            Candidate(poll_id=poll.id, number=wish.number, position=position, title=wish.title, cost=wish.estimate)
        )
    units = await freeze_electorate(context, subject_of(poll))
    if not units:
        raise Refusal("polls.no_units")
    await _record_opening(context, poll, chosen)
    return await _post_pages(context, poll)


async def _ballot_rule(context: Context, method: PollMethod) -> BallotRule:
    """The group's own, but rankings have no mean: there the latest counts [choice]."""
    if method is PollMethod.RANKING:
        return BallotRule.LATEST
    return (await read_settings(context.session, context.group.id)).ballot_rule


async def _find_wishes(context: Context, numbers: list[int]) -> list[Wish]:
    found = await wishes.list_wishes(context.session, context.group.id, numbers=numbers)
    by_number = {wish.number: wish for wish in found}
    for number in numbers:
        if number not in by_number:
            raise FieldRefusal("more", "polls.no_such_wish", wish=number)
        if by_number[number].status not in OPEN:
            raise FieldRefusal("more", "polls.wish_ended", wish=number)
    return [by_number[number] for number in numbers]


async def _record_opening(context: Context, poll: Poll, chosen: list[Wish]) -> None:
    box = await read_box(context.session, context.group.id, subject_of(poll))
    facts = {
        "title": poll.title,
        "method": poll.method,
        "rule": poll.rule,
        "visibility": poll.visibility,
        "most": poll.most,
        "dots": poll.dots,
        "quorum": poll.quorum,
        "ballot_rule": poll.ballot_rule,
        "deadline": poll.deadline.isoformat(),
        "units": {str(unit.id): unit.name for unit in box.units.values()},
        "pending": {str(unit.id): unit.name for unit in box.pending.values()},
        "candidates": [{"number": wish.number, "title": wish.title, "cost": wish.estimate} for wish in chosen],
    }
    await record(context, "poll.opened", subject_of(poll), facts)


async def _post_pages(context: Context, poll: Poll) -> Replies:
    state = await read_state(context, poll)
    replies: Replies = []
    with context.speaking_to_group():
        for page in range(1, poll.pages + 1):
            key, shown = page_key(poll, page), messages.page_message(state, page)
            replies.append(Post(key, context.group.channel, shown, ballot=is_by_emoji(poll)))
            if is_by_emoji(poll):
                replies.append(Seed(key, messages.seeds(state, page)))
    return replies
