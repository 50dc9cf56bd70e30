"""Finds meetings, who comes, and the dates that are being looked for."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from storage.enums import MeetingStatus
from storage.models.meetings import Attendance, DateAnswer, DateSearch, Meeting
from storage.models.members import Person, Setting, Unit


async def find_meeting(session: AsyncSession, group_id: int, number: int) -> Meeting | None:
    return await session.scalar(select(Meeting).where(Meeting.group_id == group_id, Meeting.number == number))


async def next_number(session: AsyncSession, group_id: int) -> int:
    """The number of the group's next meeting; the group is held by the transaction."""
    return (await session.scalar(select(func.max(Meeting.number)).where(Meeting.group_id == group_id)) or 0) + 1


async def list_meetings(session: AsyncSession, group_id: int, since: dt.datetime, until: dt.datetime) -> list[Meeting]:
    """The meetings that start from `since` to before `until`, in order."""
    found = await session.scalars(
        select(Meeting)
        .where(Meeting.group_id == group_id, Meeting.starts_at >= since, Meeting.starts_at < until)
        .order_by(Meeting.starts_at, Meeting.number)
    )
    return list(found)


async def list_all_meetings(session: AsyncSession, group_id: int) -> list[Meeting]:
    """Every meeting of the group, in order."""
    found = select(Meeting).where(Meeting.group_id == group_id).order_by(Meeting.starts_at, Meeting.number)
    return list(await session.scalars(found))


async def find_next_meeting(session: AsyncSession, group_id: int, after: dt.datetime) -> Meeting | None:
    """The first planned meeting from a moment on."""
    return await session.scalar(
        select(Meeting)
        .where(Meeting.group_id == group_id, Meeting.status == MeetingStatus.PLANNED, Meeting.starts_at >= after)
        .order_by(Meeting.starts_at)
        .limit(1)
    )


async def find_last_held(session: AsyncSession, group_id: int, before: dt.datetime) -> Meeting | None:
    """The last meeting that was held before a moment."""
    return await session.scalar(
        select(Meeting)
        .where(Meeting.group_id == group_id, Meeting.status == MeetingStatus.HELD, Meeting.starts_at < before)
        .order_by(Meeting.starts_at.desc())
        .limit(1)
    )


async def list_planned(session: AsyncSession, after: dt.datetime) -> list[Meeting]:
    """All groups' planned meetings from a moment on, in order."""
    found = await session.scalars(
        select(Meeting)
        .where(Meeting.status == MeetingStatus.PLANNED, Meeting.starts_at >= after)
        .order_by(Meeting.starts_at)
    )
    return list(found)


async def find_attendance(session: AsyncSession, meeting_id: int, person_id: str) -> Attendance | None:
    return await session.get(Attendance, (meeting_id, person_id))


async def list_attendance(session: AsyncSession, meeting_id: int) -> list[tuple[Attendance, Person, Unit | None]]:
    """Who has answered what, in the order of their names."""
    rows = await session.execute(
        select(Attendance, Person, Unit)
        .join(Person, Person.id == Attendance.person_id)
        .outerjoin(Unit, Unit.id == Attendance.unit_id)
        .where(Attendance.meeting_id == meeting_id)
        .order_by(Person.name, Person.id)
    )
    return [(attendance, person, unit) for attendance, person, unit in rows]


async def find_search(session: AsyncSession, group_id: int, number: int) -> DateSearch | None:
    return await session.scalar(select(DateSearch).where(DateSearch.group_id == group_id, DateSearch.number == number))


async def next_search_number(session: AsyncSession, group_id: int) -> int:
    """The number of the group's next search; the group is held by the transaction."""
    return (await session.scalar(select(func.max(DateSearch.number)).where(DateSearch.group_id == group_id)) or 0) + 1


async def find_date_answer(session: AsyncSession, search_id: int, person_id: str) -> DateAnswer | None:
    return await session.get(DateAnswer, (search_id, person_id))


async def list_date_answers(session: AsyncSession, search_id: int) -> list[DateAnswer]:
    """What people have answered to a search in a form."""
    return list(await session.scalars(select(DateAnswer).where(DateAnswer.search_id == search_id)))


async def map_notice_minutes(session: AsyncSession) -> dict[int, int]:
    """Group → how many minutes before a meeting it wants to be reminded; only groups that have said so."""
    rows = await session.execute(
        select(Setting.group_id, Setting.value).where(Setting.name == "notice_minutes").order_by(Setting.id)
    )
    return {group_id: int(value) for group_id, value in rows}
