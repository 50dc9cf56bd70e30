"""The clock's work for meetings: the agenda a week before, a word to those who have not answered, and the pace."""

from __future__ import annotations

import datetime as dt

from sqlalchemy.ext.asyncio import AsyncSession

from handlers.capability import Due, Timer
from handlers.chat.messages import Actions, Button, Text, message
from handlers.chat.replies import DirectMessage, Notice, Post, Replies
from handlers.context import Context
from handlers.meetings import agenda, messages
from handlers.meetings.deeds import read_year
from handlers.meetings.pace import Year
from handlers.workdays import bundle_moment, is_quiet_day, moved_back
from locales import local_day, long_moment, plural, translate, zone
from storage.enums import MeetingStatus
from storage.models.meetings import Meeting
from storage.models.members import Person
from storage.queries import exchange, meetings, members

NOTICES = {"agenda": dt.timedelta(days=7), "reminder": dt.timedelta(days=1)}
"""What is said before a meeting, and how long before [choice]; on a quiet day it is said the working day before."""

LOOK = dt.timedelta(hours=-1)
"""The pace is looked at this long before the day's bundle, so that its line goes with it."""


def notice_moment(meeting: Meeting, kind: str) -> dt.datetime:
    """When a notice of this kind is due."""
    return moved_back(meeting.starts_at - NOTICES[kind], zone())


async def next_notice(session: AsyncSession, after: dt.datetime) -> dt.datetime | None:
    planned = await meetings.list_planned(session, after)
    moments = [notice_moment(meeting, kind) for meeting in planned for kind in NOTICES]
    return min((moment for moment in moments if moment > after), default=None)


async def list_notices(session: AsyncSession, now: dt.datetime) -> list[Due]:
    """Notices whose moment has come and whose meeting has not; a meeting planned later than that gets none, since its
    card has just been shown."""
    due = []
    for meeting in await meetings.list_planned(session, now):
        for kind in NOTICES:
            moment = notice_moment(meeting, kind)
            if meeting.created_at < moment <= now:
                due.append(Due(meeting.group_id, moment, f"{meeting.number}/{kind}"))
    return due


async def give_notice(context: Context, due: Due) -> Replies:
    number, _, kind = due.subject.partition("/")
    meeting = await meetings.find_meeting(context.session, context.group.id, int(number))
    if meeting is None or meeting.status is not MeetingStatus.PLANNED or notice_moment(meeting, kind) != due.moment:
        return []
    if kind == "agenda":
        with context.speaking_to_group():
            shown = await agenda.agenda_message(context, meeting)
        return [Post(f"meeting:{meeting.number}/agenda/{meeting.sequence}", context.group.channel, shown)]
    return [_reminder(context, meeting, person) for person in await _silent(context, meeting)]


async def _silent(context: Context, meeting: Meeting) -> list[Person]:
    """Representatives who have not answered, and whose unit nobody else answers for."""
    answers = await meetings.list_attendance(context.session, meeting.id)
    answered = {person.id for _, person, _ in answers}
    units = {unit.id for _, _, unit in answers if unit is not None}
    representatives = await members.list_representatives(context.session, context.group.id)
    return [
        person
        for person, unit, _ in representatives
        if person.id not in answered and unit.id not in units and not person.muted
    ]


def _reminder(context: Context, meeting: Meeting, person: Person) -> DirectMessage:
    with context.speaking_to(person):
        when = long_moment(meeting.starts_at)
        text = translate("meetings.reminder", number=meeting.number, title=meeting.title, when=when)
        number = str(meeting.number)
        coming = Button(translate("meetings.button.coming"), "meeting.coming", number, style="primary")
        apology = Button(translate("meetings.button.apology"), "meeting.apology_form", number)
        return DirectMessage(person.id, message(Text(text), Actions((coming, apology))))


async def next_look(session: AsyncSession, after: dt.datetime) -> dt.datetime | None:
    day = local_day(after)
    while is_quiet_day(day) or _look(day) <= after:
        day += dt.timedelta(days=1)
    return _look(day)


async def list_looks(session: AsyncSession, now: dt.datetime) -> list[Due]:
    """Each group's pace, once a working day."""
    today = local_day(now)
    if is_quiet_day(today) or now < _look(today):
        return []
    return [Due(group.id, _look(today)) for group in await members.list_groups(session)]


def _look(day: dt.date) -> dt.datetime:
    return bundle_moment(day, zone()) + LOOK


async def look_at_pace(context: Context, due: Due) -> Replies:
    """One line where the group has fallen behind, should plan, or has its last chance; each is said once."""
    year = await read_year(context, context.today.year)
    situation = _situation(year, context.today)
    if situation is None:
        return []
    key = f"pace:{context.group.id}:{year.year}:{situation}:{year.due_by(context.today)}"
    if situation == "last_call":
        key = f"pace:{context.group.id}:{year.year}:last_call"
    if not await exchange.claim(context.session, key, context.now):
        return []
    with context.speaking_to_group():
        text = _warning(year, situation, context.today)
    return [Notice(text, "meetings/pace", "meetings")]


def _situation(year: Year, today: dt.date) -> str | None:
    if year.is_last_call(today):
        return "last_call"
    if year.is_behind(today):
        return "behind"
    return "plan" if year.needs_planning(today) else None


def _warning(year: Year, situation: str, today: dt.date) -> str:
    if situation == "behind":
        return messages.pace_text(year, today)
    return plural(f"meetings.warning.{situation}", year.missing, owed=year.owed)


TIMERS = (
    Timer("meeting_notices", next_notice, list_notices, give_notice),
    Timer("meeting_pace", next_look, list_looks, look_at_pace),
)
