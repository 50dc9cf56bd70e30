"""Days and times as people write them."""

from __future__ import annotations

import datetime as dt

import pytest

from handlers.chat.refusals import FieldRefusal
from handlers.meetings.reading import WEEKDAYS, read_day, read_times

TODAY = dt.date(2026, 11, 24)
NOW = dt.datetime(2026, 11, 24, 9, tzinfo=dt.UTC)
FRIDAY = dt.date(2026, 12, 11)


@pytest.mark.parametrize(
    "typed",
    [
        "fredag den 11/12",
        "Fredag d. 11/12",
        "fre 11.12.",
        "fre. den 11. december",
        "fredag, 11/12-2026",
        "den 11. december 2026",
        "d. 11/12",
        "11/12",
        "2026-12-11",
        "Friday 11 December",
    ],
)
def test_a_day_is_read_as_people_write_it(typed: str) -> None:
    assert read_day(typed, "date", TODAY) == FRIDAY


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("torsdag den 11/12", "meetings.other_weekday"),
        ("fredag", "inputs.date_unreadable"),
        ("flyvedag 11/12", "inputs.date_unreadable"),
        ("fredag den 31/11", "inputs.no_such_day"),
        ("den", "inputs.date_unreadable"),
        ("", "inputs.date_unreadable"),
    ],
)
def test_what_is_no_day_is_refused(typed: str, key: str) -> None:
    with pytest.raises(FieldRefusal) as raised:
        read_day(typed, "date", TODAY)
    assert raised.value.key == key


def test_every_name_of_a_weekday_is_its_own() -> None:
    names = [name for several in WEEKDAYS for name in several]
    assert len(names) == len(set(names))
    for at, several in enumerate(WEEKDAYS):
        day = dt.date(2026, 11, 30) + dt.timedelta(days=at)
        assert {read_day(f"{name} den {day.day}/{day.month}", "date", TODAY) for name in several} == {day}


def test_all_lines_that_are_wrong_are_named() -> None:
    with pytest.raises(FieldRefusal) as raised:
        read_times("måske\nfredag den 11/12 kl 9.30\n1. januar 2026 kl. 9\naldrig", NOW, TODAY)
    told = str(raised.value.parameters["problems"])
    assert all(f"»{line}«" in told for line in ("måske", "1. januar 2026 kl. 9", "aldrig"))
    assert "»fredag" not in told


def test_a_line_with_weekday_and_clock_is_a_time() -> None:
    found = read_times("fredag den 11/12 kl 9.30\nmandag d. 14. december kl. 13", NOW, TODAY)
    assert [moment.astimezone(dt.UTC).strftime("%m-%d %H:%M") for moment in found] == ["12-11 08:30", "12-14 12:00"]
