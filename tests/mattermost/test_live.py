"""Votes arrive whatever happens to the stream, and the doctor finds its way, on the double and on a real server where
the settings name one."""

from __future__ import annotations

import asyncio
import datetime as dt
import random
from collections.abc import AsyncIterator

import pytest
from sqlalchemy import select

from bot.clock import MovableClock
from bot.platforms.mattermost import stream
from bot.platforms.mattermost.checks import check_mattermost
from storage.models.exchange import Emoji
from storage.models.members import Person
from storage.session import Storage
from tests.promises.driver import SeenMessage
from tests.promises.mattermost import MattermostPeople, mattermost_world
from tests.promises.mattermost_real import ADMIN_TOKEN, URL, real_mattermost_world
from tests.ready import make_ready

CLICKS = 40
"""Of each person."""

EMOJIS = ("one", "two", "three", "+1", "thumbsup_dark_skin_tone")


@pytest.fixture(params=["double", *(["real"] if URL and ADMIN_TOKEN else [])])
async def people(request: pytest.FixtureRequest, kept: Storage, clock: MovableClock) -> AsyncIterator[MattermostPeople]:
    async with (
        mattermost_world(kept, clock) if request.param == "double" else real_mattermost_world(kept, clock)
    ) as world:
        yield world


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream, "FIRST_PAUSE", 0.05)


async def _poll(people: MattermostPeople, kept: Storage) -> SeenMessage:
    await make_ready(kept, "Vis mailadresse", "Hurtigere søgning", "Nyt login")
    await people.say("anna", "group", "/afstemning")
    assert await people.submit("anna", {"title": "Efteråret"}) == {}
    return (await people.messages("bo", "group"))[-1]


async def test_the_doctor_finds_its_way(people: MattermostPeople) -> None:
    bot, channels = people.bot, list(people.channels.values())
    checks = await check_mattermost(bot.server_address, bot.token, bot.address, channels, dt.datetime.now(dt.UTC))
    assert [one for one in checks if not one.ok] == []
    assert len(checks) == 6 + len(channels)


async def test_what_could_not_be_written_comes_out_when_the_bot_is_let_in_again(people: MattermostPeople) -> None:
    member = f"/channels/{people.channels['group']}/members"
    await people.bot.platform.client.call("DELETE", f"{member}/{people.bot.user}")
    await people.say("bo", "group", "/ønske")
    assert await people.submit("bo", {"title": "Vis mailadresse", "need": "Hver dag."}) == {}
    assert not await _cards(people)
    await people.people["bo"].call("POST", member, {"user_id": people.bot.user})
    await people.settle()
    assert len(await _cards(people)) == 1


async def test_what_could_not_be_written_comes_out_when_the_channel_is_opened_again(people: MattermostPeople) -> None:
    channel = f"/channels/{people.channels['group']}"
    await people.administer("DELETE", channel)
    await people.say("bo", "dm", "/ønske")
    assert await people.submit("bo", {"title": "Vis mailadresse", "need": "Hver dag."}) == {}
    assert not await _cards(people)
    await people.administer("POST", f"{channel}/restore")
    await people.settle()
    assert len(await _cards(people)) == 1


async def _cards(people: MattermostPeople) -> list[str]:
    """The bot's messages in the group's channel."""
    posts = await people.people["anna"].read(people.channels["group"])
    return [one["message"] for one in posts if one["user_id"] == people.bot.user and not one["type"]]


async def _break(people: MattermostPeople) -> None:
    """The bot's stream ends without a word."""
    socket = people.bot.platform._stream._socket
    if socket is not None:
        await socket.close()


async def test_clicks_during_a_break_count(people: MattermostPeople, kept: Storage) -> None:
    poll = await _poll(people, kept)
    await _break(people)
    await people.people["bo"].react(poll.id, "one", on=True)
    await people.react("carla", poll, "two")
    assert "2 af 3 kommuner har stemt" in (await people.messages("bo", "group"))[-1].text


async def test_clicks_while_the_bot_is_down_count(people: MattermostPeople, kept: Storage) -> None:
    poll = await _poll(people, kept)
    await people.react("carla", poll, "one")
    await people.bot.stop()
    await people.people["bo"].react(poll.id, "one", on=True)
    await people.people["carla"].react(poll.id, "one", on=False)
    await people.bot.start()
    await people.settle()
    assert "1 af 3 kommuner har stemt" in (await people.messages("bo", "group"))[-1].text


async def test_everybody_clicks_at_once_while_the_stream_breaks(people: MattermostPeople, kept: Storage) -> None:
    poll = await _poll(people, kept)
    await asyncio.gather(*(_clicks(people, name, poll.id) for name in people.people), _breaks(people))
    await people.react("bo", poll, "ok")
    await people.bot.caught_up()
    assert await _known(kept) == await _shown(people, poll.id)


async def _clicks(people: MattermostPeople, name: str, post: str) -> None:
    chance = random.Random(name)
    on: set[str] = set()
    for _ in range(CLICKS):
        emoji = chance.choice(EMOJIS)
        await people.people[name].react(post, emoji, on=emoji not in on)
        on ^= {emoji}


async def _breaks(people: MattermostPeople) -> None:
    for _ in range(8):
        await asyncio.sleep(0.1)
        await _break(people)


async def _shown(people: MattermostPeople, post: str) -> set[tuple[str, str]]:
    found = await people.people["anna"].call("GET", f"/posts/{post}/reactions")
    return {(one["user_id"], one["emoji_name"]) for one in found if one["user_id"] != people.bot.user}


async def _known(kept: Storage) -> set[tuple[str, str]]:
    async with kept.read() as session:
        rows = await session.execute(
            select(Person.user, Emoji.emoji).join(Person, Person.id == Emoji.person_id).where(Emoji.on.is_(True))
        )
        return {(user, emoji) for user, emoji in rows}
