"""Adds the units' ballots up and ranks the options, with ties as ties: pure and exact."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from handlers.ballots.rules import Marks


@dataclass(frozen=True, slots=True)
class Place:
    """One place of a ranking, and the options that share it. `rank` counts as in sport: 1, 2, 2, 4."""

    rank: int
    options: tuple[str, ...]


def add_up(options: Sequence[str], ballots: Iterable[Marks]) -> dict[str, Fraction]:
    """Option → the sum of its marks, in the order of `options`."""
    totals = dict.fromkeys(options, Fraction(0))
    for marks in ballots:
        for option, mark in marks.items():
            if option in totals:
                totals[option] += mark
    return totals


def count_supporters(options: Sequence[str], ballots: Collection[Marks]) -> dict[str, int]:
    """Option → how many units gave it any mark."""
    return {option: sum(1 for marks in ballots if marks.get(option)) for option in options}


def rank(totals: Mapping[str, Fraction]) -> list[Place]:
    """The options by total, the highest first; those with the same total share a place, in the order given."""
    ranked: list[Place] = []
    before = 0
    for total in sorted(set(totals.values()), reverse=True):
        sharing = tuple(option for option, mine in totals.items() if mine == total)
        ranked.append(Place(before + 1, sharing))
        before += len(sharing)
    return ranked


def is_quorate(voted: int, units: int, percent: int | None) -> bool | None:
    """Whether enough units voted; `None` where no share is asked for. `percent` is of all units, 0 to 100."""
    return None if percent is None else voted * 100 >= percent * units
