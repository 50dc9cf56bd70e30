"""Writes the bot's messages into the local workspace, and tells the pages that are open."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.clock import MovableClock
from bot.port import File, Located, PlatformError
from handlers.chat import messages
from handlers.chat.messages import Form, Message
from storage.enums import Trouble
from storage.models.workspace import LocalFile, LocalMessage, LocalReaction
from storage.queries import workspace
from storage.session import Storage

BOT = "bot"


@dataclass(frozen=True, slots=True)
class Line:
    """A message that somebody wrote. `private_to` is who alone sees it, `thread` the message that it stands under,
    `files` the names and ids of what hangs on it; a line with a `mark` is there once."""

    channel: str
    author: str
    message: Message
    thread: str = ""
    private_to: str = ""
    mark: str | None = None
    files: tuple[dict[str, str], ...] = ()


class LocalSender:
    """The sending half of the local workspace. A post with a mark that is there already changes nothing."""

    def __init__(self, storage: Storage, clock: MovableClock) -> None:
        self.storage = storage
        self.clock = clock
        self.forms: dict[str, Form] = {}
        self.boards: dict[str, Message] = {}
        self._listeners: set[asyncio.Queue[str]] = set()

    async def post(self, channel: str, message: Message, *, mark: str, thread: str = "") -> Located:
        return await self.write(Line(channel, BOT, message, thread, mark=mark))

    async def update(self, where: Located, message: Message) -> None:
        async with self.storage.write() as session:
            row = await session.get(LocalMessage, int(where.message))
            if row is None:
                raise PlatformError("message_not_found", Trouble.MESSAGE, permanent=True)
            row.body, row.edited_at = messages.to_data(message), self.clock.now()
        self.tell(where.channel)

    async def whisper(self, channel: str, user: str, message: Message, *, mark: str) -> None:
        await self.write(Line(channel, BOT, message, private_to=user, mark=mark))

    async def direct(self, user: str, message: Message, *, mark: str) -> Located:
        return await self.write(Line(f"dm:{user}", BOT, message, private_to=user, mark=mark))

    async def seed(self, where: Located, emojis: tuple[str, ...]) -> None:
        async with self.storage.write() as session:
            for emoji in emojis:
                await workspace.put_reaction(session, int(where.message), emoji, BOT, on=True)
        self.tell(where.channel)

    async def attach(self, channel: str, user: str, file: File, *, mark: str, thread: str = "") -> None:
        shown = messages.message(messages.Note(file.description))
        files = ({"name": file.name, "id": mark},)
        where, private = (channel, "") if channel else (f"dm:{user}", user)
        content = LocalFile(id=mark, name=file.name, media_type=file.media_type, content=file.content)
        await self.write(Line(where, BOT, shown, thread, private, mark, files), content)

    async def board(self, user: str, message: Message) -> None:
        self.boards[user] = message
        self.tell(f"dm:{user}")

    async def find_mark(self, channel: str, user: str, mark: str, thread: str = "") -> Located | None:
        async with self.storage.read() as session:
            row = await workspace.find_marked(session, mark)
        return Located(row.channel, str(row.id)) if row else None

    async def emojis(self, where: Located) -> dict[tuple[str, str], None] | None:
        async with self.storage.read() as session:
            if await session.get(LocalMessage, int(where.message)) is None:
                return None
            there = select(LocalReaction).where(LocalReaction.message == int(where.message), LocalReaction.on)
            rows = await session.scalars(there)
            return {(row.person, row.emoji): None for row in rows if row.person != BOT}

    async def write(self, line: Line, file: LocalFile | None = None) -> Located:
        """Put a line there with the file that hangs on it; one with a mark that is there already changes nothing.

        Raises:
            PlatformError: there is no such channel.
        """
        async with self.storage.write() as session:
            known = await workspace.find_marked(session, line.mark) if line.mark else None
            if known is not None:
                return Located(known.channel, str(known.id))
            if not await _exists(session, line.channel):
                raise PlatformError("channel_not_found", Trouble.PLACE, permanent=True)
            row = _row(line, self.clock.now())
            session.add_all([row, file] if file is not None else [row])
            await session.flush()
        self.tell(line.channel)
        return Located(line.channel, str(row.id))

    def tell(self, channel: str) -> None:
        """The pages that are open look again at this channel."""
        for queue in self._listeners:
            queue.put_nowait(channel)

    @contextmanager
    def listening(self) -> Iterator[asyncio.Queue[str]]:
        """A queue of the channels that change."""
        queue: asyncio.Queue[str] = asyncio.Queue()
        self._listeners.add(queue)
        try:
            yield queue
        finally:
            self._listeners.discard(queue)


def _row(line: Line, now: dt.datetime) -> LocalMessage:
    return LocalMessage(
        channel=line.channel,
        author=line.author,
        private_to=line.private_to,
        thread=int(line.thread) if line.thread else None,
        body=messages.to_data(line.message),
        files=list(line.files),
        at=now,
        mark=line.mark,
    )


async def _exists(session: AsyncSession, channel: str) -> bool:
    if channel.startswith("dm:"):
        return await workspace.find_person(session, channel.removeprefix("dm:")) is not None
    return await workspace.find_channel(session, channel) is not None
