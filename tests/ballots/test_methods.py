"""What clicks make of a ballot by each method, and the points of a ballot."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.ballots.methods import Terms, keep_clicks, points_of
from storage.enums import PollMethod

APPROVAL, SCORE, POINTS = PollMethod.APPROVAL, PollMethod.SCORE, PollMethod.POINTS


@pytest.mark.parametrize(
    ("terms", "clicks", "gone", "marks", "extra"),
    [
        (Terms(APPROVAL), [("1", 1), ("2", 1), ("1", 1)], (), {"1": 1, "2": 1}, ()),
        (Terms(APPROVAL, most=2), [("3", 1), ("1", 1), ("2", 1)], (), {"3": 1, "1": 1}, ("2",)),
        (Terms(APPROVAL, most=1), [("3", 1), ("1", 1)], ("3",), {"3": 1, "1": 1}, ()),
        (Terms(SCORE), [("1", 5), ("2", 3), ("1", 2)], (), {"2": 3, "1": 2}, ()),
        (Terms(POINTS, dots=6), [("1", 4), ("2", 3), ("3", 2)], (), {"1": 4, "3": 2}, ("2",)),
        (Terms(POINTS, dots=6), [("1", 4), ("1", 6)], (), {"1": 6}, ()),
        (Terms(POINTS, dots=5), [("1", 4), ("2", 3), ("1", 3)], (), {"2": 3}, ("1",)),
        (Terms(POINTS, dots=6), [("1", 6), ("2", 6)], ("1",), {"1": 6, "2": 6}, ()),
    ],
)
def test_what_of_the_clicks_counts(
    terms: Terms, clicks: list[tuple[str, int]], gone: tuple[str, ...], marks: dict[str, int], extra: tuple[str, ...]
) -> None:
    found = keep_clicks(terms, clicks, gone)
    assert (found.marks, found.extra) == (marks, extra)


@pytest.mark.parametrize(
    ("terms", "highest"),
    [
        (Terms(APPROVAL), 1),
        (Terms(SCORE), 5),
        (Terms(POINTS, dots=6), 6),
        (Terms(POINTS, dots=30), 10),
        (Terms(PollMethod.RANKING), 0),
    ],
)
def test_the_highest_mark_that_an_emoji_gives(terms: Terms, highest: int) -> None:
    assert terms.highest == highest


CLICKS = st.lists(st.tuples(st.sampled_from(["1", "2", "3", "4"]), st.integers(1, 5)), max_size=8)


@given(CLICKS, st.integers(1, 10))
def test_never_over_the_budget_and_never_silently_under(clicks: list[tuple[str, int]], dots: int) -> None:
    found = keep_clicks(Terms(POINTS, dots=dots), clicks)
    assert sum(found.marks.values()) <= dots
    assert set(found.marks) | set(found.extra) == {option for option, _ in clicks}
    assert not set(found.marks) & set(found.extra)


def test_other_points_are_the_marks() -> None:
    marks = {"1": Fraction(5), "9": Fraction(2), "2": Fraction(0)}
    assert points_of(PollMethod.SCORE, ["1", "2"], marks) == {"1": 5}
