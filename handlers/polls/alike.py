"""Finds candidates that may be the same wish twice, so that they can be merged before their votes are split: pure.

The measure is the one that is used while a wish is written, but the bar is higher: there a hint reaches the one who
knows what is meant, here it makes the leader doubt what two others wrote.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from handlers.wishes.similar import is_same, likeness

SURE = 0.6
"""The lowest likeness of two titles that do mean the same, as measured on Danish titles."""

LEAST_LETTERS = 20
"""A title that is shorter shares half of its letters with many others, and is only alike if it is the same [choice]."""

MOST_PAIRS = 5
"""Pairs that are shown; more would be a list that nobody reads [choice]."""

Titled = tuple[int, str]


def list_alike(titles: Sequence[Titled]) -> list[tuple[int, int]]:
    """Pairs (newer, older) of wish numbers whose titles are alike, the most alike first. What is merged in one pair is
    in no other one, so that all of them can be merged.

    Args:
        titles: number and title of each candidate.
    """
    found = [(_likeness(one, other), one[0], other[0]) for one in titles for other in titles if other[0] < one[0]]
    pairs: list[tuple[int, int]] = []
    merged: set[int] = set()
    staying: set[int] = set()
    for how, newer, older in sorted(found, key=lambda one: (-one[0], one[1], one[2])):
        if how >= SURE and not {newer, older} & merged and newer not in staying and len(pairs) < MOST_PAIRS:
            pairs.append((newer, older))
            merged.add(newer)
            staying.add(older)
    return pairs


def _likeness(one: Titled, other: Titled) -> float:
    if is_same(one[1], other[1]):
        return 1.0
    if min(len(one[1]), len(other[1])) < LEAST_LETTERS or is_series(one[1], other[1]):
        return 0.0
    return likeness(one[1], other[1])


def is_series(one: str, other: str) -> bool:
    """Whether two titles differ in a number or a single letter alone, as `Modul 1` and `Modul 2`: those are meant to be
    two."""
    words, others = re.findall(r"\w+", one.casefold()), re.findall(r"\w+", other.casefold())
    if len(words) != len(others):
        return False
    different = [pair for pair in zip(words, others, strict=True) if pair[0] != pair[1]]
    return bool(different) and all(_is_mark(word) for pair in different for word in pair)


def _is_mark(word: str) -> bool:
    return len(word) == 1 or any(letter.isdigit() for letter in word)
