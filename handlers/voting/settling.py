"""Works out what one emoji says when the time is up, from all that the chat told of it in whatever order: pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from storage.changes import Change


@dataclass(frozen=True, slots=True)
class Settled:
    """What counts of an emoji.

    Args:
        on: whether it was there in time.
        at: when that last changed in time; `None` where all that is known came too late.
        dated: whether the chat said so, or it is when we heard of it.
        put_on_at: when it was last put on in time, also where it is off again; `None` where nobody knows.
        late: whether it was changed again when the time was up.
    """

    on: bool
    at: dt.datetime | None
    dated: bool
    put_on_at: dt.datetime | None
    late: bool


def settle(now: Change, changes: Iterable[Change], ends_at: dt.datetime) -> Settled:
    """What counts of an emoji until `ends_at`.

    A change that is known to have come later is as if it had not been made, and so is all that came after it. Where
    nothing is known of the time before, the emoji was what the first late change found it as.

    Args:
        now: how the emoji is now, and since when.
        changes: all that was told of it, in the order in which we heard of it.
    """
    ordered = in_order(changes) or [now]
    first_late = next((at for at, one in enumerate(ordered) if one.dated and one.at > ends_at), len(ordered))
    timely, is_late = ordered[:first_late], first_late < len(ordered)
    if not timely:
        return Settled(not ordered[0].on, None, False, None, late=True)
    last = timely[-1] if is_late or timely[-1].on == now.on else now
    put_on_at = max((one.at for one in timely if one.on), default=None)
    return Settled(last.on, last.at, last.dated, put_on_at, is_late)


def in_order(changes: Iterable[Change]) -> list[Change]:
    """The changes as they were made, without those that say again what is known already.

    One without a time of its own came after all that we had heard of before it: it was there to be seen then."""
    placed: list[tuple[dt.datetime, bool, str, Change]] = []
    newest = dt.datetime.min.replace(tzinfo=dt.UTC)
    for one in changes:
        at = one.at if one.dated else max(one.at, newest)
        newest = max(newest, at)
        placed.append((at, not one.dated, one.mark, one))
    ordered = [one for *_, one in sorted(placed, key=lambda place: place[:3])]
    return [one for at, one in enumerate(ordered) if at == 0 or ordered[at - 1].on != one.on]
