"""The forms of a poll: to open one, to vote, to enter what came by mail, to choose what is decided, and to annul."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import locales
from handlers.chat.messages import Field, Form, Option
from handlers.polls.messages import candidate_text, named
from handlers.polls.rules import LONGEST_REASON, LONGEST_TITLE, PAGE
from handlers.polls.state import PollState
from locales import money, plural, translate
from storage.enums import WinnerRule
from storage.models.polls import Poll
from storage.models.wishes import Wish


@dataclass(frozen=True, slots=True)
class Defaults:
    """What stands in the opening form from the start."""

    deadline: dt.datetime
    quorum: int | None = None


def poll_form(ready: Sequence[Wish], defaults: Defaults) -> Form:
    """The form that opens a poll on some of these wishes; all of them are chosen where one message holds them."""
    options = tuple(Option(str(wish.number), _option(wish)) for wish in ready)
    chosen = tuple(option.value for option in options) if len(options) <= PAGE else ()
    local = defaults.deadline.astimezone(locales.zone())
    return Form(
        deed="poll.open",
        title=translate("polls.form.title"),
        submit=translate("polls.form.submit"),
        fields=(
            Field("title", translate("polls.field.title"), required=True, maximum=LONGEST_TITLE),
            *_candidate_fields(options, chosen),
            Field("date", translate("polls.field.date"), "date", required=True, value=local.date().isoformat()),
            Field("time", translate("polls.field.time"), "time", required=True, value=f"{local:%H:%M}"),
            *_rule_fields(defaults),
        ),
    )


def _option(wish: Wish) -> str:
    cost = money(wish.estimate) if wish.estimate is not None else translate("polls.no_estimate")
    return f"{translate('polls.candidate', number=wish.number, title=wish.title)} · {cost}"


def _candidate_fields(options: tuple[Option, ...], chosen: tuple[str, ...]) -> tuple[Field, ...]:
    more = Field("more", translate("polls.field.more"), hint=translate("polls.field.more_hint"))
    if not options:
        return (more,)
    label, hint = translate("polls.field.wishes"), translate("polls.field.wishes_hint")
    return (Field("wishes", label, "multi", value=chosen, options=options, hint=hint), more)


def _rule_fields(defaults: Defaults) -> tuple[Field, ...]:
    quorum = "" if defaults.quorum is None else str(defaults.quorum)
    return (
        Field("most", translate("polls.field.most"), "number", hint=translate("polls.field.most_hint")),
        Field(
            "quorum", translate("polls.field.quorum"), "number", value=quorum, hint=translate("polls.field.quorum_hint")
        ),
        Field(
            "rule",
            translate("polls.field.rule"),
            "choice",
            value=WinnerRule.RANK_ORDER,
            options=tuple(Option(rule, translate(f"polls.rule.{rule}")) for rule in WinnerRule),
            hint=translate("polls.field.rule_hint"),
        ),
    )


def ballot_form(state: PollState, chosen: Collection[str]) -> Form:
    """The form to vote in; what the person has chosen already is marked."""
    return Form(
        deed="poll.send_ballot",
        subject=str(state.poll.number),
        title=translate("polls.ballot.title", number=state.poll.number),
        intro=_intro(state.poll),
        submit=translate("polls.ballot.submit"),
        fields=(_choices(state, chosen),),
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
            _choices(state, ()),
        ),
    )


def _unit_option(state: PollState, unit_id: int) -> str:
    name = state.box.units[unit_id].name
    return translate("polls.entry.has_voted", unit=name) if unit_id in state.standing else name


def _choices(state: PollState, chosen: Collection[str]) -> Field:
    options = tuple(Option(str(one.number), candidate_text(one)) for one in state.running)
    value = tuple(option.value for option in options if option.value in chosen)
    return Field("choices", translate("polls.field.choices"), "multi", value=value, options=options)


def _intro(poll: Poll) -> str:
    parts = [named(poll), plural("polls.how_to_most", poll.most) if poll.most else ""]
    return "\n".join(part for part in parts if part)


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
