"""Looking at polls: how one stands, how it ended, and which there are."""

from __future__ import annotations

from handlers.ballots.electorate import find_seat
from handlers.ballots.rules import standing_cast
from handlers.capability import Ask
from handlers.chat.messages import Message
from handlers.chat.refusals import Refusal
from handlers.chat.replies import Replies, Whisper
from handlers.context import Context
from handlers.polls import messages, result_messages
from handlers.polls.before_messages import debate_status
from handlers.polls.drafting import draft_of
from handlers.polls.forecasting import forecast_text, list_courses
from handlers.polls.state import PollState, check_begun, get_poll, read_state, subject_of
from handlers.polls.words import answer_text
from locales import translate
from storage.enums import PollStatus
from storage.models.ballots import Ballot
from storage.models.members import Unit
from storage.queries import polls


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
    seat = await find_seat(context, subject_of(poll))
    own = _own_answer(state, seat.ballot if seat else None, context.standing.unit if context.standing.votes else None)
    leads = context.standing.leads
    foreseen = leads and poll.status is PollStatus.OPEN and poll.deadline > context.now
    forecast = forecast_text(state, await list_courses(context, poll)) if foreseen else ""
    return [Whisper(messages.status_message(state, own, leads=leads, forecast=forecast))]


def _own_answer(state: PollState, mine: Ballot | None, unit: Unit | None) -> str:
    """What a person has answered, and whether it counts. `unit`: the one that they surely speak for."""
    if mine is None or not mine.marks:
        if unit is not None and unit.id in state.standing:
            return translate("polls.mine.colleague", unit=unit.name)
        return translate("polls.not_voted_yet")
    said = answer_text(state.poll, state.candidates, mine.marks)
    units = state.box.units
    if mine.confirmed_at is None or mine.unit_id not in units:
        return translate("polls.mine.waiting", answer=said)
    counting = state.box.of_unit(mine.unit_id)
    if len(counting) > 1 and state.averages:
        return translate("polls.mine.together", answer=said, unit=units[mine.unit_id].name)
    if standing_cast(counting).person != mine.person_id:
        return translate("polls.mine.replaced", answer=said, unit=units[mine.unit_id].name)
    return said


async def show_result(context: Context, ask: Ask) -> Replies:
    """`/afstemning resultat 7`; the leader also sees who has not voted, and can have it ratified."""
    poll = await get_poll(context, ask.number())
    check_begun(poll)
    if poll.status is PollStatus.ANNULLED and poll.result is None:
        raise Refusal("polls.annulled", number=poll.number)
    if poll.result is None:
        raise Refusal("polls.still_open", number=poll.number)
    state = await read_state(context, poll)
    shown = result_messages.result_message(state)
    if context.standing.leads:
        shown = Message((*shown.blocks, *messages.for_leader(state)))
    return [Whisper(shown)]


async def list_polls(context: Context, ask: Ask) -> Replies:
    """`/afstemning liste`; drafts are the leader's own."""
    hidden = {PollStatus.DISCARDED} if context.standing.leads else {PollStatus.DISCARDED, PollStatus.DRAFT}
    found = await polls.list_polls(context.session, context.group.id, set(PollStatus) - hidden)
    return [Whisper(messages.poll_list(found, context.now))]
