"""What a poll looks like: its messages with a numbered candidate per line, and the form that opens it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import locales
from handlers.chat.messages import (
    NUMBERED,
    Field,
    Form,
    Heading,
    Item,
    Listing,
    Message,
    Note,
    Option,
    Text,
    message,
)
from handlers.polls.rules import LONGEST_TITLE, PAGE
from handlers.polls.state import PollState
from locales import long_moment, money, plural, translate
from storage.enums import WinnerRule
from storage.models.polls import Candidate, Poll
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


def named(poll: Poll) -> str:
    return translate("polls.named", number=poll.number, title=poll.title)


def page_message(state: PollState, page: int) -> Message:
    """The poll's message number `page`: candidates to click on, and how it stands."""
    poll = state.poll
    first = page == 1
    return message(
        Heading(named(poll) if poll.pages == 1 else _named_page(poll, page)),
        Text(_how_to(poll)) if first else None,
        Note(translate("polls.clicks_are_not_votes")),
        Listing(tuple(_line(state, one) for one in state.page(page))),
        Text(_standing(state)),
        Note(translate("polls.deadline", moment=long_moment(poll.deadline))),
        Note(translate("polls.also_by_text", number=poll.number, example=_example(state))) if first else None,
    )


def _named_page(poll: Poll, page: int) -> str:
    return translate("polls.named_page", number=poll.number, title=poll.title, page=page, pages=poll.pages)


def _how_to(poll: Poll) -> str:
    how = translate("polls.how_to")
    return f"{how} {plural('polls.how_to_most', poll.most)}" if poll.most else how


def _line(state: PollState, one: Candidate) -> Item:
    text = translate("polls.candidate", number=one.number, title=one.title)
    cost = money(one.cost) if one.cost is not None else translate("polls.no_estimate")
    support = plural("polls.units", state.supporters[str(one.number)])
    return Item(text, f"{cost} · {support}", NUMBERED[one.position % PAGE])


def _standing(state: PollState) -> str:
    return translate("polls.voted", voted=len(state.standing), units=len(state.box.units))


def _example(state: PollState) -> str:
    return ",".join(str(one.number) for one in state.candidates[:2])
