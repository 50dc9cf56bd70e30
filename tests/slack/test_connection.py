"""The websocket: renewed, cut, repeated and deaf, and nothing is lost; and how the bot introduces itself."""

from __future__ import annotations

import asyncio
import datetime as dt

import pytest
from aiohttp.test_utils import TestServer
from prometheus_client import CollectorRegistry
from sqlalchemy import select
from structlog.testing import capture_logs

from bot.clock import MovableClock
from bot.platforms.slack.checks import Check, Reach, check_slack
from bot.platforms.slack.platform import Access, House, SlackPlatform, Tempo
from bot.port import Answer, PlatformError
from bot.web import make_web
from handlers.chat.interactions import Interaction
from storage.models.exchange import Emoji
from storage.queries import members
from storage.session import Storage
from tests.conftest import START
from tests.doubles.slack import APP_TOKEN, BOT_TOKEN, SECRET, Fault
from tests.promises.driver import SeenMessage
from tests.promises.slack import CHANNELS, SlackDriver, user_id
from tests.ready import make_ready

NOWHERE = Reach("", "http://127.0.0.1:9")


async def _poll(slack: SlackDriver, kept: Storage) -> SeenMessage:
    await make_ready(kept, "Vis mailadresse", "Hurtigere søgning")
    await slack.say("anna", "group", "/afstemning")
    assert await slack.submit("anna", {"title": "Efteråret"}) == {}
    return (await slack.messages("anna", "group"))[-1]


async def _votes(kept: Storage) -> set[tuple[str, str]]:
    async with kept.read() as session:
        return {(row.person_id, row.emoji) for row in await session.scalars(select(Emoji)) if row.on}


async def _until(slack: SlackDriver, opened: int) -> None:
    await asyncio.wait_for(slack.double.sockets.has_opened(opened), 20)


async def _found(slack: SlackDriver, kept: Storage, votes: set[tuple[str, str]]) -> None:
    """Wait for the comparison that finds these: on a busy machine a deaf moment may have caused one before."""
    while True:
        slack.reconciled.clear()
        if await _votes(kept) == votes:
            return
        await slack.reconciled.wait()


@pytest.mark.parametrize("ending", ["disconnect", "cut"])
async def test_a_click_made_while_the_socket_was_away_is_found(quick: SlackDriver, kept: Storage, ending: str) -> None:
    poll = await _poll(quick, kept)
    quick.double.people.change_reaction(user_id("carla"), quick._find(poll), "two")
    await getattr(quick.double.sockets, ending)()
    await _until(quick, 2)
    await asyncio.wait_for(_found(quick, kept, {("person-carla", "two")}), 20)
    await quick.react("bo", poll, "one")
    assert await _votes(kept) == {("person-carla", "two"), ("person-bo", "one")}


async def test_an_event_that_met_a_broken_socket_comes_again_and_counts_once(quick: SlackDriver, kept: Storage) -> None:
    poll = await _poll(quick, kept)
    body = quick.double.people.change_reaction(user_id("bo"), quick._find(poll), "one")
    assert body
    quick.double.people.event_seconds = 1.0
    event = asyncio.create_task(quick.double.people.deliver_event(body))
    await quick.double.sockets.cut()
    await event
    assert quick.double.people.lost == []
    assert await _votes(kept) == {("person-bo", "one")}


async def test_a_deaf_socket_is_noticed_and_replaced(quick: SlackDriver) -> None:
    quick.double.sockets.answers_pings = False
    await _until(quick, 2)
    quick.double.sockets.answers_pings = True
    await quick.say("bo", "group", "/ønske")
    assert await quick.form("bo") is not None


async def test_the_watchdog_replaces_a_socket_whose_own_watch_has_died(quick: SlackDriver) -> None:
    socket = quick.slack._socket
    assert socket is not None
    assert socket._handler is not None
    client = socket._handler.client
    assert client.current_session_monitor is not None
    client.current_session_monitor.cancel()
    assert client.message_receiver is not None
    client.message_receiver.cancel()
    assert client.current_session is not None
    await client.current_session.close()
    assert not await socket.is_alive()
    await _until(quick, 2)
    await quick.say("bo", "group", "/ønske")
    assert await quick.form("bo") is not None


async def test_where_no_websocket_is_let_in_a_new_address_is_asked_for_until_one_is(quick: SlackDriver) -> None:
    quick.double.sockets.lets_in = False
    await quick.double.sockets.cut()
    await asyncio.wait_for(quick.double.sockets.has_refused(3), 30)
    quick.double.sockets.lets_in = True
    await _until(quick, 2)
    await quick.say("bo", "group", "/ønske")
    assert await quick.form("bo") is not None


async def test_where_no_websocket_is_let_in_the_start_says_so(slack: SlackDriver) -> None:
    slack.double.sockets.lets_in = False
    access = Access(BOT_TOKEN, app_token=APP_TOKEN, api=slack.double.api)
    with pytest.raises(PlatformError, match="websocket"):
        await SlackPlatform(access, House(_nobody), Tempo(ping=0.2)).start()


async def test_a_refused_app_token_is_told_to_the_leader_and_that_it_is_over(
    quick: SlackDriver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.platforms.slack.socket.FAILED", 1)
    assert quick.slack.connected
    quick.double.tolerated.add("invalid_auth")
    quick.double.app_tokens.clear()
    with capture_logs() as logs:
        await quick.double.sockets.cut()
        await asyncio.wait_for(quick.outages.get(), 20)
    assert not quick.slack.connected
    told = [(one["reason"], one["setting"]) for one in logs if one["event"] == "slack_reconnect_failed"]
    assert told == [("invalid_auth", "OENSKEBOT_SLACK_APP_TOKEN")]
    await quick.forward(24)
    (deaf,) = await quick.messages("anna", "dm")
    assert "Jeg har ikke kunnet høre jer på Slack siden tirsdag" in deaf.text
    assert "OENSKEBOT_SLACK_APP_TOKEN" in deaf.text
    quick.double.app_tokens.add(APP_TOKEN)
    await asyncio.wait_for(quick.outages.get(), 20)
    assert quick.slack.connected
    await quick.forward(48)
    assert "Jeg kunne ikke høre jer på Slack fra" in (await quick.messages("anna", "dm"))[-1].text


async def test_the_answers_under_way_are_given_before_the_bot_stops(slack: SlackDriver) -> None:
    slack.double.slow["views.open"] = 0.3
    await slack.double.people.command(user_id("bo"), CHANNELS["group"], "/ønske")
    await slack.slack.stop()
    assert await slack.form("bo") is not None


async def test_a_form_that_opens_too_late_is_explained(slack: SlackDriver) -> None:
    slack.double.slow["views.open"] = 2.8
    await slack.say("bo", "group", "/ønske")
    assert "Det tog for lang tid" in (await slack.messages("bo", "private"))[-1].text


@pytest.mark.parametrize("fault", [Fault(429, 30), Fault(500), Fault(lost=True)])
async def test_a_form_that_cannot_be_opened_is_explained_in_the_persons_language(
    slack: SlackDriver, kept: Storage, fault: Fault
) -> None:
    async with kept.write() as session:
        bo = await members.get_person(session, "person-bo")
        bo.locale = "en"
    slack.double.workspace.people[user_id("bo")].locale = "en-US"
    for _ in range(2):  # after a 429 the next one is held back before it is sent
        slack.double.faults["views.open"].append(fault)
        await slack.say("bo", "group", "/ønske")
        told = (await slack.messages("bo", "private"))[-1].text
        assert told == "It took too long to open the form, and nothing is saved. Try again."
    slack.double.faults["views.open"].clear()


async def test_a_refusal_is_said_in_the_persons_language(slack: SlackDriver, kept: Storage) -> None:
    async with kept.write() as session:
        bo = await members.get_person(session, "person-bo")
        bo.locale = "en"
    slack.double.workspace.people[user_id("bo")].locale = "en-US"
    await slack.say("bo", "group", "/ønske vis 99")
    assert "wish" in (await slack.messages("bo", "private"))[-1].text


async def _nobody(_interaction: Interaction) -> Answer:
    return Answer()


@pytest.mark.parametrize("wrong", ["bot", "app"])
async def test_a_wrong_token_stops_the_start_with_the_reason(slack: SlackDriver, wrong: str) -> None:
    slack.double.tolerated.add("invalid_auth")
    access = Access(
        "xoxb-wrong" if wrong == "bot" else BOT_TOKEN,
        app_token="xapp-wrong" if wrong == "app" else APP_TOKEN,
        api=slack.double.api,
    )
    with pytest.raises(PlatformError, match="invalid_auth"):
        await SlackPlatform(access, House(_nobody)).start()


def test_without_any_way_to_trust_what_comes_there_is_no_platform() -> None:
    with pytest.raises(ValueError, match="signing secret"):
        Access(BOT_TOKEN)


async def test_doctor_finds_everything_well(slack: SlackDriver) -> None:
    access = Access(BOT_TOKEN, app_token=APP_TOKEN, api=slack.double.api)
    found = await check_slack(access, [CHANNELS["group"]], NOWHERE, dt.datetime.now(dt.UTC))
    assert all(one.ok for one in found), found
    assert [one.told for one in found][-2] == "#koordinationsgruppe"


async def test_doctor_says_what_is_wrong_and_how_to_mend_it(slack: SlackDriver) -> None:
    slack.double.tolerated |= {"invalid_auth", "channel_not_found"}
    slack.double.manifest["oauth_config"]["scopes"]["bot"].remove("reactions:read")
    slack.double.workspace.channels[CHANNELS["other"]].members.clear()
    slack.double.workspace.channels[CHANNELS["steering"]].archived = True
    access = Access(BOT_TOKEN, app_token="xapp-wrong", api=slack.double.api)
    places = [CHANNELS["other"], CHANNELS["steering"], "C0NOWHERE", "#findes-ikke"]
    found = await check_slack(access, places, NOWHERE, dt.datetime.now(dt.UTC) + dt.timedelta(minutes=9))
    token, scopes, events, socket, other, steering, nowhere, unknown, clock = found
    assert token.ok
    assert "reactions:read (så et klik" in scopes.told
    assert "xapp-" in socket.told
    assert "/invite" in other.told
    assert "arkiveret" in steering.told
    assert "channel_not_found" in nowhere.told
    assert "en kanal, der hedder #findes-ikke" in unknown.told
    assert "54" in clock.told
    assert "member_joined_channel" in events.told
    assert not any(one.ok for one in (scopes, *found[3:]))


async def test_doctor_stops_at_a_token_that_slack_refuses(slack: SlackDriver) -> None:
    slack.double.tolerated.add("invalid_auth")
    access = Access("xoxb-wrong", signing_secret=SECRET, api=slack.double.api)
    (found,) = await check_slack(access, [], NOWHERE, START)
    assert not found.ok
    assert "invalid_auth" in found.told


async def test_doctor_finds_a_channel_that_awaits_its_confirmation_by_its_name(slack: SlackDriver) -> None:
    access = Access(BOT_TOKEN, app_token=APP_TOKEN, api=slack.double.api)
    found = await check_slack(access, ["#styregruppe"], NOWHERE, dt.datetime.now(dt.UTC))
    assert [(one.ok, one.told) for one in found][-2] == (True, "#styregruppe")


async def _look_at_socket(slack: SlackDriver, reach: Reach = NOWHERE) -> Check:
    access = Access(BOT_TOKEN, app_token=APP_TOKEN, api=slack.double.api)
    return (await check_slack(access, [], reach, dt.datetime.now(dt.UTC)))[3]


async def test_doctor_opens_a_websocket_and_closes_it(slack: SlackDriver) -> None:
    await slack.slack.stop()
    found = await _look_at_socket(slack)
    assert (found.ok, found.told) == (True, "En forbindelse blev åbnet, Slack hilste, og den er lukket igen.")
    assert slack.double.sockets.opened == 2
    await asyncio.wait_for(slack.double.sockets.has_closed(), 10)


async def test_doctor_says_that_the_bot_runs_elsewhere(slack: SlackDriver) -> None:
    found = await _look_at_socket(slack)
    assert found.ok
    assert "botten kører et andet sted" in found.told
    assert slack.double.sockets.opened == 2


async def test_doctor_takes_nothing_away_from_the_bot_that_runs_here(slack: SlackDriver, kept: Storage) -> None:
    async with TestServer(make_web([], kept, CollectorRegistry(), platforms=[slack.slack])) as server:
        found = await _look_at_socket(slack, Reach("", str(server.make_url("")).rstrip("/")))
    assert (found.ok, found.told) == (True, "Botten, der kører her, holder den.")
    assert slack.double.sockets.opened == 1


async def test_doctor_says_that_no_websocket_comes_through(slack: SlackDriver) -> None:
    slack.double.sockets.lets_in = False
    found = await _look_at_socket(slack)
    assert not found.ok
    assert "wss://*.slack.com" in found.told


async def test_doctor_says_that_socket_mode_is_off(slack: SlackDriver) -> None:
    await slack.slack.stop()
    slack.double.sockets.disabled = True
    found = await _look_at_socket(slack)
    assert not found.ok
    assert "link_disabled" in found.told
    assert "Socket Mode skal være slået til" in found.told


@pytest.mark.parametrize(
    ("public", "local", "ok", "told"),
    [
        ("", "{here}", True, "OENSKEBOT_PUBLIC_URL er ikke givet"),
        ("{here}", "http://127.0.0.1:9", True, "kører ikke her"),
        ("{here}/", "{here}", True, "afviser det, Slack ikke har underskrevet"),
        ("{here}/elsewhere", "{here}", False, "(404)"),
        ("http://127.0.0.1:9", "{here}", False, "(ClientConnectorError)"),
    ],
)
async def test_doctor_looks_whether_the_address_for_slack_answers(
    slack_http: SlackDriver, public: str, local: str, ok: bool, told: str
) -> None:
    here = slack_http.double.requests.url.removesuffix("/slack/events")
    access = Access(BOT_TOKEN, signing_secret=SECRET, api=slack_http.double.api)
    reach = Reach(public.format(here=here), local.format(here=here))
    found = (await check_slack(access, [], reach, dt.datetime.now(dt.UTC)))[3]
    assert (found.ok, told in found.told) == (ok, True), found.told


async def test_the_workspace_is_known_after_the_start(slack: SlackDriver, clock: MovableClock) -> None:
    assert slack.slack.workspace == "T0TEST"
    assert "reactions:read" in slack.slack.scopes
    assert not slack.slack.traits.looks_for_marks
