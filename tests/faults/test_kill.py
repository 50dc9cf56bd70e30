"""The process is killed in the middle of a vote storm: every acknowledged vote is there afterwards, nothing twice."""

from __future__ import annotations

import asyncio
import pathlib
from collections import Counter
from typing import Any

import aiohttp

from tests.demonstration import running

GROUP = "koordinationsgruppe"
VOTERS = ("karen", "jonas", "mette", "soeren", "line", "peter", "hanne", "ali")
EMOJIS = ("one", "two", "three", "four", "five")
ROUNDS = 6
KILLED_AFTER = 90
"""Acknowledged votes before the process is killed, of 240."""


async def post(client: aiohttp.ClientSession, path: str, **body: Any) -> dict[str, Any]:
    async with client.post(path, json=body) as response:
        answer: dict[str, Any] = await response.json()
        assert response.status == 200, answer
        return answer


async def messages(client: aiohttp.ClientSession) -> list[dict[str, Any]]:
    async with client.get(f"/api/channels/{GROUP}/messages?as=karen") as response:
        found: list[dict[str, Any]] = (await response.json())["messages"]
        return found


def headings(found: list[dict[str, Any]], *, private: bool) -> Counter[str]:
    """How often each message stands there, by its first line."""
    return Counter(one["text"].splitlines()[0] for one in found if one["private"] is private)


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
        before = headings(await messages(client), private=False)
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
    assert headings(after, private=False) == before
    assert max(headings(after, private=True).values(), default=1) == 1
    voted = {person for people in shown["reactions"].values() for person in people if person != "bot"}
    units = {"jonas": "karen"}  # the two of Favrskov have one vote
    count = len({units.get(person, person) for person in voted})
    assert f"{count} af 7 kommuner" in shown["text"]
