"""The forecast of a poll's turnout that the leader sees: in the reminder's bundle, and when asking how it stands."""

from __future__ import annotations

import datetime as dt

from handlers.context import Context
from handlers.polls.forecast import LAST, Course, course_of, expect, needed
from handlers.polls.state import PollState, subject_of
from locales import plural
from storage.enums import PollStatus
from storage.models.polls import Poll
from storage.queries import log, polls


async def list_courses(context: Context, poll: Poll) -> list[Course]:
    """How the group's last polls went, seen from when the same part of their time had passed as of this one's now."""
    ended = await polls.list_polls(context.session, context.group.id, [PollStatus.CLOSED])
    passed = (context.now - poll.opened_at) / (poll.deadline - poll.opened_at)
    return [await _course(context, one, passed) for one in ended[:LAST]]


async def _course(context: Context, ended: Poll, passed: float) -> Course:
    firsts: dict[int, dt.datetime] = {}
    for entry in await log.list_about(context.session, context.group.id, subject_of(ended)):
        if entry.kind == "ballot.cast" and entry.facts["marks"]:
            firsts.setdefault(entry.facts["unit"], dt.datetime.fromisoformat(entry.facts["at"]))
    result = ended.result or {"units": 0, "voted": 0}
    end = min(ended.closed_at or ended.deadline, ended.deadline)
    then = ended.opened_at + (end - ended.opened_at) * passed
    return course_of(result["units"], result["voted"], firsts.values(), then)


def forecast_text(state: PollState, earlier: list[Course]) -> str:
    """What may become of it, in the language that is spoken; empty where there is nothing to say."""
    voted, units = len(state.standing), len(state.box.units)
    quorum, expected = needed(units, state.poll.quorum), expect(voted, units, earlier)
    if not state.silent:
        return ""
    if expected is not None:
        key = "polls.forecast.going" if quorum is None else "polls.forecast.going_to_quorum"
        return plural(key, len(earlier), expected=expected, needed=quorum)
    if quorum is None or voted >= quorum:
        return ""
    return plural("polls.forecast.missing", quorum - voted, percent=state.poll.quorum)


def is_quorate_already(state: PollState) -> bool:
    """Whether a quorum is asked for and has been reached, so that nothing more depends on those who are silent."""
    quorum = needed(len(state.box.units), state.poll.quorum)
    return quorum is not None and len(state.standing) >= quorum
