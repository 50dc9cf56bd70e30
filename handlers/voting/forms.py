"""The forms of an open poll's ballots: to vote, and to enter what came by mail."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from handlers.ballots.methods import HIGHEST_SCORE
from handlers.chat.messages import Field, Form, Option
from handlers.polls.state import PollState
from handlers.polls.words import candidate_text, limits_text, named, visibility_text
from handlers.voting.keeping import ranked
from handlers.voting.marks import CHOICES, MOST_PLACES, mark_field, place_field
from locales import translate
from storage.enums import PollMethod
from storage.models.polls import Candidate, Poll


def ballot_form(state: PollState, given: Mapping[str, Any]) -> Form:
    """The form to vote in; what the person has chosen already is marked."""
    return Form(
        deed="poll.send_ballot",
        subject=str(state.poll.number),
        title=translate("voting.ballot.title", number=state.poll.number),
        intro=_intro(state, given),
        submit=translate("voting.ballot.submit"),
        fields=_answer_fields(state, given),
    )


def entry_form(state: PollState) -> Form:
    """The form for an answer that came by mail or in a meeting."""
    units = tuple(Option(str(unit.id), _unit_option(state, unit.id)) for unit in state.box.units.values())
    return Form(
        deed="poll.enter",
        subject=str(state.poll.number),
        title=translate("voting.entry.title", number=state.poll.number),
        intro=translate("voting.entry.intro"),
        submit=translate("voting.entry.submit"),
        fields=(
            Field("unit", translate("voting.field.unit"), "choice", required=True, options=units),
            *_answer_fields(state, {}),
        ),
    )


def _unit_option(state: PollState, unit_id: int) -> str:
    name = state.box.units[unit_id].name
    if any(cast.mailed and not cast.is_empty for cast in state.box.of_unit(unit_id)):
        return translate("voting.entry.was_entered", unit=name)
    return translate("voting.entry.has_voted", unit=name) if unit_id in state.standing else name


def _answer_fields(state: PollState, given: Mapping[str, Any]) -> tuple[Field, ...]:
    """The fields of a ballot by the poll's method, with what was given already."""
    method = state.poll.method
    if method is PollMethod.APPROVAL:
        return (_choices(state, given),)
    if method is PollMethod.RANKING:
        return _places(state, given)
    return tuple(_mark(state.poll, one, str(given.get(str(one.number), ""))) for one in state.running)


def first_field(poll: Poll, candidates: Sequence[Candidate]) -> str:
    """Where a refusal of the whole ballot is shown."""
    if poll.method is PollMethod.APPROVAL:
        return CHOICES
    if poll.method is PollMethod.RANKING:
        return place_field(1)
    return mark_field(next((one.number for one in candidates if not one.left), 0))


def _choices(state: PollState, given: Mapping[str, Any]) -> Field:
    options = _options(state)
    value = tuple(option.value for option in options if option.value in given)
    return Field(CHOICES, translate("voting.field.choices"), "multi", value=value, options=options)


def _options(state: PollState) -> tuple[Option, ...]:
    return tuple(Option(str(one.number), candidate_text(one)) for one in state.running)


def _mark(poll: Poll, one: Candidate, value: str) -> Field:
    name = mark_field(one.number)
    if poll.method is PollMethod.POINTS:
        return Field(name, candidate_text(one), "number", value=value)
    options = tuple(Option(str(mark), str(mark)) for mark in range(1, HIGHEST_SCORE + 1))
    return Field(name, candidate_text(one), "choice", value=value, options=options)


def _places(state: PollState, given: Mapping[str, Any]) -> tuple[Field, ...]:
    options = _options(state)
    at = dict(enumerate(ranked(given, {one.number for one in state.running}), 1))
    return tuple(
        Field(
            place_field(place),
            translate("voting.field.place", place=place),
            "choice",
            value=str(at.get(place, "")),
            options=options,
        )
        for place in range(1, min(len(options), MOST_PLACES) + 1)
    )


def _intro(state: PollState, given: Mapping[str, Any]) -> str:
    poll = state.poll
    parts = [named(poll), limits_text(poll), visibility_text(poll)]
    if poll.method is PollMethod.RANKING and len(ranked(given, {one.number for one in state.running})) > MOST_PLACES:
        parts.append(translate("voting.ballot.more_places", places=MOST_PLACES))
    return "\n".join(part for part in parts if part)
