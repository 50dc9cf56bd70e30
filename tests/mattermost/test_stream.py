"""The stream of events: taken up where it broke, read anew where something was missed."""

from __future__ import annotations

import pytest
from structlog.testing import capture_logs

from bot.clock import MovableClock
from bot.platforms.mattermost import stream
from bot.port import PlatformError
from storage.session import Storage
from tests.doubles.mattermost_stream import PENDING_KEPT, SENT_KEPT
from tests.promises.driver import SeenMessage
from tests.promises.mattermost import MattermostDriver
from tests.ready import make_ready


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


def _lists_read(driver: MattermostDriver) -> int:
    return sum(method == "GET" and path.endswith("/reactions") for method, path in driver.server.state.requests)


async def test_clicks_during_a_break_are_told_when_the_stream_is_taken_up_again(
    driver: MattermostDriver, kept: Storage
) -> None:
    poll = await _poll(driver, kept)
    driver.server.hub.cut(driver.bot.user)
    await driver.people["bo"].react(poll.id, "one", on=True)
    await driver.people["carla"].react(poll.id, "two", on=True)
    await driver.settle()
    assert await _says(driver, poll, "2 af 3 kommuner har stemt")
    began = [request for request in driver.server.state.requests if request[1].endswith("/websocket")]
    assert len(began) >= 2


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


async def test_clicks_while_the_bot_was_away_are_found_at_the_start(driver: MattermostDriver, kept: Storage) -> None:
    poll = await _poll(driver, kept)
    await driver.bot.stop()
    await driver.people["bo"].react(poll.id, "one", on=True)
    await driver.bot.start()
    await driver.settle()
    assert await _says(driver, poll, "1 af 3 kommuner har stemt")


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
