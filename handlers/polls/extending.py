"""More time for a poll: once, by the leader, with a reason; and until somebody has voted, away from a day off. A poll
that has closed is never opened again."""

from __future__ import annotations

import datetime as dt

import locales
from handlers.capability import Ask
from handlers.chat.messages import Text, message
from handlers.chat.refusals import FieldRefusal, Refusal
from handlers.chat.replies import OpenForm, Post, Replies, Whisper
from handlers.context import Context
from handlers.decisions.chain import record
from handlers.inputs import read_date, read_text, read_time
from handlers.polls import forms, messages
from handlers.polls.debating import show_debate
from handlers.polls.opening import facts_of, working_deadline
from handlers.polls.rules import LONGEST_REASON, LONGEST_TIME
from handlers.polls.state import get_open_poll, get_poll, read_state, subject_of
from handlers.polls.tally import show_tally
from handlers.workdays import add_working_days, is_working_day, local_moment
from locales import long_date, long_moment, translate
from storage.enums import PollStatus
from storage.models.polls import Poll

USUAL_DAYS = 3
"""Working days that the form proposes to add [choice]."""


async def open_extend(context: Context, ask: Ask) -> Replies:
    """`/afstemning forlæng 7`: the form with the new deadline and the reason."""
    poll = await _get_extendable(context, ask)
    local = poll.deadline.astimezone(locales.zone())
    proposed = local_moment(add_working_days(local.date(), USUAL_DAYS), local.time(), locales.zone())
    return [OpenForm(forms.extend_form(poll, proposed))]


async def extend_poll(context: Context, ask: Ask) -> Replies:
    """The deadline is moved, and everybody hears why."""
    poll = await _get_extendable(context, ask)
    deadline = _read_deadline(context, poll, ask)
    reason = read_text(ask.typed("reason"), "reason", LONGEST_REASON, required=True)
    facts = {"from": poll.deadline.isoformat(), "to": deadline.isoformat(), "reason": reason}
    poll.deadline, poll.extended_at = deadline, context.now
    await record(context, "poll.extended", subject_of(poll), facts)
    with context.speaking_to_group():
        news = messages.extended_message(poll, reason)
    told = Post(f"poll-extended:{poll.number}", context.group.channel, news)
    return [*show_tally(context, await read_state(context, poll)), told]


async def move_deadline(context: Context, ask: Ask) -> Replies:
    """*Flyt fristen til …*: from a day off to the next working day, before anybody has voted; it is no extension."""
    poll = await get_poll(context, ask.number())
    if poll.status not in (PollStatus.DRAFT, PollStatus.DEBATE):
        poll = await get_open_poll(context, poll.number)
    before, poll.deadline = poll.deadline, _moved(poll)
    told = Whisper(message(Text(translate("polls.deadline_moved", moment=long_moment(poll.deadline)))))
    if poll.status is not PollStatus.OPEN:
        await record(context, "poll.changed", subject_of(poll), facts_of(poll))
        return [told, *(await show_debate(context, poll) if poll.status is PollStatus.DEBATE else [])]
    with context.speaking_to_group():
        reason = translate("polls.moved_off_free_day")
    facts = {"from": before.isoformat(), "to": poll.deadline.isoformat(), "reason": reason}
    await record(context, "poll.extended", subject_of(poll), facts)
    return [told, *show_tally(context, await read_state(context, poll))]


def _moved(poll: Poll) -> dt.datetime:
    """Where the deadline goes.

    Raises:
        Refusal: it lies on a working day already, or people have voted.
    """
    better = working_deadline(poll.deadline)
    if better == poll.deadline:
        raise Refusal("polls.deadline_is_working_day", number=poll.number, moment=long_moment(better))
    if poll.costs_frozen_at is not None:
        raise Refusal("polls.voted_already", number=poll.number)
    return better


async def _get_extendable(context: Context, ask: Ask) -> Poll:
    poll = await get_open_poll(context, ask.number())
    if poll.extended_at is not None:
        raise Refusal("polls.extended_already", number=poll.number)
    return poll


def _read_deadline(context: Context, poll: Poll, ask: Ask) -> dt.datetime:
    day = read_date(ask.typed("date"), "date", context.today)
    deadline = local_moment(day, read_time(ask.typed("time"), "time"), locales.zone())
    if deadline <= poll.deadline:
        raise FieldRefusal("date", "polls.extended_too_little", moment=long_moment(poll.deadline))
    if deadline > context.now + LONGEST_TIME:
        raise FieldRefusal("date", "polls.deadline_far")
    if not is_working_day(day):  # as it is extended once, it could not be put right
        better = long_date(add_working_days(day, 1))
        raise FieldRefusal("date", "polls.extended_to_free_day", day=long_date(day), better=better)
    return deadline
