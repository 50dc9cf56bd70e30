"""The Method of Equal Shares: every municipality has the same to spend, and pays only for what it asked for itself.

Peters, Pierczyński and Skowron, "Proportional Participatory Budgeting with Additive Utilities" (2021): each voter gets
an equal share of the frame. While some candidate can be paid by its supporters at a price ρ per point, the one with the
lowest ρ is bought, each supporter paying min(what is left, ρ × its score). *Add1* then raises every share by one unit
until the next raise would overspend the frame or everything is bought; what is left is spent by score per krone.

All arithmetic is exact; `buying` does one run of the method, `raising` tells which raises change nothing.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from handlers.ballots.budget import Candidate, by_score_per_krone
from handlers.ballots.buying import Run, Scores, Wanted, list_wanted
from handlers.ballots.counting import add_up
from handlers.ballots.raising import Demand, safe_raise

Payments = Mapping[str, Mapping[int, Fraction]]
"""Candidate → voter → what the voter pays for it, in øre."""


@dataclass(frozen=True, slots=True)
class Election:
    """What there is to choose between.

    Args:
        frame: the money, in whole øre.
        candidates: in the order that breaks the last ties; one that costs nothing is bought by whoever wants it.
        scores: voter → candidate → points above zero; every voter has a share, also one who scores nothing.
    """

    frame: int
    candidates: Sequence[Candidate]
    scores: Scores


@dataclass(frozen=True, slots=True)
class Shares:
    """What equal shares chose.

    Args:
        chosen: the candidates that the shares paid for, in the order of purchase.
        payments: who paid what for each of them; they sum to its cost.
        share: what every voter had, in øre: more than its part of the frame after Add1.
        ties: groups of candidates that stood exactly equal when one of them was bought, that one first; and those that
            had the same score per krone where what was left over was enough for some of them only.
        completion: what was bought afterwards for what was left over, best score per krone first.
    """

    chosen: tuple[str, ...]
    payments: Payments
    share: Fraction
    ties: tuple[tuple[str, ...], ...] = ()
    completion: tuple[str, ...] = ()


def equal_shares(election: Election, share: Fraction | None = None) -> Shares:
    """The plain method. `share` is what every voter has in øre, an equal part of the frame where not given."""
    if not election.scores:
        return Shares((), {}, Fraction(0))
    wanted = list_wanted(election.candidates, election.scores)
    return _shares(election, _run(election, wanted, _equal_part(election) if share is None else share))


def _equal_part(election: Election) -> Fraction:
    return Fraction(election.frame, len(election.scores))


def with_add1(election: Election, unit: Fraction) -> Shares:
    """The method with every share raised by `unit` øre until the next raise would overspend, or nothing that anybody
    wants fits any more. Raises that provably change nothing are passed over, with the same result."""
    if not election.scores:
        return Shares((), {}, Fraction(0))
    wanted = list_wanted(election.candidates, election.scores)
    found = _run(election, wanted, _equal_part(election))
    unchanged, patience = 0, _PATIENCE
    while _something_fits(election, found):
        raised = _run(election, wanted, found.share + unit)
        if raised.spent > election.frame:
            break
        unchanged = unchanged + 1 if raised.chosen == found.chosen else 0
        found = raised
        if unchanged >= patience:
            passed_over = _idle_raises(found, unit)
            found = _run(election, wanted, found.share + passed_over * unit) if passed_over else found
            patience = _PATIENCE if passed_over > patience else 2 * patience
            unchanged = 0
    return _shares(election, found)


_PATIENCE = 4
"""Raises that change nothing before it is worth working out how many more there are."""


def completed(election: Election, unit: Fraction) -> Shares:
    """Add1, and then what is left is spent by score per krone on what fits."""
    found = with_add1(election, unit)
    left = election.frame - sum(one.cost for one in election.candidates if one.name in found.chosen)
    others = [one for one in election.candidates if one.name not in found.chosen]
    totals = add_up([one.name for one in others], election.scores.values())
    extra = by_score_per_krone(others, totals, left)
    return Shares(found.chosen, found.payments, found.share, (*found.ties, *extra.ties), extra.chosen)


def product_unit(frame: int, voters: int) -> Fraction:
    """What Add1 raises by here: a thousandth of an equal share, at least one krone [choice]; in øre."""
    return max(Fraction(frame, 1000 * voters), Fraction(100))


def _run(election: Election, wanted: Sequence[Wanted], share: Fraction) -> Run:
    run = Run(wanted, share, [share.numerator] * len(election.scores), share.denominator)
    run.buy_all()
    return run


def _shares(election: Election, run: Run) -> Shares:
    voters = list(election.scores)
    payments = {
        wanted.name: {
            voters[voter]: Fraction(paid, below)
            for (voter, _), paid in zip(wanted.given, all_paid, strict=True)
            if paid
        }
        for wanted, all_paid, below in run.bought
    }
    return Shares(run.chosen, payments, run.share, tuple(run.ties))


def _something_fits(election: Election, run: Run) -> bool:
    """Whether what is left of the frame is enough for something that anybody wants."""
    left = election.frame - run.spent
    return any(one.cost <= left for one in run.unchosen)


def _idle_raises(run: Run, unit: Fraction) -> int:
    """How many further raises surely leave the outcome as it is."""
    bought = [Demand(wanted.cost, wanted.given) for wanted, _, _ in run.bought]
    others = [Demand(one.cost, one.given) for one in run.unchosen]
    bound = safe_raise(len(run.left), run.share, bought, others)
    return 0 if bound is None else max(0, math.ceil(bound / unit) - 1)
