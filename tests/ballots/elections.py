"""Elections to try the rules on: written by hand, and drawn by hypothesis."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Protocol

from hypothesis import strategies as st

from handlers.ballots.budget import Bought, Candidate, by_rank, by_score_per_krone
from handlers.ballots.counting import Place, add_up, rank
from handlers.ballots.equal_shares import Election, completed, equal_shares
from handlers.ballots.rules import Marks

OPTIONS = ["a", "b", "c", "d"]
UNIT = Fraction(1)


class Shuffler(Protocol):
    """`random.Random`, as far as tests use it."""

    def shuffle(self, things: list[int], /) -> None: ...


def ranked(order: str) -> Marks:
    """`ba=c`: b first, then a and c at the same place; what is not there is not ranked."""
    marks: dict[str, Fraction] = {}
    rank = 0
    for place, sign in enumerate(order):
        if sign != "=":
            rank += order[place - 1] != "="
            marks[sign] = Fraction(rank)
    return marks


def profile(votes: Mapping[str, int]) -> list[Marks]:
    """So many ballots of each ranking."""
    return [ranked(order) for order, count in votes.items() for _ in range(count)]


def spelled(places: Iterable[Place]) -> list[tuple[int, str]]:
    return [(place.rank, "".join(place.options)) for place in places]


def rank_of(places: Iterable[Place], option: str) -> int:
    return next(place.rank for place in places if option in place.options)


def renamed(ballots: Iterable[Marks], names: Mapping[str, str]) -> list[Marks]:
    return [{names[option]: mark for option, mark in one.items()} for one in ballots]


FULL = st.permutations(OPTIONS).map(lambda order: ranked("".join(order)))
"""A ballot that ranks everything."""

PARTIAL = st.integers(0, 4).flatmap(
    lambda count: st.permutations(OPTIONS).map(lambda one: ranked("".join(one[:count])))
)
"""A ballot as people give them: it may stop early."""

WEAK = st.dictionaries(st.sampled_from(OPTIONS), st.integers(1, 4).map(Fraction))
"""A ballot with equal ranks and gaps."""

FULL_PROFILES = st.lists(FULL, min_size=1, max_size=7)
PROFILES = st.lists(st.one_of(PARTIAL, WEAK), max_size=7)
SCORES = st.lists(st.dictionaries(st.sampled_from(OPTIONS), st.fractions(1, 5, max_denominator=3)), max_size=6)


def election(frame: int, costs: Sequence[int], scores: Sequence[Sequence[int]]) -> Election:
    """Candidates `0`, `1`, … and voters 0, 1, …; a row per voter."""
    return Election(
        frame,
        [Candidate(str(place), cost) for place, cost in enumerate(costs)],
        {
            voter: {str(place): Fraction(one) for place, one in enumerate(row) if one}
            for voter, row in enumerate(scores)
        },
    )


@st.composite
def elections(draw: st.DrawFn, least_cost: int = 1, highest: int = 5, most: int = 6) -> Election:
    """Small elections, half of them by approval; often too little money, sometimes enough for all."""
    costs = draw(st.lists(st.integers(least_cost, 60), min_size=1, max_size=most))
    points = st.integers(0, draw(st.sampled_from([1, highest])))
    row = st.lists(points, min_size=len(costs), max_size=len(costs))
    scores = draw(st.lists(row, min_size=1, max_size=6))
    return election(draw(st.integers(1, max(1, sum(costs)))), costs, scores)


class MoneyRule(Protocol):
    """What an election chooses, and the ties that it tells."""

    def __call__(self, given: Election, /) -> tuple[set[str], tuple[tuple[str, ...], ...]]: ...


def down_the_places(candidates: Sequence[Candidate], totals: Mapping[str, Fraction], frame: int) -> Bought:
    """Rank order by totals, as of marks that are added up, among what anybody wants."""
    return by_rank([one for one in candidates if totals[one.name]], rank(totals), frame)


def _down(rule: object) -> MoneyRule:
    def choose(given: Election) -> tuple[set[str], tuple[tuple[str, ...], ...]]:
        totals = add_up([one.name for one in given.candidates], given.scores.values())
        found = rule(given.candidates, totals, given.frame)  # type: ignore[operator]
        return set(found.chosen), found.ties

    return choose


def _plain(given: Election) -> tuple[set[str], tuple[tuple[str, ...], ...]]:
    found = equal_shares(given)
    return set(found.chosen), found.ties


def _completed(given: Election) -> tuple[set[str], tuple[tuple[str, ...], ...]]:
    found = completed(given, UNIT)
    return {*found.chosen, *found.completion}, found.ties


MONEY_RULES: dict[str, MoneyRule] = {
    "rank order": _down(down_the_places),
    "score per krone": _down(by_score_per_krone),
    "equal shares": _plain,
    "equal shares completed": _completed,
}
"""Every rule by which a result says what the money is enough for, and equal shares without its ends."""


def with_scores(given: Election, scores: Mapping[int, Marks]) -> Election:
    return Election(given.frame, given.candidates, scores)


def with_costs(given: Election, costs: Mapping[str, int]) -> Election:
    dear = [Candidate(one.name, costs.get(one.name, one.cost)) for one in given.candidates]
    return Election(given.frame, dear, given.scores)
