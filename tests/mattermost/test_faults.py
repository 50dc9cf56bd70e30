"""A storm of clicks with everything going wrong on the way: at the end the bot knows exactly what the server shows.

A thousand clicks at every run of the tests; `make storm` makes ten thousand, which takes some minutes."""

from __future__ import annotations

import asyncio
import os
import random
import re
from collections import Counter
from typing import Any

import pytest

from bot.clock import MovableClock
from bot.platforms.mattermost import clicks, connection, stream
from storage.enums import Role
from storage.session import Storage
from tests.clicks import list_clicks
from tests.groups import PEOPLE, Someone
from tests.promises.mattermost import MattermostDriver, mattermost_world
from tests.ready import make_ready

CLICKS = int(os.environ.get("OENSKEBOT_TEST_CLICKS", "1000"))
EMOJIS = ("one", "two", "three", "four", "five", "+1", "thumbsup_dark_skin_tone")
CANDIDATES = EMOJIS[:5]
VOTERS = tuple(Someone(f"voter{number}", f"Vera {number}", (Role.GUEST,)) for number in range(40))
LISTS = "GET /posts/"
COLLEAGUE = "dan"
"""Speaks for the same municipality as another, so that it would be the newest of two answers that counts."""

CALLS = (LISTS, "PUT /posts", "GET /users", "POST /posts", "POST /users/ids", "POST /channels/direct")
TOO_SLOW = 1.5
"""Seconds that some calls take, of which the bot waits two thirds; they are done all the same."""


class Storm:
    """Clicks by a fixed seed; the news of them comes late, twice, out of order, or never. What the bot has to send goes
    out meanwhile, and meets refusals, lost answers and answers that come too late."""

    def __init__(self, driver: MattermostDriver, post: str, seed: int) -> None:
        self.random = random.Random(seed)
        self.driver = driver
        self.server = driver.server
        self.post = post
        self.cuts = 0
        self.never = 0
        self._held: list[tuple[tuple[Any, ...], dict[str, Any]]] = []
        self._tell = self.server.hub.tell

    async def blow(self) -> None:
        self.server.hub.tell = self._tell_badly  # type: ignore[method-assign]
        people = [self.driver.people[one.user].id for one in (*VOTERS, *PEOPLE) if one.user != COLLEAGUE]
        for number in range(CLICKS):
            self.click(self.random.choice(people), self.random.choice(EMOJIS))
            if number % 20 == 0:
                await asyncio.sleep(0.01)
            self._trouble(number)
            if number % 200 == 199:
                await self.driver.settle()
        self.server.hub.tell = self._tell  # type: ignore[method-assign]
        for to, named in self._held:
            self._tell(*to, **named)

    def shown(self) -> set[tuple[str, str]]:
        """What the server shows of everybody but the bot."""
        found = self.server.state.reactions[self.post]
        return {(one["user_id"], one["emoji_name"]) for one in found if one["user_id"] != self.driver.bot.user}

    def click(self, user: str, emoji: str) -> None:
        account = self.server.state.accounts[user]
        if (user, emoji) in self.shown():
            self.server.reactions.unreact(account, user, self.post, emoji)
        else:
            self.server.reactions.react(account, {"user_id": user, "post_id": self.post, "emoji_name": emoji})

    def _tell_badly(self, *to: Any, **named: Any) -> None:
        if not to[0].startswith("reaction_"):
            self._tell(*to, **named)
            return
        self._held.append((to, named))
        if len(self._held) < 15:
            return
        event, how = self._held.pop(self.random.randrange(len(self._held)))
        if self.random.random() < 0.01:
            self.never += 1
            self.server.hub.drop_next[self.driver.bot.user] = 1
        for _ in range(2 if self.random.random() < 0.1 else 1):
            self._tell(*event, **how)

    def _trouble(self, number: int) -> None:
        faults = self.server.faults
        if number % 50 == 0:
            faults.refuse.append((self.random.choice(CALLS), self.random.choice([429, 500, 503])))
        if number % 70 == 0:
            faults.lose.append(self.random.choice([LISTS, "PUT /posts", "POST /posts"]))
        if number % 110 == 0:
            faults.slow.append((self.random.choice(CALLS), TOO_SLOW))
        if number == CLICKS // 3:
            faults.refuse.append((LISTS, 429))
        if number % (CLICKS // 10) == CLICKS // 20:
            self.cuts += 1
            self.server.hub.cut(self.driver.bot.user)
            if self.cuts % 3 == 0:
                self.server.hub.forget(self.driver.bot.user)


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream, "FIRST_PAUSE", 0.02)
    monkeypatch.setattr(clicks, "RETRY", 0.05)
    monkeypatch.setattr(connection, "FIRST_PAUSE", 0.01)


async def test_after_a_storm_of_clicks_the_votes_are_exactly_the_servers(
    kept: Storage, clock: MovableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with mattermost_world(kept, clock, (*PEOPLE, *VOTERS)) as driver:
        await make_ready(kept, *(f"Ønske {number}" for number in range(5)))
        await driver.say("anna", "group", "/afstemning")
        assert await driver.submit("anna", {"title": "Efteråret"}) == {}
        poll = (await driver.messages("bo", "group"))[-1]
        monkeypatch.setattr(connection, "PATIENCE", TOO_SLOW * 2 / 3)
        await driver.bot.restart()
        storm = Storm(driver, poll.id, seed=7)
        await storm.blow()
        driver.server.faults.clear()
        await driver.server.faults.all_came()
        storm.click(driver.people["bo"].id, "one")  # the message may still show what came too late
        await driver.settle()
        await driver.settle()
        assert storm.cuts >= 9
        assert storm.never > CLICKS / 300
        assert await list_clicks(kept) == storm.shown()
        assert _message_of(driver, poll.id) == _counted(driver, storm.shown())
        assert _polls(driver) == [poll.id]
        assert _repeated(driver) == []


def _message_of(driver: MattermostDriver, poll: str) -> tuple[int, list[int]]:
    """How many municipalities have voted, and for each candidate, as people read it."""
    shown = driver.server.state.posts[poll]["message"]
    voted = re.search(r"(\d+) af 3 kommuner har stemt", shown)
    assert voted is not None
    return int(voted[1]), [int(found) for found in re.findall(r"· (\d+) kommune", shown)]


def _counted(driver: MattermostDriver, shown: set[tuple[str, str]]) -> tuple[int, list[int]]:
    """The same from the server's list: the three representatives are the only ones who vote."""
    reps = [driver.people[name].id for name in ("anna", "bo", "carla")]
    counts = [sum((rep, emoji) in shown for rep in reps) for emoji in CANDIDATES]
    return sum(any((rep, emoji) in shown for emoji in CANDIDATES) for rep in reps), counts


def _polls(driver: MattermostDriver) -> list[str]:
    """The poll's messages in the channel."""
    posts = driver.server.state.posts.values()
    here = [post for post in posts if post["channel_id"] == driver.channels["group"]]
    return [post["id"] for post in here if "Efteråret" in post["message"]]


def _repeated(driver: MattermostDriver) -> list[str]:
    """Messages of the bot that stand twice in the same place."""
    posts = driver.server.state.posts.values()
    counted = Counter((post["channel_id"], post["message"]) for post in posts if post["user_id"] == driver.bot.user)
    return [text for (_, text), count in counted.items() if count > 1]
