"""Asks of every answer in the log whether the poll allowed it: its method and limits, the wishes that were there, and
its deadline.

An answer by emoji is logged as it counted, so clicks over a limit are not in it, and marks on a wish that has left use
up none of it (`handlers/ballots/methods.py`). When that wish comes back, what stands must be within the limit again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from handlers.ballots.methods import HIGHEST_SCORE
from handlers.ballots.rules import Cast
from handlers.results.replay import Entry, Replay, Unreadable, follow
from storage.enums import PollMethod

_HIGHEST: Mapping[str, int] = {PollMethod.APPROVAL: 1, PollMethod.SCORE: HIGHEST_SCORE}
"""The highest mark that a wish can get by a method; by the others only the answer as a whole has a limit."""


class Wrong(StrEnum):
    """What an answer has that its poll does not allow."""

    CANDIDATE = "candidate"
    """A mark on what was no candidate when it was given."""
    MARK = "mark"
    """A mark that the method does not know."""
    PLACES = "places"
    """Places that are no order: one twice, or a gap."""
    MOST = "most"
    """More wishes than one may choose."""
    DOTS = "dots"
    """More points than one has."""
    LATE = "late"
    """A time after the deadline."""


@dataclass(frozen=True, slots=True)
class Breach:
    """Something that an answer has and must not have.

    Args:
        poll: the poll's number.
        entry: the number of the answer's entry in the log.
        wrong: what it is; what it is about is in `told`.
    """

    poll: int
    entry: int
    wrong: Wrong
    told: Mapping[str, Any]


def list_breaches(entries: Iterable[Entry]) -> list[Breach]:
    """Everything that any answer has and its poll does not allow.

    Args:
        entries: a group's log, oldest first; whether its chain holds is checked elsewhere.

    Raises:
        Unreadable: an entry was changed so that it can't be followed.
    """
    found: dict[tuple[int, Wrong, Any], Breach] = {}
    for poll, entry in follow(entries):
        try:
            for one in _breaches_at(poll, entry):
                found.setdefault((one.entry, one.wrong, one.told.get("wish")), one)
        except (LookupError, TypeError, ValueError, AttributeError) as error:
            raise Unreadable(entry.number) from error
    return list(found.values())


def _breaches_at(poll: Replay, entry: Entry) -> Iterator[Breach]:
    if entry.kind == "ballot.cast":
        yield from _check(poll, poll.given[-1].cast)
    elif entry.kind == "poll.closed":
        for given in poll.latest.values():
            yield from _check_limits(poll, given.cast)


def _check(poll: Replay, cast: Cast) -> Iterator[Breach]:
    """The answer that was given just now."""
    offered = {str(number) for number in poll.offered}
    for option, mark in cast.marks.items():
        if option not in offered:
            yield Breach(poll.number, cast.turn, Wrong.CANDIDATE, {"wish": option})
        elif allowed := _marks_instead_of(mark, poll.opened["method"]):
            yield Breach(poll.number, cast.turn, Wrong.MARK, {"wish": option, "mark": mark, "allowed": allowed})
    if poll.opened["method"] == PollMethod.RANKING and not _is_order(cast.marks.values()):
        yield Breach(
            poll.number, cast.turn, Wrong.PLACES, {"places": ", ".join(str(place) for place in cast.marks.values())}
        )
    if poll.deadline is not None and cast.at > poll.deadline:
        yield Breach(poll.number, cast.turn, Wrong.LATE, {"at": cast.at, "deadline": poll.deadline})
    yield from _check_limits(poll, cast)


def _marks_instead_of(mark: object, method: str) -> str:
    """The marks that the method knows, if this is none of them; otherwise empty."""
    highest = _HIGHEST.get(method)
    if type(mark) is int and 1 <= mark <= (highest or mark):
        return ""
    return "1, 2, 3 …" if highest is None else "1" if highest == 1 else f"1–{highest}"


def _is_order(places: Iterable[Any]) -> bool:
    """Whether they are 1, 2, 3 and so on, each once."""
    return all(place == at for at, place in enumerate(sorted(places), 1))


def _check_limits(poll: Replay, cast: Cast) -> Iterator[Breach]:
    left = {str(number) for number in poll.left}
    marks = [mark for option, mark in cast.marks.items() if option not in left]
    most, dots, method = poll.opened["most"], poll.opened["dots"], poll.opened["method"]
    if method == PollMethod.APPROVAL and most is not None and len(marks) > most:
        yield Breach(poll.number, cast.turn, Wrong.MOST, {"count": len(marks), "most": most})
    if method == PollMethod.POINTS and dots is not None and sum(marks) > dots:
        yield Breach(poll.number, cast.turn, Wrong.DOTS, {"given": sum(marks), "dots": dots})
