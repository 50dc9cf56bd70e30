"""A result that a meeting has stood behind."""

from __future__ import annotations

from handlers.capability import Ask
from handlers.chat.refusals import Refusal
from handlers.chat.replies import OpenForm, Replies, Update
from handlers.context import Context
from handlers.decisions.chain import record
from handlers.inputs import read_text
from handlers.outcomes import forms
from handlers.polls import result_messages
from handlers.polls.rules import LONGEST_TITLE
from handlers.polls.state import get_closed_poll, read_state, result_key, subject_of
from locales import long_date
from storage.enums import Basis
from storage.models.polls import Poll


async def open_ratify(context: Context, ask: Ask) -> Replies:
    """`/afstemning ratificer 7`: the form that asks which meeting it was; a meeting's own button has named it."""
    poll = await _get_ratifiable(context, ask)
    return [OpenForm(forms.ratify_form(poll, ask.value or long_date(context.today)))]


async def ratify_poll(context: Context, ask: Ask) -> Replies:
    """The meeting stands behind the result: it is a decision, and the result says so."""
    poll, meeting = await check_ratification(context, ask)
    poll.ratified_at, poll.ratified_in = context.now, meeting
    facts = {"basis": Basis.MEETING, "basis_text": meeting}
    await record(context, "poll.ratified", subject_of(poll), facts, decision=True)
    with context.speaking_to_group():
        shown = result_messages.result_message(await read_state(context, poll))
    return [Update(result_key(poll), shown)]


async def check_ratification(context: Context, ask: Ask) -> tuple[Poll, str]:
    """The poll that a meeting stands behind, and which meeting.

    Raises:
        Refusal: it has no result that stands, or was ratified already, or the meeting is not named.
    """
    poll = await _get_ratifiable(context, ask)
    return poll, read_text(ask.typed("meeting"), "meeting", LONGEST_TITLE, required=True)


async def _get_ratifiable(context: Context, ask: Ask) -> Poll:
    poll = await get_closed_poll(context, ask.number())
    if poll.ratified_at is not None:
        raise Refusal("outcomes.ratified_already", number=poll.number)
    return poll
