"""The rules of a wish that need neither database nor chat: its fields and its life.

```mermaid
stateDiagram-v2
    [*] --> submitted
    submitted --> screening: take_up
    submitted --> needs_estimate: ask_estimate
    screening --> needs_estimate: ask_estimate
    screening --> ready: make_ready
    needs_estimate --> ready: make_ready
    ready --> prioritised: prioritise
    ready --> started: start
    prioritised --> started: start
    approved --> started: start
    started --> delivered: deliver
    delivered --> closed: close
    submitted --> recommended: recommend
    screening --> recommended: recommend
    needs_estimate --> recommended: recommend
    ready --> recommended: recommend
    prioritised --> recommended: recommend
    recommended --> approved: approve
    recommended --> declined: decline
    recommended --> postponed: postpone
    declined --> screening: take_up
    postponed --> screening: take_up
    rejected --> screening: reopen
    closed --> screening: reopen
```

Any open wish may be put on hold and resumed where it was; any open one but a started one may be rejected, withdrawn by
its submitter, or merged into another and un-merged.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from handlers.capability import Ask
from handlers.chat.refusals import FieldRefusal, Misfilled
from handlers.inputs import read_guess, read_text
from storage.enums import Basis, Urgency, WishKind, WishStatus
from storage.enums import WishStatus as S

LONGEST_TITLE = 200
LONGEST_TEXT = 3000
NEEDS_REASON = frozenset({Urgency.HIGH, Urgency.CRITICAL})


W = TypeVar("W", bound=StrEnum)


class Move(StrEnum):
    """What can be done to a wish's status."""

    TAKE_UP = "take_up"
    ASK_ESTIMATE = "ask_estimate"
    MAKE_READY = "make_ready"
    PRIORITISE = "prioritise"
    START = "start"
    DELIVER = "deliver"
    CLOSE = "close"
    REJECT = "reject"
    HOLD = "hold"
    RESUME = "resume"
    WITHDRAW = "withdraw"
    MERGE = "merge"
    UNMERGE = "unmerge"
    RECOMMEND = "recommend"
    APPROVE = "approve"
    DECLINE = "decline"
    POSTPONE = "postpone"
    REOPEN = "reopen"


ENDED = frozenset({S.CLOSED, S.REJECTED, S.WITHDRAWN, S.MERGED})
OPEN = frozenset(S) - ENDED
_OPEN_AND_NOT_STARTED = OPEN - {S.STARTED, S.DELIVERED}

MOVES: dict[Move, tuple[frozenset[WishStatus], WishStatus | None]] = {
    Move.TAKE_UP: (frozenset({S.SUBMITTED, S.DECLINED, S.POSTPONED}), S.SCREENING),
    Move.ASK_ESTIMATE: (frozenset({S.SUBMITTED, S.SCREENING}), S.NEEDS_ESTIMATE),
    Move.MAKE_READY: (frozenset({S.SCREENING, S.NEEDS_ESTIMATE}), S.READY),
    Move.PRIORITISE: (frozenset({S.READY}), S.PRIORITISED),
    Move.START: (frozenset({S.READY, S.PRIORITISED, S.APPROVED}), S.STARTED),
    Move.DELIVER: (frozenset({S.STARTED}), S.DELIVERED),
    Move.CLOSE: (frozenset({S.DELIVERED}), S.CLOSED),
    Move.REJECT: (_OPEN_AND_NOT_STARTED, S.REJECTED),
    Move.HOLD: (OPEN - {S.ON_HOLD}, S.ON_HOLD),
    Move.RESUME: (frozenset({S.ON_HOLD}), None),
    Move.WITHDRAW: (_OPEN_AND_NOT_STARTED, S.WITHDRAWN),
    Move.MERGE: (_OPEN_AND_NOT_STARTED, S.MERGED),
    Move.UNMERGE: (frozenset({S.MERGED}), None),
    Move.RECOMMEND: (frozenset({S.SUBMITTED, S.SCREENING, S.NEEDS_ESTIMATE, S.READY, S.PRIORITISED}), S.RECOMMENDED),
    Move.APPROVE: (frozenset({S.RECOMMENDED}), S.APPROVED),
    Move.DECLINE: (frozenset({S.RECOMMENDED}), S.DECLINED),
    Move.POSTPONE: (frozenset({S.RECOMMENDED}), S.POSTPONED),
    Move.REOPEN: (frozenset({S.REJECTED, S.CLOSED}), S.SCREENING),
}
"""Move → the statuses that it starts from, and the one that it ends in (`None`: where the wish was)."""

DECISIONS = frozenset(
    {
        Move.PRIORITISE,
        Move.START,
        Move.CLOSE,
        Move.REJECT,
        Move.RECOMMEND,
        Move.APPROVE,
        Move.DECLINE,
        Move.POSTPONE,
        Move.REOPEN,
    }
)
"""The moves that stand in the decision log."""


def may_be_recommended(status: WishStatus) -> bool:
    """Whether a wish in this status can be put to the committee."""
    return status in MOVES[Move.RECOMMEND][0]


def can(move: Move, status: WishStatus) -> bool:
    """Whether a wish in this status may be moved so."""
    return status in MOVES[move][0]


@dataclass(frozen=True, slots=True)
class Grounds:
    """Why a wish is moved.

    Args:
        reason: in the doer's words.
        basis: what the decision rests on, where it is one; `basis_text` says which meeting or poll.
        conditions: what the committee attached to it.
    """

    reason: str = ""
    basis: Basis | None = None
    basis_text: str = ""
    conditions: str = ""


NO_GROUNDS = Grounds()


class WishFields:
    """What a person filled in, read and checked.

    Args:
        before: what stood in the fields; what comes back unchanged is not measured, as an old list brought longer texts
            than a form takes.
    """

    def __init__(self, ask: Ask, before: Mapping[str, str] | None = None) -> None:
        self._problems: list[FieldRefusal] = []
        self._before = before or {}
        self.title = self._text(ask, "title", LONGEST_TITLE, required=True)
        self.need = self._text(ask, "need", LONGEST_TEXT, required=True)
        self.description = self._text(ask, "description", LONGEST_TEXT)
        self.benefit = self._text(ask, "benefit", LONGEST_TEXT)
        self.stakeholders = self._text(ask, "stakeholders", LONGEST_TEXT)
        self.reason = self._text(ask, "reason", LONGEST_TEXT)
        self.kind = self._word(ask, "kind", WishKind) or WishKind.DEVELOPMENT
        self.urgency = self._word(ask, "urgency", Urgency)
        self.guess = self._amount(ask)
        if self.urgency in NEEDS_REASON and not self.reason:
            self._problems.append(FieldRefusal("reason", "wishes.reason_missing"))
        if self._problems:
            raise Misfilled(self._problems)

    def _text(self, ask: Ask, name: str, maximum: int, *, required: bool = False) -> str:
        if ask.typed(name) and ask.typed(name) == self._before.get(name, "").strip():
            return self._before[name]
        try:
            text = read_text(ask.typed(name), name, maximum, required=required)
        except FieldRefusal as problem:
            self._problems.append(problem)
            return ""
        return " ".join(text.split()) if name == "title" else text

    def _word(self, ask: Ask, name: str, words: type[W]) -> W | None:
        typed = ask.typed(name)
        if not typed:
            return None
        if typed not in set(words):
            self._problems.append(FieldRefusal(name, "inputs.choice_unknown"))
            return None
        return words(typed)

    def _amount(self, ask: Ask) -> int | None:
        typed = ask.typed("estimate")
        if not typed:
            return None
        try:
            return read_guess(typed, "estimate")
        except FieldRefusal as problem:
            self._problems.append(problem)
            return None
