"""A tie that the group decides itself: a poll of its own on those that stood equal, for the money that is theirs."""

from __future__ import annotations

from handlers.capability import Ask
from handlers.chat.refusals import Refusal
from handlers.chat.replies import OpenForm, Replies
from handlers.context import Context
from handlers.polls.opening import propose_deadline
from handlers.polls.opening_form import Filled, poll_form
from handlers.polls.result_messages import deciding_ties
from handlers.polls.state import get_closed_poll
from locales import translate
from storage.queries import wishes


async def open_run_off(context: Context, ask: Ask) -> Replies:
    """The form of a poll on one tie: the first, or the one whose place the button says."""
    poll = await get_closed_poll(context, ask.number())
    ties = deciding_ties(poll)
    place = int(ask.value) if ask.value.isdigit() else 0
    if place >= len(ties):
        raise Refusal("outcomes.no_tie", number=poll.number)
    tied = await wishes.list_wishes(context.session, context.group.id, numbers=ties[place])
    title = translate("outcomes.run_off_title", number=poll.number)
    filled = Filled(title, propose_deadline(context.today), rule=poll.rule, quorum=poll.quorum, run_off_of=poll.number)
    return [OpenForm(poll_form(tied, filled))]
