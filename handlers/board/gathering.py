"""Gathers what is a person's own: what waits for them, their wishes, the next meeting, the money."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from handlers.context import Context
from handlers.economy.ledger import read_balance
from handlers.economy.rules import Balance
from handlers.meetings.deeds import read_year
from handlers.meetings.pace import Year
from handlers.members.roster import Roster, read_roster
from storage.enums import PollStatus
from storage.models.meetings import Meeting
from storage.models.members import Group
from storage.models.polls import Poll
from storage.models.wishes import Wish
from storage.queries import boards, meetings, members, polls, wishes


@dataclass(frozen=True, slots=True)
class Gathered:
    """What a board shows. `others` are the person's other groups here."""

    group: Group
    roster: Roster
    mine: Sequence[Wish]
    waiting: Sequence[Poll]
    debates: Sequence[Poll]
    next_meeting: Meeting | None
    year: Year
    balance: Balance
    others: Sequence[Group]


async def gather(context: Context) -> Gathered:
    """Everything for the board of the acting person in this group: a handful of queries, however much there is."""
    session, group = context.session, context.group
    unit = context.standing.unit
    return Gathered(
        group=group,
        roster=await read_roster(session, group.id),
        mine=await wishes.list_wishes_of(session, group.id, context.me.id),
        waiting=await boards.list_waiting_polls(session, group.id, unit.id) if unit else [],
        debates=await polls.list_polls(session, group.id, [PollStatus.DEBATE]),
        next_meeting=await meetings.find_next_meeting(session, group.id, context.now),
        year=await read_year(context, context.today.year),
        balance=await read_balance(session, group.id, context.today.year),
        others=[other for other in await _groups_here(context) if other.id != group.id],
    )


async def _groups_here(context: Context) -> list[Group]:
    """The groups that could be meant: the channel's, or in a direct message the person's."""
    me, place = context.me, context.place
    if place.direct or not place.channel:
        return await members.list_groups_of_person(context.session, me.id)
    return await members.list_groups_of_channel(context.session, me.platform, me.workspace, place.channel)
