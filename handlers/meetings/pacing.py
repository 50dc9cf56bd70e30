"""Tells a group that it falls behind its number of meetings: in good time, once for each situation, never every day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from sqlalchemy.ext.asyncio import AsyncSession

from handlers.capability import Due, Timer
from handlers.chat.replies import Notice, Replies
from handlers.context import Context
from handlers.meetings import messages
from handlers.meetings.deeds import read_year
from handlers.meetings.pace import Situation, Year, find_situation
from handlers.meetings.rules import AHEAD
from handlers.workdays import bundle_moment, is_quiet_day, next_bundle
from locales import local_day, plural, zone
from storage.queries import exchange, meetings, members


async def next_look(session: AsyncSession, after: dt.datetime) -> dt.datetime | None:
    """Once a working day, just before the day's bundle, so that the line goes with it."""
    return next_bundle(after + AHEAD, zone()) - AHEAD


async def list_looks(session: AsyncSession, now: dt.datetime) -> list[Due]:
    today = local_day(now)
    look = bundle_moment(today, zone()) - AHEAD
    if is_quiet_day(today) or now < look:
        return []
    return [Due(group.id, look) for group in await members.list_groups(session)]


async def look_at_pace(context: Context, due: Due) -> Replies:
    """One line where the group falls behind, should plan, or has its last chance, today or on the quiet days that
    follow: told after them it would come too late."""
    year = await read_year(context, context.today.year)
    following = await read_year(context, context.today.year + 1)
    found = find_situation((year, following), list(_days_until_next_look(context.today)))
    if found is None:
        return []
    key = f"pace:{context.group.id}:{await _situation_key(context, found)}"
    if not await exchange.claim(context.session, key, context.now):
        return []
    with context.speaking_to_group():
        text = _warning(found, context.today)
    return [Notice(text, "meetings/pace", "meetings")]


def _days_until_next_look(today: dt.date) -> Iterator[dt.date]:
    yield today
    day = today + dt.timedelta(days=1)
    while is_quiet_day(day):
        yield day
        day += dt.timedelta(days=1)


async def _situation_key(context: Context, found: Situation) -> str:
    """What makes it the same situation: being behind is a new one at every step of the pace, needing a plan after
    every meeting that was entered, and the last call comes once a year."""
    year: Year = found.year
    if found.kind == "behind":
        return f"{year.year}:behind:{year.due_by(found.day)}"
    if found.kind == "plan":
        return f"{year.year}:plan:{await meetings.next_number(context.session, context.group.id)}"
    return f"{year.year}:last_call"


def _warning(found: Situation, today: dt.date) -> str:
    if found.kind == "behind":
        return messages.behind_text(found.year, found.day, today)
    return plural(f"meetings.warning.{found.kind}", found.year.missing, owed=found.year.owed)


TIMER = Timer("meeting_pace", next_look, list_looks, look_at_pace)
