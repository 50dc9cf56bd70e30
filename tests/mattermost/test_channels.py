"""A channel is named in a form as people see it; nobody knows its id."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from sqlalchemy import select

from bot.clock import MovableClock
from storage.models.members import Group
from storage.session import Storage
from tests.promises.mattermost import MattermostDriver, mattermost_world

FOUNDING: dict[str, str | list[str]] = {"product": "OS2sofd", "municipality": "Favrskov"}


@pytest.fixture
async def empty(kept: Storage, clock: MovableClock) -> AsyncIterator[MattermostDriver]:
    async with mattermost_world(kept, clock, with_group=False) as world:
        room = world.server.state.room(world.channels["steering"])
        room.name, room.display_name = "styr-os2", "Styregruppen for OS2"
        yield world


async def _group(kept: Storage) -> Group | None:
    async with kept.read() as session:
        found: Group | None = await session.scalar(select(Group))
    return found


@pytest.mark.parametrize(
    "typed", ["styr-os2", "~styr-os2", "#Styr-OS2", "Styregruppen for OS2", " styregruppen  for os2"]
)
async def test_the_committees_channel_is_found_by_its_name(empty: MattermostDriver, kept: Storage, typed: str) -> None:
    await empty.say("anna", "group", "/gruppe opret")
    assert await empty.submit("anna", FOUNDING | {"steering": typed}) == {}
    asked = (await empty.messages("gry", "steering"))[-1]
    await empty.press("gry", asked, "Bekræft")
    group = await _group(kept)
    assert group is not None
    assert (group.steering_channel, group.steering_bound) == (empty.channels["steering"], True)


async def test_the_id_is_taken_too(empty: MattermostDriver) -> None:
    await empty.say("anna", "group", "/gruppe opret")
    assert await empty.submit("anna", FOUNDING | {"steering": empty.channels["steering"]}) == {}
    assert "Bekræft" in (await empty.messages("gry", "steering"))[-1].buttons


async def test_a_name_that_finds_nothing_is_said_at_its_field(empty: MattermostDriver, kept: Storage) -> None:
    elsewhere = empty.server.add_channel("hemmelig", {empty.people["hans"].id})
    await empty.say("anna", "group", "/gruppe opret")
    for typed in ("styregrupen", "hemmelig", "~hemmelig"):
        errors = await empty.submit("anna", FOUNDING | {"steering": typed})
        assert errors == {
            "steering": f"Jeg er ikke med i en kanal, der hedder »{typed}«. "
            "Ret navnet, eller skriv /invite @oenskebot i kanalen, og send igen."
        }
        assert await _group(kept) is None
    assert elsewhere not in str(await empty.messages("anna", "private"))
    form = await empty.form("anna")
    assert form is not None
    assert form.fields["steering"].value == "~hemmelig"
    assert await empty.submit("anna", {"steering": "styr-os2"}) == {}
    assert await _group(kept) is not None


async def test_the_groups_own_channel_by_its_shown_name_is_no_committees(
    empty: MattermostDriver, kept: Storage
) -> None:
    empty.server.state.room(empty.channels["group"]).display_name = "Alle kommuner"
    await empty.say("anna", "group", "/gruppe opret")
    errors = await empty.submit("anna", FOUNDING | {"steering": "alle kommuner"})
    assert "sin egen kanal" in errors["steering"]
    assert await _group(kept) is None
