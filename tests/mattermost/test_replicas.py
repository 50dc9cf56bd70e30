"""Several bots share one database and one account: one of them listens, and another as soon as it ends."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import pytest

from bot import lease
from bot.clock import MovableClock
from bot.ids import new_id
from bot.lease import TERM, Lease
from bot.platforms.mattermost import stream
from storage.session import Storage
from tests.conftest import make_storage
from tests.doubles.mattermost_stream import Line
from tests.mattermost.bot import Bot
from tests.promises.driver import SeenMessage
from tests.promises.mattermost import MattermostDriver, mattermost_world
from tests.ready import make_ready


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lease, "PAUSE", 0.05)
    monkeypatch.setattr(stream, "FIRST_PAUSE", 0.01)


@pytest.fixture
async def shared(postgres_url: str) -> AsyncIterator[Storage]:
    storage = await make_storage(postgres_url)
    yield storage
    await storage.dispose()


@pytest.fixture
async def driver(shared: Storage, clock: MovableClock) -> AsyncIterator[MattermostDriver]:
    async with mattermost_world(shared, clock) as world:
        yield world


@pytest.fixture
async def second(driver: MattermostDriver, shared: Storage, clock: MovableClock) -> AsyncIterator[Bot]:
    """Another process, with its own connections to the same database."""
    async with AsyncExitStack() as stack:
        storage = Storage(shared.url.render_as_string(hide_password=False))
        stack.push_async_callback(storage.dispose)
        bot = Bot(driver.server.address, storage, clock, new_id)
        stack.callback(bot.hang_up)
        bot.user, bot.token, bot.command_tokens = driver.bot.user, driver.bot.token, driver.bot.command_tokens
        await bot.start(listens=False)
        stack.push_async_callback(bot.stop)
        yield bot


def _lines(driver: MattermostDriver) -> list[Line]:
    """The bots' open streams."""
    return [one for one in driver.server.hub.lines.values() if one.user == driver.bot.user and one.socket is not None]


async def _until_listening(bot: Bot, *, listens: bool = True) -> None:
    for _ in range(1000):
        if bot.platform.is_listening == listens:
            return
        await asyncio.sleep(0.01)
    raise AssertionError("it never came to that")


async def _poll(driver: MattermostDriver, kept: Storage) -> SeenMessage:
    await make_ready(kept, "Vis mailadresse", "Hurtigere søgning")
    await driver.say("anna", "group", "/afstemning")
    assert await driver.submit("anna", {"title": "Efteråret"}) == {}
    return (await driver.messages("bo", "group"))[-1]


async def test_one_listens_and_the_other_waits(driver: MattermostDriver, second: Bot) -> None:
    for _ in range(10):
        await asyncio.sleep(lease.PAUSE)
        assert len(_lines(driver)) == 1
    assert driver.bot.platform.is_listening
    assert not second.platform.is_listening
    assert second.platform.connected, "what the server tells reaches the bot"


async def test_one_that_stops_leaves_the_stream_to_the_other_at_once(driver: MattermostDriver, second: Bot) -> None:
    await driver.bot.stop()
    await _until_listening(second)
    assert len(_lines(driver)) == 1


async def test_when_one_is_killed_the_other_takes_over_and_nothing_is_lost_or_done_twice(
    driver: MattermostDriver, shared: Storage, second: Bot, clock: MovableClock
) -> None:
    poll = await _poll(driver, shared)
    await driver.react("bo", poll, "one")
    await driver.react("carla", poll, "one")
    await _kill(driver.bot)
    await driver.people["bo"].react(poll.id, "two", on=True)
    await driver.people["carla"].react(poll.id, "one", on=False)
    await driver.people["anna"].react(poll.id, "two", on=True)
    clock.move_to(clock.now() + TERM + dt.timedelta(seconds=1))
    await _until_listening(second)
    driver.bot = second
    await driver.settle()
    told = (await driver.people["anna"].call("GET", f"/posts/{poll.id}"))["message"]
    assert "2 af 3 kommuner har stemt" in told
    assert [told.count(f"20.000\u00a0kr. · {count}") for count in ("1 kommune", "2 kommuner")] == [1, 1]
    await driver.react("carla", poll, "two")
    posts = await driver.messages("bo", "group")
    assert "3 af 3 kommuner har stemt" in posts[-1].text
    assert [one.id for one in posts if "Efteråret" in one.text] == [poll.id]
    assert len(_lines(driver)) == 1


async def test_a_press_is_done_once_whichever_process_it_reaches(
    driver: MattermostDriver, shared: Storage, second: Bot
) -> None:
    """What the server calls again because an answer was lost may reach another process."""
    await driver.say("bo", "group", "/ønske")
    assert await driver.submit("bo", {"title": "Vis mailadresse", "need": "Vi leder."}) == {}
    card = (await driver.messages("bo", "group"))[-1]
    await driver.press("carla", card, "Støt")
    second.called = driver.bot.called
    await asyncio.gather(second.call_again(), driver.bot.call_again())
    await driver.settle()
    assert "Støttes af: Bornholm" in (await driver.messages("anna", "group"))[-1].text
    assert not [one for one in await driver.messages("carla", "private") if "støtter allerede" in one.text]


async def test_who_lost_the_lease_while_asleep_stops_listening(
    driver: MattermostDriver, shared: Storage, second: Bot, clock: MovableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    renew = driver.bot.platform.lease._ask
    asleep = asyncio.Event()

    async def late() -> bool:
        await asleep.wait()
        return await renew()

    monkeypatch.setattr(driver.bot.platform.lease, "_ask", late)
    await asyncio.sleep(lease.PAUSE * 2)
    clock.move_to(clock.now() + TERM + dt.timedelta(seconds=1))
    await _until_listening(second)
    asleep.set()
    await _until_listening(driver.bot, listens=False)
    assert second.platform.is_listening


async def test_of_many_who_ask_at_once_one_gets_the_lease(shared: Storage, clock: MovableClock) -> None:
    many = [Lease(shared, clock, "work") for _ in range(8)]
    for _ in range(3):
        taken = await asyncio.gather(*(one._ask() for one in many))
        assert sum(taken) == 1
    await many[taken.index(True)].give_up()
    assert sum(await asyncio.gather(*(one._ask() for one in many))) == 1


async def _kill(bot: Bot) -> None:
    """It ends without a word: nothing is given back."""

    async def nothing() -> None:
        pass

    bot.platform.lease.give_up = nothing  # type: ignore[method-assign] # there is no time for it
    await bot.stop()
