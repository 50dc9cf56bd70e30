"""Durable commands from Mattermost, answered after their commit, against an empty handler, alone and with an INSERT."""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import itertools
import logging
import pathlib
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator

import structlog
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.clock import MovableClock
from bot.port import Answer
from handlers.chat.interactions import Interaction
from handlers.chat.messages import Text, message
from storage.models.exchange import Claim
from storage.session import Storage
from tests.bench.report import Aim, Report, percentile
from tests.conftest import START, make_storage
from tests.promises.mattermost import MattermostDriver, mattermost_world

COMMANDS = 300

Times = list[float]


async def run(report: Report) -> None:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    for at_once in (1, 16):
        report.heading(
            f"Commands from Mattermost, {at_once} at a time: answered after the commit, through a real server"
        )
        with tempfile.TemporaryDirectory() as folder:
            storage = await make_storage(f"sqlite:///{pathlib.Path(folder) / 'bench.db'}")
            async with mattermost_world(storage, MovableClock(START)) as driver:
                await _compare(report, driver, storage, at_once)
            await storage.dispose()


async def _compare(report: Report, driver: MattermostDriver, storage: Storage, at_once: int) -> None:
    numbers = itertools.count()

    async def nothing(_request: web.Request) -> web.Response:
        return web.json_response({})

    async def insert(_request: web.Request) -> web.Response:
        async with storage.write() as session:
            session.add(Claim(key=f"bench:{next(numbers)}", at=START))
        return web.json_response({})

    app = web.Application()
    app.add_routes([web.post("/nothing", nothing), web.post("/insert", insert)])
    async with contextlib.AsyncExitStack() as stack:
        bare = await stack.enter_async_context(TestServer(app))
        for word in ("nothing", "insert"):
            driver.server.add_command(word, str(bare.make_url(f"/{word}")))
        rates = {}
        for word in ("nothing", "insert", "gruppe"):
            rates[word] = await _timed(_command(driver, f"/{word} stille"), at_once)
        with _nothing_to_decide(driver):
            rates["room"] = await _timed(_command(driver, "/gruppe stille"), at_once)
    nothing, room = (percentile(rates[word][1], 0.5) * 1000 for word in ("nothing", "room"))
    report.say(f"what the platform itself adds, where the bot answers at once: p50 {room - nothing:.2f} ms")
    ours, our_times = rates["gruppe"]
    for word, name in (("nothing", "nothing"), ("insert", "one INSERT")):
        rate, times = rates[word]
        report.say(f"against an empty handler that does {name}:")
        report.ratio("rate", ours, rate, "per s")
        report.ratio("p50", percentile(our_times, 0.5) * 1000, percentile(times, 0.5) * 1000, "ms")
        report.ratio(
            "p99", percentile(our_times, 0.99) * 1000, percentile(times, 0.99) * 1000, "ms", aim=Aim(below=3000)
        )


@contextlib.contextmanager
def _nothing_to_decide(driver: MattermostDriver) -> Iterator[None]:
    """The bot gives the same answer to everything, and neither reads nor writes."""
    platform = driver.bot.platform
    given = Answer(whispers=(message(Text("Du hører ikke fra mig, før du beder om det.")),))

    async def answer(_interaction: Interaction) -> Answer:
        return given

    house, platform.house = platform.house, dataclasses.replace(platform.house, answer=answer)
    yield
    platform.house = house


def _command(driver: MattermostDriver, text: str) -> Callable[[], Awaitable[None]]:
    people = itertools.cycle(["anna", "bo", "carla", "dan"])

    async def give() -> None:
        await driver.people[next(people)].command(driver.channels["group"], text)

    return give


async def _timed(work: Callable[[], Awaitable[None]], at_once: int) -> tuple[float, Times]:
    times: Times = []
    left = iter(range(COMMANDS))

    async def worker() -> None:
        for _ in left:
            began = time.perf_counter()
            await work()
            times.append(time.perf_counter() - began)

    started = time.perf_counter()
    await asyncio.gather(*(worker() for _ in range(at_once)))
    return COMMANDS / (time.perf_counter() - started), times
