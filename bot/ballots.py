"""Reads the emojis on ballots from the chats, so that what is counted is what the chats show."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass

import structlog

from bot.clock import Clock
from bot.counting import Counting
from bot.port import Located, PlatformError, Platforms
from handlers.capability import Reading
from storage.models.exchange import SentMessage
from storage.queries import exchange
from storage.session import Storage

AT_ONCE = 5
"""Messages that are read at the same time: all of the largest poll, and few enough for a chat's rate limits."""

SECOND_LOOK = 3.0
"""Seconds before a list that told something else than the events did is read once more: events take about one, and a
list that was made while they are on their way is not the whole truth."""

LONGEST_PAUSE = 300.0

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class _Seen:
    """What a look at a message came to: whether it could not be read, and whether it should be looked at once more."""

    key: str
    unreadable: bool
    again: bool


class Ballots:
    """The ballots as the chats show them.

    Args:
        storage: knows where our messages are.
        counting: takes in what is read.
        platforms: those that are running; messages of others are left out.
        clock: the time.
        sleep: waits so many seconds.

    `reading` is held while what was read is taken in.
    """

    def __init__(
        self,
        storage: Storage,
        counting: Counting,
        platforms: Platforms,
        clock: Clock,
        sleep: Callable[[float], Awaitable[None]],
    ) -> None:
        self._storage = storage
        self._counting = counting
        self._platforms = platforms
        self._clock = clock
        self._sleep = sleep
        self._to_see: set[str] = set()
        self._there_are = asyncio.Event()
        self.reading = asyncio.Lock()

    async def compare(self, keys: Iterable[str]) -> tuple[str, ...]:
        """Bring what we know of these messages in line with the chats before something is decided on it. Returns those
        that could not be read: what was known of them stands.

        Where a list tells something else than the events did, a second one is waited for and believed."""
        seen = {one.key: one for one in await self._look(keys)}
        if odd := [key for key, one in seen.items() if one.again]:
            await self._sleep(SECOND_LOOK)
            seen |= {one.key: one for one in await self._look(odd)}
        return tuple(key for key, one in seen.items() if one.unreadable)

    async def glance(self, keys: Iterable[str]) -> None:
        """The same where nothing is waiting for it: the second look is left to `run`."""
        left = keys = set(keys)
        try:
            left = {one.key for one in await self._look(keys) if one.again}
        finally:
            self._leave(left)

    async def look_again(self) -> bool:
        """Take every second look now; returns whether all could be read. What could not is looked at later."""
        self._there_are.clear()
        left = keys = self._to_see
        self._to_see = set()
        try:
            left = {one.key for one in await self._look(keys) if one.unreadable and one.again}
        finally:
            self._leave(left)
        return not left

    async def run(self) -> None:
        """Take second looks for ever, each some time after the first; where a chat can't be read, ever less often."""
        pause = SECOND_LOOK
        while True:
            await self._there_are.wait()
            await self._sleep(pause)
            pause = SECOND_LOOK if await self._try_again() else min(LONGEST_PAUSE, 2 * pause)

    async def _try_again(self) -> bool:
        try:
            return await self.look_again()
        except Exception:
            log.exception("second_look_failed")
            return False

    def _leave(self, keys: Iterable[str]) -> None:
        """Leave these to the next second look."""
        self._to_see.update(keys)
        if self._to_see:
            self._there_are.set()

    async def _look(self, keys: Iterable[str]) -> list[_Seen]:
        async with self._storage.read() as session:
            sent = await exchange.map_sent(session, list(keys))
        turns = asyncio.Semaphore(AT_ONCE)

        async def look(one: SentMessage) -> _Seen | None:
            async with turns:
                return await self._look_at(one)

        async with asyncio.TaskGroup() as group:
            looking = [group.create_task(look(sent[key])) for key in sorted(sent)]
        return [seen for task in looking if (seen := task.result()) is not None]

    async def _look_at(self, sent: SentMessage) -> _Seen | None:
        """Read one message and take in what it shows; `None` where its platform does not run here."""
        platform = self._platforms.find(sent.platform)
        if platform is None or platform.workspace != sent.workspace:
            return None
        asked_at = self._clock.now()
        try:
            emojis = await platform.emojis(Located(sent.channel, sent.message))
        except PlatformError as error:
            log.warning("ballot_read_failed", key=sent.key, reason=error.reason)
            return _Seen(sent.key, unreadable=True, again=True)
        if emojis is None:
            log.warning("ballot_unreadable", key=sent.key)
            return _Seen(sent.key, unreadable=True, again=False)
        async with self.reading:
            again = await self._counting.take_reading(Reading(sent.key, emojis, asked_at))
        return _Seen(sent.key, unreadable=False, again=again)
