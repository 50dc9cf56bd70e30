"""The properties that Schulze's method has, and examples of those that it has not: `docs/rules.md` refers here."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations

from hypothesis import assume, given
from hypothesis import strategies as st

from handlers.ballots.rules import Marks
from handlers.ballots.schulze import preferences, schulze
from tests.ballots.elections import (
    FULL_PROFILES,
    OPTIONS,
    PROFILES,
    profile,
    rank_of,
    ranked,
    renamed,
    spelled,
)


def _winner(votes: dict[str, int]) -> str:
    places = schulze(OPTIONS, profile(votes))
    return "".join(places[0].options)


@given(PROFILES)
def test_schulze_condorcet(ballots: list[Marks]) -> None:
    """Who wins every duel is first alone."""
    counts = preferences(OPTIONS, ballots)
    for one in OPTIONS:
        if all(counts[one, other] > counts[other, one] for other in OPTIONS if other != one):
            assert schulze(OPTIONS, ballots)[0].options == (one,)


@given(PROFILES)
def test_schulze_smith(ballots: list[Marks]) -> None:
    """Those that each win every duel with all others stand above them."""
    counts, places = preferences(OPTIONS, ballots), schulze(OPTIONS, ballots)
    for group in (set(some) for size in (1, 2, 3) for some in combinations(OPTIONS, size)):
        others = set(OPTIONS) - group
        if all(counts[one, other] > counts[other, one] for one in group for other in others):
            assert max(rank_of(places, one) for one in group) < min(rank_of(places, other) for other in others)


@given(PROFILES)
def test_schulze_pareto(ballots: list[Marks]) -> None:
    """What every municipality puts above another stands above it."""
    counts, places = preferences(OPTIONS, ballots), schulze(OPTIONS, ballots)
    for (one, other), count in counts.items():
        if ballots and count == len(ballots):
            assert rank_of(places, one) < rank_of(places, other)


@given(PROFILES, st.permutations(OPTIONS))
def test_schulze_neutral(ballots: list[Marks], names: list[str]) -> None:
    new = dict(zip(OPTIONS, names, strict=True))
    mine = [(place.rank, {new[one] for one in place.options}) for place in schulze(OPTIONS, ballots)]
    theirs = schulze(names, renamed(ballots, new))
    assert mine == [(place.rank, set(place.options)) for place in theirs]


@given(PROFILES, st.randoms(use_true_random=False))
def test_schulze_anonymous(ballots: list[Marks], chance: object) -> None:
    shuffled = list(ballots)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    assert schulze(OPTIONS, shuffled) == schulze(OPTIONS, ballots)


@given(PROFILES, st.integers(2, 3))
def test_schulze_homogeneous(ballots: list[Marks], times: int) -> None:
    assert schulze(OPTIONS, ballots * times) == schulze(OPTIONS, ballots)


@given(PROFILES, st.sampled_from(OPTIONS), st.data())
def test_schulze_monotonic(ballots: list[Marks], option: str, data: st.DataObject) -> None:
    """Being moved to the top of one ballot never harms."""
    assume(ballots)
    place = data.draw(st.integers(0, len(ballots) - 1))
    others = {one: rank + 1 for one, rank in ballots[place].items() if one != option}
    raised = [*ballots[:place], others | {option: Fraction(1)}, *ballots[place + 1 :]]
    assert rank_of(schulze(OPTIONS, raised), option) <= rank_of(schulze(OPTIONS, ballots), option)


@given(FULL_PROFILES)
def test_schulze_reversal(ballots: list[Marks]) -> None:
    """When all ballots are turned around, a sole winner among many is no longer one."""
    turned = [{option: len(OPTIONS) + 1 - rank for option, rank in one.items()} for one in ballots]
    first, last = schulze(OPTIONS, ballots)[0].options, schulze(OPTIONS, turned)[0].options
    assert len(first) > 1 or first != last


@given(FULL_PROFILES, st.sampled_from(OPTIONS), st.data())
def test_schulze_clones(ballots: list[Marks], original: str, data: st.DataObject) -> None:
    """A twin beside its original on every ballot changes nothing among the others, nor whether the original or its twin
    wins against them."""
    twinned = []
    for one in ballots:
        above = data.draw(st.booleans())
        order = "".join(sorted(one, key=lambda option: one[option]))
        twinned.append(ranked(order.replace(original, f"x{original}" if above else f"{original}x")))
    before, after = schulze(OPTIONS, ballots), schulze([*OPTIONS, "x"], twinned)
    others = [one for one in OPTIONS if one != original]
    won = {one for one in before[0].options if one != original}
    assert {one for one in after[0].options if one in others} == won
    assert (original in before[0].options) == bool({original, "x"} & set(after[0].options))


def test_schulze_not_consistent() -> None:
    """Two groups of municipalities that both put a first together put c first."""
    north = {"dbca": 3, "cbad": 4, "adcb": 5}
    south = {"cdba": 4, "adcb": 1, "acbd": 4}
    together = {order: north.get(order, 0) + south.get(order, 0) for order in north | south}
    assert (_winner(north), _winner(south), _winner(together)) == ("a", "a", "c")


def test_schulze_not_participation() -> None:
    """Three more municipalities that put c above a make a win instead of c."""
    votes = {"adcb": 4, "bdac": 3, "cbad": 5}
    assert (_winner(votes), _winner(votes | {"dcab": 3})) == ("c", "a")


def test_schulze_not_later_no_harm() -> None:
    """Three municipalities get their first choice as long as they name no second."""
    others = {"dacb": 5, "dbac": 4, "acbd": 2, "bacd": 5, "cbad": 5, "dcba": 5}
    assert (_winner(others | {"c": 3}), _winner(others | {"cdab": 3})) == ("c", "d")


def test_schulze_not_independent_of_others() -> None:
    """Nobody changes their mind about a and b; only c leaves, and a wins instead of b (Arrow 1951)."""
    votes = profile({"abc": 3, "bca": 4, "cab": 2})
    assert spelled(schulze(list("abc"), votes))[0] == (1, "b")
    assert spelled(schulze(list("ab"), votes))[0] == (1, "a")
