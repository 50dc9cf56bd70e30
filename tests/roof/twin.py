"""A chat in memory that obeys the port: it can be told to fail, and remembers what it was asked for."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import Any

from bot.port import File, Located, PlatformError, Traits
from handlers.chat.messages import Message, plain_text
from storage.enums import Trouble


@dataclass
class Sent:
    id: str
    channel: str
    text: str
    mark: str
    thread: str = ""
    emojis: list[str] = field(default_factory=list)
    updates: int = 0


class TwinPlatform:
    """Keeps messages in a list. `failures` are raised, one per call, before anything happens; `defects` are failures
    that nobody wrapped; `lost_answers` are raised after it happened; `unreadable` are raised, one per list of emojis
    that is asked for, and `read` counts those; it `refuses` everything while that is set. Posts to a channel that is
    `held` wait for its event."""

    def __init__(self, tally_seconds: float = 0.0, name: str = "twin") -> None:
        self.name = name
        self.workspace = "w"
        self.connected = True
        self.tries = 0
        self.refuses: PlatformError | None = None
        self._shut: set[str] = set()
        self.traits = Traits(tally_seconds=tally_seconds, looks_for_marks=True)
        self.sent: list[Sent] = []
        self.failures: list[PlatformError] = []
        self.defects: list[Exception] = []
        self.lost_answers: list[PlatformError] = []
        self.listed: dict[str, list[tuple[str, str]] | None] = {}
        self.unreadable: list[PlatformError] = []
        self.read = 0
        self.held: dict[str, asyncio.Event] = {}

    def shut(self, channel: str) -> None:
        """The bot can't write there, until it is opened again."""
        self._shut.add(channel)

    def open(self, channel: str) -> None:
        self._shut.discard(channel)

    async def post(self, channel: str, message: Message, *, mark: str, thread: str = "") -> Located:
        self._maybe_fail(channel)
        if channel in self.held:
            await self.held[channel].wait()
        made = Sent(f"m{len(self.sent) + 1}", channel, plain_text(message), mark, thread)
        self.sent.append(made)
        if self.lost_answers:
            raise self.lost_answers.pop(0)
        return Located(channel, made.id)

    async def update(self, where: Located, message: Message) -> None:
        self._maybe_fail(where.channel)
        found = self._find(where)
        found.text, found.updates = plain_text(message), found.updates + 1

    async def whisper(self, channel: str, user: str, message: Message, *, mark: str) -> None:
        await self.post(f"{channel}>{user}", message, mark=mark)

    async def direct(self, user: str, message: Message, *, mark: str) -> Located:
        return await self.post(f"@{user}", message, mark=mark)

    async def seed(self, where: Located, emojis: tuple[str, ...]) -> None:
        self._maybe_fail(where.channel)
        self._find(where).emojis.extend(emojis)

    async def attach(self, channel: str, user: str, file: File, *, mark: str, thread: str = "") -> None:
        self._maybe_fail(channel)

    async def board(self, user: str, message: Message) -> None:
        self._maybe_fail()

    async def find_mark(self, channel: str, user: str, mark: str, thread: str = "") -> Located | None:
        return next((Located(one.channel, one.id) for one in self.sent if one.mark == mark), None)

    async def emojis(self, where: Located) -> dict[tuple[str, str], Any] | None:
        self.read += 1
        if self.unreadable:
            raise self.unreadable.pop(0)
        found = self.listed.get(where.message, [])
        return None if found is None else dict.fromkeys(found)

    def texts(self, channel: str) -> list[str]:
        return [one.text for one in self.sent if one.channel == channel]

    def _find(self, where: Located) -> Sent:
        return next(one for one in self.sent if one.id == where.message)

    def _maybe_fail(self, channel: str = "") -> None:
        self.tries += 1
        if self.refuses is not None:
            raise self.refuses
        if channel in self._shut:
            raise PlatformError("is_archived", Trouble.PLACE, permanent=True)
        if self.defects:
            raise self.defects.pop(0)
        if self.failures:
            raise self.failures.pop(0)
