"""A tie that the group decides itself: a poll of its own on those that stood equal, for the money that is theirs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from handlers.capability import Ask
from handlers.chat.refusals import Refusal
from handlers.chat.replies import OpenForm, Replies
from handlers.context import Context
from handlers.polls.deciding import get_closed_poll
from handlers.polls.opening import propose_deadline
from handlers.polls.opening_form import Filled, poll_form
from handlers.polls.result_messages import deciding_ties
from locales import translate
from storage.enums import WishStatus
from storage.models.polls import Poll
from storage.queries import polls, wishes

WAITING = frozenset((WishStatus.READY, WishStatus.PRIORITISED))
"""A wish that was chosen and stands so has not taken its money yet."""


async def open_run_off(context: Context, ask: Ask) -> Replies:
    """The form of a poll on one tie: the first, or the one whose place the button says."""
    poll = await get_closed_poll(context, ask.number())
    ties = deciding_ties(poll)
    place = int(ask.value) if ask.value.isdigit() else 0
    if place >= len(ties):
        raise Refusal("polls.no_tie", number=poll.number)
    tied = await wishes.list_wishes(context.session, context.group.id, numbers=ties[place])
    title = translate("polls.run_off_title", number=poll.number)
    filled = Filled(title, propose_deadline(context.today), rule=poll.rule, quorum=poll.quorum, run_off_of=poll.number)
    return [OpenForm(poll_form(tied, filled))]


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
