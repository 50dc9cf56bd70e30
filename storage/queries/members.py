"""Finds people, groups and what people are in them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass, field

from sqlalchemy import func, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from storage.enums import Role
from storage.models.members import Group, Membership, Person, PreparedDeed, Setting, Unit
from storage.session import note_change


async def find_person(session: AsyncSession, platform: str, workspace: str, user: str) -> Person | None:
    return await session.scalar(
        select(Person).where(Person.platform == platform, Person.workspace == workspace, Person.user == user)
    )


async def map_users(session: AsyncSession, platform: str, workspace: str, users: Collection[str]) -> dict[str, Person]:
    """The people whom a chat knows by these ids, by those."""
    found = await session.scalars(
        select(Person).where(Person.platform == platform, Person.workspace == workspace, Person.user.in_(set(users)))
    )
    return {person.user: person for person in found}


async def add_person(session: AsyncSession, person: Person) -> Person:
    """Store somebody new; where another transaction has stored them a moment before, theirs is the one."""
    try:
        async with session.begin_nested():
            session.add(person)
    except IntegrityError:
        found = await find_person(session, person.platform, person.workspace, person.user)
        if found is None:
            raise
        return found
    return person


async def get_person(session: AsyncSession, person_id: str) -> Person:
    return await session.get_one(Person, person_id)


async def map_people(session: AsyncSession, ids: Collection[str]) -> dict[str, Person]:
    """The people with these ids, by id."""
    found = await session.scalars(select(Person).where(Person.id.in_(set(ids))))
    return {person.id: person for person in found}


async def get_group(session: AsyncSession, group_id: int) -> Group:
    return await session.get_one(Group, group_id)


async def lock_group(session: AsyncSession, group_id: int) -> Group:
    """The group, held by this transaction until it ends: whoever writes in a group does so one at a time."""
    note_change(session, group_id)
    return (await session.scalars(select(Group).where(Group.id == group_id).with_for_update())).one()


async def find_group_by_name(session: AsyncSession, short_name: str) -> Group | None:
    return await session.scalar(select(Group).where(func.lower(Group.short_name) == short_name.lower()))


async def list_groups(session: AsyncSession) -> list[Group]:
    return list(await session.scalars(select(Group).order_by(Group.id)))


async def list_groups_of_channel(session: AsyncSession, platform: str, workspace: str, channel: str) -> list[Group]:
    """The groups whose own or steering channel this is."""
    found = await session.scalars(
        select(Group)
        .where(
            Group.platform == platform,
            Group.workspace == workspace,
            or_(Group.channel == channel, Group.steering_channel == channel),
        )
        .order_by(Group.id)
    )
    return list(found)


async def list_groups_of_person(session: AsyncSession, person_id: str) -> list[Group]:
    found = await session.scalars(
        select(Group)
        .where(
            Group.id.in_(
                select(Membership.group_id).where(Membership.person_id == person_id, Membership.ended_at.is_(None))
            )
        )
        .order_by(Group.id)
    )
    return list(found)


async def list_memberships(session: AsyncSession, group_id: int) -> list[Membership]:
    """What everybody is in a group now, in the order that they became it."""
    found = await session.scalars(
        select(Membership).where(Membership.group_id == group_id, Membership.ended_at.is_(None)).order_by(Membership.id)
    )
    return list(found)


async def list_members(session: AsyncSession, group_id: int) -> list[tuple[Membership, Person, Unit | None]]:
    """What everybody is in a group now, with the person and the unit, in the order that they became it."""
    rows = await session.execute(
        select(Membership, Person, Unit)
        .join(Person, Person.id == Membership.person_id)
        .outerjoin(Unit, Unit.id == Membership.unit_id)
        .where(Membership.group_id == group_id, Membership.ended_at.is_(None))
        .order_by(Membership.id)
    )
    return [(membership, person, unit) for membership, person, unit in rows]


async def list_people_of(session: AsyncSession, platform: str, workspace: str) -> list[Person]:
    """Everybody who has ever met the bot in a workspace, by name."""
    found = await session.scalars(
        select(Person)
        .where(Person.platform == platform, Person.workspace == workspace)
        .order_by(Person.name, Person.id)
    )
    return list(found)


async def list_memberships_of(session: AsyncSession, group_id: int, person_id: str) -> list[Membership]:
    found = await session.scalars(
        select(Membership).where(
            Membership.group_id == group_id, Membership.person_id == person_id, Membership.ended_at.is_(None)
        )
    )
    return list(found)


async def find_membership(session: AsyncSession, group_id: int, person_id: str, role: Role) -> Membership | None:
    """The membership in this role, also one that has ended."""
    return await session.scalar(
        select(Membership).where(
            Membership.group_id == group_id, Membership.person_id == person_id, Membership.role == role
        )
    )


async def get_unit(session: AsyncSession, unit_id: int) -> Unit:
    return await session.get_one(Unit, unit_id)


async def list_units(session: AsyncSession, group_id: int) -> list[Unit]:
    return list(await session.scalars(select(Unit).where(Unit.group_id == group_id).order_by(Unit.name)))


async def list_voting_units(session: AsyncSession, group_id: int) -> list[Unit]:
    """The units that somebody confirmed speaks for now."""
    spoken_for = select(Membership.unit_id).where(
        Membership.group_id == group_id,
        Membership.role == Role.REPRESENTATIVE,
        Membership.confirmed_at.is_not(None),
        Membership.ended_at.is_(None),
    )
    return list(await session.scalars(select(Unit).where(Unit.id.in_(spoken_for)).order_by(Unit.name)))


async def list_representatives(session: AsyncSession, group_id: int) -> list[tuple[Person, Unit, bool]]:
    """Everybody who speaks for a unit now, the unit, and whether their claim is confirmed; by unit and name."""
    rows = await session.execute(
        select(Person, Unit, Membership.confirmed_at)
        .join(Membership, Membership.person_id == Person.id)
        .join(Unit, Unit.id == Membership.unit_id)
        .where(
            Membership.group_id == group_id,
            Membership.role == Role.REPRESENTATIVE,
            Membership.ended_at.is_(None),
        )
        .order_by(Unit.name, Person.name, Person.id)
    )
    return [(person, unit, confirmed_at is not None) for person, unit, confirmed_at in rows]


async def find_substitute(session: AsyncSession, group_id: int, person_id: str) -> Membership | None:
    """Who speaks in this person's place now."""
    return await session.scalar(
        select(Membership).where(
            Membership.group_id == group_id, Membership.stands_in_for == person_id, Membership.ended_at.is_(None)
        )
    )


async def list_ended_substitutes(session: AsyncSession, now: dt.datetime) -> list[Membership]:
    """The substitutes of all groups whose time is over."""
    found = await session.scalars(
        select(Membership)
        .where(Membership.until <= now, Membership.ended_at.is_(None))
        .order_by(Membership.until, Membership.id)
    )
    return list(found)


async def next_substitute_end(session: AsyncSession, after: dt.datetime) -> dt.datetime | None:
    """The first moment after this one when a substitute's time is over."""
    return await session.scalar(
        select(func.min(Membership.until)).where(Membership.until > after, Membership.ended_at.is_(None))
    )


async def list_leaders(session: AsyncSession, group_id: int) -> list[Person]:
    """The group's leader, and after them those who stand in for the leader."""
    rows = await session.scalars(
        select(Person)
        .join(Membership, Membership.person_id == Person.id)
        .where(
            Membership.group_id == group_id,
            or_(Membership.leads.is_(True), Membership.deputy.is_(True)),
            Membership.confirmed_at.is_not(None),
            Membership.ended_at.is_(None),
        )
        .order_by(Membership.leads.desc(), Membership.id)
    )
    return list(dict.fromkeys(rows))


async def list_steering(session: AsyncSession, group_id: int) -> list[Person]:
    """The confirmed members of the group's steering committee, its chair first."""
    rows = await session.scalars(
        select(Person)
        .join(Membership, Membership.person_id == Person.id)
        .where(
            Membership.group_id == group_id,
            Membership.role == Role.STEERING,
            Membership.confirmed_at.is_not(None),
            Membership.ended_at.is_(None),
        )
        .order_by(Membership.chair.desc(), Membership.id)
    )
    return list(rows)


async def find_unit(session: AsyncSession, group_id: int, code: str) -> Unit | None:
    return await session.scalar(select(Unit).where(Unit.group_id == group_id, Unit.code == code))


async def list_settings(session: AsyncSession, group_id: int) -> list[Setting]:
    """Every value that the group's settings have had, oldest first."""
    return list(await session.scalars(select(Setting).where(Setting.group_id == group_id).order_by(Setting.id)))


async def list_current_settings(session: AsyncSession, group_id: int) -> list[tuple[str, str, str | None, str | None]]:
    """The group's language and product, with the name and the newest value of each of its settings; one row of `None`
    for none."""
    newest = select(func.max(Setting.id)).where(Setting.group_id == group_id).group_by(Setting.name)
    rows = await session.execute(
        select(Group.locale, Group.product, Setting.name, Setting.value)
        .outerjoin(Setting, Setting.id.in_(newest))
        .where(Group.id == group_id)
    )
    return [(language, product, name, value) for language, product, name, value in rows]


async def find_prepared_deed(session: AsyncSession, group_id: int, number: int) -> PreparedDeed | None:
    return await session.scalar(
        select(PreparedDeed).where(PreparedDeed.group_id == group_id, PreparedDeed.id == number)
    )


@dataclass(slots=True)
class Held:
    """What somebody is in all groups: the roles, the unit that they speak for, and whether as a substitute."""

    roles: list[str] = field(default_factory=list)
    unit: str = ""
    substitute: bool = False


async def map_roles(session: AsyncSession, platform: str, workspace: str) -> dict[str, Held]:
    """The chat's id of each person → what they are."""
    rows = await session.execute(
        select(Person.user, Membership.role, Unit.name, Membership.stands_in_for)
        .join(Membership, Membership.person_id == Person.id)
        .outerjoin(Unit, Unit.id == Membership.unit_id)
        .where(Person.platform == platform, Person.workspace == workspace, Membership.ended_at.is_(None))
        .order_by(Membership.id)
    )
    found: dict[str, Held] = {}
    for user, role, unit, stands_in_for in rows:
        held = found.setdefault(user, Held())
        held.roles += [] if role.value in held.roles else [role.value]
        held.unit = held.unit or unit or ""
        held.substitute = held.substitute or bool(stands_in_for)
    return found
