"""Finds candidates that may be the same wish twice, so that they can be merged before their votes are split: pure."""

from __future__ import annotations

from collections.abc import Sequence

from handlers.wishes.similar import find_similar

MOST_PAIRS = 5
"""Pairs that are shown; more would be a list that nobody reads [choice]."""


def list_alike(titles: Sequence[tuple[int, str]]) -> list[tuple[int, int]]:
    """Pairs (newer, older) of wish numbers whose titles are alike, the most alike first. What is merged in one pair is
    in no other one, so that all of them can be merged.

    Args:
        titles: number and title of each candidate.
    """
    found = []
    for number, title in titles:
        older = [(other, said) for other, said in titles if other < number]
        found += [(alike.likeness, number, alike.number) for alike in find_similar(title, older, len(older))]
    pairs: list[tuple[int, int]] = []
    merged: set[int] = set()
    staying: set[int] = set()
    for _, newer, old in sorted(found, key=lambda one: (-one[0], one[1], one[2])):
        if not {newer, old} & merged and newer not in staying and len(pairs) < MOST_PAIRS:
            pairs.append((newer, old))
            merged.add(newer)
            staying.add(old)
    return pairs
