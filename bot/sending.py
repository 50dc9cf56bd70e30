"""Sends one row of the outbox: the message that it holds, sealed for whom it goes to, where it belongs."""

from __future__ import annotations

import base64
import datetime as dt

import structlog

from bot.clock import Clock
from bot.port import File, Located, Platform, PlatformError, ThreadGone
from bot.seals import PRIVATE_LIFE, Seals
from handlers.chat import messages
from handlers.chat.messages import Message
from storage.enums import Trouble
from storage.models.exchange import OutboxRow
from storage.queries import exchange
from storage.session import Storage

_WAITS_FOR_POST = ("update", "seed")

log = structlog.get_logger()


class NotPosted(Exception):
    """The message that this row belongs to has not been sent yet."""


class TooSoon(Exception):
    """A tally was shown a moment ago; the next one waits until `due`."""

    def __init__(self, due: dt.datetime) -> None:
        super().__init__()
        self.due = due


class Sending:
    """The one who hands over.

    Args:
        storage: knows what the messages that rows belong to are called in the chat.
        seals: seals the buttons as they go out.
        clock: the time.
    """

    def __init__(self, storage: Storage, seals: Seals, clock: Clock) -> None:
        self._storage = storage
        self._seals = seals
        self._clock = clock

    async def perform(self, platform: Platform, row: OutboxRow) -> Located | None:
        """Do what the row promises; returns where its message is now, `None` for what is no message.

        Raises:
            NotPosted: its message has not been sent yet.
            TooSoon: it is a tally that has to wait.
            PlatformError: the chat did not take it.
        """
        if row.workspace != platform.workspace:  # the token is another workspace's than when this was decided
            raise PlatformError("another_workspace", Trouble.TOKEN)
        where = await self._awaited(platform, row) if row.kind in _WAITS_FOR_POST else None
        if row.kind == "seed":
            assert where is not None
            await platform.seed(where, tuple(row.body["emojis"]))
            return None
        if row.kind == "attach":
            await self._attach(platform, row)
            return None
        shown = self._sealed(platform, row)
        if row.kind == "update":
            assert where is not None
            await platform.update(where, shown)
            return where
        if row.kind == "board":
            await platform.board(row.target["user"], shown)
            return None
        if row.kind == "whisper":
            await platform.whisper(row.target["channel"], row.target["user"], shown, mark=row.mark)
            return None
        return await self._post(platform, row, shown)

    async def _attach(self, platform: Platform, row: OutboxRow) -> None:
        target, body = row.target, row.body
        thread = await self._thread(target.get("thread", ""))
        if await self._find_earlier(platform, row, thread) is not None:
            return
        content = base64.b64decode(body["content"])
        file = File(body["name"], body["media_type"], content, body["description"])
        try:
            await platform.attach(target["channel"], target["user"], file, mark=row.mark, thread=thread)
        except ThreadGone:
            log.info("thread_was_deleted", row=row.id, dropped=True)

    @staticmethod
    async def _find_earlier(platform: Platform, row: OutboxRow, thread: str) -> Located | None:
        """What an earlier try of this row has posted although no answer came, where the chat can be asked for it."""
        if row.attempts <= 1 or not platform.traits.looks_for_marks:
            return None
        return await platform.find_mark(row.target.get("channel", ""), row.target.get("user", ""), row.mark, thread)

    async def _awaited(self, platform: Platform, row: OutboxRow) -> Located:
        async with self._storage.read() as session:
            sent = await exchange.find_sent(session, row.key)
        if sent is None:
            raise NotPosted
        due = sent.updated_at + dt.timedelta(seconds=platform.traits.tally_seconds)
        if row.target.get("tally") and due > self._clock.now():
            raise TooSoon(due)
        return Located(sent.channel, sent.message)

    async def _post(self, platform: Platform, row: OutboxRow, shown: Message) -> Located | None:
        target = row.target
        thread = await self._thread(target.get("thread", ""))
        if (there := await self._find_earlier(platform, row, thread)) is not None:
            await platform.update(there, shown)
            return there
        if row.kind == "direct":
            return await platform.direct(target["user"], shown, mark=row.mark)
        if target.get("only_there") and not thread:
            raise PlatformError("its_thread_was_not_posted", Trouble.POST, permanent=True)
        try:
            return await platform.post(target["channel"], shown, mark=row.mark, thread=thread)
        except ThreadGone:
            log.info("thread_was_deleted", row=row.id, dropped=bool(target.get("only_there")))
            if target.get("only_there"):
                return None
            return await platform.post(target["channel"], shown, mark=row.mark)

    async def _thread(self, key: str) -> str:
        if not key:
            return ""
        async with self._storage.read() as session:
            sent = await exchange.find_sent(session, key)
        return sent.message if sent else ""

    def _sealed(self, platform: Platform, row: OutboxRow) -> Message:
        person, until = "", 0
        if row.kind in ("direct", "whisper", "board"):
            person = f"{platform.name}/{platform.workspace}/{row.target['user']}"
            until = int((self._clock.now() + PRIVATE_LIFE).timestamp())
        return self._seals.seal_message(messages.from_data(row.body), row.group_id or 0, row.key, person, until)
