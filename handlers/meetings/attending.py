"""Who comes: by an emoji on the card, a button or a command."""

from __future__ import annotations

import re

from handlers.capability import Ask, Click, Deed
from handlers.chat.emoji import fold
from handlers.chat.messages import Text, message
from handlers.chat.replies import OpenForm, Replies, Whisper
from handlers.context import Context
from handlers.inputs import read_text
from handlers.meetings import forms
from handlers.meetings.deeds import get_planned, update_card
from handlers.meetings.messages import APOLOGY, COMING
from handlers.meetings.reading import LONGEST_TITLE
from handlers.meetings.rules import answer_after_click
from locales import long_moment, translate
from storage.enums import Attending, MeetingStatus
from storage.models.meetings import Attendance, Meeting
from storage.queries import exchange, meetings

_COMES = re.compile(r"\s+(kommer|deltager|comes|attends)\b.*", re.IGNORECASE | re.DOTALL)
"""What people write after the name of who comes instead."""

_ANSWERS = {COMING: Attending.COMING, APOLOGY: Attending.APOLOGY}


async def come(context: Context, ask: Ask) -> Replies:
    """`/møde kommer 3`."""
    meeting = await get_planned(context, ask.number())
    await _answer(context, meeting, Attending.COMING)
    told = translate("meetings.coming_told", number=meeting.number, when=long_moment(meeting.starts_at))
    return [Whisper(message(Text(told))), *await update_card(context, meeting)]


async def open_apology_form(context: Context, ask: Ask) -> Replies:
    return [OpenForm(forms.apology_form(await get_planned(context, ask.number())))]


async def apologise(context: Context, ask: Ask) -> Replies:
    """`/møde afbud 3 Jens kommer for mig`, or the form: who comes instead is written down."""
    meeting = await get_planned(context, ask.number())
    typed = ask.typed("substitute") if ask.values else ask.rest()
    substitute = _COMES.sub("", read_text(typed, "substitute", LONGEST_TITLE))
    await _answer(context, meeting, Attending.APOLOGY, substitute)
    key = "meetings.apology_with_told" if substitute else "meetings.apology_told"
    told = translate(key, number=meeting.number, substitute=substitute)
    return [Whisper(message(Text(told))), *await update_card(context, meeting)]


async def click(context: Context, ask: Ask) -> Replies:
    """Emojis on the card: the one that was put on last counts, and taking it off takes that answer back."""
    return [reply for one in ask.clicks if one.renewed for reply in await _click(context, one)]


async def _click(context: Context, one: Click) -> Replies:
    number = int(one.key.removeprefix("meeting:").partition("/")[0])
    meeting = await meetings.find_meeting(context.session, context.group.id, number)
    if meeting is None or one.emoji not in _ANSWERS:
        return []
    if meeting.status is not MeetingStatus.PLANNED:
        return await _explain_once(context, meeting) if one.on else []
    known = await meetings.find_attendance(context.session, meeting.id, context.me.id)
    rows = await exchange.list_emojis(context.session, [f"{context.group.id}:{one.key}"], context.me.id)
    others = [_ANSWERS[name] for row in rows if row.on and (name := fold(row.emoji)) in _ANSWERS and name != one.emoji]
    before = known.answer if known else None
    after = answer_after_click(before, _ANSWERS[one.emoji], on=one.on, others_on=others)
    if after is before:
        return []
    await (_answer(context, meeting, after) if after else _take_back(context, meeting))
    return await update_card(context, meeting)


async def _explain_once(context: Context, meeting: Meeting) -> Replies:
    """A click on a card that takes no more answers: why, once per person and meeting."""
    key = f"meeting-over:{meeting.id}:{context.me.id}"
    if not await exchange.claim(context.session, key, context.now):
        return []
    return [Whisper(message(Text(translate(f"meetings.is_{meeting.status}", number=meeting.number))))]


async def _answer(context: Context, meeting: Meeting, answer: Attending, substitute: str = "") -> None:
    known = await meetings.find_attendance(context.session, meeting.id, context.me.id)
    unit = context.standing.unit
    if known is None:
        known = Attendance(meeting_id=meeting.id, person_id=context.me.id, answer=answer, at=context.now)
        context.session.add(known)
    known.answer, known.substitute, known.at = answer, substitute, context.now
    known.unit_id = unit.id if unit else None
    await context.session.flush()


async def _take_back(context: Context, meeting: Meeting) -> None:
    known = await meetings.find_attendance(context.session, meeting.id, context.me.id)
    if known is not None:
        await context.session.delete(known)
        await context.session.flush()


DEEDS = (
    Deed("meeting.coming", come),
    Deed("meeting.apology_form", open_apology_form, writes=False),
    Deed("meeting.apology", apologise),
    Deed("meeting.click", click),
)
