"""Finds recommendations and their answers."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from storage.enums import CaseStatus, PollStatus
from storage.models.escalations import Case, CaseAnswer
from storage.models.polls import Candidate, Poll


async def find_case(session: AsyncSession, group_id: int, number: int) -> Case | None:
    return await session.scalar(select(Case).where(Case.group_id == group_id, Case.number == number))


async def next_number(session: AsyncSession, group_id: int) -> int:
    """The number of the group's next case; the group is held by the transaction."""
    return (await session.scalar(select(func.max(Case.number)).where(Case.group_id == group_id)) or 0) + 1


async def find_last_case(session: AsyncSession, group_id: int, wish_number: int) -> Case | None:
    """The newest recommendation of a wish."""
    return await session.scalar(
        select(Case)
        .where(Case.group_id == group_id, Case.wish_number == wish_number)
        .order_by(Case.number.desc())
        .limit(1)
    )


async def list_open_cases(session: AsyncSession, group_id: int) -> list[Case]:
    """What the committee has not answered, the oldest first: for the agenda, and for the group's health."""
    found = await session.scalars(
        select(Case).where(Case.group_id == group_id, Case.status == CaseStatus.AWAITING).order_by(Case.number)
    )
    return list(found)


async def list_cases(session: AsyncSession, group_id: int) -> list[Case]:
    """Every recommendation, the oldest first."""
    return list(await session.scalars(select(Case).where(Case.group_id == group_id).order_by(Case.number)))


async def list_all_answers(session: AsyncSession, group_id: int) -> list[CaseAnswer]:
    """Every answer that was ever registered, the oldest first, also those that were replaced."""
    found = await session.scalars(
        select(CaseAnswer)
        .join(Case, Case.id == CaseAnswer.case_id)
        .where(Case.group_id == group_id)
        .order_by(CaseAnswer.id)
    )
    return list(found)


async def find_answer(session: AsyncSession, case_id: int) -> CaseAnswer | None:
    """The answer that counts: the last one."""
    return await session.scalar(
        select(CaseAnswer).where(CaseAnswer.case_id == case_id).order_by(CaseAnswer.id.desc()).limit(1)
    )


async def list_answers_since(session: AsyncSession, group_id: int, since: dt.datetime) -> list[tuple[Case, CaseAnswer]]:
    """What the committee has answered since a moment, each case with the answer that counts: for the agenda."""
    last = select(func.max(CaseAnswer.id)).group_by(CaseAnswer.case_id)
    rows = await session.execute(
        select(Case, CaseAnswer)
        .join(CaseAnswer, CaseAnswer.case_id == Case.id)
        .where(Case.group_id == group_id, CaseAnswer.at >= since, CaseAnswer.id.in_(last))
        .order_by(CaseAnswer.id)
    )
    return [(case, answer) for case, answer in rows]


async def list_overdue(session: AsyncSession, now: dt.datetime) -> list[Case]:
    """Unanswered cases, in all groups, that the committee is to be reminded of now and has not been."""
    found = await session.scalars(
        select(Case)
        .where(Case.status == CaseStatus.AWAITING, Case.remind_at <= now, Case.reminded_at.is_(None))
        .order_by(Case.remind_at, Case.group_id, Case.number)
    )
    return list(found)


async def next_reminder(session: AsyncSession, after: dt.datetime) -> dt.datetime | None:
    """The first moment after this one when a committee is to be reminded."""
    return await session.scalar(
        select(func.min(Case.remind_at)).where(
            Case.status == CaseStatus.AWAITING, Case.remind_at > after, Case.reminded_at.is_(None)
        )
    )


async def find_last_poll(session: AsyncSession, group_id: int, wish_number: int) -> Poll | None:
    """The last closed poll that a wish was a candidate of."""
    return await session.scalar(
        select(Poll)
        .join(Candidate, Candidate.poll_id == Poll.id)
        .where(
            Poll.group_id == group_id,
            Poll.status == PollStatus.CLOSED,
            Candidate.number == wish_number,
            Candidate.left == "",
        )
        .order_by(Poll.number.desc())
        .limit(1)
    )
