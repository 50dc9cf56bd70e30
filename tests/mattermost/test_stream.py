"""The stream of events: taken up where it broke, read anew where something was missed."""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import datetime as dt
import itertools
import time
from collections.abc import Awaitable, Callable, Iterator

import pytest
from sqlalchemy import select
from structlog.testing import capture_logs

from bot.clock import MovableClock
from bot.platforms.mattermost import clicks, connection, stream
from bot.platforms.mattermost.client import Reaction
from bot.platforms.mattermost.pauses import doubled
from bot.platforms.mattermost.stream import Arrived, Missed
from bot.port import PlatformError
from storage.models.exchange import Emoji
from storage.models.polls import Poll
from storage.session import Storage
from tests.doubles.mattermost_stream import PENDING_KEPT, SENT_KEPT, Line
from tests.promises.driver import SeenMessage
from tests.promises.mattermost import MattermostDriver
from tests.ready import make_ready
from tests.roof.waiting import until


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream, "FIRST_PAUSE", 0.01)


async def _poll(driver: MattermostDriver, kept: Storage) -> SeenMessage:
    await make_ready(kept, "Vis mailadresse", "Hurtigere søgning")
    await driver.say("anna", "group", "/afstemning")
    assert await driver.submit("anna", {"title": "Efteråret"}) == {}
    return (await driver.messages("bo", "group"))[-1]


async def _says(driver: MattermostDriver, poll: SeenMessage, text: str) -> bool:
    return text in (await driver.people["anna"].call("GET", f"/posts/{poll.id}"))["message"]


def _line(driver: MattermostDriver) -> Line:
    """The server's end of the bot's stream."""
    [found] = [one for one in driver.server.hub.lines.values() if one.user == driver.bot.user]
    return found


async def _stands_at(kept: Storage, emoji: str, *, on: bool) -> bool:
    """Whether the bot knows this emoji of one person to be on, or off."""
    async with kept.read() as session:
        rows = (await session.scalars(select(Emoji).where(Emoji.emoji == emoji))).all()
    return [row.on for row in rows] == [on]


async def _until(known: Callable[[], Awaitable[bool]]) -> None:
    """The bot comes to this by itself, in its own time."""
    for _ in range(1000):
        if await known():
            return
        await asyncio.sleep(0.02)
    raise AssertionError("it never came to that")


@contextlib.contextmanager
def _silent(driver: MattermostDriver) -> Iterator[None]:
    """What happens meanwhile the bot is not told; then the server is as after a restart."""
    tell = driver.server.hub.tell
    driver.server.hub.tell = lambda *_event, **_to: None  # type: ignore[method-assign]
    yield
    driver.server.hub.tell = tell  # type: ignore[method-assign]
    driver.server.hub.cut(driver.bot.user)
    driver.server.hub.forget(driver.bot.user)


def _lists_read(driver: MattermostDriver) -> int:
    return sum(method == "GET" and path.endswith("/reactions") for method, path in driver.server.state.requests)


async def test_clicks_during_a_break_are_told_when_the_stream_is_taken_up_again(
    driver: MattermostDriver, kept: Storage
) -> None:
    """The bot says which connection broke, and gets what it missed; nothing has to be read anew."""
    poll = await _poll(driver, kept)
    line = _line(driver)
    with capture_logs() as logs:
        driver.server.hub.cut(driver.bot.user)
        await driver.people["bo"].react(poll.id, "one", on=True)
        await driver.people["carla"].react(poll.id, "two", on=True)
        await driver.settle()
    assert await _says(driver, poll, "2 af 3 kommuner har stemt")
    assert _line(driver) is line
    assert "stream_began" not in [one["event"] for one in logs]


@pytest.mark.parametrize("missed", [10, SENT_KEPT, PENDING_KEPT, PENDING_KEPT + 60])
async def test_however_much_is_missed_every_click_counts(driver: MattermostDriver, kept: Storage, missed: int) -> None:
    poll = await _poll(driver, kept)
    driver.server.faults.refuse = [("GET /websocket", 503)] * 1000
    driver.server.hub.cut(driver.bot.user)
    await driver.people["bo"].react(poll.id, "one", on=True)
    for number in range(missed):
        await driver.people["hans"].write(driver.channels["group"], f"Snak {number}")
    driver.server.faults.refuse.clear()
    await driver.settle()
    assert await _says(driver, poll, "1 af 3 kommuner har stemt")


async def test_a_gap_in_the_numbers_is_noticed_and_everything_read_anew(
    driver: MattermostDriver, kept: Storage
) -> None:
    poll = await _poll(driver, kept)
    driver.server.hub.drop_next[driver.bot.user] = 1
    await driver.people["bo"].react(poll.id, "one", on=True)
    await driver.people["hans"].write(driver.channels["group"], "Hej")
    await driver.settle()
    assert await _says(driver, poll, "1 af 3 kommuner har stemt")


async def test_after_a_restart_of_the_server_everything_is_read_anew(driver: MattermostDriver, kept: Storage) -> None:
    poll = await _poll(driver, kept)
    driver.server.hub.cut(driver.bot.user)
    driver.server.hub.forget(driver.bot.user)
    await driver.people["bo"].react(poll.id, "one", on=True)
    await driver.settle()
    assert await _says(driver, poll, "1 af 3 kommuner har stemt")


async def test_what_was_taken_off_unseen_is_believed_by_a_second_reading_soon(
    driver: MattermostDriver, kept: Storage
) -> None:
    poll = await _poll(driver, kept)
    await driver.react("bo", poll, "one")
    driver.server.hub.cut(driver.bot.user)
    driver.server.hub.forget(driver.bot.user)
    await driver.people["bo"].react(poll.id, "one", on=False)
    await driver.settle()
    assert await _says(driver, poll, "0 af 3 kommuner har stemt")


async def test_a_second_reading_comes_by_itself(driver: MattermostDriver, kept: Storage) -> None:
    poll = await _poll(driver, kept)
    await driver.react("bo", poll, "one")
    looking = asyncio.create_task(driver.runtime.ballots.run())
    with _silent(driver):
        await driver.people["bo"].react(poll.id, "one", on=False)
    await _until(lambda: _stands_at(kept, "one", on=False))
    looking.cancel()


async def test_a_reading_that_fails_is_repeated(
    driver: MattermostDriver, kept: Storage, monkeypatch: pytest.MonkeyPatch
) -> None:
    poll = await _poll(driver, kept)
    bot, readings = driver.bot.platform, 0
    resync = bot.house.resync

    async def read() -> None:
        nonlocal readings
        readings += 1
        if readings < 4:
            raise RuntimeError("the database is away")
        await resync()

    monkeypatch.setattr(bot, "house", dataclasses.replace(bot.house, resync=read))
    with _silent(driver):
        await driver.people["bo"].react(poll.id, "one", on=True)
    await _until(lambda: _stands_at(kept, "one", on=True))
    assert readings == 4


async def test_a_task_that_died_does_not_keep_the_others_from_being_ended(driver: MattermostDriver) -> None:
    bot = driver.bot.platform

    async def die() -> None:
        raise RuntimeError("a defect")

    bot._tasks.insert(0, asyncio.create_task(die()))
    await asyncio.sleep(0)
    with capture_logs() as logs:
        await driver.bot.stop()
    assert [one["event"] for one in logs if one["log_level"] == "error"] == ["task_died"]
    assert bot.client._session is None
    assert all(task.done() for task in bot._tasks)


async def test_a_message_is_looked_at_again_by_itself_after_a_click(
    driver: MattermostDriver, kept: Storage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The server told of the click, and its list did not have it yet."""
    poll = await _poll(driver, kept)
    monkeypatch.setattr(clicks, "SECOND_LOOK", 0.05)
    listed = driver.bot.platform.client.list_reactions
    late: list[str] = []

    async def list_late(post: str) -> list[Reaction] | None:
        found = await listed(post)
        late.append(post)
        return found if len(late) > 1 else [one for one in found or () if one.user == driver.bot.user]

    monkeypatch.setattr(driver.bot.platform.client, "list_reactions", list_late)
    await driver.people["bo"].react(poll.id, "one", on=True)
    await _until(lambda: _stands_at(kept, "one", on=True))


async def test_whatever_ends_the_reading_the_stream_is_opened_again(driver: MattermostDriver, kept: Storage) -> None:
    poll = await _poll(driver, kept)
    stream_now = driver.bot.platform._stream
    read, tried = stream_now._read, 0

    async def fail_at_first() -> None:
        nonlocal tried
        tried += 1
        if tried < 3:
            raise RuntimeError("nobody has thought of this")
        await read()

    stream_now._read = fail_at_first  # type: ignore[method-assign] # a defect
    driver.server.hub.cut(driver.bot.user)
    await driver.people["bo"].react(poll.id, "one", on=True)
    await asyncio.wait_for(driver.settle(), 20)
    assert tried == 3
    assert await _says(driver, poll, "1 af 3 kommuner har stemt")


async def test_a_database_that_is_away_is_asked_less_and_less_often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream, "FIRST_PAUSE", 0.05)
    asked: list[float] = []
    enough = asyncio.Event()

    async def fail(_batch: list[Arrived]) -> None:
        asked.append(time.monotonic())
        if len(asked) == 4:
            enough.set()
        await asyncio.sleep(0)
        raise RuntimeError("the database is away")

    lonely = stream.Stream(connection.Connection("http://127.0.0.1:1", "t"), fail)
    lonely._queue.put_nowait(Missed())
    dealing = asyncio.create_task(lonely.deal())
    await asyncio.wait_for(enough.wait(), 20)
    dealing.cancel()
    waited = [after - before for before, after in itertools.pairwise(asked)]
    assert all(found >= least for found, least in zip(waited, (0.05, 0.1, 0.2), strict=True))


def test_however_often_it_fails_the_pause_stays_what_it_is() -> None:
    assert [doubled(0.5, failures, 30.0) for failures in (1, 2, 3, 7, 5000)] == [0.5, 1.0, 2.0, 30.0, 30.0]


async def test_whether_the_server_reaches_the_bot_is_known(driver: MattermostDriver) -> None:
    assert driver.bot.platform.connected
    driver.server.faults.refuse = [("GET /websocket", 503)] * 1000
    driver.server.hub.cut(driver.bot.user)

    async def is_deaf() -> bool:
        return not driver.bot.platform.connected

    await until(is_deaf)
    driver.server.faults.refuse.clear()
    await driver.settle()
    assert driver.bot.platform.connected


async def test_clicks_while_the_bot_was_away_are_found_at_the_start(driver: MattermostDriver, kept: Storage) -> None:
    poll = await _poll(driver, kept)
    await driver.bot.stop()
    await driver.people["bo"].react(poll.id, "one", on=True)
    await driver.bot.start()
    await driver.settle()
    assert await _says(driver, poll, "1 af 3 kommuner har stemt")


async def test_a_click_after_the_deadline_while_the_bot_was_away_does_not_count(
    driver: MattermostDriver, kept: Storage, clock: MovableClock
) -> None:
    """Nobody told of it; but the server's list says when it was made, whatever its client said to the server."""
    poll = await _poll(driver, kept)
    await driver.bot.stop()
    await driver.people["bo"].react(poll.id, "one", on=True)
    clock.move_to(clock.now() + dt.timedelta(days=30))
    carla = driver.people["carla"]
    long_ago = int((clock.now() - dt.timedelta(days=30)).timestamp() * 1000)
    click = {"user_id": carla.id, "post_id": poll.id, "emoji_name": "two", "create_at": long_ago}
    await carla.call("POST", "/reactions", click)
    await driver.bot.start()
    await driver.forward(1)
    result = [one.text for one in await driver.messages("anna", "group") if "Resultat" in one.text]
    assert len(result) == 1
    assert "1 af 3 kommuner" in result[0]


async def test_what_is_taken_off_after_the_deadline_still_counts(
    driver: MattermostDriver, kept: Storage, clock: MovableClock
) -> None:
    """The server says when that was too."""
    poll = await _poll(driver, kept)
    await driver.react("bo", poll, "one")
    async with kept.read() as session:
        deadline = await session.scalar(select(Poll.deadline))
    clock.move_to(deadline + dt.timedelta(seconds=2))
    await driver.people["bo"].react(poll.id, "one", on=False)
    await driver.bot.caught_up()
    await driver.forward(1)
    [result] = [one.text for one in await driver.messages("anna", "group") if "Resultat" in one.text]
    assert "1 af 3 kommuner" in result


async def test_news_out_of_order_end_as_the_servers_list_says(driver: MattermostDriver, kept: Storage) -> None:
    """The server tells of quick clicks in any order: put on, taken off, told the other way round."""
    poll = await _poll(driver, kept)
    told: list[tuple[str, dict[str, str], dict[str, str]]] = []
    tell = driver.server.hub.tell
    driver.server.hub.tell = lambda event, data, **to: told.append((event, data, to))  # type: ignore[method-assign]
    await driver.people["bo"].react(poll.id, "one", on=True)
    await driver.people["bo"].react(poll.id, "one", on=False)
    driver.server.hub.tell = tell  # type: ignore[method-assign]
    for event, data, to in reversed(told):
        tell(event, data, **to)
    await driver.settle()
    assert await _says(driver, poll, "0 af 3 kommuner har stemt")


async def test_a_list_that_could_not_be_read_is_read_again(driver: MattermostDriver, kept: Storage) -> None:
    poll = await _poll(driver, kept)
    driver.server.faults.refuse = [(f"GET /posts/{poll.id}/reactions", 503)] * 3
    await driver.people["bo"].react(poll.id, "one", on=True)
    await driver.settle()
    await driver.settle()
    assert await _says(driver, poll, "1 af 3 kommuner har stemt")


async def test_emojis_on_other_messages_cost_no_call(driver: MattermostDriver, kept: Storage) -> None:
    await _poll(driver, kept)
    other = await driver.people["hans"].write(driver.channels["other"], "Hej")
    before = _lists_read(driver)
    await driver.people["bo"].react(other["id"], "one", on=True)
    await driver.settle()
    assert _lists_read(driver) == before


async def test_skin_tones_are_one_emoji_and_what_leavers_left_behind_stands(
    driver: MattermostDriver, kept: Storage, clock: MovableClock
) -> None:
    poll = await _poll(driver, kept)
    await driver.react("bo", poll, "one")
    await driver.people["bo"].call("DELETE", f"/channels/{driver.channels['group']}/members/{driver.people['bo'].id}")
    await driver.runtime.reconcile("mattermost")
    await driver.runtime.reconcile("mattermost")
    await driver.settle()
    assert await _says(driver, poll, "1 af 3 kommuner har stemt")


async def test_another_bot_never_votes(driver: MattermostDriver, kept: Storage) -> None:
    poll = await _poll(driver, kept)
    user, token = driver.server.add_bot("robot", "Robot")
    driver.server.state.rooms[driver.channels["group"]].members.add(user)
    driver.people["bo"]._headers = {"Authorization": f"Bearer {token}"}
    driver.people["bo"].id = user
    await driver.people["bo"].react(poll.id, "one", on=True)
    await driver.settle()
    await driver.runtime.reconcile("mattermost")
    assert await _says(driver, poll, "0 af 3 kommuner har stemt")


async def test_a_token_that_is_taken_back_is_told_in_the_log(driver: MattermostDriver) -> None:
    del driver.server.state.tokens[driver.bot.token]
    with capture_logs() as logs, pytest.raises(PlatformError):
        await driver.bot.platform.client.me()
    assert [(one["event"], one["log_level"]) for one in logs] == [("mattermost_token_refused", "error")]


@pytest.mark.parametrize("frame", [[], 7, None, "hello"])
async def test_a_frame_of_another_shape_does_not_end_the_listening(driver: MattermostDriver, frame: object) -> None:
    assert driver.bot.platform._stream._take(frame)
