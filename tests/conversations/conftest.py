"""Conversations happen in the local workspace, on an SQLite file, with the test's own clock."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.clock import MovableClock
from tests.conftest import make_storage
from tests.promises.local import LocalDriver, local_world


@pytest.fixture
async def chat(sqlite_url: str, clock: MovableClock) -> AsyncIterator[LocalDriver]:
    """The test group's workspace."""
    storage = await make_storage(sqlite_url)
    async with local_world(storage, clock) as driver:
        yield driver
    await storage.dispose()
