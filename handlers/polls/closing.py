"""Closing a poll: at its deadline by itself, or by the leader; and taking one back that was wrong."""

from __future__ import annotations

from collections.abc import Mapping

from handlers.ballots.rules import Marks
from handlers.capability import Ask
from handlers.chat.messages import Text, message
from handlers.chat.refusals import Refusal
from handlers.chat.replies import Notice, OpenForm, Post, Replies, Update, Whisper
from handlers.context import Context
from handlers.decisions.chain import HEAD_SIGNS, record
from handlers.economy import rules as economy
from handlers.economy.books import read_prospect
from handlers.economy.ledger import read_lines, wish_subject
from handlers.inputs import read_text
from handlers.polls import forms, messages, result_messages
from handlers.polls.debating import show_debate
from handlers.polls.happenings import PollEnded
from handlers.polls.rules import LONGEST_REASON
from handlers.polls.run_offs import money_spoken_for
from handlers.polls.state import (
    PollState,
    get_open_poll,
    get_poll,
    is_by_emoji,
    read_state,
    result_key,
    subject_of,
)
from handlers.polls.tally import refresh_costs, show_tally
from handlers.results.lines import draw_lines
from handlers.results.replay import replay
from handlers.results.rules import Contender, Question, to_facts, work_out
from locales import join_words, translate
from storage.enums import PollStatus
from storage.models.polls import Poll
from storage.queries import log, members


async def ask_close(context: Context, ask: Ask) -> Replies:
    """`/afstemning luk 7`: asks once more."""
    poll = await get_open_poll(context, ask.number())
    return [Whisper(messages.close_question(await read_state(context, poll)))]


async def close_by_leader(context: Context, ask: Ask) -> Replies:
    """The leader closes before the deadline. Where people vote with emojis the chat is read before the count, which may
    take longer than a press may wait: no vote is taken from now on, and the timer of the deadlines does the rest."""
    poll = await check_closing(context, ask)
    if not is_by_emoji(poll):
        return await close_poll(context, poll)
    poll.close_asked_at, poll.close_asked_by = context.now, context.me.id
    return [Whisper(message(Text(translate("polls.closing", number=poll.number))))]


async def check_closing(context: Context, ask: Ask) -> Poll:
    """The poll that is to be closed.

    Raises:
        Refusal: there is none, or it is not open.
    """
    return await get_open_poll(context, ask.number())


async def close_poll(context: Context, poll: Poll) -> Replies:
    """Count, freeze the result in the poll and in the log, and tell everybody."""
    if poll.costs_frozen_at is None:
        await refresh_costs(context, poll)
    state = await read_state(context, poll)
    subject = subject_of(poll)
    lines = draw_lines(replay(await log.list_about(context.session, context.group.id, subject))[subject])
    spoken_for = await money_spoken_for(context, poll)
    question = await _question(context, state, lines.ballots, spoken_for)
    facts = to_facts(work_out(question)) | lines.ways_to_facts()
    facts |= {"spoken_for": spoken_for} if spoken_for else {}
    prioritised = (await read_prospect(context)).amount
    facts |= {"prioritised": prioritised} if prioritised else {}
    poll.status, poll.closed_at = PollStatus.CLOSED, context.now
    entry = await record(context, "poll.closed", subject, facts | lines.to_facts())
    poll.result = facts | {"head": entry.hash[:HEAD_SIGNS]}
    with context.speaking_to_group():
        shown = result_messages.result_message(state)
    return [
        *show_tally(context, state, ends=True),
        Post(result_key(poll), context.group.channel, shown),
        *await _tell_leaders(context, state),
        PollEnded(poll),
    ]


async def _question(context: Context, state: PollState, ballots: Mapping[int, Marks], spoken_for: int) -> Question:
    """What is counted, with the money as it is now. `ballots` are the answers that count, as they are published;
    `spoken_for` is what the poll leaves alone, in øre."""
    year = context.today.year
    lines = await read_lines(context.session, context.group.id, year)
    balance = economy.balance_of(lines, year)
    candidates = []
    for one in state.candidates:
        room = economy.room_of(lines, year, wish_subject(one.number))
        beyond = one.cost is not None and economy.exceeds_ceiling(one.cost, balance.ceiling, room)
        candidates.append(Contender(one.number, one.cost, room.unused, beyond, bool(one.left)))
    poll = state.poll
    units = len(state.box.units)
    free = balance.free - spoken_for if balance.free is not None else None
    return Question(poll.method, candidates, ballots, units, poll.quorum, poll.rule, free)


async def _tell_leaders(context: Context, state: PollState) -> Replies:
    """Who has not voted is for the leader alone, never for the channel."""
    if not state.silent:
        return []
    told: Replies = []
    for person in await members.list_leaders(context.session, context.group.id):
        with context.speaking_to(person):
            names = join_words(unit.name for unit in state.silent)
            text = translate("polls.silent_notice", number=state.poll.number, names=names)
        told.append(Notice(text, f"poll:{state.poll.number}/silent", "polls", person.id))
    return told


async def open_annul(context: Context, ask: Ask) -> Replies:
    """`/afstemning annuller 7`: the form with the reason."""
    poll = await get_poll(context, ask.number())
    _check_not_annulled(poll)
    return [OpenForm(forms.annul_form(poll))]


async def annul_poll(context: Context, ask: Ask) -> Replies:
    """The poll no longer stands; what was said in it stays in the log."""
    poll, reason = await check_annulment(context, ask)
    was = poll.status
    poll.status, poll.reason = PollStatus.ANNULLED, reason
    await record(context, "poll.annulled", subject_of(poll), {"was": was, "reason": reason}, decision=True)
    state = await read_state(context, poll)
    told: Replies = (
        await show_debate(context, poll) if was is PollStatus.DEBATE else show_tally(context, state, ends=True)
    )
    with context.speaking_to_group():
        if poll.result is not None:
            told.append(Update(result_key(poll), result_messages.result_message(state)))
        news = result_messages.annulled_message(poll, context.me.name)
    return [*told, Post(f"poll-annulled:{poll.number}", context.group.channel, news), PollEnded(poll)]


async def check_annulment(context: Context, ask: Ask) -> tuple[Poll, str]:
    """The poll that is to be annulled, and why.

    Raises:
        Refusal: there is none, it is a draft, was annulled already, or there is no reason.
    """
    poll = await get_poll(context, ask.number())
    _check_not_annulled(poll)
    return poll, read_text(ask.typed("reason"), "reason", LONGEST_REASON, required=True)


def _check_not_annulled(poll: Poll) -> None:
    if poll.status is PollStatus.DRAFT:
        raise Refusal("polls.is_draft", number=poll.number)
    if poll.status is PollStatus.ANNULLED:
        raise Refusal("polls.annulled", number=poll.number)
