"""Ends a running program: waits for the signal, and lets the work that has begun be finished."""

from __future__ import annotations

import asyncio
import contextlib
import signal
from collections.abc import AsyncIterator

LAST_MOMENT = 5.0
"""Seconds that what has begun has to be finished when the bot stops."""


def stop_asked() -> asyncio.Event:
    """Set when the process is asked to stop from now on (Ctrl+C, or `kill`)."""
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGINT, signal.SIGTERM):
        with contextlib.suppress(NotImplementedError):  # Windows has no signal handlers in the loop
            loop.add_signal_handler(name, stopped.set)
    return stopped


@contextlib.asynccontextmanager
async def between_pieces(*busy: asyncio.Lock) -> AsyncIterator[None]:
    """While this is held, nobody is in the middle of a piece of work that they do under one of these locks, so their
    tasks can be cancelled. Who takes longer than the last moment is no longer waited for."""
    async with contextlib.AsyncExitStack() as stack:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(LAST_MOMENT):
                for lock in busy:
                    await stack.enter_async_context(lock)
        yield
