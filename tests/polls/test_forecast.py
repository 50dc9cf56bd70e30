"""What a poll may end with, if it goes as the last ones went: tables and properties of a pure rule."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.ballots.counting import is_quorate
from handlers.polls.forecast import Course, course_of, expect, needed

NOON = dt.datetime(2026, 9, 8, 10, tzinfo=dt.UTC)


@st.composite
def courses(draw: st.DrawFn) -> Course:
    units = draw(st.integers(0, 98))
    voted = draw(st.integers(0, units))
    return Course(units, draw(st.integers(0, voted)), voted)


@st.composite
def standings(draw: st.DrawFn) -> tuple[int, int]:
    units = draw(st.integers(0, 98))
    return draw(st.integers(0, units)), units


@pytest.mark.parametrize(
    ("voted", "units", "earlier", "expected"),
    [
        (5, 14, [], None),
        (5, 14, [Course(14, 5, 9)], 9),
        (5, 14, [Course(14, 0, 7)], 9),  # 4.5 of the nine silent ones
        (0, 14, [Course(10, 0, 5)], 7),
        (7, 14, [Course(14, 9, 9)], 7),  # nobody came at the end
        (7, 14, [Course(14, 14, 14)], 14),
        (0, 12, [Course(12, 0, 3), Course(12, 0, 6), Course(12, 0, 12)], 6),
        (0, 12, [Course(12, 0, 3), Course(12, 0, 9)], 6),
        (14, 14, [Course(14, 2, 3)], 14),
        (0, 0, [Course(14, 2, 3)], 0),
    ],
)
def test_as_many_of_the_silent_are_expected_as_came_before(
    voted: int, units: int, earlier: list[Course], expected: int | None
) -> None:
    assert expect(voted, units, earlier) == expected


@given(standings(), st.lists(courses(), min_size=1, max_size=5))
def test_never_fewer_than_have_voted_and_never_more_than_can(now: tuple[int, int], earlier: list[Course]) -> None:
    voted, units = now
    found = expect(voted, units, earlier)
    assert found is not None
    assert voted <= found <= units
    assert found == expect(voted, units, earlier[::-1])
    lowest, highest = (pick(one.came for one in earlier) for pick in (min, max))
    assert voted + int(lowest * (units - voted)) <= found <= voted + int(highest * (units - voted))


@given(courses())
def test_a_poll_that_goes_as_the_last_one_went_ends_as_it_ended(course: Course) -> None:
    assert expect(course.by_then, course.units, [course]) == course.voted


@given(st.integers(0, 200), st.integers(0, 100))
def test_what_is_needed_is_the_least_that_is_quorate(units: int, percent: int) -> None:
    least = needed(units, percent)
    assert least is not None
    assert is_quorate(least, units, percent)
    assert least == 0 or not is_quorate(least - 1, units, percent)
    assert needed(units, None) is None


def test_who_had_voted_by_then_is_seen_from_their_first_answers() -> None:
    firsts = [NOON - dt.timedelta(hours=hours) for hours in (50, 48, 47, 1)]
    assert course_of(5, 4, firsts, NOON - dt.timedelta(hours=47)) == Course(5, 2, 4)
    assert course_of(5, 1, firsts, NOON) == Course(5, 1, 1)  # three took their answers back
