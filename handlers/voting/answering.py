"""Voting in words or in a form: nobody depends on seeing an emoji."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from handlers.ballots.box import Answer
from handlers.ballots.electorate import Seat, find_seat
from handlers.capability import Ask
from handlers.chat.messages import Text, message
from handlers.chat.refusals import Refusal
from handlers.chat.replies import OpenForm, Replies, Whisper
from handlers.context import Context
from handlers.polls.state import get_open_poll, read_state, subject_of, terms_of
from handlers.polls.words import answer_text, names_of
from handlers.voting import forms
from handlers.voting.casting import answer_stands, explain_once, put_answer, tell_moved, tell_waiting
from handlers.voting.keeping import with_left, with_rest
from handlers.voting.marks import check_answer, named_marks, read_form, read_words
from locales import plural, translate
from storage.enums import BallotWay, PollMethod, Visibility
from storage.models.polls import Candidate, Poll
from storage.queries import polls


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
    before = known.marks if known is not None else {}
    over_clicks = bool(before) and known is not None and known.way is BallotWay.EMOJI
    if way is BallotWay.FORM and poll.method is PollMethod.RANKING:
        marks = with_rest(marks, before, {one.number for one in candidates if not one.left})
    whole = with_left(terms_of(poll), marks, before, {one.number for one in candidates if one.left})
    answer = Answer(seat.unit_id, named_marks(whole), way, context.now, seat.confirmed, seat.on_behalf_of)
    replies = await put_answer(context, poll, context.me.id, answer, known)
    replaced: Replies = []
    if over_clicks:
        replaced = await explain_once(context, poll, "words_replaced", translate("voting.words_replaced"))
    said = Whisper(message(Text(_said(poll, candidates, marks, whole))))
    replaced += await tell_moved(context, poll, seat, answer_text(poll, candidates, named_marks(marks)))
    return [said, *replaced, *await tell_waiting(context, poll, seat), *replies]


def _said(poll: Poll, candidates: Sequence[Candidate], marks: Mapping[int, int], whole: Mapping[int, int]) -> str:
    """What the person has answered, and what is kept of candidates that have left."""
    key = "voting.your_ballot" if marks else "voting.your_empty_ballot"
    said = translate(key, number=poll.number, names=answer_text(poll, candidates, named_marks(marks)))
    if kept := sorted(whole.keys() - marks.keys()):
        return f"{said} {plural('voting.kept', len(kept), names=names_of(candidates, kept))}"
    return said


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
