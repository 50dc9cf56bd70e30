"""What a chat has told of one emoji on a ballot, change by change, as its row keeps it: a text that only grows."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Change:
    """An emoji was put on (`on`) or taken off.

    Args:
        at: when, in UTC: by the chat's own word where `dated`, else when we heard of it.
        mark: the order of the event that told it, empty where the chat gives none.
    """

    on: bool
    at: dt.datetime
    dated: bool
    mark: str = ""


def pack(change: Change) -> str:
    """One change as it is added to the text: `+2026-09-01T08:00:00+00:00|1756713600.000100;`."""
    sign, unsure = "+" if change.on else "-", "" if change.dated else "?"
    return f"{sign}{change.at.astimezone(dt.UTC).isoformat()}{unsure}|{change.mark};"


def unpack(text: str) -> list[Change]:
    """The changes in the order in which we heard of them."""
    return [_read(one) for one in text.split(";") if one]


def _read(packed: str) -> Change:
    told, _, mark = packed[1:].partition("|")
    return Change(packed[0] == "+", dt.datetime.fromisoformat(told.rstrip("?")), not told.endswith("?"), mark)
