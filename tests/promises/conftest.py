"""The worlds that the promise suite runs in: one per platform, each a faithful double spoken to over the network."""

from __future__ import annotations

import functools
from collections.abc import AsyncIterator
from typing import Any

import pytest

from bot.clock import MovableClock
from storage.session import Storage
from tests.promises.driver import Driver
from tests.promises.local import local_world
from tests.promises.mattermost import mattermost_world
from tests.promises.mattermost_real import ADMIN_TOKEN, URL, real_mattermost_world
from tests.promises.slack import slack_world

REAL = {"mattermost-real": real_mattermost_world} if URL and ADMIN_TOKEN else {}
"""A real server, where the settings name one; else there is no such test, so that none is skipped."""

WORLDS = {
    "local": local_world,
    "mattermost": mattermost_world,
    "slack-socket": slack_world,
    "slack-http": functools.partial(slack_world, http=True),
    **REAL,
}


def as_parameter(world: str) -> Any:
    """A world as a parameter. The bot has one account on a real server, so that no two tests there run at a time."""
    marks = [pytest.mark.xdist_group(world)] if world in REAL else []
    return pytest.param(world, marks=marks)


@pytest.fixture(params=[as_parameter(world) for world in WORLDS])
async def driver(request: pytest.FixtureRequest, storage: Storage, clock: MovableClock) -> AsyncIterator[Driver]:
    async with WORLDS[request.param](storage, clock) as world:
        yield world
