"""Turns what equal shares charge into whole øre, so that every municipality can add its own receipt up.

The payments are exact fractions. Each is rounded up or down to a whole øre so that those for one candidate sum to its
cost, and those of one voter to its exact total, up or down: nobody pays an øre more than its share, rounded up to a
whole one. Such a rounding always exists (Bacharach, "Matrix Rounding Problems", Management Science 12, 1966).
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from fractions import Fraction

from handlers.ballots.equal_shares import Payments

_KEPT = ""
"""A column beside the candidates: the part of an øre that a voter keeps."""


def receipts(payments: Payments) -> dict[int, dict[str, int]]:
    """Voter → candidate → whole øre, for all that was paid at all.

    Of those that could pay the øre that are left over, the largest remainder does, and of equal remainders the voter
    with the lower number; where that would be more than a voter owes in all, another voter's øre is moved.

    Args:
        payments: as the method gives them; those for one candidate sum to whole øre.
    """
    rounding = _Rounding(payments)
    for column in (*payments, _KEPT):
        rounding.hand_out(column)
    found: dict[int, dict[str, int]] = {voter: {} for voter in sorted(rounding.room)}
    for name, paid in payments.items():
        for voter, amount in paid.items():
            found[voter][name] = math.floor(amount) + (voter in rounding.up[name])
    return found


@dataclass(slots=True)
class _Rounding:
    """The øre that are left when everything is rounded down. `parts` is column → voter → part of an øre, `room` how
    many more øre a voter must pay or keep, `up` who does so in which column."""

    payments: Payments
    parts: dict[str, dict[int, Fraction]] = field(default_factory=dict)
    room: dict[int, int] = field(default_factory=dict)
    up: dict[str, set[int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        totals: dict[int, Fraction] = {}
        for name, paid in self.payments.items():
            self.parts[name] = {voter: amount % 1 for voter, amount in paid.items() if amount % 1}
            for voter, amount in paid.items():
                totals[voter] = totals.get(voter, Fraction(0)) + amount % 1
        self.parts[_KEPT] = {voter: -total % 1 for voter, total in totals.items() if total % 1}
        self.room = {voter: math.ceil(total) for voter, total in totals.items()}
        self.up = {column: set() for column in self.parts}

    def hand_out(self, column: str) -> None:
        """Give the column's øre to voters."""
        for _ in range(int(sum(self.parts[column].values()))):
            moved = self._give(column, set())
            assert moved, "a rounding always exists"

    def _give(self, column: str, tried: set[str]) -> bool:
        """Give one øre more; where nobody has room, by moving one of another column away from somebody."""
        tried.add(column)
        order = self._order(column)
        for voter in order:
            if self.room[voter]:
                self.room[voter] -= 1
                self.up[column].add(voter)
                return True
        return any(self._move(voter, column, tried) for voter in order)

    def _move(self, voter: int, column: str, tried: set[str]) -> bool:
        for other in self.up:
            if other not in tried and voter in self.up[other] and self._give(other, tried):
                self.up[other].remove(voter)
                self.up[column].add(voter)
                return True
        return False

    def _order(self, column: str) -> list[int]:
        parts = self.parts[column]
        return sorted(parts.keys() - self.up[column], key=lambda voter: (-parts[voter], voter))
