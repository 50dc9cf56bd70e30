"""A meeting as a calendar file that Outlook and others open: the same UID at every change, a higher SEQUENCE."""

from __future__ import annotations

import datetime as dt
import zoneinfo
from collections.abc import Iterable, Sequence

from icalendar import Calendar, Event

from storage.enums import MeetingStatus
from storage.models.meetings import Meeting

PRODUCT = "-//Oenskebot//Koordinationsgruppe//DA"


def calendar_file(meeting: Meeting, product: str, zone: zoneinfo.ZoneInfo, now: dt.datetime) -> bytes:
    """The meeting as iCalendar (RFC 5545): published, or cancelled, with the rules of its time zone for those years.

    Args:
        product: what the group steers; it begins the entry's title.
        zone: the zone that the entry's times are in.
        now: when the file is made.
    """
    cancelled = meeting.status is MeetingStatus.CANCELLED
    return _calendar([_event(meeting, product, zone, now)], "CANCEL" if cancelled else "PUBLISH")


def calendar_of(meetings: Iterable[Meeting], product: str, zone: zoneinfo.ZoneInfo, now: dt.datetime) -> bytes:
    """Many meetings as one published calendar, the cancelled marked so; the arguments are as in `calendar_file`."""
    return _calendar([_event(meeting, product, zone, now) for meeting in meetings], "PUBLISH")


def _calendar(events: Sequence[Event], method: str) -> bytes:
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", method)
    for event in events:
        calendar.add_component(event)
    years = [event.start.year for event in events]
    if years:
        first, last = dt.date(min(years), 1, 1), dt.date(max(years) + 1, 12, 31)
        calendar.add_missing_timezones(first_date=first, last_date=last)
    return calendar.to_ical()  # type: ignore[no-any-return] # the library is not typed


def _event(meeting: Meeting, product: str, zone: zoneinfo.ZoneInfo, now: dt.datetime) -> Event:
    event = Event()
    event.add("uid", meeting.uid)
    event.add("sequence", meeting.sequence)
    event.add("dtstamp", now)
    starts = meeting.starts_at.astimezone(zone)
    event.add("dtstart", starts)
    event.add("dtend", starts + dt.timedelta(minutes=meeting.minutes_long))
    event.add("summary", f"{product}: {meeting.title}")
    event.add("status", "CANCELLED" if meeting.status is MeetingStatus.CANCELLED else "CONFIRMED")
    if meeting.place:
        event.add("location", meeting.place)
    if meeting.agenda:
        event.add("description", meeting.agenda)
    return event
