"""Going down a ranking until the money is gone."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.ballots.budget import Candidate, by_rank, by_score_per_krone

A, B, C, D = Candidate("a", 50), Candidate("b", 30), Candidate("c", 20), Candidate("d", 20)


def totals(**given: int) -> dict[str, Fraction]:
    return {name: Fraction(total) for name, total in given.items()}


@pytest.mark.parametrize(
    ("frame", "chosen", "ties"),
    [
        (120, ("a", "c", "d", "b"), ()),
        (100, ("a", "c", "d"), ()),
        (70, ("a", "c"), (("c", "d"),)),
        (45, ("c", "d"), ()),
        (10, (), ()),
        (-5, (), ()),
    ],
)
def test_rank_order_passes_over_what_no_longer_fits(frame: int, chosen: object, ties: object) -> None:
    found = by_rank([A, B, C, D], totals(a=5, b=1, c=3, d=3), frame)
    assert (found.chosen, found.ties) == (chosen, ties)


def test_what_nobody_wants_is_not_bought() -> None:
    assert by_rank([A, B], totals(a=0, b=2), 100).chosen == ("b",)
    assert by_score_per_krone([A, B], totals(a=0, b=2), 100).chosen == ("b",)


def test_score_per_krone_puts_the_cheap_before_the_dear() -> None:
    assert by_score_per_krone([A, B, C], totals(a=5, b=4, c=1), 60).chosen == ("b", "c")
    assert by_score_per_krone([A, Candidate("free", 0)], totals(a=5, free=1), 50).chosen == ("free", "a")


MANY = st.lists(st.tuples(st.integers(0, 60), st.fractions(0, 9, max_denominator=3)), max_size=8)


@given(MANY, st.integers(0, 150), st.sampled_from([by_rank, by_score_per_krone]))
def test_never_over_the_frame_and_nothing_wanted_is_left_that_fits(
    many: list[tuple[int, Fraction]], frame: int, rule: object
) -> None:
    candidates = [Candidate(str(place), cost) for place, (cost, _) in enumerate(many)]
    totals = {str(place): total for place, (_, total) in enumerate(many)}
    chosen = rule(candidates, totals, frame).chosen  # type: ignore[operator]
    spent = sum(one.cost for one in candidates if one.name in chosen)
    assert spent <= frame
    assert all(spent + one.cost > frame or not totals[one.name] for one in candidates if one.name not in chosen)
