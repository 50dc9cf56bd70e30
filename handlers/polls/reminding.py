"""Reminds those whose municipality has not voted, privately and only when there is time left to do it."""

from __future__ import annotations

import datetime as dt
import zoneinfo

from handlers.chat.replies import Notice, Replies
from handlers.context import Context
from handlers.polls.forecasting import forecast_text, is_quorate_already, list_courses
from handlers.polls.state import PollState, read_state
from handlers.workdays import bundle_moment, is_quiet_day, next_bundle
from locales import long_moment, translate
from storage.models.polls import Poll
from storage.queries import members

HOURS_BEFORE = (48, 4)
"""When people are reminded [choice]."""

AHEAD = dt.timedelta(minutes=5)
"""So long before a bundle is sent, it is looked at who has still not voted."""

LONGEST_WAIT = dt.timedelta(hours=24)
"""A reminder that would wait longer for its bundle goes with the one before instead."""

FIRST_PEACE = dt.timedelta(hours=12)
"""So long after the opening nobody is reminded."""

EARLIEST = dt.timedelta(days=7)

_DAY = dt.timedelta(days=1)


def moments_of(opened_at: dt.datetime, deadline: dt.datetime, zone: zoneinfo.ZoneInfo) -> list[dt.datetime]:
    """When the silent are reminded: just before the bundles that come nearest to 48 and 4 hours before the deadline.

    Never on a quiet day, never within half a day of the opening, and never more than a week ahead, as would happen to
    a deadline at the end of July."""
    bundles = {_bundle_of(deadline - dt.timedelta(hours=hours), deadline, zone) for hours in HOURS_BEFORE}
    earliest = max(opened_at + FIRST_PEACE, deadline - EARLIEST)
    return sorted(bundle - AHEAD for bundle in bundles if bundle - AHEAD >= earliest)


def _bundle_of(wanted: dt.datetime, deadline: dt.datetime, zone: zoneinfo.ZoneInfo) -> dt.datetime:
    later = next_bundle(wanted - dt.timedelta(seconds=1), zone)
    if later < deadline and later - wanted <= LONGEST_WAIT:
        return later
    day = wanted.astimezone(zone).date()
    while is_quiet_day(day) or bundle_moment(day, zone) > wanted:
        day -= _DAY
    return bundle_moment(day, zone)


async def remind(context: Context, poll: Poll) -> Replies:
    """A line to each representative of a municipality that has not voted, and a forecast to the leader: with the
    bundle, or at once where the bot was down at the last one before the deadline."""
    state = await read_state(context, poll)
    silent = {unit.id for unit in state.silent}
    told: Replies = []
    for person, unit, confirmed in await members.list_representatives(context.session, context.group.id):
        if not confirmed or unit.id not in silent:
            continue
        with context.speaking_to(person):
            moment = long_moment(poll.deadline)
            text = translate("polls.reminder", number=poll.number, title=poll.title, unit=unit.name, moment=moment)
        told.append(Notice(text, f"poll:{poll.number}/reminder", "polls", person.id, before=poll.deadline))
    return [*told, *await _forecast(context, state)]


async def _forecast(context: Context, state: PollState) -> Replies:
    """The leader hears how many municipalities may have voted in the end, until there are enough."""
    poll, earlier = state.poll, await list_courses(context, state.poll)
    told: Replies = []
    for person in await members.list_leaders(context.session, context.group.id):
        with context.speaking_to(person):
            forecast = forecast_text(state, earlier)
            voted = translate("polls.voted", voted=len(state.standing), units=len(state.box.units))
            text = translate("polls.forecast.line", number=poll.number, voted=voted, forecast=forecast)
        if forecast and not is_quorate_already(state):
            told.append(Notice(text, f"poll:{poll.number}/forecast", "polls", person.id, before=poll.deadline))
    return told
