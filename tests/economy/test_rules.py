"""The group's money: what is free, what a wish may cost, and that nobody's money is taken twice."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.economy.rules import (
    Excess,
    Line,
    Prospect,
    Room,
    account_of,
    balance_of,
    commitments_of,
    excess_of,
    is_outside,
    prospect_of,
    rests_of,
    room_of,
    share_by_weight,
    share_equally,
    unused_grants_of,
)
from storage.enums import EntryKind as K

FRAME = Line(2026, K.FRAME, 250_000_00)
WISH = "wish:43"
OTHER = "wish:7"


def _line(kind: K, amount: int | None, subject: str = WISH, *, year: int = 2026, inside: bool = True) -> Line:
    return Line(year, kind, amount, subject, inside)


@pytest.mark.parametrize(
    ("name", "lines", "free", "room"),
    [
        ("a frame and nothing else", [], 250_000_00, 250_000_00),
        ("invoices take from it", [_line(K.SPENT, 60_000_00, "")], 190_000_00, 190_000_00),
        ("so do commitments", [_line(K.COMMITTED, 40_000_00, OTHER)], 210_000_00, 210_000_00),
        (
            "a partial invoice moves from committed to spent",
            [_line(K.COMMITTED, 25_000_00, OTHER), _line(K.SPENT, 15_000_00, OTHER)],
            210_000_00,
            210_000_00,
        ),
        (
            "a grant inside the frame is set aside for its wish",
            [_line(K.GRANT, 80_000_00)],
            170_000_00,
            250_000_00,
        ),
        (
            "an extra grant is the wish's own",
            [_line(K.GRANT, 80_000_00, inside=False)],
            250_000_00,
            330_000_00,
        ),
        (
            "what is committed within an extra grant takes nothing from the frame",
            [_line(K.GRANT, 80_000_00, inside=False), _line(K.COMMITTED, 80_000_00)],
            250_000_00,
            250_000_00,
        ),
        (
            "what is invoiced within an extra grant takes nothing either",
            [_line(K.GRANT, 80_000_00, inside=False), _line(K.SPENT, 70_000_00)],
            250_000_00,
            260_000_00,
        ),
        (
            "a commitment uses the grant inside the frame up",
            [_line(K.GRANT, 80_000_00), _line(K.COMMITTED, 60_000_00)],
            170_000_00,
            190_000_00,
        ),
        ("pledges are the wish's own", [_line(K.PLEDGE, 30_000_00)], 250_000_00, 280_000_00),
        (
            "pledges pay before the frame does",
            [_line(K.PLEDGE, 30_000_00), _line(K.COMMITTED, 50_000_00)],
            230_000_00,
            230_000_00,
        ),
        ("another wish's pledges are not mine", [_line(K.PLEDGE, 30_000_00, OTHER)], 250_000_00, 250_000_00),
        (
            "an overspent frame leaves a grant untouched",
            [_line(K.SPENT, 300_000_00, ""), _line(K.GRANT, 20_000_00, inside=False)],
            -50_000_00,
            20_000_00,
        ),
        (
            "a grant that was not used goes on to the next year, on top of its frame",
            [_line(K.GRANT, 80_000_00, year=2025), _line(K.COMMITTED, 20_000_00, year=2025)],
            250_000_00,
            310_000_00,
        ),
        ("last year's spending is last year's", [_line(K.SPENT, 90_000_00, "", year=2025)], 250_000_00, 250_000_00),
    ],
)
def test_free_and_room(name: str, lines: list[Line], free: int, room: int) -> None:
    books = [FRAME, *lines]
    assert balance_of(books, 2026).free == free
    assert room_of(books, 2026, WISH).amount == room


def test_without_a_frame_nothing_is_known_to_be_free() -> None:
    assert balance_of([_line(K.SPENT, 1_00, "")], 2026).free is None
    assert room_of([], 2026, WISH).amount is None


def test_last_years_frame_is_not_this_years() -> None:
    assert balance_of([Line(2025, K.FRAME, 1_00)], 2026).frame is None


def test_a_ceiling_and_a_mandate_stand_until_they_are_changed() -> None:
    lines = [Line(2024, K.CEILING, 50_000_00), Line(2024, K.MANDATE, 10_000_00), Line(2025, K.CEILING, None)]
    assert balance_of(lines[:2], 2026).ceiling == 50_000_00
    balance = balance_of(lines, 2026)
    assert (balance.ceiling, balance.mandate) == (None, 10_000_00)


@pytest.mark.parametrize(
    ("amount", "ceiling", "room", "outside", "excess"),
    [
        (50_000_00, 50_000_00, Room(100_000_00), False, 0),
        (50_000_01, 50_000_00, Room(100_000_00), True, 1),
        (40_000_00, 50_000_00, Room(39_000_00), True, 1_000_00),
        (40_000_00, 50_000_00, Room(39_000_00, unused=1_000_00), False, 0),
        (90_000_00, 50_000_00, Room(20_000_00, unused=70_000_00), True, 40_000_00),
        (90_000_00, 50_000_00, Room(20_000_00, unused=70_000_00, approved=90_000_00), False, 0),
        (95_000_00, 50_000_00, Room(20_000_00, unused=70_000_00, approved=90_000_00), True, 5_000_00),
        (10_000_00, None, Room(-5_000_00), True, 10_000_00),
        (90_000_00, None, Room(None), False, 0),
        (90_000_00, 50_000_00, Room(None), True, 40_000_00),
        (0, 50_000_00, Room(0), False, 0),
    ],
)
def test_what_is_outside_the_frame(amount: int, ceiling: int | None, room: Room, outside: bool, excess: int) -> None:
    assert is_outside(amount, ceiling, room) is outside
    assert excess_of(amount, ceiling, room).most == excess


def test_what_is_started_later_uses_its_own_money_first_and_what_has_no_estimate_is_not_zero() -> None:
    lines = [FRAME, _line(K.COMMITTED, 37_250_00, OTHER), _line(K.GRANT, 10_000_00), _line(K.PLEDGE, 2_250_00)]
    assert balance_of(lines, 2026).free == 202_750_00
    assert prospect_of(lines, 2026, {}) == Prospect(0, 202_750_00)
    found = prospect_of(lines, 2026, {WISH: 30_000_00, "wish:8": 22_250_00, "wish:9": None})
    assert found == Prospect(52_250_00, 162_750_00, unknown=1)
    assert prospect_of([], 2026, {WISH: 1_00}) == Prospect(1_00, None)


@pytest.mark.parametrize(
    ("amount", "room", "excess"),
    [
        (85_000_00, Room(212_750_00), Excess(over_ceiling=35_000_00)),
        (40_000_00, Room(39_000_00), Excess(over_room=1_000_00)),
        (60_000_00, Room(20_000_00), Excess(10_000_00, 40_000_00)),
        (60_000_00, Room(None), Excess(10_000_00)),
    ],
)
def test_the_ceiling_and_the_frame_are_told_apart(amount: int, room: Room, excess: Excess) -> None:
    assert excess_of(amount, 50_000_00, room) == excess


def test_an_approval_lifts_the_ceiling_for_its_wish_alone() -> None:
    lines = [FRAME, Line(2026, K.CEILING, 50_000_00), _line(K.CEILING, 80_000_00)]
    balance = balance_of(lines, 2026)
    assert balance.ceiling == 50_000_00
    assert not is_outside(80_000_00, balance.ceiling, room_of(lines, 2026, WISH))
    assert is_outside(80_000_00, balance.ceiling, room_of(lines, 2026, OTHER))


def test_what_is_committed_is_listed_with_the_largest_first() -> None:
    lines = [
        _line(K.COMMITTED, 5_00),
        _line(K.COMMITTED, 9_00, OTHER),
        _line(K.SPENT, 2_00),
        _line(K.COMMITTED, 0, "wish:1"),
        _line(K.COMMITTED, 7_00, year=2025),
    ]
    assert commitments_of(lines, 2026) == [(OTHER, 9_00, 0), (WISH, 5_00, 2_00)]
    assert rests_of(lines, WISH) == [(2025, 7_00), (2026, 5_00)]


amounts = st.integers(0, 200_000_00)
subjects = st.sampled_from([WISH, OTHER, "wish:9"])
books = st.lists(
    st.builds(
        Line,
        year=st.sampled_from([2024, 2025, 2026]),
        kind=st.sampled_from([K.SPENT, K.COMMITTED, K.GRANT, K.PLEDGE]),
        amount=amounts,
        subject=subjects,
        inside=st.booleans(),
    ),
    max_size=12,
)


@given(books, st.integers(0, 400_000_00), st.integers(0, 100))
def test_a_wish_started_within_its_room_takes_nothing_from_the_others(
    lines: list[Line], frame: int, percent: int
) -> None:
    before = [*lines, Line(2026, K.FRAME, frame)]
    room = room_of(before, 2026, WISH).amount
    free = balance_of(before, 2026).free
    assert room is not None
    assert free is not None
    amount = room * percent // 100
    after = [*before, _line(K.COMMITTED, amount)]
    left = balance_of(after, 2026).free
    assert left is not None
    assert left >= min(free, 0)
    for other in (OTHER, "wish:9"):
        own = account_of(before, 2026, other)
        assert account_of(after, 2026, other) == own


@given(books, st.integers(0, 400_000_00))
def test_paying_what_was_committed_changes_nothing_that_is_free(lines: list[Line], frame: int) -> None:
    start = [*lines, Line(2026, K.FRAME, frame), _line(K.COMMITTED, 10_000_00)]
    paid = [*start, _line(K.COMMITTED, -4_000_00), _line(K.SPENT, 4_000_00)]
    assert balance_of(paid, 2026).free == balance_of(start, 2026).free
    assert room_of(paid, 2026, WISH) == room_of(start, 2026, WISH)


@given(books)
def test_giving_back_what_was_not_used_leaves_no_grant(lines: list[Line]) -> None:
    back = [
        _line(K.GRANT, -part, year=year, inside=inside) for year, inside, part in unused_grants_of(lines, 2026, WISH)
    ]
    after = [*lines, *back]
    assert account_of(after, 2026, WISH).earmarked == 0
    granted = account_of(lines, 2026, WISH).granted
    assert 0 <= account_of(after, 2026, WISH).granted <= granted


@given(st.integers(0, 10**12), st.lists(st.integers(0, 700_000), min_size=1, max_size=98))
def test_shares_add_up_to_the_ore(amount: int, weights: list[int]) -> None:
    shares = share_by_weight(amount, weights)
    assert sum(shares) == (amount if sum(weights) else 0)
    assert all(share >= 0 for share in shares)
    assert all(share == 0 for share, weight in zip(shares, weights, strict=True) if weight == 0)


@given(st.integers(0, 10**12), st.integers(1, 98))
def test_equal_shares_differ_by_one_ore_at_most(amount: int, count: int) -> None:
    shares = share_equally(amount, count)
    assert sum(shares) == amount
    assert max(shares) - min(shares) <= 1
