"""The results that no meeting stands behind yet: a point of the agenda, and a button for the leader."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from handlers.chat.messages import Button
from handlers.context import Context
from locales import local_day, long_date, plural, translate
from storage.models.meetings import Meeting
from storage.models.polls import Poll
from storage.queries import polls

MOST = 5
"""Results that are named and have a button, the newest; a group that never ratifies is not shown all it ever voted on
[choice]."""


async def list_unratified(context: Context, meeting: Meeting) -> list[Poll]:
    """The polls that the meeting may ratify, the newest first: closed by its day, and nobody has ratified them; where
    nobody voted there is no result."""
    found = await polls.list_unratified(context.session, context.group.id)
    day = local_day(meeting.starts_at)
    return [poll for poll in found if poll.result and poll.result["voted"] and _closed_by(poll, day)]


def _closed_by(poll: Poll, day: dt.date) -> bool:
    return local_day(poll.closed_at or poll.deadline) <= day


def ratify_point(found: Sequence[Poll]) -> tuple[str, str]:
    """The agenda's point with the results that wait."""
    named = [translate("meetings.poll", number=poll.number, title=poll.title) for poll in found[:MOST]]
    more = [plural("meetings.more", len(found) - MOST)] if len(found) > MOST else []
    return translate("meetings.point.ratify"), "; ".join([*named, *more])


def ratify_buttons(meeting: Meeting, found: Sequence[Poll]) -> tuple[Button, ...]:
    """Each opens the form that the poll's own command opens, with this meeting filled in."""
    named = translate("meetings.stands_behind", number=meeting.number, date=long_date(meeting.starts_at))
    return tuple(
        Button(translate("meetings.button.ratify", number=poll.number), "poll.open_ratify", str(poll.number), named)
        for poll in found[:MOST]
    )
