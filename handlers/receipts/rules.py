"""Finds what a voter may know of their own answers to a poll, and of what counts for their municipality: pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from handlers.ballots.rules import Cast
from handlers.results.lines import Why, draw_lines, why_not
from handlers.results.replay import Given, Replay
from storage.enums import WinnerRule


@dataclass(frozen=True, slots=True)
class Receipts:
    """What one person sees.

    Args:
        mine: their answer that stands for the unit, or their last one; `None` where they gave none.
        why: why it does not count, `None` where it does.
        elsewhere: what stands of theirs for units that they spoke for before, the newest first.
        earlier: the answers that they replaced, the newest first.
        of_unit: what counts for their municipality besides, where it is not secret: colleagues' answers and what came
            by mail.
        paid: wish number → what the municipality's share paid for it by equal shares, in øre; empty by other rules, and
            before the poll has closed.
    """

    mine: Given | None
    why: Why | None
    elsewhere: tuple[Given, ...]
    earlier: tuple[Given, ...]
    of_unit: tuple[Given, ...]
    paid: Mapping[str, int]


def find_receipts(poll: Replay, person: str, unit: int | None) -> Receipts:
    """What this person may see, who speaks for this unit now and is confirmed; `None` for no unit."""
    given = [one for one in poll.given if one.cast.person == person and one.receipt]
    counted = {receipt for made in draw_lines(poll).counted.values() for receipt in made}
    last = {one.cast.unit: one for one in given}
    mine = last.pop(unit, None) if unit is not None else None
    if mine is None and given:
        mine = last.pop(given[-1].cast.unit)
    standing = [one for one in reversed(given) if one in last.values()]
    others: Sequence[Given] = [] if poll.secret else poll.given
    of_unit = tuple(one for one in others if one.receipt in counted and _is_others(one.cast, person, unit))
    return Receipts(
        mine,
        why_not(mine.cast, poll, stands=True) if mine and mine.receipt not in counted else None,
        tuple(standing),
        tuple(one for one in reversed(given) if one is not mine and one not in standing),
        of_unit,
        _paid(poll, {one.receipt for one in (*of_unit, *([mine] if mine else ()))}),
    )


def _paid(poll: Replay, receipts: set[str]) -> Mapping[str, int]:
    """What was paid from the share of whoever has one of these receipts."""
    published = poll.closed or {}
    winners = published.get("winners", {}).get(WinnerRule.EQUAL_SHARES, {})
    if published.get("rule") != WinnerRule.EQUAL_SHARES:
        return {}
    key = next((key for key, made in published.get("counted", {}).items() if receipts & made.keys()), "")
    found: Mapping[str, int] = winners.get("receipts", {}).get(key, {})
    return found


def _is_others(cast: Cast, person: str, unit: int | None) -> bool:
    return cast.unit == unit and cast.person != person
