"""Measures how long a bot takes by the time that it could have worked: a busy machine takes from both.

A bot that waits is late as soon as the loop has ticked so often, one that works as soon as its process has worked so
long. While the whole process stands still, neither goes on."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Awaitable
from typing import TypeVar

TICK = 0.02
"""Seconds; a tick that took more than twice as long is one that the machine was busy elsewhere in."""

T = TypeVar("T")

Moment = tuple[float, float]


class FairClock:
    """It goes while `running`."""

    def __init__(self) -> None:
        self._ticked = 0.0

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[FairClock]:
        ticking = asyncio.create_task(self._tick(), name="fair clock")
        try:
            yield self
        finally:
            ticking.cancel()

    def now(self) -> Moment:
        return self._ticked, time.process_time()

    def since(self, began: Moment) -> float:
        """Seconds since then."""
        return max(self._ticked - began[0], time.process_time() - began[1])

    async def wait_for(self, work: Awaitable[T], seconds: float) -> T:
        """What the work gives.

        Raises:
            TimeoutError: it took longer; it is cancelled.
        """
        began = self.now()
        task = asyncio.ensure_future(work)
        try:
            while not task.done() and self.since(began) < seconds:
                await asyncio.wait({task}, timeout=TICK)
            if self.since(began) >= seconds:
                raise TimeoutError
            return await task
        finally:
            task.cancel()

    async def _tick(self) -> None:
        while True:
            began = time.monotonic()
            await asyncio.sleep(TICK)
            self._ticked += min(time.monotonic() - began, 2 * TICK)
