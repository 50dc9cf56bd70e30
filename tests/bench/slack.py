"""Durable votes from Slack, acknowledged after their commit, against a bare Bolt app, alone and with one INSERT."""

from __future__ import annotations

import asyncio
import itertools
import logging
import pathlib
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager

import structlog
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from bot.clock import MovableClock
from bot.platforms.slack.manifest import manifest
from storage.enums import Role
from tests.bench.report import Aim, Report, percentile
from tests.conftest import START, make_storage
from tests.doubles.slack import APP_TOKEN, BOT_TOKEN, SlackDouble
from tests.doubles.slack_people import People
from tests.doubles.slack_state import BOT, Channel, Posted, Thing
from tests.groups import PEOPLE, Someone
from tests.promises.slack import slack_world, user_id
from tests.ready import make_ready

VOTES = 600
EMOJIS = ("one", "two", "three", "four", "five")
VOTERS = tuple(Someone(f"v{number}", f"Vera {number}", (Role.GUEST,)) for number in range(20))

Times = list[float]


async def run(report: Report) -> None:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    for at_once in (1, 16):
        report.heading(
            f"Votes from Slack, {at_once} at a time: acknowledged after the commit, through a real websocket"
        )
        nothing, nothing_times = await _bare(at_once, durable=False)
        insert, insert_times = await _bare(at_once, durable=True)
        ours, our_times = await _ours(at_once)
        for name, durable, rate, times in (
            ("nothing", False, nothing, nothing_times),
            ("one INSERT", True, insert, insert_times),
        ):
            report.say(f"against a bare Bolt app that does {name}:")
            report.ratio("  rate", ours, rate, "votes per s", aim=Aim(at_least=1) if durable else None)
            report.ratio("  p50", percentile(our_times, 0.5) * 1000, percentile(times, 0.5) * 1000, "ms")
            aim = Aim(at_most=0.25) if durable else None
            report.ratio("  p99", percentile(our_times, 0.99) * 1000, percentile(times, 0.99) * 1000, "ms", aim=aim)


async def _ours(at_once: int) -> tuple[float, Times]:
    with tempfile.TemporaryDirectory() as folder:
        storage = await make_storage(f"sqlite:///{pathlib.Path(folder) / 'bench.db'}")
        async with slack_world(storage, MovableClock(START), (*PEOPLE, *VOTERS)) as slack:
            await make_ready(storage, *(f"Ønske {number}" for number in range(5)))
            await slack.say("anna", "group", "/afstemning")
            await slack.submit("anna", {"title": "Efteråret"})
            post = slack.double.workspace.posts[0]
            measured = await _timed(slack.double.people, post, at_once)
            await slack.settle()
        await storage.dispose()
    return measured


async def _bare(at_once: int, *, durable: bool) -> tuple[float, Times]:
    """A Bolt app that listens to reactions and does nothing, or commits one row as durably as we do."""
    double = SlackDouble(START.timestamp, manifest())
    double.workspace.channels["C1"] = Channel("C1", "c", {BOT})
    with tempfile.TemporaryDirectory() as folder:
        async with double.running(), _listening(double, pathlib.Path(folder), durable=durable):
            post = double.methods.put("C1", BOT, {"text": "x"})
            for voter in VOTERS:
                double.workspace.channels["C1"].members.add(user_id(voter.user))
            return await _timed(double.people, post, at_once)


@asynccontextmanager
async def _listening(double: SlackDouble, folder: pathlib.Path, *, durable: bool) -> AsyncIterator[None]:
    client = AsyncWebClient(BOT_TOKEN, base_url=double.api)
    app = AsyncApp(client=client, process_before_response=True)
    engine = create_async_engine(f"sqlite+aiosqlite:///{folder / 'bare.db'}")
    async with engine.begin() as connection:
        for statement in ("PRAGMA journal_mode=WAL", "CREATE TABLE votes (event TEXT PRIMARY KEY)"):
            await connection.execute(text(statement))
    listener = _inserting(engine) if durable else _doing_nothing
    app.event("reaction_added")(listener)
    app.event("reaction_removed")(listener)
    handler = AsyncSocketModeHandler(app, APP_TOKEN)
    await handler.connect_async()
    try:
        yield
    finally:
        await handler.close_async()
        await engine.dispose()


async def _doing_nothing(body: Thing) -> None:
    return None


def _inserting(engine: AsyncEngine) -> Callable[..., Awaitable[None]]:
    async def insert(body: Thing) -> None:
        async with engine.begin() as connection:
            await connection.execute(text("PRAGMA synchronous=FULL"))
            await connection.execute(text("INSERT OR IGNORE INTO votes VALUES (:event)"), {"event": body["event_id"]})

    return insert


async def _timed(people: People, post: Posted, at_once: int) -> tuple[float, Times]:
    """(votes a second, seconds from delivery to acknowledgement of each)."""
    times: Times = []
    votes = iter(list(itertools.islice(_votes(people, post), VOTES + 20)))
    for event in itertools.islice(votes, 20):
        await people.deliver_event(event)

    async def worker() -> None:
        for event in votes:
            began = time.perf_counter()
            await people.deliver_event(event)
            times.append(time.perf_counter() - began)

    started = time.perf_counter()
    await asyncio.gather(*(worker() for _ in range(at_once)))
    assert len(times) == VOTES
    return VOTES / (time.perf_counter() - started), times


def _votes(people: People, post: Posted) -> Iterator[Thing]:
    for voter in itertools.cycle(VOTERS):
        for name in EMOJIS:
            user = user_id(voter.user)
            event = people.change_reaction(user, post, name, on=user not in post.reactions.get(name, []))
            assert event is not None
            yield event
