"""Many press and vote at once: presses on one message are served one after the other, and forms still open in time."""

from __future__ import annotations

import asyncio
import dataclasses

import pytest
from sqlalchemy import select

from bot.clock import MovableClock
from bot.platforms.mattermost.connection import TRIES
from bot.platforms.mattermost.people import NAME_KEPT
from bot.port import Answer
from handlers.chat.interactions import Interaction
from handlers.chat.messages import Actions, Button, Text, message
from storage.enums import Role
from storage.models.exchange import Emoji
from storage.session import Storage
from tests.groups import PEOPLE, Someone
from tests.mattermost.forging import action, context_of, put_message, send
from tests.promises.driver import SeenMessage
from tests.promises.mattermost import MattermostDriver, mattermost_world
from tests.ready import make_ready

EMOJIS = ("one", "two", "three", "four")
VOTERS = tuple(Someone(f"voter{number}", f"Vera {number}", (Role.GUEST,)) for number in range(15))


class Slow:
    """A bot that answers a press when it is let. `most` is how many it was at, at the same time; `full` is set when
    they are as many as `expected`."""

    def __init__(self, expected: int) -> None:
        self.expected = expected
        self.inside = self.most = 0
        self.let, self.full = asyncio.Event(), asyncio.Event()

    async def __call__(self, asked: Interaction) -> Answer:
        self.inside += 1
        self.most = max(self.most, self.inside)
        if self.inside == self.expected:
            self.full.set()
        await self.let.wait()
        self.inside -= 1
        return Answer()


async def _messages(driver: MattermostDriver, *subjects: str) -> list[str]:
    shown = [message(Text(one), Actions((Button("Støt", "wish.support", one),))) for one in subjects]
    return [await put_message(driver, one, f"1:wish:{name}/card") for one, name in zip(shown, subjects, strict=True)]


async def _press_all(driver: MattermostDriver, slow: Slow, posts: list[str]) -> None:
    """Each of three people presses on each of the messages, all at once."""
    calls = [
        asyncio.create_task(
            send(driver, "action", action(driver, post, context_of(driver, post, "Støt"), who) | {"trigger_id": who})
        )
        for post in posts
        for who in ("anna", "bo", "carla")
    ]
    await asyncio.wait_for(slow.full.wait(), 30)
    while driver.bot.calls < len(calls):
        await driver.people["anna"].up_to_date()
    for _ in range(20):  # those that have come in could go on, if something let them
        await driver.people["anna"].up_to_date()
    slow.let.set()
    assert {status for status, _ in await asyncio.gather(*calls)} == {200}


@pytest.mark.parametrize(("subjects", "most"), [(("1",), 1), (("1", "2"), 2)], ids=["one message", "two messages"])
async def test_presses_on_one_message_are_served_one_after_the_other(
    driver: MattermostDriver, monkeypatch: pytest.MonkeyPatch, subjects: tuple[str, ...], most: int
) -> None:
    posts = await _messages(driver, *subjects)
    slow = Slow(most)
    monkeypatch.setattr(driver.bot.platform.presses, "_answer", slow)
    await _press_all(driver, slow, posts)
    assert slow.most == most


async def _poll(driver: MattermostDriver, kept: Storage) -> SeenMessage:
    await make_ready(kept, *(f"Ønske {number}" for number in range(5)))
    await driver.say("anna", "group", "/afstemning")
    assert await driver.submit("anna", {"title": "Efteråret"}) == {}
    return (await driver.messages("bo", "group"))[-1]


async def test_forms_open_in_time_while_votes_pour_in(kept: Storage, clock: MovableClock) -> None:
    """A trigger lives three seconds, and no longer on the double."""
    async with mattermost_world(kept, clock, (*PEOPLE, *VOTERS)) as driver:
        poll = await _poll(driver, kept)
        votes = [
            asyncio.create_task(driver.people[one.user].react(poll.id, emoji, on=True))
            for emoji in EMOJIS
            for one in VOTERS
        ]
        asked = [driver.people[one.user] for one in VOTERS[:5]]
        await asyncio.gather(*(one.command(driver.channels["group"], "/ønske") for one in asked))
        for one in asked:
            await one.up_to_date()
        assert all(one.dialog is not None for one in asked)
        await asyncio.gather(*votes)
        await driver.settle()
        async with kept.read() as session:
            known = (await session.scalars(select(Emoji).where(Emoji.on.is_(True)))).all()
        assert len(known) == len(VOTERS) * len(EMOJIS)


@pytest.mark.parametrize("command", ["/ønske", "/ønske Hej @carla, kan vi ikke få en ny søgning"])
async def test_a_form_does_not_wait_for_names(driver: MattermostDriver, command: str) -> None:
    """The server takes five seconds to say who somebody is: the form opens with what is known."""
    driver.server.faults.slow = [("GET /users/", 5.0)] * 10
    await driver.people["bo"].command(driver.channels["group"], command)
    driver.server.faults.slow.clear()
    await driver.people["bo"].up_to_date()
    assert driver.people["bo"].dialog is not None


async def test_the_first_command_does_not_wait_for_who_the_bot_is(driver: MattermostDriver) -> None:
    await driver.bot.stop()
    driver.server.faults.slow = [("GET /users/me", 5.0)] * 5
    await driver.bot.start(listens=False)
    await driver.people["bo"].command(driver.channels["group"], "/ønske")
    driver.server.faults.slow.clear()
    await driver.people["bo"].up_to_date()
    assert driver.people["bo"].dialog is not None


async def test_who_the_bot_is_is_asked_before_anybody_needs_it(driver: MattermostDriver) -> None:
    await driver.bot.stop()
    driver.server.faults.refuse = [("GET /users/me", 503)] * TRIES
    await driver.bot.start(listens=False)
    for _ in range(1000):
        if driver.bot.platform.is_me(driver.bot.user):
            break
        await asyncio.sleep(0.01)
    assert driver.bot.platform.is_me(driver.bot.user)


async def test_those_who_click_are_asked_for_in_one_call(kept: Storage, clock: MovableClock) -> None:
    async with mattermost_world(kept, clock, (*PEOPLE, *VOTERS)) as driver:
        poll = await _poll(driver, kept)
        driver.server.hub.cut(driver.bot.user)
        for one in VOTERS:
            await driver.people[one.user].react(poll.id, "one", on=True)
        before = len(driver.server.state.requests)
        await driver.settle()
        calls = list(driver.server.state.requests)[before:]
        voters = {driver.people[one.user].id for one in VOTERS}
        assert [path for method, path in calls if method == "GET" and path.rpartition("/")[2] in voters] == []
        assert 1 <= sum(path.endswith("/users/ids") for _, path in calls) <= 3


async def test_a_name_is_asked_for_anew_after_a_while_and_stands_while_the_server_is_away(
    driver: MattermostDriver, clock: MovableClock
) -> None:
    """Only one of several processes hears that somebody is called otherwise now."""
    people, bo = driver.bot.platform.people, driver.people["bo"].id
    first = (await people.sender(bo)).name
    account = driver.server.state.accounts[bo]
    driver.server.state.accounts[bo] = dataclasses.replace(account, last_name="Bosen")
    assert (await people.sender(bo)).name == first
    clock.move_to(clock.now() + NAME_KEPT)
    driver.server.faults.refuse = [("GET /users/", 503)] * TRIES
    assert (await people.sender(bo)).name == first
    assert "Bosen" in (await people.sender(bo)).name
