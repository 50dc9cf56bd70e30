"""The forms of a result: which meeting stands behind it, and what is prioritised."""

from __future__ import annotations

from collections.abc import Sequence

from handlers.chat.messages import Field, Form, Option
from handlers.polls.rules import LONGEST_TITLE
from handlers.polls.words import named
from locales import translate
from storage.models.polls import Poll


def ratify_form(poll: Poll, meeting: str) -> Form:
    """Which meeting stands behind the result."""
    return Form(
        deed="poll.ratify",
        subject=str(poll.number),
        title=translate("outcomes.ratify.title", number=poll.number),
        intro=named(poll),
        submit=translate("outcomes.ratify.submit"),
        fields=(
            Field("meeting", translate("outcomes.field.meeting"), required=True, value=meeting, maximum=LONGEST_TITLE),
        ),
    )


def decide_form(poll: Poll, options: Sequence[Option], chosen: Sequence[int]) -> Form:
    """Which of the candidates are prioritised; what there is money for is marked."""
    marked = tuple(str(number) for number in chosen)
    return Form(
        deed="poll.prioritise",
        subject=str(poll.number),
        title=translate("outcomes.decide.title"),
        intro=named(poll),
        submit=translate("outcomes.decide.submit"),
        fields=(Field("wishes", translate("outcomes.field.decide"), "multi", value=marked, options=tuple(options)),),
    )
