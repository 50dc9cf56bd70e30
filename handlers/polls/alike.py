"""Finds candidates that may be the same wish twice, so that they can be merged before their votes are split: pure."""

from __future__ import annotations

from collections.abc import Sequence

from handlers.wishes.similar import find_similar

MOST_PAIRS = 5
"""Pairs that are shown; more would be a list that nobody reads [choice]."""


def list_alike(titles: Sequence[tuple[int, str]]) -> list[tuple[int, int]]:
    """Pairs (newer, older) of wish numbers whose titles are alike, the most alike first; each wish is the newer one of
    a pair once at most, so that it is merged once at most.

    Args:
        titles: number and title of each candidate.
    """
    found = []
    for number, title in titles:
        older = [(other, said) for other, said in titles if other < number]
        for alike in find_similar(title, older, 1):
            found.append((alike.likeness, number, alike.number))
    best = sorted(found, key=lambda one: (-one[0], one[1], one[2]))[:MOST_PAIRS]
    return [(newer, older) for _, newer, older in best]
