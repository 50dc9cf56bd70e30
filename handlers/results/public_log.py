"""The log as everybody may have it: municipalities instead of persons, and every hash to check the chain with.

Of each entry some parts are shown with their salt and the rest only as leaves (`handlers/decisions/sealing.py`). What
is shown is decided here, when the log is asked for: nobody's id, no text that names a person of the group, and of a
secret poll nothing that says whose an answer is. A hidden poll's answers are shown when it has closed.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from handlers.ballots.codes import code_of
from handlers.ballots.rules import Cast
from handlers.decisions.chain import START, head_of
from handlers.decisions.sealing import FACT, WHOLE, leaf_of, parts_of, salt_of
from handlers.results.lines import WAYS, draw_lines
from handlers.results.replay import Replay, replay
from locales import translate
from storage.enums import PollMethod, Visibility
from storage.models.log import LogEntry

FORMAT = "oenskebot-public-log"
VERSION = 1

SHOWN: dict[str, frozenset[str]] = {
    "poll.opened": frozenset(
        (
            *("title", "method", "rule", "visibility", "most", "dots", "quorum", "ballot_rule", "deadline", "units"),
            *("pending", "candidates", "titles", "run_off_of"),
        )
    ),
    "poll.candidate_added": frozenset(("candidate", "title", "cost", "version", "position")),
    "poll.candidate_changed": frozenset(("candidate", "left")),
    "poll.costs_frozen": frozenset(("costs",)),
    "poll.extended": frozenset(("from", "to", "reason")),
    "poll.annulled": frozenset(("was", "reason")),
    "poll.ratified": frozenset(("basis", "basis_text")),
    "ballot.cast": frozenset(),
    "ballot.confirmed": frozenset(("unit",)),
    "economy": frozenset(("year", "amount", "inside", "entry", "replaces", "unit", "mandate")),
    "wish": frozenset(("from", "to", "basis", "basis_text", "reason", "conditions", "unit", "amount", "merged")),
    "case": frozenset(
        ("wish", "amount", "frame", "free", "excess", "status", "outcome", "granted", "decided_on", "basis", "reason")
    ),
    "meeting": frozenset(("units", "starts_at", "before", "after", "sha256")),
}
"""Kind, or the room that it is of → the facts that may be shown."""

RESULT = frozenset(
    (
        *("method", "units", "voted", "quorum", "quorate", "rule", "free", "ranking", "points", "supporters"),
        *("candidates", "winners", "ballots", "counted", "uncounted", "turnout", "spoken_for", "prioritised", *WAYS),
    )
)
"""What is shown of a result."""

ANSWER = {
    "ballot.cast": frozenset(("voter", "key", "receipt", "unit", "marks", "way", "at", "confirmed", "substitute")),
    "ballot.confirmed": frozenset(("voter", "unit", "ballot")),
}
"""What is shown besides of the answers to a poll that is not secret."""

_TYPED = frozenset(f"{FACT}{name}" for name in ("title", "titles", "candidates", "reason", "basis_text", "conditions"))
"""Parts that hold what people typed, where somebody may be named."""

_ADDRESS = re.compile(r"\S@\S|\d(?:[ -]?\d){7,}")
"""An e-mail address, a telephone number or a civil registration number."""


@dataclass(frozen=True, slots=True)
class Public:
    """A group's log, about to be handed out.

    Args:
        group: its short name, and `product` what it steers.
        at: when it was asked for.
        entries: the whole log, oldest first.
        names: of all people whom the group has known.
    """

    group: str
    product: str
    at: dt.datetime
    entries: Sequence[LogEntry]
    names: Collection[str]

    def to_json(self) -> bytes:
        """The log as a file, an entry in each line."""
        last = self.entries[-1].hash if self.entries else START
        top = {
            "format": FORMAT,
            "version": VERSION,
            "group": self.group,
            "product": self.product,
            "exported_at": self.at.isoformat(timespec="seconds"),
            "head": last,
        }
        polls = replay(self.entries)
        lines = ",\n".join(_compact(one) for one in show_entries(self.entries, polls, self.names))
        return f'{_compact(top)[:-1]},"entries":[\n{lines}\n]}}\n'.encode()

    def to_receipts(self) -> bytes:
        """All receipts as a table for a spreadsheet, so that a voter finds theirs without any program."""
        file = io.StringIO()
        writer = csv.writer(file, delimiter=";", lineterminator="\r\n")
        columns = ("poll", "receipt", "municipality", "answer", "counted", "given")
        writer.writerow([translate(f"results.column.{name}") for name in columns])
        for poll in replay(self.entries).values():
            writer.writerows(_receipt_rows(poll))
        return b"\xef\xbb\xbf" + file.getvalue().encode()


def _compact(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def show_entries(
    entries: Iterable[LogEntry], polls: Mapping[str, Replay], names: Collection[str]
) -> Iterable[dict[str, Any]]:
    """Each entry with what may be shown of it."""
    named = _pattern(names)
    for entry in entries:
        known = head_of(entry) | {"hash": entry.hash, "form": entry.form}
        if entry.form == WHOLE:
            yield known
            continue
        shown = _shown_names(entry, polls.get(entry.subject))
        opened: dict[str, list[Any]] = {}
        sealed: dict[str, str] = {}
        for name, value in parts_of(entry.subject, entry.person, entry.facts).items():
            salt = salt_of(entry.salt, name)
            if name in shown and not (name in _TYPED and _names_somebody(value, named)):
                opened[name] = [salt, value]
            else:
                sealed[name] = leaf_of(salt, name, value)
        yield known | {"shown": opened, "sealed": sealed}


def _shown_names(entry: LogEntry, poll: Replay | None) -> set[str]:
    """The names of the parts that may be shown, whatever stands in them."""
    facts = SHOWN.get(entry.kind, SHOWN.get(entry.kind.partition(".")[0], frozenset()))
    if poll is not None and is_open(poll):
        facts |= ANSWER.get(entry.kind, frozenset())
    if entry.kind == "poll.closed" and poll is not None and ("counted" in entry.facts or not poll.secret):
        facts |= RESULT
    shown = {f"{FACT}{name}" for name in facts}
    return shown if entry.subject.startswith("person:") else shown | {"subject"}


def is_open(poll: Replay) -> bool:
    """Whether everybody may see now who answered what."""
    visibility = poll.opened["visibility"]
    return visibility == Visibility.OPEN or (visibility == Visibility.HIDDEN and poll.closed is not None)


def _pattern(names: Collection[str]) -> re.Pattern[str]:
    """Finds any part of these names, written as a name, also in the genitive."""
    parts = sorted({part for name in names for part in re.split(r"[\s.,]+", name) if len(part) > 1}, key=len)
    return re.compile(rf"\b(?:{'|'.join(re.escape(part) for part in reversed(parts))})s?\b") if parts else _ADDRESS


def _names_somebody(value: Any, named: re.Pattern[str]) -> bool:
    """Whether any text in this value names somebody, or says how to reach them."""
    if isinstance(value, str):
        return bool(named.search(value) or _ADDRESS.search(value))
    if isinstance(value, Mapping):
        return any(_names_somebody(one, named) for one in value.values())
    return isinstance(value, list) and any(_names_somebody(one, named) for one in value)


def _receipt_rows(poll: Replay) -> list[list[str]]:
    """The receipts of one poll in their own order, which says nothing of when the answers came."""
    if not poll.given or (poll.closed is None and not is_open(poll)):
        return []
    lines = draw_lines(poll)
    if not lines.receipted:
        return []
    names = poll.opened["units"] | poll.opened["pending"]
    counting = "counted" if poll.closed is not None else "not_yet"
    rows = []
    for one in sorted(poll.given, key=lambda given: given.receipt):
        why = lines.uncounted.get(one.receipt)
        said = str(why or counting)
        seen = is_open(poll) or why is None
        answer = answer_in_signs(poll.opened["method"], one.cast.marks) if seen else ""
        unit, given = (names[str(one.cast.unit)], _given_text(one.cast)) if is_open(poll) else ("", "")
        rows.append([str(poll.number), code_of(one.receipt), unit, answer, translate(f"results.why.{said}"), given])
    return rows


def _given_text(cast: Cast) -> str:
    """Who gave an answer, without naming anybody."""
    way = "mailed" if cast.mailed else "substitute" if cast.substitute else "own"
    return translate(f"results.given.{way}")


def answer_in_signs(method: str, marks: Mapping[str, int]) -> str:
    """`#43, #12` by approval, `#43=5, #12=3` by score and points, `#43 > #12` by ranking."""
    if method == PollMethod.RANKING:
        return " > ".join(f"#{number}" for number, _ in sorted(marks.items(), key=lambda one: one[1]))
    if method == PollMethod.APPROVAL:
        return ", ".join(f"#{number}" for number in sorted(marks, key=int))
    return ", ".join(f"#{number}={mark}" for number, mark in sorted(marks.items(), key=lambda one: int(one[0])))
