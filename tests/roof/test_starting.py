"""Starting: nobody waits for a chat that is slow, neither who watches over the bot nor who writes to it."""

from __future__ import annotations

import asyncio
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from bot import serve
from bot.clock import MovableClock
from bot.settings import Settings
from handlers.chat.messages import Text, message
from handlers.chat.replies import Post
from storage import schema
from storage.models.exchange import Emoji, SentMessage
from storage.session import Storage
from tests.conftest import START, make_runtime, make_storage
from tests.demonstration import free_port
from tests.groups import make_group
from tests.roof.test_delivery import World
from tests.roof.twin import TwinPlatform
from tests.roof.waiting import until


class SlowTwin(TwinPlatform):
    """A chat that takes its time to say who the bot is, and what stands on its messages."""

    def __init__(self) -> None:
        super().__init__()
        self.connected = False
        self.asked, self.answers = asyncio.Event(), asyncio.Event()
        self.stopped = False

    async def start(self) -> None:
        await self.answers.wait()
        self.connected = True

    async def stop(self) -> None:
        self.stopped = True

    async def emojis(self, where: Any) -> dict[tuple[str, str], Any] | None:
        self.asked.set()
        await self.answers.wait()
        return await super().emojis(where)


async def test_who_watches_over_the_bot_sees_it_while_it_still_talks_to_the_chat(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    storage = Storage(sqlite_url)
    await schema.upgrade(storage)
    await storage.dispose()
    chat, stopped = SlowTwin(), asyncio.Event()
    routes: list[web.RouteDef] = []
    monkeypatch.setattr(serve, "make_platforms", lambda settings, runtime: ([chat], routes, routes))
    monkeypatch.setattr(serve, "stop_asked", lambda: stopped)
    settings = Settings(
        database_url=sqlite_url,
        secret_key="k" * 40,
        http_port=free_port(),
        slack_bot_token="xoxb-1",
        slack_app_token="xapp-1",
    )
    running = asyncio.create_task(serve.serve(settings))
    async with aiohttp.ClientSession(f"http://127.0.0.1:{settings.http_port}") as client:
        assert await until(lambda: _get(client, "/healthz")) == {"ok": True}
        assert await _get(client, "/readyz") == {"ok": True, "platforms": {"twin": False}}
        assert 'oenskebot_connected{platform="twin"} 0.0' in await _text(client, "/metrics")
        chat.answers.set()
        await until(lambda: _is_connected(client))
        assert 'oenskebot_connected{platform="twin"} 1.0' in await _text(client, "/metrics")
    stopped.set()
    await running
    assert chat.stopped


async def test_messages_go_out_while_the_open_ballots_are_still_being_read(
    sqlite_url: str, clock: MovableClock
) -> None:
    storage = await make_storage(sqlite_url)
    group_id = await make_group(storage, platform="twin", workspace="w", channel="c1")
    chat, runtime = SlowTwin(), make_runtime(storage, clock)
    runtime.platforms.add(chat)
    async with storage.write() as session:
        session.add(_ballot(group_id))
    await World(runtime, chat, clock, group_id).put(Post("k:1", "c1", message(Text("hej"))))
    chat.listed["m1"] = [("bo", "one")]
    runtime.start()
    await asyncio.wait_for(chat.asked.wait(), 10)
    await until(lambda: _sent(chat))
    assert await _emojis(storage) == []
    chat.answers.set()
    assert await until(lambda: _emojis(storage)) == ["one"]
    await runtime.stop()


def _ballot(group_id: int) -> SentMessage:
    where = {"platform": "twin", "workspace": "w", "channel": "c1", "message": "m1"}
    return SentMessage(
        key=f"{group_id}:poll:1/1",
        group_id=group_id,
        ballot=True,
        counting=True,
        sent_at=START,
        updated_at=START,
        **where,
    )


async def _sent(chat: TwinPlatform) -> list[str]:
    return chat.texts("c1")


async def _emojis(storage: Storage) -> list[str]:
    async with storage.read() as session:
        return list(await session.scalars(Emoji.__table__.select().with_only_columns(Emoji.emoji)))


async def _get(client: aiohttp.ClientSession, path: str) -> Any:
    """What is answered there, `None` while nobody listens."""
    try:
        async with client.get(path) as answer:
            return await answer.json()
    except aiohttp.ClientConnectionError:
        return None


async def _is_connected(client: aiohttp.ClientSession) -> bool:
    return await _get(client, "/readyz") == {"ok": True, "platforms": {"twin": True}}


async def _text(client: aiohttp.ClientSession, path: str) -> str:
    async with client.get(path) as answer:
        return await answer.text()
