"""The forms of meetings: planning and changing, answering, marking, cancelling, minutes, and finding a date."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence

from handlers.chat.messages import Field, Form, Option
from handlers.meetings.reading import LONGEST_TEXT, LONGEST_TITLE
from locales import clock_time, local_day, translate
from storage.enums import MeetingStatus
from storage.models.meetings import DateSearch, Meeting
from storage.models.members import Unit


def meeting_form(today: dt.date, chair: str, meeting: Meeting | None = None) -> Form:
    """A new meeting, or one that is changed."""
    fields = (*_time_fields(today), *_text_fields(chair))
    if meeting is None:
        return _form("form", "meeting.plan", *fields, *_held_fields())
    return _form("change_form", "meeting.change", *fields, number=meeting.number).with_values(_values(meeting))


def _form(name: str, deed: str, *fields: Field, number: int = 0, intro: str = "") -> Form:
    """The form with the texts of this name, about the meeting or the search for a date with this number."""
    return Form(
        deed=deed,
        subject=str(number) if number else "",
        title=translate(f"meetings.{name}.title", number=number),
        intro=intro,
        submit=translate(f"meetings.{name}.submit"),
        fields=fields,
    )


def _values(meeting: Meeting) -> dict[str, str | list[str]]:
    return {
        "title": meeting.title,
        "date": local_day(meeting.starts_at).isoformat(),
        "time": clock_time(meeting.starts_at).removeprefix("kl.").strip().replace(".", ":"),
        "minutes_long": str(meeting.minutes_long),
        "place": meeting.place,
        "agenda": meeting.agenda,
        "chair": meeting.chair,
        "minute_taker": meeting.minute_taker,
    }


def _time_fields(today: dt.date) -> tuple[Field, ...]:
    title = translate("meetings.default_title")
    return (
        Field("title", translate("meetings.field.title"), required=True, value=title, maximum=LONGEST_TITLE),
        Field("date", translate("meetings.field.date"), "date", required=True, value=_default_day(today)),
        Field("time", translate("meetings.field.time"), "time", required=True, value="13:00"),
        Field("minutes_long", translate("meetings.field.minutes_long"), "number", value="90"),
    )


def _default_day(today: dt.date) -> str:
    """Three weeks ahead, on the same weekday: time enough for an agenda a week before."""
    return (today + dt.timedelta(weeks=3)).isoformat()


def _text_fields(chair: str) -> tuple[Field, ...]:
    return (
        Field("place", translate("meetings.field.place"), hint=translate("meetings.field.place_hint"), maximum=500),
        Field("agenda", translate("meetings.field.agenda"), "long", maximum=LONGEST_TEXT),
        Field("chair", translate("meetings.field.chair"), value=chair, maximum=LONGEST_TITLE),
        Field("minute_taker", translate("meetings.field.minute_taker"), maximum=LONGEST_TITLE),
    )


def _held_fields() -> tuple[Field, ...]:
    return (
        Field("held", translate("meetings.field.held"), "switch", hint=translate("meetings.field.held_hint")),
        Field("units", translate("meetings.field.units"), "number", hint=translate("meetings.field.units_hint")),
    )


def apology_form(meeting: Meeting) -> Form:
    label, hint = translate("meetings.field.substitute"), translate("meetings.field.substitute_hint")
    substitute = Field("substitute", label, hint=hint, maximum=LONGEST_TITLE)
    return _form("apology_form", "meeting.apology", substitute, number=meeting.number)


def held_form(meeting: Meeting, units: Sequence[Unit], came: Collection[int]) -> Form:
    """Who came: those that said they would are ticked."""
    ticked = tuple(str(unit.id) for unit in units if unit.id in came)
    options = tuple(Option(str(unit.id), unit.name) for unit in units)
    field = Field("came", translate("meetings.field.came"), "multi", value=ticked, options=options)
    return _form("held_form", "meeting.held", field, number=meeting.number)


def cancel_form(meeting: Meeting, typed: str = "") -> Form:
    """A planned meeting is cancelled, one that stands as held is annulled."""
    name = "annul_form" if meeting.status is MeetingStatus.HELD else "cancel_form"
    label = translate("meetings.field.reason")
    reason = Field("reason", label, "long", required=True, value=typed[:LONGEST_TEXT], maximum=LONGEST_TEXT)
    intro = translate(f"meetings.{name}.intro")
    return _form(name, "meeting.cancel", reason, number=meeting.number, intro=intro)


def minutes_form(meeting: Meeting) -> Form:
    label = translate("meetings.field.minutes")
    minutes = Field("minutes", label, "long", required=True, value=meeting.minutes, maximum=LONGEST_TEXT)
    intro = translate("meetings.no_personal_data")
    return _form("minutes_form", "meeting.write_minutes", minutes, number=meeting.number, intro=intro)


def dates_form() -> Form:
    title, hint = translate("meetings.default_title"), translate("meetings.field.times_hint")
    return _form(
        "dates_form",
        "meeting.ask_dates",
        Field("title", translate("meetings.field.title"), required=True, value=title, maximum=LONGEST_TITLE),
        Field("times", translate("meetings.field.times"), "long", required=True, hint=hint, maximum=1000),
        Field("minutes_long", translate("meetings.field.minutes_long"), "number", value="90"),
    )


def date_answer_form(search: DateSearch, times: Sequence[str], can: Collection[int]) -> Form:
    """The same answer as by emoji: the times that a person can, ticked."""
    ticked = tuple(str(at) for at in range(len(times)) if at in can)
    options = tuple(Option(str(at), time) for at, time in enumerate(times))
    field = Field("times", translate("meetings.field.can"), "multi", value=ticked, options=options)
    return _form("date_answer_form", "meeting.answer_dates", field, number=search.number)
