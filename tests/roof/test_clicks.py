"""Clicks share a commit, and each hears of its own: of no other's failure, and of nothing that follows the commit."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.clicks import Clicks
from bot.clock import MovableClock
from bot.office import Given
from handlers.chat.interactions import Place, React, Sender
from storage.models.exchange import Emoji, SentMessage
from storage.queries import exchange
from storage.session import Storage
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
    store, storing, came = exchange.store_clicks, asyncio.Event(), asyncio.Event()

    async def failing(session: AsyncSession, rows: object) -> None:
        monkeypatch.setattr(exchange, "store_clicks", store)
        storing.set()
        await came.wait()
        raise OSError("the disk is full")

    monkeypatch.setattr(exchange, "store_clicks", failing)
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


async def test_a_click_is_acknowledged_as_soon_as_it_is_committed(
    clicks: Clicks, kept: Storage, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert await clicks.take(_click("bo"))
    close, handed_back = AsyncSession.close, asyncio.Event()

    async def waiting(session: AsyncSession) -> None:
        await handed_back.wait()
        await close(session)

    monkeypatch.setattr(AsyncSession, "close", waiting)
    try:
        assert await asyncio.wait_for(clicks.take(_click("carla")), PATIENCE)
    finally:
        handed_back.set()
        monkeypatch.undo()
    assert await _stored(kept) == 2
