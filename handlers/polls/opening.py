"""Opening a poll: the leader picks wishes and a deadline, and from when people may vote the electorate is frozen."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import locales
from handlers.ballots.box import read_box
from handlers.ballots.electorate import freeze_electorate
from handlers.capability import Ask
from handlers.chat.messages import Actions, Button, Text, message
from handlers.chat.refusals import Refusal
from handlers.chat.replies import OpenForm, Post, Replies, Seed, Whisper
from handlers.context import Context
from handlers.decisions.chain import record
from handlers.members.settings import read_settings
from handlers.polls import messages
from handlers.polls.opening_form import Filled, poll_form
from handlers.polls.rules import LEAST_CANDIDATES
from handlers.polls.state import check_begun, is_by_emoji, page_key, read_state, subject_of
from handlers.polls.tally import set_pages
from handlers.workdays import add_working_days, is_working_day, local_moment
from locales import local_day, long_date, long_moment, translate
from storage.enums import PollStatus, WishStatus
from storage.models.polls import Candidate, Poll
from storage.models.wishes import Wish
from storage.queries import members, polls, wishes

DEFAULT_DAYS = 5
"""Working days from opening to the deadline that the form proposes [choice]."""

DEFAULT_TIME = dt.time(12)


async def open_form(context: Context, ask: Ask) -> Replies:
    """`/afstemning`: the form, with the wishes that are ready."""
    ready = await wishes.list_wishes(context.session, context.group.id, [WishStatus.READY])
    settings = await read_settings(context.session, context.group.id)
    title = translate("polls.default_title", date=long_date(context.today))
    asked = await polls.map_asked(context.session, context.group.id)
    filled = Filled(title, propose_deadline(context.today), quorum=settings.quorum or None, asked=asked)
    return [OpenForm(poll_form(ready, filled))]


def propose_deadline(opens: dt.date, days: int = DEFAULT_DAYS) -> dt.datetime:
    """The deadline of a poll that opens on a day: so many working days later, at noon."""
    return local_moment(add_working_days(opens, days), DEFAULT_TIME, locales.zone())


def tell_free_day(poll: Poll) -> Replies:
    """The leader hears when a deadline lies on a day when people are off work, and can move it to the next working day;
    it stands all the same [choice]. Once people have voted it is not moved without an extension."""
    better = working_deadline(poll.deadline)
    if better == poll.deadline:
        return []
    when = "open" if poll.status is PollStatus.OPEN else "before"
    said = Text(translate(f"polls.free_day.{when}", moment=long_moment(poll.deadline)))
    label = translate("polls.button.move_deadline", moment=long_moment(better))
    move = Actions((Button(label, "poll.move_deadline", str(poll.number)),))
    return [Whisper(message(said, move))]


def working_deadline(deadline: dt.datetime) -> dt.datetime:
    """The deadline itself, or the same time on the first working day after it where its day is none."""
    day = local_day(deadline)
    if is_working_day(day):
        return deadline
    return local_moment(add_working_days(day, 1), deadline.astimezone(locales.zone()).time(), locales.zone())


async def check_openable(context: Context, poll: Poll) -> None:
    """Let a draft or a debate pass that can be opened now.

    Raises:
        Refusal: it has been opened, its deadline is past, too few of its wishes are left, or nobody could vote.
    """
    if poll.status not in (PollStatus.DRAFT, PollStatus.DEBATE):
        check_begun(poll)
        raise Refusal("polls.opened_already", number=poll.number)
    if poll.deadline <= context.now:
        raise Refusal("polls.deadline_before_opening", number=poll.number, moment=long_moment(poll.deadline))
    candidates = await polls.list_candidates(context.session, poll.id)
    if sum(1 for one in candidates if not one.left) < LEAST_CANDIDATES:
        raise Refusal("polls.candidates_gone", number=poll.number)
    if not await members.list_voting_units(context.session, context.group.id):
        raise Refusal("polls.no_units")


async def open_now(context: Context, poll: Poll) -> Replies:
    """From now on people vote: the electorate is frozen, and everybody sees the poll with the emojis to click.

    Raises:
        Refusal: it can't be opened, see `check_openable`.
    """
    await check_openable(context, poll)
    await _settle_candidates(context, poll)
    poll.status, poll.opened_at = PollStatus.OPEN, context.now
    await freeze_electorate(context, subject_of(poll))
    await _record_opening(context, poll)
    return await _post_pages(context, poll)


async def set_candidates(context: Context, poll: Poll, chosen: Sequence[Wish]) -> None:
    """The poll is about these wishes, in this order and as they are now; nobody has voted on it yet."""
    for one in await polls.list_candidates(context.session, poll.id):
        await context.session.delete(one)
    await context.session.flush()
    for position, wish in enumerate(chosen):
        context.session.add(
            Candidate(poll_id=poll.id, number=wish.number, position=position, title=wish.title, cost=wish.estimate)
        )
    await context.session.flush()
    set_pages(poll, len(chosen))


async def _settle_candidates(context: Context, poll: Poll) -> None:
    """What has been withdrawn, merged or put aside before the poll opens is no candidate of it at all."""
    numbers = [one.number for one in await polls.list_candidates(context.session, poll.id) if not one.left]
    found = await wishes.list_wishes(context.session, context.group.id, numbers=numbers)
    await set_candidates(context, poll, sorted(found, key=lambda wish: numbers.index(wish.number)))


def facts_of(poll: Poll) -> dict[str, Any]:
    """What was filled in, as the log keeps it."""
    return {
        "title": poll.title,
        "method": poll.method,
        "rule": poll.rule,
        "visibility": poll.visibility,
        "most": poll.most,
        "dots": poll.dots,
        "quorum": poll.quorum,
        "ballot_rule": poll.ballot_rule,
        "deadline": poll.deadline.isoformat(),
    } | ({"run_off_of": poll.run_off_of} if poll.run_off_of else {})


async def _record_opening(context: Context, poll: Poll) -> None:
    box = await read_box(context.session, context.group.id, subject_of(poll))
    candidates = await polls.list_candidates(context.session, poll.id)
    facts = facts_of(poll) | {
        "units": {str(unit.id): unit.name for unit in box.units.values()},
        "pending": {str(unit.id): unit.name for unit in box.pending.values()},
        "candidates": [{"number": one.number, "cost": one.cost} for one in candidates],
        "titles": {str(one.number): one.title for one in candidates},
    }
    await record(context, "poll.opened", subject_of(poll), facts)


async def _post_pages(context: Context, poll: Poll) -> Replies:
    """Where nobody votes by emoji, one that is put on all the same is seen too, and told not to count."""
    state = await read_state(context, poll)
    replies: Replies = []
    with context.speaking_to_group():
        for page in range(1, poll.pages + 1):
            key, shown = page_key(poll, page), messages.page_message(state, page)
            replies.append(Post(key, context.group.channel, shown, ballot=True))
            if is_by_emoji(poll):
                replies.append(Seed(key, messages.seeds(state, page)))
    return replies
