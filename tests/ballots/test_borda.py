"""The points of a ranking: Borda's, shown beside Schulze's places, and what the money follows."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from handlers.ballots.counting import Place, add_up, rank
from handlers.ballots.methods import points_of, points_of_all
from handlers.ballots.rules import Marks
from handlers.ballots.schulze import preferences
from storage.enums import PollMethod
from tests.ballots.elections import FULL_PROFILES, OPTIONS, PROFILES, profile, rank_of, ranked, renamed, spelled


def borda(options: list[str], ballots: list[Marks]) -> list[Place]:
    given_ = points_of_all(PollMethod.RANKING, options, dict(enumerate(ballots)))
    return rank(add_up(options, given_.values()))


def points(options: list[str], order: str) -> dict[str, Fraction]:
    return points_of(PollMethod.RANKING, options, ranked(order))


def test_as_many_points_as_there_are_options_below() -> None:
    assert points(OPTIONS, "badc") == {"b": 3, "a": 2, "d": 1}
    assert points(OPTIONS, "c") == {"c": 3}
    assert points(OPTIONS, "a=bc") == {"a": 2, "b": 2, "c": 1}
    assert points(OPTIONS, "") == {}


def test_what_has_left_is_not_counted_below() -> None:
    assert points(["a", "c"], "abc") == {"a": 1}
    assert points(["a", "c"], "bc") == {"c": 1}


@given(PROFILES)
def test_the_points_of_all_are_those_of_the_duels(ballots: list[Marks]) -> None:
    """An option's points are how often it is put above another, of what somebody ranked (Borda 1781)."""
    duels = preferences(OPTIONS, ballots)
    totals = add_up(OPTIONS, points_of_all(PollMethod.RANKING, OPTIONS, dict(enumerate(ballots))).values())
    assert totals == {one: sum(duels[one, other] for other in OPTIONS if other != one) for one in OPTIONS}


@given(PROFILES, st.permutations(OPTIONS))
def test_borda_neutral(ballots: list[Marks], names: list[str]) -> None:
    new = dict(zip(OPTIONS, names, strict=True))
    mine = [(place.rank, {new[one] for one in place.options}) for place in borda(OPTIONS, ballots)]
    assert mine == [(place.rank, set(place.options)) for place in borda(names, renamed(ballots, new))]


@given(PROFILES, PROFILES)
def test_borda_consistent(ours: list[Marks], theirs: list[Marks]) -> None:
    shared = set(borda(OPTIONS, ours)[0].options) & set(borda(OPTIONS, theirs)[0].options)
    if shared:
        assert set(borda(OPTIONS, [*ours, *theirs])[0].options) == shared


@given(PROFILES, st.sampled_from(OPTIONS), st.data())
def test_borda_monotonic(ballots: list[Marks], option: str, data: st.DataObject) -> None:
    if not ballots:
        return
    place = data.draw(st.integers(0, len(ballots) - 1))
    others = {one: mark + 1 for one, mark in ballots[place].items() if one != option}
    raised = [*ballots[:place], others | {option: Fraction(1)}, *ballots[place + 1 :]]
    assert rank_of(borda(OPTIONS, raised), option) <= rank_of(borda(OPTIONS, ballots), option)


@given(FULL_PROFILES)
def test_borda_never_puts_the_winner_of_all_duels_last(ballots: list[Marks]) -> None:
    """Where everybody ranks everything (Smith 1973)."""
    duels, places = preferences(OPTIONS, ballots), borda(OPTIONS, ballots)
    for one in OPTIONS:
        if all(duels[one, other] > duels[other, one] for other in OPTIONS if other != one):
            assert one not in places[-1].options


def test_borda_not_condorcet() -> None:
    """Three of five prefer a to every other; b has more points."""
    votes = profile({"abc": 3, "bca": 2})
    assert spelled(borda(list("abc"), votes))[0] == (1, "b")
    duels = preferences(list("abc"), votes)
    assert duels["a", "b"] == duels["a", "c"] == 3


def test_borda_not_clones() -> None:
    """Three of five prefer a to b; with a twin that all put below b, b is first."""
    assert spelled(borda(list("ab"), profile({"ab": 3, "ba": 2}))) == [(1, "a"), (2, "b")]
    assert spelled(borda(list("abx"), profile({"abx": 3, "bxa": 2})))[0] == (1, "b")
