"""Keeps what a new answer can't say anything about: wishes that have left the poll, and places that the form does not
show. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from handlers.ballots.methods import Terms, is_over
from handlers.voting.marks import MOST_PLACES
from storage.enums import PollMethod


def ranked(known: Mapping[str, int], among: Collection[int]) -> list[int]:
    """The wishes of a ranking in its order, of those that are `among`; without gaps where others have left."""
    return sorted((int(name) for name in known if int(name) in among), key=lambda number: known[str(number)])


def with_rest(given: Mapping[int, int], known: Mapping[str, int], running: Collection[int]) -> dict[int, int]:
    """A ranking out of the form, with what stood below the places that the form shows.

    The rest follows where every place that is shown is filled; who leaves one empty says that the ranking ends there
    [choice].

    Args:
        given: wish → place, as the form says it.
        known: the last answer, which the form began with.
        running: the wishes that are candidates now.
    """
    if len(given) < MOST_PLACES:
        return dict(given)
    rest = [number for number in ranked(known, running)[MOST_PLACES:] if number not in given]
    return dict(given) | {number: place for place, number in enumerate(rest, len(given) + 1)}


def with_left(
    terms: Terms, given: Mapping[int, int], known: Mapping[str, int], left: Collection[int]
) -> dict[int, int]:
    """An answer with what the last one said of candidates that have left, so that it is there when they come back.

    In a ranking they keep their places; with a limit they are kept as far as there is room beside the new answer, which
    is what the person wants now [choice]. An empty answer takes everything back.

    Args:
        given: wish → mark, none of them of candidates that have left.
        known: the last answer.
        left: the wishes that are no candidates now.
    """
    gone = ranked(known, left) if given else []
    if terms.method is PollMethod.RANKING:
        order = sorted(given, key=given.__getitem__)
        for number in gone:
            order.insert(known[str(number)] - 1, number)
        return {number: place for place, number in enumerate(order, 1)}
    marks = dict(given)
    for number in sorted(gone):
        if not is_over(terms, [*marks.values(), known[str(number)]]):
            marks[number] = known[str(number)]
    return marks
