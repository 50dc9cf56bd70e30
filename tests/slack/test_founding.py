"""A group begins in Slack: the channel is known by name, and the committee's is found by the name that people type."""

from __future__ import annotations

from sqlalchemy import select

from bot.clock import MovableClock
from storage.models.members import Group
from storage.session import Storage
from tests.promises.slack import CHANNELS, slack_world


async def test_a_group_begins_and_its_committee_is_bound(kept: Storage, clock: MovableClock) -> None:
    async with slack_world(kept, clock, with_group=False) as slack:
        await slack.say("anna", "group", "/gruppe opret")
        form = await slack.form("anna")
        assert form is not None
        founding = {"product": "OS2sofd", "municipality": "710", "steering": "#styregruppe"}
        assert await slack.submit("anna", {**founding, "frame": "250.000"}) == {}
        asked = (await slack.messages("gry", "steering"))[-1]
        await slack.press("gry", asked, "Bekræft")
        async with kept.read() as session:
            group = await session.scalar(select(Group))
        assert group is not None
        assert (group.channel, group.channel_name) == (CHANNELS["group"], "koordinationsgruppe")
        assert (group.steering_channel, group.steering_bound) == (CHANNELS["steering"], True)


async def test_the_municipality_is_found_by_its_first_letters(kept: Storage, clock: MovableClock) -> None:
    async with slack_world(kept, clock, with_group=False) as slack:
        await slack.say("anna", "group", "/gruppe opret")
        found = await slack.options("anna", "municipality", "fav")
        assert "Favrskov" in found["710"]
