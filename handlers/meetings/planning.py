"""Meetings are planned, changed, held, cancelled and written down."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from handlers.capability import Ask, Deed
from handlers.chat.messages import Actions, Note, Text, message
from handlers.chat.refusals import Refusal
from handlers.chat.replies import OpenForm, Post, Replies, Whisper
from handlers.context import Context
from handlers.decisions.chain import record
from handlers.inputs import read_text
from handlers.meetings import agenda, forms, messages
from handlers.meetings.deeds import (
    announce,
    attach_calendar,
    counted_text,
    find_came,
    get_meeting,
    get_planned,
    store_meeting,
    told_of,
    update_card,
)
from handlers.meetings.ratification import list_unratified, ratify_buttons, ratify_point
from handlers.meetings.reading import LONGEST_TEXT, read_meeting
from locales import translate
from storage.enums import MeetingStatus
from storage.models.meetings import Meeting
from storage.models.members import Unit
from storage.queries import meetings, members


async def open_form(context: Context, ask: Ask) -> Replies:
    return [OpenForm(forms.meeting_form(context.today, context.me.name))]


async def plan_meeting(context: Context, ask: Ask) -> Replies:
    """A new meeting: its card for everybody, with a calendar file."""
    meeting = await store_meeting(context, read_meeting(ask, context.now, context.today))
    if meeting.status is MeetingStatus.HELD:
        return [*await announce(context, meeting), Whisper(message(Text(await counted_text(context, meeting))))]
    return [*await announce(context, meeting), told_of("meetings.stored", meeting)]


async def open_change_form(context: Context, ask: Ask) -> Replies:
    meeting = await get_planned(context, ask.number())
    return [OpenForm(forms.meeting_form(context.today, context.me.name, meeting))]


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
    told = told_of("meetings.changed", meeting)
    return [told, *await update_card(context, meeting), attach_calendar(context, meeting)]


async def open_held_form(context: Context, ask: Ask) -> Replies:
    """`/møde afholdt 3`: who came? Asked again, it corrects what was said."""
    meeting = await _get_markable(context, ask.number())
    units = await members.list_units(context.session, context.group.id)
    return [OpenForm(forms.held_form(meeting, units, await _list_came(context, meeting, units)))]


async def _list_came(context: Context, meeting: Meeting, units: Sequence[Unit]) -> set[int]:
    """The units that are known to have come, or else those that said they would."""
    codes = await find_came(context, meeting)
    if codes is not None:
        return {unit.id for unit in units if unit.code in codes}
    return messages.units_expected(await meetings.list_attendance(context.session, meeting.id))


async def mark_held(context: Context, ask: Ask) -> Replies:
    """The meeting counts from now on, if enough units came; results that it may stand behind can be ratified."""
    meeting = await _get_markable(context, ask.number())
    units = await members.list_units(context.session, context.group.id)
    came = [unit for unit in units if str(unit.id) in ask.chosen("came")]
    meeting.status, meeting.units_present = MeetingStatus.HELD, len(came)
    await record(context, "meeting.held", f"meeting:{meeting.number}", {"units": [unit.code for unit in came]})
    counted = Text(await counted_text(context, meeting))
    waiting = await list_unratified(context, meeting)
    ratify = (Note(": ".join(ratify_point(waiting))), Actions(ratify_buttons(meeting, waiting))) if waiting else ()
    return [Whisper(message(counted, *ratify)), *await update_card(context, meeting)]


async def _get_markable(context: Context, number: int) -> Meeting:
    """A meeting that has begun and was not called off."""
    meeting = await get_meeting(context, number)
    if meeting.status not in (MeetingStatus.PLANNED, MeetingStatus.HELD):
        raise Refusal(f"meetings.is_{meeting.status}", number=number)
    if meeting.starts_at > context.now:
        raise Refusal("meetings.not_begun", number=number)
    return meeting


async def open_cancel_form(context: Context, ask: Ask) -> Replies:
    """`/møde aflys 3`, with the reason or without."""
    meeting = await _get_cancellable(context, ask.number())
    return [OpenForm(forms.cancel_form(meeting, ask.rest()))]


async def cancel_meeting(context: Context, ask: Ask) -> Replies:
    """A planned meeting is off; one wrongly marked as held is annulled by a new entry."""
    meeting = await _get_cancellable(context, ask.number())
    meeting.reason = read_text(ask.typed("reason"), "reason", LONGEST_TEXT, required=True)
    was_held = meeting.status is MeetingStatus.HELD
    meeting.status = MeetingStatus.ANNULLED if was_held else MeetingStatus.CANCELLED
    meeting.sequence += 1
    await record(context, f"meeting.{meeting.status}", f"meeting:{meeting.number}", {"reason": meeting.reason})
    with context.speaking_to_group():
        key = f"meetings.news.{meeting.status}"
        said = message(Text(translate(key, number=meeting.number, title=meeting.title, reason=meeting.reason)))
    return [
        Post(f"meeting:{meeting.number}/off", context.group.channel, said),
        *await update_card(context, meeting),
        *([] if was_held else [attach_calendar(context, meeting)]),
    ]


async def _get_cancellable(context: Context, number: int) -> Meeting:
    meeting = await get_meeting(context, number)
    if meeting.status not in (MeetingStatus.PLANNED, MeetingStatus.HELD):
        raise Refusal(f"meetings.is_{meeting.status}", number=number)
    return meeting


async def show_minutes(context: Context, ask: Ask) -> Replies:
    """`/møde referat 3`: the leader writes, everybody reads."""
    meeting = await _get_held(context, ask.number())
    if context.standing.leads and not meeting.minutes:
        return [OpenForm(forms.minutes_form(meeting))]
    if not meeting.minutes:
        raise Refusal("meetings.no_minutes", number=meeting.number)
    return [Whisper(await agenda.minutes_message(context, meeting, may_change=context.standing.leads))]


async def open_minutes_form(context: Context, ask: Ask) -> Replies:
    meeting = await _get_held(context, ask.number())
    return [OpenForm(forms.minutes_form(meeting))]


async def write_minutes(context: Context, ask: Ask) -> Replies:
    """The minutes for everybody, with the day's decisions and the head of the log's chain.

    Written anew, they are posted anew: what stood before stays in the channel, and the log has the digest of both."""
    meeting = await _get_held(context, ask.number())
    meeting.minutes = read_text(ask.typed("minutes"), "minutes", LONGEST_TEXT, required=True)
    digest = hashlib.sha256(meeting.minutes.encode()).hexdigest()
    entry = await record(context, "meeting.minuted", f"meeting:{meeting.number}", {"sha256": digest})
    with context.speaking_to_group():
        shown = await agenda.minutes_message(context, meeting)
    key = f"meeting:{meeting.number}/minutes/{entry.number}"
    return [Post(key, context.group.channel, shown), _told("meetings.minutes_stored", meeting.number)]


async def _get_held(context: Context, number: int) -> Meeting:
    """A meeting that minutes can be written of."""
    meeting = await get_meeting(context, number)
    if meeting.status is MeetingStatus.PLANNED:
        raise Refusal("meetings.no_minutes_before", number=number)
    if meeting.status is not MeetingStatus.HELD:
        raise Refusal(f"meetings.is_{meeting.status}", number=number)
    return meeting


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
