"""Sends what was decided: the outbox in order, each message once, tried again until the chat has it."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import datetime as dt
import functools
from collections import Counter
from collections.abc import Awaitable, Callable

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from bot.clock import Clock
from bot.port import File, Located, Platform, PlatformError, Platforms, ThreadGone, Trouble
from bot.seals import PRIVATE_LIFE, Seals
from bot.stopping import LAST_MOMENT
from handlers.chat import messages
from handlers.chat.messages import Message
from storage.enums import OutboxState
from storage.models.exchange import OutboxRow, SentMessage
from storage.queries import exchange
from storage.session import Storage

LEASE = dt.timedelta(seconds=60)
"""How long a row may be in the hands of one process before another may take it."""

FIRST_WAIT = 1.0
"""Seconds before the second try; doubled at every further one."""

LONGEST_WAIT = 300.0

AT_ONCE = 20
"""Rows of one platform that are on their way at the same time."""

MOST_TRIES = 60
"""About four hours with the waits above; then the row is parked and told of."""

_WAITS_FOR_POST = ("update", "seed")

log = structlog.get_logger()


class _Waiting(Exception):
    """The message that this row belongs to has not been sent yet."""


class _TooSoon(Exception):
    """A tally was shown a moment ago; the next one waits until `due`."""

    def __init__(self, due: dt.datetime) -> None:
        super().__init__()
        self.due = due


class Delivery:
    """The one who sends.

    Args:
        storage: where the outbox is.
        platforms: those that are running; rows of others wait.
        seals: seals the buttons as they go out.
        clock: the time.
        on_ballot: told of each message that carries a ballot when it has been sent, so that its emojis are read.
        on_parked: told of each row that can never be sent, and what stood in the way.

    `on_their_way` are the rows that are being sent now, with their platforms.
    """

    def __init__(self, storage: Storage, platforms: Platforms, seals: Seals, clock: Clock) -> None:
        self._storage = storage
        self._platforms = platforms
        self._seals = seals
        self._clock = clock
        self._work = asyncio.Event()
        self._running: asyncio.Task[None] | None = None
        self._stopping = False
        self.on_their_way: dict[asyncio.Task[None], str] = {}
        self._in_hand: set[int] = set()
        self.on_ballot: Callable[[str], Awaitable[None]] | None = None
        self.on_parked: Callable[[OutboxRow, Trouble], Awaitable[None]] | None = None

    def wake(self) -> None:
        """There may be something to send."""
        self._work.set()

    async def drain(self) -> None:
        """Send until nothing is due and nothing is on its way."""
        while True:
            await self._begin_ready()
            if not self.on_their_way:
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
            moment = await exchange.next_outbox_moment(session, list(self._room()), self._in_hand)
        if moment is None:
            return 30.0
        return min(30.0, max(0.2, (moment - self._clock.now()).total_seconds()))

    async def _begin_ready(self) -> None:
        """Begin to send what is due; a row that takes its time holds up only those that come after it in its lane."""
        room = self._room()
        async with self._storage.read() as session:
            if not await exchange.list_ready(session, list(room), self._clock.now(), limit=1):
                return
        async with self._storage.write() as session:
            now = self._clock.now()
            found = [
                row for name, free in room.items() for row in await exchange.list_ready(session, [name], now, free)
            ]
            rows = [row for row in found if row.id not in self._in_hand]  # its lease may be over before it has arrived
            for row in rows:
                row.lease_until = now + LEASE
                row.attempts += 1
        for row in rows:
            task = asyncio.create_task(self._send(row), name=f"send {row.id}")
            self.on_their_way[task] = row.platform
            self._in_hand.add(row.id)
            task.add_done_callback(functools.partial(self._ended, row.id))

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
            located = await self._perform(platform, row)
        except _Waiting:
            await self._settle_waiting(row)
        except _TooSoon as error:
            await self._put_off(row, error.due)
        except PlatformError as error:
            await self._settle_failure(row, error)
        except Exception as error:  # a row that is a defect must not hold its lane up for ever
            await self._settle_failure(row, PlatformError(type(error).__name__))
            raise
        else:
            await self._settle_success(row, located)

    async def _perform(self, platform: Platform, row: OutboxRow) -> Located | None:
        target = row.target
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
            await platform.board(target["user"], shown)
            return None
        if row.kind == "whisper":
            await platform.whisper(target["channel"], target["user"], shown, mark=row.mark)
            return None
        return await self._post(platform, row, shown)

    async def _awaited(self, platform: Platform, row: OutboxRow) -> Located:
        async with self._storage.read() as session:
            sent = await exchange.find_sent(session, row.key)
        if sent is None:
            raise _Waiting
        due = sent.updated_at + dt.timedelta(seconds=platform.traits.tally_seconds)
        if row.target.get("tally") and due > self._clock.now():
            raise _TooSoon(due)
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
            raise PlatformError("the message that it stands under was never sent", permanent=True)
        try:
            return await platform.post(target["channel"], shown, mark=row.mark, thread=thread)
        except ThreadGone:
            log.info("thread_was_deleted", row=row.id, dropped=bool(target.get("only_there")))
            if target.get("only_there"):
                return None
            return await platform.post(target["channel"], shown, mark=row.mark)

    async def _attach(self, platform: Platform, row: OutboxRow) -> None:
        target, body = row.target, row.body
        thread = await self._thread(target.get("thread", ""))
        if await self._find_earlier(platform, row, thread) is not None:
            return
        content = base64.b64decode(body["content"])
        file = File(body["name"], body["media_type"], content, body["description"])
        await platform.attach(target["channel"], target["user"], file, mark=row.mark, thread=thread)

    @staticmethod
    async def _find_earlier(platform: Platform, row: OutboxRow, thread: str) -> Located | None:
        """What an earlier try of this row has posted although no answer came, where the chat can be asked for it."""
        if row.attempts <= 1 or not platform.traits.looks_for_marks:
            return None
        return await platform.find_mark(row.target.get("channel", ""), row.target.get("user", ""), row.mark, thread)

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

    async def _settle_success(self, row: OutboxRow, located: Located | None) -> None:
        now = self._clock.now()
        async with self._storage.write() as session:
            stored = await session.get_one(OutboxRow, row.id)
            stored.lease_until = None
            stored.state = OutboxState.SENT
            if row.key and located is not None:
                await _remember(session, row, located, now)
        if row.target.get("ballot") and self.on_ballot is not None:
            await self.on_ballot(row.key)

    async def _put_off(self, row: OutboxRow, due: dt.datetime) -> None:
        async with self._storage.write() as session:
            stored = await session.get_one(OutboxRow, row.id)
            stored.lease_until, stored.due_at = None, due
            stored.attempts -= 1

    async def _settle_waiting(self, row: OutboxRow) -> None:
        async with self._storage.write() as session:
            stored = await session.get_one(OutboxRow, row.id)
            stored.lease_until = None
            stored.attempts -= 1
            if await exchange.has_pending_post(session, row.key):
                stored.due_at = self._clock.now() + dt.timedelta(seconds=FIRST_WAIT)
            elif await exchange.find_sent(session, row.key) is None:
                stored.state = OutboxState.PARKED
                stored.reason = "its message was never sent"

    async def _settle_failure(self, row: OutboxRow, error: PlatformError) -> None:
        hopeless = error.permanent or row.attempts >= MOST_TRIES
        wait = error.retry_after or min(LONGEST_WAIT, FIRST_WAIT * 2 ** (row.attempts - 1))
        log.warning("send_failed", kind=row.kind, row=row.id, reason=error.reason, parked=hopeless)
        async with self._storage.write() as session:
            stored = await session.get_one(OutboxRow, row.id)
            stored.lease_until = None
            stored.reason = error.reason
            stored.due_at = self._clock.now() + dt.timedelta(seconds=wait)
            if hopeless:
                stored.state = OutboxState.PARKED
        if hopeless and self.on_parked is not None:
            await self.on_parked(row, error.trouble)


async def _remember(session: AsyncSession, row: OutboxRow, located: Located, now: dt.datetime) -> None:
    known = await exchange.find_sent(session, row.key)
    if known is not None:
        known.updated_at = now
        return
    session.add(
        SentMessage(
            key=row.key,
            group_id=row.group_id,
            platform=row.platform,
            workspace=row.workspace,
            channel=located.channel,
            message=located.message,
            ballot=bool(row.target.get("ballot")),
            counting=bool(row.target.get("ballot")),
            sent_at=now,
            updated_at=now,
        )
    )
