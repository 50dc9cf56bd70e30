"""What rounds look like: the plan, its form, and what everybody hears of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from enum import StrEnum

from handlers.chat.messages import Actions, Button, Facts, Field, Form, Heading, Message, Note, Option, Text, message
from handlers.members.settings import GroupSettings
from handlers.rounds.rules import Plan, next_round
from handlers.workdays import add_working_days
from locales import long_moment, plural, translate, zone
from storage.enums import Cadence, RoundDay

_AHEAD = 10
"""Working days until the first round that the form proposes [choice]."""


def rounds_message(plan: Plan | None, now: dt.datetime, *, leads: bool) -> Message:
    """How the group prioritises, to the one who asks."""
    return message(
        Heading(translate("rounds.heading")),
        Facts(tuple(_facts(plan, now))) if plan else Text(translate("rounds.none")),
        Note(translate("rounds.nothing_by_itself")),
        Actions((open_button(),)) if leads else Note(translate("rounds.who")),
    )


def open_button() -> Button:
    """Opens the form of a round's poll, filled in."""
    return Button(translate("rounds.button.open"), "round.open", style="primary")


def _facts(plan: Plan, now: dt.datetime) -> Iterable[tuple[str, str]]:
    yield translate("rounds.label.every"), translate(f"members.round_every.{plan.every}")
    coming = next_round(plan, now, zone())
    if coming is not None:
        yield translate("rounds.label.next"), long_moment(coming)
    if plan.debate:
        yield translate("rounds.label.debate"), plural("rounds.working_days", plan.debate)
    yield translate("rounds.label.days"), plural("rounds.working_days", plan.days)


def announcement(plan: Plan | None, now: dt.datetime, name: str) -> Message:
    """Everybody hears that the leader has changed it, and how it is now."""
    if plan is None:
        return message(Text(translate("rounds.told_none", name=name)))
    return message(
        Text(translate("rounds.told", name=name)),
        Facts(tuple(_facts(plan, now))),
        Note(translate("rounds.nothing_by_itself")),
    )


def rounds_form(now: GroupSettings, today: dt.date) -> Form:
    """How often, from when, and for how long."""
    first = now.round_first or add_working_days(today, _AHEAD).isoformat()
    hint = translate("rounds.field.first_hint")
    return Form(
        deed="round.change",
        title=translate("rounds.form.title"),
        intro=translate("rounds.form.intro"),
        submit=translate("rounds.form.submit"),
        fields=(
            _choice("every", now.round_every, Cadence),
            Field("first", translate("rounds.field.first"), "date", value=first, hint=hint),
            _choice("by", now.round_by, RoundDay),
            _number("debate", now.round_debate),
            _number("days", now.round_days),
        ),
    )


def _choice(name: str, value: StrEnum, words: type[StrEnum]) -> Field:
    options = tuple(Option(word, translate(f"members.round_{name}.{word}")) for word in words)
    return Field(name, translate(f"rounds.field.{name}"), "choice", required=True, value=value, options=options)


def _number(name: str, value: int) -> Field:
    label, hint = translate(f"rounds.field.{name}"), translate(f"rounds.field.{name}_hint")
    return Field(name, label, "number", value=str(value), hint=hint)
