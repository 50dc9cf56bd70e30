"""Which ballot is a unit's: pure rules, so that anybody can check that each municipality counted once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

Marks = Mapping[str, Fraction]
"""Option → mark above zero; an option that is not there has none."""


@dataclass(frozen=True, slots=True)
class Cast:
    """One person's whole standing answer, as counting sees it.

    Args:
        person: our id, empty for an answer that came by mail.
        unit: the id of the unit that the person spoke for when the ballot was first seen.
        marks: option → mark; zeros don't matter.
        at: when the ballot last changed, and `turn` the order of changes at one instant.
        confirmed: whether the person's word counts for the unit.
        mailed: whether somebody entered it for the unit.
        substitute: whether the person gave it in a colleague's place.
    """

    person: str
    unit: int
    marks: Mapping[str, int]
    at: dt.datetime
    turn: int = 0
    confirmed: bool = True
    mailed: bool = False
    substitute: bool = False

    @property
    def is_empty(self) -> bool:
        return not any(self.marks.values())


def standing_ballots(casts: Iterable[Cast], units: Collection[int], *, averages: bool = False) -> dict[int, Marks]:
    """The one answer of each unit that has voted, whatever order the ballots come in.

    It is that of the confirmed person whose ballot changed last and is not empty, so that a colleague's stands again
    when it is emptied; with `averages` it is the mean of all such ballots [choice].

    Args:
        casts: at most one per person and unit.
        units: the electorate; ballots of others count nothing.
    """
    by_unit = countable(casts, units)
    if averages:
        return {unit: mean(of_unit) for unit, of_unit in by_unit.items()}
    return {unit: mean([standing_cast(of_unit)]) for unit, of_unit in by_unit.items()}


def countable(casts: Iterable[Cast], units: Collection[int]) -> dict[int, list[Cast]]:
    """Unit → its ballots that could count: of the confirmed, and not empty."""
    by_unit: dict[int, list[Cast]] = {}
    for cast in casts:
        if cast.unit in units and cast.confirmed and not cast.is_empty:
            by_unit.setdefault(cast.unit, []).append(cast)
    return by_unit


def standing_cast(casts: Iterable[Cast]) -> Cast:
    """Of one unit's ballots that could count, the one that does."""
    return max(casts, key=lambda cast: (cast.at, cast.turn, cast.person))


def mean(casts: Collection[Cast]) -> Marks:
    """The exact mean of several ballots, option by option."""
    options = dict.fromkeys(option for cast in casts for option, mark in cast.marks.items() if mark)
    return {option: Fraction(sum(cast.marks.get(option, 0) for cast in casts), len(casts)) for option in options}


def waiting_units(casts: Iterable[Cast], units: Collection[int]) -> set[int]:
    """The units from which an answer is there, but only from people who are not confirmed yet."""
    answered = [cast for cast in casts if cast.unit in units and not cast.is_empty]
    return {cast.unit for cast in answered} - {cast.unit for cast in answered if cast.confirmed}
