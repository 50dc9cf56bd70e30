"""What a poll looks like: its messages with a numbered candidate per line and how it stands."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

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
from handlers.polls.rules import PAGE
from handlers.polls.state import PollState
from locales import join_words, long_moment, money, plural, translate
from storage.enums import PollStatus
from storage.models.polls import Candidate, Poll


def named(poll: Poll) -> str:
    return translate("polls.named", number=poll.number, title=poll.title)


def candidate_text(one: Candidate) -> str:
    """`#43 Vis mailadresse · 20.000 kr.`."""
    return f"{candidate_name(one)} · {cost_text(one.cost)}"


def candidate_name(one: Candidate) -> str:
    return translate("polls.candidate", number=one.number, title=one.title)


def cost_text(cost: int | None) -> str:
    return money(cost) if cost is not None else translate("polls.no_estimate")


def names_of(candidates: Iterable[Candidate], numbers: Sequence[int]) -> str:
    """`#43 Vis mailadresse og #12 Hurtigere søgning`, in the order of `numbers`."""
    by_number = {one.number: one for one in candidates}
    return join_words(candidate_name(by_number[number]) for number in numbers)


def page_message(state: PollState, page: int) -> Message:
    """The poll's message number `page`: candidates to click on, and how it stands."""
    poll = state.poll
    is_open, first = poll.status is PollStatus.OPEN, page == 1
    return message(
        Heading(named(poll) if poll.pages == 1 else _named_page(poll, page)),
        Text(_how_to(poll) if is_open else _ended(poll)) if first or not is_open else None,
        Note(translate("polls.clicks_are_not_votes")),
        Listing(tuple(_line(state, one) for one in state.page(page))),
        Text(standing_text(state)),
        Note(translate("polls.deadline", moment=long_moment(poll.deadline))) if is_open else None,
        *(_ways(state) if first and is_open else ()),
    )


def _ways(state: PollState) -> tuple[Note, Actions]:
    """The ways to vote without an emoji."""
    example = ",".join(str(one.number) for one in state.running[:2])
    return Note(translate("polls.also_by_text", number=state.poll.number, example=example)), _buttons(state.poll)


def _named_page(poll: Poll, page: int) -> str:
    return translate("polls.named_page", number=poll.number, title=poll.title, page=page, pages=poll.pages)


def _how_to(poll: Poll) -> str:
    how = translate("polls.how_to")
    return f"{how} {plural('polls.how_to_most', poll.most)}" if poll.most else how


def _ended(poll: Poll) -> str:
    if poll.status is PollStatus.ANNULLED:
        return translate("polls.is_annulled", reason=poll.reason)
    return translate("polls.is_closed", moment=long_moment(poll.closed_at or poll.deadline))


def _line(state: PollState, one: Candidate) -> Item:
    emoji = NUMBERED[one.position % PAGE]
    if one.left:
        return Item(candidate_name(one), translate(f"polls.left.{one.left}"), emoji)
    support = plural("polls.units", state.supporters[str(one.number)])
    return Item(candidate_name(one), f"{cost_text(one.cost)} · {support}", emoji)


def standing_text(state: PollState) -> str:
    """How many municipalities have voted, and how many answers wait or came by mail."""
    parts = [translate("polls.voted", voted=len(state.standing), units=len(state.box.units))]
    if waiting := len(state.box.waiting()):
        parts.append(plural("polls.units_waiting", waiting))
    if mailed := len(state.box.mailed()):
        parts.append(plural("polls.units_mailed", mailed))
    return " ".join(parts)


def _buttons(poll: Poll) -> Actions:
    number = str(poll.number)
    return Actions(
        (
            Button(translate("polls.button.ballot"), "poll.open_ballot", number),
            Button(translate("polls.button.status"), "poll.status", number),
        )
    )


def status_message(state: PollState, mine: Sequence[int], *, leads: bool) -> Message:
    """How the poll stands, to the one who asks: with their own ballot, and for the leader who has not voted."""
    poll = state.poll
    facts = [
        (translate("polls.label.standing"), standing_text(state)),
        (translate("polls.label.deadline"), long_moment(poll.deadline)),
        (translate("polls.label.rule"), translate(f"polls.rule.{poll.rule}")),
    ]
    if poll.quorum:
        facts.append((translate("polls.label.quorum"), translate("polls.quorum_of", percent=poll.quorum)))
    facts.append(
        (
            translate("polls.label.mine"),
            names_of(state.candidates, mine) if mine else translate("polls.not_voted_yet"),
        )
    )
    if leads and state.silent:
        facts.append((translate("polls.label.silent"), join_words(unit.name for unit in state.silent)))
    return message(
        Heading(named(poll)),
        Listing(tuple(_line(state, one) for one in state.candidates)),
        Facts(tuple(facts)),
        _leader_buttons(poll) if leads and poll.status is PollStatus.OPEN else None,
    )


def silent_note(state: PollState) -> Note:
    """Who has not voted: for the leader alone."""
    return Note(translate("polls.silent", names=join_words(unit.name for unit in state.silent)))


def _leader_buttons(poll: Poll) -> Actions:
    number = str(poll.number)
    return Actions(
        (
            Button(translate("polls.button.enter"), "poll.open_entry", number),
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
        Actions((_close_button(state.poll),)),
    )


def poll_list(found: Sequence[Poll]) -> Message:
    """The group's polls, the newest first."""
    if not found:
        return message(Text(translate("polls.none_yet")))
    return message(
        Heading(translate("polls.list")),
        Listing(tuple(Item(named(poll), _state_text(poll)) for poll in found)),
        Note(translate("polls.list_hint", number=found[0].number)),
    )


def _state_text(poll: Poll) -> str:
    moment = poll.deadline if poll.status is PollStatus.OPEN else poll.closed_at or poll.deadline
    return translate(f"polls.status.{poll.status}", moment=long_moment(moment))
