"""The worlds of the long stories: every platform, each on one database, so that a story is told four times, not eight.

Slack over HTTP is the one that runs in many replicas, so that it has PostgreSQL; the short promises beside this folder
run on both databases everywhere.
"""

from __future__ import annotations

import pathlib
from collections.abc import AsyncIterator

import pytest

from bot.clock import MovableClock
from storage.session import Storage
from tests.promises.conftest import WORLDS, as_parameter
from tests.promises.driver import Driver

DATABASES = {world: "postgresql" if world == "slack-http" else "sqlite" for world in WORLDS}


@pytest.fixture(params=[as_parameter(world) for world in WORLDS])
def world(request: pytest.FixtureRequest) -> str:
    """The platform that the story happens on."""
    return str(request.param)


@pytest.fixture
def database_url(world: str, request: pytest.FixtureRequest, tmp_path: pathlib.Path) -> str:
    if DATABASES[world] == "sqlite":
        return f"sqlite+aiosqlite:///{tmp_path / 'test.db'}"
    return str(request.getfixturevalue("postgres_url"))


@pytest.fixture
async def driver(world: str, storage: Storage, clock: MovableClock) -> AsyncIterator[Driver]:
    """The test group's people and their channels."""
    async with WORLDS[world](storage, clock) as people:
        yield people


@pytest.fixture
async def empty(world: str, storage: Storage, clock: MovableClock) -> AsyncIterator[Driver]:
    """The same people where nobody has made a group yet."""
    async with WORLDS[world](storage, clock, with_group=False) as people:
        yield people
