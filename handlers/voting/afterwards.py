"""When a poll has ended, lines that wait for the morning ask nobody to vote any more: they are dropped, or say without
asking what was answered in somebody's name."""

from __future__ import annotations

from handlers.chat.replies import Notice, Replies
from handlers.context import Context
from handlers.polls.happenings import PollEnded
from handlers.polls.state import subject_of
from handlers.polls.words import answer_text
from handlers.voting.entering import entry_text
from handlers.voting.on_behalf import read_behalf
from storage.enums import PollStatus
from storage.models.ballots import Ballot
from storage.models.exchange import NoticeRow
from storage.models.polls import Poll
from storage.queries import ballots, members, notices, polls

ASKING = frozenset({"reminder", "forecast", "version", "candidate", "colleague", "no_voice"})
"""What there is to say to a person of a poll only as long as they can vote."""

IN_SOMEBODYS_NAME = frozenset({"on_behalf", "entered"})
"""What people have to hear in any case."""


async def on_ended(context: Context, ended: PollEnded) -> Replies:
    """The result is there, or the poll was annulled, and nothing that was answered in it counts."""
    told: Replies = []
    for row in await notices.list_waiting_about(context.session, context.group.id, f"{subject_of(ended.poll)}/"):
        if row.person_id is None or _what(row) not in ASKING | IN_SOMEBODYS_NAME:
            continue
        if text := await _text_after(context, ended.poll, row.person_id, _what(row)):
            told.append(Notice(text, row.about, "polls", row.person_id))
        else:
            await context.session.delete(row)
    return told


def _what(row: NoticeRow) -> str:
    """`version` of `poll:7/version:2`."""
    return row.about.partition("/")[2].partition(":")[0]


async def _text_after(context: Context, poll: Poll, person_id: str, what: str) -> str:
    """What there is to say to this person now that nobody can vote, empty for nothing."""
    if poll.status is PollStatus.ANNULLED or what in ASKING:
        return ""
    text_of = _on_behalf_text if what == "on_behalf" else _entered_text
    return await text_of(context, poll, person_id)


async def _on_behalf_text(context: Context, poll: Poll, principal: str) -> str:
    rows = await ballots.list_ballots(context.session, context.group.id, subject_of(poll))
    given = [row for row in rows if row.on_behalf_of == principal]
    if not given:
        return ""
    newest = max(given, key=lambda row: (row.changed_at, row.turn))
    return (await read_behalf(context, poll, newest, principal)).text(context, "closed")


async def _entered_text(context: Context, poll: Poll, person_id: str) -> str:
    entered = await _find_entered(context, poll, person_id)
    if entered is None:
        return ""
    people = await members.map_people(context.session, [person_id, entered.entered_by])
    unit = await members.get_unit(context.session, entered.unit_id)
    candidates = await polls.list_candidates(context.session, poll.id)
    with context.speaking_to(people[person_id]):
        names = answer_text(poll, candidates, entered.marks)
        return entry_text(poll, people[entered.entered_by].name, unit.name, names, closed=True)


async def _find_entered(context: Context, poll: Poll, person_id: str) -> Ballot | None:
    """What was entered for the unit that this person speaks for."""
    for person, unit, _ in await members.list_representatives(context.session, context.group.id):
        if person.id == person_id:
            return await ballots.find_entered_ballot(context.session, context.group.id, subject_of(poll), unit.id)
    return None
