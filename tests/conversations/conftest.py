"""Conversations happen in the local workspace, on an SQLite file, with the test's own clock."""

from __future__ import annotations

import dataclasses
from collections.abc import AsyncIterator

import pytest

from bot.clock import MovableClock
from tests.conftest import make_storage
from tests.groups import PEOPLE
from tests.promises.local import LocalDriver, local_world


@pytest.fixture
async def chat(sqlite_url: str, clock: MovableClock) -> AsyncIterator[LocalDriver]:
    """The test group's workspace."""
    storage = await make_storage(sqlite_url)
    async with local_world(storage, clock) as driver:
        yield driver
    await storage.dispose()


@pytest.fixture
async def supplier_led(sqlite_url: str, clock: MovableClock) -> AsyncIterator[LocalDriver]:
    """A group that the supplier's representative leads."""
    people = tuple(dataclasses.replace(one, leads=one.user == "eva") for one in PEOPLE)
    storage = await make_storage(sqlite_url)
    async with local_world(storage, clock, people) as driver:
        yield driver
    await storage.dispose()
