"""Reads the rows of money, cases, wishes and units in the log's words: five questions, however large the group."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy.ext.asyncio import AsyncSession

from handlers.audit.logged import Place, moment_text
from handlers.decisions.sealing import fingerprint
from handlers.results.replay import Values
from storage.models.economy import LedgerEntry
from storage.models.escalations import Case, CaseAnswer
from storage.models.wishes import Wish
from storage.queries import economy, escalations, members, wishes


async def read_rows(session: AsyncSession, group_id: int) -> dict[Place, Values]:
    """Every row that the log can be asked about, with the columns that it tells of."""
    rows: dict[Place, Values] = {}
    for entry in await economy.list_all_entries(session, group_id):
        rows[Place("ledger", str(entry.id))] = _entry(entry)
    numbers: dict[int, int] = {}
    for case in await escalations.list_cases(session, group_id):
        rows[Place("case", str(case.number))] = _case(case)
        numbers[case.id] = case.number
    turns: dict[int, int] = {}
    for answer in await escalations.list_all_answers(session, group_id):
        turns[answer.case_id] = turn = turns.get(answer.case_id, 0) + 1
        rows[Place("answer", f"{numbers[answer.case_id]}/{turn}")] = _answer(answer)
    for wish in await wishes.list_wishes(session, group_id):
        rows[Place("wish", str(wish.number))] = _wish(wish)
    for unit in await members.list_units(session, group_id):
        rows[Place("unit", str(unit.id))] = {"name": unit.name}
    return rows


async def map_codes(session: AsyncSession, group_id: int) -> Mapping[str, int]:
    """Official code → our id, for the units of a group."""
    return {unit.code: unit.id for unit in await members.list_units(session, group_id) if unit.code}


def _entry(row: LedgerEntry) -> Values:
    return {
        "kind": str(row.kind),
        "year": row.year,
        "amount": row.amount,
        "subject": row.subject,
        "unit": row.unit_id,
        "inside": row.inside,
        "replaces": row.replaces,
        "by": row.by,
        "at": moment_text(row.at),
    }


def _case(row: Case) -> Values:
    return {
        "wish": row.wish_number,
        "amount": row.amount,
        "frame": row.frame,
        "free": row.free,
        "recommendation": row.recommendation,
        "year": row.year,
        "status": str(row.status),
        "by": row.sent_by,
        "at": moment_text(row.sent_at),
    }


def _answer(row: CaseAnswer) -> Values:
    return {
        "status": str(row.status),
        "decided_on": row.decided_on.isoformat(),
        "basis": str(row.basis),
        "granted": row.granted,
        "inside": row.inside,
        "conditions": row.conditions,
        "reason": row.reason,
        "participants_sha256": fingerprint(row.participants),
        "by": row.by,
        "at": moment_text(row.at),
    }


def _wish(row: Wish) -> Values:
    return {
        "title": row.title,
        "guess": row.guess,
        "kind": str(row.kind),
        "urgency": str(row.urgency) if row.urgency else None,
        "estimate": row.estimate,
        "status": str(row.status),
        "merged_into": row.merged_into,
    }
