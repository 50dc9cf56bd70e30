"""The Schulze method for rankings: who beats whom, directly or over others, and the places that follow.

Markus Schulze, "A new monotonic, clone-independent, reversal symmetric, and Condorcet-consistent single-winner election
method", Social Choice and Welfare 36 (2011). Links are measured by the number of ballots that support them (*winning
votes*). It is monotonic, independent of clones and Condorcet-consistent; like every Condorcet method it is not
consistent: two halves that agree may together find otherwise (Young and Levenglick 1978).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence

from handlers.ballots.counting import Place
from handlers.ballots.rules import Marks

Links = Mapping[tuple[str, str], int]
"""(option, other) → a count of ballots."""


def schulze(options: Sequence[str], ballots: Iterable[Marks]) -> list[Place]:
    """The options in places, ties sharing one. A ballot's marks are ranks, 1 the best; without a rank is below all."""
    strongest = strongest_paths(options, preferences(options, ballots))
    places: list[Place] = []
    left = list(options)
    while left:
        unbeaten = tuple(
            one for one in left if all(strongest[other, one] <= strongest[one, other] for other in left if other != one)
        )
        places.append(Place(len(options) - len(left) + 1, unbeaten))
        left = [one for one in left if one not in unbeaten]
    return places


def preferences(options: Sequence[str], ballots: Iterable[Marks]) -> dict[tuple[str, str], int]:
    """How many ballots put one option strictly above another.

    A ballot may also rank options that have left; those that stayed then have ranks beyond their number, and still
    stand above what is not ranked."""
    counts = {(one, other): 0 for one in options for other in options if one != other}
    for marks in ballots:
        ranks = {option: marks.get(option) or math.inf for option in options}
        for one, other in counts:
            counts[one, other] += ranks[one] < ranks[other]
    return counts


def strongest_paths(options: Sequence[str], counts: Links) -> dict[tuple[str, str], int]:
    """The strength of the strongest path from one option to another, a path being as strong as its weakest link."""
    strongest = {(one, other): count if count > counts[other, one] else 0 for (one, other), count in counts.items()}
    for over in options:
        for one in options:
            if one == over:
                continue
            for other in options:
                if other in (one, over):
                    continue
                path = min(strongest[one, over], strongest[over, other])
                strongest[one, other] = max(strongest[one, other], path)
    return strongest
