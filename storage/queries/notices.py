"""Finds the lines that wait for a bundle."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncSession

from storage.models.exchange import NoticeRow


async def list_waiting(session: AsyncSession, until: dt.datetime) -> list[NoticeRow]:
    """Every line that has waited since before a moment, oldest first."""
    return list(await session.scalars(_waiting(until)))


async def list_waiting_for_channel(session: AsyncSession, group_id: int, until: dt.datetime) -> list[NoticeRow]:
    """What waits for a group's channel, held by this transaction."""
    query = _waiting(until).where(NoticeRow.person_id.is_(None), NoticeRow.group_id == group_id)
    return list(await session.scalars(query.with_for_update()))


async def list_waiting_for_person(session: AsyncSession, person_id: str, until: dt.datetime) -> list[NoticeRow]:
    """What waits for a person, from all of their groups, held by this transaction: only one of the groups is."""
    return list(await session.scalars(_waiting(until).where(NoticeRow.person_id == person_id).with_for_update()))


async def list_bundled_for_channel(session: AsyncSession, group_id: int, since: dt.datetime) -> list[NoticeRow]:
    """What was said to a group's channel from a moment on, oldest first."""
    said = (NoticeRow.bundled_at >= since, NoticeRow.person_id.is_(None), NoticeRow.group_id == group_id)
    return list(await session.scalars(select(NoticeRow).where(*said).order_by(NoticeRow.id)))


async def has_bundled_since(session: AsyncSession, person_id: str, moment: dt.datetime) -> bool:
    """Whether a bundle has gone to a person since a moment."""
    sent = select(NoticeRow.id).where(NoticeRow.bundled_at >= moment, NoticeRow.person_id == person_id).limit(1)
    return await session.scalar(sent) is not None


async def list_waiting_about(session: AsyncSession, group_id: int, about: str) -> list[NoticeRow]:
    """What waits for anybody in a group and is about something that begins so, held by this transaction."""
    found = await session.scalars(
        select(NoticeRow)
        .where(
            NoticeRow.bundled_at.is_(None),
            NoticeRow.group_id == group_id,
            NoticeRow.about.startswith(about, autoescape=True),
        )
        .order_by(NoticeRow.id)
        .with_for_update()
    )
    return list(found)


async def find_told(session: AsyncSession, group_id: int, person_id: str, about: str) -> NoticeRow | None:
    """The last line about this that has gone to a person."""
    query = select(NoticeRow).where(
        NoticeRow.group_id == group_id,
        NoticeRow.person_id == person_id,
        NoticeRow.about == about,
        NoticeRow.bundled_at.is_not(None),
    )
    return await session.scalar(query.order_by(NoticeRow.bundled_at.desc(), NoticeRow.id.desc()).limit(1))


def _waiting(until: dt.datetime) -> Select[NoticeRow]:
    waits = (NoticeRow.bundled_at.is_(None), NoticeRow.created_at <= until)
    return select(NoticeRow).where(*waits).order_by(NoticeRow.id)
