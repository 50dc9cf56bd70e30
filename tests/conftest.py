"""What all tests share: databases of both kinds, and a bot that stands still in time."""

from __future__ import annotations

import asyncio
import datetime as dt
import gc
import os
import pathlib
import shutil
import zoneinfo
from collections.abc import AsyncIterator, Awaitable, Callable, Generator, Iterator
from typing import Any

import pytest
from aiohttp import web_app
from hypothesis import settings

from bot.clock import MovableClock
from bot.office import Given
from bot.runtime import Runtime
from storage.base import Base
from storage.session import Storage
from tests.databases import drop_database, find_postgres, make_tables, new_database, postgres_server

ZONE = zoneinfo.ZoneInfo("Europe/Copenhagen")
START = dt.datetime(2026, 9, 1, 8, 30, tzinfo=dt.UTC)
"""A Tuesday morning outside every quiet time."""

KEY = "a-key-for-tests-only"


class Counter:
    """Ids in order, so that a test can be repeated."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(self) -> str:
        self.count += 1
        return f"{self.count:032x}"


@pytest.fixture(scope="session")
def postgres_address() -> Iterator[str]:
    if find_postgres() is None:
        pytest.skip("PostgreSQL is not installed here")
    with postgres_server() as address:
        yield address


@pytest.fixture
def postgres_url(postgres_address: str) -> Iterator[str]:
    """The address of a new, empty database, which is gone afterwards: a thousand of them fill gigabytes."""
    address = new_database(postgres_address)
    yield address
    drop_database(address)


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: pathlib.Path) -> str:
    """The address of a new, empty database; every test that uses it runs on both kinds."""
    if request.param == "sqlite":
        return f"sqlite+aiosqlite:///{tmp_path / 'test.db'}"
    return str(request.getfixturevalue("postgres_url"))


@pytest.fixture
def sqlite_url(tmp_path: pathlib.Path) -> str:
    return f"sqlite+aiosqlite:///{tmp_path / 'test.db'}"


@pytest.fixture
async def storage(database_url: str) -> AsyncIterator[Storage]:
    made = await make_storage(database_url)
    yield made
    await made.dispose()


@pytest.fixture
def clock() -> MovableClock:
    return MovableClock(START)


async def make_storage(url: str) -> Storage:
    """A storage whose tables are made."""
    made = Storage(url)
    await make_tables(made)
    return made


async def at_once(_seconds: float) -> None:
    """A sleep that takes no time."""
    await asyncio.sleep(0)


def make_runtime(
    storage: Storage,
    clock: MovableClock,
    new_id: Counter | None = None,
    sleep: Callable[[float], Awaitable[None]] = at_once,
) -> Runtime:
    """A bot whose time and ids are the test's; `new_id` goes on where an earlier one stopped."""
    return Runtime(storage, Given(clock, new_id or Counter(), ZONE, "da", sleep), (KEY,))


IN_MEMORY = pathlib.Path("/dev/shm")
ROOM = 2 * 1024**3
"""Bytes that the databases of a whole run have room in."""


@pytest.fixture(autouse=True)
def nothing_left_of_the_last_bot() -> Iterator[None]:
    """aiohttp remembers the handlers of its last thousand applications, and with each a whole bot; SQLAlchemy's mappers
    remember every statement that they wrote for an engine. Collecting garbage would take seconds late in a run, in
    which no bot can acknowledge anything."""
    yield
    web_app._cached_build_middleware.cache_clear()
    for mapper in Base.registry.mappers:
        mapper._compiled_cache.clear()


def pytest_collection_finish() -> None:
    """What all tests share is no garbage: it is never looked through again."""
    gc.collect()
    gc.freeze()


def pytest_configure(config: pytest.Config) -> None:
    """Files of tests lie in memory where there is room: SQLite writes every commit through to the disk, and a busy disk
    keeps one for seconds, which the doubles would take for a slow bot. No test pulls the machine's plug."""
    if os.access(IN_MEMORY, os.W_OK) and shutil.disk_usage(IN_MEMORY).free >= ROOM:
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(IN_MEMORY))
    settings.register_profile("ci", deadline=None, derandomize=True)
    settings.register_profile("local", deadline=None)
    settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "local"))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Generator[None, Any, Any]:
    """Where NO_SKIPS is set (in CI), a skipped test is a failed one: there, everything it needs is present."""
    report = yield
    if os.environ.get("NO_SKIPS") and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"skipped although NO_SKIPS is set: {report.longrepr}"
    return report
