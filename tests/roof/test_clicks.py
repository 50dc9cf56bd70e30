"""Clicks share a commit, and each hears of its own: of no other's failure."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
from sqlalchemy import select

from bot.clicks import Clicks
from bot.clock import MovableClock
from bot.office import Given
from handlers.chat.interactions import Place, React, Sender
from storage.models.exchange import Emoji, SentMessage
from storage.session import Storage, StorageBusy
from tests.conftest import START, ZONE, Counter, at_once, make_storage
from tests.groups import make_group

PATIENCE = 20


@pytest.fixture
async def kept(sqlite_url: str) -> AsyncIterator[Storage]:
    storage = await make_storage(sqlite_url)
    await make_group(storage, platform="twin", workspace="w", channel="c1")
    where = {"platform": "twin", "workspace": "w", "channel": "c1", "message": "m1"}
    async with storage.write() as session:
        session.add(
            SentMessage(key="1:poll", group_id=1, ballot=True, counting=True, sent_at=START, updated_at=START, **where)
        )
    yield storage
    await storage.dispose()


@pytest.fixture
def clicks(kept: Storage, clock: MovableClock) -> Clicks:
    return Clicks(kept, Given(clock, Counter(), ZONE, "da", at_once))


def _click(user: str) -> React:
    return React(sender=Sender("twin", "w", user, user), place=Place("c1"), message="m1", emoji="one", on=True)


async def _stored(kept: Storage) -> int:
    async with kept.read() as session:
        return len(list(await session.scalars(select(Emoji))))


async def test_a_click_that_comes_while_another_one_fails_is_stored(
    clicks: Clicks, kept: Storage, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert await clicks.take(_click("anna"))
    storing, came = asyncio.Event(), asyncio.Event()

    async def failing(write: object, patience: float) -> None:
        monkeypatch.undo()
        storing.set()
        await came.wait()
        raise OSError("the disk is full")

    monkeypatch.setattr(kept, "write_rows", failing)
    first = asyncio.create_task(clicks.take(_click("bo")))
    await asyncio.wait_for(storing.wait(), PATIENCE)
    second = asyncio.create_task(clicks.take(_click("carla")))
    await asyncio.sleep(0)
    assert clicks._waiting, "it waits for the next commit"
    came.set()
    assert await asyncio.wait_for(second, PATIENCE)
    with pytest.raises(OSError, match="full"):
        await first
    assert await _stored(kept) == 2


async def test_who_came_while_the_lock_was_not_to_be_had_has_waited_long_enough(
    clicks: Clicks, kept: Storage, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert await clicks.take(_click("anna"))
    storing, tries = asyncio.Event(), 0

    async def busy(write: object, patience: float) -> None:
        nonlocal tries
        tries += 1
        storing.set()
        await came.wait()
        raise StorageBusy

    came = asyncio.Event()
    monkeypatch.setattr(kept, "write_rows", busy)
    first = asyncio.create_task(clicks.take(_click("anna")))
    await asyncio.wait_for(storing.wait(), PATIENCE)
    second = asyncio.create_task(clicks.take(_click("anna")))
    await asyncio.sleep(0)
    came.set()
    for click in (first, second):
        with pytest.raises(StorageBusy):
            await asyncio.wait_for(click, PATIENCE)
    assert tries == 1
    monkeypatch.undo()
    assert await clicks.take(_click("bo"))
    assert await _stored(kept) == 2
