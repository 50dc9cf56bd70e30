"""A poll on every kind of database."""

from __future__ import annotations

import pytest

from bot.clock import MovableClock
from storage.session import Storage
from tests.polls.rooms import PollRoom


@pytest.fixture
async def room(storage: Storage, clock: MovableClock) -> PollRoom:
    made = PollRoom(storage, clock)
    await made.begin()
    return made
