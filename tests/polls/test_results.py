"""What a result says, worked out from ballots and money."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from handlers.ballots.rules import Marks
from handlers.results.rules import Contender, Question, to_facts, work_out
from storage.enums import PollMethod, WinnerRule

A, B, C = Contender(1, 20_000), Contender(2, 60_000), Contender(3, 30_000)
UNPRICED, BEYOND, LEFT = Contender(4, None), Contender(5, 90_000, beyond=True), Contender(6, 10_000, left=True)


def ballots(*chosen: tuple[int, ...]) -> dict[int, Marks]:
    return {unit: {str(number): Fraction(1) for number in numbers} for unit, numbers in enumerate(chosen, 1)}


def asked(
    candidates: list[Contender], answers: dict[int, Marks], free: int | None, rule: WinnerRule = WinnerRule.RANK_ORDER
) -> Question:
    return Question(PollMethod.APPROVAL, candidates, answers, units=5, quorum=50, rule=rule, free=free)


def test_ranking_turnout_and_quorum() -> None:
    found = work_out(asked([A, B, C], ballots((1, 2), (2,)), None))
    assert [(place.rank, place.options) for place in found.ranking] == [(1, ("2",)), (2, ("1",)), (3, ("3",))]
    assert (found.voted, found.quorate, found.chosen) == (2, False, ())
    assert found.supporters == {1: 1, 2: 2, 3: 0}
    assert found.winners == {}


def test_what_has_no_price_is_too_dear_or_has_left_is_outside_the_money() -> None:
    answers = ballots((1, 4, 5, 6), (1, 4, 5, 6), (3,))
    found = work_out(asked([A, C, UNPRICED, BEYOND, LEFT], answers, 200_000))
    assert [place.options for place in found.ranking] == [("1", "4", "5"), ("3",)]
    for rule in WinnerRule:
        assert sorted(found.winners[rule].chosen) == [1, 3]


def test_a_wishs_own_money_is_used_before_that_of_all() -> None:
    answers = ballots((1, 2), (1, 2), (2,))
    assert work_out(asked([A, B], answers, 50_000)).chosen == (1,)
    assert work_out(asked([A, Contender(2, 60_000, own=35_000)], answers, 50_000)).chosen == (2, 1)


def test_overspent_money_is_no_money() -> None:
    found = work_out(asked([A, Contender(2, 60_000, own=60_000)], ballots((1, 2)), -5_000))
    for rule in WinnerRule:
        assert found.winners[rule].chosen == (2,)


def test_the_rule_that_was_chosen_is_the_one_that_counts() -> None:
    answers = ballots((2, 1), (2, 3), (2, 1))
    assert work_out(asked([A, B, C], answers, 60_000)).chosen == (2,)
    assert work_out(asked([A, B, C], answers, 60_000, WinnerRule.PER_KRONE)).chosen == (1, 3)


@st.composite
def questions(draw: st.DrawFn) -> Question:
    costs = draw(st.lists(st.one_of(st.none(), st.integers(0, 90)), min_size=2, max_size=5))
    candidates = [
        Contender(number, cost, draw(st.integers(0, 30)), draw(st.booleans()), draw(st.booleans()))
        for number, cost in enumerate(costs, 1)
    ]
    choice = st.sets(st.integers(1, len(costs)), min_size=1)
    answers = ballots(*draw(st.lists(choice.map(lambda one: tuple(sorted(one))), max_size=5)))
    return asked(candidates, answers, draw(st.integers(-20, 200)), draw(st.sampled_from(WinnerRule)))


@given(questions())
@settings(deadline=None)
def test_never_over_the_money_and_receipts_sum_to_what_is_paid(question: Question) -> None:
    found = work_out(question)
    needs = {one.number: one.need for one in question.candidates}
    for winners in found.winners.values():
        assert sum(needs[number] for number in winners.chosen) <= max(0, question.free or 0)
        paid = list(winners.receipts.values())
        for number in {number for one in paid for number in one}:
            assert sum(one.get(number, 0) for one in paid) == needs[number]


@given(questions(), st.randoms(use_true_random=False))
@settings(deadline=None)
def test_the_order_of_the_units_changes_nothing(question: Question, chance: object) -> None:
    units = list(question.ballots)
    chance.shuffle(units)  # type: ignore[attr-defined]
    shuffled = Question(
        question.method,
        question.candidates,
        {unit: question.ballots[unit] for unit in units},
        question.units,
        question.quorum,
        question.rule,
        question.free,
    )
    assert to_facts(work_out(shuffled)) == to_facts(work_out(question))


def ranked(*orders: tuple[int, ...]) -> dict[int, Marks]:
    return {
        unit: {str(number): Fraction(place) for place, number in enumerate(order, 1)}
        for unit, order in enumerate(orders, 1)
    }


def test_a_ranking_is_counted_by_schulze_and_borda_is_shown_beside_it() -> None:
    answers = ranked((1, 3, 2), (1, 3, 2), (3, 2, 1))
    found = work_out(Question(PollMethod.RANKING, [A, B, C], answers, 3, None, WinnerRule.RANK_ORDER, 30_000))
    assert [place.options for place in found.ranking] == [("1",), ("3",), ("2",)]
    assert found.points == {1: 4, 2: 1, 3: 4}
    assert (found.chosen, found.winners[WinnerRule.RANK_ORDER].ties) == ((1,), ())


def test_in_a_ranking_the_money_goes_down_the_places_that_are_published() -> None:
    """Borda's points would put 2 first: Schulze's method does not, and the money does as the list above it says."""
    wishes = [Contender(number, 20_000) for number in (1, 2, 3, 4)]
    answers = ranked((1, 2, 3, 4), (1, 2, 3, 4), (2, 3, 4, 1))
    found = work_out(Question(PollMethod.RANKING, wishes, answers, 3, None, WinnerRule.RANK_ORDER, 20_000))
    assert found.ranking[0].options == ("1",)
    assert found.points[2] > found.points[1]
    assert found.chosen == (1,)
    assert found.winners[WinnerRule.PER_KRONE].chosen == (2,)


def test_what_is_placed_last_by_all_may_be_bought_in_rank_order_and_what_nobody_places_may_not() -> None:
    wishes = [Contender(number, 20_000) for number in (1, 2, 3)]
    found = work_out(
        Question(PollMethod.RANKING, wishes, ranked((1, 2), (1, 2)), 3, None, WinnerRule.RANK_ORDER, 90_000)
    )
    assert found.chosen == (1, 2)


def test_equal_shares_say_how_large_a_share_was_and_what_no_share_paid_for() -> None:
    """Neither can pay alone before both could, which would be too dear: one is bought for what is left over."""
    wishes = [Contender(1, 150_000), Contender(2, 150_000)]
    found = work_out(asked(wishes, ballots((1,), (2,)), 200_000, WinnerRule.EQUAL_SHARES))
    shares = found.winners[WinnerRule.EQUAL_SHARES]
    assert (shares.share, shares.chosen, shares.completion) == (149_900, (1,), (1,))
    facts = to_facts(found)["winners"]
    assert (facts[WinnerRule.EQUAL_SHARES]["share"], facts[WinnerRule.EQUAL_SHARES]["completion"]) == ("149900", [1])
    assert (facts[WinnerRule.RANK_ORDER]["share"], facts[WinnerRule.RANK_ORDER]["completion"]) == (None, [])


def test_scores_are_added_up() -> None:
    answers: dict[int, Marks] = {1: {"1": Fraction(5)}, 2: {"1": Fraction(1), "2": Fraction(4)}}
    found = work_out(Question(PollMethod.SCORE, [A, B], answers, 3, None, WinnerRule.RANK_ORDER, None))
    assert (found.points, found.supporters) == ({1: 6, 2: 4}, {1: 2, 2: 1})
