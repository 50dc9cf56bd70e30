"""Puts a small group into the database, as if its members had made it: for tests that begin after that."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from storage.enums import Role, UnitKind
from storage.models.members import Group, Membership, Person, Unit
from storage.session import Storage

FOUNDED = dt.datetime(2025, 1, 1, tzinfo=dt.UTC)


@dataclass(frozen=True)
class Someone:
    """A person of the test group: the chat's id, the name, the roles, and the municipality that they speak for."""

    user: str
    name: str
    roles: tuple[Role, ...]
    municipality: str = ""
    leads: bool = False
    confirmed: bool = True


PEOPLE = (
    Someone("anna", "Anna Holm", (Role.CONVENER, Role.REPRESENTATIVE), "Favrskov", leads=True),
    Someone("bo", "Bo Lind", (Role.REPRESENTATIVE,), "Tønder"),
    Someone("carla", "Carla Friis", (Role.REPRESENTATIVE,), "Bornholm"),
    Someone("dan", "Dan Krogh", (Role.REPRESENTATIVE,), "Favrskov"),
    Someone("eva", "Eva Sommer", (Role.SUPPLIER,)),
    Someone("finn", "Finn Bech", (Role.SECRETARIAT,)),
    Someone("gry", "Gry Toft", (Role.STEERING,)),
    Someone("hans", "Hans Vang", (Role.GUEST,)),
)
CODES = {"Favrskov": "710", "Tønder": "550", "Bornholm": "400", "Læsø": "825"}


async def make_group(
    storage: Storage,
    *,
    platform: str,
    workspace: str,
    channel: str,
    steering: str = "",
    users: dict[str, str] | None = None,
    people: tuple[Someone, ...] = PEOPLE,
) -> int:
    """Store the group and its people; returns the group's id.

    Args:
        users: the test's name of a person → the chat's id of them, where they differ.
    """
    async with storage.write() as session:
        group = Group(
            short_name="os2test",
            product="OS2test",
            platform=platform,
            workspace=workspace,
            channel=channel,
            channel_name="koordinationsgruppe",
            steering_channel=steering,
            steering_bound=bool(steering),
            locale="da",
            founded_at=FOUNDED,
            created_at=FOUNDED,
        )
        session.add(group)
        await session.flush()
        units: dict[str, Unit] = {}
        for name in dict.fromkeys(someone.municipality for someone in people if someone.municipality):
            units[name] = Unit(
                group_id=group.id, kind=UnitKind.MUNICIPALITY, code=CODES[name], name=name, joined_at=FOUNDED
            )
        session.add_all(units.values())
        await session.flush()
        for someone in people:
            person = Person(
                id=f"person-{someone.user}",
                platform=platform,
                workspace=workspace,
                user=(users or {}).get(someone.user, someone.user),
                name=someone.name,
                locale="da",
                muted=False,
                created_at=FOUNDED,
            )
            session.add(person)
            await session.flush()
            for role in someone.roles:
                session.add(
                    Membership(
                        group_id=group.id,
                        person_id=person.id,
                        role=role,
                        unit_id=units[someone.municipality].id if role is Role.REPRESENTATIVE else None,
                        leads=someone.leads and role in (Role.CONVENER, Role.SUPPLIER),
                        since=FOUNDED,
                        confirmed_at=FOUNDED if someone.confirmed else None,
                    )
                )
        return group.id
