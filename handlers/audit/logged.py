"""What the log says stands of money, cases, wishes and units, so that a row that somebody changed by hand is named."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from handlers.economy.ledger import LOGGED
from handlers.results.replay import Unreadable, Values
from handlers.wishes.deeds import PAST
from storage.enums import CaseStatus, WishStatus
from storage.models.log import LogEntry


class Place(NamedTuple):
    """A row: of what (`ledger`, `case`, `answer`, `wish`, `unit`), and its number or id there."""

    what: str
    number: str


class Said(NamedTuple):
    """A value, and the log's entry that said it last."""

    value: Any
    entry: int
    at: dt.datetime


@dataclass(frozen=True, slots=True)
class Difference:
    """A row that stands otherwise than in the log.

    Args:
        place: which.
        how: `changed`, `missing` (the log has it, the table does not) or `extra` (the table has it, the log does not).
        name: the column that was changed.
        stored: what stands in it.
        said: what the log says; `None` where it says nothing.
    """

    place: Place
    how: str
    name: str = ""
    stored: Any = None
    said: Said | None = None


Rows = Mapping[Place, Values]
"""What stands in the tables: row → its columns, in the log's words (enums and moments as text)."""

_WISH_FACTS = ("status", "estimate")
"""What an import of before did not write down."""


@dataclass(slots=True)
class LoggedRows:
    """What the log has said so far.

    Args:
        codes: official code of a unit → our id of it.
        rows: row → column → what was said of it.
        answers: case → how many answers it got.
        silent: whether wishes were taken in without saying which, as the log did before.
    """

    codes: Mapping[str, int]
    rows: dict[Place, dict[str, Said]] = field(default_factory=dict)
    answers: dict[str, int] = field(default_factory=dict)
    silent: bool = False

    def say(self, place: Place, entry: LogEntry, values: Values) -> None:
        known = self.rows.setdefault(place, {})
        known |= {name: Said(value, entry.number, entry.at) for name, value in values.items()}

    def follow(self, entry: LogEntry) -> None:
        """Take in the next entry; most kinds say nothing of these rows.

        Raises:
            Unreadable: somebody changed it, and it can't be followed.
        """
        if step := _STEPS.get(entry.kind):
            try:
                step(self, entry)
            except (LookupError, TypeError, ValueError, AttributeError) as error:
                raise Unreadable(entry.number) from error


def read_logged(entries: Iterable[LogEntry], codes: Mapping[str, int]) -> LoggedRows:
    """All that a group's log, oldest first, says of these rows."""
    logged = LoggedRows(codes)
    for entry in entries:
        logged.follow(entry)
    return logged


def differences(logged: LoggedRows, stored: Rows) -> list[Difference]:
    """All that the tables say otherwise than the log, by row."""
    found: list[Difference] = []
    for place, values in logged.rows.items():
        if place not in stored:
            found.append(Difference(place, "missing", said=next(iter(values.values()), None)))
            continue
        row = stored[place]
        found += [
            Difference(place, "changed", name, row[name], said)
            for name, said in values.items()
            if row[name] != said.value
        ]
    for place in stored:
        may_be_silent = place.what == "unit" or (place.what == "wish" and logged.silent)
        if place not in logged.rows and not may_be_silent:
            found.append(Difference(place, "extra"))
    return sorted(found, key=lambda one: (one.place.what, len(one.place.number), one.place.number))


def unchecked_wishes(logged: LoggedRows, stored: Rows) -> list[int]:
    """The wishes whose status or estimate the log does not say: they were taken in before it wrote them down."""
    return sorted(
        int(place.number)
        for place in stored
        if place.what == "wish" and not all(name in logged.rows.get(place, {}) for name in _WISH_FACTS)
    )


def _number(entry: LogEntry) -> str:
    return str(int(entry.subject.partition(":")[2]))


def moment_text(at: dt.datetime) -> str:
    """A moment as it is compared, whichever zone it is told in."""
    return at.astimezone(dt.UTC).isoformat(timespec="microseconds")


def _book(logged: LoggedRows, entry: LogEntry) -> None:
    facts = entry.facts
    values = {
        "kind": str(_KIND_OF[entry.kind]),
        "year": facts["year"],
        "amount": facts["amount"],
        "subject": "" if entry.subject.startswith("economy:") else entry.subject,
        "unit": facts.get("unit"),
        "inside": facts["inside"],
        "replaces": facts.get("replaces"),
        "by": entry.person,
        "at": moment_text(entry.at),
    }
    logged.say(Place("ledger", str(facts["entry"])), entry, values)


def _send_case(logged: LoggedRows, entry: LogEntry) -> None:
    names = ("wish", "amount", "frame", "free", "recommendation", "year")
    values = {name: entry.facts[name] for name in names if name in entry.facts}
    values |= {"status": str(CaseStatus.AWAITING), "by": entry.person, "at": moment_text(entry.at)}
    logged.say(Place("case", _number(entry)), entry, values)


def _answer_case(logged: LoggedRows, entry: LogEntry) -> None:
    number, facts = _number(entry), entry.facts
    logged.answers[number] = turn = logged.answers.get(number, 0) + 1
    names = ("decided_on", "basis", "granted", "inside", "conditions", "reason", "participants_sha256")
    values = {name: facts[name] for name in names if name in facts}
    values |= {"status": facts["outcome"], "by": entry.person, "at": moment_text(entry.at)}
    logged.say(Place("answer", f"{number}/{turn}"), entry, values)
    logged.say(Place("case", number), entry, {"status": facts["outcome"]})


def _withdraw_case(logged: LoggedRows, entry: LogEntry) -> None:
    logged.say(Place("case", _number(entry)), entry, {"status": str(CaseStatus.WITHDRAWN)})


def _restore_case(logged: LoggedRows, entry: LogEntry) -> None:
    logged.say(Place("case", _number(entry)), entry, {"status": str(CaseStatus.AWAITING)})


def _submit_wish(logged: LoggedRows, entry: LogEntry) -> None:
    values = {"title": entry.facts["title"], "guess": entry.facts["guess"], "estimate": None, "merged_into": None}
    logged.say(Place("wish", _number(entry)), entry, values | {"status": str(WishStatus.SUBMITTED)})


def _move_wish(logged: LoggedRows, entry: LogEntry) -> None:
    logged.say(Place("wish", _number(entry)), entry, {"status": entry.facts["to"]})


def _unmerge_wish(logged: LoggedRows, entry: LogEntry) -> None:
    logged.say(Place("wish", _number(entry)), entry, {"status": entry.facts["to"], "merged_into": None})


def _take_in(logged: LoggedRows, entry: LogEntry) -> None:
    place = Place("wish", str(entry.facts["merged"]))
    logged.say(place, entry, {"merged_into": int(_number(entry))})


def _edit_wish(logged: LoggedRows, entry: LogEntry) -> None:
    changes = entry.facts["changes"]
    after = {name: changes[name][1] for name in ("title", "guess", "kind", "urgency") if name in changes}
    logged.say(Place("wish", _number(entry)), entry, after)


def _estimate_wish(logged: LoggedRows, entry: LogEntry) -> None:
    logged.say(Place("wish", _number(entry)), entry, {"estimate": entry.facts["after"]})


def _store_wishes(logged: LoggedRows, entry: LogEntry) -> None:
    if "wishes" not in entry.facts:
        logged.silent = True
        return
    for one in entry.facts["wishes"]:
        values = {name: one[name] for name in ("title", "guess", *_WISH_FACTS) if name in one}
        logged.say(Place("wish", str(one["number"])), entry, values)


def _name_units(logged: LoggedRows, entry: LogEntry) -> None:
    for unit, name in (entry.facts["units"] | entry.facts.get("pending", {})).items():
        logged.say(Place("unit", str(int(unit))), entry, {"name": name})


def _join(logged: LoggedRows, entry: LogEntry) -> None:
    code = entry.facts.get("unit_code")
    if code:
        unit = logged.codes.get(code)
        logged.say(Place("unit", str(unit or code)), entry, {"name": entry.facts["unit"]})


_KIND_OF = {kind: entry_kind for entry_kind, kind in LOGGED.items()}

_STEPS: dict[str, Callable[[LoggedRows, LogEntry], None]] = {
    **dict.fromkeys(LOGGED.values(), _book),
    **{f"wish.{past}": _move_wish for past in PAST.values()},
    "wish.unmerged": _unmerge_wish,
    "wish.submitted": _submit_wish,
    "wish.edited": _edit_wish,
    "wish.estimated": _estimate_wish,
    "wish.took_in": _take_in,
    "wish.imported": _store_wishes,
    "wish.examples_added": _store_wishes,
    "case.sent": _send_case,
    "case.answered": _answer_case,
    "case.corrected": _answer_case,
    "case.withdrawn": _withdraw_case,
    "case.restored": _restore_case,
    "poll.opened": _name_units,
    "member.joined": _join,
}
