"""The form that opens a poll, or changes one that is not open yet: what is asked, until when, and how it is counted."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

import locales
from handlers.chat.messages import Field, Form, Option
from handlers.polls.alike import list_alike
from handlers.polls.rules import LONGEST_TITLE
from handlers.polls.state import PAGE
from locales import money, translate
from storage.enums import PollMethod, PollStatus, Visibility, WinnerRule
from storage.models.polls import Candidate, Poll
from storage.models.wishes import Wish

MOST_OFFERED = 100
"""Wishes to choose from in a form; others are named by number."""


@dataclass(frozen=True, slots=True)
class Filled:
    """What stands in the form from the start.

    Args:
        title: what the poll is about.
        deadline: until when people vote.
        debate: the day when voting opens, `None` for at once.
        chosen: the wishes that are ticked, `None` for all that are in no poll now, where one message holds them.
        quorum, most, dots: as in the poll, `None` for an empty field.
        number: the poll that is changed, 0 for a new one.
        run_off_of: the poll whose tie it decides, 0 for none.
        asked: wish number → the other poll, open or in debate, that it is in already.
        draft: whether what is changed is a draft, which stays one.
    """

    title: str
    deadline: dt.datetime
    debate: dt.date | None = None
    chosen: frozenset[int] | None = None
    method: PollMethod = PollMethod.APPROVAL
    rule: WinnerRule = WinnerRule.RANK_ORDER
    visibility: Visibility = Visibility.OPEN
    most: int | None = None
    dots: int | None = None
    quorum: int | None = None
    number: int = 0
    run_off_of: int = 0
    asked: Mapping[int, int] = field(default_factory=dict)
    draft: bool = False


def filled_of(poll: Poll, candidates: Sequence[Candidate], asked: Mapping[int, int], now: dt.datetime) -> Filled:
    """What stands in the form of a poll that is changed before it opens."""
    waits = poll.opened_at > now
    return Filled(
        title=poll.title,
        deadline=poll.deadline,
        debate=locales.local_day(poll.opened_at) if waits else None,
        chosen=frozenset(one.number for one in candidates),
        method=poll.method,
        rule=poll.rule,
        visibility=poll.visibility,
        most=poll.most,
        dots=poll.dots if poll.method is PollMethod.POINTS else None,
        quorum=poll.quorum,
        number=poll.number,
        asked=asked,
        draft=poll.status is PollStatus.DRAFT,
    )


def poll_form(offered: Sequence[Wish], filled: Filled) -> Form:
    """The form with these wishes to choose among."""
    options = wish_options(offered, filled.asked)
    local = filled.deadline.astimezone(locales.zone())
    debate = filled.debate.isoformat() if filled.debate else ""
    hint = translate("polls.field.debate_hint_of_draft" if filled.draft else "polls.field.debate_hint")
    changes = filled.number > 0
    return Form(
        deed="poll.change" if changes else "poll.open",
        subject=str(filled.number) if changes else "",
        title=_title(filled),
        intro=alike_text(offered[:MOST_OFFERED]),
        submit=translate("polls.change.submit" if changes else "polls.form.submit"),
        carry=(("run_off_of", str(filled.run_off_of)),) if filled.run_off_of else (),
        fields=(
            Field(
                "title",
                translate("polls.field.title"),
                required=True,
                value=filled.title,
                maximum=LONGEST_TITLE,
            ),
            *_candidate_fields(options, _ticked(options, filled)),
            Field("debate", translate("polls.field.debate"), "date", value=debate, hint=hint),
            deadline_field(local.date()),
            Field("time", translate("polls.field.time"), "time", required=True, value=f"{local:%H:%M}"),
            *_rule_fields(filled),
            *(() if changes else (_draft_field(),)),
        ),
    )


def deadline_field(day: dt.date) -> Field:
    """The day of the deadline: any that the leader wants, and better a working day."""
    label, hint = translate("polls.field.date"), translate("polls.field.date_hint")
    return Field("date", label, "date", required=True, value=day.isoformat(), hint=hint)


def _title(filled: Filled) -> str:
    if filled.number == 0:
        return translate("polls.form.title")
    return translate("polls.change.title_of_draft" if filled.draft else "polls.change.title", number=filled.number)


def alike_text(offered: Sequence[Wish]) -> str:
    """Which of the wishes may be the same twice, and how to merge them first; empty where none are."""
    titles = {wish.number: wish.title for wish in offered}
    said = [
        translate("polls.alike.in_form", newer=newer, title=titles[newer], older=older, other=titles[older])
        for newer, older in list_alike(list(titles.items()))
    ]
    return "\n".join(said)


def _draft_field() -> Field:
    return Field("draft", translate("polls.field.draft"), "switch", hint=translate("polls.field.draft_hint"))


def wish_options(offered: Sequence[Wish], asked: Mapping[int, int]) -> tuple[Option, ...]:
    """Wishes to choose, as many as a form takes. `asked`: wish number → the poll that it is in already."""
    return tuple(Option(str(wish.number), _wish_option(wish, asked)) for wish in offered[:MOST_OFFERED])


def _wish_option(wish: Wish, asked: Mapping[int, int]) -> str:
    """A wish with what it costs; that it is in a poll stands first, as chats cut a long line at its end."""
    cost = money(wish.estimate) if wish.estimate is not None else translate("polls.no_estimate")
    key = "polls.candidate_asked" if wish.number in asked else "polls.candidate"
    return f"{translate(key, number=wish.number, title=wish.title, poll=asked.get(wish.number))} · {cost}"


def _ticked(options: Sequence[Option], filled: Filled) -> tuple[str, ...]:
    if filled.chosen is not None:
        return tuple(option.value for option in options if int(option.value) in filled.chosen)
    free = tuple(option.value for option in options if int(option.value) not in filled.asked)
    return free if len(free) <= PAGE else ()


def _candidate_fields(options: tuple[Option, ...], chosen: tuple[str, ...]) -> tuple[Field, ...]:
    more = Field("more", translate("polls.field.more"), hint=translate("polls.field.more_hint"))
    if not options:
        return (more,)
    label, hint = translate("polls.field.wishes"), translate("polls.field.wishes_hint")
    return (Field("wishes", label, "multi", value=chosen, options=options, hint=hint), more)


def _rule_fields(filled: Filled) -> tuple[Field, ...]:
    return (
        _choice("method", filled.method),
        _number("most", filled.most),
        _number("dots", filled.dots),
        _choice("visibility", filled.visibility),
        _choice("rule", filled.rule),
        _number("quorum", filled.quorum),
    )


def _number(name: str, value: int | None) -> Field:
    label, hint = translate(f"polls.field.{name}"), translate(f"polls.field.{name}_hint")
    return Field(name, label, "number", value="" if value is None else str(value), hint=hint)


def _choice(name: str, usual: StrEnum) -> Field:
    options = tuple(Option(word, translate(f"polls.{name}.{word}")) for word in type(usual))
    label, hint = translate(f"polls.field.{name}"), translate(f"polls.field.{name}_hint")
    return Field(name, label, "choice", required=True, value=usual, options=options, hint=hint)
