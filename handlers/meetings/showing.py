"""Shows meetings to the one who asks: the list, the status against the minimum, the agenda."""

from __future__ import annotations

import datetime as dt

from handlers.capability import Ask, Deed
from handlers.chat.replies import Replies, Whisper
from handlers.context import Context
from handlers.meetings import agenda, messages
from handlers.meetings.deeds import get_meeting, read_year
from handlers.workdays import local_moment
from locales import zone
from storage.queries import meetings


async def list_meetings(context: Context, ask: Ask) -> Replies:
    """This year's meetings."""
    year = context.today.year
    first = local_moment(dt.date(year, 1, 1), dt.time(), zone())
    end = local_moment(dt.date(year + 2, 1, 1), dt.time(), zone())
    found = await meetings.list_meetings(context.session, context.group.id, first, end)
    return [Whisper(messages.meeting_list(found, year))]


async def show_status(context: Context, ask: Ask) -> Replies:
    """`/møde status`: held, planned and owed."""
    year = await read_year(context, context.today.year)
    upcoming = await meetings.find_next_meeting(context.session, context.group.id, context.now)
    return [Whisper(messages.status_message(year, context.today, upcoming, settles=context.standing))]


async def show_agenda(context: Context, ask: Ask) -> Replies:
    meeting = await get_meeting(context, ask.number())
    return [Whisper(await agenda.agenda_message(context, meeting, may_change=context.standing.leads))]


DEEDS = (
    Deed("meeting.list", list_meetings, writes=False),
    Deed("meeting.status", show_status, writes=False),
    Deed("meeting.agenda", show_agenda, writes=False),
)
