"""Voting in words or in a form, and answers that came by mail: nobody depends on seeing an emoji."""

from __future__ import annotations

from handlers.ballots.box import Answer, Box
from handlers.ballots.electorate import Seat, find_seat
from handlers.capability import Ask
from handlers.chat.messages import Text, message
from handlers.chat.refusals import FieldRefusal, Misfilled, Refusal
from handlers.chat.replies import Notice, OpenForm, Replies, Whisper
from handlers.context import Context
from handlers.polls import forms
from handlers.polls.answering import explain_once, put_answer, tell_waiting
from handlers.polls.messages import names_of
from handlers.polls.rules import NOTHING, check_choice, read_numbers
from handlers.polls.state import PollState, get_open_poll, read_state, subject_of
from locales import translate
from storage.enums import BallotWay
from storage.models.polls import Poll
from storage.queries import ballots, members


async def vote(context: Context, ask: Ask) -> Replies:
    """`/afstemning stem 7 43,12`; without wishes, the form."""
    poll = await get_open_poll(context, ask.number())
    if not ask.rest():
        return await open_ballot(context, ask)
    numbers = [] if ask.rest().casefold() in NOTHING else read_numbers(ask.rest(), "choices")
    return await _give(context, poll, numbers, BallotWay.TEXT)


async def open_ballot(context: Context, ask: Ask) -> Replies:
    """The form to vote in, with what the person has chosen already."""
    poll = await get_open_poll(context, ask.number())
    await _seat(context, poll)
    known = await ballots.find_ballot(context.session, context.group.id, subject_of(poll), context.me.id)
    return [OpenForm(forms.ballot_form(await read_state(context, poll), known.marks if known else {}))]


async def send_ballot(context: Context, ask: Ask) -> Replies:
    """The form was sent."""
    poll = await get_open_poll(context, ask.number())
    return await _give(context, poll, read_numbers(",".join(ask.chosen("choices")), "choices"), BallotWay.FORM)


async def _give(context: Context, poll: Poll, numbers: list[int], way: BallotWay) -> Replies:
    seat = await _seat(context, poll)
    state = await read_state(context, poll)
    check_choice(state.candidates, poll.most, numbers)
    known = await ballots.find_ballot(context.session, context.group.id, subject_of(poll), context.me.id)
    over_clicks = known is not None and bool(known.marks) and known.way is BallotWay.EMOJI
    answer = Answer(seat.unit_id, {str(number): 1 for number in numbers}, way, context.now, seat.confirmed)
    replies = await put_answer(context, poll, context.me.id, answer)
    key = "polls.your_ballot" if numbers else "polls.your_empty_ballot"
    said = translate(key, number=poll.number, names=names_of(state.candidates, numbers))
    replaced: Replies = []
    if over_clicks:
        replaced = await explain_once(context, poll, "words_replaced", translate("polls.words_replaced"))
    return [Whisper(message(Text(said))), *replaced, *await tell_waiting(context, poll, seat), *replies]


async def _seat(context: Context, poll: Poll) -> Seat:
    seat = await find_seat(context, subject_of(poll))
    if seat is None:
        unit = context.standing.unit
        if unit is None:
            raise Refusal("members.no_unit")
        raise Refusal("polls.unit_came_later", unit=unit.name, number=poll.number)
    return seat


async def open_entry(context: Context, ask: Ask) -> Replies:
    """`/afstemning modtaget 7`: the form in which the leader enters an answer that came by mail or in a meeting."""
    poll = await get_open_poll(context, ask.number())
    return [OpenForm(forms.entry_form(await read_state(context, poll)))]


async def enter_ballot(context: Context, ask: Ask) -> Replies:
    """The leader entered an answer: it counts as the unit's latest, is marked, and the unit's people are told."""
    poll = await get_open_poll(context, ask.number())
    state = await read_state(context, poll)
    unit_id = _chosen_unit(state.box, ask.typed("unit"))
    numbers = read_numbers(",".join(ask.chosen("choices")), "choices")
    if not numbers:
        raise Misfilled([FieldRefusal("choices", "polls.choices_missing")])
    check_choice(state.candidates, poll.most, numbers)
    answer = Answer(unit_id, {str(number): 1 for number in numbers}, BallotWay.LEADER, context.now)
    replies = await put_answer(context, poll, "", answer)
    said = translate(
        "polls.entered",
        number=poll.number,
        unit=state.box.units[unit_id].name,
        names=names_of(state.candidates, numbers),
    )
    return [Whisper(message(Text(said))), *await _tell_unit(context, state, unit_id, numbers), *replies]


def _chosen_unit(box: Box, typed: str) -> int:
    if not typed.isascii() or not typed.isdigit() or int(typed) not in box.units:
        raise Misfilled([FieldRefusal("unit", "polls.unit_missing")])
    return int(typed)


async def _tell_unit(context: Context, state: PollState, unit_id: int, numbers: list[int]) -> Replies:
    told: Replies = []
    for person, unit, _ in await members.list_representatives(context.session, context.group.id):
        if unit.id != unit_id or person.id == context.me.id:
            continue
        with context.speaking_to(person):
            text = translate(
                "polls.entered_notice",
                number=state.poll.number,
                name=context.me.name,
                unit=unit.name,
                names=names_of(state.candidates, numbers),
            )
        told.append(Notice(text, f"poll:{state.poll.number}/entered", "polls", person.id))
    return told
