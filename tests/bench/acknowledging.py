"""How fast a deed is acknowledged after its commit, against one committed INSERT in the same database."""

from __future__ import annotations

import asyncio
import pathlib
import tempfile
import time
from collections.abc import Awaitable, Callable

from bot.clock import MovableClock
from handlers.chat.interactions import Command, Place, Sender
from storage.models.exchange import Claim
from storage.session import Storage
from tests.bench.report import Aim, Report, percentile
from tests.conftest import START, make_runtime, make_storage
from tests.groups import make_group

DEEDS = 300


async def run(report: Report) -> None:
    for at_once in (1, 16):
        report.heading(f"Acknowledged after commit, {at_once} at a time: a deed against one committed INSERT")
        with tempfile.TemporaryDirectory() as folder:
            storage = await make_storage(f"sqlite:///{pathlib.Path(folder) / 'bench.db'}")
            await _compare(report, storage, at_once)
            await storage.dispose()


async def _compare(report: Report, storage: Storage, at_once: int) -> None:
    await make_group(storage, platform="twin", workspace="w", channel="c1")
    app = make_runtime(storage, MovableClock(START)).app
    sender, place = Sender("twin", "w", "bo", "Bo Lind", "da"), Place("c1")

    async def insert(number: int) -> None:
        async with storage.write() as session:
            session.add(Claim(key=f"bench:{number}", at=START))

    async def mute(number: int) -> None:
        await app.answer(Command(sender=sender, place=place, command="gruppe", text="stille", once=f"e{number}"))

    bare, bare_times = await _timed(insert, at_once)
    ours, our_times = await _timed(mute, at_once)
    report.ratio("rate", DEEDS / ours, DEEDS / bare, "per s")
    report.ratio("p50", percentile(our_times, 0.5) * 1000, percentile(bare_times, 0.5) * 1000, "ms")
    report.ratio(
        "p99", percentile(our_times, 0.99) * 1000, percentile(bare_times, 0.99) * 1000, "ms", aim=Aim(below=3000)
    )


async def _timed(work: Callable[[int], Awaitable[None]], at_once: int) -> tuple[float, list[float]]:
    times: list[float] = []
    numbers = iter(range(DEEDS))

    async def worker() -> None:
        for number in numbers:
            began = time.perf_counter()
            await work(number)
            times.append(time.perf_counter() - began)

    started = time.perf_counter()
    await asyncio.gather(*(worker() for _ in range(at_once)))
    return time.perf_counter() - started, times
