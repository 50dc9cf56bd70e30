"""The timetable: what is due is done once, what was done costs nothing more, and who rings is heard at once."""

from __future__ import annotations

import asyncio
import datetime as dt

from bot.timetable import AlarmClock
from tests.conftest import START


class Table:
    """A timetable that has nothing to do for a long time."""

    def __init__(self) -> None:
        self.looked = 0
        self.look_begun, self.look_may_end = asyncio.Event(), asyncio.Event()
        self.look_may_end.set()

    async def run_due(self) -> int:
        self.looked += 1
        self.look_begun.set()
        await self.look_may_end.wait()
        return 0

    async def next_moment(self, after: dt.datetime) -> dt.datetime | None:
        return None

    async def has_looked(self, times: int) -> None:
        while self.looked < times:
            self.look_begun.clear()
            await asyncio.wait_for(self.look_begun.wait(), 10)


async def test_who_rings_is_heard_at_once_and_also_in_the_middle_of_the_work() -> None:
    table = Table()
    alarm = AlarmClock(table, lambda: START, lambda: None)  # type: ignore[arg-type]
    alarm.start()
    await table.has_looked(1)
    alarm.ring()
    await table.has_looked(2)
    table.look_may_end.clear()
    alarm.ring()
    await table.has_looked(3)
    alarm.ring()
    table.look_may_end.set()
    await table.has_looked(4)
    alarm.stop()


async def test_who_rings_at_the_very_end_of_the_work_is_heard_too() -> None:
    """The scheduler still counts the work as going on then, and passes over for good what it may not begin beside."""

    class Ringing(Table):
        async def next_moment(self, after: dt.datetime) -> dt.datetime | None:
            if self.looked == 1:
                asyncio.get_running_loop().call_soon(alarm.ring)
            return None

    table = Ringing()
    alarm = AlarmClock(table, lambda: START, lambda: None)  # type: ignore[arg-type]
    alarm.start()
    await table.has_looked(2)
    alarm.stop()


async def test_what_it_was_rung_for_can_be_waited_for() -> None:
    table = Table()
    alarm = AlarmClock(table, lambda: START, lambda: None)  # type: ignore[arg-type]
    await alarm.answer()
    assert table.looked == 0
    alarm.ring()
    await asyncio.gather(alarm.answer(), alarm.answer())
    assert table.looked == 1
