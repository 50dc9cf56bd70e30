"""One run of the Method of Equal Shares: what the municipalities buy together with what each of them has.

See `equal_shares` for the method and its source. What voters have left is kept as whole numbers over one common
denominator, which is many times faster than fractions of their own and just as exact.
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from handlers.ballots.budget import Candidate

Scores = Mapping[int, Mapping[str, Fraction]]
"""Voter → candidate → points above zero; every voter has a share, also one who scores nothing."""

Order = tuple[int, int, int]
"""What breaks ties at equal price: the higher total score, the lower cost, the earlier candidate."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A candidate with its supporters. `given` is (voter's place, points as whole numbers), `points` their sum;
    `spread` turns what a voter has into how far it reaches per point, in whole numbers; `lowest_price` is the price if
    no supporter is emptied by it."""

    name: str
    cost: int
    given: tuple[tuple[int, int], ...]
    points: int
    spread: Mapping[int, int]
    order: Order
    lowest_price: Fraction


def list_wanted(candidates: Sequence[Candidate], scores: Scores) -> list[Wanted]:
    """The candidates that anybody wants, with points scaled to whole numbers: prices then scale alike for all."""
    scale = math.lcm(*(points.denominator for row in scores.values() for points in row.values()))
    found: list[Wanted] = []
    for one in candidates:
        given = tuple(
            (place, int(points * scale))
            for place, row in enumerate(scores.values())
            if (points := row.get(one.name)) is not None and points > 0
        )
        if not given:
            continue
        total = sum(points for _, points in given)
        common = math.lcm(*(points for _, points in given))
        spread = {points: common // points for _, points in given}
        order = (-total, one.cost, len(found))
        found.append(Wanted(one.name, one.cost, given, total, spread, order, Fraction(one.cost, total)))
    return found


@dataclass(slots=True)
class Run:
    """One run of the method. `left` is what each voter has, over the common denominator `below`; `bought` holds each
    purchase with what its supporters paid, over a denominator of its own."""

    wanted: Sequence[Wanted]
    share: Fraction
    left: list[int]
    below: int
    bought: list[tuple[Wanted, list[int], int]] = field(default_factory=list)
    ties: list[tuple[str, ...]] = field(default_factory=list)

    @property
    def chosen(self) -> tuple[str, ...]:
        return tuple(wanted.name for wanted, _, _ in self.bought)

    @property
    def spent(self) -> int:
        return sum(wanted.cost for wanted, _, _ in self.bought)

    @property
    def unchosen(self) -> list[Wanted]:
        """What was wanted and not bought."""
        chosen = set(self.chosen)
        return [one for one in self.wanted if one.name not in chosen]

    def buy_all(self) -> None:
        """Buy while there is something that its supporters can pay.

        A candidate's price only rises while others are bought, so its last known price bounds it from below: it is
        worked out anew only when it stands first."""
        queue = [(one.lowest_price, one.order) for one in self.wanted]
        heapq.heapify(queue)
        while queue:
            _, order = heapq.heappop(queue)
            price = self._price(self.wanted[order[-1]])
            if price is None:
                continue
            if queue and queue[0] < (price, order):
                heapq.heappush(queue, (price, order))
                continue
            self._note_ties(queue, price, order)
            self._buy(self.wanted[order[-1]], price)

    def _note_ties(self, queue: list[tuple[Fraction, Order]], price: Fraction, order: Order) -> None:
        same = [order]
        back = []
        while queue and queue[0][0] == price:
            _, other = heapq.heappop(queue)
            its = self._price(self.wanted[other[-1]])
            if its == price:
                same.append(other)
            if its is not None:
                back.append((its, other))
        for entry in back:
            heapq.heappush(queue, entry)
        if len(same) > 1:
            self.ties.append(tuple(self.wanted[one[-1]].name for one in same))

    def _price(self, wanted: Wanted) -> Fraction | None:
        """ρ: what a point costs the supporters who are not emptied by it; `None` where they can't pay it together."""
        left = self.left
        owed = wanted.cost * self.below
        points = wanted.points
        by_reach = sorted((left[voter] * wanted.spread[given], left[voter], given) for voter, given in wanted.given)
        for _, has, given in by_reach:
            if owed * given <= has * points:
                return Fraction(owed, points * self.below)
            owed -= has
            points -= given
        return None

    def _buy(self, wanted: Wanted, price: Fraction) -> None:
        scale = price.denominator // math.gcd(price.denominator, self.below)
        self.below *= scale
        self.left = [has * scale for has in self.left]
        per_point = price.numerator * (self.below // price.denominator)
        paid = [min(self.left[voter], per_point * given) for voter, given in wanted.given]
        for (voter, _), amount in zip(wanted.given, paid, strict=True):
            self.left[voter] -= amount
        self.bought.append((wanted, paid, self.below))
