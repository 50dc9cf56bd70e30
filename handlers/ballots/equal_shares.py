"""The Method of Equal Shares: every municipality has the same to spend, and pays only for what it asked for itself.

Peters, Pierczyński and Skowron, "Proportional Participatory Budgeting with Additive Utilities" (2021): each voter gets
an equal share of the frame. While some candidate can be paid by its supporters at a price ρ per point, the one with the
lowest ρ is bought, each supporter paying min(what is left, ρ × its score). *Add1* then raises every share by one unit
until the next raise would overspend the frame or everything is bought; what is left is spent by score per krone.

All arithmetic is exact. What voters have left is kept as whole numbers over one common denominator, which is many times
faster than fractions of their own and just as exact.
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from handlers.ballots.budget import Candidate, by_score_per_krone
from handlers.ballots.raising import Demand, safe_raise

Payments = Mapping[str, Mapping[int, Fraction]]
"""Candidate → voter → what the voter pays for it, in øre."""


@dataclass(frozen=True, slots=True)
class Election:
    """What there is to choose between.

    Args:
        frame: the money, in whole øre.
        candidates: with costs above zero, in the order that breaks the last ties.
        scores: voter → candidate → points above zero; every voter has a share, also one who scores nothing.
    """

    frame: int
    candidates: Sequence[Candidate]
    scores: Mapping[int, Mapping[str, Fraction]]


@dataclass(frozen=True, slots=True)
class Shares:
    """What equal shares chose.

    Args:
        chosen: the candidates that the shares paid for, in the order of purchase.
        payments: who paid what for each of them; they sum to its cost.
        share: what every voter had, in øre: more than its part of the frame after Add1.
        ties: groups of candidates that stood exactly equal when one of them was bought, that one first.
        completion: what was bought afterwards for what was left over, best score per krone first.
    """

    chosen: tuple[str, ...]
    payments: Payments
    share: Fraction
    ties: tuple[tuple[str, ...], ...] = ()
    completion: tuple[str, ...] = ()


def equal_shares(election: Election, share: Fraction | None = None) -> Shares:
    """The plain method. `share` is what every voter has in øre, an equal part of the frame where not given."""
    if not election.scores:
        return Shares((), {}, Fraction(0))
    return _run(election, _wanted(election), share if share is not None else _equal_part(election)).shares()


def _equal_part(election: Election) -> Fraction:
    return Fraction(election.frame, len(election.scores))


def with_add1(election: Election, unit: Fraction) -> Shares:
    """The method with every share raised by `unit` øre until the next raise would overspend, or nothing that anybody
    wants fits any more. Raises that provably change nothing are passed over, with the same result."""
    if not election.scores:
        return Shares((), {}, Fraction(0))
    wanted = _wanted(election)
    found = _run(election, wanted, _equal_part(election))
    unchanged, patience = 0, _PATIENCE
    while found.something_fits():
        raised = _run(election, wanted, found.share + unit)
        if raised.spent > election.frame:
            break
        unchanged = unchanged + 1 if raised.chosen == found.chosen else 0
        found = raised
        if unchanged >= patience:
            passed_over = found.idle_raises(unit)
            found = _run(election, wanted, found.share + passed_over * unit) if passed_over else found
            patience = _PATIENCE if passed_over > patience else 2 * patience
            unchanged = 0
    return found.shares()


_PATIENCE = 4
"""Raises that change nothing before it is worth working out how many more there are."""


def completed(election: Election, unit: Fraction) -> Shares:
    """Add1, and then what is left is spent by score per krone on what fits."""
    found = with_add1(election, unit)
    left = election.frame - sum(one.cost for one in election.candidates if one.name in found.chosen)
    others = [one for one in election.candidates if one.name not in found.chosen]
    extra = by_score_per_krone(others, _totals(election), left)
    return Shares(found.chosen, found.payments, found.share, found.ties, extra.chosen)


def product_unit(frame: int, voters: int) -> Fraction:
    """What Add1 raises by here: a thousandth of an equal share, at least one krone [choice]; in øre."""
    return max(Fraction(frame, 1000 * voters), Fraction(100))


def receipt(cost: int, paid: Mapping[int, Fraction]) -> dict[int, int]:
    """The exact payments for one candidate in whole øre that sum to its cost, by largest remainder; of equal
    remainders the voter with the lower number first."""
    whole = {voter: math.floor(amount) for voter, amount in paid.items()}
    left = cost - sum(whole.values())
    order = sorted(paid, key=lambda voter: (whole[voter] - paid[voter], voter))
    for voter in order[:left]:
        whole[voter] += 1
    return whole


def _totals(election: Election) -> dict[str, Fraction]:
    totals = {one.name: Fraction(0) for one in election.candidates}
    for given in election.scores.values():
        for name, points in given.items():
            if name in totals:
                totals[name] += points
    return totals


def _run(election: Election, wanted: Sequence[_Wanted], share: Fraction) -> _Run:
    run = _Run(election, wanted, share, [share.numerator] * len(election.scores), share.denominator)
    run.buy_all()
    return run


@dataclass(slots=True)
class _Run:
    """One run of the method. `left` is what each voter has, over the common denominator `below`; `bought` holds each
    purchase with what its supporters paid, over a denominator of its own."""

    election: Election
    wanted: Sequence[_Wanted]
    share: Fraction
    left: list[int]
    below: int
    bought: list[tuple[_Wanted, list[int], int]] = field(default_factory=list)
    ties: list[tuple[str, ...]] = field(default_factory=list)

    @property
    def chosen(self) -> tuple[str, ...]:
        return tuple(wanted.name for wanted, _, _ in self.bought)

    @property
    def spent(self) -> int:
        return sum(wanted.cost for wanted, _, _ in self.bought)

    def shares(self) -> Shares:
        """What came of it."""
        voters = list(self.election.scores)
        payments = {
            wanted.name: {
                voters[voter]: Fraction(paid, below)
                for (voter, _), paid in zip(wanted.given, all_paid, strict=True)
                if paid
            }
            for wanted, all_paid, below in self.bought
        }
        return Shares(self.chosen, payments, self.share, tuple(self.ties))

    def something_fits(self) -> bool:
        """Whether what is left of the frame is enough for something that anybody wants."""
        chosen, left = set(self.chosen), self.election.frame - self.spent
        return any(one.cost <= left for one in self.wanted if one.name not in chosen)

    def idle_raises(self, unit: Fraction) -> int:
        """How many further raises surely leave the outcome as it is."""
        chosen = set(self.chosen)
        bought = [Demand(wanted.cost, wanted.given) for wanted, _, _ in self.bought]
        others = [Demand(one.cost, one.given) for one in self.wanted if one.name not in chosen]
        bound = safe_raise(len(self.left), self.share, bought, others)
        return 0 if bound is None else max(0, math.ceil(bound / unit) - 1)

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

    def _note_ties(self, queue: list[tuple[Fraction, _Order]], price: Fraction, order: _Order) -> None:
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

    def _price(self, wanted: _Wanted) -> Fraction | None:
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

    def _buy(self, wanted: _Wanted, price: Fraction) -> None:
        scale = price.denominator // math.gcd(price.denominator, self.below)
        self.below *= scale
        self.left = [has * scale for has in self.left]
        per_point = price.numerator * (self.below // price.denominator)
        paid = [min(self.left[voter], per_point * given) for voter, given in wanted.given]
        for (voter, _), amount in zip(wanted.given, paid, strict=True):
            self.left[voter] -= amount
        self.bought.append((wanted, paid, self.below))


_Order = tuple[int, int, int]
"""What breaks ties at equal price: the higher total score, the lower cost, the earlier candidate."""


@dataclass(frozen=True, slots=True)
class _Wanted:
    """A candidate with its supporters. `given` is (voter's place, points as whole numbers), `points` their sum;
    `spread` turns what a voter has into how far it reaches per point, in whole numbers; `lowest_price` is the price if
    no supporter is emptied by it."""

    name: str
    cost: int
    given: tuple[tuple[int, int], ...]
    points: int
    spread: Mapping[int, int]
    order: _Order
    lowest_price: Fraction


def _wanted(election: Election) -> list[_Wanted]:
    """The candidates that anybody wants, with points scaled to whole numbers: prices then scale alike for all."""
    scale = math.lcm(*(points.denominator for given in election.scores.values() for points in given.values()))
    found: list[_Wanted] = []
    for one in election.candidates:
        given = tuple(
            (place, int(points * scale))
            for place, scores in enumerate(election.scores.values())
            if (points := scores.get(one.name)) is not None and points > 0
        )
        if not given:
            continue
        total = sum(points for _, points in given)
        common = math.lcm(*(points for _, points in given))
        spread = {points: common // points for _, points in given}
        order = (-total, one.cost, len(found))
        found.append(_Wanted(one.name, one.cost, given, total, spread, order, Fraction(one.cost, total)))
    return found
