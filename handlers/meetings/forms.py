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
    form = Form(
        deed="meeting.plan",
        title=translate("meetings.form.title"),
        submit=translate("meetings.form.submit"),
        fields=(*_time_fields(today), *_text_fields(chair), *_held_fields()),
    )
    if meeting is None:
        return form
    changed = Form(
        deed="meeting.change",
        subject=str(meeting.number),
        title=translate("meetings.change_form.title", number=meeting.number),
        submit=translate("meetings.change_form.submit"),
        fields=form.fields[:-2],
    )
    return changed.with_values(_values(meeting))


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
    return Form(
        deed="meeting.apology",
        subject=str(meeting.number),
        title=translate("meetings.apology_form.title"),
        submit=translate("meetings.apology_form.submit"),
        fields=(
            Field(
                "substitute",
                translate("meetings.field.substitute"),
                hint=translate("meetings.field.substitute_hint"),
                maximum=LONGEST_TITLE,
            ),
        ),
    )


def held_form(meeting: Meeting, units: Sequence[Unit], came: Collection[int]) -> Form:
    """Who came: those that said they would are ticked."""
    return Form(
        deed="meeting.held",
        subject=str(meeting.number),
        title=translate("meetings.held_form.title", number=meeting.number),
        submit=translate("meetings.held_form.submit"),
        fields=(
            Field(
                "came",
                translate("meetings.field.came"),
                "multi",
                value=tuple(str(unit.id) for unit in units if unit.id in came),
                options=tuple(Option(str(unit.id), unit.name) for unit in units),
            ),
        ),
    )


def cancel_form(meeting: Meeting, typed: str = "") -> Form:
    """A planned meeting is cancelled, one that stands as held is annulled."""
    name = "annul_form" if meeting.status is MeetingStatus.HELD else "cancel_form"
    label = translate("meetings.field.reason")
    reason = Field("reason", label, "long", required=True, value=typed[:LONGEST_TEXT], maximum=LONGEST_TEXT)
    return Form(
        deed="meeting.cancel",
        subject=str(meeting.number),
        title=translate(f"meetings.{name}.title", number=meeting.number),
        intro=translate(f"meetings.{name}.intro"),
        submit=translate(f"meetings.{name}.submit"),
        fields=(reason,),
    )


def minutes_form(meeting: Meeting) -> Form:
    return Form(
        deed="meeting.write_minutes",
        subject=str(meeting.number),
        title=translate("meetings.minutes_form.title", number=meeting.number),
        intro=translate("meetings.no_personal_data"),
        submit=translate("meetings.minutes_form.submit"),
        fields=(
            Field(
                "minutes",
                translate("meetings.field.minutes"),
                "long",
                required=True,
                value=meeting.minutes,
                maximum=LONGEST_TEXT,
            ),
        ),
    )


def dates_form() -> Form:
    return Form(
        deed="meeting.ask_dates",
        title=translate("meetings.dates_form.title"),
        submit=translate("meetings.dates_form.submit"),
        fields=(
            Field(
                "title",
                translate("meetings.field.title"),
                required=True,
                value=translate("meetings.default_title"),
                maximum=LONGEST_TITLE,
            ),
            Field(
                "times",
                translate("meetings.field.times"),
                "long",
                required=True,
                hint=translate("meetings.field.times_hint"),
                maximum=1000,
            ),
            Field("minutes_long", translate("meetings.field.minutes_long"), "number", value="90"),
        ),
    )


def date_answer_form(search: DateSearch, times: Sequence[str], can: Collection[int]) -> Form:
    """The same answer as by emoji: the times that a person can, ticked."""
    return Form(
        deed="meeting.answer_dates",
        subject=str(search.number),
        title=translate("meetings.date_answer_form.title"),
        submit=translate("meetings.date_answer_form.submit"),
        fields=(
            Field(
                "times",
                translate("meetings.field.can"),
                "multi",
                value=tuple(str(at) for at in range(len(times)) if at in can),
                options=tuple(Option(str(at), time) for at, time in enumerate(times)),
            ),
        ),
    )
