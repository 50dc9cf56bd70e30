"""When a poll has ended, lines that wait for the morning ask nobody to vote any more: they are dropped, or say without
asking what was answered in somebody's name."""

from __future__ import annotations

from handlers.chat.replies import Notice, Replies
from handlers.context import Context
from handlers.polls.happenings import PollAnnulled, PollClosed
from handlers.polls.state import subject_of
from handlers.polls.words import answer_text
from handlers.voting.entering import entry_text
from handlers.voting.on_behalf import read_behalf
from storage.models.ballots import Ballot
from storage.models.exchange import NoticeRow
from storage.models.polls import Poll
from storage.queries import ballots, members, notices, polls

ASKING = frozenset({"reminder", "forecast", "version", "colleague"})
"""What there is to say of a poll only as long as people can vote."""

IN_SOMEBODYS_NAME = frozenset({"on_behalf", "entered"})
"""What people have to hear in any case."""


async def on_closed(context: Context, closed: PollClosed) -> Replies:
    """The result is there."""
    told: Replies = []
    for row in await _list_waiting(context, closed.poll):
        text = await _text_after(context, closed.poll, row)
        if text:
            told.append(Notice(text, row.about, "polls", row.person_id or ""))
        else:
            await context.session.delete(row)
    return told


async def on_annulled(context: Context, annulled: PollAnnulled) -> Replies:
    """Nothing that was answered counts."""
    for row in await _list_waiting(context, annulled.poll):
        await context.session.delete(row)
    return []


async def _list_waiting(context: Context, poll: Poll) -> list[NoticeRow]:
    """The lines that wait and ask for something."""
    rows = await notices.list_waiting_about(context.session, context.group.id, f"{subject_of(poll)}/")
    return [row for row in rows if _what(row) in ASKING | IN_SOMEBODYS_NAME]


def _what(row: NoticeRow) -> str:
    """`version` of `poll:7/version:2`."""
    return row.about.partition("/")[2].partition(":")[0]


async def _text_after(context: Context, poll: Poll, row: NoticeRow) -> str:
    """What the line says now that nobody can vote, empty where it need not be said."""
    if _what(row) == "on_behalf":
        return await _on_behalf_text(context, poll, row.person_id or "")
    return await _entered_text(context, poll, row.person_id or "") if _what(row) == "entered" else ""


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
