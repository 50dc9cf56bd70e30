"""Finds wishes and their backers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from sqlalchemy import and_, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from storage.enums import WishStatus
from storage.models.members import Unit
from storage.models.wishes import Backer, Wish


async def find_wish(session: AsyncSession, group_id: int, number: int) -> Wish | None:
    return await session.scalar(select(Wish).where(Wish.group_id == group_id, Wish.number == number))


async def next_number(session: AsyncSession, group_id: int) -> int:
    """The number of the group's next wish; the group is held by the transaction."""
    return (await session.scalar(select(func.max(Wish.number)).where(Wish.group_id == group_id)) or 0) + 1


async def list_wishes(
    session: AsyncSession, group_id: int, statuses: Collection[WishStatus] = (), numbers: Collection[int] = ()
) -> list[Wish]:
    """The group's wishes by number; in these statuses, with these numbers, where any are given."""
    query = select(Wish).where(Wish.group_id == group_id)
    if statuses:
        query = query.where(Wish.status.in_(statuses))
    if numbers:
        query = query.where(Wish.number.in_(numbers))
    return list(await session.scalars(query.order_by(Wish.number)))


async def map_taken_in(session: AsyncSession, group_id: int, numbers: Collection[int]) -> dict[int, Wish]:
    """The number of a merged wish → the wish that took it in."""
    merged = aliased(Wish)
    rows = await session.execute(
        select(merged.number.label("merged"), Wish)
        .join(Wish, and_(Wish.group_id == merged.group_id, Wish.number == merged.merged_into))
        .where(merged.group_id == group_id, merged.number.in_(numbers))
    )
    return {row.merged: row.Wish for row in rows}


async def list_wishes_of(session: AsyncSession, group_id: int, person_id: str) -> list[Wish]:
    """What this person has submitted."""
    found = await session.scalars(
        select(Wish).where(Wish.group_id == group_id, Wish.submitter_id == person_id).order_by(Wish.number)
    )
    return list(found)


async def list_stale(session: AsyncSession, group_id: int, before: dt.datetime) -> list[Wish]:
    """Open wishes whose status is older than a moment."""
    still = (WishStatus.SUBMITTED, WishStatus.SCREENING, WishStatus.NEEDS_ESTIMATE, WishStatus.READY)
    found = await session.scalars(
        select(Wish)
        .where(Wish.group_id == group_id, Wish.status.in_(still), Wish.status_since < before)
        .order_by(Wish.status_since, Wish.number)
    )
    return list(found)


async def list_backers(session: AsyncSession, wish_id: int) -> list[Backer]:
    return list(await session.scalars(select(Backer).where(Backer.wish_id == wish_id).order_by(Backer.at)))


async def find_backer(session: AsyncSession, wish_id: int, person_id: str) -> Backer | None:
    return await session.get(Backer, (wish_id, person_id))


async def map_backing_units(session: AsyncSession, wish_ids: Collection[int]) -> dict[int, list[str]]:
    """Wish id → the names of the units behind it, each once."""
    rows = await session.execute(
        select(Backer.wish_id, Unit.name)
        .join(Unit, Unit.id == Backer.unit_id)
        .where(Backer.wish_id.in_(set(wish_ids)))
        .distinct()
        .order_by(Backer.wish_id, Unit.name)
    )
    found: dict[int, list[str]] = {}
    for wish_id, name in rows:
        found.setdefault(wish_id, []).append(name)
    return found
