"""Finds who holds work that one process at a time does."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import delete
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from storage.models.exchange import Lease


async def take_lease(session: AsyncSession, name: str, holder: str, now: dt.datetime, until: dt.datetime) -> bool:
    """Hold the work until a moment: whether it was free, its holder's time was up, or it was this holder's already. Of
    several who try at once, one gets it."""
    on_postgres = session.get_bind().dialect.name == "postgresql"
    insert = (postgresql.insert if on_postgres else sqlite.insert)(Lease).values(name=name, holder=holder, until=until)
    taken = await session.execute(
        insert.on_conflict_do_update(
            index_elements=[Lease.name],
            set_={"holder": holder, "until": until},
            where=(Lease.holder == holder) | (Lease.until <= now),
        ).returning(Lease.name)
    )
    return taken.first() is not None


async def give_up_lease(session: AsyncSession, name: str, holder: str) -> None:
    """Whoever waits for the work may begin at once."""
    await session.execute(delete(Lease).where(Lease.name == name, Lease.holder == holder))
