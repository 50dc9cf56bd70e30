"""The forms of a poll that has begun: more time, more wishes, annulling."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

import locales
from handlers.chat.messages import Field, Form
from handlers.polls.opening_form import deadline_field, wish_options
from handlers.polls.rules import LONGEST_REASON
from handlers.wishes.choosing import wish_field
from locales import long_moment, translate
from storage.models.polls import Poll
from storage.models.wishes import Wish


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
            deadline_field(local.date()),
            Field("time", translate("polls.field.time"), "time", required=True, value=f"{local:%H:%M}"),
            Field("reason", translate("polls.field.reason"), "long", required=True, maximum=LONGEST_REASON),
        ),
    )


def add_form(poll: Poll, ready: Sequence[Wish], asked: Mapping[int, int]) -> Form:
    """Which wishes come to an open poll. `asked`: wish number → another poll that it is in already."""
    options = wish_options(ready, asked)
    wishes = Field("wishes", translate("polls.field.wishes"), "multi", options=options)
    more = wish_field("more", translate("polls.field.another"))
    return Form(
        deed="poll.add",
        subject=str(poll.number),
        title=translate("polls.add.title", number=poll.number),
        intro=translate("polls.add.intro"),
        submit=translate("polls.add.submit"),
        fields=(wishes, more) if options else (more,),
    )
