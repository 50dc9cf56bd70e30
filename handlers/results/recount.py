"""Counts every published result again from the log alone, so that anybody can see that it follows from the ballots."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from handlers.results.lines import draw_lines
from handlers.results.replay import Entry, Replay, Unreadable, Values, follow
from handlers.results.rules import Contender, Question, to_facts, work_out
from storage.enums import PollMethod, WinnerRule


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


def recount(entries: Iterable[Entry]) -> list[Recounted]:
    """Every result that was ever published, counted again from the entries before it.

    Args:
        entries: a group's log, oldest first; whether its chain holds is checked elsewhere.

    Raises:
        Unreadable: an entry was changed so that it can't be followed.
    """
    return [_compare(poll, entry) for poll, entry in follow(entries) if entry.kind == "poll.closed"]


def _compare(poll: Replay, entry: Entry) -> Recounted:
    """Count again and compare. The money at closing is the ledger's, and is taken as it was published."""
    try:
        differences = _differences(poll, entry.facts)
    except (LookupError, TypeError, ValueError, AttributeError) as error:
        raise Unreadable(entry.number) from error
    return Recounted(poll.number, poll.opened["title"], tuple(differences))


def _differences(poll: Replay, published: Values) -> list[tuple[str, Any, Any]]:
    lines = draw_lines(poll)
    question = Question(
        method=PollMethod(poll.opened["method"]),
        candidates=[_candidate(poll, number, published["candidates"]) for number in poll.offered],
        ballots=lines.ballots,
        units=len(poll.units),
        quorum=poll.opened["quorum"],
        rule=WinnerRule(poll.opened["rule"]),
        free=published["free"],
    )
    ways = {name: value for name, value in lines.ways_to_facts().items() if name in published}
    counted = to_facts(work_out(question)) | ways | lines.to_facts()
    return [(name, published.get(name), value) for name, value in counted.items() if published.get(name) != value]


def _candidate(poll: Replay, number: int, published: Iterable[Values]) -> Contender:
    money: Values = next((one for one in published if one["number"] == number), {})
    cost = poll.costs.get(number) if poll.frozen else money.get("cost")
    return Contender(number, cost, money.get("own", 0), money.get("beyond", False), number in poll.left)
