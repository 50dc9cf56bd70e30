"""One Mattermost server: listens to it, sends to it, and leads its people through forms."""

from __future__ import annotations

import asyncio
import datetime as dt
import json
from typing import Any

import structlog
from sqlalchemy.exc import SQLAlchemyError

import locales
from bot.lease import Lease
from bot.platforms.mattermost.clicks import Clicks, Hint
from bot.platforms.mattermost.client import Client, last_changed
from bot.platforms.mattermost.dialogs import Dialogs
from bot.platforms.mattermost.drafts import Drafts
from bot.platforms.mattermost.house import Access, House
from bot.platforms.mattermost.lines import Lines
from bot.platforms.mattermost.pauses import doubled
from bot.platforms.mattermost.people import NAME, WORKSPACE
from bot.platforms.mattermost.presses import Presses
from bot.platforms.mattermost.send import MattermostSender
from bot.platforms.mattermost.stream import FIRST_PAUSE, LONGEST_PAUSE, Arrived, Event, Missed, Stream
from bot.port import PlatformError, Traits
from handlers.chat.interactions import OpenBoard, Place
from storage.queries import members

LANGUAGE_KEPT = dt.timedelta(minutes=1)
"""How long somebody's language is believed without asking the database again."""

log = structlog.get_logger()


class MattermostPlatform(MattermostSender):
    """One server.

    Args:
        access: how to get into the server.
        house: the bot that the platform belongs to.
    """

    name = NAME
    workspace = WORKSPACE
    traits = Traits(tally_seconds=3.0, looks_for_marks=True)

    def __init__(self, access: Access, house: House) -> None:
        super().__init__(Client(access.address, access.token), access.callback_url, house.language, house.clock)
        self.command_tokens = access.command_tokens
        self.house = house
        self.lines = Lines(house.clock)
        self.dialogs = Dialogs(self, Drafts(house.storage, house.clock), house)
        self.presses = Presses(self, self.dialogs, house)
        self.lease = Lease(house.storage, house.clock, f"{NAME} stream")
        self._languages: dict[str, tuple[str, dt.datetime]] = {}
        self._clicks = Clicks(self, house)
        self._stream = Stream(self.client, self._deal)
        self._tasks: list[asyncio.Task[None]] = []

    async def start(self) -> None:
        """Begin to listen, as soon as no other process does. A server that does not answer is tried again and again; it
        does not stop the start."""
        listening = self.lease.hold(self._stream.listen)
        for work in (self._meet(), listening, self._stream.deal()):
            self._tasks.append(asyncio.create_task(work, name="mattermost"))

    async def stop(self) -> None:
        """End what `start` began, whatever has become of it, and hang up."""
        for task in self._tasks:
            task.cancel()
        for ended in await asyncio.gather(*self._tasks, return_exceptions=True):
            if isinstance(ended, Exception):
                log.error("task_died", exc_info=ended)
        self._clicks.stop()
        await self.client.close()

    @property
    def connected(self) -> bool:
        """Whether the stream is open here, or is another process's to listen to."""
        return bool(self._tasks) and (self._stream.is_open or not self.lease.held)

    @property
    def is_listening(self) -> bool:
        """Whether the stream of events is open now."""
        return self._stream.is_open

    async def language_of(self, user: str) -> str:
        """The language that the bot speaks to somebody; its own where the database does not say."""
        language, until = self._languages.get(user, ("", self.house.clock.now()))
        if until > self.house.clock.now():
            return language
        try:
            async with self.house.storage.read() as session:
                known = await members.find_person(session, NAME, WORKSPACE, user)
        except SQLAlchemyError as error:
            log.warning("language_unknown", reason=type(error).__name__)
            return language or self.language
        language = locales.known_language(known.locale if known else "", self.language)
        self._languages[user] = (language, self.house.clock.now() + LANGUAGE_KEPT)
        return language

    async def _deal(self, batch: list[Arrived]) -> None:
        hints = []
        for one in batch:
            if isinstance(one, Missed):
                await self.house.resync()
            elif one.name in ("reaction_added", "reaction_removed"):
                hints.append(_read_hint(one))
            elif one.name == "user_updated":
                self.people.forget(one.data.get("user", {}).get("id", ""))
            elif one.name == "posted":
                await self._greet(one)
            elif await self._is_let_in(one):
                await self.house.let_in()
        if hints:
            await self._clicks.take(hints)
        self.house.wake()

    async def _is_let_in(self, event: Event) -> bool:
        """Whether the bot may be able to write now where it could not."""
        added = event.name == "user_added" and event.data.get("user_id") == await self.me()
        return added or event.name == "channel_restored"

    async def _meet(self) -> None:
        """Learn who the bot is before its first command comes: a form has no time to wait for it."""
        failures = 0
        while self._me is None:
            try:
                await self.me()
            except PlatformError as error:
                failures += 1
                log.warning("bot_unknown", reason=error.reason, failures=failures)
                await asyncio.sleep(doubled(FIRST_PAUSE, failures, LONGEST_PAUSE))

    async def _greet(self, event: Event) -> None:
        """Whoever writes to the bot without a command gets their board."""
        post = json.loads(event.data["post"])
        if event.data.get("channel_type") != "D" or post.get("type") or post["user_id"] == await self.me():
            return
        sender = await self.people.sender(post["user_id"])
        if not sender.bot:
            opened = OpenBoard(sender=sender, place=Place(post["channel_id"], direct=True))
            answer = await self.house.answer(opened)
            for number, shown in enumerate(answer.whispers):
                await self.direct(post["user_id"], shown, mark=f"{post['id']}{number}")


def _read_hint(event: Event) -> Hint:
    found: dict[str, Any] = json.loads(event.data["reaction"])
    off_at = last_changed(found) if event.name == "reaction_removed" else None
    return Hint(event.channel, found["post_id"], found["user_id"], found["emoji_name"], off_at)
