"""Works out what a person is in a group, from what is stored of them."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable

from sqlalchemy.ext.asyncio import AsyncSession

from handlers.context import Capacity, Standing
from storage.enums import Role
from storage.models.members import Group, Membership, Person, Unit
from storage.queries import members

_CAPACITIES = {
    Role.CONVENER: Capacity.LEADER,
    Role.SUPPLIER: Capacity.SUPPLIER,
    Role.REPRESENTATIVE: Capacity.REPRESENTATIVE,
    Role.SECRETARIAT: Capacity.SECRETARIAT,
    Role.STEERING: Capacity.STEERING,
    Role.GUEST: Capacity.GUEST,
}


async def find_standing(session: AsyncSession, group: Group, person: Person) -> Standing:
    """What this person is in this group; somebody with no role is a guest."""
    held = await members.list_memberships_of(session, group.id, person.id)
    unit_id = next((one.unit_id for one in held if one.role is Role.REPRESENTATIVE), None)
    unit = await session.get(Unit, unit_id) if unit_id else None
    standing = standing_of(held, unit)
    if any(leads_unconfirmed(one) for one in held):
        others = [one for one in await members.list_voting_units(session, group.id) if one.id != unit_id]
        standing = dataclasses.replace(standing, provisional=bool(others))
    return standing


def leads_unconfirmed(held: Membership) -> bool:
    """Whether this is a leader whom nobody but themselves has confirmed, as in a group that was just made."""
    return held.leads and held.confirmed_by == held.person_id


def standing_of(held: Iterable[Membership], unit: Unit | None) -> Standing:
    """The standing that these memberships give.

    A convener leads once confirmed (who makes a group confirms themselves, and is provisional), a supplier only where
    appointed to; a committee member counts once confirmed. A representative has the role from the first moment, and
    the vote once confirmed [choice]."""
    capacities: set[Capacity] = set()
    confirmed = chair = False
    stands_in_for = ""
    for one in held:
        if one.role is Role.REPRESENTATIVE:
            capacities.add(Capacity.REPRESENTATIVE)
            confirmed = confirmed or one.confirmed_at is not None
            stands_in_for = one.stands_in_for
        elif one.role is Role.CONVENER:
            if one.leads and one.confirmed_at is not None:
                capacities.add(Capacity.LEADER)
        elif one.role is Role.STEERING:
            if one.confirmed_at is not None:
                capacities.add(Capacity.STEERING)
                chair = chair or one.chair
        else:
            capacities.add(_CAPACITIES[one.role])
        if (one.leads or one.deputy) and one.confirmed_at is not None:
            capacities.add(Capacity.LEADER)
    held_as = frozenset(capacities or {Capacity.GUEST})
    return Standing(held_as, unit, confirmed, chair, stands_in_for=stands_in_for)
