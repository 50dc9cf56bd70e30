"""Finds wishes that may be about the same: by the letters their titles share, so that Danish compounds are met."""

from __future__ import annotations

import re
import unicodedata
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

_BETWEEN = re.compile(r"[\s.,;:!?…\"'»«”“()–—-]+")


@dataclass(frozen=True, slots=True)
class Alike:
    """A number and how alike its title is, from 0 to 1."""

    number: int
    likeness: float


def likeness(one: str, other: str) -> float:
    """The share of the shorter title's letter groups that the other has too, from 0 to 1; the same title is 1, however
    short it is."""
    return 1.0 if is_same(one, other) else _overlap(_grams(one), _grams(other))


def is_same(one: str, other: str) -> bool:
    """Whether two titles are the same but for case, blanks, hyphens, quotes and full stops."""
    return folded(one) == folded(other) != ""


def folded(title: str) -> str:
    """A title as it is compared: in lower case, with one blank for all that stands between words."""
    return _BETWEEN.sub(" ", unicodedata.normalize("NFC", title).casefold()).strip()


def find_similar(title: str, others: Iterable[tuple[int, str]], most: int = 3) -> list[Alike]:
    """The titles that are most alike, best first.

    Args:
        title: what is being written; of one with fewer than six grams, only the very same is found.
        others: number and title of each wish that it may repeat.
        most: how many at the most.
    """
    found = [Alike(number, likeness(title, other)) for number, other in others]
    alike = [one for one in found if one.likeness >= THRESHOLD]
    return sorted(alike, key=lambda one: (-one.likeness, one.number))[:most]


def _grams(title: str) -> frozenset[str]:
    words = [word for word in re.findall(r"\w+", title.casefold()) if word not in _STOP_WORDS]
    padded = [f" {word} " for word in words]
    return frozenset(word[at : at + GRAM] for word in padded for at in range(max(1, len(word) - GRAM + 1)))


def _overlap(one: frozenset[str], other: frozenset[str]) -> float:
    least = min(len(one), len(other))
    return len(one & other) / least if least >= LEAST_GRAMS else 0.0
