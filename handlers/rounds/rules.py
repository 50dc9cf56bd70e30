"""When a group prioritises again: the days of its rounds, moved past holidays and July: pure.

A round is due in the morning of its day, or of the first day after it that is not quiet. A group that prioritises each
month skips July altogether; the others' July round waits for August [choice].
"""

from __future__ import annotations

import calendar
import datetime as dt
import zoneinfo
from dataclasses import dataclass

from handlers.workdays import QUIET_MONTH, local_moment, next_bundle
from storage.enums import Cadence, RoundDay

MONTHS = {Cadence.MONTH: 1, Cadence.QUARTER: 3, Cadence.HALF_YEAR: 6}
"""Months from one round to the next."""

_YEAR = 12
_WEEK = 7
_LONGEST_QUIET = 2
"""Rounds that a quiet July can hold back at most, when looking for the one that is due."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How a group prioritises again and again.

    Args:
        every: how often; `NEVER` for not at all.
        first: the day of the first round.
        by: whether the date comes again, or the weekday of the month.
        debate: working days of debate before each poll opens, 0 for none.
        days: working days that each poll is open.
        since: what was due before this moment is not asked for.
    """

    every: Cadence
    first: dt.date
    by: RoundDay
    debate: int
    days: int
    since: dt.datetime


def day_of(plan: Plan, index: int) -> dt.date:
    """The day of round number `index`, from 0; a date that a month does not have is its last day, and so is a fifth
    weekday the last such day."""
    months = plan.first.month - 1 + index * MONTHS[plan.every]
    year, month = plan.first.year + months // _YEAR, months % _YEAR + 1
    length = calendar.monthrange(year, month)[1]
    if plan.by is RoundDay.DATE:
        return dt.date(year, month, min(plan.first.day, length))
    first = dt.date(year, month, 1)
    day = 1 + (plan.first.weekday() - first.weekday()) % _WEEK + (plan.first.day - 1) // _WEEK * _WEEK
    return dt.date(year, month, day if day <= length else day - _WEEK)


def moment_of(plan: Plan, index: int, zone: zoneinfo.ZoneInfo) -> dt.datetime | None:
    """When round number `index` is due, in UTC; `None` for one that is skipped."""
    day = day_of(plan, index)
    if plan.every is Cadence.MONTH and day.month == QUIET_MONTH:
        return None
    return next_bundle(local_moment(day, dt.time(), zone), zone)


def last_round(plan: Plan, now: dt.datetime, zone: zoneinfo.ZoneInfo) -> dt.datetime | None:
    """The newest round that was due by now, if any."""
    found = [moment for moment in _around(plan, now, zone) if plan.since < moment <= now]
    return max(found, default=None)


def next_round(plan: Plan, after: dt.datetime, zone: zoneinfo.ZoneInfo) -> dt.datetime | None:
    """The first round after a moment; `None` where the group has none."""
    found = [moment for moment in _around(plan, after, zone) if moment > max(after, plan.since)]
    return min(found, default=None)


def _around(plan: Plan, moment: dt.datetime, zone: zoneinfo.ZoneInfo) -> list[dt.datetime]:
    """The rounds that are due near a moment."""
    if plan.every is Cadence.NEVER:
        return []
    day = max(moment, plan.since).astimezone(zone).date()
    passed = (day.year - plan.first.year) * _YEAR + day.month - plan.first.month
    index = max(0, passed // MONTHS[plan.every])
    near = range(max(0, index - _LONGEST_QUIET), index + _LONGEST_QUIET + 2)
    return [due for number in near if (due := moment_of(plan, number, zone)) is not None]
