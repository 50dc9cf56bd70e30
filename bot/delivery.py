"""Sends what was decided: the outbox in order, each message once, tried again until the chat has it."""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import functools
from collections import Counter
from collections.abc import Awaitable, Callable

import structlog

from bot.clock import Clock
from bot.port import PlatformError, Platforms
from bot.seals import Seals
from bot.sending import NotPosted, Sending, TooSoon
from bot.settling import Settling
from bot.stopping import LAST_MOMENT
from storage.enums import Trouble
from storage.models.exchange import OutboxRow
from storage.queries import outbox
from storage.session import Storage

LEASE = dt.timedelta(seconds=60)
"""How long a row may be in the hands of one process before another may take it."""

AT_ONCE = 20
"""Rows of one platform that are on their way at the same time."""

log = structlog.get_logger()


class Delivery:
    """The one who sends.

    Args:
        storage: where the outbox is.
        platforms: those that are running; rows of others wait.
        seals: seals the buttons as they go out.
        clock: the time.
        on_ballot: told of each message that carries a ballot when it has been sent, so that its emojis are read.
        on_trouble: told of a row that was parked, or that has to wait for somebody, and what stands in the way.

    `on_their_way` are the rows that are being sent now, with their platforms.
    """

    def __init__(self, storage: Storage, platforms: Platforms, seals: Seals, clock: Clock) -> None:
        self._storage = storage
        self._platforms = platforms
        self._clock = clock
        self._sending = Sending(storage, seals, clock)
        self._settling = Settling(storage, clock)
        self._work = asyncio.Event()
        self._beginning = asyncio.Lock()
        self._running: asyncio.Task[None] | None = None
        self._stopping = False
        self.on_their_way: dict[asyncio.Task[None], str] = {}
        self._in_hand: set[int] = set()
        self.on_ballot: Callable[[str], Awaitable[None]] | None = None
        self.on_trouble: Callable[[OutboxRow, Trouble], Awaitable[None]] | None = None

    def wake(self) -> None:
        """There may be something to send."""
        self._work.set()

    async def try_parked(self, name: str) -> None:
        """The bot was let into a channel of this platform, or one was opened again: the oldest message of each lane
        that was parked for its place is tried once more, and where it arrives, the others follow."""
        platform = self._platforms.find(name)
        if platform is None:
            return
        async with self._storage.write() as session:
            await outbox.retry_parked(session, (name, platform.workspace), self._clock.now())
        self.wake()

    async def drain(self) -> None:
        """Send until nothing is due and nothing is on its way."""
        while True:
            still_sending = bool(self.on_their_way)
            await self._begin_ready()
            if not self.on_their_way:
                if still_sending:  # it ended while it was looked for what is due: what comes after it was not found yet
                    continue
                return
            done, _ = await asyncio.wait(self.on_their_way, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()

    async def run(self) -> None:
        """Send for ever: at once when woken, when a row has been sent, and when the next one is due."""
        self._running = asyncio.current_task()
        while not self._stopping:
            self._work.clear()
            try:
                await self._begin_ready()
                wait = await self._seconds_to_next()
            except Exception:
                log.exception("delivery_round_failed")
                wait = 5.0
            await self._rest(wait)

    async def stop(self) -> None:
        """Begin nothing more, and let what is on its way arrive; what takes too long is sent after the next start."""
        self._stopping = True
        self.wake()
        if ending := {*self.on_their_way, *([self._running] if self._running is not None else [])}:
            await asyncio.wait(ending, timeout=LAST_MOMENT)
        for task in list(self.on_their_way):
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task

    async def _rest(self, seconds: float) -> None:
        """Until woken, or so long."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._work.wait(), seconds)

    async def _seconds_to_next(self) -> float:
        """What is behind a row that is on its way is looked at when that one has ended, and not before."""
        async with self._storage.read() as session:
            moment = await outbox.next_outbox_moment(session, list(self._room()), self._in_hand)
        if moment is None:
            return 30.0
        return min(30.0, max(0.2, (moment - self._clock.now()).total_seconds()))

    async def _begin_ready(self) -> None:
        """Begin to send what is due; a row that takes its time holds up only those that come after it in its lane.

        One at a time: who finds nothing must not do so because another has taken it and not begun yet."""
        async with self._beginning:
            for row in await self._take_ready():
                task = asyncio.create_task(self._send(row), name=f"send {row.id}")
                self.on_their_way[task] = row.platform
                self._in_hand.add(row.id)
                task.add_done_callback(functools.partial(self._ended, row.id))

    async def _take_ready(self) -> list[OutboxRow]:
        room = self._room()
        async with self._storage.read() as session:
            if not await outbox.list_ready(session, list(room), self._clock.now(), limit=1):
                return []
        async with self._storage.write() as session:
            now = self._clock.now()
            found = [row for name, free in room.items() for row in await outbox.list_ready(session, [name], now, free)]
            rows = [row for row in found if row.id not in self._in_hand]  # its lease may be over before it has arrived
            for row in rows:
                row.lease_until = now + LEASE
                row.attempts += 1
        return rows

    def _room(self) -> dict[str, int]:
        """Platform → how many more rows may be on their way to it."""
        sending = Counter(self.on_their_way.values())
        return {name: AT_ONCE - sending[name] for name in self._platforms.names if sending[name] < AT_ONCE}

    def _ended(self, row_id: int, task: asyncio.Task[None]) -> None:
        del self.on_their_way[task]
        self._in_hand.discard(row_id)
        self.wake()
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("delivery_failed", exc_info=error)

    async def _send(self, row: OutboxRow) -> None:
        platform = self._platforms.find(row.platform)
        assert platform is not None
        try:
            located = await self._sending.perform(platform, row)
        except NotPosted:
            await self._settling.not_posted(row)
        except TooSoon as error:
            await self._settling.put_off(row, error.due)
        except PlatformError as error:
            await self._fail(row, error)
        except Exception as error:  # a row that is a defect must not hold its lane up for ever
            await self._fail(row, PlatformError(type(error).__name__))
            raise
        else:
            await self._settling.success(row, located)
            if row.target.get("ballot") and self.on_ballot is not None:
                await self.on_ballot(row.key)

    async def _fail(self, row: OutboxRow, error: PlatformError) -> None:
        if await self._settling.failure(row, error) and self.on_trouble is not None:
            await self.on_trouble(row, error.trouble)
