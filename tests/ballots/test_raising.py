"""How far shares may rise while nothing changes: by the definition in plain fractions, and by what then happens."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handlers.ballots.equal_shares import Election, equal_shares
from handlers.ballots.raising import Demand, safe_raise
from tests.ballots.elections import election, elections


@dataclass(frozen=True, order=True)
class Line:
    """An amount at the present shares, and by how much it grows with each øre that they rise."""

    at: Fraction
    slope: Fraction = Fraction(0)

    def __sub__(self, other: Line) -> Line:
        return Line(self.at - other.at, self.slope - other.slope)

    def times(self, factor: Fraction | int) -> Line:
        return Line(self.at * factor, self.slope * factor)


def total(lines: list[Line]) -> Line:
    return Line(sum((one.at for one in lines), Fraction(0)), sum((one.slope for one in lines), Fraction(0)))


def until_zero(line: Line) -> list[Fraction]:
    """The raise at which a falling line reaches nothing."""
    return [-line.at / line.slope] if line.slope < 0 else []


def price_of(wanted: Demand, has: Mapping[int, Line]) -> tuple[Line, set[int]]:
    """The price per point, and the supporters that it empties, found by taking out one after the other."""
    emptied: set[int] = set()
    while True:
        owed = Line(Fraction(wanted.cost)) - total([has[voter] for voter in emptied])
        price = owed.times(Fraction(1, sum(points for voter, points in wanted.given if voter not in emptied)))
        more = {voter for voter, points in wanted.given if has[voter].at < price.at * points}
        if more <= emptied:
            return price, emptied
        emptied |= more


def by_the_book(voters: int, share: Fraction, bought: list[Demand], others: list[Demand]) -> Fraction | None:
    has = {voter: Line(share, Fraction(1)) for voter in range(voters)}
    bounds: list[Fraction] = []
    for place, winner in enumerate(bought):
        price, emptied = price_of(winner, has)
        for loser in (*bought[place + 1 :], *others):
            could_pay = total([min(has[voter], price.times(points)) for voter, points in loser.given])
            bounds += until_zero(Line(Fraction(loser.cost)) - could_pay)
        for voter, points in winner.given:
            owes = price.times(points)
            bounds += until_zero(owes - has[voter] if voter in emptied else has[voter] - owes)
            has[voter] = Line(Fraction(0)) if voter in emptied else has[voter] - owes
    for other in others:
        bounds += until_zero(Line(Fraction(other.cost)) - total([has[voter] for voter, _ in other.given]))
    return min(bounds, default=None)


def demands(given_: Election, share: Fraction) -> tuple[list[Demand], list[Demand]]:
    """What a run with this share buys, in order, and what else is wanted."""
    rows = given_.scores.items()
    wanted = {
        one.name: Demand(one.cost, tuple((voter, int(row[one.name])) for voter, row in rows if one.name in row))
        for one in given_.candidates
    }
    chosen = equal_shares(given_, share).chosen
    others = [demand for name, demand in wanted.items() if name not in chosen and demand.given]
    return [wanted[name] for name in chosen], others


SHARES = st.fractions(0, 60, max_denominator=3)


@given(elections(least_cost=0), SHARES)
@settings(deadline=None)
def test_the_bound_is_that_of_the_definition(given_: Election, share: Fraction) -> None:
    voters, (bought, others) = len(given_.scores), demands(given_, share)
    assert safe_raise(voters, share, bought, others) == by_the_book(voters, share, bought, others)


@given(elections(), SHARES, st.fractions(0, 1, max_denominator=9))
@settings(deadline=None)
def test_below_the_bound_the_same_is_bought_in_the_same_order(
    given_: Election, share: Fraction, part: Fraction
) -> None:
    bound = safe_raise(len(given_.scores), share, *demands(given_, share))
    rise = part * 100 if bound is None else part * bound
    if bound is None or rise < bound:
        assert equal_shares(given_, share + rise).chosen == equal_shares(given_, share).chosen


@pytest.mark.parametrize(
    ("share", "costs", "scores", "bound"),
    [
        (10, [30], [[1], [1]], 5),
        (10, [20], [[1], [1]], None),
        (10, [15, 40], [[1, 1], [1, 1]], Fraction(35, 2)),
        (10, [4, 12], [[1, 0], [0, 1]], 2),
        (10, [18, 15], [[2, 1], [1, 1]], Fraction(1, 2)),
        (10, [18, 30], [[1, 1], [2, 1]], 2),
        (10, [19, 19], [[1, 1], [90, 1]], Fraction(800, 91)),
        (10, [18, 15, 9], [[2, 1, 0], [1, 1, 0], [0, 0, 1]], Fraction(1, 2)),
        (10, [15, 18], [[1, 0], [1, 0], [0, 9], [0, 1]], Fraction(1, 2)),
        (10, [26, 17], [[1, 1], [1, 1], [9, 0]], Fraction(13, 3)),
    ],
)
def test_the_first_raise_that_changes_something(
    share: int, costs: list[int], scores: list[list[int]], bound: Fraction | None
) -> None:
    given_ = election(sum(costs), costs, scores)
    found = safe_raise(len(scores), Fraction(share), *demands(given_, Fraction(share)))
    assert found == bound
