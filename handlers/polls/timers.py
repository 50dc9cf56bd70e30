"""What the clock asks of a poll: to open after its debate, to close at its deadline, to remind who has not voted."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterable

from sqlalchemy.ext.asyncio import AsyncSession

import locales
from handlers.capability import Due, Timer
from handlers.chat.replies import Notice, Replies
from handlers.context import Context
from handlers.polls.closing import close_poll
from handlers.polls.debating import due_openings, next_opening, open_due
from handlers.polls.reminding import moments_of, remind
from handlers.polls.state import ends_at, get_poll, list_message_keys
from locales import translate
from storage.enums import PollStatus
from storage.models.polls import Poll
from storage.queries import members, polls


async def next_closing(session: AsyncSession, after: dt.datetime) -> dt.datetime | None:
    """The next deadline."""
    return await polls.next_deadline(session, after)


async def due_closings(session: AsyncSession, now: dt.datetime) -> list[Due]:
    """The open polls that take no more votes."""
    return [Due(poll.group_id, ends_at(poll), str(poll.number)) for poll in await polls.list_due(session, now)]


async def close_due(context: Context, due: Due) -> Replies:
    """Close one of them, unless it has been closed or extended in the meantime: by whoever asked for it."""
    poll = await get_poll(context, int(due.subject))
    if poll.status is not PollStatus.OPEN or ends_at(poll) > context.now:
        return []
    if poll.close_asked_by:
        context = dataclasses.replace(context, me=await members.get_person(context.session, poll.close_asked_by))
    return [*await close_poll(context, poll), *await _tell_unreadable(context, poll, due)]


async def _tell_unreadable(context: Context, poll: Poll, due: Due) -> Replies:
    """A message that is gone or can't be read removes no ballot; the leader hears of it."""
    if not due.unreadable:
        return []
    told: Replies = []
    for person in await members.list_leaders(context.session, context.group.id):
        with context.speaking_to(person):
            text = translate("polls.unreadable_notice", number=poll.number)
        told.append(Notice(text, f"poll:{poll.number}/unreadable", "polls", person.id))
    return told


async def next_reminder(session: AsyncSession, after: dt.datetime) -> dt.datetime | None:
    """When somebody is next reminded."""
    found = [moment for poll in await polls.list_open(session) for moment in _moments(poll) if moment > after]
    return min(found, default=None)


async def due_reminders(session: AsyncSession, now: dt.datetime) -> list[Due]:
    """The newest reminder of each open poll whose time has come: what was missed meanwhile is not said twice."""
    found = []
    for poll in await polls.list_open(session):
        passed = [moment for moment in _moments(poll) if moment <= now]
        if passed and now < ends_at(poll):
            found.append(Due(poll.group_id, max(passed), str(poll.number)))
    return found


async def remind_due(context: Context, due: Due) -> Replies:
    """Remind the silent of one poll."""
    poll = await get_poll(context, int(due.subject))
    return await remind(context, poll) if poll.status is PollStatus.OPEN else []


def _moments(poll: Poll) -> Iterable[dt.datetime]:
    return moments_of(poll.opened_at, poll.deadline, locales.zone())


async def ballot_keys(session: AsyncSession, due: Due) -> list[str]:
    """The messages whose emojis are read before counting or reminding."""
    return await list_message_keys(session, due.group_id, int(due.subject))


TIMERS = (
    Timer("polls.close", next_closing, due_closings, close_due, ballots=ballot_keys),
    Timer("polls.remind", next_reminder, due_reminders, remind_due, ballots=ballot_keys),
    Timer("polls.open", next_opening, due_openings, open_due),
)
