"""The form that opens a poll: what is asked, of whom it is shown to whom, and until when."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import locales
from handlers.chat.messages import Field, Form, Option
from handlers.polls.rules import LONGEST_TITLE
from handlers.polls.state import PAGE
from locales import long_date, money, translate
from storage.enums import PollMethod, Visibility, WinnerRule
from storage.models.wishes import Wish


@dataclass(frozen=True, slots=True)
class Defaults:
    """What stands in the opening form from the start."""

    today: dt.date
    deadline: dt.datetime
    quorum: int | None = None


def poll_form(ready: Sequence[Wish], defaults: Defaults, title: str = "") -> Form:
    """The form that opens a poll on some of these wishes; all of them are chosen where one message holds them."""
    options = tuple(Option(str(wish.number), _option(wish)) for wish in ready)
    chosen = tuple(option.value for option in options) if len(options) <= PAGE else ()
    local = defaults.deadline.astimezone(locales.zone())
    return Form(
        deed="poll.open",
        title=translate("polls.form.title"),
        submit=translate("polls.form.submit"),
        fields=(
            Field(
                "title",
                translate("polls.field.title"),
                required=True,
                value=title or translate("polls.default_title", date=long_date(defaults.today)),
                maximum=LONGEST_TITLE,
            ),
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
        _choice("method", PollMethod.APPROVAL),
        _number("most"),
        _number("dots"),
        _choice("visibility", Visibility.OPEN),
        _choice("rule", WinnerRule.RANK_ORDER),
        _number("quorum", quorum),
    )


def _number(name: str, value: str = "") -> Field:
    return Field(
        name, translate(f"polls.field.{name}"), "number", value=value, hint=translate(f"polls.field.{name}_hint")
    )


def _choice(name: str, usual: StrEnum) -> Field:
    options = tuple(Option(word, translate(f"polls.{name}.{word}")) for word in type(usual))
    label, hint = translate(f"polls.field.{name}"), translate(f"polls.field.{name}_hint")
    return Field(name, label, "choice", value=usual, options=options, hint=hint)
