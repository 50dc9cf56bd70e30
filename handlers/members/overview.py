"""Shows who is who, and who may decide what: `/gruppe medlemmer` and `/gruppe hvem`."""

from __future__ import annotations

from handlers.capability import Ask
from handlers.chat.replies import Replies, Whisper
from handlers.context import Capacity, Context
from handlers.members.joining import confirmable_by
from handlers.members.overview_messages import members_message, rights_message
from handlers.members.rights import RIGHTS
from handlers.members.roster import read_roster

_MATTERS = (
    ("support", "wish.support"),
    ("wish", "wish.submit"),
    ("estimate", "wish.estimate"),
    ("decide", "wish.start"),
    ("poll", "poll.open"),
    ("meeting", "meeting.plan"),
    ("recommend", "case.recommend"),
    ("confirm", "members.confirm"),
    ("settings", "members.change_settings"),
)
"""What people ask about, and the deed whose row in the table of rights answers it."""

_COMMITTEE = frozenset({Capacity.STEERING})
_VOTERS = frozenset({Capacity.REPRESENTATIVE})
"""Anybody may answer a poll, and is told whether it counts: so no deed's row says who votes."""


async def show_rights(context: Context, ask: Ask) -> Replies:
    """`/gruppe hvem`."""
    roster = await read_roster(context.session, context.group.id)
    rows = [("vote", _VOTERS), *((matter, RIGHTS[deed]) for matter, deed in _MATTERS), *_committee_rows(context)]
    return [Whisper(rights_message(context.group, roster, rows))]


def _committee_rows(context: Context) -> list[tuple[str, frozenset[Capacity]]]:
    """What the committee decides, and others only where there is none."""
    bound = context.group.steering_bound
    return [
        ("frame", _COMMITTEE if bound else RIGHTS["economy.set_frame"] - _COMMITTEE),
        ("committee", _COMMITTEE if bound else RIGHTS["case.answer"] - _COMMITTEE),
    ]


async def show_members(context: Context, ask: Ask) -> Replies:
    """`/gruppe medlemmer`, a page at a time; the leader sees who awaits confirmation, with the buttons for it."""
    roster = await read_roster(context.session, context.group.id)
    page = ask.number() if (ask.subject or ask.text).strip() else 1
    waiting = confirmable_by(roster, context.me.id) if context.standing.leads else []
    return [Whisper(members_message(context, roster, waiting, page))]
