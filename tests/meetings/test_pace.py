"""The even pace: a table by hand, and properties that hold for every year."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.meetings.pace import Year

OLD = dt.date(2020, 1, 1)


def year(minimum: int = 4, held: int = 0, *planned: dt.date, founded: dt.date = OLD) -> Year:
    return Year(2026, minimum, founded, held, planned)


@pytest.mark.parametrize(
    ("founded", "owed"),
    [
        (dt.date(2025, 5, 5), 4),
        (dt.date(2026, 1, 1), 4),
        (dt.date(2026, 4, 1), 3),
        (dt.date(2026, 7, 31), 2),
        (dt.date(2026, 10, 1), 1),
        (dt.date(2026, 11, 1), 0),
        (dt.date(2026, 12, 31), 0),
        (dt.date(2027, 1, 1), 0),
    ],
)
def test_the_founding_year_owes_its_share_rounded_down(founded: dt.date, owed: int) -> None:
    assert year(founded=founded).owed == owed


@pytest.mark.parametrize(
    ("day", "due"),
    [
        (dt.date(2026, 1, 1), 0),
        (dt.date(2026, 4, 1), 0),
        (dt.date(2026, 4, 2), 1),
        (dt.date(2026, 7, 2), 2),
        (dt.date(2026, 10, 1), 3),
        (dt.date(2026, 12, 30), 3),
        (dt.date(2026, 12, 31), 4),
    ],
)
def test_so_many_should_be_reached_by_this_day(day: dt.date, due: int) -> None:
    assert year().due_by(day) == due


def test_a_planned_meeting_counts_when_its_day_has_come() -> None:
    may = dt.date(2026, 5, 1)
    assert year(4, 0).is_behind(may)
    assert not year(4, 0, dt.date(2026, 4, 30)).is_behind(may)
    assert year(4, 0, dt.date(2026, 5, 2)).is_behind(may)


def test_a_meeting_should_be_planned_when_the_pace_needs_one_within_six_weeks() -> None:
    assert not year().needs_planning(dt.date(2026, 2, 18))
    assert year().needs_planning(dt.date(2026, 2, 19))
    assert not year(4, 0, dt.date(2026, 3, 1)).needs_planning(dt.date(2026, 2, 19))


@pytest.mark.parametrize(
    ("held", "day", "last"),
    [
        (2, dt.date(2026, 12, 10), False),
        (2, dt.date(2026, 12, 12), True),
        (4, dt.date(2026, 12, 31), False),
        (0, dt.date(2026, 11, 20), False),
        (0, dt.date(2026, 11, 28), True),
    ],
)
def test_the_last_call_comes_when_as_many_weeks_are_left_as_meetings_missing(
    held: int, day: dt.date, last: bool
) -> None:
    assert year(4, held).is_last_call(day) is last


@given(st.integers(0, 24), st.integers(0, 24), st.dates(dt.date(2026, 1, 1), dt.date(2026, 12, 30)))
def test_the_pace_never_falls_and_ends_at_what_is_owed(minimum: int, held: int, day: dt.date) -> None:
    one = year(minimum, held)
    assert 0 <= one.due_by(day) <= one.due_by(day + dt.timedelta(days=1)) <= one.owed
    assert one.due_by(dt.date(2026, 12, 31)) == one.owed
    assert not (held >= one.owed and one.is_behind(day))
