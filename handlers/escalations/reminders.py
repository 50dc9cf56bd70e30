"""A recommendation that waits too long: the committee is reminded once, and the leader gets one line."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from handlers.capability import Due, Timer
from handlers.chat.replies import Notice, Post, Replies
from handlers.context import Context
from handlers.escalations import messages
from handlers.workdays import is_quiet, next_bundle
from locales import join_words, long_date, translate, zone
from storage.models.escalations import Case
from storage.queries import escalations, members


async def next_moment(session: AsyncSession, after: dt.datetime) -> dt.datetime | None:
    """The next case's moment; for those that a bot that was down has missed, the next bundle's hour."""
    if await escalations.list_overdue(session, after):
        return next_bundle(after, zone())
    return await escalations.next_reminder(session, after)


async def list_due(session: AsyncSession, now: dt.datetime) -> list[Due]:
    """One reminder per group, about all its cases that are due; nothing in quiet hours."""
    if is_quiet(now, zone()):
        return []
    newest: dict[int, dt.datetime] = {}
    for case in await escalations.list_overdue(session, now):
        newest[case.group_id] = case.remind_at
    return [Due(group_id, moment) for group_id, moment in newest.items()]


async def remind_committee(context: Context, due: Due) -> Replies:
    """One message in the committee's channel, and one line to the leader."""
    overdue = await escalations.list_overdue(context.session, context.now)
    cases = [case for case in overdue if case.group_id == context.group.id]
    for case in cases:
        case.reminded_at = context.now
    if not cases:
        return []
    return [*_remind(context, cases), *await _tell_leaders(context, cases)]


def _remind(context: Context, cases: Sequence[Case]) -> Replies:
    with context.speaking_to_group():
        if context.group.steering_channel:
            key = f"case:{cases[-1].number}/reminder"
            return [Post(key, context.group.steering_channel, messages.reminder_message(cases))]
        return [Notice(_line(context, cases), "cases/unanswered", "cases")]


async def _tell_leaders(context: Context, cases: Sequence[Case]) -> Replies:
    told: Replies = []
    for person in await members.list_leaders(context.session, context.group.id):
        with context.speaking_to(person):
            told.append(Notice(_line(context, cases), "cases/unanswered", "cases", person.id))
    return told


def _line(context: Context, cases: Sequence[Case]) -> str:
    named = join_words(f"#{case.wish_number}" for case in cases)
    since = long_date(min(case.sent_at for case in cases))
    return translate("escalations.unanswered", named=named, since=since, committee=messages.committee_of(context.group))


TIMERS = (Timer("cases_unanswered", next_moment, list_due, remind_committee),)
