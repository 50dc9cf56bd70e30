"""Counts every published result again from the log alone, so that anybody can see that it follows from the ballots."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from handlers.ballots.rules import Cast, standing_ballots
from handlers.results.rules import Question, Standing, to_facts, work_out
from storage.enums import BallotRule, BallotWay, PollMethod, WinnerRule

Values = Mapping[str, Any]


class Entry(Protocol):
    """One entry of a group's log, as far as counting needs it."""

    number: int
    kind: str
    subject: str
    facts: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Recounted:
    """One published result and how the recount compares.

    Args:
        poll: the poll's number.
        title: what it was about.
        differences: (what, as published, as counted again), empty where all is the same.
    """

    poll: int
    title: str
    differences: tuple[tuple[str, Any, Any], ...] = ()

    @property
    def matches(self) -> bool:
        return not self.differences


@dataclass(slots=True)
class _Replay:
    """A poll as the log has told it so far."""

    number: int
    opened: Values
    units: set[int] = field(default_factory=set)
    casts: dict[tuple[str, int], Cast] = field(default_factory=dict)
    costs: dict[int, int | None] = field(default_factory=dict)
    frozen: bool = False
    left: set[int] = field(default_factory=set)
    added: list[int] = field(default_factory=list)

    def cast(self, entry: Entry) -> None:
        facts = entry.facts
        key = (facts["person"], facts["unit"])
        self.casts[key] = Cast(
            person=facts["person"],
            unit=facts["unit"],
            marks=facts["marks"],
            at=dt.datetime.fromisoformat(facts["at"]),
            turn=entry.number,
            confirmed=facts["confirmed"],
            mailed=facts["way"] == BallotWay.LEADER,
        )

    def confirm(self, entry: Entry) -> None:
        facts = entry.facts
        self.units.add(facts["unit"])
        known = self.casts.get((facts["person"], facts["unit"]))
        if facts["ballot"] and known is not None:
            self.casts[facts["person"], facts["unit"]] = Cast(
                known.person, known.unit, known.marks, known.at, known.turn, confirmed=True, mailed=known.mailed
            )

    def freeze(self, entry: Entry) -> None:
        self.costs = {int(number): cost for number, cost in entry.facts["costs"].items()}
        self.frozen = True

    def change_candidate(self, entry: Entry) -> None:
        number = entry.facts["candidate"]
        if entry.facts["left"]:
            self.left.add(number)
        else:
            self.left.discard(number)

    def add_candidate(self, entry: Entry) -> None:
        """A wish came to the open poll; where costs are frozen, its own is from this moment on."""
        number = entry.facts["candidate"]
        self.added.append(number)
        if self.frozen:
            self.costs[number] = entry.facts["cost"]

    def close(self, entry: Entry) -> Recounted:
        """Count again and compare. The money at closing is the ledger's, and is taken as it was published."""
        published = entry.facts
        averages = self.opened["ballot_rule"] == BallotRule.AVERAGE
        standing = standing_ballots(self.casts.values(), self.units, averages=averages)
        question = Question(
            method=PollMethod(self.opened["method"]),
            candidates=[self._candidate(number, published["candidates"]) for number in self._numbers()],
            ballots=standing,
            units=len(self.units),
            quorum=self.opened["quorum"],
            rule=WinnerRule(self.opened["rule"]),
            free=published["free"],
        )
        counted = to_facts(work_out(question)) | {"ballots": pack_ballots(standing)}
        differences = [
            (name, published.get(name), value) for name, value in counted.items() if published.get(name) != value
        ]
        return Recounted(self.number, self.opened["title"], tuple(differences))

    def _numbers(self) -> list[int]:
        """The candidates, in the order of the poll."""
        return [one["number"] for one in self.opened["candidates"]] + self.added

    def _candidate(self, number: int, published: Iterable[Values]) -> Standing:
        money: Values = next((one for one in published if one["number"] == number), {})
        cost = self.costs[number] if self.frozen else money.get("cost")
        return Standing(number, cost, money.get("own", 0), money.get("beyond", False), number in self.left)


def pack_ballots(standing: Mapping[int, Mapping[str, Any]]) -> dict[str, dict[str, str]]:
    """The standing ballots as JSON-ready facts."""
    return {
        str(unit): {name: str(mark) for name, mark in sorted(marks.items())} for unit, marks in sorted(standing.items())
    }


_STEPS: dict[str, Callable[[_Replay, Entry], None]] = {
    "ballot.cast": _Replay.cast,
    "ballot.confirmed": _Replay.confirm,
    "poll.costs_frozen": _Replay.freeze,
    "poll.candidate_added": _Replay.add_candidate,
    "poll.candidate_changed": _Replay.change_candidate,
}


def recount(entries: Iterable[Entry]) -> list[Recounted]:
    """Every result that was ever published, counted again from the entries before it.

    Args:
        entries: a group's log, oldest first; whether its chain holds is checked elsewhere.
    """
    open_polls: dict[str, _Replay] = {}
    found: list[Recounted] = []
    for entry in entries:
        if entry.kind == "poll.opened":
            open_polls[entry.subject] = _begin(entry)
        elif (replay := open_polls.get(entry.subject)) is None:
            continue
        elif entry.kind == "poll.closed":
            found.append(replay.close(entry))
        elif step := _STEPS.get(entry.kind):
            step(replay, entry)
    return found


def _begin(entry: Entry) -> _Replay:
    number = int(entry.subject.partition(":")[2])
    return _Replay(number, entry.facts, units={int(unit) for unit in entry.facts["units"]})
