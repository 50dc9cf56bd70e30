"""The process is killed in the middle of a vote storm: every acknowledged vote is there afterwards, nothing twice."""

from __future__ import annotations

import asyncio
import contextlib
import os
import pathlib
import socket
import sys
from collections import Counter
from collections.abc import AsyncIterator
from typing import Any

import aiohttp

GROUP = "koordinationsgruppe"
VOTERS = ("karen", "jonas", "mette", "soeren", "line", "peter", "hanne", "ali")
EMOJIS = ("one", "two", "three", "four", "five")
ROUNDS = 6
KILLED_AFTER = 90
"""Acknowledged votes before the process is killed, of 240."""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.asynccontextmanager
async def running(database: pathlib.Path) -> AsyncIterator[tuple[asyncio.subprocess.Process, aiohttp.ClientSession]]:
    """The demonstration as a process of its own, with a client for it."""
    port = free_port()
    program = pathlib.Path(sys.executable).with_name("oenskebot")
    environment = {name: value for name, value in os.environ.items() if not name.startswith("OENSKEBOT_")}
    process = await asyncio.create_subprocess_exec(
        *(program, "demo", "--no-browser", "--port", str(port), "--database", f"sqlite:///{database}"),
        env=environment,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        async with aiohttp.ClientSession(f"http://127.0.0.1:{port}") as client:
            await _wait_until_ready(client)
            yield process, client
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()


async def _wait_until_ready(client: aiohttp.ClientSession) -> None:
    for _ in range(600):
        with contextlib.suppress(aiohttp.ClientError):
            async with client.get("/readyz") as response:
                if response.status == 200:
                    return
        await asyncio.sleep(0.1)
    raise AssertionError("the demonstration did not start")


async def post(client: aiohttp.ClientSession, path: str, **body: Any) -> dict[str, Any]:
    async with client.post(path, json=body) as response:
        answer: dict[str, Any] = await response.json()
        assert response.status == 200, answer
        return answer


async def messages(client: aiohttp.ClientSession) -> list[dict[str, Any]]:
    async with client.get(f"/api/channels/{GROUP}/messages?as=karen") as response:
        found: list[dict[str, Any]] = (await response.json())["messages"]
        return found


async def open_poll(client: aiohttp.ClientSession) -> str:
    await post(client, "/api/say", **{"as": "karen", "channel": GROUP, "text": "/afstemning"})
    async with client.get("/api/forms?as=karen") as response:
        form = (await response.json())["form"]
    wishes = next(field for field in form["fields"] if field["kind"] == "multi")
    values = {"title": "Storm", wishes["name"]: [option["value"] for option in wishes["options"]][: len(EMOJIS)]}
    answer = await post(client, "/api/submit", **{"as": "karen", "form": form["id"], "values": values})
    assert answer["ok"], answer
    return next(str(one["id"]) for one in await messages(client) if "one" in one["reactions"])


async def storm(
    client: aiohttp.ClientSession, poll: str, process: asyncio.subprocess.Process
) -> dict[tuple[str, str], bool]:
    """Everybody clicks and un-clicks at once until the process is killed; returns the votes whose answers came, without
    those that were on their way: they may be either."""
    acknowledged: dict[tuple[str, str], bool | None] = {}
    count = 0

    async def vote(person: str) -> None:
        nonlocal count
        for turn in range(ROUNDS):
            for emoji in EMOJIS:
                on = (turn + len(person)) % 2 == 0
                acknowledged[person, emoji] = None
                await post(client, "/api/react", **{"as": person, "message": poll, "emoji": emoji, "on": on})
                acknowledged[person, emoji] = on
                count += 1
                if count == KILLED_AFTER:
                    process.kill()

    results = await asyncio.gather(*(vote(person) for person in VOTERS), return_exceptions=True)
    assert all(isinstance(one, aiohttp.ClientError) for one in results), results
    return {key: on for key, on in acknowledged.items() if on is not None}


async def test_every_acknowledged_vote_survives_a_kill_and_no_message_comes_twice(tmp_path: pathlib.Path) -> None:
    database = tmp_path / "storm.db"
    async with running(database) as (process, client):
        poll = await open_poll(client)
        before = Counter(one["text"].splitlines()[0] for one in await messages(client))
        certain = await storm(client, poll, process)
    assert len(certain) >= len(VOTERS)
    async with running(database) as (_, client):
        # one more click, so that the tally is written anew after the restart
        await post(client, "/api/react", **{"as": "karen", "message": poll, "emoji": "one", "on": True})
        certain["karen", "one"] = True
        after = await messages(client)
    shown = next(one for one in after if one["id"] == poll)
    for (person, emoji), on in certain.items():
        assert (person in shown["reactions"].get(emoji, [])) is on, (person, emoji)
    assert Counter(one["text"].splitlines()[0] for one in after) == before
    voted = {person for people in shown["reactions"].values() for person in people if person != "bot"}
    units = {"jonas": "karen"}  # the two of Favrskov have one vote
    count = len({units.get(person, person) for person in voted})
    assert f"{count} af 7 kommuner" in shown["text"]
