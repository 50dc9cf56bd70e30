"""The server's calls at a port of their own: there and nowhere else, and nothing else there."""

from __future__ import annotations

import asyncio
import contextlib
import pathlib

import aiohttp
import pytest

from storage import schema
from storage.session import Storage
from tests.demonstration import free_port
from tests.doubles.mattermost import MattermostDouble
from tests.doubles.mattermost_person import Person
from tests.processes import running_bot


async def _make_database(folder: pathlib.Path) -> str:
    """The address of a new one with all tables."""
    database = f"sqlite:///{folder / 'bot.db'}"
    storage = Storage(database)
    await schema.upgrade(storage)
    await storage.dispose()
    return database


async def _status(session: aiohttp.ClientSession, method: str, port: int, path: str) -> int:
    """What is answered there; 0 for nothing at all."""
    with contextlib.suppress(aiohttp.ClientError):
        async with session.request(method, f"http://127.0.0.1:{port}{path}", data=b"{}") as response:
            return response.status
    return 0


async def _until_open(session: aiohttp.ClientSession, port: int, path: str) -> None:
    for _ in range(600):
        if await _status(session, "GET", port, path):
            return
        await asyncio.sleep(0.1)
    raise AssertionError("nobody answers there")


@pytest.mark.parametrize("apart", [True, False], ids=["apart", "together"])
async def test_the_servers_calls_are_answered_at_one_port_only(tmp_path: pathlib.Path, apart: bool) -> None:
    server = MattermostDouble(lambda: 1_000_000)
    common, own = free_port(), free_port()
    here, elsewhere = (own, common) if apart else (common, own)
    async with server.serve(), aiohttp.ClientSession() as session:
        bot, token = server.add_bot("oenskebot", "Ønskebot")
        bo, bos = server.add_person("bo", "Bo Lind")
        channel = server.add_channel("koordinationsgruppe", {bot, bo})
        command = server.add_command("gruppe", f"http://127.0.0.1:{here}/mattermost/command")
        settings = {"MATTERMOST_URL": server.address, "MATTERMOST_TOKEN": token, "MATTERMOST_COMMAND_TOKENS": command}
        settings |= {"HTTP_PORT": str(common)} | ({"MATTERMOST_CALLBACK_PORT": str(own)} if apart else {})
        async with running_bot(tmp_path, await _make_database(tmp_path), **settings):
            await _until_open(session, common, "/healthz")
            await _until_open(session, here, "/")
            paths = ("/mattermost/command", "/mattermost/action", "/mattermost/dialog")
            assert [await _status(session, "POST", here, path) for path in paths] == [400, 400, 400]
            closed = [await _status(session, "POST", elsewhere, path) for path in paths]
            assert closed == ([404] * 3 if apart else [0] * 3)
            if apart:
                others = ("/healthz", "/readyz", "/metrics", "/slack/events")
                assert [await _status(session, "GET", own, path) for path in others] == [404] * 4
            person = Person(session, server.address, bo, bos, server.team)
            async with person.online():
                await person.command(channel, "/gruppe")
                await person.up_to_date()
            assert "Her er ingen koordinationsgruppe" in person.private[-1]["message"]
