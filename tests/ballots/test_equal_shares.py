"""Equal shares against 250 elections that pabutools solved, and against the method as the paper writes it."""

from __future__ import annotations

import json
import pathlib
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handlers.ballots import equal_shares as rule
from handlers.ballots.budget import Candidate
from handlers.ballots.equal_shares import Election, Shares, completed, equal_shares, product_unit, with_add1
from tests.ballots.elections import election, elections

VECTORS = [
    json.loads(line)
    for line in (pathlib.Path(__file__).parents[1] / "data" / "equal_shares_vectors.jsonl").read_text().splitlines()
]


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


def _price(cost: int, points: dict[int, Fraction], left: dict[int, Fraction]) -> Fraction | None:
    """ρ by its definition, tried for every supporter as the first who is not emptied."""
    prices = []
    for first, its_points in points.items():
        reach = left[first] / its_points
        emptied = {voter for voter in points if left[voter] / points[voter] < reach}
        rest = sum(points[voter] for voter in points if voter not in emptied)
        price = (cost - sum(left[voter] for voter in emptied)) / rest
        if sum(min(left[voter], price * points[voter]) for voter in points) == cost:
            prices.append(price)
    return min(prices, default=None)


def _by_the_book(given_: Election, share: Fraction) -> Shares:
    """The method as the paper writes it, in plain fractions, with our rule for ties."""
    left = dict.fromkeys(given_.scores, share)
    chosen: list[str] = []
    payments, ties = {}, []
    while True:
        offers = []
        for place, one in enumerate(given_.candidates):
            points = {voter: row[one.name] for voter, row in given_.scores.items() if row.get(one.name)}
            price = _price(one.cost, points, left) if points and one.name not in chosen else None
            if price is not None:
                offers.append((price, -sum(points.values()), one.cost, place, one.name, points))
        if not offers:
            return Shares(tuple(chosen), payments, share, tuple(ties))
        offers.sort(key=lambda offer: offer[:4])
        price, *_, name, points = offers[0]
        same = tuple(offer[4] for offer in offers if offer[0] == price)
        ties += [same] if len(same) > 1 else []
        paid = {voter: min(left[voter], price * one) for voter, one in points.items()}
        left = {voter: has - paid.get(voter, 0) for voter, has in left.items()}
        chosen.append(name)
        payments[name] = {voter: amount for voter, amount in paid.items() if amount}


def _one_raise_at_a_time(given_: Election, unit: Fraction) -> Shares:
    """Add1 as it is defined."""
    found = _by_the_book(given_, Fraction(given_.frame, len(given_.scores)))
    while _something_fits(given_, found.chosen):
        raised = _by_the_book(given_, found.share + unit)
        if sum(one.cost for one in given_.candidates if one.name in raised.chosen) > given_.frame:
            break
        found = raised
    return found


def _something_fits(given_: Election, chosen: tuple[str, ...]) -> bool:
    left = given_.frame - sum(one.cost for one in given_.candidates if one.name in chosen)
    wanted = {name for row in given_.scores.values() for name in row}
    return any(one.cost <= left for one in given_.candidates if one.name in wanted and one.name not in chosen)


@given(elections(least_cost=0), st.fractions(0, 60, max_denominator=3))
@settings(deadline=None)
def test_a_run_is_the_papers_with_whatever_shares(given_: Election, share: Fraction) -> None:
    assert equal_shares(given_, share) == _by_the_book(given_, share)


@given(elections(least_cost=0), st.sampled_from([Fraction(1), Fraction(1, 7), Fraction(5, 2)]), st.sampled_from([1, 4]))
@settings(deadline=None)
def test_passing_over_idle_raises_changes_nothing(given_: Election, unit: Fraction, patience: int) -> None:
    usual, rule._PATIENCE = rule._PATIENCE, patience
    try:
        assert with_add1(given_, unit) == _one_raise_at_a_time(given_, unit)
    finally:
        rule._PATIENCE = usual


@given(elections(), st.integers(2, 5))
@settings(deadline=None)
def test_scaling_all_points_alike_changes_nothing(given_: Election, factor: int) -> None:
    scaled = {voter: {name: one / factor for name, one in row.items()} for voter, row in given_.scores.items()}
    mine, theirs = equal_shares(given_), equal_shares(Election(given_.frame, given_.candidates, scaled))
    assert (mine.chosen, mine.payments, mine.ties) == (theirs.chosen, theirs.payments, theirs.ties)


def test_equal_prices_are_told_as_ties() -> None:
    found = equal_shares(election(100, [100, 100, 100], [[1, 1, 0], [1, 1, 0]]))
    assert found.chosen == ("0",)
    assert found.ties == (("0", "1"),)


def test_equal_score_per_krone_in_the_completion_is_told_as_a_tie() -> None:
    """Each of three would pay for its own alone; what is left over is enough for one of the two last."""
    found = completed(election(90, [30, 60, 60], [[1, 0, 0], [0, 1, 0], [0, 0, 1]]), Fraction(100))
    assert (found.chosen, found.completion) == (("0",), ("1",))
    assert found.ties == (("1", "2"),)


def test_what_does_not_divide_is_exact() -> None:
    found = equal_shares(election(100, [100], [[1], [1], [1]]))
    assert found.payments["0"] == dict.fromkeys(range(3), Fraction(100, 3))


def test_a_run_is_exact_beyond_what_floats_hold() -> None:
    given_ = election(100, [30, 40], [[1, 2], [3, 1], [0, 2]])
    share = Fraction(10**400 + 1, 10**399)
    assert equal_shares(given_, share) == _by_the_book(given_, share)


def test_nobody_voted_and_nothing_is_bought() -> None:
    nobody = Election(100, [Candidate("0", 10)], {})
    assert completed(nobody, Fraction(1)) == equal_shares(nobody) == Shares((), {}, Fraction(0))


def test_a_score_of_zero_is_none() -> None:
    given_ = Election(20, [Candidate("0", 10), Candidate("1", 10)], {0: {"0": Fraction(0), "1": Fraction(2)}})
    found = completed(given_, Fraction(1))
    assert (found.chosen, found.completion) == (("1",), ())


def test_the_unit_is_a_thousandth_of_a_share_and_at_least_a_krone() -> None:
    assert product_unit(25_000_000, 7) == Fraction(25_000_000, 7000)
    assert product_unit(100_000, 98) == 100


def test_one_dear_wish_of_one_municipality_is_reached_without_trying_every_raise() -> None:
    given_ = election(1_000_000, [10, 900_000], [[1, 1], *([[1, 0]] * 97)])
    found = with_add1(given_, Fraction(1, 100))
    assert found.chosen == ("0", "1")
    assert found.share >= 900_000
