"""A group is made and joined on Mattermost: searches are typed, and what is unclear is asked about in the dialog."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.clock import MovableClock
from storage.session import Storage
from tests.promises.mattermost import MattermostDriver, mattermost_world

FOUNDING: dict[str, str | list[str]] = {"product": "OS2sofd", "level": "2", "frame": "250.000", "ceiling": "50.000"}


@pytest.fixture
async def empty(kept: Storage, clock: MovableClock) -> AsyncIterator[MattermostDriver]:
    """A server where nobody has made a group."""
    async with mattermost_world(kept, clock, with_group=False) as world:
        yield world


async def test_a_group_is_made_and_joined_by_typing_the_municipality(empty: MattermostDriver) -> None:
    await empty.say("anna", "group", "/gruppe opret")
    errors = await empty.submit("anna", FOUNDING | {"municipality": "Faverskov"})
    assert list(errors) == ["municipality"]
    assert "Favrskov" in errors["municipality"]
    assert await empty.submit("anna", {"municipality": "Høje Tåstrup"}) == {}
    assert "OS2sofd" in (await empty.messages("anna", "group"))[-1].text
    await empty.say("bo", "group", "/gruppe repræsenterer")
    errors = await empty.submit("bo", {"municipality": "Vej"})
    assert errors["municipality"].startswith("»Vej« passer på flere: »Vejen« og »Vejle«.")
    assert await empty.submit("bo", {"municipality": "vejle"}) == {}
    await empty.say("anna", "group", "/gruppe medlemmer")
    assert "Vejle" in (await empty.messages("anna", "private"))[-1].text
