"""What meetings look like: the card, the forms, the agenda, the list and the status."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence

from handlers.chat.messages import (
    Actions,
    Button,
    Facts,
    Heading,
    Item,
    Listing,
    Message,
    Note,
    Quote,
    Text,
    message,
)
from handlers.context import Standing
from handlers.meetings.pace import Year
from locales import join_words, long_date, long_moment, plural, short_date, translate
from storage.enums import Attending, MeetingStatus
from storage.models.meetings import Attendance, Meeting
from storage.models.members import Person, Unit

COMING, APOLOGY = "white_check_mark", "x"
"""The emojis that answer a meeting."""

Answers = Sequence[tuple[Attendance, Person, Unit | None]]


def card_key(meeting: Meeting) -> str:
    """Our name for the meeting's card in the group's channel."""
    return f"meeting:{meeting.number}/card"


def meeting_card(meeting: Meeting, answers: Answers, units: int, present: str = "") -> Message:
    """The meeting as everybody sees it; the emojis below it answer as the buttons do.

    Args:
        units: how many units the group has.
        present: who was there, where it is held.
    """
    planned = meeting.status is MeetingStatus.PLANNED
    return message(
        Heading(translate("meetings.named", number=meeting.number, title=meeting.title)),
        Facts(tuple(_facts(meeting, answers, units, present))),
        Quote(meeting.reason) if meeting.reason else None,
        Note(translate("meetings.how_to_answer")) if planned else None,
        _card_buttons(meeting) if planned else None,
    )


def _facts(meeting: Meeting, answers: Answers, units: int, present: str) -> list[tuple[str, str]]:
    facts = [
        (translate("meetings.label.when"), long_moment(meeting.starts_at)),
        (translate("meetings.label.where"), meeting.place),
        (translate("meetings.label.chair"), meeting.chair),
        (translate("meetings.label.minute_taker"), meeting.minute_taker),
    ]
    if meeting.status is not MeetingStatus.PLANNED:
        facts.insert(0, (translate("meetings.label.status"), translate(f"meetings.status.{meeting.status}")))
    if present:
        facts.append((translate("meetings.label.present"), present))
    else:
        facts += answer_facts(answers, units if meeting.status is MeetingStatus.PLANNED else 0)
    return [(label, text) for label, text in facts if text]


def answer_facts(answers: Answers, units: int = 0) -> list[tuple[str, str]]:
    """Who comes, who does not, and how many of so many units have said nothing yet, once anybody has answered."""
    silent = units - len({unit.id for _, _, unit in answers if unit is not None})
    return [
        (translate("meetings.label.coming"), join_words(_coming(answers))),
        (translate("meetings.label.apology"), join_words(apologies(answers))),
        (translate("meetings.label.silent"), plural("meetings.units", silent) if answers and silent > 0 else ""),
    ]


def _coming(answers: Answers) -> list[str]:
    """Units once each, people without one by their names."""
    names = [unit.name if unit else person.name for given, person, unit in answers if given.answer is Attending.COMING]
    return list(dict.fromkeys(names))


def apologies(answers: Answers, came: Collection[str] | None = None) -> list[str]:
    """The same, with a substitute in brackets; a unit that a colleague comes for is not among them.

    Args:
        came: the codes of the units that were there, which have sent somebody; `None` before that is known.
    """
    coming, names = _coming(answers), []
    for given, person, unit in answers:
        name = unit.name if unit else person.name
        if given.answer is not Attending.APOLOGY or name in coming or (unit and unit.code in (came or ())):
            continue
        substitute = given.substitute
        names.append(translate("meetings.with_substitute", name=name, substitute=substitute) if substitute else name)
    return list(dict.fromkeys(names))


def present_names(units: Sequence[Unit], answers: Answers) -> list[str]:
    """The units that were there; one that was there by a substitute says by whom."""
    coming, substitutes = _coming(answers), {unit.id: given.substitute for given, _, unit in answers if unit}
    return [
        translate("meetings.with_substitute", name=unit.name, substitute=substitute)
        if (substitute := substitutes.get(unit.id, "")) and unit.name not in coming
        else unit.name
        for unit in units
    ]


def units_expected(answers: Answers) -> set[int]:
    """The units that said that somebody comes, be it a substitute."""
    return {unit.id for given, _, unit in answers if unit and (given.answer is Attending.COMING or given.substitute)}


def _card_buttons(meeting: Meeting) -> Actions:
    number = str(meeting.number)
    return Actions(
        (
            Button(translate("meetings.button.coming"), "meeting.coming", number, style="primary"),
            Button(translate("meetings.button.apology"), "meeting.apology_form", number),
            Button(translate("meetings.button.agenda"), "meeting.agenda", number),
        )
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
    if year.begins_next:
        return translate("meetings.begins_next", minimum=year.minimum, year=year.year + 1)
    return translate("meetings.on_pace")


def behind_text(year: Year, day: dt.date, today: dt.date) -> str:
    """How far behind the group is, or will be from a coming `day` on."""
    count = year.due_by(day) - year.reached(day)
    if day > today:
        return plural("meetings.behind_from", count, day=long_date(day))
    return plural("meetings.behind", count)
