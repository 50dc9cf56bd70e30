"""The chained log: every entry carries the hash of the one before it, so that nothing is changed unseen."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from handlers.context import Context
from handlers.decisions.kinds import KINDS, UnknownDecision
from storage.models.log import LogEntry
from storage.queries import log

START = "0" * 64
"""What the first entry of a group has before it."""

HEAD_SIGNS = 8
"""Letters of the head that stand in results and minutes."""


async def record(
    context: Context, kind: str, subject: str, facts: Mapping[str, Any], *, decision: bool = False
) -> LogEntry:
    """Write down that something happened, at the end of the group's chain.

    Args:
        context: who did it, when, in which group; the group is held by the transaction.
        kind: `room.what_happened`, in the past tense.
        subject: `wish:43`.
        facts: JSON-ready; people only by our id of them.
        decision: whether it belongs in the decision log.

    Raises:
        UnknownDecision: nobody has said how a decision of this kind is put into words.
    """
    return await append(
        context.session,
        context.group.id,
        at=context.now,
        kind=kind,
        subject=subject,
        person=context.me.id,
        facts=dict(facts) | ({"confirmed_by": context.confirmed_by.id} if context.confirmed_by else {}),
        decision=decision,
    )


async def append(
    session: AsyncSession,
    group_id: int,
    *,
    at: dt.datetime,
    kind: str,
    subject: str,
    person: str,
    facts: dict[str, Any],
    decision: bool,
) -> LogEntry:
    """Write an entry without a context, as an import does; see `record`."""
    if decision and kind not in KINDS:
        raise UnknownDecision(kind)
    last = await log.find_last(session, group_id)
    entry = LogEntry(
        group_id=group_id,
        number=last.number + 1 if last else 1,
        at=at,
        kind=kind,
        subject=subject,
        person=person,
        decision=decision,
        facts=facts,
        before=last.hash if last else START,
        hash="",
    )
    entry.hash = hash_of(entry)
    session.add(entry)
    await session.flush()
    return entry


def hash_of(entry: LogEntry) -> str:
    """The entry's hash: SHA-256 over its canonical JSON (sorted names, no blanks, UTF-8), with the hash before it."""
    content = {
        "number": entry.number,
        "at": entry.at.astimezone(dt.UTC).isoformat(timespec="microseconds"),
        "kind": entry.kind,
        "subject": entry.subject,
        "person": entry.person,
        "decision": entry.decision,
        "facts": entry.facts,
        "before": entry.before,
    }
    canonical = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


async def head(session: AsyncSession, group_id: int) -> str:
    """The first signs of the newest entry's hash."""
    last = await log.find_last(session, group_id)
    return (last.hash if last else START)[:HEAD_SIGNS]


def first_break(entries: Iterable[LogEntry]) -> int | None:
    """The number of the first entry that does not fit the one before it or its own hash; `None` where all fit."""
    before = START
    for number, entry in enumerate(entries, 1):
        if entry.number != number or entry.before != before or entry.hash != hash_of(entry):
            return entry.number
        before = entry.hash
    return None
