"""The life of a wish, cell by cell: the table of the domain page, written out here once more by hand."""

from __future__ import annotations

import pytest

from handlers.wishes.rules import DECISIONS, MOVES, Move, can
from storage.enums import WishStatus as S

OPEN = {
    *(S.SUBMITTED, S.SCREENING, S.NEEDS_ESTIMATE, S.READY, S.PRIORITISED, S.RECOMMENDED, S.APPROVED),
    *(S.DECLINED, S.POSTPONED, S.STARTED, S.DELIVERED, S.ON_HOLD),
}
NOT_BEGUN = OPEN - {S.STARTED, S.DELIVERED}
TABLE: dict[Move, tuple[set[S], S | None]] = {
    Move.TAKE_UP: ({S.SUBMITTED, S.DECLINED, S.POSTPONED}, S.SCREENING),
    Move.ASK_ESTIMATE: ({S.SUBMITTED, S.SCREENING}, S.NEEDS_ESTIMATE),
    Move.MAKE_READY: ({S.SCREENING, S.NEEDS_ESTIMATE}, S.READY),
    Move.PRIORITISE: ({S.READY}, S.PRIORITISED),
    Move.START: ({S.READY, S.PRIORITISED, S.APPROVED}, S.STARTED),
    Move.DELIVER: ({S.STARTED}, S.DELIVERED),
    Move.CLOSE: ({S.DELIVERED}, S.CLOSED),
    Move.REJECT: (NOT_BEGUN, S.REJECTED),
    Move.HOLD: (OPEN - {S.ON_HOLD}, S.ON_HOLD),
    Move.RESUME: ({S.ON_HOLD}, None),
    Move.WITHDRAW: (NOT_BEGUN, S.WITHDRAWN),
    Move.MERGE: (NOT_BEGUN, S.MERGED),
    Move.UNMERGE: ({S.MERGED}, None),
    Move.RECOMMEND: ({S.SUBMITTED, S.SCREENING, S.NEEDS_ESTIMATE, S.READY, S.PRIORITISED}, S.RECOMMENDED),
    Move.APPROVE: ({S.RECOMMENDED}, S.APPROVED),
    Move.DECLINE: ({S.RECOMMENDED}, S.DECLINED),
    Move.POSTPONE: ({S.RECOMMENDED}, S.POSTPONED),
    Move.REOPEN: ({S.REJECTED, S.CLOSED}, S.SCREENING),
}
IN_THE_DECISION_LOG = {
    *(Move.PRIORITISE, Move.START, Move.CLOSE, Move.REJECT, Move.RECOMMEND),
    *(Move.APPROVE, Move.DECLINE, Move.POSTPONE, Move.REOPEN),
}


@pytest.mark.parametrize("status", list(S))
@pytest.mark.parametrize("move", list(Move))
def test_a_move_starts_from_these_statuses_only(move: Move, status: S) -> None:
    assert can(move, status) is (status in TABLE[move][0])


@pytest.mark.parametrize("move", list(Move))
def test_a_move_ends_in_this_status(move: Move) -> None:
    assert MOVES[move][1] == TABLE[move][1]


def test_decisions_stand_in_the_decision_log() -> None:
    assert DECISIONS == IN_THE_DECISION_LOG
