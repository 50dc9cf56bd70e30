"""The double is as strict as Slack: what Slack would not take fails the test, and what it would lose is lost."""

from __future__ import annotations

import aiohttp
import pytest

from bot.clock import MovableClock
from bot.port import PlatformError
from handlers.chat.messages import Text, message
from storage.session import Storage
from tests.promises.slack import CHANNELS, SlackDriver, slack_world, user_id

GROUP = CHANNELS["group"]


async def _open_socket(slack: SlackDriver) -> tuple[str, int]:
    """A new address of a websocket, and what it answers at the second use."""
    slack.double.sockets.make_ticket("t1")
    address = f"{slack.double.address}/link?ticket=t1"
    async with aiohttp.ClientSession() as session:
        async with session.ws_connect(address) as socket:
            first = (await socket.receive_json())["type"]
        async with session.get(address) as again:
            return first, again.status


async def test_a_websockets_address_is_good_once(slack: SlackDriver) -> None:
    assert await _open_socket(slack) == ("hello", 403)


async def test_a_websockets_address_is_good_for_a_while(slack: SlackDriver, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.doubles.slack_transport.TICKET_SECONDS", -1.0)
    slack.double.sockets.make_ticket("t1")
    async with aiohttp.ClientSession() as session, session.get(f"{slack.double.address}/link?ticket=t1") as answer:
        assert answer.status == 403


@pytest.mark.parametrize(("uses", "minutes", "status"), [(5, 0, 404), (4, 0, 200), (0, 29, 200), (0, 31, 404)])
async def test_an_address_for_answers_is_good_five_times_within_half_an_hour(
    slack: SlackDriver, clock: MovableClock, uses: int, minutes: int, status: int
) -> None:
    slack.double.tolerated |= {"used_url", "expired_url"}
    address = slack.double.people._response(user_id("bo"), GROUP)
    await slack.forward(minutes / 60)
    async with aiohttp.ClientSession() as session:
        for _ in range(uses):
            await (await session.post(address, json={"text": "hej"})).read()
        async with session.post(address, json={"text": "hej"}) as answer:
            assert answer.status == status


async def test_a_click_that_the_bot_never_took_fails_the_test(
    kept: Storage, clock: MovableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def failing(interaction: object) -> None:
        raise OSError("the disk is full")

    with pytest.raises(AssertionError, match="never took"):
        async with slack_world(kept, clock) as slack:
            await slack.slack.post(GROUP, message(Text("Hej")), mark="m1")
            (post,) = await slack.messages("bo", "group")
            slack.double.people.event_seconds = 0.2
            monkeypatch.setattr(slack.slack._listener, "_answer", failing)
            await slack.react("bo", post, "one")


async def test_more_calls_than_slack_allows_fail_the_test(kept: Storage, clock: MovableClock) -> None:
    with pytest.raises(AssertionError, match="more calls than Slack allows"):
        async with slack_world(kept, clock) as slack:
            slack.double.limits["users.info"] = 1
            await slack.slack._calls.call("users.info", user=user_id("bo"))
            with pytest.raises(PlatformError):
                await slack.slack._calls.call("users.info", user=user_id("bo"))


async def test_what_the_bot_refuses_for_good_is_not_delivered_again(slack_http: SlackDriver) -> None:
    people = slack_http.double.people
    await slack_http.slack.post(GROUP, message(Text("Hej")), mark="m1")
    (post,) = await slack_http.messages("bo", "group")
    event = people.change_reaction(user_id("bo"), slack_http._find(post), "one")
    assert event
    del event["event"]["user"]
    delivered = 0
    deliver = slack_http.double.requests.deliver

    async def counting(*given: object, **more: object) -> object:
        nonlocal delivered
        delivered += 1
        return await deliver(*given, **more)  # type: ignore[arg-type]

    slack_http.double.requests.deliver = counting  # type: ignore[method-assign, assignment]
    await people.deliver_event(event)
    assert delivered == 1
    (lost,) = people.lost
    assert lost == event
    people.lost.clear()


@pytest.mark.parametrize(("scope", "delivered"), [("reactions:read", False), ("im:write", True)])
async def test_an_event_needs_its_scope(slack: SlackDriver, scope: str, delivered: bool) -> None:
    await slack.slack.post(GROUP, message(Text("Hej")), mark="m1")
    (post,) = await slack.messages("bo", "group")
    slack.double.people._scopes.remove(scope)
    await slack.react("bo", post, "one")
    assert bool(slack.double.sockets.envelopes) == delivered


async def test_without_its_messages_tab_the_bot_can_write_to_nobody(slack: SlackDriver) -> None:
    slack.double.tolerated.add("messages_tab_disabled")
    slack.double.methods.messages_tab = False
    with pytest.raises(PlatformError, match="messages_tab_disabled"):
        await slack.slack.direct(user_id("bo"), message(Text("Hej")), mark="m1")
