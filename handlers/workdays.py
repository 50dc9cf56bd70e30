"""Danish working days: when the bot may speak unasked, and when it keeps quiet so that people have their time off."""

from __future__ import annotations

import datetime as dt
import functools
import zoneinfo
from collections.abc import Container

QUIET_MONTH = 7
"""July: the Danish holiday month, in which nobody is told anything that they did not ask for."""

OPENS = dt.time(8)
CLOSES = dt.time(16)
"""Unprompted messages come from 08:00 and before 16:00, local time."""

BUNDLE_HOUR = dt.time(9)
"""When the one bundle of a working day is sent."""

LAST_HOUR = dt.time(15)
"""Where something lands that is moved back from an evening or an early morning [choice]."""

_SATURDAY = 5
_DAY = dt.timedelta(days=1)


def is_working_day(day: dt.date) -> bool:
    """Whether people are at work: no Saturday, Sunday or Danish public holiday.

    1 May, 5 June, 24 and 31 December are days off in municipalities and count as holidays; Store bededag is a working
    day from 2024."""
    return day.weekday() < _SATURDAY and day not in _holidays()


def is_quiet_day(day: dt.date) -> bool:
    """Whether the bot says nothing unasked on this day: no working day, or in July."""
    return day.month == QUIET_MONTH or not is_working_day(day)


def is_quiet(moment: dt.datetime, zone: zoneinfo.ZoneInfo) -> bool:
    """Whether the bot says nothing unasked now: a quiet day, or outside 08–16.

    Args:
        moment: an aware moment.
        zone: whose days and hours are meant.
    """
    local = moment.astimezone(zone)
    return is_quiet_day(local.date()) or not OPENS <= local.time() < CLOSES


def next_bundle(after: dt.datetime, zone: zoneinfo.ZoneInfo) -> dt.datetime:
    """The first 09:00 on a day that is not quiet, strictly after `after`; in UTC."""
    day = after.astimezone(zone).date()
    while is_quiet_day(day) or bundle_moment(day, zone) <= after:
        day += _DAY
    return bundle_moment(day, zone)


def bundle_moment(day: dt.date, zone: zoneinfo.ZoneInfo) -> dt.datetime:
    """09:00 on this day, in UTC."""
    return local_moment(day, BUNDLE_HOUR, zone)


def comes_too_late(now: dt.datetime, before: dt.datetime, zone: zoneinfo.ZoneInfo) -> bool:
    """Whether people would read a line that waits for the next bundle only after `before`."""
    return next_bundle(now, zone) >= before


def goes_at_once(now: dt.datetime, before: dt.datetime, zone: zoneinfo.ZoneInfo) -> bool:
    """Whether a line that can be acted on until `before` is said now, since the next bundle comes too late: never in
    quiet times, and not when it is too late already [choice]."""
    return now < before and comes_too_late(now, before, zone) and not is_quiet(now, zone)


def moved_back(moment: dt.datetime, zone: zoneinfo.ZoneInfo) -> dt.datetime:
    """When to say what would come too late if it waited: `moment` itself, or as little before it as is not quiet.

    A quiet day moves back to the last day before it that is not, at the same hour; an evening to 15:00, an early
    morning to 15:00 of the day before. The result is in UTC, never after `moment`, and never quiet."""
    local = moment.astimezone(zone)
    day, time = local.date(), local.time()
    if time < OPENS:
        day -= _DAY
    if not OPENS <= time < CLOSES:
        time = LAST_HOUR
    while is_quiet_day(day):
        day -= _DAY
    return local_moment(day, time, zone)


def add_working_days(day: dt.date, count: int) -> dt.date:
    """The day that is `count` working days after `day`, or before it where `count` is negative.

    Zero gives `day` itself, working day or not."""
    step = _DAY if count > 0 else -_DAY
    for _ in range(abs(count)):
        day += step
        while not is_working_day(day):
            day += step
    return day


def local_moment(day: dt.date, time: dt.time, zone: zoneinfo.ZoneInfo) -> dt.datetime:
    """The moment when clocks in `zone` show this, in UTC; a time that comes twice is the first of the two."""
    return dt.datetime.combine(day, time, zone).astimezone(dt.UTC)


@functools.cache
def _holidays() -> Container[dt.date]:
    """Built at the first use, because the library takes a third of a second to load."""
    import holidays  # noqa: PLC0415

    return holidays.country_holidays("DK", categories=("public", "optional"))
