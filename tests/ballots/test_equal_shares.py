"""Equal shares against 250 elections that pabutools solved, and by the properties that it has."""

from __future__ import annotations

import json
import pathlib
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handlers.ballots import equal_shares as rule
from handlers.ballots.budget import Candidate
from handlers.ballots.equal_shares import Election, Shares, completed, equal_shares, product_unit, receipt, with_add1

VECTORS = [
    json.loads(line)
    for line in (pathlib.Path(__file__).parents[1] / "data" / "equal_shares_vectors.jsonl").read_text().splitlines()
]


def election(frame: int, costs: list[int], scores: list[list[int]]) -> Election:
    return Election(
        frame,
        [Candidate(str(place), cost) for place, cost in enumerate(costs)],
        {
            voter: {str(place): Fraction(one) for place, one in enumerate(row) if one}
            for voter, row in enumerate(scores)
        },
    )


def test_there_are_250_solved_elections() -> None:
    assert len(VECTORS) == 250


@pytest.mark.parametrize("number", range(250))
def test_the_same_is_chosen_as_by_pabutools(number: int) -> None:
    vector = VECTORS[number]
    given_ = election(vector["frame"], vector["costs"], vector["scores"])
    plain, full = equal_shares(given_), completed(given_, Fraction(1))
    assert sorted(map(int, plain.chosen)) == vector["equal_shares"]
    assert sorted(map(int, full.chosen)) == vector["equal_shares_add1"]
    assert sorted(map(int, [*full.chosen, *full.completion])) == vector["equal_shares_completed"]


def _one_raise_at_a_time(given_: Election, unit: Fraction) -> Shares:
    """Add1 as it is defined."""
    found = equal_shares(given_)
    while _something_fits(given_, found.chosen):
        raised = equal_shares(given_, found.share + unit)
        if sum(one.cost for one in given_.candidates if one.name in raised.chosen) > given_.frame:
            break
        found = raised
    return found


def _something_fits(given_: Election, chosen: tuple[str, ...]) -> bool:
    left = given_.frame - sum(one.cost for one in given_.candidates if one.name in chosen)
    wanted = {name for row in given_.scores.values() for name in row}
    return any(one.cost <= left for one in given_.candidates if one.name in wanted and one.name not in chosen)


@st.composite
def elections(draw: st.DrawFn) -> Election:
    costs = draw(st.lists(st.integers(1, 60), min_size=1, max_size=6))
    points = st.integers(0, draw(st.sampled_from([1, 5])))
    row = st.lists(points, min_size=len(costs), max_size=len(costs))
    scores = draw(st.lists(row, min_size=1, max_size=6))
    return election(draw(st.integers(1, sum(costs))), costs, scores)


@given(elections(), st.sampled_from([Fraction(1), Fraction(1, 7), Fraction(5, 2)]))
@settings(deadline=None)
def test_passing_over_idle_raises_changes_nothing(given_: Election, unit: Fraction) -> None:
    patience, rule._PATIENCE = rule._PATIENCE, 1
    try:
        assert with_add1(given_, unit) == _one_raise_at_a_time(given_, unit)
    finally:
        rule._PATIENCE = patience


@given(elections())
@settings(deadline=None)
def test_never_over_the_frame_and_every_payment_is_owed(given_: Election) -> None:
    found = completed(given_, Fraction(1, 2))
    costs = {one.name: one.cost for one in given_.candidates}
    assert sum(costs[name] for name in (*found.chosen, *found.completion)) <= given_.frame
    assert not set(found.chosen) & set(found.completion)
    for name in found.chosen:
        paid = found.payments[name]
        assert sum(paid.values()) == costs[name]
        assert sum(receipt(costs[name], paid).values()) == costs[name]
        assert all(given_.scores[voter].get(name, 0) > 0 for voter in paid)
    for voter in given_.scores:
        assert sum(paid.get(voter, Fraction(0)) for paid in found.payments.values()) <= found.share


@given(elections(), st.randoms(use_true_random=False))
@settings(deadline=None)
def test_voters_are_treated_alike(given_: Election, chance: object) -> None:
    voters = list(given_.scores)
    chance.shuffle(voters)  # type: ignore[attr-defined]
    other = Election(given_.frame, given_.candidates, {voter: given_.scores[voter] for voter in voters})
    mine, theirs = completed(given_, Fraction(1)), completed(other, Fraction(1))
    assert (mine.chosen, mine.completion, mine.ties) == (theirs.chosen, theirs.completion, theirs.ties)


@given(elections(), st.integers(2, 5))
@settings(deadline=None)
def test_scaling_all_points_alike_changes_nothing(given_: Election, factor: int) -> None:
    scaled = {voter: {name: one / factor for name, one in row.items()} for voter, row in given_.scores.items()}
    mine, theirs = equal_shares(given_), equal_shares(Election(given_.frame, given_.candidates, scaled))
    assert (mine.chosen, mine.payments, mine.ties) == (theirs.chosen, theirs.payments, theirs.ties)


def test_a_minority_that_agrees_gets_what_its_shares_pay_for() -> None:
    """The proportionality that the method is chosen for: three of four want one thing, one wants another."""
    given_ = election(400, [100, 300, 100], [[0, 1, 1], [0, 1, 1], [0, 1, 1], [1, 0, 0]])
    assert "0" in equal_shares(given_).chosen


def test_equal_prices_are_told_as_ties() -> None:
    found = equal_shares(election(100, [100, 100, 100], [[1, 1, 0], [1, 1, 0]]))
    assert found.chosen == ("0",)
    assert found.ties == (("0", "1"),)


def test_shares_that_do_not_divide_are_exact_and_the_receipt_sums() -> None:
    found = equal_shares(election(100, [100], [[1], [1], [1]]))
    assert found.payments["0"] == dict.fromkeys(range(3), Fraction(100, 3))
    assert receipt(100, found.payments["0"]) == {0: 34, 1: 33, 2: 33}


def test_nobody_voted_and_nothing_is_bought() -> None:
    assert completed(Election(100, [Candidate("0", 10)], {}), Fraction(1)) == Shares((), {}, Fraction(0))


def test_the_unit_is_a_thousandth_of_a_share_and_at_least_a_krone() -> None:
    assert product_unit(25_000_000, 7) == Fraction(25_000_000, 7000)
    assert product_unit(100_000, 98) == 100


def test_one_dear_wish_of_one_municipality_is_reached_without_trying_every_raise() -> None:
    given_ = election(1_000_000, [10, 900_000], [[1, 1], *([[1, 0]] * 97)])
    found = with_add1(given_, Fraction(1, 100))
    assert found.chosen == ("0", "1")
    assert found.share >= 900_000
