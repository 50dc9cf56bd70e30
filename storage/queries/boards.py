"""Finds what a person's own page shows of several rooms at once."""

from __future__ import annotations

from sqlalchemy import String, cast, literal, select
from sqlalchemy.ext.asyncio import AsyncSession

from storage.enums import PollStatus
from storage.models.ballots import Ballot, Elector
from storage.models.polls import Poll


async def list_waiting_polls(session: AsyncSession, group_id: int, unit_id: int) -> list[Poll]:
    """The open polls that nobody has answered for this unit, the one that closes first before the others."""
    subject = literal("poll:") + cast(Poll.number, String)
    asked = await session.scalars(
        select(Poll)
        .join(Elector, (Elector.group_id == Poll.group_id) & (Elector.subject == subject))
        .where(Poll.group_id == group_id, Poll.status == PollStatus.OPEN, Elector.unit_id == unit_id)
        .order_by(Poll.deadline, Poll.number)
    )
    found = list(asked)
    ballots = await session.scalars(
        select(Ballot).where(
            Ballot.group_id == group_id,
            Ballot.unit_id == unit_id,
            Ballot.subject.in_([f"poll:{poll.number}" for poll in found]),
        )
    )
    answered = {ballot.subject for ballot in ballots if ballot.marks}
    return [poll for poll in found if f"poll:{poll.number}" not in answered]
