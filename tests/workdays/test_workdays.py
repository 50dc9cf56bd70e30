"""Working days and quiet hours: a table of known days, and what must hold of every moment."""

from __future__ import annotations

import datetime as dt
import zoneinfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.workdays import (
    add_working_days,
    bundle_moment,
    comes_too_late,
    goes_at_once,
    is_quiet,
    is_quiet_day,
    is_working_day,
    moved_back,
    next_bundle,
)

ZONE = zoneinfo.ZoneInfo("Europe/Copenhagen")

days = st.dates(dt.date(2024, 1, 1), dt.date(2040, 12, 31))
moments = st.datetimes(dt.datetime(2024, 1, 1), dt.datetime(2040, 12, 31), timezones=st.just(dt.UTC))  # noqa: DTZ001


def local(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=ZONE)


@pytest.mark.parametrize(
    ("day", "working"),
    [
        ("2026-09-01", True),
        ("2026-09-05", False),
        ("2026-09-06", False),
        ("2026-01-01", False),
        ("2026-04-02", False),
        ("2026-04-03", False),
        ("2026-04-06", False),
        ("2026-05-01", False),
        ("2026-05-14", False),
        ("2026-05-15", True),
        ("2026-05-25", False),
        ("2026-06-05", False),
        ("2026-12-24", False),
        ("2026-12-25", False),
        ("2026-12-28", True),
        ("2026-12-31", False),
        ("2023-05-05", False),
        ("2024-04-26", True),
        ("2026-07-15", True),
    ],
)
def test_known_days(day: str, working: bool) -> None:
    assert is_working_day(dt.date.fromisoformat(day)) is working


def test_store_bededag_is_a_working_day_from_2024() -> None:
    assert not is_working_day(dt.date(2023, 5, 5))
    assert all(is_working_day(day) for day in (dt.date(2024, 4, 26), dt.date(2025, 5, 16), dt.date(2027, 4, 23)))


@pytest.mark.parametrize(
    ("moment", "quiet"),
    [
        ("2026-09-01T07:59:59", True),
        ("2026-09-01T08:00", False),
        ("2026-09-01T15:59:59", False),
        ("2026-09-01T16:00", True),
        ("2026-09-05T10:00", True),
        ("2026-07-01T10:00", True),
        ("2026-07-31T10:00", True),
        ("2026-08-03T10:00", False),
        ("2026-12-24T10:00", True),
    ],
)
def test_quiet_times(moment: str, quiet: bool) -> None:
    assert is_quiet(local(moment), ZONE) is quiet


@pytest.mark.parametrize(
    ("after", "bundle"),
    [
        ("2026-09-01T08:59", "2026-09-01T09:00"),
        ("2026-09-01T09:00", "2026-09-02T09:00"),
        ("2026-09-04T12:00", "2026-09-07T09:00"),
        ("2026-06-30T09:00", "2026-08-03T09:00"),
        ("2026-12-23T10:00", "2026-12-28T09:00"),
        ("2026-10-23T10:00", "2026-10-26T09:00"),
        ("2027-03-26T10:00", "2027-03-30T09:00"),
    ],
)
def test_the_next_bundle(after: str, bundle: str) -> None:
    assert next_bundle(local(after), ZONE) == local(bundle)


@pytest.mark.parametrize(
    ("moment", "moved"),
    [
        ("2026-09-01T10:30", "2026-09-01T10:30"),
        ("2026-09-05T10:30", "2026-09-04T10:30"),
        ("2026-09-01T18:00", "2026-09-01T15:00"),
        ("2026-09-01T16:00", "2026-09-01T15:00"),
        ("2026-09-01T06:00", "2026-08-31T15:00"),
        ("2026-09-07T07:00", "2026-09-04T15:00"),
        ("2026-07-20T09:00", "2026-06-30T09:00"),
        ("2026-12-25T09:00", "2026-12-23T09:00"),
        ("2026-10-25T09:00", "2026-10-23T09:00"),
    ],
)
def test_what_moves_back(moment: str, moved: str) -> None:
    assert moved_back(local(moment), ZONE) == local(moved)


@pytest.mark.parametrize(
    ("day", "count", "expected"),
    [
        ("2026-09-04", 1, "2026-09-07"),
        ("2026-09-04", 0, "2026-09-04"),
        ("2026-09-05", 0, "2026-09-05"),
        ("2026-09-07", -1, "2026-09-04"),
        ("2026-12-23", 1, "2026-12-28"),
        ("2026-12-28", -1, "2026-12-23"),
        ("2026-04-01", 3, "2026-04-09"),
    ],
)
def test_adding_working_days(day: str, count: int, expected: str) -> None:
    assert add_working_days(dt.date.fromisoformat(day), count) == dt.date.fromisoformat(expected)


@given(moments)
def test_a_bundle_is_later_and_never_quiet(after: dt.datetime) -> None:
    found = next_bundle(after, ZONE)
    assert found > after
    assert not is_quiet(found, ZONE)
    assert found.astimezone(ZONE).time() == dt.time(9)
    between = after.astimezone(ZONE).date()
    while between < found.astimezone(ZONE).date():
        assert is_quiet_day(between) or bundle_moment(between, ZONE) <= after
        between += dt.timedelta(days=1)


@given(moments)
def test_what_moved_back_is_never_later_and_never_quiet(moment: dt.datetime) -> None:
    found = moved_back(moment, ZONE)
    assert found <= moment
    assert not is_quiet(found, ZONE)
    assert moved_back(found, ZONE) == found
    if not is_quiet(moment, ZONE):
        assert found == moment


@given(days, st.integers(-60, 60).filter(bool))
def test_working_days_are_counted(day: dt.date, count: int) -> None:
    end = add_working_days(day, count)
    assert is_working_day(end)
    step = dt.timedelta(days=1 if count > 0 else -1)
    passed = 0
    while day != end:
        day += step
        passed += is_working_day(day)
    assert passed == abs(count)


@pytest.mark.parametrize(
    ("now", "before", "late", "at_once"),
    [
        ("2026-09-08 10:30", "2026-09-08 12:00", True, True),
        ("2026-09-08 08:30", "2026-09-08 12:00", False, False),
        ("2026-09-08 08:30", "2026-09-08 08:45", True, True),
        ("2026-09-07 16:30", "2026-09-08 09:00", True, False),
        ("2026-09-07 15:30", "2026-09-08 09:00", True, True),
        ("2026-09-04 15:30", "2026-09-06 18:00", True, True),
        ("2026-09-05 10:30", "2026-09-06 18:00", True, False),
        ("2026-07-08 10:30", "2026-07-08 12:00", True, False),
        ("2026-09-08 12:00", "2026-09-08 12:00", True, False),
    ],
)
def test_what_can_not_wait_for_the_bundle_is_said_at_once_but_not_in_quiet_times(
    now: str, before: str, late: bool, at_once: bool
) -> None:
    assert comes_too_late(local(now), local(before), ZONE) is late
    assert goes_at_once(local(now), local(before), ZONE) is at_once
