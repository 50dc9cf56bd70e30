"""Stopping: who is in the middle of a piece of work ends it first, and who never ends does not hold the bot up."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from bot import stopping
from bot.clock import MovableClock
from bot.runtime import Runtime
from storage.session import Storage
from tests.conftest import make_runtime


class Slow:
    """A piece of work that lasts until it is let go."""

    def __init__(self) -> None:
        self.begun, self.go, self.ended = asyncio.Event(), asyncio.Event(), False

    async def work(self) -> None:
        self.begun.set()
        await self.go.wait()
        self.ended = True


async def _counts(runtime: Runtime, work: Callable[[], Awaitable[None]]) -> None:
    runtime.start()
    runtime.app.counting.count_all = work  # type: ignore[method-assign,assignment]
    runtime.app.on_click()


async def _draws(runtime: Runtime, work: Callable[[], Awaitable[None]]) -> None:
    async def hold() -> None:
        async with runtime.boards.drawing:
            await work()

    runtime.boards.run = hold  # type: ignore[method-assign]
    runtime.start()


async def _does_what_is_due(runtime: Runtime, work: Callable[[], Awaitable[None]]) -> None:
    async def run_due() -> int:
        await work()
        return 0

    runtime.timetable.run_due = run_due  # type: ignore[method-assign]
    runtime.start()


@pytest.mark.parametrize("begin", [_counts, _draws, _does_what_is_due])
async def test_what_has_begun_is_finished_before_the_database_is_closed(
    storage: Storage, clock: MovableClock, begin: Callable[..., Awaitable[None]]
) -> None:
    runtime, slow = make_runtime(storage, clock), Slow()
    await begin(runtime, slow.work)
    await slow.begun.wait()
    stopped = asyncio.create_task(runtime.stop())
    await asyncio.sleep(0)
    assert not stopped.done()
    slow.go.set()
    await stopped
    assert slow.ended


async def test_work_that_never_ends_is_given_up(
    storage: Storage, clock: MovableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stopping, "LAST_MOMENT", 0.05)
    runtime, slow = make_runtime(storage, clock), Slow()
    await _counts(runtime, slow.work)
    await slow.begun.wait()
    await runtime.stop()
    assert not slow.ended
