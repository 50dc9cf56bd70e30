"""The one clock: everything else is handed the time."""

from __future__ import annotations

import datetime as dt
from typing import Protocol


class Clock(Protocol):
    def now(self) -> dt.datetime:
        """The moment, in UTC."""


class SystemClock:
    """The machine's clock."""

    def now(self) -> dt.datetime:
        return dt.datetime.now(dt.UTC)


class MovableClock:
    """A clock that can be moved forward, for the local workspace and for tests. It goes on ticking where `ticks`."""

    def __init__(self, start: dt.datetime | None = None, *, ticks: bool = False) -> None:
        self._started = dt.datetime.now(dt.UTC)
        self._at = start or self._started
        self._ticks = ticks

    def now(self) -> dt.datetime:
        return self._at + (dt.datetime.now(dt.UTC) - self._started if self._ticks else dt.timedelta(0))

    def move_to(self, moment: dt.datetime) -> None:
        """Let it be `moment` now; an earlier moment than now is kept as now."""
        if moment > self.now():
            self._at, self._started = moment, dt.datetime.now(dt.UTC)
