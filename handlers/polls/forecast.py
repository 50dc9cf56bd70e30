"""How many municipalities a poll may end with, judged by how the last ones went: pure.

The method [choice]: in each of the last three polls, look at the moment when the same part of its time had passed as of
this one's now, and find what share of those that were silent then voted before the end. The middle one of these shares
of those that are silent now is expected to vote too; of part of a municipality nothing is expected.

It says what would come of it if it goes as it went, and no more: three polls are few, nothing says that the same ones
come again, and a summer, an extension, a reminder or a dull question is not seen."""

from __future__ import annotations

import datetime as dt
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

LAST = 3
"""Polls that are looked back on [choice]."""


@dataclass(frozen=True, slots=True)
class Course:
    """How an earlier poll went.

    Args:
        units: how many municipalities could vote.
        by_then: how many had voted when the same part of its time had passed.
        voted: how many had voted in the end, at least as many.
    """

    units: int
    by_then: int
    voted: int

    @property
    def came(self) -> Fraction:
        """The share of those silent then that voted after all, from 0 to 1; where nobody was silent, all have come."""
        silent = self.units - self.by_then
        return Fraction(self.voted - self.by_then, silent) if silent else Fraction(1)


def course_of(units: int, voted: int, firsts: Iterable[dt.datetime], then: dt.datetime) -> Course:
    """A poll's course. `firsts` is when each municipality first answered; one that took its answer back is not among
    the `voted`, and then no more than these are taken to have answered before `then`."""
    return Course(units, min(voted, sum(1 for first in firsts if first < then)), voted)


def expect(voted: int, units: int, earlier: Sequence[Course]) -> int | None:
    """How many of `units` will have voted in the end if it goes as in the `earlier` polls; `None` where there are none.

    Never fewer than have voted, and never more than can."""
    if not earlier:
        return None
    return voted + int(statistics.median(one.came for one in earlier) * (units - voted))


def needed(units: int, percent: int | None) -> int | None:
    """How many must vote, `None` where no share is asked for. `percent` is of all units, 0 to 100."""
    return None if percent is None else -(-percent * units // 100)
