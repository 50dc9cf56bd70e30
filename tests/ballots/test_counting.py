"""Adding up and ranking, with ties as ties."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.ballots.counting import add_up, count_supporters, is_quorate, rank

OPTIONS = ["1", "2", "3", "4"]
BALLOTS = st.lists(st.dictionaries(st.sampled_from(OPTIONS), st.fractions(1, 5, max_denominator=3)), max_size=6)


def test_ties_share_a_place_and_the_next_place_is_left_out() -> None:
    ballots = [{"1": Fraction(1)}, {"2": Fraction(1)}, {"3": Fraction(1), "9": Fraction(1)}, {"3": Fraction(1)}]
    ranked = rank(add_up(OPTIONS, ballots))
    assert [(place.rank, place.options) for place in ranked] == [(1, ("3",)), (2, ("1", "2")), (4, ("4",))]
    assert add_up(OPTIONS, ballots)["3"] == 2


def test_supporters_are_units_with_any_mark() -> None:
    ballots = [{"1": Fraction(1, 2)}, {"1": Fraction(5)}, {"2": Fraction(1)}]
    assert count_supporters(OPTIONS, ballots) == {"1": 2, "2": 1, "3": 0, "4": 0}


@pytest.mark.parametrize(
    ("voted", "units", "percent", "quorate"),
    [(3, 7, None, None), (3, 7, 50, False), (4, 7, 50, True), (1, 2, 50, True), (0, 0, 50, True), (7, 7, 100, True)],
)
def test_quorum_is_a_share_of_all_units(voted: int, units: int, percent: int | None, quorate: bool | None) -> None:
    assert is_quorate(voted, units, percent) is quorate


@given(BALLOTS, st.permutations(OPTIONS))
def test_options_are_treated_alike(ballots: list[dict[str, Fraction]], order: list[str]) -> None:
    renamed = dict(zip(OPTIONS, order, strict=True))
    theirs = [{renamed[option]: mark for option, mark in one.items()} for one in ballots]
    mine = rank(add_up(OPTIONS, ballots))
    other = rank(add_up(order, theirs))
    assert [(p.rank, {renamed[one] for one in p.options}) for p in mine] == [(p.rank, set(p.options)) for p in other]


@given(BALLOTS, BALLOTS)
def test_two_electorates_that_agree_on_the_first_place_agree_together(
    ours: list[dict[str, Fraction]], theirs: list[dict[str, Fraction]]
) -> None:
    """Consistency, which rules that add marks up have (Smith 1973, Young 1975)."""
    first = [rank(add_up(OPTIONS, ballots))[0].options for ballots in (ours, theirs)]
    shared = set(first[0]) & set(first[1])
    if shared:
        assert set(rank(add_up(OPTIONS, [*ours, *theirs]))[0].options) == shared


@given(BALLOTS, st.sampled_from(OPTIONS))
def test_more_support_never_harms(ballots: list[dict[str, Fraction]], option: str) -> None:
    """Monotonicity."""

    def place(of: list[dict[str, Fraction]]) -> int:
        return next(one.rank for one in rank(add_up(OPTIONS, of)) if option in one.options)

    assert place([*ballots, {option: Fraction(1)}]) <= place(ballots)
