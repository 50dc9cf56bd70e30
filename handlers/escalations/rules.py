"""What a recommendation must say, when the committee is reminded, and what its answer must hold.

```mermaid
stateDiagram-v2
    [*] --> awaiting: recommend
    awaiting --> approved: answer
    awaiting --> declined: answer
    awaiting --> postponed: answer
    awaiting --> withdrawn: the wish ends
    approved --> declined: correct
    declined --> approved: correct
    approved --> postponed: correct
    postponed --> approved: correct
    declined --> postponed: correct
    postponed --> declined: correct
```
"""

from __future__ import annotations

import datetime as dt
import zoneinfo
from dataclasses import dataclass

from handlers.capability import Ask
from handlers.chat.refusals import FieldRefusal
from handlers.economy.invoices import read_amount_above_zero
from handlers.inputs import read_amount, read_date, read_text
from handlers.members.filling import Filling
from handlers.wishes.rules import LONGEST_TEXT, Move
from handlers.workdays import next_bundle
from storage.enums import Basis, CaseStatus

PATIENCE = dt.timedelta(days=14)
"""How long a recommendation may wait before the committee is reminded, once [choice]."""

OUTCOMES = (CaseStatus.APPROVED, CaseStatus.DECLINED, CaseStatus.POSTPONED)
MOVE_OF = {
    CaseStatus.APPROVED: Move.APPROVE,
    CaseStatus.DECLINED: Move.DECLINE,
    CaseStatus.POSTPONED: Move.POSTPONE,
}
BASES = (Basis.MEETING, Basis.WRITTEN, Basis.MAIL)
NEEDS_REASON = frozenset({CaseStatus.DECLINED, CaseStatus.POSTPONED})
INSIDE, EXTRA = "inside", "extra"
LONGEST_LINE = 500
HALF_A_YEAR = dt.timedelta(days=182)


def reminder_moment(sent_at: dt.datetime, zone: zoneinfo.ZoneInfo) -> dt.datetime:
    """When the committee is reminded of a case: the first bundle's hour after the patience is over, in UTC."""
    return next_bundle(sent_at + PATIENCE, zone)


class CaseFields:
    """A recommendation as the leader filled it in.

    Args:
        begins: what the recommended sentence begins with, in the group's language.

    Raises:
        Misfilled: something in it can't be used.
    """

    def __init__(self, ask: Ask, begins: str) -> None:
        form = Filling(ask)
        self.background = form.take("background", _text, "")
        self.need = form.take("need", _text, "")
        self.benefit = form.take("benefit", _text, "")
        self.poll = form.take("poll", _text, "")
        self.backing = form.take("backing", _text, "")
        self.amount = form.take("amount", read_amount_above_zero, 0)
        if not ask.typed("amount"):
            form.refuse("amount", "economy.amount_missing")
        self.recommendation = form.take("recommendation", _text, "")
        if not _folded(ask.typed("recommendation")).startswith(_folded(begins)):
            form.refuse("recommendation", "escalations.sentence_begins", begins=begins)
        form.check()


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was decided; `granted` in øre, `None` for nothing granted."""

    status: CaseStatus
    decided_on: dt.date
    basis: Basis
    participants: str
    granted: int | None
    inside: bool
    conditions: str
    reason: str


def read_outcome(ask: Ask, today: dt.date) -> Outcome:
    """The committee's decision as one of its members filled it in.

    Args:
        ask: the form; the outcome is its field, or what it carries.
        today: no decision was taken after it.

    Raises:
        Misfilled: something in it can't be used.
    """
    form = Filling(ask)
    typed = ask.typed("outcome") or ask.carry.get("outcome", "")
    status = next((one for one in OUTCOMES if one == typed), None)
    if status is None:
        form.refuse("outcome", "inputs.choice_unknown")
    decided_on = form.take("date", lambda text, name: _read_past(text, name, today), today)
    if not ask.typed("date"):
        form.refuse("date", "escalations.date_missing")
    basis = form.word("basis", Basis, Basis.MEETING)
    if basis not in BASES:
        form.refuse("basis", "inputs.choice_unknown")
    granted = form.take("granted", read_amount, None)
    approved = status is CaseStatus.APPROVED
    if approved and not ask.typed("granted"):
        form.refuse("granted", "escalations.granted_missing")
    source = ask.typed("source")
    if approved and not source:
        form.refuse("source", "escalations.source_missing")
    elif source not in ("", INSIDE, EXTRA):
        form.refuse("source", "inputs.choice_unknown")
    reason = form.take("reason", _text, "")
    if status in NEEDS_REASON and not ask.typed("reason"):
        form.refuse("reason", "escalations.reason_missing")
    conditions = form.take("conditions", _text, "")
    participants = form.take("participants", _line, "")
    form.check()
    assert status is not None
    return Outcome(
        status=status,
        decided_on=decided_on,
        basis=basis,
        participants=participants,
        granted=granted if approved else None,
        inside=source != EXTRA,
        conditions=conditions,
        reason=reason,
    )


def _read_past(typed: str, field: str, today: dt.date) -> dt.date:
    """A day that has been: without a year it is the nearest such day."""
    day = read_date(typed, field, today - HALF_A_YEAR)
    if day > today:
        raise FieldRefusal(field, "escalations.date_ahead", typed=typed.strip()[:40])
    return day


def _text(typed: str, field: str) -> str:
    return read_text(typed, field, LONGEST_TEXT)


def _line(typed: str, field: str) -> str:
    return read_text(typed, field, LONGEST_LINE)


def _folded(text: str) -> str:
    return " ".join(text.split()).casefold()
