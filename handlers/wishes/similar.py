"""Finds wishes that may be about the same: by the letters their titles share, so that Danish compounds are met."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

GRAM = 4
THRESHOLD = 0.45
"""Between the best false pair (0.23) and the lowest true pair (0.60) measured on Danish titles."""

LEAST_GRAMS = 6
"""A title with fewer grams than this says too little to be compared."""

_STOP_WORDS = frozenset(
    re.findall(
        r"\w+",
        """af alle at bedre blive bør da de den der det dette efter eller en er et flere for fra få gør ha han har hvis
        i ikke ift ind ja jeg kan kunne man med men mere mulighed ned ny nye nyt når og også om op os over på samt se
        skal som så til ud under ved vi vil være ændringsønske ønske ønsker""",
    )
)


@dataclass(frozen=True, slots=True)
class Alike:
    """A number and how alike its title is, from 0 to 1."""

    number: int
    likeness: float


def likeness(one: str, other: str) -> float:
    """The share of the shorter title's letter groups that the other has too, from 0 to 1."""
    return _overlap(_grams(one), _grams(other))


def find_similar(title: str, others: Iterable[tuple[int, str]], most: int = 3) -> list[Alike]:
    """The titles that are most alike, best first.

    Args:
        title: what is being written.
        others: number and title of each wish that it may repeat.
        most: how many at the most.
    """
    grams = _grams(title)
    if len(grams) < LEAST_GRAMS:
        return []
    found = [Alike(number, _overlap(grams, _grams(other))) for number, other in others]
    alike = [one for one in found if one.likeness >= THRESHOLD]
    return sorted(alike, key=lambda one: (-one.likeness, one.number))[:most]


def _grams(title: str) -> frozenset[str]:
    words = [word for word in re.findall(r"\w+", title.casefold()) if word not in _STOP_WORDS]
    padded = [f" {word} " for word in words]
    return frozenset(word[at : at + GRAM] for word in padded for at in range(max(1, len(word) - GRAM + 1)))


def _overlap(one: frozenset[str], other: frozenset[str]) -> float:
    least = min(len(one), len(other))
    return len(one & other) / least if least >= LEAST_GRAMS else 0.0
