"""A Slack each for the tests of this room, on an SQLite file: through its websocket, and over HTTP."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.clock import MovableClock
from storage.session import Storage
from tests.conftest import make_storage
from tests.promises.slack import SlackDriver, slack_world


@pytest.fixture
async def kept(sqlite_url: str) -> AsyncIterator[Storage]:
    storage = await make_storage(sqlite_url)
    yield storage
    await storage.dispose()


@pytest.fixture
async def slack(kept: Storage, clock: MovableClock) -> AsyncIterator[SlackDriver]:
    async with slack_world(kept, clock) as driver:
        yield driver


@pytest.fixture
async def quick(kept: Storage, clock: MovableClock) -> AsyncIterator[SlackDriver]:
    """One that notices a silent websocket within seconds."""
    async with slack_world(kept, clock, ping=0.5) as driver:
        yield driver


@pytest.fixture
async def slack_http(kept: Storage, clock: MovableClock) -> AsyncIterator[SlackDriver]:
    async with slack_world(kept, clock, http=True) as driver:
        yield driver
