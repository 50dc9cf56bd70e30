"""Answers that came by mail or in a meeting: the leader enters them, marked so, and may take them back."""

from __future__ import annotations

from dataclasses import dataclass

from handlers.ballots.box import Answer, Box
from handlers.capability import Ask
from handlers.chat.messages import Text, message
from handlers.chat.refusals import FieldRefusal, Refusal
from handlers.chat.replies import Notice, OpenForm, Replies, Whisper
from handlers.context import Context
from handlers.polls.state import PollState, get_open_poll, read_state, subject_of, terms_of
from handlers.polls.words import answer_text
from handlers.voting import forms
from handlers.voting.casting import put_answer
from handlers.voting.keeping import with_left
from handlers.voting.marks import check_answer, named_marks, read_form
from locales import translate
from storage.enums import BallotWay, Visibility
from storage.models.ballots import Ballot
from storage.models.polls import Poll
from storage.queries import ballots, members


@dataclass(frozen=True, slots=True)
class Entry:
    """An answer that is about to be entered. `known` is the one that was entered for the same unit before."""

    state: PollState
    answer: Answer
    known: Ballot | None

    @property
    def poll(self) -> Poll:
        return self.state.poll

    @property
    def unit(self) -> str:
        return self.state.box.units[self.answer.unit_id].name

    @property
    def is_hidden(self) -> bool:
        """Whether nobody sees yet what the others answer, not even whoever stands behind this."""
        return self.poll.visibility is Visibility.HIDDEN

    @property
    def names(self) -> str:
        """What it says, empty for an answer that is taken back."""
        return answer_text(self.poll, self.state.running, self.answer.marks)


async def open_entry(context: Context, ask: Ask) -> Replies:
    """`/afstemning modtaget 7`: the form in which the leader enters an answer that came by mail or in a meeting."""
    poll = await _get_enterable(context, ask)
    return [OpenForm(forms.entry_form(await read_state(context, poll)))]


async def enter_ballot(context: Context, ask: Ask) -> Replies:
    """The leader entered an answer: it counts as the unit's latest, is marked, and the unit's people are told. An empty
    one takes back what was entered before, so that what the unit's people have answered themselves counts."""
    entry = await check_entry(context, ask)
    replies = await put_answer(context, entry.poll, "", entry.answer, entry.known)
    key = "voting.entered" if entry.answer.marks else "voting.entry_taken_back"
    if entry.answer.marks and entry.is_hidden and context.confirmed_by is not None:
        key = "voting.entered_unseen"
    said = translate(key, number=entry.poll.number, unit=entry.unit, names=entry.names)
    return [Whisper(message(Text(said))), *await _tell_unit(context, entry), *replies]


async def check_entry(context: Context, ask: Ask) -> Entry:
    """The answer that is to be entered.

    Raises:
        Refusal: the poll takes no answers, or is secret.
        FieldRefusal: the unit does not vote there, the answer is none, or is empty and nothing was entered before.
    """
    poll = await _get_enterable(context, ask)
    state = await read_state(context, poll)
    unit_id = _chosen_unit(state.box, ask.typed("unit"))
    known = await ballots.find_entered_ballot(context.session, context.group.id, subject_of(poll), unit_id)
    field = forms.first_field(poll, state.candidates)
    marks = read_form(terms_of(poll), ask, state.candidates)
    if not marks and (known is None or not known.marks):
        raise FieldRefusal(field, "voting.nothing_entered", unit=state.box.units[unit_id].name)
    check_answer(terms_of(poll), state.candidates, marks, field)
    left = {one.number for one in state.candidates if one.left}
    whole = with_left(terms_of(poll), marks, known.marks if known is not None else {}, left)
    return Entry(state, Answer(unit_id, named_marks(whole), BallotWay.LEADER, context.now), known)


async def entry_in_words(context: Context, ask: Ask) -> str:
    """What a representative is asked to stand behind, when the leader has no vote: whose answer it is, and what it says
    where everybody may see that."""
    entry = await check_entry(context, ask)
    if not entry.answer.marks:
        return translate("voting.entry_what.taken_back", unit=entry.unit, number=entry.poll.number)
    how = "hidden" if entry.is_hidden else "open"
    return translate(f"voting.entry_what.{how}", unit=entry.unit, number=entry.poll.number, names=entry.names)


async def _get_enterable(context: Context, ask: Ask) -> Poll:
    poll = await get_open_poll(context, ask.number())
    if poll.visibility is Visibility.SECRET:
        raise Refusal("voting.secret_entry", number=poll.number)
    return poll


def _chosen_unit(box: Box, typed: str) -> int:
    if not typed.isascii() or not typed.isdigit() or int(typed) not in box.units:
        raise FieldRefusal("unit", "voting.unit_missing")
    return int(typed)


async def _tell_unit(context: Context, entry: Entry) -> Replies:
    """Those who surely speak for the unit hear what was entered in its name."""
    told: Replies = []
    for person, unit, confirmed in await members.list_representatives(context.session, context.group.id):
        if unit.id != entry.answer.unit_id or not confirmed or person.id == context.me.id:
            continue
        with context.speaking_to(person):
            text = entry_text(entry.poll, context.me.name, unit.name, entry.names)
        about = f"poll:{entry.poll.number}/entered"
        told.append(Notice(text, about, "polls", person.id, before=entry.poll.deadline))
    return told


def entry_text(poll: Poll, name: str, unit: str, names: str, *, closed: bool = False) -> str:
    """What somebody entered for a unit (`names`, empty for an answer that was taken back), and what its people may do
    about it."""
    key = "voting.entered_notice" if names else "voting.entry_taken_back_notice"
    said = translate(key, number=poll.number, name=name, unit=unit, names=names)
    if closed:
        return f"{said} {translate('voting.poll_closed')}"
    return f"{said} {translate(f'voting.put_right.{poll.ballot_rule}') if names else translate('voting.yours_counts')}"
