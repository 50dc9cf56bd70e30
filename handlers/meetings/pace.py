"""How many meetings a group owes its year, and when it has fallen behind: arithmetic on dates alone.

Source: the kommissorium wants a fixed minimum for some groups [K]; the even pace is ours [choice]: by day *d* of a year
of *D* days, ⌊minimum × d / D⌋ meetings should be held, or planned before it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

SIX_WEEKS = dt.timedelta(weeks=6)


@dataclass(frozen=True, slots=True)
class Year:
    """A group's meetings in one calendar year.

    Args:
        year: the calendar year.
        minimum: what the group has set for a whole year.
        founded: the day that the group began; in that year only the rest of it counts.
        held: meetings held that count.
        planned: the days of planned meetings, in any order.
    """

    year: int
    minimum: int
    founded: dt.date
    held: int
    planned: Sequence[dt.date] = ()

    @property
    def first(self) -> dt.date:
        """The day that the pace is counted from."""
        return max(dt.date(self.year, 1, 1), self.founded)

    @property
    def last(self) -> dt.date:
        return dt.date(self.year, 12, 31)

    @property
    def owed(self) -> int:
        """The meetings of this year: in the founding year pro rata by the months that remain, the founding month
        included, rounded down."""
        if self.founded.year > self.year:
            return 0
        months = 13 - self.founded.month if self.founded.year == self.year else 12
        return self.minimum * months // 12

    @property
    def begins_next(self) -> bool:
        """Whether too little is left of the founding year for it to owe a meeting."""
        return self.minimum > 0 and self.owed == 0 and self.founded.year == self.year

    @property
    def missing(self) -> int:
        """Meetings that are neither held nor planned."""
        return max(0, self.owed - self.held - len(self.planned))

    def due_by(self, day: dt.date) -> int:
        """The meetings that should be held, or planned before, by this day."""
        if day < self.first:
            return 0
        length = (self.last - self.first).days + 1
        passed = min((day - self.first).days + 1, length)
        return self.owed * passed // length

    def reached(self, day: dt.date) -> int:
        """The meetings that are held, or planned no later than this day."""
        return self.held + sum(1 for planned in self.planned if planned <= day)

    def is_behind(self, day: dt.date) -> bool:
        """Whether fewer meetings are held, or planned before then, than the pace asks for."""
        return self.reached(day) < self.due_by(day)

    def needs_planning(self, day: dt.date) -> bool:
        """Whether nothing is planned from this day on, and the pace needs a meeting within six weeks."""
        soon = min(day + SIX_WEEKS, self.last)
        return max(self.planned, default=day) <= day and self.reached(day) < self.due_by(soon)

    def is_last_call(self, day: dt.date) -> bool:
        """Whether only as many weeks are left as meetings are missing."""
        weeks = ((self.last - day).days + 1) // 7
        return self.missing > 0 and weeks <= self.missing


@dataclass(frozen=True, slots=True)
class Situation:
    """What the group should hear, and of which day it is true first."""

    kind: Literal["last_call", "behind", "plan"]
    year: Year
    day: dt.date


def find_situation(years: tuple[Year, Year], days: Sequence[dt.date]) -> Situation | None:
    """The gravest that is true on one of these days, of this year and the next; `None` where all is well.

    Args:
        years: the year of the first day, and the one after it.
        days: the day on which it can be told and the quiet days after it, in order.
    """
    year, following = years
    mine = [day for day in days if day.year == year.year]
    for kind, is_true in _GRAVITY:
        for day in mine:
            if is_true(year, day):
                return Situation(kind, year, day)
    today = days[0]
    if max(year.planned, default=today) <= today and following.needs_planning(today):
        return Situation("plan", following, today)
    return None


_GRAVITY: tuple[tuple[Literal["last_call", "behind", "plan"], Callable[[Year, dt.date], bool]], ...] = (
    ("last_call", Year.is_last_call),
    ("behind", Year.is_behind),
    ("plan", Year.needs_planning),
)
