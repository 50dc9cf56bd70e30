"""Reads a group's log."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from storage.models.log import LogEntry


async def find_last(session: AsyncSession, group_id: int) -> LogEntry | None:
    return await session.scalar(
        select(LogEntry).where(LogEntry.group_id == group_id).order_by(LogEntry.number.desc()).limit(1)
    )


async def list_entries(session: AsyncSession, group_id: int) -> list[LogEntry]:
    """The whole log, oldest first."""
    return list(await session.scalars(select(LogEntry).where(LogEntry.group_id == group_id).order_by(LogEntry.number)))


async def list_about(session: AsyncSession, group_id: int, subject: str) -> list[LogEntry]:
    found = await session.scalars(
        select(LogEntry).where(LogEntry.group_id == group_id, LogEntry.subject == subject).order_by(LogEntry.number)
    )
    return list(found)


async def list_decisions(session: AsyncSession, group_id: int, limit: int, offset: int = 0) -> list[LogEntry]:
    """The newest decisions first."""
    found = await session.scalars(
        select(LogEntry)
        .where(LogEntry.group_id == group_id, LogEntry.decision.is_(True))
        .order_by(LogEntry.number.desc())
        .limit(limit)
        .offset(offset)
    )
    return list(found)


async def list_decisions_between(
    session: AsyncSession, group_id: int, since: dt.datetime, until: dt.datetime
) -> list[LogEntry]:
    """The decisions from a moment on and before another, oldest first."""
    found = await session.scalars(
        select(LogEntry)
        .where(LogEntry.group_id == group_id, LogEntry.decision.is_(True), LogEntry.at >= since, LogEntry.at < until)
        .order_by(LogEntry.number)
    )
    return list(found)


async def count_decisions(session: AsyncSession, group_id: int) -> int:
    return (
        await session.scalar(
            select(func.count()).select_from(LogEntry).where(LogEntry.group_id == group_id, LogEntry.decision.is_(True))
        )
    ) or 0


async def list_kinds(session: AsyncSession, group_id: int, kinds: Collection[str]) -> list[LogEntry]:
    found = await session.scalars(
        select(LogEntry).where(LogEntry.group_id == group_id, LogEntry.kind.in_(kinds)).order_by(LogEntry.number)
    )
    return list(found)
