"""A folder of its own for everybody who types at the command line, with no settings but the database."""

from __future__ import annotations

import asyncio
import os
import pathlib
from collections.abc import Iterator

import pytest
import structlog

from storage import schema
from storage.session import Storage
from tests.groups import make_group


@pytest.fixture(autouse=True)
def place(tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[pathlib.Path]:
    """A folder of its own, with no settings but the database."""
    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.startswith("OENSKEBOT_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("OENSKEBOT_DATABASE_URL", f"sqlite:///{tmp_path / 'bot.db'}")
    yield tmp_path
    structlog.reset_defaults()  # the command line sets up the logs of the whole process


@pytest.fixture
def group(place: pathlib.Path) -> None:
    async def make() -> None:
        storage = Storage(os.environ["OENSKEBOT_DATABASE_URL"])
        await schema.upgrade(storage)
        await make_group(storage, platform="local", workspace="local", channel="c1")
        await storage.dispose()

    asyncio.run(make())
