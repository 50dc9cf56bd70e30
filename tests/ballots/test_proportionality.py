"""What equal shares are chosen for: who agrees gets what its shares pay for, whatever the others want."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from handlers.ballots.equal_shares import Election, completed, equal_shares
from tests.ballots.elections import MONEY_RULES, election, elections


def _groups(given_: Election) -> Iterator[tuple[tuple[int, ...], tuple[str, ...], Fraction]]:
    """All that can claim something together: (voters, candidates that their shares pay for, the points of these that
    every one of them gives at least)."""
    costs = {one.name: one.cost for one in given_.candidates}
    for size in range(1, len(given_.scores) + 1):
        for voters in combinations(given_.scores, size):
            for count in range(1, len(costs) + 1):
                for names in combinations(costs, count):
                    if sum(costs[name] for name in names) * len(given_.scores) <= given_.frame * size:
                        least = [min(given_.scores[one].get(name, Fraction(0)) for one in voters) for name in names]
                        yield voters, names, sum(least, Fraction(0))


def _points(given_: Election, voter: int, names: set[str]) -> Fraction:
    return sum((points for name, points in given_.scores[voter].items() if name in names), Fraction(0))


@given(elections(highest=3, most=4))
@settings(deadline=None, max_examples=60)
def test_shares_represent_every_group_up_to_one_candidate(given_: Election) -> None:
    """EJR up to one: in every group somebody gets the points that the group can claim, or would with one candidate
    more of those that it claims (Peters, Pierczyński and Skowron 2021, theorem 2)."""
    for name in ("equal shares", "equal shares completed"):
        found, _ = MONEY_RULES[name](given_)
        for voters, names, claim in _groups(given_):
            assert any(
                _points(given_, voter, found) >= claim
                or any(_points(given_, voter, found | {one}) > claim for one in names)
                for voter in voters
            )


@st.composite
def committees(draw: st.DrawFn) -> Election:
    """Approval of candidates that all cost the same."""
    count = draw(st.integers(1, 5))
    row = st.lists(st.integers(0, 1), min_size=count, max_size=count)
    scores = draw(st.lists(row, min_size=1, max_size=5))
    return election(12 * draw(st.integers(1, count)), [12] * count, scores)


@given(committees())
@settings(deadline=None, max_examples=60)
def test_shares_represent_every_group_where_all_costs_are_equal(given_: Election) -> None:
    """EJR: by approval at equal costs, in full (Aziz and others 2017; Peters and Skowron 2020)."""
    found, _ = MONEY_RULES["equal shares"](given_)
    for voters, _names, claim in _groups(given_):
        assert any(_points(given_, voter, found) >= claim for voter in voters)


def test_shares_do_not_represent_every_group_in_full() -> None:
    """The *up to one* is needed: what gives more points per krone is bought first, and then what gives more points in
    all no longer fits."""
    given_ = election(10, [5, 10], [[3, 4]])
    found, _ = MONEY_RULES["equal shares"](given_)
    assert found == {"0"}
    assert [names for _, names, claim in _groups(given_) if _points(given_, 0, found) < claim] == [("1",)]


@given(elections(least_cost=0))
@settings(deadline=None)
def test_shares_are_paid_by_supporters_from_what_they_have(given_: Election) -> None:
    """Priceability: nobody pays for what it gave no point, more than it has, or more per point than anybody else who
    still has something; and what is not bought, its supporters can't pay (Peters and Skowron 2020)."""
    found = completed(given_, Fraction(1, 2))
    costs = {one.name: one.cost for one in given_.candidates}
    left = dict.fromkeys(given_.scores, found.share)
    for name in found.chosen:
        paid = found.payments[name]
        supporters = {voter: row[name] for voter, row in given_.scores.items() if row.get(name)}
        assert sum(paid.values()) == costs[name]
        assert paid.keys() <= supporters.keys()
        per_point = max((paid.get(voter, Fraction(0)) / points for voter, points in supporters.items()))
        for voter, points in supporters.items():
            assert paid.get(voter, 0) == min(left[voter], per_point * points)
            left[voter] -= paid.get(voter, 0)
    assert not set(found.chosen) & set(found.completion)
    for name in costs.keys() - set(found.chosen):
        supporters = {voter for voter, row in given_.scores.items() if row.get(name)}
        assert not supporters or sum(left[voter] for voter in supporters) < costs[name]


def test_shares_without_completion_may_leave_money() -> None:
    """Alone nobody can pay for its own: the plain method buys nothing, and therefore it is completed."""
    given_ = election(100, [60, 60], [[1, 0], [0, 1]])
    assert equal_shares(given_).chosen == ()
    assert MONEY_RULES["equal shares completed"](given_)[0] == {"0"}
