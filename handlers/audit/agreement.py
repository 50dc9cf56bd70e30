"""Holds the tables against the log: a ballot, a result or a voting right that somebody changed by hand is named."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from handlers.ballots.rules import Cast
from handlers.decisions.chain import HEAD_SIGNS
from handlers.results.lines import PUBLISHED
from handlers.results.replay import Replay
from storage.enums import BallotWay, PollStatus
from storage.models.ballots import Ballot, Elector
from storage.models.polls import Candidate, Poll

_TERMS = ("title", "method", "rule", "visibility", "most", "dots", "quorum", "ballot_rule")
"""What a poll is opened with, and keeps."""


@dataclass(frozen=True, slots=True)
class Disagreement:
    """Something that stands otherwise in a table than in the log.

    Args:
        subject: `poll:7`.
        what: the last part of the text's key; its parameters are in `told`.
    """

    subject: str
    what: str
    told: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Tables:
    """What the tables say of one group's polls. `heads` is subject → the first signs of the hash of its result."""

    polls: Sequence[Poll]
    candidates: Sequence[Candidate]
    ballots: Sequence[Ballot]
    electors: Sequence[Elector]
    units: Mapping[int, str]
    heads: Mapping[str, str]


def compare(known: Mapping[str, Replay], tables: Tables) -> list[Disagreement]:
    """All that the tables say otherwise than the log, by poll."""
    return [
        *_compare_ballots(known, tables),
        *_compare_electors(known, tables),
        *_compare_polls(known, tables),
        *_compare_candidates(known, tables),
    ]


def _compare_ballots(known: Mapping[str, Replay], tables: Tables) -> Iterable[Disagreement]:
    logged = {
        (subject, person, unit): given.cast
        for subject, poll in known.items()
        for (person, unit), given in poll.latest.items()
    }
    stored = {(row.subject, row.person_id, row.unit_id): row for row in tables.ballots}
    for place, cast in logged.items():
        told: dict[str, Any] = {"unit": _unit(tables, cast.unit), "entry": cast.turn}
        row = stored.get(place)
        if row is None:
            yield Disagreement(place[0], "ballot_missing", told)
        elif different := _different(cast, row):
            yield Disagreement(place[0], "ballot_changed", told | different)
    for place, row in stored.items():
        if place not in logged:
            told = {"unit": _unit(tables, row.unit_id), "stored": _marks(row.marks)}
            yield Disagreement(row.subject, "ballot_extra", told)


def _different(cast: Cast, row: Ballot) -> dict[str, str]:
    """How a ballot is stored and how it was logged, where that is not the same."""
    if row.marks != cast.marks:
        return {"stored": _marks(row.marks), "logged": _marks(cast.marks)}
    stored = {"changed_at": row.changed_at, "turn": row.turn, "confirmed": row.confirmed_at is not None}
    logged = {"changed_at": cast.at, "turn": cast.turn, "confirmed": cast.confirmed}
    stored["mailed"], logged["mailed"] = row.way is BallotWay.LEADER, cast.mailed
    stored["substitute"], logged["substitute"] = bool(row.on_behalf_of), cast.substitute
    names = [name for name in stored if stored[name] != logged[name]]
    return {"stored": _values(stored, names), "logged": _values(logged, names)} if names else {}


def _marks(marks: Mapping[str, Any]) -> str:
    return ", ".join(f"#{number}={mark}" for number, mark in sorted(marks.items())) or "–"


def _values(values: Mapping[str, object], names: Iterable[str]) -> str:
    return ", ".join(f"{name}={values[name]}" for name in names)


def _unit(tables: Tables, unit: int) -> str:
    return tables.units.get(unit, str(unit))


def _compare_electors(known: Mapping[str, Replay], tables: Tables) -> Iterable[Disagreement]:
    stored: dict[str, set[int]] = {subject: set() for subject in known}
    for row in tables.electors:
        if row.admitted_at is not None:
            stored.setdefault(row.subject, set()).add(row.unit_id)
    for subject, units in stored.items():
        logged = known[subject].units if subject in known else set()
        for unit in sorted(units ^ logged):
            what = "elector_extra" if unit in units else "elector_missing"
            yield Disagreement(subject, what, {"unit": _unit(tables, unit)})


def _compare_polls(known: Mapping[str, Replay], tables: Tables) -> Iterable[Disagreement]:
    stored = {f"poll:{row.number}": row for row in tables.polls}
    for subject, row in stored.items():
        if subject not in known and row.status in (PollStatus.OPEN, PollStatus.CLOSED):
            yield Disagreement(subject, "poll_unlogged", {})
    for subject, poll in known.items():
        if subject not in stored:
            yield Disagreement(subject, "poll_missing", {})
            continue
        row, opened = stored[subject], {name: poll.opened[name] for name in _TERMS}
        yield from _differing(subject, {name: getattr(row, name) for name in _TERMS}, opened)
        if poll.deadline is not None and row.deadline != poll.deadline:
            told = {"name": "deadline", "stored": row.deadline.isoformat(), "logged": poll.deadline.isoformat()}
            yield Disagreement(subject, "poll_changed", told)
        yield from _compare_result(subject, row, poll, tables.heads.get(subject, ""))


def _compare_result(subject: str, row: Poll, poll: Replay, head: str) -> Iterable[Disagreement]:
    if (row.status is PollStatus.ANNULLED) != poll.annulled:
        yield Disagreement(subject, "status_changed", {"stored": row.status})
    if (row.result is None) != (poll.closed is None):
        yield Disagreement(subject, "result_extra" if row.result else "result_missing", {})
    elif row.result is not None and poll.closed is not None:
        published = {name: value for name, value in poll.closed.items() if name not in PUBLISHED}
        yield from _differing(subject, row.result, published | {"head": head})


def _differing(subject: str, stored: Mapping[str, Any], logged: Mapping[str, Any]) -> Iterable[Disagreement]:
    for name in sorted({*stored, *logged}):
        if stored.get(name) != logged.get(name):
            told = {"name": name, "stored": stored.get(name), "logged": logged.get(name)}
            yield Disagreement(subject, "poll_changed", told)


def _compare_candidates(known: Mapping[str, Replay], tables: Tables) -> Iterable[Disagreement]:
    subjects = {row.id: f"poll:{row.number}" for row in tables.polls}
    stored: dict[str, dict[int, Candidate]] = {subject: {} for subject in known}
    for row in tables.candidates:
        stored.setdefault(subjects[row.poll_id], {})[row.number] = row
    for subject, poll in known.items():
        for number in sorted(stored[subject].keys() ^ set(poll.offered)):
            what = "candidate_extra" if number in stored[subject] else "candidate_missing"
            yield Disagreement(subject, what, {"wish": number})
        for number, row in sorted(stored[subject].items()):
            told = {"cost": row.cost, "left": bool(row.left)}
            logged = {"cost": poll.costs.get(number) if poll.frozen else row.cost, "left": number in poll.left}
            names = [name for name in told if told[name] != logged[name]]
            if names:
                values = {"stored": _values(told, names), "logged": _values(logged, names)}
                yield Disagreement(subject, "candidate_changed", {"wish": number} | values)


def heads_of(entries: Iterable[Any]) -> dict[str, str]:
    """Subject → the first signs of the hash of the entry with its result."""
    return {entry.subject: entry.hash[:HEAD_SIGNS] for entry in entries if entry.kind == "poll.closed"}
