"""The even pace: a table by hand, and properties that hold for every year."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.meetings.messages import pace_text
from handlers.meetings.pace import Year, find_situation

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
    assert year(founded=founded).begins_next is (founded.year == 2026 and owed == 0)
    assert not year(0, founded=founded).begins_next


def test_a_group_too_young_to_owe_a_meeting_is_told_when_the_requirement_begins() -> None:
    young = year(founded=dt.date(2026, 11, 24))
    assert pace_text(young, dt.date(2026, 11, 25)) == "Kravet begynder næste år: mindst 4 møder i 2027."
    assert pace_text(year(0), dt.date(2026, 11, 25)) == "I holder jeres takt."


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


AFTER = Year(2027, 4, OLD, 0, ())


@pytest.mark.parametrize(
    ("one", "days", "said"),
    [
        (year(4, 2), ["2026-06-30"], None),
        (year(4, 1), ["2026-05-20"], None),
        (year(4, 1), ["2026-05-21"], ("plan", "2026-05-21")),
        (year(4, 1, dt.date(2026, 8, 20)), ["2026-05-21"], None),
        # 2 July falls into the quiet month: said on the last day before it
        (year(4, 1, dt.date(2026, 8, 20)), ["2026-06-30", "2026-07-01"], None),
        (year(4, 1, dt.date(2026, 8, 20)), ["2026-06-30", "2026-07-01", "2026-07-02"], ("behind", "2026-07-02")),
        (year(4, 1, dt.date(2026, 6, 1)), ["2026-07-02"], None),
        # a meeting that is over, and of which nobody has said that it was held, is no plan
        (year(4, 1, dt.date(2026, 6, 1)), ["2026-09-01"], ("plan", "2026-09-01")),
        (year(4, 2), ["2026-12-11", "2026-12-12", "2026-12-13"], ("last_call", "2026-12-12")),
        (year(4, 4), ["2026-12-23"], None),
        (year(0, 0), ["2026-12-23"], None),
    ],
)
def test_what_the_group_should_hear(one: Year, days: list[str], said: tuple[str, str] | None) -> None:
    found = find_situation((one, AFTER), [dt.date.fromisoformat(day) for day in days])
    assert (found and (found.kind, found.day.isoformat())) == said


def test_the_first_meeting_of_next_year_should_be_planned_in_time() -> None:
    monthly = Year(2027, 12, OLD, 0, ())
    assert find_situation((year(12, 12), monthly), [dt.date(2026, 12, 18)]) is None
    found = find_situation((year(12, 12), monthly), [dt.date(2026, 12, 21)])
    assert (found and (found.kind, found.year.year)) == ("plan", 2027)
    assert find_situation((year(12, 11, dt.date(2026, 12, 29)), monthly), [dt.date(2026, 12, 21)]) is None


@given(st.integers(0, 24), st.integers(0, 24), st.dates(dt.date(2026, 1, 1), dt.date(2026, 12, 31)))
def test_a_group_that_is_done_hears_nothing_of_this_year(minimum: int, more: int, day: dt.date) -> None:
    found = find_situation((year(minimum, minimum + more), Year(2027, 0, OLD, 0, ())), [day])
    assert found is None


@given(st.integers(1, 24), st.integers(0, 24), st.dates(dt.date(2026, 1, 1), dt.date(2026, 12, 31)))
def test_who_falls_behind_was_told_to_plan_before(minimum: int, held: int, day: dt.date) -> None:
    one = year(minimum, held)
    if one.is_behind(day) and day >= dt.date(2026, 2, 12):
        earlier = find_situation((one, AFTER), [day - dt.timedelta(weeks=6)])
        assert earlier is not None
