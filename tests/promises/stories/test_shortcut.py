"""The story of a message that becomes a wish, where a message has a menu that the bot can stand in: in Slack."""

from __future__ import annotations

import pytest

from tests.promises.slack import SlackDriver
from tests.promises.stories.telling import newest, told


@pytest.mark.parametrize("world", ["slack-socket", "slack-http"], indirect=True)
async def test_a_message_becomes_a_wish_with_a_link_back(driver: SlackDriver) -> None:
    """Mattermost lets only plugins into that menu, and the local workspace has none."""
    await driver.say("hans", "group", "Kan vi ikke få vist mailadressen i listen?\nJeg leder efter den hver dag.")
    await driver.shortcut("bo", await newest(driver))
    form = await driver.form("bo")
    assert form is not None
    assert form.fields["title"].value == "Kan vi ikke få vist mailadressen i listen?"
    assert "Jeg leder efter den hver dag." in form.fields["need"].value
    assert await driver.submit("bo", {"title": "Vis mailadressen i listen"}) == {}
    card = await newest(driver)
    assert card.text.startswith("#1 Vis mailadressen i listen")
    await driver.press("carla", card, "Vis")
    assert "https://test.slack.com/archives/" in await told(driver, "carla")
