"""A substitute speaks for a unit as long as that is meant, on every kind of database."""

from __future__ import annotations

import datetime as dt

import locales
from handlers.capability import Ask
from handlers.members.roles import give_role
from handlers.members.substitutes import name_substitute
from storage.enums import Role
from storage.queries import members
from storage.session import Storage
from tests.conftest import ZONE
from tests.members.rooms import acting, small_group

LAST = dt.datetime(2026, 9, 4, 22, tzinfo=dt.UTC)
"""Midnight after Friday 4 September in Copenhagen."""


async def name(storage: Storage, group_id: int, text: str) -> None:
    async with acting(storage, group_id, "bo") as context:
        with locales.speaking("da", ZONE):
            await name_substitute(context, Ask(text=text))


async def test_a_substitute_stands_where_the_colleague_stands_until_the_day_is_over(storage: Storage) -> None:
    group_id = await small_group(storage)
    await name(storage, group_id, "@hans til 4. september")
    async with acting(storage, group_id, "hans") as context:
        standing = context.standing
        assert standing.votes
        assert standing.unit is not None
        assert (standing.unit.name, standing.stands_in_for) == ("Tønder", "person-bo")
    async with storage.read() as session:
        assert await members.next_substitute_end(session, LAST - dt.timedelta(days=9)) == LAST
        assert await members.next_substitute_end(session, LAST) is None
        assert await members.list_ended_substitutes(session, LAST - dt.timedelta(seconds=1)) == []
        ended = [one.person_id for one in await members.list_ended_substitutes(session, LAST)]
        assert ended == ["person-hans"]


async def test_who_is_named_anew_is_still_the_one_substitute(storage: Storage) -> None:
    group_id = await small_group(storage)
    for text in ("hans til 4. september", "hans", "gry"):
        await name(storage, group_id, text)
    async with storage.read() as session:
        held = await members.find_substitute(session, group_id, "person-bo")
        assert held is not None
        assert (held.person_id, held.until) == ("person-gry", None)
        hans = await members.find_membership(session, group_id, "person-hans", Role.REPRESENTATIVE)
        assert hans is not None
        assert hans.ended_at is not None
        assert await members.list_ended_substitutes(session, LAST) == []


async def test_who_later_speaks_for_a_unit_themselves_is_no_substitute(storage: Storage) -> None:
    """The row of a role is taken up again, without what it once was."""
    group_id = await small_group(storage)
    for text in ("hans til 4. september", "ingen"):
        await name(storage, group_id, text)
    async with acting(storage, group_id, "hans") as context:
        assert context.standing.unit is None
        unit = await members.find_unit(context.session, group_id, "400")
        assert unit is not None
        held = await give_role(context, "person-hans", Role.REPRESENTATIVE, confirmed_by="x", unit_id=unit.id)
        assert (held.stands_in_for, held.until) == ("", None)
