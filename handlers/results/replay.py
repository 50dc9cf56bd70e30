"""Follows a poll through the log, entry by entry, so that all that is known of it follows from the log alone."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from handlers.ballots.rules import Cast
from storage.enums import BallotRule, BallotWay, Visibility

Values = Mapping[str, Any]


class Entry(Protocol):
    """One entry of a group's log, as far as counting needs it."""

    number: int
    kind: str
    subject: str
    facts: dict[str, Any]


class Unreadable(Exception):
    """An entry, by its number, does not say what an entry of its kind says: it was changed by hand."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


@dataclass(frozen=True, slots=True)
class Given:
    """One answer as it was given: `receipt` is empty for those of before there were receipts, `key` is what the voter
    can work it out with."""

    cast: Cast
    receipt: str = ""
    key: str = ""


@dataclass(slots=True)
class Replay:
    """A poll as the log has told it so far.

    Args:
        number: the poll's.
        opened: the facts of its opening.
        offered: the numbers of the wishes that stood to choose between, in the order of the poll.
        units: those that may vote, by our id.
        given: every answer that was ever given, in the order of the log.
        costs: wish number → its cost as the first vote froze it, where `frozen`.
        left: wishes that are no candidates any more.
        closed: the published result, `None` before it.
        annulled: whether it no longer stands.
        deadline: when it closes, after every extension so far; `None` where its opening did not say.
    """

    number: int
    opened: Values
    offered: list[int] = field(default_factory=list)
    units: set[int] = field(default_factory=set)
    given: list[Given] = field(default_factory=list)
    costs: dict[int, int | None] = field(default_factory=dict)
    frozen: bool = False
    left: set[int] = field(default_factory=set)
    closed: Values | None = None
    annulled: bool = False
    deadline: dt.datetime | None = None

    @property
    def averages(self) -> bool:
        return bool(self.opened["ballot_rule"] == BallotRule.AVERAGE)

    @property
    def secret(self) -> bool:
        return bool(self.opened["visibility"] == Visibility.SECRET)

    @property
    def latest(self) -> dict[tuple[str, int], Given]:
        """(person, unit) → the answer that stands for them now."""
        return {(one.cast.person, one.cast.unit): one for one in self.given}

    def follow(self, entry: Entry) -> None:
        """Take in the next entry about the poll; most kinds say nothing that counting needs.

        Raises:
            Unreadable: somebody changed it, and it can't be followed.
        """
        if step := _STEPS.get(entry.kind):
            try:
                step(self, entry)
            except (LookupError, TypeError, ValueError, AttributeError) as error:
                raise Unreadable(entry.number) from error

    def _cast(self, entry: Entry) -> None:
        facts = entry.facts
        cast = Cast(
            person=facts["person"],
            unit=facts["unit"],
            marks=facts["marks"],
            at=dt.datetime.fromisoformat(facts["at"]),
            turn=entry.number,
            confirmed=facts["confirmed"],
            mailed=facts["way"] == BallotWay.LEADER,
            substitute=bool(facts.get("on_behalf_of")),
        )
        self.given.append(Given(cast, facts.get("receipt", ""), facts.get("key", "")))

    def _confirm(self, entry: Entry) -> None:
        facts = entry.facts
        self.units.add(facts["unit"])
        if not facts["ballot"]:
            return
        for place, one in enumerate(self.given):
            if (one.cast.person, one.cast.unit) == (facts["person"], facts["unit"]):
                self.given[place] = dataclasses.replace(one, cast=dataclasses.replace(one.cast, confirmed=True))

    def _freeze(self, entry: Entry) -> None:
        self.costs = {int(number): cost for number, cost in entry.facts["costs"].items()}
        self.frozen = True

    def _add_candidate(self, entry: Entry) -> None:
        number = entry.facts["candidate"]
        self.offered.append(number)
        if self.frozen:
            self.costs[number] = entry.facts["cost"]

    def _change_candidate(self, entry: Entry) -> None:
        number = entry.facts["candidate"]
        if entry.facts["left"]:
            self.left.add(number)
        else:
            self.left.discard(number)

    def _close(self, entry: Entry) -> None:
        self.closed = entry.facts

    def _extend(self, entry: Entry) -> None:
        self.deadline = dt.datetime.fromisoformat(entry.facts["to"])

    def _annul(self, entry: Entry) -> None:
        self.annulled = True


_STEPS: dict[str, Callable[[Replay, Entry], None]] = {
    "ballot.cast": Replay._cast,
    "ballot.confirmed": Replay._confirm,
    "poll.costs_frozen": Replay._freeze,
    "poll.candidate_added": Replay._add_candidate,
    "poll.candidate_changed": Replay._change_candidate,
    "poll.closed": Replay._close,
    "poll.extended": Replay._extend,
    "poll.annulled": Replay._annul,
}


def follow(entries: Iterable[Entry]) -> Iterator[tuple[Replay, Entry]]:
    """Each entry about a poll that was opened, with the poll as it stands after that entry.

    Args:
        entries: a group's log or a part of it, oldest first; whether its chain holds is checked elsewhere.

    Raises:
        Unreadable: somebody changed an entry, and it can't be followed.
    """
    known: dict[str, Replay] = {}
    for entry in entries:
        if entry.kind == "poll.opened":
            known[entry.subject] = begin(entry)
        elif entry.subject in known:
            known[entry.subject].follow(entry)
        if entry.subject in known:
            yield known[entry.subject], entry


def replay(entries: Iterable[Entry]) -> dict[str, Replay]:
    """Subject (`poll:7`) → the poll as the log tells it, for every poll that was opened.

    Raises:
        Unreadable: somebody changed an entry, and it can't be followed.
    """
    return {entry.subject: poll for poll, entry in follow(entries)}


def begin(entry: Entry) -> Replay:
    """The poll that this entry opened.

    Raises:
        Unreadable: somebody changed it.
    """
    try:
        number = int(entry.subject.partition(":")[2])
        offered = [one["number"] for one in entry.facts["candidates"]]
        units, closes = {int(unit) for unit in entry.facts["units"]}, entry.facts.get("deadline")
        deadline = dt.datetime.fromisoformat(closes) if closes else None
        return Replay(number, entry.facts, offered, units=units, deadline=deadline)
    except (LookupError, TypeError, ValueError, AttributeError) as error:
        raise Unreadable(entry.number) from error
