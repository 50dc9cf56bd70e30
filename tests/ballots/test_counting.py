"""Adding up and ranking, with ties as ties; properties by name, as `docs/rules.md` refers to them."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.ballots.counting import Place, add_up, count_supporters, is_quorate, rank
from handlers.ballots.rules import Marks
from tests.ballots.elections import OPTIONS, SCORES, rank_of, renamed, spelled


def marks(**given_: int) -> Marks:
    return {option: Fraction(mark) for option, mark in given_.items()}


def ranking(ballots: list[Marks]) -> list[Place]:
    return rank(add_up(OPTIONS, ballots))


def test_ties_share_a_place_and_the_next_place_is_left_out() -> None:
    ballots = [marks(a=1), marks(b=1), marks(c=1, x=1), marks(c=1)]
    assert ranking(ballots) == [Place(1, ("c",)), Place(2, ("a", "b")), Place(4, ("d",))]
    assert add_up(OPTIONS, ballots) == {"a": 1, "b": 1, "c": 2, "d": 0}


def test_totals_stay_exact() -> None:
    thirds = [{"a": Fraction(1, 3)}] * 3
    assert add_up(["a"], thirds) == {"a": 1}
    assert spelled(rank(add_up(["a", "b"], [*thirds, marks(b=1)]))) == [(1, "ab")]


def test_supporters_are_units_with_any_mark() -> None:
    ballots = [{"a": Fraction(1, 2)}, marks(a=5, c=0), marks(b=1)]
    assert count_supporters(OPTIONS, ballots) == {"a": 2, "b": 1, "c": 0, "d": 0}


@pytest.mark.parametrize(
    ("voted", "units", "percent", "quorate"),
    [
        (3, 7, None, None),
        (3, 7, 50, False),
        (4, 7, 50, True),
        (1, 2, 50, True),
        (0, 0, 50, True),
        (7, 7, 100, True),
        (6, 7, 100, False),
        (0, 7, 0, True),
        (50, 101, 50, False),
    ],
)
def test_quorum_is_a_share_of_all_units(voted: int, units: int, percent: int | None, quorate: bool | None) -> None:
    assert is_quorate(voted, units, percent) is quorate


@given(SCORES, st.permutations(OPTIONS))
def test_sums_neutral(ballots: list[Marks], order: list[str]) -> None:
    new = dict(zip(OPTIONS, order, strict=True))
    mine = [(place.rank, {new[one] for one in place.options}) for place in ranking(ballots)]
    theirs = rank(add_up(order, renamed(ballots, new)))
    assert mine == [(place.rank, set(place.options)) for place in theirs]


@given(SCORES, st.randoms(use_true_random=False))
def test_sums_anonymous(ballots: list[Marks], chance: object) -> None:
    shuffled = list(ballots)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    assert add_up(OPTIONS, shuffled) == add_up(OPTIONS, ballots)


@given(SCORES, SCORES)
def test_sums_consistent(ours: list[Marks], theirs: list[Marks]) -> None:
    """Two electorates that share a first place share it together, and it is theirs alone."""
    shared = set(ranking(ours)[0].options) & set(ranking(theirs)[0].options)
    if shared:
        assert set(ranking([*ours, *theirs])[0].options) == shared


@given(SCORES, st.dictionaries(st.sampled_from(OPTIONS), st.integers(1, 5).map(Fraction)))
def test_sums_participation(ballots: list[Marks], joining: Marks) -> None:
    """One more ballot never lets an option pass another that it gives a higher mark."""
    before, after = ranking(ballots), ranking([*ballots, joining])
    for one in OPTIONS:
        for other in OPTIONS:
            if joining.get(one, 0) > joining.get(other, 0) and rank_of(before, one) <= rank_of(before, other):
                assert rank_of(after, one) < rank_of(after, other)


@given(SCORES, st.sampled_from(OPTIONS), st.integers(0, 5), st.integers(1, 4))
def test_sums_monotonic(ballots: list[Marks], option: str, place: int, more: int) -> None:
    """A higher mark from one municipality never harms."""
    raised = [
        one | {option: one.get(option, Fraction(0)) + more} if number == place else one  # type: ignore[operator]
        for number, one in enumerate(ballots)
    ]
    assert rank_of(ranking(raised), option) <= rank_of(ranking(ballots), option)


@given(SCORES, st.integers(2, 3))
def test_sums_homogeneous(ballots: list[Marks], times: int) -> None:
    assert ranking(ballots * times) == ranking(ballots)


@given(SCORES, st.sampled_from(OPTIONS))
def test_sums_independent_of_who_leaves(ballots: list[Marks], leaving: str) -> None:
    """With the same ballots, the others keep their order when one of them leaves."""
    left = [option for option in OPTIONS if option != leaving]
    before, after = ranking(ballots), rank(add_up(left, ballots))
    for one in left:
        for other in left:
            assert (rank_of(before, one) < rank_of(before, other)) == (rank_of(after, one) < rank_of(after, other))


@given(SCORES, st.sampled_from(OPTIONS))
def test_sums_clones(ballots: list[Marks], original: str) -> None:
    """Where nothing limits the marks of a ballot, a twin with the same marks stands beside its original, and the others
    keep their order."""
    twinned = [one | {"x": one[original]} if original in one else one for one in ballots]  # type: ignore[operator]
    before, after = ranking(ballots), rank(add_up([*OPTIONS, "x"], twinned))
    assert rank_of(after, "x") == rank_of(after, original)
    assert [one for place in after for one in place.options if one != "x"] == [
        one for place in before for one in place.options
    ]


def test_dots_not_clones() -> None:
    """Three of five give all ten dots to a; when a has a twin and they spread them, b is first."""
    others = [marks(b=10)] * 2
    assert spelled(ranking([marks(a=10)] * 3 + others))[0] == (1, "a")
    twinned = rank(add_up(["a", "x", "b"], [marks(a=5, x=5)] * 3 + others))
    assert spelled(twinned) == [(1, "b"), (2, "ax")]


def test_at_most_k_not_clones() -> None:
    """One mark each: the same, where four of seven must choose between a and its twin."""
    others = [marks(b=1)] * 3
    assert spelled(rank(add_up(["a", "b"], [marks(a=1)] * 4 + others))) == [(1, "a"), (2, "b")]
    twinned = rank(add_up(["a", "x", "b"], [marks(a=1)] * 2 + [marks(x=1)] * 2 + others))
    assert spelled(twinned) == [(1, "b"), (2, "ax")]


def test_scores_not_condorcet() -> None:
    """Two of three prefer a, and b has the higher sum: strength counts, not only order."""
    assert spelled(rank(add_up(["a", "b"], [marks(a=5, b=4), marks(a=5, b=4), marks(b=5)]))) == [(1, "b"), (2, "a")]
