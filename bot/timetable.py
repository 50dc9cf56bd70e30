"""Gives the capabilities' timers to the clock: APScheduler only wakes the bot, the tables say what is to be done."""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import datetime as dt
from collections.abc import AsyncIterator, Awaitable, Callable

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.date import DateTrigger
from sqlalchemy.ext.asyncio import AsyncSession

import locales
from bot.app import App, claim_of
from bot.clock import MovableClock
from handlers.capability import Due, Timer
from storage.queries import exchange

LONGEST_SLEEP = dt.timedelta(minutes=5)
"""The bot looks at the tables at least this often, whatever it was told at the last look."""

MOST_WAKING = 100
"""Wakings that APScheduler may have under way at once. They take turns by `AlarmClock.waking`; but one that it finds
too many is passed over for good, and the clock would be silent: it counts a waking until a moment after its end.
"""

log = structlog.get_logger()

Read = Callable[[list[str]], Awaitable[tuple[str, ...]]]


class Timetable:
    """All timers of all capabilities.

    Args:
        app: does each piece of work in a transaction of its own.
        read: brings the ballots with these keys in line with the chats, outside any transaction; returns those that
            could not be read.
    """

    def __init__(self, app: App, read: Read) -> None:
        self._app = app
        self._read = read

    async def next_moment(self, after: dt.datetime) -> dt.datetime | None:
        """The first moment strictly after `after` when something may be due."""
        async with self._reading() as session:
            moments = [await timer.next_moment(session, after) for timer in self._app.timers]
        return min((moment for moment in moments if moment is not None), default=None)

    async def run_due(self) -> int:
        """Do all that is due now; returns how many pieces of work were done here."""
        done = 0
        for timer in self._app.timers:
            done += await self._run_timer(timer)
        return done

    async def _run_timer(self, timer: Timer) -> int:
        done = 0
        for one in await self._list_undone(timer):
            try:
                done += await self._run(timer, one)
            except Exception:
                log.exception("timer_failed", kind=timer.kind, group=one.group_id, subject=one.subject)
        return done

    async def _list_undone(self, timer: Timer) -> list[Due]:
        """What is due now and has not been claimed: no chat is read for what is done already."""
        async with self._reading() as session:
            due = await timer.due(session, self._app.clock.now())
            claimed = await exchange.list_claimed(session, [claim_of(timer, one) for one in due])
        return [one for one in due if claim_of(timer, one) not in claimed]

    @contextlib.asynccontextmanager
    async def _reading(self) -> AsyncIterator[AsyncSession]:
        """The tables, with days and hours meant in the installation's zone."""
        with locales.speaking(self._app.language, self._app.zone):
            async with self._app.storage.read() as session:
                yield session

    async def _run(self, timer: Timer, due: Due) -> bool:
        if timer.ballots is not None:
            async with self._app.storage.read() as session:
                keys = await timer.ballots(session, due)
            due = dataclasses.replace(due, unreadable=await self._read(keys))
        return await self._app.run_due(timer, due)


class AlarmClock:
    """Wakes the timetable when its next moment comes, and when it is rung.

    Args:
        timetable: what is woken.
        now: the time.
        after: called when something was done, so that it is sent.

    `waking` is held while what is due is done.
    """

    def __init__(self, timetable: Timetable, now: Callable[[], dt.datetime], after: Callable[[], None]) -> None:
        self._timetable = timetable
        self._now = now
        self._after = after
        self._scheduler = AsyncIOScheduler(timezone=dt.UTC)
        self._rung = False
        self.waking = asyncio.Lock()

    def start(self) -> None:
        """Begin: catch up with what is due, and sleep until the next moment."""
        self._scheduler.start()
        self._sleep(dt.timedelta(0))

    def stop(self) -> None:
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)

    def ring(self) -> None:
        """Something may be due now that was not due when it was last looked at."""
        self._rung = True
        if self._scheduler.running and not self.waking.locked():
            self._sleep(dt.timedelta(0))

    async def answer(self) -> None:
        """Do now what it was rung for, if it was."""
        async with self.waking:
            while self._rung:
                await self._do_due()

    async def _wake(self) -> None:
        async with self.waking:
            moment = await self._do_due()
        longest = self._now() + LONGEST_SLEEP
        wanted = self._now() if self._rung else min(moment or longest, longest)
        self._sleep(max(dt.timedelta(seconds=0.2), wanted - self._now()))

    def _sleep(self, sleep: dt.timedelta) -> None:
        self._scheduler.add_job(
            self._wake,
            DateTrigger(dt.datetime.now(dt.UTC) + sleep),
            id="wake",
            replace_existing=True,
            misfire_grace_time=None,
            coalesce=True,
            max_instances=MOST_WAKING,
        )

    async def _do_due(self) -> dt.datetime | None:
        """Returns when something may be due next."""
        self._rung = False
        try:
            if await self._timetable.run_due():
                self._after()
            return await self._timetable.next_moment(self._now())
        except Exception:
            log.exception("timetable_failed")
            return None


async def move_clock(
    clock: MovableClock, timetable: Timetable, settle: Callable[[], Awaitable[None]], to: dt.datetime
) -> None:
    """Move a clock forward, doing everything that is due on the way at its own moment."""
    while True:
        await timetable.run_due()
        await settle()
        moment = await timetable.next_moment(clock.now())
        if moment is None or moment > to:
            break
        clock.move_to(moment)
    clock.move_to(to)
    await timetable.run_due()
    await settle()
