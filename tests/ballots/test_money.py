"""The rules that say what the money is enough for, side by side: what each has, and what it has not.

`docs/rules.md` refers to these tests by name."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from handlers.ballots.budget import Candidate
from handlers.ballots.equal_shares import Election
from tests.ballots.elections import MONEY_RULES, MoneyRule, election, elections, with_costs, with_scores

EVERY_RULE = pytest.mark.parametrize("rule", MONEY_RULES.values(), ids=MONEY_RULES)
DOWN_A_LIST = pytest.mark.parametrize("rule", [MONEY_RULES["rank order"], MONEY_RULES["score per krone"]])
ONE_BY_ONE = pytest.mark.parametrize("rule", [one for name, one in MONEY_RULES.items() if "completed" not in name])
EXHAUSTIVE = pytest.mark.parametrize("rule", [one for name, one in MONEY_RULES.items() if name != "equal shares"])


def chosen(name: str, given_: Election) -> str:
    return "".join(sorted(MONEY_RULES[name](given_)[0]))


@EVERY_RULE
@given(elections(least_cost=0))
@settings(deadline=None)
def test_money_never_over_the_frame(rule: MoneyRule, given_: Election) -> None:
    wanted = {name for row in given_.scores.values() for name in row}
    found, _ = rule(given_)
    assert sum(one.cost for one in given_.candidates if one.name in found) <= given_.frame
    assert found <= wanted


@EXHAUSTIVE
@given(elections(least_cost=0))
@settings(deadline=None)
def test_money_left_is_enough_for_nothing_that_is_wanted(rule: MoneyRule, given_: Election) -> None:
    found, _ = rule(given_)
    left = given_.frame - sum(one.cost for one in given_.candidates if one.name in found)
    wanted = {name for row in given_.scores.values() for name in row}
    assert all(one.cost > left for one in given_.candidates if one.name in wanted - found)


@EVERY_RULE
@given(elections(least_cost=0), st.randoms(use_true_random=False))
@settings(deadline=None)
def test_money_anonymous(rule: MoneyRule, given_: Election, chance: object) -> None:
    """Which municipality is which changes nothing, ties included."""
    numbers = list(given_.scores)
    chance.shuffle(numbers)  # type: ignore[attr-defined]
    moved = {number: given_.scores[voter] for number, voter in zip(numbers, given_.scores, strict=True)}
    again = {voter: moved[voter] for voter in sorted(moved, reverse=True)}
    assert rule(with_scores(given_, again)) == rule(given_)


@EVERY_RULE
@given(elections(), st.data())
@settings(deadline=None)
def test_money_neutral_unless_a_tie_is_told(rule: MoneyRule, given_: Election, data: st.DataObject) -> None:
    """What the candidates are called, and in which order they stand, decides nothing but ties that are told."""
    order = data.draw(st.permutations(list(given_.candidates)))
    new = {one.name: f"new {place}" for place, one in enumerate(order)}
    candidates = [Candidate(new[one.name], one.cost) for one in order]
    scores = {voter: {new[name]: points for name, points in row.items()} for voter, row in given_.scores.items()}
    mine, ties = rule(given_)
    theirs, their_ties = rule(Election(given_.frame, candidates, scores))
    if not ties and not their_ties:
        assert theirs == {new[name] for name in mine}


@ONE_BY_ONE
@given(elections(), st.data())
@settings(deadline=None)
def test_money_support_monotonic(rule: MoneyRule, given_: Election, data: st.DataObject) -> None:
    """More points from one municipality never cost a candidate its money."""
    found, _ = rule(given_)
    if not found:
        return
    name = data.draw(st.sampled_from(sorted(found)))
    voter = data.draw(st.sampled_from(sorted(given_.scores)))
    row = given_.scores[voter]
    more = {**given_.scores, voter: {**row, name: row.get(name, Fraction(0)) + data.draw(st.integers(1, 3))}}
    assert name in rule(with_scores(given_, more))[0]


@ONE_BY_ONE
@given(elections(), st.data())
@settings(deadline=None)
def test_money_discount_monotonic(rule: MoneyRule, given_: Election, data: st.DataObject) -> None:
    """Becoming cheaper never costs a candidate its money."""
    found, _ = rule(given_)
    if not found:
        return
    one = data.draw(st.sampled_from([one for one in given_.candidates if one.name in found]))
    cheaper = with_costs(given_, {one.name: data.draw(st.integers(0, one.cost))})
    assert one.name in rule(cheaper)[0]


def test_money_completed_shares_not_support_monotonic() -> None:
    """Candidate 0 loses its money by one point more: the raises end earlier, and what is left over goes elsewhere."""
    costs = [13, 5, 15, 8, 29, 10]
    less = [[1, 2, 2, 2, 1, 0], [1, 1, 2, 0, 2, 2], [0, 0, 0, 0, 2, 0]]
    more = [[2, *less[0][1:]], *less[1:]]
    found = [chosen("equal shares completed", election(44, costs, rows)) for rows in (less, more)]
    assert found == ["0123", "1235"]


def test_money_completed_shares_not_discount_monotonic() -> None:
    """Candidate 1 loses its money by becoming cheaper: 14 instead of 20."""
    scores = [[1, 1, 2, 0, 1], [0, 0, 0, 1, 0]]
    found = [chosen("equal shares completed", election(64, [12, cost, 26, 15, 21], scores)) for cost in (20, 14)]
    assert found == ["013", "023"]


@EVERY_RULE
@given(elections(), st.data())
@settings(deadline=None)
def test_money_a_twin_of_the_unchosen_changes_nothing(rule: MoneyRule, given_: Election, data: st.DataObject) -> None:
    found, _ = rule(given_)
    others = [one for one in given_.candidates if one.name not in found]
    if not others:
        return
    one = data.draw(st.sampled_from(others))
    scores = {voter: {**row, "x": row[one.name]} if one.name in row else row for voter, row in given_.scores.items()}
    twinned = Election(given_.frame, [*given_.candidates, Candidate("x", one.cost)], scores)
    assert rule(twinned)[0] == found


@ONE_BY_ONE
@given(elections(), st.integers(2, 3))
@settings(deadline=None)
def test_money_homogeneous(rule: MoneyRule, given_: Election, times: int) -> None:
    rows = list(given_.scores.values()) * times
    assert rule(with_scores(given_, dict(enumerate(rows)))) == rule(given_)


@pytest.mark.parametrize(
    ("name", "given_", "one_more"),
    [
        ("rank order", election(4, [1, 5], [[2, 3]]), ("0", "1")),
        ("score per krone", election(8, [9, 8], [[1, 1], [1, 0]]), ("1", "0")),
        ("equal shares", election(7, [3, 6, 2], [[1, 3, 3]]), ("02", "12")),
        ("equal shares completed", election(8, [9, 8], [[1, 1], [1, 0]]), ("1", "0")),
    ],
)
def test_money_not_limit_monotonic(name: str, given_: Election, one_more: tuple[str, str]) -> None:
    """With one øre more, something is no longer bought, as what is dearer now fits."""
    richer = Election(given_.frame + 1, given_.candidates, given_.scores)
    assert (chosen(name, given_), chosen(name, richer)) == one_more


@pytest.mark.parametrize(
    ("name", "given_", "who", "outcomes"),
    [
        ("rank order", election(14, [10, 4, 12], [[3, 2, 2], [1, 3, 3], [1, 0, 3], [2, 3, 1], [1, 0, 2], [3, 3, 1]]),
         1, ("2", "01")),
        ("score per krone", election(5, [1, 5], [[0, 2], [2, 3]]), 1, ("0", "1")),
        ("equal shares", election(5, [1, 5], [[0, 2], [2, 3]]), 1, ("0", "1")),
        ("equal shares completed", election(9, [2, 8], [[2, 3], [0, 1]]), 0, ("0", "1")),
    ],
)  # fmt: skip
def test_money_not_participation(name: str, given_: Election, who: int, outcomes: tuple[str, str]) -> None:
    """A municipality gets more of its own points where it does not vote."""
    without = with_scores(given_, {voter: row for voter, row in given_.scores.items() if voter != who})
    found = (chosen(name, given_), chosen(name, without))
    assert found == outcomes
    mine = [sum(given_.scores[who].get(one, Fraction(0)) for one in names) for names in found]
    assert mine[1] > mine[0]


@pytest.mark.parametrize(
    ("name", "frame", "costs", "north", "south", "outcomes"),
    [
        ("rank order", 14, [7, 11, 5], [[1, 3, 3], [2, 3, 2], [1, 0, 0], [0, 1, 3]], [[3, 3, 2], [3, 2, 0]],
         ("02", "02", "1")),
        ("score per krone", 59, [24, 22, 29, 11], [[0, 0, 0, 2], [0, 2, 3, 0], [1, 3, 2, 2]],
         [[3, 0, 0, 3], [1, 2, 3, 1], [2, 2, 3, 0], [3, 1, 3, 0]], ("013", "013", "23")),
        ("equal shares", 10, [4, 6, 10], [[0, 1, 2]], [[0, 1, 1], [0, 0, 1]], ("2", "2", "1")),
        ("equal shares completed", 5, [4, 2], [[0, 0], [3, 2], [3, 0]], [[3, 1]], ("0", "0", "1")),
    ],
)  # fmt: skip
def test_money_not_consistent(
    name: str, frame: int, costs: list[int], north: list[list[int]], south: list[list[int]], outcomes: tuple[str, ...]
) -> None:
    """Two groups of municipalities that would each buy the same buy something else together."""
    assert tuple(chosen(name, election(frame, costs, rows)) for rows in (north, south, north + south)) == outcomes


@DOWN_A_LIST
def test_money_down_a_list_not_proportional(rule: MoneyRule) -> None:
    """Two of three agree and get all; the third, whose share would pay for its own wish, gets nothing."""
    given_ = election(300, [100] * 4, [[1, 1, 1, 0], [1, 1, 1, 0], [0, 0, 0, 1]])
    assert rule(given_)[0] == {"0", "1", "2"}
    assert MONEY_RULES["equal shares"](given_)[0] == {"0", "1", "3"}


@example(election(100, [100, 100, 100], [[1, 1, 0], [1, 1, 0]]))
@given(elections())
@settings(deadline=None)
def test_money_told_ties_begin_with_what_was_bought(given_: Election) -> None:
    for name, rule in MONEY_RULES.items():
        found, ties = rule(given_)
        assert all(len(set(tie)) == len(tie) > 1 for tie in ties), name
        assert all(set(tie) & found for tie in ties), name
