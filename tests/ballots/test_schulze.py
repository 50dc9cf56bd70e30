"""Schulze's method against an independent oracle, examples from the literature, and its properties."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import pairwise, permutations

from hypothesis import given, settings
from hypothesis import strategies as st

from handlers.ballots.counting import Place
from handlers.ballots.rules import Marks
from handlers.ballots.schulze import preferences, schulze

OPTIONS = ["a", "b", "c", "d"]


def ballot(order: str) -> Marks:
    return {option: Fraction(rank) for rank, option in enumerate(order, 1)}


def order(places: list[Place]) -> list[tuple[int, str]]:
    return [(place.rank, "".join(place.options)) for place in places]


def test_the_example_of_schulzes_paper() -> None:
    """Section 1 of the 2011 paper: 45 voters, five candidates, E > A > C > B > D."""
    votes = {"acbed": 5, "adecb": 5, "bedac": 8, "cabed": 3, "caebd": 7, "cbade": 2, "dceba": 7, "ebadc": 8}
    ballots = [ballot(given_) for given_, count in votes.items() for _ in range(count)]
    assert order(schulze(list("abcde"), ballots)) == [(1, "e"), (2, "a"), (3, "c"), (4, "b"), (5, "d")]


def test_a_circle_is_a_tie_and_so_is_silence() -> None:
    assert order(schulze(list("abc"), [ballot("abc"), ballot("bca"), ballot("cab")])) == [(1, "abc")]
    assert order(schulze(list("abc"), [])) == [(1, "abc")]


def test_what_is_not_ranked_stands_below_and_shares_its_place() -> None:
    assert order(schulze(OPTIONS, [ballot("b"), ballot("ba")])) == [(1, "b"), (2, "a"), (3, "cd")]


RANKINGS = st.lists(
    st.integers(0, 4).flatmap(lambda count: st.permutations(OPTIONS).map(lambda one: ballot("".join(one[:count])))),
    max_size=7,
)


def _paths(start: str, end: str) -> Iterator[tuple[str, ...]]:
    between = [one for one in OPTIONS if one not in (start, end)]
    for count in range(len(between) + 1):
        for via in permutations(between, count):
            yield (start, *via, end)


def _beaten_by_hand(ballots: list[Marks]) -> set[tuple[str, str]]:
    """The oracle: every simple path is walked, and its weakest winning link looked at."""

    def wins(one: str, other: str) -> int:
        above = sum(ballot_.get(one, 99) < ballot_.get(other, 99) for ballot_ in ballots)
        below = sum(ballot_.get(other, 99) < ballot_.get(one, 99) for ballot_ in ballots)
        return above if above > below else 0

    def strength(one: str, other: str) -> int:
        return max(min(wins(x, y) for x, y in pairwise(path)) for path in _paths(one, other))

    pairs = [(one, other) for one in OPTIONS for other in OPTIONS if one != other]
    return {(one, other) for one, other in pairs if strength(one, other) > strength(other, one)}


@given(RANKINGS)
@settings(deadline=None)
def test_the_places_are_those_of_the_oracle(ballots: list[Marks]) -> None:
    beaten = _beaten_by_hand(ballots)
    left, found = list(OPTIONS), []
    while left:
        top = [one for one in left if not any((other, one) in beaten for other in left)]
        found.append((len(OPTIONS) - len(left) + 1, "".join(top)))
        left = [one for one in left if one not in top]
    assert order(schulze(OPTIONS, ballots)) == found


@given(RANKINGS)
def test_who_wins_every_duel_is_first_alone(ballots: list[Marks]) -> None:
    """Condorcet."""
    counts = preferences(OPTIONS, ballots)
    for one in OPTIONS:
        if all(counts[one, other] > counts[other, one] for other in OPTIONS if other != one):
            assert schulze(OPTIONS, ballots)[0].options == (one,)


@given(RANKINGS, st.permutations(OPTIONS))
def test_options_are_treated_alike(ballots: list[Marks], names: list[str]) -> None:
    renamed = dict(zip(OPTIONS, names, strict=True))
    theirs = [{renamed[option]: rank for option, rank in one.items()} for one in ballots]
    mine = [(place.rank, {renamed[one] for one in place.options}) for place in schulze(OPTIONS, ballots)]
    assert mine == [(place.rank, set(place.options)) for place in schulze(names, theirs)]


@given(RANKINGS, st.sampled_from(OPTIONS), st.data())
def test_being_moved_to_the_top_never_harms(ballots: list[Marks], option: str, data: st.DataObject) -> None:
    """Monotonicity."""
    if not ballots:
        return
    place = data.draw(st.integers(0, len(ballots) - 1))
    others = sorted((one for one in ballots[place] if one != option), key=lambda one: ballots[place][one])
    raised = [*ballots[:place], ballot("".join([option, *others])), *ballots[place + 1 :]]

    def rank_of(of: list[Marks]) -> int:
        return next(one.rank for one in schulze(OPTIONS, of) if option in one.options)

    assert rank_of(raised) <= rank_of(ballots)


@given(RANKINGS, st.randoms(use_true_random=False))
def test_the_order_of_the_ballots_changes_nothing(ballots: list[Marks], chance: object) -> None:
    shuffled = list(ballots)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    assert schulze(OPTIONS, shuffled) == schulze(OPTIONS, ballots)
