"""Looking at polls: how one stands, how it ended, and which there are."""

from __future__ import annotations

from handlers.capability import Ask
from handlers.chat.messages import Message
from handlers.chat.refusals import Refusal
from handlers.chat.replies import Replies, Whisper
from handlers.context import Context
from handlers.polls import messages, result_messages
from handlers.polls.before_messages import debate_status
from handlers.polls.drafting import draft_of
from handlers.polls.state import check_begun, get_poll, read_state, subject_of
from storage.enums import PollStatus
from storage.queries import ballots, polls


async def show_status(context: Context, ask: Ask) -> Replies:
    """`/afstemning status 7`, to the one who asks."""
    poll = await get_poll(context, ask.number())
    if poll.result is not None:
        return await show_result(context, ask)
    if poll.status is PollStatus.DRAFT:
        return [Whisper(await draft_of(context, poll))]
    state = await read_state(context, poll)
    if poll.status is PollStatus.DEBATE:
        return [Whisper(debate_status(state, context.now, leads=context.standing.leads))]
    mine = await ballots.find_ballot(context.session, context.group.id, subject_of(poll), context.me.id)
    return [Whisper(messages.status_message(state, mine.marks if mine else {}, leads=context.standing.leads))]


async def show_result(context: Context, ask: Ask) -> Replies:
    """`/afstemning resultat 7`; the leader also sees who has not voted."""
    poll = await get_poll(context, ask.number())
    check_begun(poll)
    if poll.status is PollStatus.ANNULLED and poll.result is None:
        raise Refusal("polls.annulled", number=poll.number)
    if poll.result is None:
        raise Refusal("polls.still_open", number=poll.number)
    state = await read_state(context, poll)
    shown = result_messages.result_message(state)
    if context.standing.leads and state.silent:
        shown = Message((*shown.blocks, messages.silent_note(state)))
    return [Whisper(shown)]


async def list_polls(context: Context, ask: Ask) -> Replies:
    """`/afstemning liste`; drafts are the leader's own."""
    hidden = {PollStatus.DISCARDED} if context.standing.leads else {PollStatus.DISCARDED, PollStatus.DRAFT}
    found = await polls.list_polls(context.session, context.group.id, set(PollStatus) - hidden)
    return [Whisper(messages.poll_list(found, context.now))]
