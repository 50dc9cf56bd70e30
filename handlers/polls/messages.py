"""What a poll looks like: its messages with a numbered candidate per line and how it stands."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from handlers.ballots.methods import MOST_DOTS_BY_EMOJI
from handlers.chat.messages import (
    NUMBERED,
    Actions,
    Button,
    Facts,
    Heading,
    Item,
    Listing,
    Message,
    Note,
    Text,
    message,
)
from handlers.polls.state import PAGE, PollState, is_being_counted, is_by_emoji, terms_of
from handlers.polls.words import (
    candidate_name,
    cost_text,
    limits_text,
    named,
    support_text,
    visibility_text,
)
from locales import join_words, long_date, long_moment, plural, translate
from storage.enums import PollMethod, PollStatus, Visibility
from storage.models.polls import Candidate, Poll


def seeds(state: PollState, page: int) -> tuple[str, ...]:
    """The emojis that people click on in the poll's message number `page`."""
    poll = state.poll
    return NUMBERED[: len(state.page(page)) if poll.method is PollMethod.APPROVAL else terms_of(poll).highest]


def page_message(state: PollState, page: int) -> Message:
    """The poll's message number `page`: candidates to click on, and how it stands."""
    poll = state.poll
    is_open, first = poll.status is PollStatus.OPEN, page == 1
    return message(
        Heading(named(poll) if poll.pages == 1 else _named_page(poll, page)),
        Text(_how_to(poll) if is_open else _ended(poll)) if first or not is_open else None,
        Note(visibility_text(poll)) if visibility_text(poll) and first else None,
        Note(translate("polls.clicks_are_not_votes")) if is_by_emoji(poll) else None,
        Listing(tuple(_line(state, one) for one in state.page(page))),
        *_versions(state, page),
        _points_note(poll) if is_open else None,
        Text(standing_text(state)),
        Note(translate("polls.deadline", moment=long_moment(poll.deadline))) if is_open else None,
        *(_ways(state) if first and is_open else ()),
    )


def _versions(state: PollState, page: int) -> tuple[Note, ...]:
    """What came to the poll after it was opened: on the first message, and where it stands."""
    shown = state.candidates if page == 1 else state.page(page)
    versions: dict[tuple[int, dt.datetime], list[str]] = {}
    for one in shown:
        if one.added_at is not None:
            versions.setdefault((one.version, one.added_at), []).append(f"#{one.number}")
    return tuple(
        Note(translate("polls.version", version=version, names=join_words(names), date=long_date(at)))
        for (version, at), names in sorted(versions.items())
    )


def _ways(state: PollState) -> tuple[Note | Actions, ...]:
    """The ways to vote without an emoji."""
    poll = state.poll
    if poll.visibility is Visibility.SECRET:
        return (_buttons(poll),)
    return Note(translate("polls.also_by_text", number=poll.number, example=_example(state))), _buttons(poll)


def _example(state: PollState) -> str:
    numbers = [str(one.number) for one in state.running[:2]]
    if state.poll.method is PollMethod.RANKING:
        return ">".join(numbers)
    if state.poll.method is PollMethod.APPROVAL:
        return ",".join(numbers)
    return ",".join(f"{number}={mark}" for number, mark in zip(numbers, (5, 3), strict=False))


def _named_page(poll: Poll, page: int) -> str:
    return translate("polls.named_page", number=poll.number, title=poll.title, page=page, pages=poll.pages)


def _how_to(poll: Poll) -> str:
    how = translate(f"polls.how_to.{poll.method}") if is_by_emoji(poll) else translate("polls.how_to.form")
    return " ".join(part for part in (how, limits_text(poll), _most_by_click(poll)) if part)


def _most_by_click(poll: Poll) -> str:
    """How to give a wish more points than there are emojis for, where there are more to give."""
    if not is_by_emoji(poll) or poll.method is not PollMethod.POINTS or (poll.dots or 0) <= MOST_DOTS_BY_EMOJI:
        return ""
    return translate("polls.most_by_click", most=MOST_DOTS_BY_EMOJI)


def _ended(poll: Poll) -> str:
    if poll.status is PollStatus.ANNULLED:
        return translate("polls.is_annulled", reason=poll.reason)
    return translate("polls.is_closed", moment=long_moment(poll.closed_at or poll.deadline))


def _line(state: PollState, one: Candidate) -> Item:
    poll = state.poll
    emoji = NUMBERED[one.position % PAGE] if is_by_emoji(poll) and poll.method is PollMethod.APPROVAL else ""
    if one.left:
        return Item(candidate_name(one), state.how_left(one), emoji)
    parts = [cost_text(one.cost)]
    if poll.visibility is Visibility.OPEN:
        parts.append(support_text(poll, state.points[str(one.number)], state.supporters[str(one.number)]))
    return Item(candidate_name(one), " · ".join(parts), emoji)


def _points_note(poll: Poll) -> Note | None:
    """What the points beside a ranking's candidates are, and that they are not yet the result."""
    if poll.method is not PollMethod.RANKING or poll.visibility is not Visibility.OPEN:
        return None
    return Note(translate("polls.borda_so_far"))


def standing_text(state: PollState) -> str:
    """How many municipalities have voted, and how many answers wait, came by mail, or are a substitute's."""
    parts = [translate("polls.voted", voted=len(state.standing), units=len(state.box.units))]
    if waiting := len(state.box.waiting()):
        parts.append(plural("polls.units_waiting", waiting))
    if mailed := sum(cast.mailed for cast in state.counting):
        parts.append(plural("polls.units_mailed", mailed))
    if substituted := sum(cast.substitute for cast in state.counting):
        parts.append(plural("polls.units_substituted", substituted))
    return " ".join(parts)


def _buttons(poll: Poll) -> Actions:
    number = str(poll.number)
    return Actions(
        (
            Button(translate("polls.button.ballot"), "poll.open_ballot", number),
            Button(translate("polls.button.status"), "poll.status", number),
        )
    )


def status_message(state: PollState, mine: str, *, leads: bool, forecast: str = "") -> Message:
    """How the poll stands, to the one who asks: with their own ballot, and for the leader who has not voted and what
    may become of it."""
    poll = state.poll
    facts = [
        (translate("polls.label.standing"), standing_text(state)),
        (translate("polls.label.deadline"), long_moment(poll.deadline)),
        (translate("polls.label.method"), translate(f"polls.method.{poll.method}")),
        (translate("polls.label.rule"), translate(f"polls.rule.{poll.rule}")),
    ]
    if state.averages:
        facts.append((translate("polls.label.ballot_rule"), translate("polls.ballot_rule.average")))
    if poll.quorum:
        facts.append((translate("polls.label.quorum"), translate("polls.quorum_of", percent=poll.quorum)))
    facts.append((translate("polls.label.mine"), mine))
    if forecast:
        facts.append((translate("polls.label.forecast"), forecast))
    if leads and state.silent:
        facts.append((translate("polls.label.silent"), join_words(unit.name for unit in state.silent)))
    return message(
        Heading(named(poll)),
        Listing(tuple(_line(state, one) for one in state.candidates)),
        *_versions(state, page=1),
        _points_note(poll),
        Facts(tuple(facts)),
        _leader_buttons(poll) if leads and poll.status is PollStatus.OPEN else None,
    )


def for_leader(state: PollState) -> tuple[Note | Actions, ...]:
    """What the leader alone sees of a result: who has not voted, and that a meeting can stand behind it."""
    poll, names = state.poll, join_words(unit.name for unit in state.silent)
    silent = (Note(translate("polls.silent", names=names)),) if names else ()
    if poll.status is not PollStatus.CLOSED or poll.ratified_at is not None or not state.standing:
        return silent
    return (*silent, Actions((Button(translate("polls.button.ratify"), "poll.open_ratify", str(poll.number)),)))


def _leader_buttons(poll: Poll) -> Actions:
    """What the leader can still do: nobody enters answers for others in a secret poll, and one is extended once."""
    number = str(poll.number)
    enter = Button(translate("polls.button.enter"), "poll.open_entry", number)
    extend = Button(translate("polls.button.extend"), "poll.open_extend", number)
    return Actions(
        (
            *((enter,) if poll.visibility is not Visibility.SECRET else ()),
            Button(translate("polls.button.add"), "poll.add", number),
            *((extend,) if poll.extended_at is None else ()),
            _close_button(poll),
            Button(translate("polls.button.annul"), "poll.open_annul", number, style="danger"),
        )
    )


def _close_button(poll: Poll) -> Button:
    asked = translate("polls.close_asked", number=poll.number)
    return Button(translate("polls.button.close"), "poll.close", str(poll.number), confirm=asked)


def close_question(state: PollState) -> Message:
    """Is the poll really to be closed now?"""
    return message(
        Text(translate("polls.close_asked", number=state.poll.number)),
        Note(standing_text(state)),
        Actions((Button(translate("polls.button.close"), "poll.close", str(state.poll.number)),)),
    )


def extended_message(poll: Poll, reason: str) -> Message:
    """Everybody hears that there is more time, and why."""
    moment = long_moment(poll.deadline)
    return message(
        Text(translate("polls.was_extended", number=poll.number, title=poll.title, moment=moment)), Note(reason)
    )


def poll_list(found: Sequence[Poll], now: dt.datetime) -> Message:
    """The group's polls, the newest first."""
    if not found:
        return message(Text(translate("polls.none_yet")))
    return message(
        Heading(translate("polls.list")),
        Listing(tuple(Item(named(poll), _state_text(poll, now)) for poll in found)),
        Note(translate("polls.list_hint", number=found[0].number)),
    )


def _state_text(poll: Poll, now: dt.datetime) -> str:
    if is_being_counted(poll, now):
        return translate("polls.status.closing" if poll.close_asked_at else "polls.status.counting")
    if poll.status is PollStatus.CLOSED and poll.ratified_at is not None:
        return translate("polls.status.ratified", moment=long_moment(poll.closed_at or poll.deadline))
    waits = poll.status in (PollStatus.DRAFT, PollStatus.DEBATE)
    ends = poll.deadline if poll.status is PollStatus.OPEN else poll.closed_at or poll.deadline
    return translate(f"polls.status.{poll.status}", moment=long_moment(poll.opened_at if waits else ends))
