"""Lets one of several processes do what only one should, such as listening, and another when that one ends."""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
from collections.abc import Awaitable, Callable

import structlog
from sqlalchemy.exc import SQLAlchemyError

from bot.clock import Clock
from bot.ids import new_id
from storage.queries.leases import give_up_lease, take_lease
from storage.session import Storage, StorageBusy

TERM = dt.timedelta(seconds=15)
"""How long work stays with a process that is not heard of any more."""

PAUSE = 5.0
"""Seconds between two looks: a holder renews three times in a term, and who waits is at most this late."""

log = structlog.get_logger()


class Lease:
    """Work that one process at a time does. On SQLite there is one process, and nothing to agree on.

    Args:
        storage: where the processes agree.
        clock: the time; those of several machines may differ by much less than a term.
        name: the work's, the same in all processes.

    `held`: the work is this process's now.
    """

    def __init__(self, storage: Storage, clock: Clock, name: str) -> None:
        self._storage = storage
        self._clock = clock
        self._name = name
        self._holder = new_id()
        self._until = clock.now()
        self.held = storage.is_sqlite

    async def hold(self, work: Callable[[], Awaitable[None]]) -> None:
        """Do the work, for ever, whenever no other process does it."""
        if self._storage.is_sqlite:
            await work()
            return
        try:
            while True:
                if await self._take():
                    log.info("lease_taken", name=self._name)
                    await self._work(work)
                    log.warning("lease_lost", name=self._name)
                await asyncio.sleep(PAUSE)
        except asyncio.CancelledError:
            await self.give_up()
            raise

    async def give_up(self) -> None:
        """Leave the work to whoever waits for it."""
        with contextlib.suppress(SQLAlchemyError, StorageBusy):
            async with self._storage.write() as session:
                await give_up_lease(session, self._name, self._holder)

    async def _work(self, work: Callable[[], Awaitable[None]]) -> None:
        """Work until another process has taken over, which it does when this one could not renew in time."""
        working = asyncio.ensure_future(work())
        self.held = True
        try:
            while not working.done() and await self._renew():
                await asyncio.wait({working}, timeout=PAUSE)
        finally:
            self.held = False
            working.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await working

    async def _take(self) -> bool:
        try:
            return await self._ask()
        except (SQLAlchemyError, StorageBusy) as error:
            log.warning("lease_unknown", name=self._name, reason=type(error).__name__)
            return False

    async def _renew(self) -> bool:
        try:
            return await self._ask()
        except (SQLAlchemyError, StorageBusy) as error:
            log.warning("lease_not_renewed", name=self._name, reason=type(error).__name__)
            return self._clock.now() < self._until

    async def _ask(self) -> bool:
        now = self._clock.now()
        async with self._storage.write() as session:
            taken = await take_lease(session, self._name, self._holder, now, now + TERM)
        if taken:
            self._until = now + TERM
        return taken
