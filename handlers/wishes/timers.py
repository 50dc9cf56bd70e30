"""Once every second week at most: which wishes have stood still for too long."""

from __future__ import annotations

import datetime as dt

from sqlalchemy.ext.asyncio import AsyncSession

from handlers.capability import Due, Timer
from handlers.chat.replies import Notice, Replies
from handlers.context import Context
from locales import join_words, plural
from storage.queries import members, wishes

STILL = dt.timedelta(days=45)
"""How long a wish may stand in one status before it is named [choice: 30 days is too early for busy groups]."""

EVERY = dt.timedelta(days=14)

ANCHOR = dt.datetime(2026, 1, 5, 6, 30, tzinfo=dt.UTC)
"""A Monday morning, before the day's bundle; the list comes every second Monday from it."""

MOST_NAMED = 8


async def next_moment(session: AsyncSession, after: dt.datetime) -> dt.datetime | None:
    return ANCHOR + ((after - ANCHOR) // EVERY + 1) * EVERY


async def list_due(session: AsyncSession, now: dt.datetime) -> list[Due]:
    """One list per group, at the last such Monday."""
    moment = ANCHOR + ((now - ANCHOR) // EVERY) * EVERY
    return [Due(group.id, moment) for group in await members.list_groups(session) if group.created_at < moment]


async def name_stale_wishes(context: Context, due: Due) -> Replies:
    """One line in the channel's next bundle; nothing where nothing stands still."""
    stale = await wishes.list_stale(context.session, context.group.id, context.now - STILL)
    if not stale:
        return []
    with context.speaking_to_group():
        named = join_words(f"#{wish.number}" for wish in stale[:MOST_NAMED])
        text = plural("wishes.stale", len(stale), named=named, days=STILL.days)
    return [Notice(text, "wishes/stale", "stale")]


TIMERS = (Timer("stale_wishes", next_moment, list_due, name_stale_wishes),)
