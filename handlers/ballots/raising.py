"""How far every share may rise before equal shares could choose otherwise: spares Add1 the raises in between.

While a run buys the same candidates in the same order and the same voters are emptied by each purchase, everything in
it is linear in the raise: what each voter has left, and every price. A candidate that lost a round would win it only
when its supporters could pay its cost at the winner's price; what they can pay is concave in the raise, so its tangent
never says too late. All of it is whole numbers over a common denominator, so the answer is exact.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class Demand:
    """A candidate and its supporters: (voter's place, points as a whole number above zero)."""

    cost: int
    given: tuple[tuple[int, int], ...]


@dataclass(slots=True)
class _Line:
    """The voters' money as (at + slope × raise) / below."""

    at: list[int]
    slope: list[int]
    below: int


def safe_raise(voters: int, share: Fraction, bought: Sequence[Demand], others: Sequence[Demand]) -> Fraction | None:
    """Below this raise, in øre per voter, the same is bought in the same order; `None` for however far.

    Args:
        voters: how many there are.
        share: what each has, in øre.
        bought: what the run bought with that share, in order.
        others: what it did not buy.
    """
    line = _Line([share.numerator] * voters, [share.denominator] * voters, share.denominator)
    bounds: list[Fraction] = []
    for place, winner in enumerate(bought):
        bounds += _buy(line, winner, [*bought[place + 1 :], *others])
    for other in others:
        short = other.cost * line.below - sum(line.at[voter] for voter, _ in other.given)
        bounds += _until(short, sum(line.slope[voter] for voter, _ in other.given))
    return min(bounds, default=None)


def _buy(line: _Line, winner: Demand, losers: Sequence[Demand]) -> list[Fraction]:
    """Let the winner's supporters pay; returns the raises at which this purchase could go otherwise. Who is not emptied
    never will be: with every raise each has more, and the price is no higher."""
    emptied, points = _emptied(line, winner)
    owed = winner.cost * line.below - sum(line.at[voter] for voter in emptied)
    owed_slope = -sum(line.slope[voter] for voter in emptied)
    at = [has * points for has in line.at]
    slope = [rise * points for rise in line.slope]
    bounds: list[Fraction] = []
    for loser in losers:
        bounds += _loses_until(loser, (at, slope), (owed, owed_slope), line.below * points)
    for voter, given in winner.given:
        rest, rise = at[voter] - owed * given, slope[voter] - owed_slope * given
        if voter in emptied:
            bounds += _until(-rest, rise)
            at[voter] = slope[voter] = 0
        else:
            at[voter], slope[voter] = rest, rise
    common = math.gcd(line.below * points, *at, *slope)
    line.at = [has // common for has in at]
    line.slope = [rise // common for rise in slope]
    line.below = line.below * points // common
    return bounds


def _emptied(line: _Line, winner: Demand) -> tuple[set[int], int]:
    """The supporters whom the purchase empties, and the points of the others."""
    owed = winner.cost * line.below
    points = sum(given for _, given in winner.given)
    emptied: set[int] = set()
    for voter, given in sorted(winner.given, key=lambda one: Fraction(line.at[one[0]], one[1])):
        if owed * given <= line.at[voter] * points:
            break
        emptied.add(voter)
        owed -= line.at[voter]
        points -= given
    return emptied, points


def _loses_until(loser: Demand, has: tuple[list[int], list[int]], price: tuple[int, int], below: int) -> list[Fraction]:
    """When the loser's supporters could pay its cost at the winner's price, by the tangent from above."""
    short, rise = loser.cost * below, 0
    at, slope = has
    for voter, given in loser.given:
        capped, capped_rise = price[0] * given, price[1] * given
        if (at[voter], slope[voter]) <= (capped, capped_rise):
            short, rise = short - at[voter], rise + slope[voter]
        else:
            short, rise = short - capped, rise + capped_rise
    return _until(short, rise)


def _until(gap: int, closing: int) -> list[Fraction]:
    """When a gap that closes at this pace is closed; nothing where it never is."""
    return [Fraction(gap, closing)] if closing > 0 else []
