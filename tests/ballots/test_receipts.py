"""Receipts in whole øre: they sum to the cost for every candidate, and to what it owes for every municipality."""

from __future__ import annotations

import math
from fractions import Fraction

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from handlers.ballots.equal_shares import Election, Payments, completed, equal_shares
from handlers.ballots.receipts import receipts
from tests.ballots.elections import election, elections

HALF, THIRD = Fraction(1, 2), Fraction(1, 3)


@st.composite
def payments(draw: st.DrawFn) -> dict[str, dict[int, Fraction]]:
    """Whatever sums to whole øre for each candidate, more entangled than elections usually are."""
    found: dict[str, dict[int, Fraction]] = {}
    for name in "abcde"[: draw(st.integers(0, 5))]:
        voters = draw(st.lists(st.integers(0, 5), min_size=1, max_size=6, unique=True))
        paid = {voter: draw(st.fractions(0, 3, max_denominator=4)) for voter in voters[:-1]}
        rest = -sum(paid.values(), Fraction(0)) % 1
        found[name] = paid | {voters[-1]: rest + draw(st.integers(0, 2))}
    return found


@given(payments())
@example(
    {
        "a": dict.fromkeys((0, 1, 2, 3), HALF),
        "b": dict.fromkeys((2, 3), HALF),
        "c": dict.fromkeys((0, 2), HALF),
        "d": dict.fromkeys((0, 1), HALF),
    }
)
@example(
    {
        "a": dict.fromkeys((0, 1, 3, 4), HALF),
        "b": {0: HALF, 1: HALF, 2: Fraction(1)},
        "c": {2: HALF, 5: HALF},
    }
)
@example({name: {0: THIRD, 1: THIRD, 2: THIRD} for name in "abc"})
@settings(deadline=None, max_examples=400)
def test_receipts_sum_both_ways_and_round_nothing_by_an_ore(paid: Payments) -> None:
    found = receipts(paid)
    for name, by_voter in paid.items():
        assert sum(one.get(name, 0) for one in found.values()) == sum(by_voter.values())
        for voter, amount in by_voter.items():
            assert found[voter][name] in {math.floor(amount), math.ceil(amount)}
    for voter, mine in found.items():
        total = sum((by_voter.get(voter, Fraction(0)) for by_voter in paid.values()), Fraction(0))
        assert sum(mine.values()) in {math.floor(total), math.ceil(total)}
        assert mine.keys() == {name for name, by_voter in paid.items() if voter in by_voter}


@given(elections(least_cost=0), st.sampled_from([Fraction(1), Fraction(1, 7)]))
@settings(deadline=None)
def test_receipts_never_take_more_than_a_share(given_: Election, unit: Fraction) -> None:
    found = completed(given_, unit)
    costs = {one.name: one.cost for one in given_.candidates}
    written = receipts(found.payments)
    for name in found.chosen:
        assert sum(one.get(name, 0) for one in written.values()) == costs[name]
    for voter, mine in written.items():
        assert sum(mine.values()) <= math.ceil(found.share)
        assert all(given_.scores[voter][name] for name in mine)


@pytest.mark.parametrize(
    ("paid", "expected"),
    [
        ({}, {}),
        ({"a": {0: Fraction(7)}}, {0: {"a": 7}}),
        ({"a": {2: THIRD * 100, 0: THIRD * 100, 1: THIRD * 100}}, {0: {"a": 34}, 1: {"a": 33}, 2: {"a": 33}}),
        ({"a": {0: THIRD, 1: 2 * THIRD}}, {0: {"a": 0}, 1: {"a": 1}}),
    ],
)
def test_of_equal_remainders_the_lower_number_pays_the_ore(paid: Payments, expected: object) -> None:
    assert receipts(paid) == expected


def test_the_ore_goes_round_where_three_pay_for_three_together() -> None:
    """By remainders alone the first would pay three øre more than its share."""
    given_ = election(300, [100, 100, 100], [[1, 1, 1]] * 3)
    written = receipts(equal_shares(given_).payments)
    assert written == {
        0: {"0": 34, "1": 33, "2": 33},
        1: {"0": 33, "1": 34, "2": 33},
        2: {"0": 33, "1": 33, "2": 34},
    }


def test_an_ore_is_moved_where_the_first_choice_leaves_nobody_room() -> None:
    """Of `a` the lower numbers would pay; but then `b` could be paid by nobody but them."""
    paid = {"a": dict.fromkeys((0, 1, 2, 3), HALF), "b": dict.fromkeys((0, 1), HALF)}
    assert receipts(paid) == {0: {"a": 0, "b": 1}, 1: {"a": 1, "b": 0}, 2: {"a": 1}, 3: {"a": 0}}


@given(payments())
@settings(deadline=None)
def test_the_order_in_which_payments_are_listed_within_a_candidate_changes_nothing(paid: Payments) -> None:
    turned = {name: dict(reversed(list(by_voter.items()))) for name, by_voter in paid.items()}
    assert receipts(turned) == receipts(paid)
