"""Finds the lines that wait for a bundle."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import Select, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from storage.models.exchange import NoticeRow
from storage.models.members import Person


async def list_waiting(session: AsyncSession, until: dt.datetime) -> list[NoticeRow]:
    """Every line that has waited since before a moment, oldest first; those of people who want none are left out."""
    return list(await session.scalars(_waiting(until)))


async def list_waiting_for_channel(session: AsyncSession, group_id: int, until: dt.datetime) -> list[NoticeRow]:
    """What waits for a group's channel."""
    query = _waiting(until).where(NoticeRow.person_id.is_(None), NoticeRow.group_id == group_id)
    return list(await session.scalars(query))


async def list_waiting_for_person(session: AsyncSession, person_id: str, until: dt.datetime) -> list[NoticeRow]:
    """What waits for a person, from all of their groups."""
    return list(await session.scalars(_waiting(until).where(NoticeRow.person_id == person_id)))


async def has_bundled_since(session: AsyncSession, person_id: str, moment: dt.datetime) -> bool:
    """Whether a bundle has gone to a person since a moment."""
    sent = select(NoticeRow.id).where(NoticeRow.bundled_at >= moment, NoticeRow.person_id == person_id).limit(1)
    return await session.scalar(sent) is not None


def _waiting(until: dt.datetime) -> Select[NoticeRow]:
    return (
        select(NoticeRow)
        .outerjoin(Person, Person.id == NoticeRow.person_id)
        .where(
            NoticeRow.bundled_at.is_(None),
            NoticeRow.created_at <= until,
            or_(NoticeRow.person_id.is_(None), Person.muted.is_(False)),
        )
        .order_by(NoticeRow.id)
    )
