"""Meetings are planned, changed, held, cancelled and written down."""

from __future__ import annotations

from handlers.capability import Ask, Deed
from handlers.chat.messages import Text, message
from handlers.chat.refusals import Refusal
from handlers.chat.replies import OpenForm, Post, Replies, Whisper
from handlers.context import Context
from handlers.decisions.chain import record
from handlers.inputs import read_text
from handlers.meetings import agenda, messages
from handlers.meetings.deeds import (
    announce,
    attach_calendar,
    get_meeting,
    get_planned,
    read_year,
    store_meeting,
    update_card,
)
from handlers.meetings.reading import LONGEST_TEXT, read_meeting
from locales import local_day, translate
from storage.enums import Attending, MeetingStatus
from storage.queries import meetings, members


async def open_form(context: Context, ask: Ask) -> Replies:
    return [OpenForm(messages.meeting_form(context.today, context.me.name))]


async def plan_meeting(context: Context, ask: Ask) -> Replies:
    """A new meeting: its card for everybody, with a calendar file."""
    meeting = await store_meeting(context, read_meeting(ask, context.now, context.today))
    return [*await announce(context, meeting), _told("meetings.stored", meeting.number)]


async def open_change_form(context: Context, ask: Ask) -> Replies:
    meeting = await get_planned(context, ask.number())
    return [OpenForm(messages.meeting_form(context.today, context.me.name, meeting))]


async def change_meeting(context: Context, ask: Ask) -> Replies:
    """Another time, place or agenda: the same calendar entry, one step on."""
    meeting = await get_planned(context, ask.number())
    fields = read_meeting(ask, context.now, context.today)
    before = meeting.starts_at
    meeting.title, meeting.starts_at, meeting.minutes_long = fields.title, fields.starts_at, fields.minutes_long
    meeting.place, meeting.agenda = fields.place, fields.agenda
    meeting.chair, meeting.minute_taker = fields.chair, fields.minute_taker
    meeting.sequence += 1
    facts = {"before": before.isoformat(), "after": meeting.starts_at.isoformat()}
    await record(context, "meeting.changed", f"meeting:{meeting.number}", facts)
    told = _told("meetings.changed", meeting.number)
    return [told, *await update_card(context, meeting), attach_calendar(context, meeting)]


async def open_held_form(context: Context, ask: Ask) -> Replies:
    """`/møde afholdt 3`: who came?"""
    meeting = await get_planned(context, ask.number())
    if meeting.starts_at > context.now:
        raise Refusal("meetings.not_begun", number=meeting.number)
    units = await members.list_units(context.session, context.group.id)
    answers = await meetings.list_attendance(context.session, meeting.id)
    came = [unit.id for attendance, _, unit in answers if unit and attendance.answer is Attending.COMING]
    return [OpenForm(messages.held_form(meeting, units, came))]


async def mark_held(context: Context, ask: Ask) -> Replies:
    """The meeting counts from now on, if enough units came."""
    meeting = await get_planned(context, ask.number())
    units = await members.list_units(context.session, context.group.id)
    came = [unit for unit in units if str(unit.id) in ask.chosen("came")]
    meeting.status, meeting.units_present = MeetingStatus.HELD, len(came)
    await record(context, "meeting.held", f"meeting:{meeting.number}", {"units": [unit.code for unit in came]})
    year = await read_year(context, local_day(meeting.starts_at).year)
    told = translate("meetings.held_told", number=meeting.number, held=year.held, owed=year.owed)
    return [Whisper(message(Text(told))), *await update_card(context, meeting)]


async def open_cancel_form(context: Context, ask: Ask) -> Replies:
    meeting = await get_meeting(context, ask.number())
    if meeting.status is MeetingStatus.CANCELLED:
        raise Refusal("meetings.is_cancelled", number=meeting.number)
    return [OpenForm(messages.cancel_form(meeting))]


async def cancel_meeting(context: Context, ask: Ask) -> Replies:
    """A planned meeting is off; one wrongly marked as held is annulled by a new entry."""
    meeting = await get_meeting(context, ask.number())
    if meeting.status is MeetingStatus.CANCELLED:
        raise Refusal("meetings.is_cancelled", number=meeting.number)
    reason = read_text(ask.typed("reason"), "reason", LONGEST_TEXT, required=True)
    kind = "meeting.annulled" if meeting.status is MeetingStatus.HELD else "meeting.cancelled"
    meeting.status, meeting.reason = MeetingStatus.CANCELLED, reason
    meeting.sequence += 1
    await record(context, kind, f"meeting:{meeting.number}", {"reason": reason})
    with context.speaking_to_group():
        said = message(Text(translate("meetings.off", number=meeting.number, title=meeting.title, reason=reason)))
    return [
        Post(f"meeting:{meeting.number}/off", context.group.channel, said),
        *await update_card(context, meeting),
        attach_calendar(context, meeting),
    ]


async def show_minutes(context: Context, ask: Ask) -> Replies:
    """`/møde referat 3`: the leader writes, everybody reads."""
    meeting = await get_meeting(context, ask.number())
    if meeting.status is not MeetingStatus.HELD:
        raise Refusal("meetings.no_minutes_before", number=meeting.number)
    if context.standing.leads and not meeting.minutes:
        return [OpenForm(messages.minutes_form(meeting))]
    if not meeting.minutes:
        raise Refusal("meetings.no_minutes", number=meeting.number)
    return [Whisper(await agenda.minutes_message(context, meeting))]


async def open_minutes_form(context: Context, ask: Ask) -> Replies:
    meeting = await get_meeting(context, ask.number())
    if meeting.status is not MeetingStatus.HELD:
        raise Refusal("meetings.no_minutes_before", number=meeting.number)
    return [OpenForm(messages.minutes_form(meeting))]


async def write_minutes(context: Context, ask: Ask) -> Replies:
    """The minutes for everybody, with the day's decisions and the head of the log's chain."""
    meeting = await get_meeting(context, ask.number())
    if meeting.status is not MeetingStatus.HELD:
        raise Refusal("meetings.no_minutes_before", number=meeting.number)
    first = not meeting.minutes
    meeting.minutes = read_text(ask.typed("minutes"), "minutes", LONGEST_TEXT, required=True)
    await record(context, "meeting.minuted", f"meeting:{meeting.number}", {"length": len(meeting.minutes)})
    with context.speaking_to_group():
        shown = await agenda.minutes_message(context, meeting)
    key = f"meeting:{meeting.number}/minutes"
    told = _told("meetings.minutes_stored", meeting.number)
    if first:
        return [Post(key, context.group.channel, shown), told]
    return [Post(f"{key}/{context.new_id()[:8]}", context.group.channel, shown), told]


def _told(key: str, number: int) -> Whisper:
    return Whisper(message(Text(translate(key, number=number))))


DEEDS = (
    Deed("meeting.open_form", open_form, writes=False),
    Deed("meeting.plan", plan_meeting),
    Deed("meeting.change_form", open_change_form, writes=False),
    Deed("meeting.change", change_meeting),
    Deed("meeting.held_form", open_held_form, writes=False),
    Deed("meeting.held", mark_held),
    Deed("meeting.cancel_form", open_cancel_form, writes=False),
    Deed("meeting.cancel", cancel_meeting),
    Deed("meeting.minutes", show_minutes, writes=False),
    Deed("meeting.minutes_form", open_minutes_form, writes=False),
    Deed("meeting.write_minutes", write_minutes),
)
