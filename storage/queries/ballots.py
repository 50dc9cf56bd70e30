"""Finds who may vote on something, and the ballots that are there."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from storage.models.ballots import Ballot, Elector
from storage.models.members import Unit


async def list_electors(session: AsyncSession, group_id: int, subject: str) -> list[tuple[Elector, Unit]]:
    """The units of the electorate with their names, in the order of these."""
    rows = await session.execute(
        select(Elector, Unit)
        .join(Unit, Unit.id == Elector.unit_id)
        .where(Elector.group_id == group_id, Elector.subject == subject)
        .order_by(Unit.name)
    )
    return [(elector, unit) for elector, unit in rows]


async def find_elector(session: AsyncSession, group_id: int, subject: str, unit_id: int) -> Elector | None:
    """The unit's place in the electorate."""
    return await session.get(Elector, (group_id, subject, unit_id))


async def list_ballots(session: AsyncSession, group_id: int, subject: str) -> list[Ballot]:
    found = await session.scalars(
        select(Ballot).where(Ballot.group_id == group_id, Ballot.subject == subject).order_by(Ballot.id)
    )
    return list(found)


async def list_ballots_of_unit(session: AsyncSession, group_id: int, subject: str, unit_id: int) -> list[Ballot]:
    """The ballots of those who speak for one unit."""
    found = await session.scalars(
        select(Ballot)
        .where(Ballot.group_id == group_id, Ballot.subject == subject, Ballot.unit_id == unit_id)
        .order_by(Ballot.id)
    )
    return list(found)


async def list_ballots_of_person(session: AsyncSession, group_id: int, subject: str, person_id: str) -> list[Ballot]:
    """This person's own ballots, one for each unit that they spoke for when they gave it, the newest first."""
    found = await session.scalars(
        select(Ballot)
        .where(Ballot.group_id == group_id, Ballot.subject == subject, Ballot.person_id == person_id)
        .order_by(Ballot.turn.desc())
    )
    return list(found)


async def find_entered_ballot(session: AsyncSession, group_id: int, subject: str, unit_id: int) -> Ballot | None:
    """The ballot that was entered for a unit, as it came by mail."""
    return await session.scalar(
        select(Ballot).where(
            Ballot.group_id == group_id,
            Ballot.subject == subject,
            Ballot.person_id == "",
            Ballot.unit_id == unit_id,
        )
    )


async def list_all_ballots(session: AsyncSession, group_id: int) -> list[Ballot]:
    """Every ballot of the group, whatever it is about."""
    return list(await session.scalars(select(Ballot).where(Ballot.group_id == group_id).order_by(Ballot.id)))


async def list_all_electors(session: AsyncSession, group_id: int) -> list[Elector]:
    """Every unit's place in every electorate of the group."""
    found = select(Elector).where(Elector.group_id == group_id).order_by(Elector.subject, Elector.unit_id)
    return list(await session.scalars(found))
