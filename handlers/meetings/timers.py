"""The clock's work for meetings: the agenda a week before, a word to those who have not answered, a reminder shortly
before where the group wants one, and a question to the leader where nobody has said whether the meeting was held.

What is for everybody is a message of its own; what is for one person is a line in their next bundle.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from sqlalchemy.ext.asyncio import AsyncSession

from handlers.capability import Due, Timer
from handlers.chat.messages import Facts, Message, Text, message
from handlers.chat.replies import Notice, Post, Replies
from handlers.context import Context
from handlers.meetings import agenda, pacing
from handlers.meetings.rules import DAILY, MARKING_DAYS, NoticeKind, notice_moment, soon_moment
from handlers.workdays import is_quiet, next_bundle
from locales import clock_time, long_moment, translate, zone
from storage.enums import MeetingStatus
from storage.models.meetings import Meeting
from storage.models.members import Person
from storage.queries import meetings, members


def moments_of(meeting: Meeting, minutes: int) -> Iterator[tuple[NoticeKind, dt.datetime]]:
    """When each kind of notice of a meeting is due, if ever.

    Args:
        minutes: so long before it the group wants to be reminded; 0 for not at all.
    """
    starts_at, planned_at = meeting.starts_at, meeting.created_at
    for kind in DAILY:
        if (moment := notice_moment(kind, starts_at, planned_at, zone())) is not None:
            yield kind, moment
    if (moment := soon_moment(starts_at, planned_at, minutes, zone())) is not None:
        yield NoticeKind.SOON, moment


async def next_notice(session: AsyncSession, after: dt.datetime) -> dt.datetime | None:
    """The first moment of all groups' notices; what was missed in a quiet time waits for the next bundle's hour."""
    coming = [moment for _, _, moment in await _list_moments(session, after) if moment > after]
    return min([next_bundle(after, zone()), *coming])


async def list_notices(session: AsyncSession, now: dt.datetime) -> list[Due]:
    """Notices whose moment has come; nothing in quiet hours."""
    if is_quiet(now, zone()):
        return []
    return [
        Due(meeting.group_id, moment, f"{meeting.number}/{kind}")
        for meeting, kind, moment in await _list_moments(session, now)
        if moment <= now and _makes_sense(meeting, kind, now)
    ]


def _makes_sense(meeting: Meeting, kind: NoticeKind, now: dt.datetime) -> bool:
    """Whether it still helps anybody: before the meeting, but for the question whether it was held."""
    return kind is NoticeKind.MARKING or now < meeting.starts_at


async def _list_moments(session: AsyncSession, now: dt.datetime) -> list[tuple[Meeting, NoticeKind, dt.datetime]]:
    minutes = await meetings.map_notice_minutes(session)
    return [
        (meeting, kind, moment)
        for meeting in await meetings.list_planned(session, now - dt.timedelta(days=MARKING_DAYS))
        for kind, moment in moments_of(meeting, minutes.get(meeting.group_id, 0))
    ]


async def give_notice(context: Context, due: Due) -> Replies:
    """Say it, unless the meeting has been moved, held or cancelled meanwhile."""
    number, _, word = due.subject.partition("/")
    kind = NoticeKind(word)
    meeting = await meetings.find_meeting(context.session, context.group.id, int(number))
    if meeting is None or meeting.status is not MeetingStatus.PLANNED:
        return []
    minutes = (await meetings.map_notice_minutes(context.session)).get(context.group.id, 0)
    if (kind, due.moment) not in moments_of(meeting, minutes):
        return []
    if kind in (NoticeKind.AGENDA, NoticeKind.SOON):
        with context.speaking_to_group():
            shown = await _channel_message(context, meeting, kind)
        return [Post(f"meeting:{meeting.number}/{kind}/{meeting.sequence}", context.group.channel, shown)]
    if kind is NoticeKind.REMINDER:
        return [_line(context, meeting, kind, person) for person in await _silent(context, meeting)]
    leaders = await members.list_leaders(context.session, context.group.id)
    return [_line(context, meeting, kind, person) for person in leaders]


async def _channel_message(context: Context, meeting: Meeting, kind: NoticeKind) -> Message:
    if kind is NoticeKind.AGENDA:
        return await agenda.agenda_message(context, meeting)
    when = clock_time(meeting.starts_at)
    text = Text(translate("meetings.soon", number=meeting.number, title=meeting.title, when=when))
    place = Facts(((translate("meetings.label.where"), meeting.place),))
    return message(text, place if meeting.place else None)


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
