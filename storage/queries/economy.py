"""Reads a group's ledger."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from sqlalchemy import ColumnElement, exists, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from storage.enums import EntryKind
from storage.models.economy import LedgerEntry
from storage.models.log import LogEntry
from storage.models.members import Group, Unit

Sum = tuple[int, EntryKind, str, bool, int | None]
"""Year, kind, subject, inside the frame, amount in øre."""


VALUES = (EntryKind.FRAME, EntryKind.CEILING, EntryKind.MANDATE)


def _stands() -> ColumnElement[bool]:
    """Whether an entry still stands, and was not replaced by a later one."""
    later = aliased(LedgerEntry)
    return ~exists().where(later.replaces == LedgerEntry.id)


async def list_sums(session: AsyncSession, group_id: int, year: int) -> list[Sum]:
    """What stands in the ledger up to a budget year, added up."""
    keys = (LedgerEntry.year, LedgerEntry.kind, LedgerEntry.subject, LedgerEntry.inside)
    rows = await session.execute(
        select(*keys, func.sum(LedgerEntry.amount))
        .where(LedgerEntry.group_id == group_id, LedgerEntry.year <= year, _stands())
        .group_by(*keys)
        .order_by(LedgerEntry.year)
    )
    return [
        (made, kind, subject, inside, None if amount is None else int(amount))
        for made, kind, subject, inside, amount in rows
    ]


async def find_value(
    session: AsyncSession, group_id: int, year: int, kind: EntryKind, *, subject: str = ""
) -> LedgerEntry | None:
    """The newest standing entry of a kind made for this year and subject, and no unit: what a new value replaces."""
    return await session.scalar(
        select(LedgerEntry)
        .where(
            LedgerEntry.group_id == group_id,
            LedgerEntry.year == year,
            LedgerEntry.kind == kind,
            LedgerEntry.subject == subject,
            LedgerEntry.unit_id.is_(None),
            _stands(),
        )
        .order_by(LedgerEntry.id.desc())
        .limit(1)
    )


async def list_standing(session: AsyncSession, group_id: int, ids: Collection[int]) -> list[LedgerEntry]:
    """Those of the entries that were not replaced."""
    found = await session.scalars(
        select(LedgerEntry)
        .where(LedgerEntry.group_id == group_id, LedgerEntry.id.in_(set(ids)), _stands())
        .order_by(LedgerEntry.id)
    )
    return list(found)


async def list_pledges(session: AsyncSession, group_id: int, subject: str) -> list[tuple[LedgerEntry, str]]:
    """The pledges that stand for a subject, each with the name of its unit."""
    rows = await session.execute(
        select(LedgerEntry, Unit.name)
        .join(Unit, Unit.id == LedgerEntry.unit_id)
        .where(
            LedgerEntry.group_id == group_id,
            LedgerEntry.subject == subject,
            LedgerEntry.kind == EntryKind.PLEDGE,
            _stands(),
        )
        .order_by(Unit.name)
    )
    return [(entry, name) for entry, name in rows]


async def list_given_back(session: AsyncSession, group_id: int, subject: str) -> list[LedgerEntry]:
    """The entries that stand and took a grant away from a subject again."""
    found = await session.scalars(
        select(LedgerEntry)
        .where(
            LedgerEntry.group_id == group_id,
            LedgerEntry.subject == subject,
            LedgerEntry.kind == EntryKind.GRANT,
            LedgerEntry.amount < 0,
            _stands(),
        )
        .order_by(LedgerEntry.id)
    )
    return list(found)


async def list_entries(session: AsyncSession, group_id: int, year: int, limit: int) -> list[LedgerEntry]:
    """A year's entries that still stand and say something, the newest first."""
    found = await session.scalars(
        select(LedgerEntry)
        .where(
            LedgerEntry.group_id == group_id,
            LedgerEntry.year == year,
            or_(LedgerEntry.amount.is_(None), LedgerEntry.amount != 0, LedgerEntry.kind.in_(VALUES)),
            _stands(),
        )
        .order_by(LedgerEntry.id.desc())
        .limit(limit)
    )
    return list(found)


async def list_all_entries(session: AsyncSession, group_id: int) -> list[LedgerEntry]:
    """Every entry that was ever made, also those that no longer stand."""
    found = await session.scalars(
        select(LedgerEntry).where(LedgerEntry.group_id == group_id).order_by(LedgerEntry.year, LedgerEntry.id)
    )
    return list(found)


async def list_groups_with_entries(session: AsyncSession, year: int) -> list[int]:
    """The groups that have anything in their ledger for a year."""
    any_entry = exists().where(LedgerEntry.group_id == Group.id, LedgerEntry.year == year)
    return list(await session.scalars(select(Group.id).where(any_entry).order_by(Group.id)))


async def list_mandate_uses(session: AsyncSession, group_id: int, since: dt.datetime) -> list[LogEntry]:
    """Acute wishes that were started under the standing mandate since a moment: the next meeting is told of them."""
    found = await session.scalars(
        select(LogEntry)
        .where(LogEntry.group_id == group_id, LogEntry.kind == "economy.mandate_used", LogEntry.at >= since)
        .order_by(LogEntry.number)
    )
    return list(found)
