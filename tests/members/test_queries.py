"""Who a group's people are, as other rooms ask for them."""

from __future__ import annotations

import datetime as dt

from storage.enums import Role
from storage.queries import members
from storage.session import Storage
from tests.conftest import START
from tests.members.rooms import small_group


async def test_everybody_who_speaks_for_a_unit(storage: Storage) -> None:
    group_id = await small_group(storage)
    async with storage.write() as session:
        carla = await members.find_membership(session, group_id, "person-carla", Role.REPRESENTATIVE)
        assert carla is not None
        carla.confirmed_at = None
    async with storage.read() as session:
        found = await members.list_representatives(session, group_id)
        voting = await members.list_voting_units(session, group_id)
    assert [(person.name, unit.name, confirmed) for person, unit, confirmed in found] == [
        ("Carla Friis", "Bornholm", False),
        ("Anna Holm", "Favrskov", True),
        ("Dan Krogh", "Favrskov", True),
        ("Bo Lind", "Tønder", True),
    ]
    assert [unit.name for unit in voting] == ["Favrskov", "Tønder"]


async def test_the_leader_stands_before_the_deputies_and_each_once(storage: Storage) -> None:
    group_id = await small_group(storage)
    async with storage.write() as session:
        for user in ("bo", "anna"):
            held = await members.find_membership(session, group_id, f"person-{user}", Role.REPRESENTATIVE)
            assert held is not None
            held.deputy = True
    async with storage.read() as session:
        assert [one.name for one in await members.list_leaders(session, group_id)] == ["Anna Holm", "Bo Lind"]


async def test_who_has_left_or_awaits_confirmation_is_not_in_the_committee(storage: Storage) -> None:
    group_id = await small_group(storage)
    async with storage.write() as session:
        for user, confirmed, ended in (("finn", None, None), ("eva", START, START), ("hans", START, None)):
            session.add(
                _seat(group_id, user, confirmed=confirmed, ended=ended, chair=user == "hans"),
            )
    async with storage.read() as session:
        assert [one.name for one in await members.list_steering(session, group_id)] == ["Hans Vang", "Gry Toft"]


def _seat(
    group_id: int, user: str, *, confirmed: dt.datetime | None, ended: dt.datetime | None, chair: bool
) -> members.Membership:
    return members.Membership(
        group_id=group_id,
        person_id=f"person-{user}",
        role=Role.STEERING,
        chair=chair,
        since=START,
        confirmed_at=confirmed,
        ended_at=ended,
    )
