"""The calendar file, read by programs other than the one that wrote it."""

from __future__ import annotations

import datetime as dt
import io
import zoneinfo

import pytest
from dateutil import tz
from icalendar import Calendar

from handlers.meetings.calendar import calendar_file
from storage.enums import MeetingStatus
from storage.models.meetings import Meeting

ZONE = zoneinfo.ZoneInfo("Europe/Copenhagen")
NOW = dt.datetime(2026, 9, 1, 8, 30, tzinfo=dt.UTC)
UTC = dt.UTC


def meeting(starts_at: dt.datetime, status: MeetingStatus = MeetingStatus.PLANNED, sequence: int = 0) -> Meeting:
    return Meeting(
        number=3,
        title="Møde, æøå; og \\ skråstreg",
        starts_at=starts_at,
        minutes_long=90,
        place="Favrskov Rådhus, lokale 2",
        agenda="Valg af referent\nØkonomi",
        status=status,
        uid="abc@oenskebot",
        sequence=sequence,
    )


def lines(content: bytes) -> dict[str, str]:
    """The event's lines, unfolded as RFC 5545 says and read without any library."""
    event = content.decode().replace("\r\n ", "").partition("BEGIN:VEVENT")[2]
    return dict(line.partition(":")[::2] for line in event.strip().split("\r\n") if ":" in line)


@pytest.mark.parametrize(
    ("starts_at", "shown", "hours"),
    [
        (dt.datetime(2026, 9, 24, 11, tzinfo=UTC), "20260924T130000", 2),
        (dt.datetime(2026, 11, 24, 12, tzinfo=UTC), "20261124T130000", 1),
        (dt.datetime(2027, 3, 29, 7, tzinfo=UTC), "20270329T090000", 2),
        (dt.datetime(2026, 10, 25, 8, tzinfo=UTC), "20261025T090000", 1),
    ],
)
def test_the_time_is_the_same_in_another_calendar(starts_at: dt.datetime, shown: str, hours: int) -> None:
    content = calendar_file(meeting(starts_at), "OS2test", ZONE, NOW)
    found = lines(content)
    assert found["DTSTART;TZID=Europe/Copenhagen"] == shown
    rules = tz.tzical(io.StringIO(content.decode().replace("\r\n ", "").replace("\r\n", "\n"))).get("Europe/Copenhagen")
    local = dt.datetime.strptime(shown, "%Y%m%dT%H%M%S").replace(tzinfo=rules)
    assert local.utcoffset() == dt.timedelta(hours=hours)
    assert local.astimezone(UTC) == starts_at


def test_what_it_says_survives_commas_line_breaks_and_danish_letters() -> None:
    content = calendar_file(meeting(dt.datetime(2026, 9, 24, 11, tzinfo=UTC), sequence=2), "OS2test", ZONE, NOW)
    calendar = Calendar.from_ical(content)
    event = calendar.walk("VEVENT")[0]
    assert str(event["SUMMARY"]) == "OS2test: Møde, æøå; og \\ skråstreg"
    assert str(event["LOCATION"]) == "Favrskov Rådhus, lokale 2"
    assert str(event["DESCRIPTION"]) == "Valg af referent\nØkonomi"
    assert (str(event["UID"]), int(event["SEQUENCE"])) == ("abc@oenskebot", 2)
    assert event.decoded("DTEND") - event.decoded("DTSTART") == dt.timedelta(minutes=90)
    assert (str(calendar["METHOD"]), str(event["STATUS"])) == ("PUBLISH", "CONFIRMED")
    assert all(len(line) <= 75 for line in content.split(b"\r\n"))
    assert b"\n" not in content.replace(b"\r\n", b"")


def test_a_cancelled_meeting_is_taken_out_again() -> None:
    cancelled = meeting(dt.datetime(2026, 9, 24, 11, tzinfo=UTC), MeetingStatus.CANCELLED, 1)
    content = calendar_file(cancelled, "OS2test", ZONE, NOW)
    assert b"METHOD:CANCEL\r\n" in content
    found = lines(content)
    assert (found["STATUS"], found["SEQUENCE"], found["UID"]) == ("CANCELLED", "1", "abc@oenskebot")
