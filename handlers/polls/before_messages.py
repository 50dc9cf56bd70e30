"""What a poll looks like before it opens: to the leader as a draft, and to everybody while it is discussed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from handlers.chat.messages import Actions, Button, Facts, Heading, Item, Listing, Message, Note, Text, message
from handlers.polls.state import PollState
from handlers.polls.words import candidate_name, cost_text, limits_text, named, visibility_text
from locales import long_moment, translate
from storage.enums import PollStatus
from storage.models.polls import Candidate, Poll


def draft_message(
    poll: Poll, candidates: Sequence[Candidate], alike: Sequence[tuple[int, int]], *, debates: bool
) -> Message:
    """A draft, to the leader: all that was filled in, what may be the same wish twice, and the ways to go on.

    Args:
        alike: (newer, older) wish numbers.
        debates: whether it is discussed before it opens.
    """
    by_number = {one.number: one for one in candidates}
    pairs = tuple(
        Item(candidate_name(by_number[newer]), translate("polls.alike.with", name=candidate_name(by_number[older])))
        for newer, older in alike
    )
    return message(
        Heading(named(poll)),
        Listing(tuple(_candidate(one) for one in candidates)),
        _terms(poll),
        Text(translate("polls.alike.question")) if pairs else None,
        Listing(pairs) if pairs else None,
        Actions(tuple(_merge_button(newer, older) for newer, older in alike)) if pairs else None,
        Note(translate("polls.draft_kept", number=poll.number)),
        Actions(_draft_buttons(poll, debates=debates)),
    )


def _merge_button(newer: int, older: int) -> Button:
    label = translate("polls.button.merge", newer=newer, older=older)
    question = translate("polls.alike.merge_question", newer=newer, older=older)
    return Button(label, "wish.merge", f"{newer} {older}", confirm=question)


def _draft_buttons(poll: Poll, *, debates: bool) -> tuple[Button, ...]:
    number = str(poll.number)
    onward = translate("polls.button.begin_debate" if debates else "polls.button.open_as_is")
    return (
        Button(onward, "poll.put_forward", number, style="primary"),
        Button(translate("polls.button.change"), "poll.open_change", number),
        Button(translate("polls.button.discard"), "poll.discard", number, style="danger"),
    )


def debate_message(state: PollState, now: dt.datetime) -> Message:
    """The message under which the candidates are discussed, and what becomes of it when that is over."""
    poll = state.poll
    if poll.status is not PollStatus.DEBATE:
        return message(Heading(named(poll)), Text(_ended(poll)))
    late = poll.opened_at <= now
    key = "polls.debate.waits" if late else "polls.debate.how_to"
    return message(
        Heading(named(poll)),
        Text(translate(key, moment=long_moment(poll.opened_at))),
        Listing(tuple(_candidate(one, state.how_left(one) if one.left else "") for one in state.candidates)),
        _terms(poll),
        Note(visibility_text(poll)) if visibility_text(poll) else None,
        Actions((Button(translate("polls.button.debate_status"), "poll.status", str(poll.number)),)),
    )


def _terms(poll: Poll) -> Facts:
    """How people will vote, and until when."""
    return Facts(
        (
            (translate("polls.label.method"), _method(poll)),
            (translate("polls.label.rule"), translate(f"polls.rule.{poll.rule}")),
            (translate("polls.label.deadline"), long_moment(poll.deadline)),
        )
    )


def _method(poll: Poll) -> str:
    return ". ".join(part for part in (translate(f"polls.method.{poll.method}"), limits_text(poll)) if part)


def _ended(poll: Poll) -> str:
    if poll.status is PollStatus.ANNULLED:
        return translate("polls.is_annulled", reason=poll.reason)
    return translate("polls.debate.over", moment=long_moment(poll.opened_at))


def _candidate(one: Candidate, left: str = "") -> Item:
    return Item(candidate_name(one), left or cost_text(one.cost))


def debate_started(poll: Poll) -> Message:
    """What the leader hears, with what can be done until the poll opens."""
    moment = long_moment(poll.opened_at)
    return message(
        Text(translate("polls.debate.started", number=poll.number, moment=moment)), Actions(debate_buttons(poll))
    )


def debate_buttons(poll: Poll) -> tuple[Button, ...]:
    """The leader's ways on while a poll is discussed."""
    number = str(poll.number)
    question = translate("polls.open_now_question", number=number)
    return (
        Button(translate("polls.button.open_now"), "poll.open_now", number, style="primary", confirm=question),
        Button(translate("polls.button.change"), "poll.open_change", number),
        Button(translate("polls.button.annul"), "poll.open_annul", number, style="danger"),
    )


def debate_status(state: PollState, now: dt.datetime, *, leads: bool) -> Message:
    """How a debate stands, to the one who asks."""
    shown = debate_message(state, now)
    blocks = tuple(block for block in shown.blocks if not isinstance(block, Actions))
    return Message((*blocks, Actions(debate_buttons(state.poll))) if leads else blocks)
