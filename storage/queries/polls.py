"""Finds polls and their candidates."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from sqlalchemy import func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from storage.enums import PollStatus
from storage.models.polls import Candidate, Poll


async def find_poll(session: AsyncSession, group_id: int, number: int) -> Poll | None:
    return await session.scalar(select(Poll).where(Poll.group_id == group_id, Poll.number == number))


async def next_number(session: AsyncSession, group_id: int) -> int:
    """The number of the group's next poll; the group is held by the transaction."""
    return (await session.scalar(select(func.max(Poll.number)).where(Poll.group_id == group_id)) or 0) + 1


async def list_candidates(session: AsyncSession, poll_id: int) -> list[Candidate]:
    """The candidates as they are numbered in the poll."""
    return list(
        await session.scalars(select(Candidate).where(Candidate.poll_id == poll_id).order_by(Candidate.position))
    )


async def list_candidates_of(session: AsyncSession, poll_ids: Collection[int]) -> list[Candidate]:
    """The candidates of several polls."""
    found = select(Candidate).where(Candidate.poll_id.in_(poll_ids)).order_by(Candidate.poll_id, Candidate.position)
    return list(await session.scalars(found))


async def list_polls(session: AsyncSession, group_id: int, statuses: Collection[PollStatus] = ()) -> list[Poll]:
    """The group's polls, the newest first."""
    query = select(Poll).where(Poll.group_id == group_id)
    if statuses:
        query = query.where(Poll.status.in_(statuses))
    return list(await session.scalars(query.order_by(Poll.number.desc())))


async def list_unratified(session: AsyncSession, group_id: int) -> list[Poll]:
    """The closed polls that no meeting stands behind, the newest first."""
    found = await session.scalars(
        select(Poll)
        .where(Poll.group_id == group_id, Poll.status == PollStatus.CLOSED, Poll.ratified_at.is_(None))
        .order_by(Poll.number.desc())
    )
    return list(found)


async def list_open_with_candidate(session: AsyncSession, group_id: int, wish_number: int) -> list[Poll]:
    """The open polls that this wish is a candidate of."""
    found = await session.scalars(
        select(Poll)
        .join(Candidate, Candidate.poll_id == Poll.id)
        .where(Poll.group_id == group_id, Poll.status == PollStatus.OPEN, Candidate.number == wish_number)
        .order_by(Poll.number)
    )
    return list(found)


async def list_with_candidate(
    session: AsyncSession, group_id: int, wish_number: int, statuses: Collection[PollStatus]
) -> list[Poll]:
    """The polls with one of these statuses that this wish is a candidate of."""
    found = await session.scalars(
        select(Poll)
        .join(Candidate, Candidate.poll_id == Poll.id)
        .where(Poll.group_id == group_id, Poll.status.in_(statuses), Candidate.number == wish_number)
        .order_by(Poll.number)
    )
    return list(found)


async def map_asked(session: AsyncSession, group_id: int, *, but: int = 0) -> dict[int, int]:
    """Wish number → the number of the newest poll, open or in debate, that it is a candidate of now; poll number `but`
    is left out."""
    rows = await session.execute(
        select(Candidate.number, func.max(Poll.number).label("poll"))
        .join(Poll, Candidate.poll_id == Poll.id)
        .where(
            Poll.group_id == group_id,
            Poll.status.in_((PollStatus.DEBATE, PollStatus.OPEN)),
            Poll.number != but,
            Candidate.left == "",
        )
        .group_by(Candidate.number)
    )
    return {row.number: row.poll for row in rows}


async def list_in_debate(session: AsyncSession) -> list[Poll]:
    """The polls of all groups that are discussed before they open, the one that opens first before the others."""
    return list(
        await session.scalars(select(Poll).where(Poll.status == PollStatus.DEBATE).order_by(Poll.opened_at, Poll.id))
    )


async def list_open(session: AsyncSession) -> list[Poll]:
    """The open polls of all groups."""
    return list(await session.scalars(select(Poll).where(Poll.status == PollStatus.OPEN).order_by(Poll.id)))


async def list_due(session: AsyncSession, now: dt.datetime) -> list[Poll]:
    """Open polls whose deadline has passed, or that somebody asked to close before it, in all groups."""
    ended = or_(Poll.deadline <= now, Poll.close_asked_at.is_not(None))
    found = await session.scalars(
        select(Poll).where(Poll.status == PollStatus.OPEN, ended).order_by(Poll.deadline, Poll.id)
    )
    return list(found)


async def next_deadline(session: AsyncSession, after: dt.datetime) -> dt.datetime | None:
    """The first deadline of an open poll after a moment."""
    return await session.scalar(
        select(func.min(Poll.deadline)).where(Poll.status == PollStatus.OPEN, Poll.deadline > after)
    )
