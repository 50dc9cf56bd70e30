"""A channel that the bot was thrown out of: what it could not write there comes when it is let in again, in order."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.clock import MovableClock
from bot.doctor import _look_at_held, _look_at_parked
from storage.session import Storage
from tests.conftest import make_storage
from tests.doubles.slack_state import BOT
from tests.promises.mattermost import MattermostDriver, mattermost_world
from tests.promises.slack import CHANNELS, SlackDriver, slack_world

GROUP = CHANNELS["group"]


@pytest.fixture
async def kept(sqlite_url: str) -> AsyncIterator[Storage]:
    storage = await make_storage(sqlite_url)
    yield storage
    await storage.dispose()


@pytest.fixture
async def slack(kept: Storage, clock: MovableClock) -> AsyncIterator[SlackDriver]:
    async with slack_world(kept, clock) as driver:
        driver.double.tolerated |= {"channel_not_found", "is_archived", "invalid_auth", "missing_scope"}
        yield driver


@pytest.fixture
async def mattermost(kept: Storage, clock: MovableClock) -> AsyncIterator[MattermostDriver]:
    async with mattermost_world(kept, clock) as driver:
        yield driver


async def _wish(driver: SlackDriver | MattermostDriver, channel: str = "dm") -> None:
    await driver.say("bo", channel, "/ønske")
    assert await driver.submit("bo", {"title": "Vis mailadresse", "need": "Hver dag."}) == {}


async def _headings(driver: SlackDriver | MattermostDriver) -> list[str]:
    return [one.text.splitlines()[0] for one in await driver.messages("anna", "group")]


async def _doctor(kept: Storage) -> list[tuple[bool, str]]:
    return [(one.ok, one.told) async for one in _look_at_parked(kept)]


async def _invite(slack: SlackDriver) -> None:
    people, channel = slack.double.people, slack.double.workspace.channels[GROUP]
    channel.members.add(BOT)
    told = {"user": BOT, "channel": GROUP, "channel_type": "G", "team": "T0TEST"}
    await people.deliver_event(people._event("member_joined_channel", told))
    await slack.settle()


async def test_on_slack_the_card_comes_when_the_bot_is_invited_again(slack: SlackDriver, kept: Storage) -> None:
    slack.double.workspace.channels[GROUP].members.discard(BOT)
    await _wish(slack)
    await slack.say("bo", "dm", "/ønske ret 1")
    assert await slack.submit("bo", {"title": "Vis mailadressen"}) == {}
    assert [ok for ok, _ in await _doctor(kept)] == [False]
    assert "føj botten til den" in (await _doctor(kept))[0][1]
    await _invite(slack)
    assert await _headings(slack) == ["#1 Vis mailadressen"]
    assert await _doctor(kept) == [(True, "ingen")]


async def test_on_slack_the_next_message_brings_the_card_where_no_event_tells_of_the_invitation(
    slack: SlackDriver, kept: Storage
) -> None:
    """An app whose manifest is from before these events."""
    slack.double.workspace.channels[GROUP].members.discard(BOT)
    await _wish(slack)
    slack.double.workspace.channels[GROUP].members.add(BOT)
    await slack.say("anna", "group", "/ønske status 1 hold")
    seen = [one for one in await slack.messages("anna", "group") if not one.private]
    assert seen[0].text.startswith("#1 Vis mailadresse")
    assert {one.thread for one in seen[1:]} == {seen[0].id}, "the news stands under its card"
    assert await _doctor(kept) == [(True, "ingen")]


async def test_on_slack_an_archived_channel_gets_its_messages_when_it_is_opened_again(
    slack: SlackDriver, kept: Storage
) -> None:
    people, channel = slack.double.people, slack.double.workspace.channels[GROUP]
    channel.archived = True
    await _wish(slack)
    channel.archived = False
    await people.deliver_event(people._event("group_unarchive", {"user": "U0ANNA", "channel": GROUP}))
    await slack.settle()
    assert await _headings(slack) == ["#1 Vis mailadresse"]


async def test_somebody_else_who_joins_is_no_reason_to_try(slack: SlackDriver) -> None:
    slack.double.workspace.channels[GROUP].members.discard(BOT)
    await _wish(slack)
    tried = slack.double.calls["chat.postMessage"]
    people = slack.double.people
    await people.deliver_event(people._event("member_joined_channel", {"user": "U0HANS", "channel": GROUP}))
    await slack.settle()
    assert slack.double.calls["chat.postMessage"] == tried


async def test_on_mattermost_the_card_comes_when_the_bot_is_added_again(
    mattermost: MattermostDriver, kept: Storage
) -> None:
    there = f"/channels/{mattermost.channels['group']}/members"
    anna, bot = mattermost.people["anna"], mattermost.bot.user
    await anna.call("DELETE", f"{there}/{bot}")
    await _wish(mattermost)
    assert [ok for ok, _ in await _doctor(kept)] == [False]
    await anna.call("POST", there, {"user_id": bot})
    await mattermost.settle()
    assert (await _headings(mattermost))[-1].endswith("Vis mailadresse")
    assert await _doctor(kept) == [(True, "ingen")]


@pytest.mark.parametrize("trouble", ["invalid_auth", "missing_scope"])
async def test_over_a_weekend_without_token_or_scope_slack_loses_nothing(
    slack: SlackDriver, kept: Storage, clock: MovableClock, trouble: str
) -> None:
    await slack.say("bo", "group", "/ønske")
    tokens, scopes = set(slack.double.tokens), set(slack.double.methods.scopes)
    if trouble == "invalid_auth":
        slack.double.tokens.clear()
    else:
        slack.double.methods.scopes.discard("chat:write")
    assert await slack.submit("bo", {"title": "Vis mailadresse", "need": "Hver dag."}) == {}
    for _ in range(72):
        await slack.forward(1)
    held = await _look_at_held(kept, clock.now())
    assert not held.ok
    assert trouble in held.told
    assert await _doctor(kept) == [(True, "ingen")]
    slack.double.tokens |= tokens
    slack.double.methods.scopes |= scopes
    await slack.forward(0.2)
    assert (await _headings(slack))[0] == "#1 Vis mailadresse"
    assert len([one for one in await slack.messages("bo", "dm") if "#1" in one.text]) == 1
    assert (await _look_at_held(kept, clock.now())).ok


async def test_over_a_weekend_without_token_mattermost_loses_nothing(
    mattermost: MattermostDriver, kept: Storage, clock: MovableClock
) -> None:
    await _wish(mattermost, "group")
    tokens = mattermost.server.state.tokens
    account = tokens.pop(mattermost.bot.token)
    await mattermost.say("anna", "group", "/ønske status 1 hold")
    for _ in range(72):
        await mattermost.forward(1)
    assert not (await _look_at_held(kept, clock.now())).ok
    assert await _doctor(kept) == [(True, "ingen")]
    tokens[mattermost.bot.token] = account
    await mattermost.forward(0.2)
    told = [one.text for one in await mattermost.messages("anna", "group") if one.thread]
    assert told == ["Anna Holm har sat ønsket på hold."]
    assert (await _look_at_held(kept, clock.now())).ok
