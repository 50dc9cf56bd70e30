"""Each unit counts once, with the answer that is its own."""

from __future__ import annotations

import dataclasses
import datetime as dt
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from handlers.ballots.rules import Cast, countable, mean, standing_ballots, standing_cast, waiting_units

NOON = dt.datetime(2026, 9, 1, 12, tzinfo=dt.UTC)


def cast(person: str, unit: int, *options: str, minute: int = 0, confirmed: bool = True, turn: int = 0) -> Cast:
    at = NOON + dt.timedelta(minutes=minute)
    return Cast(person, unit, dict.fromkeys(options, 1), at, turn, confirmed)


def test_a_unit_counts_once_with_the_ballot_that_changed_last() -> None:
    casts = [cast("anna", 1, "43", minute=1), cast("dan", 1, "12", minute=2), cast("bo", 2, "43")]
    assert standing_ballots(casts, {1, 2}) == {1: {"12": 1}, 2: {"43": 1}}


def test_when_a_ballot_is_emptied_the_colleagues_stands_again() -> None:
    casts = [cast("anna", 1, "43", minute=1), cast("dan", 1, minute=2)]
    assert standing_ballots(casts, {1}) == {1: {"43": 1}}


def test_a_ballot_of_zeros_is_empty() -> None:
    zeros = Cast("dan", 1, {"43": 0, "12": 0}, NOON)
    assert zeros.is_empty
    assert standing_ballots([zeros], {1}) == {}
    mixed = dataclasses.replace(zeros, marks={"43": 0, "12": 3})
    assert not mixed.is_empty
    assert standing_ballots([mixed], {1}) == {1: {"12": 3}}


def test_what_is_not_said_otherwise_is_confirmed_and_did_not_come_by_mail() -> None:
    bare = Cast("dan", 1, {"43": 1}, NOON)
    assert (bare.confirmed, bare.mailed) == (True, False)
    assert standing_cast([bare, dataclasses.replace(bare, person="anna", turn=1)]).person == "anna"


def test_the_unconfirmed_and_strangers_count_nothing() -> None:
    casts = [cast("anna", 1, "43"), cast("ny", 1, "12", minute=5, confirmed=False), cast("bo", 9, "43")]
    assert standing_ballots(casts, {1}) == {1: {"43": 1}}
    assert countable(casts, {1}) == {1: [casts[0]]}


def test_a_unit_waits_where_only_the_unconfirmed_have_answered() -> None:
    casts = [
        cast("anna", 1, "43"),
        cast("ny", 1, "12", confirmed=False),
        cast("carla", 2, "1", confirmed=False),
        cast("eva", 3, confirmed=False),
        cast("finn", 4, "1", confirmed=False),
    ]
    assert waiting_units(casts, {1, 2, 3}) == {2}
    assert waiting_units([*casts, cast("gitte", 2)], {2}) == {2}


def test_at_one_instant_the_one_that_came_last_counts_and_then_the_later_name() -> None:
    casts = [cast("dan", 1, "12", turn=8), cast("anna", 1, "43", turn=7)]
    assert standing_ballots(casts, {1}) == {1: {"12": 1}}
    assert standing_cast([cast("anna", 1, "43"), cast("dan", 1, "12")]).person == "dan"


def test_averages_are_exact() -> None:
    casts = [cast("anna", 1, "43", "12"), cast("dan", 1, "43"), cast("else", 1), cast("bo", 2, "12")]
    third = [*casts, cast("finn", 1, "8")]
    assert standing_ballots(casts, {1, 2}, averages=True) == {1: {"43": 1, "12": Fraction(1, 2)}, 2: {"12": 1}}
    assert standing_ballots(third, {1}, averages=True)[1]["43"] == Fraction(2, 3)


CASTS = st.lists(
    st.builds(
        cast,
        st.sampled_from(["a", "b", "c", "d"]),
        st.integers(1, 3),
        st.sampled_from(["1", "2"]),
        minute=st.integers(0, 3),
        confirmed=st.booleans(),
        turn=st.integers(0, 5),
    ),
    unique_by=lambda one: (one.person, one.unit),
)


@given(CASTS, st.randoms(use_true_random=False), st.booleans())
def test_units_any_order(casts: list[Cast], chance: object, averages: bool) -> None:
    """The order in which ballots are read changes nothing."""
    shuffled = list(casts)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    units = {1, 2, 3}
    assert standing_ballots(casts, units, averages=averages) == standing_ballots(shuffled, units, averages=averages)


@given(CASTS, st.booleans())
def test_units_alike(casts: list[Cast], averages: bool) -> None:
    """Which unit is which changes nothing."""
    swap = {1: 2, 2: 1, 3: 3}
    swapped = [dataclasses.replace(one, unit=swap[one.unit]) for one in casts]
    mine, theirs = (standing_ballots(some, {1, 2, 3}, averages=averages) for some in (casts, swapped))
    assert {swap[unit]: marks for unit, marks in mine.items()} == theirs


@given(CASTS, st.sets(st.integers(1, 3)))
def test_units_once(casts: list[Cast], units: set[int]) -> None:
    """A unit of the electorate has one ballot, and it is one that a confirmed person of it gave; others have none."""
    standing = standing_ballots(casts, units)
    assert standing.keys() <= units
    for unit, marks in standing.items():
        assert any(one.unit == unit and one.confirmed and one.marks == marks for one in casts)


@given(CASTS)
def test_units_averages_lie_between_and_weigh_all_alike(casts: list[Cast]) -> None:
    for unit, marks in standing_ballots(casts, {1, 2, 3}, averages=True).items():
        mine = countable(casts, {unit})[unit]
        for option, mark in marks.items():
            given_ = [one.marks.get(option, 0) for one in mine]
            assert mark == mean(mine)[option]
            assert min(given_) <= mark <= max(given_)
            assert mark * len(mine) == sum(given_)
