"""What a new answer can't say anything about stays: places below the tenth, and wishes that have left the poll."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.ballots.methods import Terms, is_over
from handlers.voting.keeping import ranked, with_left, with_rest
from handlers.voting.marks import MOST_PLACES
from storage.enums import PollMethod

RANKING, APPROVAL = Terms(PollMethod.RANKING), Terms(PollMethod.APPROVAL)
TWELVE = {str(number): 13 - number for number in range(1, 13)}
"""Twelve wishes, the highest number first."""


def places(*numbers: int) -> dict[int, int]:
    return {number: place for place, number in enumerate(numbers, 1)}


def test_a_form_that_is_sent_unchanged_changes_nothing() -> None:
    shown = places(*range(12, 2, -1))
    assert with_rest(shown, TWELVE, range(1, 13)) == {int(name): place for name, place in TWELVE.items()}


@pytest.mark.parametrize(
    ("shown", "order"),
    [
        (places(11, 12, *range(10, 2, -1)), [11, 12, *range(10, 2, -1), 2, 1]),
        (places(1, *range(12, 3, -1)), [1, *range(12, 3, -1), 2]),
        (places(*range(12, 3, -1)), list(range(12, 3, -1))),
        (places(5), [5]),
        ({}, []),
    ],
    ids=["turned", "the last moved up", "a place left empty", "one alone", "taken back"],
)
def test_the_rest_follows_where_all_places_are_filled(shown: dict[int, int], order: list[int]) -> None:
    assert with_rest(shown, TWELVE, range(1, 13)) == places(*order)


def test_what_has_left_is_no_rest() -> None:
    running = [number for number in range(1, 13) if number not in (1, 12)]
    assert ranked(TWELVE, running) == list(range(11, 1, -1))
    assert with_rest(places(*range(11, 1, -1)), TWELVE, running) == places(*range(11, 1, -1))


@given(st.permutations(range(1, 16)), st.sets(st.integers(1, 15), max_size=14))
def test_any_ranking_opened_and_sent_again_is_the_same(order: list[int], left: set[int]) -> None:
    known = {str(number): place for number, place in places(*order).items()}
    running = set(order) - left
    shown = ranked(known, running)[:MOST_PLACES]
    whole = with_left(RANKING, with_rest(places(*shown), known, running), known, left)
    assert {str(number): place for number, place in whole.items()} == known


@pytest.mark.parametrize(
    ("terms", "answer", "known", "whole"),
    [
        (APPROVAL, {2: 1, 3: 1}, {"1": 1, "2": 1}, {1: 1, 2: 1, 3: 1}),
        (APPROVAL, {2: 1, 3: 1}, {"2": 1}, {2: 1, 3: 1}),
        (APPROVAL, {}, {"1": 1, "2": 1}, {}),
        (Terms(PollMethod.APPROVAL, most=2), {2: 1}, {"1": 1, "2": 1}, {1: 1, 2: 1}),
        (Terms(PollMethod.APPROVAL, most=2), {2: 1, 3: 1}, {"1": 1, "2": 1}, {2: 1, 3: 1}),
        (Terms(PollMethod.SCORE), {2: 3}, {"1": 5, "2": 1}, {1: 5, 2: 3}),
        (Terms(PollMethod.POINTS, dots=10), {2: 6}, {"1": 4, "2": 6}, {1: 4, 2: 6}),
        (Terms(PollMethod.POINTS, dots=10), {2: 7}, {"1": 4, "2": 6}, {2: 7}),
        (RANKING, places(3, 2), {"1": 1, "2": 2, "3": 3}, places(1, 3, 2)),
        (RANKING, places(3), {"2": 1, "3": 2, "1": 3}, places(3, 1)),
    ],
)
def test_what_was_said_of_a_wish_that_has_left_is_kept(
    terms: Terms, answer: dict[int, int], known: dict[str, int], whole: dict[int, int]
) -> None:
    assert with_left(terms, answer, known, {1}) == whole


@given(
    st.dictionaries(st.integers(2, 9), st.integers(1, 10)),
    st.dictionaries(st.integers(1, 9), st.integers(1, 10)),
    st.integers(2, 30),
)
def test_no_answer_grows_over_its_limit(answer: dict[int, int], known: dict[int, int], dots: int) -> None:
    terms = Terms(PollMethod.POINTS, dots=dots)
    whole = with_left(terms, answer, {str(number): mark for number, mark in known.items()}, {1})
    assert is_over(terms, list(whole.values())) == is_over(terms, list(answer.values()))
    assert whole.items() >= answer.items()
