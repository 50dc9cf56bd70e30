"""The forms of an open or closed poll: to vote, to enter what came by mail, to choose what is decided, to annul."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

import locales
from handlers.ballots.methods import HIGHEST_SCORE
from handlers.chat.messages import Field, Form, Option
from handlers.polls.marks import CHOICES, MOST_PLACES, mark_field, place_field
from handlers.polls.rules import LONGEST_REASON, LONGEST_TITLE
from handlers.polls.state import PollState
from handlers.polls.words import candidate_text, limits_text, named, visibility_text
from locales import long_moment, translate
from storage.enums import PollMethod
from storage.models.polls import Candidate, Poll


def ballot_form(state: PollState, given: Mapping[str, Any]) -> Form:
    """The form to vote in; what the person has chosen already is marked."""
    return Form(
        deed="poll.send_ballot",
        subject=str(state.poll.number),
        title=translate("polls.ballot.title", number=state.poll.number),
        intro=_intro(state.poll),
        submit=translate("polls.ballot.submit"),
        fields=_answer_fields(state, given),
    )


def entry_form(state: PollState) -> Form:
    """The form for an answer that came by mail or in a meeting."""
    units = tuple(Option(str(unit.id), _unit_option(state, unit.id)) for unit in state.box.units.values())
    return Form(
        deed="poll.enter",
        subject=str(state.poll.number),
        title=translate("polls.entry.title", number=state.poll.number),
        intro=translate("polls.entry.intro"),
        submit=translate("polls.entry.submit"),
        fields=(
            Field("unit", translate("polls.field.unit"), "choice", required=True, options=units),
            *_answer_fields(state, {}),
        ),
    )


def _unit_option(state: PollState, unit_id: int) -> str:
    name = state.box.units[unit_id].name
    return translate("polls.entry.has_voted", unit=name) if unit_id in state.standing else name


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
    return Field(CHOICES, translate("polls.field.choices"), "multi", value=value, options=options)


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
    at = {mark: number for number, mark in given.items() if number in {option.value for option in options}}
    return tuple(
        Field(
            place_field(place),
            translate("polls.field.place", place=place),
            "choice",
            value=at.get(place, ""),
            options=options,
        )
        for place in range(1, min(len(options), MOST_PLACES) + 1)
    )


def _intro(poll: Poll) -> str:
    return "\n".join(part for part in (named(poll), limits_text(poll), visibility_text(poll)) if part)


def annul_form(poll: Poll) -> Form:
    """Why the poll no longer stands."""
    return Form(
        deed="poll.annul",
        subject=str(poll.number),
        title=translate("polls.annul.title", number=poll.number),
        intro=translate("polls.annul.intro"),
        submit=translate("polls.annul.submit"),
        fields=(Field("reason", translate("polls.field.reason"), "long", required=True, maximum=LONGEST_REASON),),
    )


def extend_form(poll: Poll, proposed: dt.datetime) -> Form:
    """Until when, and why."""
    local = proposed.astimezone(locales.zone())
    return Form(
        deed="poll.extend",
        subject=str(poll.number),
        title=translate("polls.extend.title", number=poll.number),
        intro=translate("polls.extend.intro", moment=long_moment(poll.deadline)),
        submit=translate("polls.extend.submit"),
        fields=(
            Field("date", translate("polls.field.date"), "date", required=True, value=local.date().isoformat()),
            Field("time", translate("polls.field.time"), "time", required=True, value=f"{local:%H:%M}"),
            Field("reason", translate("polls.field.reason"), "long", required=True, maximum=LONGEST_REASON),
        ),
    )


def ratify_form(poll: Poll, meeting: str) -> Form:
    """Which meeting stands behind the result."""
    return Form(
        deed="poll.ratify",
        subject=str(poll.number),
        title=translate("polls.ratify.title", number=poll.number),
        intro=named(poll),
        submit=translate("polls.ratify.submit"),
        fields=(
            Field("meeting", translate("polls.field.meeting"), required=True, value=meeting, maximum=LONGEST_TITLE),
        ),
    )


def decide_form(poll: Poll, options: Sequence[Option], chosen: Sequence[int]) -> Form:
    """Which of the candidates are prioritised; what there is money for is marked."""
    marked = tuple(str(number) for number in chosen)
    return Form(
        deed="poll.prioritise",
        subject=str(poll.number),
        title=translate("polls.decide.title"),
        intro=named(poll),
        submit=translate("polls.decide.submit"),
        fields=(Field("wishes", translate("polls.field.decide"), "multi", value=marked, options=tuple(options)),),
    )
