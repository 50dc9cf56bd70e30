"""The chained log: every entry carries the hash of the one before it, so that nothing is changed unseen."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy.ext.asyncio import AsyncSession

from handlers.context import Context
from handlers.decisions.kinds import KINDS, UnknownDecision
from handlers.decisions.sealing import IN_PARTS, WHOLE, canonical, digest, hash_in_parts, leaves_of, parts_of
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
    confirmed = {"confirmed_by": context.confirmed_by.id} if context.confirmed_by else {}
    said = Said(kind, subject, context.me.id, dict(facts) | confirmed, decision)
    return await append(context.session, context.group.id, said, at=context.now, salt=context.new_id())


@dataclass(frozen=True, slots=True)
class Said:
    """What an entry says; see `record`. `person` is our id of who did it, empty for nobody."""

    kind: str
    subject: str
    person: str
    facts: Mapping[str, Any]
    decision: bool = False


async def append(session: AsyncSession, group_id: int, said: Said, *, at: dt.datetime, salt: str) -> LogEntry:
    """Write an entry without a context. `salt` is random, and seals what is not shown of it.

    Raises:
        UnknownDecision: see `record`.
    """
    if said.decision and said.kind not in KINDS:
        raise UnknownDecision(said.kind)
    last = await log.find_last(session, group_id)
    entry = LogEntry(
        group_id=group_id,
        number=last.number + 1 if last else 1,
        at=at,
        kind=said.kind,
        subject=said.subject,
        person=said.person,
        decision=said.decision,
        facts=json.loads(canonical(said.facts)),  # as it will be read back
        before=last.hash if last else START,
        hash="",
        form=IN_PARTS,
        salt=salt,
    )
    entry.hash = hash_of(entry)
    session.add(entry)
    await session.flush()
    return entry


def hash_of(entry: LogEntry) -> str:
    """The entry's hash, with the one before it: in salted parts, or as a whole where it is from before there were."""
    if entry.form == WHOLE:
        whole = {"subject": entry.subject, "person": entry.person, "facts": entry.facts}
        return digest(head_of(entry) | whole)
    return hash_in_parts(head_of(entry), leaves_of(entry.salt, parts_of(entry.subject, entry.person, entry.facts)))


def head_of(entry: LogEntry) -> dict[str, Any]:
    """What of an entry is never sealed."""
    return {
        "number": entry.number,
        "at": entry.at.astimezone(dt.UTC).isoformat(timespec="microseconds"),
        "kind": entry.kind,
        "decision": entry.decision,
        "before": entry.before,
    }


async def head(session: AsyncSession, group_id: int) -> str:
    """The first signs of the newest entry's hash."""
    last = await log.find_last(session, group_id)
    return (last.hash if last else START)[:HEAD_SIGNS]


@dataclass(frozen=True, slots=True)
class Break:
    """Where the chain does not hold. `missing`: there is no entry with this number; `changed`: the entry does not say
    what it said when it was written; `unlinked`: it does not follow the one before it."""

    number: int
    what: Literal["missing", "changed", "unlinked"]


def list_breaks(entries: Iterable[LogEntry]) -> list[Break]:
    """Every place where a group's whole log, oldest first, does not hold."""
    found: list[Break] = []
    expected, before = 1, START
    for entry in entries:
        found += [Break(number, "missing") for number in range(expected, entry.number)]
        if entry.hash != hash_of(entry):
            found.append(Break(entry.number, "changed"))
        if entry.number == expected and entry.before != before:
            found.append(Break(entry.number, "unlinked"))
        expected, before = entry.number + 1, entry.hash
    return found


def first_break(entries: Iterable[LogEntry]) -> int | None:
    """The number of the first entry that is missing or does not hold; `None` where all do."""
    return next((one.number for one in list_breaks(entries)), None)
