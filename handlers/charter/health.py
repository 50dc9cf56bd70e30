"""What the kommissorium protects, checked from what the group has: each point is well, or says what to do.

Source: the kommissorium's lists of what to secure and what to avoid [K]; which data answers it is ours [choice].
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from handlers.wishes.rules import OPEN
from storage.enums import WishStatus
from storage.models.wishes import Wish

SILENT_POLLS = 2
"""A municipality is silent when it has not voted in this many polls in a row."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What is looked at.

    Args:
        led: somebody leads the group, confirmed.
        behind: meetings that the pace misses.
        unanswered: numbers of wishes whose recommendation has no answer.
        silent: names of the municipalities that have not voted in the last two polls, `None` where there have not been
            two.
        wishes: all of the group's wishes.
        frame: whether an economic frame is set for the year.
    """

    led: bool
    behind: int
    unanswered: Sequence[int]
    silent: Sequence[str] | None
    wishes: Sequence[Wish]
    frame: bool


@dataclass(frozen=True, slots=True)
class Point:
    """One point: its name in the catalogs, and what is wrong; nothing wrong is well, unless it is `unknown` as yet."""

    name: str
    wrong: tuple[str, ...] = ()
    unknown: bool = False


def examine(facts: Facts) -> list[Point]:
    """Every point, in the order of the kommissorium."""
    return [
        Point("leader", () if facts.led else ("–",)),
        Point("frame", () if facts.frame else ("–",)),
        Point("meetings", (str(facts.behind),) if facts.behind else ()),
        Point("unanswered", _named(facts.unanswered)),
        Point("silent", tuple(facts.silent or ()), unknown=facts.silent is None),
        Point("owners", _of(facts.wishes, lambda wish: wish.status is WishStatus.STARTED and not wish.benefit_owner)),
        Point("stakeholders", _of(facts.wishes, _lacks_stakeholders)),
    ]


def _lacks_stakeholders(wish: Wish) -> bool:
    near = (WishStatus.PRIORITISED, WishStatus.APPROVED, WishStatus.STARTED)
    return wish.status in OPEN and wish.status in near and not wish.stakeholders


def _of(wishes: Sequence[Wish], lacks: Callable[[Wish], bool]) -> tuple[str, ...]:
    return _named([wish.number for wish in wishes if lacks(wish)])


def _named(numbers: Sequence[int]) -> tuple[str, ...]:
    return tuple(f"#{number}" for number in numbers)


def silent_units(last_polls: Sequence[tuple[set[int], set[int]]], names: dict[int, str]) -> list[str] | None:
    """The units that were in each of the last polls and voted in none, `None` where there have been too few polls.

    Args:
        last_polls: of each, the units that could vote and those that did.
        names: of the units by id.
    """
    if len(last_polls) < SILENT_POLLS:
        return None
    could = set.intersection(*(electors for electors, _ in last_polls))
    did = set().union(*(voted for _, voted in last_polls))
    return sorted(names[unit] for unit in could - did if unit in names)
