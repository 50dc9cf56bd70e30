"""Puts the parts together: storage, app, delivery, timers and platforms, for the demonstration and for real."""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt

import structlog

from bot.app import App
from bot.ballots import Ballots
from bot.boards import Boards
from bot.delivery import Delivery
from bot.office import Given
from bot.outages import Outages
from bot.parked import Parked
from bot.port import Platforms
from bot.seals import Seals
from bot.stopping import between_pieces
from bot.timetable import AlarmClock, Timetable
from handlers.workdays import is_working_day
from storage.queries import exchange
from storage.session import Storage

GATHERED = 0.25
"""Seconds from a click to the count that takes it in, and with it all that were made meanwhile."""

RECOVERY = 5.0
"""Seconds before counting is tried again after it failed: a database that is away is not asked four times a second."""

KEPT = dt.timedelta(days=30)
"""How long once-keys and messages are kept that were sent or that nobody could send: far longer than any chat repeats a
delivery, and than a channel is archived by mistake."""

DAY = 86_400.0
"""Seconds between two looks at what has grown old."""

log = structlog.get_logger()


class Runtime:
    """The running bot.

    Args:
        storage: an upgraded database.
        given: time, ids, zone and language.
        keys: the signing keys, the first of which signs.
    """

    def __init__(self, storage: Storage, given: Given, keys: tuple[str, ...]) -> None:
        self.storage = storage
        self.clock = given.clock
        self.platforms = Platforms()
        self._to_count = asyncio.Event()
        self.seals = Seals(keys)
        self.app = App(storage, self.seals, given)
        self.delivery = Delivery(storage, self.platforms, self.seals, given.clock)
        self.ballots = Ballots(storage, self.app.counting, self.platforms, given.clock, given.sleep)
        self.delivery.on_ballot = lambda key: self.ballots.glance([key])
        self.delivery.on_trouble = Parked(self.app).tell
        self.tell_outage = Outages(self.app).tell
        self.app.on_click = self._to_count.set
        self.boards = Boards(self.app, self.platforms, self.delivery.wake)
        self.app.on_board = self.boards.asked
        storage.on_change = self.boards.stir
        self.timetable = Timetable(self.app, self.ballots.compare)
        self.alarm = AlarmClock(self.timetable, given.clock.now, self.delivery.wake)
        self.app.on_due = self.alarm.ring
        self._counting, self._forgetting = asyncio.Lock(), asyncio.Lock()
        self._tasks: list[asyncio.Task[None]] = []

    def start(self) -> None:
        """Begin to deliver, to count and to wake, and beside that to compare open ballots with the chats: nothing waits
        for a chat that is slow."""
        self._to_count.set()
        begun = {
            "warming up": self._warm_up(),
            "forgetting": self._forget(),
            "counting": self._count(),
            "first look": self._look_first(),
            "second looks": self.ballots.run(),
            "delivery": self.delivery.run(),
            "boards": self.boards.run(),
        }
        self._tasks += [asyncio.create_task(work, name=name) for name, work in begun.items()]
        self.alarm.start()

    async def stop(self) -> None:
        """End what `start` began, each after the piece of work that it is at, and close the database."""
        await self.delivery.stop()
        async with between_pieces(*self._pieces()):
            self.alarm.stop()
            for task in self._tasks:
                task.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await task
        await self.storage.dispose()

    def _pieces(self) -> tuple[asyncio.Lock, ...]:
        """Held in turn while a piece of work is done; who does one that needs another's comes before that one."""
        return self._forgetting, self._counting, self.alarm.waking, self.boards.drawing, self.ballots.reading

    async def settle(self) -> None:
        """Count what was clicked, do what was left to a timer, draw the boards that show it, and send all that is due
        now."""
        await self.ballots.look_again()
        await self.app.counting.count_all()
        await self.alarm.answer()
        await self.boards.renew()
        await self.delivery.drain()

    async def _warm_up(self) -> None:
        """Load the calendar of holidays, which takes half a second, before the first person has to wait for it."""
        await asyncio.to_thread(is_working_day, self.clock.now().date())

    async def _forget(self) -> None:
        """Forget for ever what has grown old."""
        while True:
            await self.forget()
            await asyncio.sleep(DAY)

    async def forget(self) -> None:
        """Forget what has grown old: messages that were sent and that nobody could send, and once-keys."""
        async with self._forgetting:
            try:
                async with self.storage.write() as session:
                    reasons = await exchange.prune(session, self.clock.now() - KEPT)
            except Exception:
                log.exception("forgetting_failed")
                return
        if reasons:
            log.warning("parked_messages_forgotten", reasons=reasons)

    async def _count(self) -> None:
        """Count clicks for ever, those of a moment together."""
        while True:
            await self._to_count.wait()
            await asyncio.sleep(GATHERED)
            self._to_count.clear()
            if not await self._count_now():
                await asyncio.sleep(RECOVERY)
                self._to_count.set()

    async def _count_now(self) -> bool:
        """Returns whether it worked."""
        async with self._counting:
            try:
                await self.app.counting.count_all()
            except Exception:
                log.exception("counting_failed")
                return False
        self.delivery.wake()
        return True

    async def _look_first(self) -> None:
        try:
            await self.reconcile()
        except Exception:
            log.exception("reconciling_failed")

    async def reconcile(self, platform: str = "") -> None:
        """Compare the ballots on a platform (all where empty) with the chat's own lists: at start and at reconnect."""
        async with self.storage.read() as session:
            sent = await exchange.list_ballot_messages(session, "")
        keys = [one.key for one in sent if not platform or one.platform == platform]
        await self.ballots.glance(keys)
