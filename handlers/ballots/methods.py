"""What a ballot may say by each method, and the points that it gives: pure.

Approval: one mark per option, at most *k* where that is asked for. Score: 1 to 5 per option. Points: dots from a
budget. Ranking: 1 for the first place, 2 for the second, and so on; what is not ranked stands below all that is.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from handlers.ballots.rules import Marks
from storage.enums import PollMethod

HIGHEST_SCORE = 5
MOST_DOTS_BY_EMOJI = 10


@dataclass(frozen=True, slots=True)
class Terms:
    """What is asked of a ballot. `most` limits the number of options, `dots` their marks together; `None` for no
    limit."""

    method: PollMethod
    most: int | None = None
    dots: int | None = None

    @property
    def highest(self) -> int:
        """The highest mark that one emoji can give an option; 0 where emojis give none."""
        if self.method is PollMethod.SCORE:
            return HIGHEST_SCORE
        if self.method is PollMethod.POINTS:
            return min(self.dots or MOST_DOTS_BY_EMOJI, MOST_DOTS_BY_EMOJI)
        return 1 if self.method is PollMethod.APPROVAL else 0


@dataclass(frozen=True, slots=True)
class Kept:
    """What of somebody's clicks counts: `marks`, and the options that were over a limit."""

    marks: dict[str, int]
    extra: tuple[str, ...] = ()


def keep_clicks(terms: Terms, clicks: Iterable[tuple[str, int]], gone: Collection[str] = ()) -> Kept:
    """The ballot that clicks make, in their order: of several on one option the last counts, and what goes over a limit
    counts only when something is taken back [choice].

    Args:
        clicks: (option, mark) of each emoji that is on.
        gone: options that were taken out; their marks are kept in case they come back, and use up no limit.
    """
    latest: dict[str, int] = {}
    for option, mark in clicks:
        latest.pop(option, None)
        latest[option] = mark
    marks: dict[str, int] = {}
    extra: list[str] = []
    for option, mark in latest.items():
        if option in gone or not is_over(terms, [m for o, m in marks.items() if o not in gone] + [mark]):
            marks[option] = mark
        else:
            extra.append(option)
    return Kept(marks, tuple(extra))


def is_over(terms: Terms, marks: Sequence[int]) -> bool:
    """Whether so many marks, or so high ones, are more than a ballot may give."""
    too_many = terms.method is PollMethod.APPROVAL and terms.most is not None and len(marks) > terms.most
    return too_many or (terms.method is PollMethod.POINTS and terms.dots is not None and sum(marks) > terms.dots)


def points_of(method: PollMethod, options: Sequence[str], marks: Marks) -> dict[str, Fraction]:
    """The points that one unit's ballot gives each option that it wants at all. A ranking gives Borda points: as many
    as there are options below it; what is not ranked gets none."""
    if method is not PollMethod.RANKING:
        return {option: mark for option, mark in marks.items() if option in options and mark}
    ranks = {option: marks[option] for option in options if marks.get(option)}
    unranked = len(options) - len(ranks)
    below = {option: unranked + sum(1 for other in ranks.values() if other > mine) for option, mine in ranks.items()}
    return {option: Fraction(points) for option, points in below.items() if points}


def points_of_all(method: PollMethod, options: Sequence[str], ballots: Mapping[int, Marks]) -> dict[int, Marks]:
    """Unit → the points that its ballot gives."""
    return {unit: points_of(method, options, marks) for unit, marks in ballots.items()}
