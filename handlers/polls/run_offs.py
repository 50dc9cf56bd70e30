"""What a run-off leaves alone: the money of what the poll before it chose without a tie."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from handlers.context import Context
from storage.enums import WishStatus
from storage.models.polls import Poll
from storage.queries import polls, wishes

WAITING = frozenset((WishStatus.READY, WishStatus.PRIORITISED))
"""A wish that was chosen and stands so has not taken its money yet."""


async def money_spoken_for(context: Context, poll: Poll) -> int:
    """What a run-off leaves alone, in whole øre: the needs of what the poll before it chose without a tie, as far as
    they have not been taken from what is free already. Nothing for any other poll."""
    before = await polls.find_poll(context.session, context.group.id, poll.run_off_of) if poll.run_off_of else None
    if before is None or before.result is None:
        return 0
    tied = {one.number for one in await polls.list_candidates(context.session, poll.id)}
    needs = _needs_of_chosen(before.result)
    numbers = [number for number in needs if number not in tied]
    if not numbers:
        return 0
    found = await wishes.list_wishes(context.session, context.group.id, WAITING, numbers=numbers)
    return sum(needs[wish.number] for wish in found)


def _needs_of_chosen(result: Mapping[str, Any]) -> dict[int, int]:
    chosen = set(result["winners"].get(result["rule"], {}).get("chosen", ()))
    return {
        one["number"]: max(0, (one["cost"] or 0) - one["own"])
        for one in result["candidates"]
        if one["number"] in chosen
    }
