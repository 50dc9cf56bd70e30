"""What is done to meetings: found, stored, shown anew, and told of with a calendar file."""

from __future__ import annotations

import datetime as dt

from handlers.chat.messages import Text, message
from handlers.chat.refusals import Refusal
from handlers.chat.replies import Attach, Post, Replies, Seed, Update, Whisper
from handlers.context import Context
from handlers.decisions.chain import record
from handlers.meetings import messages
from handlers.meetings.calendar import calendar_file
from handlers.meetings.pace import Year
from handlers.meetings.reading import MeetingFields
from handlers.members.settings import read_settings
from handlers.workdays import is_working_day, local_moment
from locales import join_words, local_day, long_date, plural, translate, weekday, zone
from storage.enums import MeetingStatus
from storage.models.meetings import Meeting
from storage.queries import log, meetings, members

SATURDAY = 5


async def get_meeting(context: Context, number: int) -> Meeting:
    """The group's meeting with this number.

    Raises:
        Refusal: there is none.
    """
    meeting = await meetings.find_meeting(context.session, context.group.id, number)
    if meeting is None:
        raise Refusal("meetings.no_such", number=number)
    return meeting


async def get_planned(context: Context, number: int) -> Meeting:
    """The group's meeting with this number, still to be held.

    Raises:
        Refusal: there is none, or it is over.
    """
    meeting = await get_meeting(context, number)
    if meeting.status is not MeetingStatus.PLANNED:
        raise Refusal(f"meetings.is_{meeting.status}", number=number)
    return meeting


async def store_meeting(context: Context, fields: MeetingFields) -> Meeting:
    """A new meeting with the next number; held already where `fields` says so."""
    meeting = Meeting(
        group_id=context.group.id,
        number=await meetings.next_number(context.session, context.group.id),
        title=fields.title,
        starts_at=fields.starts_at,
        minutes_long=fields.minutes_long,
        place=fields.place,
        agenda=fields.agenda,
        chair=fields.chair,
        minute_taker=fields.minute_taker,
        status=MeetingStatus.HELD if fields.held else MeetingStatus.PLANNED,
        units_present=fields.units,
        uid=f"{context.new_id()}@oenskebot",
        sequence=0,
        created_at=context.now,
    )
    context.session.add(meeting)
    await context.session.flush()
    facts = {"starts_at": fields.starts_at.isoformat(), "title": fields.title, "units": fields.units}
    await record(context, f"meeting.{meeting.status}", f"meeting:{meeting.number}", facts)
    return meeting


async def store_held_meeting(context: Context, held_at: dt.datetime, units_present: int) -> Meeting:
    """A meeting that was held before the group came to the bot."""
    title = translate("meetings.default_title")
    fields = MeetingFields(title, held_at, 90, "", "", "", "", held=True, units=units_present)
    return await store_meeting(context, fields)


async def announce(context: Context, meeting: Meeting) -> Replies:
    """The card with its emojis, and the calendar file under it."""
    with context.speaking_to_group():
        card = messages.meeting_card(meeting, [], 0, await present_text(context, meeting, []))
    key = messages.card_key(meeting)
    if meeting.status is not MeetingStatus.PLANNED:
        return [Post(key, context.group.channel, card)]
    return [
        Post(key, context.group.channel, card, ballot=True),
        Seed(key, (messages.COMING, messages.APOLOGY)),
        attach_calendar(context, meeting),
    ]


def attach_calendar(context: Context, meeting: Meeting) -> Attach:
    """The calendar file, under the meeting's card."""
    with context.speaking_to_group():
        description = translate(f"meetings.calendar.{meeting.status}", number=meeting.number)
        name = translate("meetings.calendar.file", number=meeting.number)
    return Attach(
        name=name,
        media_type="text/calendar",
        content=calendar_file(meeting, context.group.product, zone(), context.now),
        description=description,
        channel=context.group.channel,
        thread=messages.card_key(meeting),
    )


def told_of(key: str, meeting: Meeting) -> Whisper:
    """What was done with a meeting; the leader hears when it lies on a day off, where it stands all the same
    [choice]."""
    day = local_day(meeting.starts_at)
    said = translate(key, number=meeting.number)
    if meeting.status is MeetingStatus.PLANNED and not is_working_day(day):
        off = weekday(day) if day.weekday() >= SATURDAY else translate("meetings.free_day")
        said += " " + translate("meetings.on_free_day", date=long_date(day), off=off, number=meeting.number)
    return Whisper(message(Text(said)))


async def find_came(context: Context, meeting: Meeting) -> list[str] | None:
    """The codes of the units that are known to have come; `None` where nobody has ticked them."""
    for entry in reversed(await log.list_about(context.session, context.group.id, f"meeting:{meeting.number}")):
        if entry.kind == "meeting.held" and isinstance(codes := entry.facts.get("units"), list):
            return [str(code) for code in codes]
    return None


async def present_text(context: Context, meeting: Meeting, answers: messages.Answers) -> str:
    """Who was there by their names, or how many, where that is all that is known; empty before the meeting is held."""
    if meeting.units_present is None:
        return ""
    came = await find_came(context, meeting) or []
    units = [unit for unit in await members.list_units(context.session, context.group.id) if unit.code in came]
    if len(units) != meeting.units_present or not units:
        return plural("meetings.units", meeting.units_present)
    return join_words(messages.present_names(units, answers))


async def update_card(context: Context, meeting: Meeting) -> Replies:
    """The card as it now is; a meeting that is over takes no more answers."""
    answers = await meetings.list_attendance(context.session, meeting.id)
    units = await members.list_units(context.session, context.group.id)
    with context.speaking_to_group():
        card = messages.meeting_card(meeting, answers, len(units), await present_text(context, meeting, answers))
    over = meeting.status is not MeetingStatus.PLANNED
    return [Update(messages.card_key(meeting), card, tally=not over, ends_ballot=over)]


async def counted_text(context: Context, meeting: Meeting) -> str:
    """What a meeting that was held means for the year; one to which too few came does not count, and says so."""
    least = (await read_settings(context.session, context.group.id)).least_units
    came = meeting.units_present or 0
    if came < least:
        return plural("meetings.held_too_few", came, number=meeting.number, least=least)
    year = await read_year(context, local_day(meeting.starts_at).year)
    key = "meetings.held_told_before" if year.begins_next else "meetings.held_told"
    return translate(key, number=meeting.number, held=year.held, owed=year.owed, year=year.year)


async def read_year(context: Context, year: int) -> Year:
    """The group's meetings of a calendar year, for the pace."""
    settings = await read_settings(context.session, context.group.id)
    first = local_moment(dt.date(year, 1, 1), dt.time(), zone())
    end = local_moment(dt.date(year + 1, 1, 1), dt.time(), zone())
    found = await meetings.list_meetings(context.session, context.group.id, first, end)
    held = [one for one in found if one.status is MeetingStatus.HELD]
    counting = [one for one in held if (one.units_present or 0) >= settings.least_units]
    return Year(
        year=year,
        minimum=settings.minimum,
        founded=local_day(context.group.founded_at),
        held=len(counting) + settings.held_before_in(year),
        planned=tuple(local_day(one.starts_at) for one in found if one.status is MeetingStatus.PLANNED),
    )
