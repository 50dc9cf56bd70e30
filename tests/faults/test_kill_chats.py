"""`oenskebot run` is killed three times in the middle of a storm of clicks in a chat: nothing is lost or said twice."""

from __future__ import annotations

import asyncio
import datetime as dt
import pathlib
import random
from collections.abc import Awaitable, Callable

from sqlalchemy import select

from bot.clock import MovableClock
from storage import schema
from storage.models.exchange import Emoji
from storage.session import Storage
from tests.clicks import list_clicks
from tests.demonstration import free_port
from tests.doubles.slack import APP_TOKEN, BOT_TOKEN
from tests.doubles.slack_state import BOT
from tests.groups import PEOPLE
from tests.processes import running_bot
from tests.promises.mattermost import MattermostDriver, mattermost_world
from tests.promises.slack import SlackDriver, slack_world, user_id
from tests.ready import make_ready

EMOJIS = ("one", "two", "three", "four", "five")
CLICKS = 400
KILLED_AFTER = (60, 180, 300)
"""Clicks, at each of which the process is killed: in Slack acknowledged ones, with seven others on their way."""

AT_ONCE = 8
PATIENCE = 60
"""Seconds for what takes less than five."""

Shown = tuple[set[tuple[str, str]], str]
"""(person, emoji) on the poll's message, and its text."""


class SlackStorm:
    """Clicks by a fixed seed, each delivered until it is acknowledged, as Slack does."""

    def __init__(self, slack: SlackDriver) -> None:
        self.post = slack.double.workspace.posts[0]
        self._people = slack.double.people
        self._random = random.Random(7)
        self._left = CLICKS
        self._acknowledged = 0
        self._counted = asyncio.Condition()

    async def blow(self) -> None:
        await asyncio.gather(*(self._click_on() for _ in range(AT_ONCE)))

    async def reaches(self, count: int) -> None:
        """Wait until so many are acknowledged."""
        async with self._counted:
            await self._counted.wait_for(lambda: self._acknowledged >= count)

    async def _click_on(self) -> None:
        while self._left:
            self._left -= 1
            user, emoji = user_id(self._random.choice(PEOPLE).user), self._random.choice(EMOJIS)
            on = user not in self.post.reactions.get(emoji, [])
            event = self._people.change_reaction(user, self.post, emoji, on=on)
            assert event is not None
            await self._people.deliver_event(event)
            async with self._counted:
                self._acknowledged += 1
                self._counted.notify_all()


async def test_clicks_survive_kills_of_the_process_that_serves_slack(tmp_path: pathlib.Path) -> None:
    address, kept = await _make_database(tmp_path)
    async with slack_world(kept, MovableClock(dt.datetime.now(dt.UTC))) as slack:
        await _open_poll(slack, kept)
        await slack.slack.stop()
        workspace = slack.double.workspace
        posts = [post.ts for post in workspace.posts if not post.ephemeral_to]
        settings = {"SLACK_BOT_TOKEN": BOT_TOKEN, "SLACK_APP_TOKEN": APP_TOKEN, "SLACK_API_URL": slack.double.api}
        storm = SlackStorm(slack)
        blowing = asyncio.create_task(storm.blow())
        for count in KILLED_AFTER:
            async with running_bot(tmp_path, address, **settings) as process:
                await asyncio.wait_for(storm.reaches(count), PATIENCE)
                process.kill()
                await process.wait()

        def shown() -> Shown:
            put_on = {(user, name) for name, users in storm.post.reactions.items() for user in users if user != BOT}
            return put_on, str(storm.post.shown())

        async with running_bot(tmp_path, address, **settings):
            await asyncio.wait_for(blowing, PATIENCE)
            await _until_right(kept, shown, {one.user: user_id(one.user) for one in PEOPLE})
        assert [post.ts for post in workspace.posts if not post.ephemeral_to] == posts
        assert slack.double.sockets.opened >= len(KILLED_AFTER) + 2
    await kept.dispose()


async def test_clicks_survive_kills_of_the_process_that_serves_mattermost(tmp_path: pathlib.Path) -> None:
    """A server delivers no click again: those that were made while the process was dead are in its list."""
    address, kept = await _make_database(tmp_path)
    async with mattermost_world(kept, MovableClock(dt.datetime.now(dt.UTC))) as driver:
        await _open_poll(driver, kept)
        poll = (await driver.messages("bo", "group"))[-1].id
        await driver.bot.stop()
        server, users = driver.server, {name: person.id for name, person in driver.people.items()}
        posts = set(server.state.posts)
        tokens = ",".join(driver.bot.command_tokens)
        settings = {"MATTERMOST_URL": server.address, "MATTERMOST_TOKEN": driver.bot.token}
        settings |= {"MATTERMOST_COMMAND_TOKENS": tokens, "HTTP_PORT": str(free_port())}
        chance = random.Random(7)

        def shown() -> Shown:
            found = server.state.reactions[poll]
            put_on = {(one["user_id"], one["emoji_name"]) for one in found if one["user_id"] != driver.bot.user}
            return put_on, server.state.posts[poll]["message"]

        async def click(count: int) -> None:
            for _ in range(count):
                user, emoji = users[chance.choice(PEOPLE).user], chance.choice(EMOJIS)
                account = server.state.accounts[user]
                if (user, emoji) in shown()[0]:
                    server.reactions.unreact(account, user, poll, emoji)
                else:
                    server.reactions.react(account, {"user_id": user, "post_id": poll, "emoji_name": emoji})
                await asyncio.sleep(0)

        for count in (*KILLED_AFTER, 0):
            async with running_bot(tmp_path, address, **settings) as process:
                await _until(lambda: server.hub.is_connected(driver.bot.user))
                await click(count)
                if count:
                    process.kill()
                    await process.wait()
                    await click(AT_ONCE)
                else:
                    await click(1)
                    await _until_right(kept, shown, users)
        said = [(post["channel_id"], post["message"]) for id_, post in server.state.posts.items() if id_ not in posts]
        assert len(said) == len(set(said)), "something was said twice"
        assert driver.channels["group"] not in {channel for channel, _ in said}
    await kept.dispose()


async def _make_database(folder: pathlib.Path) -> tuple[str, Storage]:
    address = f"sqlite:///{folder / 'bot.db'}"
    kept = Storage(address)
    await schema.upgrade(kept)
    return address, kept


async def _open_poll(driver: SlackDriver | MattermostDriver, kept: Storage) -> None:
    await make_ready(kept, *(f"Ønske {number}" for number in range(len(EMOJIS))))
    await driver.say("anna", "group", "/afstemning")
    assert await driver.submit("anna", {"title": "Efteråret"}) == {}


async def _until_right(kept: Storage, shown: Callable[[], Shown], users: dict[str, str]) -> None:
    """Wait until every click is counted, and what is stored and what the message says are what the chat shows."""
    municipalities = {users[one.user]: one.municipality for one in PEOPLE if one.municipality}

    async def right() -> bool:
        put_on, said = shown()
        voted = len({municipalities[user] for user, _ in put_on if user in municipalities})
        async with kept.read() as session:
            waiting = await session.scalar(select(Emoji.key).where(Emoji.uncounted).limit(1))
        return waiting is None and await list_clicks(kept) == put_on and f"{voted} af 3 kommuner" in said

    await asyncio.wait_for(_poll(right), PATIENCE)


async def _until(true: Callable[[], bool]) -> None:
    async def look() -> bool:
        return true()

    await asyncio.wait_for(_poll(look), PATIENCE)


async def _poll(true: Callable[[], Awaitable[bool]]) -> None:
    while True:
        if await true():
            return
        await asyncio.sleep(0.1)
