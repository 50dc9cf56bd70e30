"""Who is what in a group, read once and asked in many ways."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from storage.enums import Role
from storage.models.members import Membership, Person, Unit
from storage.queries import members

EVER = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


@dataclass(frozen=True, slots=True)
class Seat:
    """One person in one role. `by_themselves`: nobody but the person has confirmed it, as for who makes a group.
    `stands_in_for` and `until` are a substitute's."""

    id: int
    person_id: str
    name: str
    role: Role
    unit_id: int | None = None
    unit_name: str = ""
    leads: bool = False
    deputy: bool = False
    chair: bool = False
    confirmed: bool = True
    by_themselves: bool = False
    since: dt.datetime = EVER
    stands_in_for: str = ""
    until: dt.datetime | None = None

    @property
    def label(self) -> str:
        """`Bo Lind (Tønder)`, or the name alone."""
        return f"{self.name} ({self.unit_name})" if self.unit_name else self.name


@dataclass(frozen=True, slots=True)
class Roster:
    """Everybody's seats, in the order that they were taken."""

    seats: tuple[Seat, ...]

    @property
    def leader(self) -> Seat | None:
        """Who leads the group; `None` for nobody."""
        return next((seat for seat in self.seats if seat.leads and seat.confirmed), None)

    @property
    def deputies(self) -> list[Seat]:
        return [seat for seat in self.seats if seat.deputy and seat.confirmed and not seat.leads]

    @property
    def chair(self) -> Seat | None:
        return next((seat for seat in self.committee if seat.chair), None)

    @property
    def committee(self) -> list[Seat]:
        """The steering committee's confirmed members."""
        return [seat for seat in self.seats if seat.role is Role.STEERING and seat.confirmed]

    @property
    def representatives(self) -> list[Seat]:
        """Who speaks for a unit, by the unit's name."""
        found = [seat for seat in self.seats if seat.role is Role.REPRESENTATIVE]
        return sorted(found, key=lambda seat: (seat.unit_name.casefold(), seat.id))

    @property
    def voting_units(self) -> frozenset[int]:
        """The units that somebody confirmed speaks for."""
        return frozenset(seat.unit_id for seat in self.representatives if seat.confirmed and seat.unit_id is not None)

    @property
    def leader_unit(self) -> int | None:
        """The unit that the leader speaks for."""
        return self.unit_of(self.leader.person_id) if self.leader else None

    @property
    def other_voting_units(self) -> frozenset[int]:
        """The units besides the leader's own that somebody confirmed speaks for."""
        return self.voting_units - {self.leader_unit}

    @property
    def leader_awaits(self) -> bool:
        """Whether another unit has to stand behind the leader: nobody has, or the leader speaks for a new unit."""
        if self.leader is None:
            return False
        claims = [seat for seat in self.seats_of(self.leader.person_id) if seat.role is Role.REPRESENTATIVE]
        return self.leader.by_themselves or not all(seat.confirmed for seat in claims)

    @property
    def is_group_of_one(self) -> bool:
        """Whether no other unit has come, so that the leader has nobody to be confirmed by."""
        return self.leader is not None and self.leader.by_themselves and not self.other_voting_units

    def of(self, role: Role) -> list[Seat]:
        return [seat for seat in self.seats if seat.role is role]

    def awaiting(self, role: Role) -> list[Seat]:
        """Those whose claim to this role is not confirmed."""
        return [seat for seat in self.of(role) if not seat.confirmed]

    def seat(self, number: int) -> Seat | None:
        return next((seat for seat in self.seats if seat.id == number), None)

    def seats_of(self, person_id: str) -> list[Seat]:
        return [seat for seat in self.seats if seat.person_id == person_id]

    def unit_of(self, person_id: str) -> int | None:
        return next((seat.unit_id for seat in self.seats_of(person_id) if seat.unit_id is not None), None)

    def label_of(self, seat: Seat) -> str:
        """The person with the unit that they speak for, whichever seat it is that is shown."""
        spoken_for = next((one for one in self.seats_of(seat.person_id) if one.unit_name), seat)
        return spoken_for.label


async def read_roster(session: AsyncSession, group_id: int) -> Roster:
    """The group's roster now: one query."""
    return Roster(tuple(_seats(await members.list_members(session, group_id))))


def _seats(rows: Iterable[tuple[Membership, Person, Unit | None]]) -> Iterable[Seat]:
    for held, person, unit in rows:
        yield Seat(
            id=held.id,
            person_id=person.id,
            name=person.name,
            role=held.role,
            unit_id=held.unit_id,
            unit_name=unit.name if unit else "",
            leads=held.leads,
            deputy=held.deputy,
            chair=held.chair,
            confirmed=held.confirmed_at is not None,
            by_themselves=held.confirmed_by == held.person_id,
            since=held.since,
            stands_in_for=held.stands_in_for,
            until=held.until,
        )
