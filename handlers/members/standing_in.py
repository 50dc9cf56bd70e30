"""A substitute's time ends: on the day that was named, when it is taken back, or when the colleague leaves."""

from __future__ import annotations

import datetime as dt

from sqlalchemy.ext.asyncio import AsyncSession

from handlers.capability import Due, Timer
from handlers.chat.replies import Notice, Replies
from handlers.context import Context
from handlers.decisions.chain import record
from handlers.members.happenings import RepresentativeEnded
from handlers.members.roles import end_role
from locales import local_day, translate
from storage.models.members import Membership
from storage.queries import members

_MOMENT = dt.timedelta(microseconds=1)


def last_day(until: dt.datetime | None) -> dt.date | None:
    """The last day of somebody whose time is over at this moment, `None` where no day was named."""
    return local_day(until - _MOMENT) if until is not None else None


async def end_substitute_of(context: Context, person_id: str) -> Replies:
    """Who no longer speaks for a unit can't have lent the word to anybody."""
    held = await members.find_substitute(context.session, context.group.id, person_id)
    return await end_substitute(context, held) if held is not None else []


async def end_substitute(context: Context, held: Membership) -> Replies:
    """The substitute speaks for the unit no longer, and both hear it."""
    await end_role(context, held)
    people = await members.map_people(context.session, [held.person_id, held.stands_in_for])
    unit = await members.get_unit(context.session, held.unit_id or 0)
    facts = {"person": held.person_id, "unit": unit.name, "for": held.stands_in_for}
    await record(context, "member.substitute_ended", f"person:{held.person_id}", facts)
    names = {"unit": unit.name, "substitute": people[held.person_id].name, "principal": people[held.stands_in_for].name}
    told: Replies = []
    for person_id, key in ((held.person_id, "substitute"), (held.stands_in_for, "principal")):
        if person_id != context.me.id:
            with context.speaking_to(people[person_id]):
                text = translate(f"members.substitute_over.{key}", **names)
            told.append(Notice(text, f"substitute:{held.person_id}", "people", person_id))
    return [*told, RepresentativeEnded(held.person_id, unit.id)]


async def next_end(session: AsyncSession, after: dt.datetime) -> dt.datetime | None:
    """When the next substitute's time is over."""
    return await members.next_substitute_end(session, after)


async def due_ends(session: AsyncSession, now: dt.datetime) -> list[Due]:
    """The substitutes whose time is over."""
    ended = await members.list_ended_substitutes(session, now)
    return [Due(held.group_id, held.until or now, str(held.id)) for held in ended]


async def end_due(context: Context, due: Due) -> Replies:
    """One of them speaks for the unit no longer."""
    held = await context.session.get_one(Membership, int(due.subject))
    if held.ended_at is not None or held.until is None or held.until > context.now:
        return []
    return await end_substitute(context, held)


TIMERS = (Timer("members.substitutes", next_end, due_ends, end_due),)
