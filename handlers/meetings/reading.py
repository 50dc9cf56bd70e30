"""Reads what people fill in about a meeting: one sentence for every field that is wrong."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from handlers.capability import Ask
from handlers.chat.refusals import FieldRefusal, Misfilled
from handlers.inputs import read_count, read_date, read_text, read_time
from handlers.workdays import local_moment
from locales import long_date, translate, weekday, zone

LONGEST_TITLE = 200
LONGEST_TEXT = 3000
LONGEST_MEETING = 600
"""Minutes: ten hours."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class MeetingFields:
    """A meeting as it was filled in; `units` is who came, where it is held already."""

    title: str
    starts_at: dt.datetime
    minutes_long: int
    place: str
    agenda: str
    chair: str
    minute_taker: str
    held: bool
    units: int | None


class _Reader:
    """Reads field after field, and keeps the sentences of those that are wrong."""

    def __init__(self) -> None:
        self.problems: list[FieldRefusal] = []

    def read(self, reader: Callable[[], T], otherwise: T) -> T:
        try:
            return reader()
        except FieldRefusal as problem:
            self.problems.append(problem)
            return otherwise


def read_meeting(ask: Ask, now: dt.datetime, today: dt.date) -> MeetingFields:
    """The meeting that the form describes.

    Args:
        now: the moment; `today` is its day in the zone that is spoken of.

    Raises:
        Misfilled: with a sentence for each field that can't be used.
    """
    reader = _Reader()
    day = reader.read(lambda: read_day(ask.typed("date"), "date", today), today)
    time = reader.read(lambda: read_time(ask.typed("time"), "time"), dt.time(12))
    starts_at = local_moment(day, time, zone())
    held = ask.switched("held")
    if not reader.problems:
        reader.read(lambda: _check_time(starts_at, now, held=held), None)
    fields = MeetingFields(
        title=reader.read(lambda: read_text(ask.typed("title"), "title", LONGEST_TITLE, required=True), ""),
        starts_at=starts_at,
        minutes_long=reader.read(lambda: _read_length(ask), 90),
        place=reader.read(lambda: read_text(ask.typed("place"), "place", 500), ""),
        agenda=reader.read(lambda: read_text(ask.typed("agenda"), "agenda", LONGEST_TEXT), ""),
        chair=reader.read(lambda: read_text(ask.typed("chair"), "chair", LONGEST_TITLE), ""),
        minute_taker=reader.read(lambda: read_text(ask.typed("minute_taker"), "minute_taker", LONGEST_TITLE), ""),
        held=held,
        units=reader.read(lambda: read_count(ask.typed("units"), "units", 0, 200), 0) if held else None,
    )
    if reader.problems:
        raise Misfilled(reader.problems)
    return fields


def _read_length(ask: Ask) -> int:
    return read_count(ask.typed("minutes_long") or "90", "minutes_long", 5, LONGEST_MEETING)


def _check_time(starts_at: dt.datetime, now: dt.datetime, *, held: bool) -> None:
    if not held and starts_at <= now:
        raise FieldRefusal("date", "meetings.in_the_past")
    if held and starts_at > now:
        raise FieldRefusal("date", "meetings.not_yet_held")


WEEKDAYS = (
    ("mandag", "monday", "man", "mon"),
    ("tirsdag", "tuesday", "tir", "tirs", "tue"),
    ("onsdag", "wednesday", "ons", "wed"),
    ("torsdag", "thursday", "tor", "tors", "thu"),
    ("fredag", "friday", "fre", "fri"),
    ("lørdag", "loerdag", "saturday", "lør", "sat"),
    ("søndag", "soendag", "sunday", "søn", "sun"),
)


def read_day(typed: str, field: str, today: dt.date) -> dt.date:
    """A calendar day as people write it: `fredag den 11/12`, `d. 3. august`, or as `read_date` takes it.

    Raises:
        FieldRefusal: it is none, or falls on another weekday than was written.
    """
    found = re.fullmatch(
        r"(?:(?P<name>(?!den\b)[a-zæøå]{2,})\.?,?\s+)?(?:(?:den|d\.)\s*)?(?P<day>\d.*)", typed.strip().lower()
    )
    wanted = next((at for at, names in enumerate(WEEKDAYS) if found and found["name"] in names), None)
    if found is None or (found["name"] and wanted is None):
        return read_date(typed, field, today)
    day = read_date(found["day"], field, today)
    if wanted is not None and day.weekday() != wanted:
        raise FieldRefusal(field, "meetings.other_weekday", date=long_date(day), weekday=weekday(day))
    return day


MOST_TIMES = 10


def read_times(typed: str, now: dt.datetime, today: dt.date) -> list[dt.datetime]:
    """The times that are proposed, one per line: `3. august kl. 13`, `fredag den 11/12 kl 9.30`, `2026-08-03 13.00`.

    Raises:
        FieldRefusal: lines that are no times or lie in the past, all of them named; fewer than two or more than ten.
    """
    times, problems = [], []
    for line in typed.splitlines():
        try:
            times += [_read_line(line, now, today)] if line.strip() else []
        except FieldRefusal as problem:
            problems.append(translate(problem.key, **problem.parameters))
    if problems:
        raise FieldRefusal("times", "meetings.times_wrong", problems=" ".join(problems))
    unique = sorted(set(times))
    if not 2 <= len(unique) <= MOST_TIMES:
        raise FieldRefusal("times", "meetings.times_count", most=MOST_TIMES)
    return unique


def _read_line(line: str, now: dt.datetime, today: dt.date) -> dt.datetime:
    found = re.fullmatch(r"(?P<day>.+?)(?:\s+kl\.?)?\s+(?P<time>\d{1,2}(?:[.:]\d{2})?)", " ".join(line.split()))
    if found is None:
        raise FieldRefusal("times", "meetings.time_line", line=line.strip()[:60])
    moment = local_moment(read_day(found["day"], "times", today), read_time(found["time"], "times"), zone())
    if moment <= now:
        raise FieldRefusal("times", "meetings.time_past", line=line.strip()[:60])
    return moment
