"""A Mattermost server each for the tests of this room, with the bot and its group on an SQLite file."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.clock import MovableClock
from storage.session import Storage
from tests.conftest import make_storage
from tests.promises.mattermost import MattermostDriver, mattermost_world


@pytest.fixture
async def kept(sqlite_url: str) -> AsyncIterator[Storage]:
    storage = await make_storage(sqlite_url)
    yield storage
    await storage.dispose()


@pytest.fixture
async def driver(kept: Storage, clock: MovableClock) -> AsyncIterator[MattermostDriver]:
    async with mattermost_world(kept, clock) as world:
        yield world
