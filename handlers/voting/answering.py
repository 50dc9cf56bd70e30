"""Voting in words or in a form, and answers that came by mail: nobody depends on seeing an emoji."""

from __future__ import annotations

from collections.abc import Mapping

from handlers.ballots.box import Answer, Box
from handlers.ballots.electorate import Seat, find_seat
from handlers.capability import Ask
from handlers.chat.messages import Text, message
from handlers.chat.refusals import FieldRefusal, Refusal
from handlers.chat.replies import Notice, OpenForm, Replies, Whisper
from handlers.context import Context
from handlers.polls.state import PollState, get_open_poll, read_state, subject_of, terms_of
from handlers.polls.words import answer_text
from handlers.voting import forms
from handlers.voting.casting import answer_stands, explain_once, put_answer, tell_waiting
from handlers.voting.marks import check_answer, read_form, read_words
from locales import translate
from storage.enums import BallotWay, Visibility
from storage.models.polls import Poll
from storage.queries import ballots, members, polls


async def vote(context: Context, ask: Ask) -> Replies:
    """`/afstemning stem 7 43,12`; without wishes, the form."""
    poll = await get_open_poll(context, ask.number())
    if not ask.rest():
        return await open_ballot(context, ask)
    if poll.visibility is Visibility.SECRET:
        raise Refusal("voting.secret_by_form", number=poll.number)
    return await _give(context, poll, read_words(poll.method, ask.rest()), BallotWay.TEXT)


async def open_ballot(context: Context, ask: Ask) -> Replies:
    """The form to vote in, with what the person has chosen already."""
    poll = await get_open_poll(context, ask.number())
    known = (await _seat(context, poll)).ballot
    return [OpenForm(forms.ballot_form(await read_state(context, poll), known.marks if known else {}))]


async def send_ballot(context: Context, ask: Ask) -> Replies:
    """The form was sent."""
    poll = await get_open_poll(context, ask.number())
    candidates = await polls.list_candidates(context.session, poll.id)
    return await _give(context, poll, read_form(terms_of(poll), ask, candidates), BallotWay.FORM)


async def _give(context: Context, poll: Poll, marks: Mapping[int, int], way: BallotWay) -> Replies:
    seat = await _seat(context, poll)
    candidates = await polls.list_candidates(context.session, poll.id)
    check_answer(terms_of(poll), candidates, marks, forms.first_field(poll, candidates))
    known = seat.ballot
    over_clicks = known is not None and bool(known.marks) and known.way is BallotWay.EMOJI
    answer = Answer(seat.unit_id, _named_marks(marks), way, context.now, seat.confirmed, seat.on_behalf_of)
    replies = await put_answer(context, poll, context.me.id, answer, known)
    key = "voting.your_ballot" if marks else "voting.your_empty_ballot"
    said = translate(key, number=poll.number, names=answer_text(poll, candidates, answer.marks))
    replaced: Replies = []
    if over_clicks:
        replaced = await explain_once(context, poll, "words_replaced", translate("voting.words_replaced"))
    return [Whisper(message(Text(said))), *replaced, *await tell_waiting(context, poll, seat), *replies]


def _named_marks(marks: Mapping[int, int]) -> dict[str, int]:
    return {str(number): mark for number, mark in marks.items()}


async def _seat(context: Context, poll: Poll) -> Seat:
    """Where the acting person votes.

    Raises:
        Refusal: nowhere in this poll, or what they answered for a unit stands.
    """
    seat = await find_seat(context, subject_of(poll))
    if seat is None:
        unit = context.standing.unit
        if unit is None:
            raise Refusal("members.no_unit")
        raise Refusal("voting.unit_came_later", unit=unit.name, number=poll.number)
    if seat.stands:
        raise await answer_stands(context, poll, seat)
    return seat


async def open_entry(context: Context, ask: Ask) -> Replies:
    """`/afstemning modtaget 7`: the form in which the leader enters an answer that came by mail or in a meeting."""
    poll = await _get_enterable(context, ask)
    return [OpenForm(forms.entry_form(await read_state(context, poll)))]


async def _get_enterable(context: Context, ask: Ask) -> Poll:
    poll = await get_open_poll(context, ask.number())
    if poll.visibility is Visibility.SECRET:
        raise Refusal("voting.secret_entry", number=poll.number)
    return poll


async def enter_ballot(context: Context, ask: Ask) -> Replies:
    """The leader entered an answer: it counts as the unit's latest, is marked, and the unit's people are told."""
    poll = await _get_enterable(context, ask)
    state = await read_state(context, poll)
    unit_id = _chosen_unit(state.box, ask.typed("unit"))
    field = forms.first_field(poll, state.candidates)
    marks = read_form(terms_of(poll), ask, state.candidates)
    if not marks:
        raise FieldRefusal(field, "polls.choices_missing")
    check_answer(terms_of(poll), state.candidates, marks, field)
    answer = Answer(unit_id, _named_marks(marks), BallotWay.LEADER, context.now)
    known = await ballots.find_entered_ballot(context.session, context.group.id, subject_of(poll), unit_id)
    replies = await put_answer(context, poll, "", answer, known)
    unit, names = state.box.units[unit_id].name, answer_text(poll, state.candidates, answer.marks)
    said = translate("voting.entered", number=poll.number, unit=unit, names=names)
    return [Whisper(message(Text(said))), *await _tell_unit(context, state, answer), *replies]


def _chosen_unit(box: Box, typed: str) -> int:
    if not typed.isascii() or not typed.isdigit() or int(typed) not in box.units:
        raise FieldRefusal("unit", "voting.unit_missing")
    return int(typed)


async def _tell_unit(context: Context, state: PollState, answer: Answer) -> Replies:
    told: Replies = []
    for person, unit, confirmed in await members.list_representatives(context.session, context.group.id):
        if unit.id != answer.unit_id or not confirmed or person.id == context.me.id:
            continue
        with context.speaking_to(person):
            names = answer_text(state.poll, state.candidates, answer.marks)
            parts = {"number": state.poll.number, "name": context.me.name, "unit": unit.name, "names": names}
            text = translate("voting.entered_notice", **parts)
        told.append(Notice(text, f"poll:{state.poll.number}/entered", "polls", person.id))
    return told
