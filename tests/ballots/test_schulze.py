"""Schulze's method against two independent oracles, and the example of its paper."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import pairwise, permutations

import pytest
from hypothesis import example, given, settings
from votelib.convert import RankedToCondorcetVotes
from votelib.evaluate.condorcet import Schulze, pairwise_wins

from handlers.ballots.rules import Marks
from handlers.ballots.schulze import preferences, schulze, strongest_paths
from tests.ballots.elections import OPTIONS, PROFILES, profile, ranked, spelled


def test_the_example_of_schulzes_paper() -> None:
    """Section 1 of the 2011 paper: 45 voters, five candidates, E > A > C > B > D."""
    votes = {"acbed": 5, "adecb": 5, "bedac": 8, "cabed": 3, "caebd": 7, "cbade": 2, "dceba": 7, "ebadc": 8}
    places = spelled(schulze(list("abcde"), profile(votes)))
    assert places == [(1, "e"), (2, "a"), (3, "c"), (4, "b"), (5, "d")]


def test_a_circle_is_a_tie_and_so_is_silence() -> None:
    assert spelled(schulze(list("abc"), profile({"abc": 1, "bca": 1, "cab": 1}))) == [(1, "abc")]
    assert spelled(schulze(list("abc"), [])) == [(1, "abc")]


def test_what_is_not_ranked_stands_below_and_shares_its_place() -> None:
    assert spelled(schulze(OPTIONS, profile({"b": 1, "ba": 1}))) == [(1, "b"), (2, "a"), (3, "cd")]


@pytest.mark.parametrize("given_", ["xyzab", "xyzvwub", "b"])
def test_a_last_place_is_above_what_is_not_ranked_also_when_those_before_it_have_left(given_: str) -> None:
    """Ranks keep counting those that have left, and may be higher than there are options."""
    options = ["a", "b"]
    expected = [(1, "ab")] if "a" in given_ and "b" in given_ else [(1, "b"), (2, "a")]
    expected = [(1, "a"), (2, "b")] if given_ == "xyzab" else expected
    assert spelled(schulze(options, [ranked(given_)])) == expected


def test_equal_ranks_say_nothing_of_one_another() -> None:
    counts = preferences(list("abc"), profile({"a=bc": 2}))
    assert counts == {("a", "b"): 0, ("b", "a"): 0, ("a", "c"): 2, ("c", "a"): 0, ("b", "c"): 2, ("c", "b"): 0}


def _paths(start: str, end: str) -> Iterator[tuple[str, ...]]:
    between = [one for one in OPTIONS if one not in (start, end)]
    for count in range(len(between) + 1):
        for via in permutations(between, count):
            yield (start, *via, end)


def _beaten_by_hand(ballots: list[Marks]) -> set[tuple[str, str]]:
    """The first oracle: every simple path is walked, and its weakest winning link looked at."""

    def wins(one: str, other: str) -> int:
        above = sum(ballot.get(one, 99) < ballot.get(other, 99) for ballot in ballots)
        below = sum(ballot.get(other, 99) < ballot.get(one, 99) for ballot in ballots)
        return above if above > below else 0

    def strength(one: str, other: str) -> int:
        return max(min(wins(x, y) for x, y in pairwise(path)) for path in _paths(one, other))

    pairs = [(one, other) for one in OPTIONS for other in OPTIONS if one != other]
    return {(one, other) for one, other in pairs if strength(one, other) > strength(other, one)}


def _places_by(beaten: set[tuple[str, str]]) -> list[tuple[int, str]]:
    left, found = list(OPTIONS), []
    while left:
        top = [one for one in left if not any((other, one) in beaten for other in left)]
        found.append((len(OPTIONS) - len(left) + 1, "".join(top)))
        left = [one for one in left if one not in top]
    return found


@given(PROFILES)
@settings(deadline=None)
def test_the_places_are_those_of_walking_every_path(ballots: list[Marks]) -> None:
    assert spelled(schulze(OPTIONS, ballots)) == _places_by(_beaten_by_hand(ballots))


def _votes(ballots: list[Marks]) -> dict[tuple[frozenset[str], ...], int]:
    """The ballots as votelib takes them: sets of equals, best first; what is not ranked is the last of them."""
    votes: dict[tuple[frozenset[str], ...], int] = {}
    for marks in ballots:
        ranks = sorted(set(marks.values()))
        vote = tuple(frozenset(one for one in OPTIONS if marks.get(one) == rank) for rank in ranks)
        rest = frozenset(OPTIONS) - frozenset(marks)
        whole = (*vote, rest) if rest else vote
        votes[whole] = votes.get(whole, 0) + 1
    return votes


def _all_pairs(counts: Mapping[tuple[str, str], int]) -> dict[tuple[str, str], int]:
    return {(one, other): counts.get((one, other), 0) for one in OPTIONS for other in OPTIONS if one != other}


@given(PROFILES)
@example(profile({"abcd": 1, "dcba": 1}))
@settings(deadline=None)
def test_counts_and_paths_are_those_of_votelib(ballots: list[Marks]) -> None:
    """The second oracle, whole and with ties: votelib's pairwise counts, its path strengths and who beats whom."""
    counts = RankedToCondorcetVotes().convert(_votes(ballots))
    assert preferences(OPTIONS, ballots) == _all_pairs(counts)
    paths = Schulze.widest_paths(counts)
    assert strongest_paths(OPTIONS, preferences(OPTIONS, ballots)) == _all_pairs(paths)
    assert spelled(schulze(OPTIONS, ballots)) == _places_by(set(pairwise_wins(paths)))


@given(PROFILES)
@settings(deadline=None)
def test_the_ranking_is_votelibs_where_nothing_is_tied(ballots: list[Marks]) -> None:
    """Its own ranking orders by how many each beats and leaves out who neither beats nor is beaten by anybody: with
    ties it is another one, so it is asked only without."""
    places = schulze(OPTIONS, ballots)
    if all(len(place.options) == 1 for place in places):
        counts = RankedToCondorcetVotes().convert(_votes(ballots))
        assert Schulze().evaluate(counts, len(OPTIONS)) == [place.options[0] for place in places]
