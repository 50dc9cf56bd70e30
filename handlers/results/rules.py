"""Works out a poll's result from what was asked and answered: pure, so that it can be worked out again years later."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from handlers.ballots import budget
from handlers.ballots.counting import Place, add_up, count_supporters, is_quorate, rank
from handlers.ballots.equal_shares import Election, completed, product_unit
from handlers.ballots.methods import points_of_all
from handlers.ballots.receipts import receipts
from handlers.ballots.rules import Marks
from handlers.ballots.schulze import schulze
from storage.enums import PollMethod, WinnerRule


@dataclass(frozen=True, slots=True)
class Contender:
    """A candidate as counting sees it.

    Args:
        number: the wish's number.
        cost: its estimate in whole øre, `None` where there is none.
        own: money in øre that is the wish's own already (an unused grant, pledges).
        beyond: whether it is too dear for the group to decide alone.
        left: whether it is no candidate any more.
    """

    number: int
    cost: int | None
    own: int = 0
    beyond: bool = False
    left: bool = False

    @property
    def need(self) -> int:
        """What it needs of the money that is free to all."""
        return max(0, (self.cost or 0) - self.own)


@dataclass(frozen=True, slots=True)
class Question:
    """All that a result follows from.

    Args:
        method: what the ballots say.
        candidates: in the order of the poll.
        ballots: the standing answer of each unit that has voted.
        units: how many units may vote.
        quorum: the share of units in percent that must vote, `None` for any.
        rule: how it is found what the money is enough for, chosen at opening.
        free: what is til rådighed, in øre, `None` where no frame is set.
    """

    method: PollMethod
    candidates: Sequence[Contender]
    ballots: Mapping[int, Marks]
    units: int
    quorum: int | None
    rule: WinnerRule
    free: int | None


@dataclass(frozen=True, slots=True)
class Winners:
    """What one rule would choose.

    Args:
        chosen: wish numbers, in the order of choice.
        ties: groups that stood equal where the money was enough for some only.
        receipts: what each unit paid (unit → wish number → whole øre), for equal shares alone.
        share: what each unit that voted had to spend, in øre, for equal shares alone.
        completion: what no shares paid for: it was chosen for what was left over.
    """

    chosen: tuple[int, ...]
    ties: tuple[tuple[int, ...], ...] = ()
    receipts: Mapping[int, Mapping[int, int]] = field(default_factory=dict)
    share: Fraction | None = None
    completion: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Result:
    """What is published.

    Args:
        ranking: all candidates by what they got, ties sharing a place; rankings are counted by Schulze's method.
        points: wish number → the points of all units together (Borda's for rankings).
        supporters: wish number → how many units want it.
        winners: what the money is enough for by each rule, empty where no frame is set.
    """

    question: Question
    ranking: tuple[Place, ...]
    points: Mapping[int, Fraction]
    supporters: Mapping[int, int]
    winners: Mapping[WinnerRule, Winners]

    @property
    def voted(self) -> int:
        return len(self.question.ballots)

    @property
    def quorate(self) -> bool | None:
        return is_quorate(self.voted, self.question.units, self.question.quorum)

    @property
    def chosen(self) -> tuple[int, ...]:
        """What the poll's own rule chose."""
        found = self.winners.get(self.question.rule)
        return found.chosen if found else ()


def work_out(question: Question) -> Result:
    """Count, rank, and say what the money is enough for by every rule."""
    running = [one for one in question.candidates if not one.left]
    names = [str(one.number) for one in running]
    scores = points_of_all(question.method, names, question.ballots)
    totals = add_up(names, scores.values())
    ballots = list(question.ballots.values())
    ranking = schulze(names, ballots) if question.method is PollMethod.RANKING else rank(totals)
    supporters = count_supporters(names, ballots)
    return Result(
        question,
        tuple(ranking),
        {int(name): total for name, total in totals.items()},
        {int(name): count for name, count in supporters.items()},
        {} if question.free is None else _all_winners(question, ranking, scores),
    )


def _all_winners(
    question: Question, ranking: Sequence[Place], scores: Mapping[int, Marks]
) -> dict[WinnerRule, Winners]:
    """What each rule chooses among the wishes that have a price and may be decided by the group."""
    free = max(0, question.free or 0)
    running = sorted((one for one in question.candidates if not one.left), key=lambda one: one.number)
    candidates = [
        budget.Candidate(str(one.number), one.need) for one in running if one.cost is not None and not one.beyond
    ]
    totals = add_up([str(one.number) for one in running], scores.values())
    wanted = {name for marks in question.ballots.values() for name, mark in marks.items() if mark}
    return {
        WinnerRule.RANK_ORDER: _plain(budget.by_rank([one for one in candidates if one.name in wanted], ranking, free)),
        WinnerRule.PER_KRONE: _plain(budget.by_score_per_krone(candidates, totals, free)),
        WinnerRule.EQUAL_SHARES: _by_equal_shares(scores, candidates, totals, free),
    }


def _plain(found: budget.Bought) -> Winners:
    return Winners(_numbers(found.chosen), tuple(_numbers(tie) for tie in found.ties))


def _by_equal_shares(
    given: Mapping[int, Marks], candidates: Sequence[budget.Candidate], totals: Mapping[str, Fraction], free: int
) -> Winners:
    if not given or not free:
        return _plain(budget.by_score_per_krone(candidates, totals, free))
    offered = {one.name for one in candidates}
    scores = {
        unit: {name: points for name, points in marks.items() if name in offered}
        for unit, marks in sorted(given.items())
    }
    found = completed(Election(free, candidates, scores), product_unit(free, len(scores)))
    paid = receipts(found.payments)
    by_unit = {unit: {int(name): ore for name, ore in paid.get(unit, {}).items()} for unit in scores}
    chosen = (*found.chosen, *found.completion)
    ties = tuple(_numbers(tie) for tie in found.ties if not set(tie) <= set(chosen))
    return Winners(_numbers(chosen), ties, by_unit, found.share, _numbers(found.completion))


def _numbers(names: Sequence[str]) -> tuple[int, ...]:
    return tuple(int(name) for name in names)


def to_facts(result: Result) -> dict[str, Any]:
    """The result as JSON-ready facts for the log, without names."""
    question = result.question
    return {
        "method": question.method,
        "units": question.units,
        "voted": result.voted,
        "quorum": question.quorum,
        "quorate": result.quorate,
        "rule": question.rule,
        "free": question.free,
        "ranking": [
            {"rank": place.rank, "candidates": [int(one) for one in place.options]} for place in result.ranking
        ],
        "points": {str(number): str(total) for number, total in result.points.items()},
        "supporters": {str(number): count for number, count in result.supporters.items()},
        "candidates": [
            {"number": one.number, "cost": one.cost, "own": one.own, "beyond": one.beyond, "left": one.left}
            for one in question.candidates
        ],
        "winners": {
            rule: {
                "chosen": list(winners.chosen),
                "ties": [list(tie) for tie in winners.ties],
                "receipts": {
                    str(unit): {str(number): ore for number, ore in paid.items()}
                    for unit, paid in winners.receipts.items()
                },
                "share": None if winners.share is None else str(winners.share),
                "completion": list(winners.completion),
            }
            for rule, winners in result.winners.items()
        },
    }
