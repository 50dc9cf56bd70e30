"""Each unit counts once, with the answer that is its own."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from handlers.ballots.rules import Cast, standing_ballots, waiting_units

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


def test_the_unconfirmed_and_strangers_count_nothing() -> None:
    casts = [cast("anna", 1, "43"), cast("ny", 1, "12", minute=5, confirmed=False), cast("bo", 9, "43")]
    assert standing_ballots(casts, {1}) == {1: {"43": 1}}
    assert waiting_units([casts[1], cast("carla", 2, "1", confirmed=False), cast("eva", 3, confirmed=False)], {1, 2, 3})
    assert waiting_units(casts, {1, 9}) == set()


def test_at_one_instant_the_one_that_came_last_counts() -> None:
    casts = [cast("dan", 1, "12", turn=8), cast("anna", 1, "43", turn=7)]
    assert standing_ballots(casts, {1}) == {1: {"12": 1}}


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
def test_the_order_in_which_ballots_are_read_changes_nothing(casts: list[Cast], chance: object, averages: bool) -> None:
    shuffled = list(casts)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    units = {1, 2, 3}
    assert standing_ballots(casts, units, averages=averages) == standing_ballots(shuffled, units, averages=averages)


@given(CASTS)
def test_units_are_treated_alike(casts: list[Cast]) -> None:
    swap = {1: 2, 2: 1, 3: 3}
    swapped = [Cast(one.person, swap[one.unit], one.marks, one.at, one.turn, one.confirmed) for one in casts]
    mine, theirs = standing_ballots(casts, {1, 2, 3}), standing_ballots(swapped, {1, 2, 3})
    assert {swap[unit]: marks for unit, marks in mine.items()} == theirs
