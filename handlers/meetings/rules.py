"""When a meeting is told of, and what an emoji on its card means: rules without session, clock or chat."""

from __future__ import annotations

import datetime as dt
import zoneinfo
from collections.abc import Sequence
from enum import StrEnum

from handlers.workdays import bundle_moment, is_quiet, moved_back, next_bundle
from storage.enums import Attending


class NoticeKind(StrEnum):
    """What is told of a meeting unasked."""

    AGENDA = "agenda"
    REMINDER = "reminder"
    MARKING = "marking"
    SOON = "soon"


DAILY = (NoticeKind.AGENDA, NoticeKind.REMINDER, NoticeKind.MARKING)
"""Those that come with or around a morning's bundle."""

AGENDA_DAYS = 7
"""The agenda comes in the channel so many days before [choice]."""

REMINDER_DAYS = 1
"""Those who have not answered are asked so many days before [choice]."""

MARKING_DAYS = 31
"""The leader is asked whether a meeting was held, the working day after it; after so many days no longer [choice]."""

AHEAD = dt.timedelta(minutes=5)
"""Lines are put in so long before the bundle that they go with."""


def soon_moment(
    starts_at: dt.datetime, planned_at: dt.datetime, minutes: int, zone: zoneinfo.ZoneInfo
) -> dt.datetime | None:
    """When the channel is reminded of a meeting that begins in so many minutes: `None` where the group wants none, or
    at a quiet time, because moved to another day it would help nobody."""
    moment = starts_at - dt.timedelta(minutes=minutes)
    return moment if minutes and planned_at < moment and not is_quiet(moment, zone) else None


def notice_moment(
    kind: NoticeKind, starts_at: dt.datetime, planned_at: dt.datetime, zone: zoneinfo.ZoneInfo
) -> dt.datetime | None:
    """When a meeting is told of in the morning; a quiet day moves it back to the working day before.

    It is the same for every hour of the meeting's day, so that a change of the hour repeats nothing.

    Args:
        starts_at: when the meeting begins.
        planned_at: when it was planned.

    Returns:
        The moment; `None` where it would come too late to help: a meeting planned within the week has its agenda with
        the next bundle, if that comes before the meeting's day, and nobody is asked about one planned within a day.
    """
    day = starts_at.astimezone(zone).date()
    if kind is NoticeKind.MARKING:
        return next_bundle(bundle_moment(day, zone), zone) - AHEAD
    if kind is NoticeKind.REMINDER:
        asked = _bundle_before(day, REMINDER_DAYS, zone) - AHEAD
        return asked if planned_at < asked else None
    shown = _bundle_before(day, AGENDA_DAYS, zone)
    if planned_at >= shown:
        shown = next_bundle(planned_at, zone)
    return shown if shown.astimezone(zone).date() < day else None


def _bundle_before(day: dt.date, days: int, zone: zoneinfo.ZoneInfo) -> dt.datetime:
    return moved_back(bundle_moment(day - dt.timedelta(days=days), zone), zone)


def answer_after_click(
    known: Attending | None, clicked: Attending, *, on: bool, others_on: Sequence[Attending] = ()
) -> Attending | None:
    """What a person answers after a click.

    Args:
        known: what they answered before, in whatever way.
        clicked: what the emoji says, and whether it was put on or taken off.
        others_on: what the person's other emojis on the card say, oldest first.

    Returns:
        What was put on last counts. Taking off an emoji takes back only what it said: an answer given in words since
        then stands.
    """
    if on:
        return clicked
    if known is not clicked:
        return known
    return others_on[-1] if others_on else None
