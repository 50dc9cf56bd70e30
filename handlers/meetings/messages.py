"""What meetings look like: the card, the forms, the agenda, the list and the status."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from handlers.chat.messages import (
    Actions,
    Button,
    Facts,
    Field,
    Form,
    Heading,
    Item,
    Listing,
    Message,
    Note,
    Option,
    Quote,
    Text,
    message,
)
from handlers.context import Standing
from handlers.meetings.pace import Year
from handlers.meetings.reading import LONGEST_TEXT, LONGEST_TITLE
from locales import clock_time, join_words, local_day, long_date, long_moment, plural, short_date, translate
from storage.enums import Attending, MeetingStatus
from storage.models.meetings import Attendance, Meeting
from storage.models.members import Person, Unit

COMING, APOLOGY = "white_check_mark", "x"
"""The emojis that answer a meeting."""

Answers = Sequence[tuple[Attendance, Person, Unit | None]]


def card_key(meeting: Meeting) -> str:
    """Our name for the meeting's card in the group's channel."""
    return f"meeting:{meeting.number}/card"


def meeting_card(meeting: Meeting, answers: Answers) -> Message:
    """The meeting as everybody sees it; the emojis below it answer as the buttons do."""
    planned = meeting.status is MeetingStatus.PLANNED
    return message(
        Heading(translate("meetings.named", number=meeting.number, title=meeting.title)),
        Facts(tuple(_facts(meeting, answers))),
        Quote(meeting.reason) if meeting.reason else None,
        Note(translate("meetings.how_to_answer")) if planned else None,
        _card_buttons(meeting) if planned else None,
    )


def _facts(meeting: Meeting, answers: Answers) -> list[tuple[str, str]]:
    facts = [
        (translate("meetings.label.when"), long_moment(meeting.starts_at)),
        (translate("meetings.label.where"), meeting.place),
        (translate("meetings.label.chair"), meeting.chair),
        (translate("meetings.label.minute_taker"), meeting.minute_taker),
    ]
    if meeting.status is not MeetingStatus.PLANNED:
        facts.insert(0, (translate("meetings.label.status"), translate(f"meetings.status.{meeting.status}")))
    if meeting.units_present is not None:
        facts.append((translate("meetings.label.present"), plural("meetings.units", meeting.units_present)))
    else:
        facts.append((translate("meetings.label.coming"), _who(answers, Attending.COMING)))
        facts.append((translate("meetings.label.apology"), _who(answers, Attending.APOLOGY)))
    return [(label, text) for label, text in facts if text]


def _who(answers: Answers, answer: Attending) -> str:
    """Municipalities once each, people without one by their names; a substitute in brackets."""
    names = []
    for attendance, person, unit in answers:
        if attendance.answer is answer:
            name = unit.name if unit else person.name
            with_substitute = translate("meetings.with_substitute", name=name, substitute=attendance.substitute)
            names.append(with_substitute if attendance.substitute else name)
    return join_words(dict.fromkeys(names)) if names else ""


def _card_buttons(meeting: Meeting) -> Actions:
    number = str(meeting.number)
    return Actions(
        (
            Button(translate("meetings.button.coming"), "meeting.coming", number, style="primary"),
            Button(translate("meetings.button.apology"), "meeting.apology_form", number),
            Button(translate("meetings.button.agenda"), "meeting.agenda", number),
        )
    )


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


def held_form(meeting: Meeting, units: Sequence[Unit], came: Sequence[int]) -> Form:
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


def cancel_form(meeting: Meeting) -> Form:
    held = meeting.status is MeetingStatus.HELD
    return Form(
        deed="meeting.cancel",
        subject=str(meeting.number),
        title=translate("meetings.cancel_form.title", number=meeting.number),
        intro=translate("meetings.cancel_form.held") if held else "",
        submit=translate("meetings.cancel_form.submit"),
        fields=(Field("reason", translate("meetings.field.reason"), "long", required=True, maximum=LONGEST_TEXT),),
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


def meeting_list(meetings: Sequence[Meeting], year: int) -> Message:
    items = tuple(
        Item(
            translate("meetings.named", number=meeting.number, title=meeting.title),
            f"{short_date(meeting.starts_at)} · {translate(f'meetings.status.{meeting.status}')}",
        )
        for meeting in meetings
    )
    heading = Heading(translate("meetings.list", year=year))
    return message(heading, Listing(items) if items else Text(translate("meetings.list_empty")))


def status_message(year: Year, today: dt.date, upcoming: Meeting | None, *, settles: Standing) -> Message:
    """How many meetings the year has and owes, and what the pace says."""
    facts = [
        (translate("meetings.label.minimum"), str(year.owed)),
        (translate("meetings.label.held"), str(year.held)),
        (translate("meetings.label.planned"), str(len(year.planned))),
        (translate("meetings.label.due"), str(year.due_by(today))),
    ]
    if upcoming is not None:
        facts.append((translate("meetings.label.next"), f"#{upcoming.number} {long_moment(upcoming.starts_at)}"))
    buttons = (
        Button(translate("meetings.button.plan"), "meeting.open_form", style="primary"),
        Button(translate("meetings.button.dates"), "meeting.dates_form"),
    )
    return message(
        Heading(translate("meetings.status_of", year=year.year)),
        Facts(tuple(facts)),
        Text(pace_text(year, today)),
        Actions(buttons) if settles.leads else None,
    )


def pace_text(year: Year, today: dt.date) -> str:
    """What the pace says, in one sentence."""
    if year.is_behind(today):
        return behind_text(year, today, today)
    if year.missing:
        return plural("meetings.missing", year.missing)
    return translate("meetings.on_pace")


def behind_text(year: Year, day: dt.date, today: dt.date) -> str:
    """How far behind the group is, or will be from a coming `day` on."""
    count = year.due_by(day) - year.reached(day)
    if day > today:
        return plural("meetings.behind_from", count, day=long_date(day))
    return plural("meetings.behind", count)
