"""A vote that a substitute gave is told to the colleague in whose place it was given, and so is every change of it."""

from __future__ import annotations

from dataclasses import dataclass

from handlers.chat.replies import Notice, Replies
from handlers.context import Context
from handlers.polls.words import answer_text
from handlers.workdays import goes_at_once
from locales import translate, zone
from storage.enums import Visibility
from storage.models.ballots import Ballot
from storage.models.exchange import NoticeRow
from storage.models.members import Person
from storage.models.polls import Candidate, Poll
from storage.queries import exchange, members, notices, polls


@dataclass(frozen=True, slots=True)
class Behalf:
    """What a substitute (`voter`) has answered in a colleague's place (`principal`)."""

    poll: Poll
    ballot: Ballot
    voter: Person
    principal: Person
    unit: str
    candidates: list[Candidate]

    @property
    def is_secret(self) -> bool:
        return self.poll.visibility is Visibility.SECRET

    @property
    def about(self) -> str:
        return f"poll:{self.poll.number}/on_behalf"

    def text(self, context: Context, how: str) -> str:
        """In the colleague's language, for the `first` time, `again`, or when the poll has `closed`; of a secret poll
        it says only that there is an answer."""
        poll, ends = self.poll, how == "closed"
        key, may = "taken_back", "voting.vote_yourself"
        if self.ballot.marks:
            key = f"{'secret_' if self.is_secret else ''}{'first' if ends else how}"
            may = f"voting.put_right.{poll.ballot_rule}"
        with context.speaking_to(self.principal):
            names = answer_text(poll, self.candidates, self.ballot.marks)
            parts = {"name": self.voter.name, "unit": self.unit, "number": poll.number, "names": names}
            said = translate(f"voting.on_behalf.{key}", **parts)
            return f"{said} {translate('voting.poll_closed' if ends else may)}"


async def read_behalf(context: Context, poll: Poll, ballot: Ballot, principal: str) -> Behalf:
    """Everything that the colleague hears of it. `principal`: our id of them."""
    people = await members.map_people(context.session, [principal, ballot.person_id])
    unit = await members.get_unit(context.session, ballot.unit_id)
    candidates = await polls.list_candidates(context.session, poll.id)
    return Behalf(poll, ballot, people[ballot.person_id], people[principal], unit.name, candidates)


async def tell_principal(context: Context, poll: Poll, ballot: Ballot, principal: str) -> Replies:
    """The colleague hears what stands now, unless that is what they heard last; the line that waits for the bundle, and
    the message of the last day, always say the newest. `principal`: our id of them, empty for nobody."""
    if not principal:
        return []
    behalf = await read_behalf(context, poll, ballot, principal)
    last = await notices.find_told(context.session, context.group.id, principal, behalf.about)
    if not _is_news(context, behalf, last):
        waiting = await exchange.find_waiting_notice(context.session, context.group.id, principal, behalf.about)
        if waiting is not None:
            await context.session.delete(waiting)
        return []
    changed = last is not None and not goes_at_once(context.now, poll.deadline, zone())
    text = behalf.text(context, "again" if changed else "first")
    return [Notice(text, behalf.about, "polls", principal, before=poll.deadline)]


def _is_news(context: Context, behalf: Behalf, last: NoticeRow | None) -> bool:
    """Whether the colleague has not heard just that. What is said of a secret poll tells no answer from another, and
    nobody needs to hear that an answer that they never heard of is gone."""
    if last is None:
        return bool(behalf.ballot.marks)
    if behalf.is_secret and behalf.ballot.marks:
        return True
    return last.text not in {behalf.text(context, how) for how in ("first", "again")}
