"""Going down a ranking until the money is gone; the properties stand in `test_money`."""

from __future__ import annotations

from fractions import Fraction

import pytest

from handlers.ballots.budget import Bought, Candidate, by_rank, by_score_per_krone
from handlers.ballots.counting import Place, rank

A, B, C, D = Candidate("a", 50), Candidate("b", 30), Candidate("c", 20), Candidate("d", 20)


def places(**given: int) -> list[Place]:
    return rank(totals(**given))


def totals(**given: int) -> dict[str, Fraction]:
    return {name: Fraction(total) for name, total in given.items()}


@pytest.mark.parametrize(
    ("frame", "chosen", "ties"),
    [
        (120, ("a", "c", "d", "b"), ()),
        (100, ("a", "c", "d"), ()),
        (70, ("a", "c"), (("c", "d"),)),
        (69, ("a",), ()),
        (45, ("c", "d"), ()),
        (10, (), ()),
        (-5, (), ()),
    ],
)
def test_rank_order_passes_over_what_no_longer_fits(frame: int, chosen: object, ties: object) -> None:
    found = by_rank([A, B, C, D], places(a=5, b=1, c=3, d=3), frame)
    assert (found.chosen, found.ties) == (chosen, ties)


def test_of_equals_the_cheaper_comes_first_and_then_the_earlier() -> None:
    assert by_rank([B, C, D], places(b=2, c=2, d=2), 40) == Bought(("c", "d"), (("c", "d", "b"),))
    assert by_rank([D, C], places(c=2, d=2), 20) == Bought(("d",), (("d", "c"),))


def test_what_nobody_gave_a_point_is_not_bought_by_points() -> None:
    assert by_score_per_krone([A, B], totals(a=0, b=2), 100).chosen == ("b",)


def test_score_per_krone_puts_the_cheap_before_the_dear() -> None:
    assert by_score_per_krone([A, B, C], totals(a=5, b=4, c=1), 60).chosen == ("b", "c")


def test_of_equal_score_per_krone_the_higher_score_comes_first() -> None:
    found = by_score_per_krone([Candidate("small", 10), Candidate("large", 20)], totals(small=1, large=2), 25)
    assert found == Bought(("large",), (("large", "small"),))


def test_what_costs_nothing_comes_before_all_else_best_first() -> None:
    candidates = [Candidate("øre", 1), Candidate("free", 0), Candidate("better", 0)]
    assert by_score_per_krone(candidates, {"øre": Fraction(9), "free": Fraction(1, 2), "better": Fraction(1)}, 50) == (
        Bought(("better", "free", "øre"))
    )
    assert by_score_per_krone(candidates[:2], {"øre": Fraction(2), "free": Fraction(1)}, 0) == Bought(("free",))
