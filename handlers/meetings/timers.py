"""The clock's work for meetings: the agenda a week before, a word to those who have not answered, and to the leader
where nobody has said whether the meeting was held.

An agenda is a message of its own; the other two are lines in people's next bundle. All moments are those of a bundle,
so that nothing of it comes at a quiet time.
"""

from __future__ import annotations

import datetime as dt

from sqlalchemy.ext.asyncio import AsyncSession

from handlers.capability import Due, Timer
from handlers.chat.replies import Notice, Post, Replies
from handlers.context import Context
from handlers.meetings import agenda, pacing
from handlers.meetings.rules import KINDS, MARKING_DAYS, NoticeKind, notice_moment
from handlers.workdays import is_quiet, next_bundle
from locales import long_moment, translate, zone
from storage.enums import MeetingStatus
from storage.models.meetings import Meeting
from storage.models.members import Person
from storage.queries import meetings, members


def moment_of(meeting: Meeting, kind: NoticeKind) -> dt.datetime | None:
    """When a notice of this kind is due, `None` for never."""
    return notice_moment(kind, meeting.starts_at, meeting.created_at, zone())


async def next_notice(session: AsyncSession, after: dt.datetime) -> dt.datetime | None:
    """The first moment of all groups' notices; what was missed in a quiet time waits for the next bundle's hour."""
    moments = [moment_of(one, kind) for one in await _list_concerned(session, after) for kind in KINDS]
    coming = [moment for moment in moments if moment is not None and moment > after]
    return min([next_bundle(after, zone()), *coming])


async def list_notices(session: AsyncSession, now: dt.datetime) -> list[Due]:
    """Notices whose moment has come; nothing in quiet hours."""
    if is_quiet(now, zone()):
        return []
    due = []
    for meeting in await _list_concerned(session, now):
        for kind in KINDS:
            moment = moment_of(meeting, kind)
            if moment is not None and moment <= now and _makes_sense(meeting, kind, now):
                due.append(Due(meeting.group_id, moment, f"{meeting.number}/{kind}"))
    return due


def _makes_sense(meeting: Meeting, kind: NoticeKind, now: dt.datetime) -> bool:
    """Whether it still helps anybody: before the meeting, but for the question whether it was held."""
    return kind is NoticeKind.MARKING or now < meeting.starts_at


async def _list_concerned(session: AsyncSession, now: dt.datetime) -> list[Meeting]:
    return await meetings.list_planned(session, now - dt.timedelta(days=MARKING_DAYS))


async def give_notice(context: Context, due: Due) -> Replies:
    """Say it, unless the meeting has been moved, held or cancelled meanwhile."""
    number, _, word = due.subject.partition("/")
    kind = NoticeKind(word)
    meeting = await meetings.find_meeting(context.session, context.group.id, int(number))
    if meeting is None or meeting.status is not MeetingStatus.PLANNED or moment_of(meeting, kind) != due.moment:
        return []
    if kind is NoticeKind.AGENDA:
        with context.speaking_to_group():
            shown = await agenda.agenda_message(context, meeting)
        return [Post(f"meeting:{meeting.number}/agenda/{meeting.sequence}", context.group.channel, shown)]
    if kind is NoticeKind.REMINDER:
        return [_line(context, meeting, kind, person) for person in await _silent(context, meeting)]
    leaders = await members.list_leaders(context.session, context.group.id)
    return [_line(context, meeting, kind, person) for person in leaders]


async def _silent(context: Context, meeting: Meeting) -> list[Person]:
    """Representatives who have not answered, and whose unit nobody else answers for."""
    answers = await meetings.list_attendance(context.session, meeting.id)
    answered = {person.id for _, person, _ in answers}
    units = {unit.id for _, _, unit in answers if unit is not None}
    representatives = await members.list_representatives(context.session, context.group.id)
    return [person for person, unit, _ in representatives if person.id not in answered and unit.id not in units]


def _line(context: Context, meeting: Meeting, kind: NoticeKind, person: Person) -> Notice:
    with context.speaking_to(person):
        when = long_moment(meeting.starts_at)
        text = translate(f"meetings.{kind}", number=meeting.number, title=meeting.title, when=when)
    return Notice(text, f"meeting:{meeting.number}/{kind}", "meetings", person.id)


TIMERS = (Timer("meeting_notices", next_notice, list_notices, give_notice), pacing.TIMER)
