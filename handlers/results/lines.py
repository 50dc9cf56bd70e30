"""What is published of the answers when a poll closes: whose counted, and by which receipts everybody finds theirs.

In a secret poll nobody but the operator can tell whose a line is: the lines are numbered in the order of their
receipts, which are random, and the money is worked out by these numbers too.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from handlers.ballots.rules import Cast, Marks, countable, mean, standing_cast
from handlers.results.replay import Given, Replay

PUBLISHED = ("ballots", "counted", "uncounted", "turnout")
"""The facts of a result that say who answered what."""

WAYS = ("mailed", "substituted")
"""The facts of a result that say how many answers others than a municipality's own people gave; older results have
none."""


class Why(StrEnum):
    """Why an answer was not counted."""

    REPLACED = "replaced"
    """The same voter gave another later."""
    EMPTY = "empty"
    """It was taken back."""
    WAITING = "waiting"
    """Nobody confirmed the voter, or the municipality, before closing."""
    COLLEAGUE = "colleague"
    """A newer answer of the same municipality counted."""


@dataclass(frozen=True, slots=True)
class Lines:
    """The answers as they are published.

    Args:
        ballots: key → the answer; the key is the unit's id, or in a secret poll the number of a line.
        counted: key → receipt → the answers that the key's is made of: one, or those that it is the mean of.
        uncounted: receipt → why it was not counted.
        turnout: the units that have voted, by id.
        receipted: whether every answer has a receipt; those of before there were receipts have none.
        mailed: how many of those that count the leader entered after a mail or a meeting.
        substituted: how many of them substitutes gave.
    """

    ballots: Mapping[int, Marks]
    counted: Mapping[int, Mapping[str, Mapping[str, int]]]
    uncounted: Mapping[str, Why]
    turnout: tuple[int, ...]
    receipted: bool
    mailed: int
    substituted: int

    def ways_to_facts(self) -> dict[str, int]:
        """How many answers others gave, as facts for the log and for the result that is shown."""
        return {"mailed": self.mailed, "substituted": self.substituted}

    def to_facts(self) -> dict[str, Any]:
        """The answers as JSON-ready facts for the log."""
        facts: dict[str, Any] = {"ballots": pack_ballots(self.ballots)}
        if not self.receipted:
            return facts
        return facts | {
            "counted": {
                str(key): {receipt: dict(marks) for receipt, marks in made.items()}
                for key, made in self.counted.items()
            },
            "uncounted": {receipt: str(why) for receipt, why in self.uncounted.items()},
            "turnout": list(self.turnout),
        }


def draw_lines(poll: Replay) -> Lines:
    """The answers that count as the poll stands now, and why the others don't."""
    latest = poll.latest
    by_unit = countable([one.cast for one in latest.values()], poll.units)
    made = {
        unit: [latest[cast.person, unit] for cast in (casts if poll.averages else [standing_cast(casts)])]
        for unit, casts in by_unit.items()
    }
    keys = _keys(poll, made)
    counting = [one.cast for of_unit in made.values() for one in of_unit]
    return Lines(
        ballots={keys[unit]: mean([one.cast for one in made[unit]]) for unit in sorted(made, key=keys.__getitem__)},
        counted={
            keys[unit]: {one.receipt: one.cast.marks for one in sorted(made[unit], key=_receipt)}
            for unit in sorted(made, key=keys.__getitem__)
        },
        uncounted=_uncounted(poll, {one.receipt for of_unit in made.values() for one in of_unit}),
        turnout=tuple(sorted(made)),
        receipted=all(one.receipt for one in poll.given),
        mailed=sum(cast.mailed for cast in counting),
        substituted=sum(cast.substitute for cast in counting),
    )


def _receipt(one: Given) -> str:
    return one.receipt


def _keys(poll: Replay, made: Mapping[int, list[Given]]) -> dict[int, int]:
    """Unit → what its answer is published under."""
    if not poll.secret or not all(one.receipt for of_unit in made.values() for one in of_unit):
        return {unit: unit for unit in made}
    ordered = sorted(made, key=lambda unit: min(one.receipt for one in made[unit]))
    return {unit: line for line, unit in enumerate(ordered, 1)}


def _uncounted(poll: Replay, counted: set[str]) -> dict[str, Why]:
    standing = {one.receipt for one in poll.latest.values()}
    others = sorted((one for one in poll.given if one.receipt not in counted), key=_receipt)
    return {one.receipt: why_not(one.cast, poll, one.receipt in standing) for one in others}


def why_not(cast: Cast, poll: Replay, stands: bool) -> Why:
    """Why an answer that does not count doesn't. `stands`: whether it is its voter's last."""
    if not stands:
        return Why.REPLACED
    if cast.is_empty:
        return Why.EMPTY
    return Why.COLLEAGUE if cast.confirmed and cast.unit in poll.units else Why.WAITING


def pack_ballots(standing: Mapping[int, Mapping[str, Any]]) -> dict[str, dict[str, str]]:
    """The answers that count as JSON-ready facts: the marks are whole numbers or fractions."""
    return {
        str(key): {name: str(mark) for name, mark in sorted(marks.items())} for key, marks in sorted(standing.items())
    }
