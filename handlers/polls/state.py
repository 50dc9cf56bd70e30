"""A poll as it stands now: its candidates, its electorate and what the ballots say."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property

from sqlalchemy.ext.asyncio import AsyncSession

from handlers.ballots.box import Box, read_box
from handlers.ballots.counting import add_up, count_supporters
from handlers.ballots.methods import Terms, points_of_all
from handlers.ballots.rules import Cast, Marks
from handlers.chat.messages import NUMBERED
from handlers.chat.refusals import Refusal
from handlers.context import Context
from locales import long_moment, translate
from storage.enums import BallotRule, PollMethod, PollStatus, Visibility, WishStatus
from storage.models.members import Unit
from storage.models.polls import Candidate, Poll
from storage.models.wishes import Wish
from storage.queries import polls, wishes

PAGE = len(NUMBERED)
"""Candidates in one message: as many as there are numbered emojis."""


def subject_of(poll: Poll) -> str:
    """What the log and the ballots call the poll."""
    return f"poll:{poll.number}"


def terms_of(poll: Poll) -> Terms:
    """What the poll asks of a ballot."""
    return Terms(poll.method, poll.most, poll.dots)


def is_by_emoji(poll: Poll) -> bool:
    """Whether people vote by clicking; otherwise by form and in words, as is the only way to hide running results."""
    return poll.visibility is Visibility.OPEN and poll.method is not PollMethod.RANKING


def page_size(poll: Poll, count: int) -> int:
    """How many of so many candidates one of the poll's messages holds."""
    if not is_by_emoji(poll):
        return count
    return PAGE if poll.method is PollMethod.APPROVAL else 1


def page_key(poll: Poll, page: int) -> str:
    """Our name for the poll's message number `page`, from 1."""
    return f"poll:{poll.number}/{page}"


async def list_message_keys(session: AsyncSession, group_id: int, number: int) -> list[str]:
    """The messages of a poll whose emojis are votes, as delivery and the emojis know them."""
    poll = await polls.find_poll(session, group_id, number)
    return list(message_keys(poll)) if poll is not None else []


def message_keys(poll: Poll) -> dict[str, int]:
    """Key → page of the poll's messages whose emojis are votes, as delivery and the emojis know them."""
    if not is_by_emoji(poll):
        return {}
    return {f"{poll.group_id}:{page_key(poll, page)}": page for page in range(1, poll.pages + 1)}


def result_key(poll: Poll) -> str:
    """Our name for the message with the poll's result; its first part is not that of a ballot."""
    return f"poll-result:{poll.number}"


@dataclass(frozen=True)
class PollState:
    """Everything that is known of one poll. `taken_in`: the number of a candidate that was merged → the wish that it
    is in now."""

    poll: Poll
    candidates: list[Candidate]
    box: Box
    taken_in: Mapping[int, Wish] = field(default_factory=dict)

    @cached_property
    def standing(self) -> dict[int, Marks]:
        """The answer of each unit that has voted."""
        return self.box.standing(averages=self.averages)

    @cached_property
    def counting(self) -> list[Cast]:
        """The answers that count now."""
        return self.box.counting(averages=self.averages)

    @property
    def averages(self) -> bool:
        """Whether colleagues' answers count together."""
        return self.poll.ballot_rule is BallotRule.AVERAGE

    @property
    def running(self) -> list[Candidate]:
        """Those that are still candidates."""
        return [one for one in self.candidates if not one.left]

    def how_left(self, one: Candidate) -> str:
        """Why it is no candidate any more: `afvist`, `flettet ind i #12`."""
        into = self.taken_in.get(one.number)
        if into is not None and one.left == WishStatus.MERGED:
            return translate("polls.left.merged_into", into=into.number)
        return translate(f"polls.left.{one.left}")

    @cached_property
    def supporters(self) -> dict[str, int]:
        return count_supporters([str(one.number) for one in self.candidates], list(self.standing.values()))

    @property
    def silent(self) -> list[Unit]:
        """The units that have not voted, by name."""
        return [unit for unit in self.box.units.values() if unit.id not in self.standing]

    def page(self, page: int) -> list[Candidate]:
        """The candidates in the poll's message number `page`."""
        size = page_size(self.poll, len(self.candidates))
        return self.candidates[(page - 1) * size : page * size]

    @cached_property
    def points(self) -> dict[str, Fraction]:
        """Candidate → the points that it has now, of all units together."""
        names = [str(one.number) for one in self.running]
        return add_up(names, points_of_all(self.poll.method, names, self.standing).values())


async def get_poll(context: Context, number: int) -> Poll:
    """The group's poll with this number; a draft is there for the leader alone.

    Raises:
        Refusal: there is none, or it was a draft that was thrown away.
    """
    poll = await polls.find_poll(context.session, context.group.id, number)
    if poll is None or (poll.status is PollStatus.DRAFT and not context.standing.leads):
        raise Refusal("polls.no_such", number=number)
    if poll.status is PollStatus.DISCARDED:
        raise Refusal("polls.was_discarded", number=number)
    return poll


def check_begun(poll: Poll) -> None:
    """Whether the poll has been open at all.

    Raises:
        Refusal: it is a draft, or still in debate.
    """
    if poll.status is PollStatus.DRAFT:
        raise Refusal("polls.is_draft", number=poll.number)
    if poll.status is PollStatus.DEBATE:
        raise Refusal("polls.not_open_yet", number=poll.number, moment=long_moment(poll.opened_at))


def ends_at(poll: Poll) -> dt.datetime:
    """The last moment that votes are taken at: the deadline, or when the leader asked to close before it."""
    return poll.close_asked_at or poll.deadline


def is_being_counted(poll: Poll, now: dt.datetime) -> bool:
    """Whether it takes no votes any more and has no result yet: the chat is read once more, and the count follows."""
    return poll.status is PollStatus.OPEN and (poll.close_asked_at is not None or poll.deadline < now)


async def get_open_poll(context: Context, number: int) -> Poll:
    """The group's poll with this number, if it takes votes now.

    Raises:
        Refusal: there is none, it has not begun, is closed or annulled, or its deadline has passed.
    """
    poll = await get_poll(context, number)
    check_begun(poll)
    if poll.status is PollStatus.ANNULLED:
        raise Refusal("polls.annulled", number=number)
    if is_being_counted(poll, context.now):
        raise Refusal("polls.being_counted", number=number, moment=long_moment(ends_at(poll)))
    if poll.status is not PollStatus.OPEN:
        raise Refusal("polls.closed", number=number)
    return poll


async def get_closed_poll(context: Context, number: int) -> Poll:
    """The group's poll with this number, if it has a result that stands.

    Raises:
        Refusal: there is none, it is not open yet, is still open, or was annulled.
    """
    poll = await get_poll(context, number)
    check_begun(poll)
    if poll.status is PollStatus.ANNULLED:
        raise Refusal("polls.annulled", number=number)
    if poll.status is not PollStatus.CLOSED:
        raise Refusal("polls.still_open", number=number)
    return poll


async def read_state(context: Context, poll: Poll) -> PollState:
    """The poll as it stands in the database now."""
    candidates = await polls.list_candidates(context.session, poll.id)
    box = await read_box(context.session, context.group.id, subject_of(poll))
    return PollState(poll, candidates, box, await map_taken_in(context, candidates))


async def map_taken_in(context: Context, candidates: Iterable[Candidate]) -> dict[int, Wish]:
    """The numbers of those that were merged → the wish that each is in now."""
    merged = {one.number for one in candidates if one.left == WishStatus.MERGED}
    return await wishes.map_taken_in(context.session, context.group.id, merged) if merged else {}
