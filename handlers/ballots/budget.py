"""What the money is enough for, going down a ranking: pure and exact."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from handlers.ballots.counting import Place


@dataclass(frozen=True, slots=True)
class Candidate:
    """Something that can be bought. `cost` is in whole øre."""

    name: str
    cost: int


@dataclass(frozen=True, slots=True)
class Bought:
    """What was chosen, in the order of choice, and the ties that mattered: groups of candidates that stood equal while
    the money was enough for some of them only."""

    chosen: tuple[str, ...]
    ties: tuple[tuple[str, ...], ...] = ()


def by_rank(candidates: Sequence[Candidate], ranking: Iterable[Place], frame: int) -> Bought:
    """The best placed first; what no longer fits is passed over. Of those that share a place the cheaper, then the
    earlier first.

    Args:
        candidates: those that somebody wants, in the order that breaks the last ties; each has a place.
        ranking: the places, the best first.
        frame: the money, in whole øre.
    """
    ranks = {name: place.rank for place in ranking for name in place.options}
    ordered = sorted(candidates, key=lambda one: (ranks[one.name], one.cost))
    return _go_down(ordered, lambda one: ranks[one.name], frame)


def by_score_per_krone(candidates: Sequence[Candidate], totals: Mapping[str, Fraction], frame: int) -> Bought:
    """The highest total per krone first; what no longer fits is passed over. Of equals the higher total, then the
    cheaper, then the earlier first. What costs nothing comes before all that costs something."""
    wanted = [one for one in candidates if totals[one.name] > 0]
    ordered = sorted(wanted, key=lambda one: (-_per_krone(one, totals), -totals[one.name], one.cost))
    return _go_down(ordered, lambda one: _per_krone(one, totals), frame)


def _per_krone(one: Candidate, totals: Mapping[str, Fraction]) -> Fraction:
    highest = sum(totals.values(), Fraction(1))
    return totals[one.name] / one.cost if one.cost else highest + totals[one.name]


def _go_down(ordered: Sequence[Candidate], level: Callable[[Candidate], Hashable], frame: int) -> Bought:
    """Buys in this order what fits; those of one level stand equal."""
    chosen: list[str] = []
    ties: list[tuple[str, ...]] = []
    left = frame
    for value in dict.fromkeys(level(one) for one in ordered):
        equals = [one for one in ordered if level(one) == value]
        fitting = []
        for one in equals:
            if one.cost <= left:
                left -= one.cost
                fitting.append(one.name)
        chosen += fitting
        if 0 < len(fitting) < len(equals):
            ties.append(tuple(one.name for one in equals))
    return Bought(tuple(chosen), tuple(ties))
