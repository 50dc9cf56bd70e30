"""Voting with emojis: a person's emojis on the poll's messages are their answer, and un-clicking takes it back."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from handlers.ballots.box import Answer
from handlers.ballots.electorate import Seat, find_seat
from handlers.ballots.methods import Kept
from handlers.capability import Ask, Click
from handlers.chat.messages import Text, message
from handlers.chat.replies import Replies, Whisper
from handlers.context import Capacity, Context
from handlers.polls.state import ends_at, get_poll, is_by_emoji, subject_of, terms_of
from handlers.polls.words import answer_text, names_of
from handlers.voting.casting import answer_stands, explain_once, put_answer, tell_moved, tell_waiting
from handlers.voting.marks import read_click
from handlers.voting.reading import read_clicked
from handlers.voting.settling import Settled, settle
from locales import long_moment, plural, translate
from storage.enums import BallotWay, PollMethod, PollStatus
from storage.models.ballots import Ballot
from storage.models.polls import Candidate, Poll
from storage.queries import polls


async def click(context: Context, ask: Ask) -> Replies:
    """Somebody changed emojis on a poll's messages: what is there now is their answer.

    A candidate that has left is told to be away; but who votes by clicks has clicked it all the same, in case it comes
    back. Nobody's first answer is such a click alone, and it replaces no answer in words [choice]."""
    poll = await get_poll(context, int(ask.key.partition(":")[2].partition("/")[0]))
    told: Replies = []
    for too_late in filter(None, (_why_too_late(poll, one) for one in ask.clicks)):
        told += await explain_once(context, poll, "too_late", too_late)
    in_time = _in_time(poll, ask.clicks)
    if not in_time:
        return [*told, *await _count_anew(context, poll)]
    seat = await find_seat(context, subject_of(poll))
    if seat is None:
        return [*told, *await explain_once(context, poll, "non_voter", _why_no_vote(context, poll))]
    if not is_by_emoji(poll):
        return [*told, *await _tell_by_form(context, poll, in_time)]
    if seat.stands:
        stands = await answer_stands(context, poll, seat)
        return [*told, *await explain_once(context, poll, "stands", translate(stands.key, **stands.parameters))]
    candidates = await polls.list_candidates(context.session, poll.id)
    by_clicks = seat.ballot is not None and seat.ballot.way is BallotWay.EMOJI
    counting: list[Clicked] = []
    for clicked in in_time:
        candidate = _candidate_of(poll, candidates, clicked.click)
        if candidate is not None and (by_clicks or not candidate.left):
            counting.append(dataclasses.replace(clicked, candidate=candidate))
        if clicked.is_put_on and (candidate is None or candidate.left):
            told += await _tell_of_emoji(context, poll, candidate)
    return [*told, *await _count(context, poll, candidates, seat, counting)] if counting else told


@dataclass(frozen=True, slots=True)
class Clicked:
    """A click and what counts of it. `candidate`: what it stands for, where that is known."""

    click: Click
    said: Settled
    candidate: Candidate | None = None

    @property
    def is_put_on(self) -> bool:
        """Whether somebody has just put it on, in time."""
        return self.click.on and self.click.renewed and not self.said.late

    def is_put_on_after(self, known: Ballot, now: dt.datetime) -> bool:
        """Whether it was put on after this answer, and when what it stands for could be chosen. Of two things at one
        instant, an emoji that is there came last, and one that is off again came first."""
        returned_at = self.candidate.returned_at if self.candidate else None
        at = (self.said.at if self.said.dated else now) if self.said.on else self.said.put_on_at
        if at is None or (returned_at is not None and at <= returned_at):
            return False
        return at >= known.changed_at if self.said.on else at > known.changed_at


def _in_time(poll: Poll, clicks: Sequence[Click]) -> list[Clicked]:
    """What of the clicks was in time, as far as anything of that is known."""
    if poll.status is not PollStatus.OPEN:
        return []
    found = [Clicked(one, settle(one.now, one.changes, ends_at(poll))) for one in clicks]
    return [one for one in found if one.said.at is not None]


async def _count_anew(context: Context, poll: Poll) -> Replies:
    """A click that was first found in the chat's list, which says no time, and that now turns out to have come too late
    is taken out of the answer again, as long as that has not been counted."""
    seat = await find_seat(context, subject_of(poll))
    if poll.status is not PollStatus.OPEN or not is_by_emoji(poll):
        return []
    if seat is None or seat.ballot is None or seat.stands:
        return []
    return await _count(context, poll, await polls.list_candidates(context.session, poll.id), seat, ())


def _candidate_of(poll: Poll, candidates: Sequence[Candidate], one: Click) -> Candidate | None:
    clicked = read_click(terms_of(poll), int(one.key.partition("/")[2]), one.emoji)
    return next((found for found in candidates if clicked and found.position == clicked[0]), None)


async def _count(
    context: Context, poll: Poll, candidates: list[Candidate], seat: Seat, clicks: Sequence[Clicked]
) -> Replies:
    known, on = seat.ballot, any(one.is_put_on for one in clicks)
    if known is not None and _stands_in_words(context, known, clicks):
        return []
    if seat.before is not None and not on:
        return []
    clicked = await read_clicked(context, poll, candidates, context.me.id)
    kept, at = clicked.kept, min(clicked.at or context.now, context.now, poll.deadline)
    told = _tell_extra(poll, candidates, kept) if on else []
    if known is not None and known.way is BallotWay.EMOJI and known.marks == kept.marks and at <= known.changed_at:
        return told
    at = max(at, known.changed_at) if known else at
    answer = Answer(seat.unit_id, kept.marks, BallotWay.EMOJI, at, seat.confirmed, seat.on_behalf_of)
    if known is not None and known.way is not BallotWay.EMOJI:
        said = translate("voting.click_replaced", number=poll.number, names=answer_text(poll, candidates, kept.marks))
        told += await explain_once(context, poll, "click_replaced", said)
    told += await tell_moved(context, poll, seat, answer_text(poll, candidates, kept.marks))
    told += await tell_waiting(context, poll, seat)
    return [*told, *await put_answer(context, poll, context.me.id, answer, known)]


def _stands_in_words(context: Context, known: Ballot, clicks: Sequence[Clicked]) -> bool:
    """Whether an answer in words stays as it is. An emoji that is put on later replaces it, also where it is off again
    by now; one that is taken off only tidies up [choice]."""
    return known.way is not BallotWay.EMOJI and not any(one.is_put_on_after(known, context.now) for one in clicks)


def _why_too_late(poll: Poll, one: Click) -> str:
    """Why a click no longer counts, empty where it does. Where it was found by reading a chat whose list says no times,
    nobody knows when it was made: it counts as long as the poll is open."""
    if poll.status is PollStatus.ANNULLED:
        return translate("voting.annulled_click", number=poll.number)
    if poll.status is not PollStatus.OPEN:
        return translate("voting.closed_click", number=poll.number)
    if not one.now.dated or one.now.at <= ends_at(poll):
        return ""
    if poll.close_asked_at is not None:
        return translate("voting.closed_click", number=poll.number)
    return translate("voting.too_late", number=poll.number, moment=long_moment(poll.deadline))


def _why_no_vote(context: Context, poll: Poll) -> str:
    standing = context.standing
    if standing.unit is not None:
        return translate("voting.unit_came_later", unit=standing.unit.name, number=poll.number)
    if standing.capacities & {Capacity.SUPPLIER, Capacity.SECRETARIAT}:
        return translate("voting.no_vote_here")
    return translate("voting.non_voter")


async def _tell_by_form(context: Context, poll: Poll, clicks: Sequence[Clicked]) -> Replies:
    """An emoji on a poll that is answered in a form is no vote, and whoever puts it there hears how to vote."""
    if not any(one.is_put_on for one in clicks):
        return []
    return await explain_once(context, poll, "by_form", translate("voting.by_form", number=poll.number))


async def _tell_of_emoji(context: Context, poll: Poll, candidate: Candidate | None) -> Replies:
    """An emoji that stands for nothing, or for a wish that has left, gets one friendly line."""
    if candidate is None:
        return await explain_once(context, poll, "no_candidate", translate("voting.no_candidate", number=poll.number))
    text = translate("voting.candidate_left", wish=candidate.number, title=candidate.title)
    return await explain_once(context, poll, f"left:{candidate.number}", text)


def _tell_extra(poll: Poll, candidates: Sequence[Candidate], kept: Kept) -> Replies:
    """Going over a limit tells what to take back: what was there first counts, the last clicks don't yet [choice]."""
    if not kept.extra:
        return []
    counted = answer_text(poll, candidates, kept.marks)
    extra = names_of(candidates, [int(option) for option in kept.extra])
    if poll.method is PollMethod.APPROVAL:
        clicked = len(kept.marks) + len(kept.extra)
        text = plural("voting.clicked_too_many", poll.most or 0, clicked=clicked, counted=counted, extra=extra)
    else:
        text = translate("voting.clicked_too_many_dots", dots=poll.dots, counted=counted, extra=extra)
    return [Whisper(message(Text(text)))]
