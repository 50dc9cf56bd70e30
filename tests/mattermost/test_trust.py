"""What a client can forge gets nothing; what is old, repeated or somebody else's gets one sentence."""

from __future__ import annotations

import json
from typing import Any

import aiohttp
import pytest
import structlog
from sqlalchemy import delete, select

from bot.clock import MovableClock
from bot.platforms.mattermost.render import Rendered
from bot.seals import ButtonSeal, FormSeal, Seals
from storage.models.exchange import SentMessage
from storage.models.wishes import Backer
from storage.session import Storage
from tests.conftest import KEY
from tests.doubles.mattermost_person import OpenDialog, Person, Refused
from tests.mattermost.forging import action, command, context_of, send
from tests.promises.driver import SeenMessage
from tests.promises.mattermost import MattermostDriver

VALUES: dict[str, str | list[str]] = {"title": "Vis mailadresse", "need": "Vi leder efter den hver dag."}


async def _wish(driver: MattermostDriver) -> SeenMessage:
    await driver.say("bo", "group", "/ønske")
    assert await driver.submit("bo", VALUES) == {}
    return (await driver.messages("bo", "group"))[-1]


async def _cards(driver: MattermostDriver) -> list[str]:
    return [one.text for one in await driver.messages("anna", "group") if one.author == "Ønskebot"]


@pytest.mark.parametrize("token", ["", "forkert", "ø"])
async def test_a_command_without_our_token_gets_nothing(driver: MattermostDriver, token: str) -> None:
    status, body = await send(driver, "command", command(driver, token=token), form=True)
    assert status in (400, 401)
    assert body == "{}"


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("command", {}),
        ("command", "[]"),
        ("action", []),
        ("action", {"user_id": 1}),
        ("action", {"context": "x"}),
        ("dialog", {"type": "dialog_submission"}),
        ("dialog", {"type": "form"}),
        ("dialog", None),
    ],
)
async def test_what_no_server_sends_is_refused_and_survived(driver: MattermostDriver, path: str, body: Any) -> None:
    status, text = await send(driver, path, body)
    assert (status, text) == (400, "{}")
    await _wish(driver)


async def test_anybody_may_call_our_addresses_through_the_server_and_gets_nothing(driver: MattermostDriver) -> None:
    """A dialog's answer goes to the address, and with the state, that its sender's client names."""
    hans = driver.people["hans"]
    hans.channel = driver.channels["group"]
    for path in ("command", "action"):
        shown = OpenDialog(f"{driver.bot.address}/mattermost/{path}", {"callback_id": "form"}, hans.channel)
        with pytest.raises(Refused):
            await hans.submit(shown, "x", {})
    shown = OpenDialog(f"{driver.bot.address}/mattermost/dialog", {"callback_id": "form"}, hans.channel)
    for state in ("x", "", "1.f.W10.AAAA", "0.f.W10.AAAA", "c.b.W10.AAAA", "c.", "99.", "0.b.W10.AAAA"):
        if state:
            assert await hans.submit(shown, state, {"title": "Snyd", "need": "Snyd"}) == {}
    await driver.settle()
    assert await _cards(driver) == []
    assert await driver.messages("hans", "private") == []


@pytest.mark.parametrize("step", ["0", "1", "2"])
async def test_a_form_that_was_opened_for_another_is_not_taken(driver: MattermostDriver, step: str) -> None:
    await driver.say("bo", "group", "/ønske")
    opened = driver.people["bo"].dialog
    assert opened is not None
    token = opened.dialog["state"].partition(".")[2]
    hans = driver.people["hans"]
    answer = await hans.submit(opened, f"{step}.{token}", dict(VALUES))
    assert "er for gammel" in answer["error"]
    await driver.settle()
    assert await _cards(driver) == []


async def test_a_form_sealed_with_another_key_is_not_taken(driver: MattermostDriver, clock: MovableClock) -> None:
    bo = driver.people["bo"]
    seal = FormSeal("n", 1, "wish.submit", "", f"mattermost/server/{bo.id}", driver.channels["group"], False, 2**40)
    shown = OpenDialog(f"{driver.bot.address}/mattermost/dialog", {"callback_id": "form"}, driver.channels["group"])
    assert await bo.submit(shown, "0." + Seals(("another key",)).form(seal), dict(VALUES)) == {}
    assert await bo.submit(shown, "0." + Seals((KEY,)).form(seal), {"title": "", "need": "x"}) != {}
    await driver.settle()
    assert await _cards(driver) == []


async def test_a_button_carried_by_somebody_elses_message_does_nothing(driver: MattermostDriver) -> None:
    card = await _wish(driver)
    context = context_of(driver, card.id, "Støt")
    spoof = await driver.people["hans"].write(driver.channels["group"], "Tryk her")
    assert await send(driver, "action", action(driver, spoof["id"], context)) == (200, "{}")
    assert await send(driver, "action", action(driver, "nosuchpost", context)) == (200, "{}")
    assert "ingen endnu" in (await _cards(driver))[-1]
    assert (await send(driver, "action", action(driver, card.id, context)))[0] == 200
    await driver.settle()
    assert "Støttes af: Bornholm" in (await _cards(driver))[-1]


async def test_a_press_before_the_messages_id_is_known_counts_by_the_messages_mark(
    driver: MattermostDriver, kept: Storage
) -> None:
    card = await _wish(driver)
    context = context_of(driver, card.id, "Støt")
    async with kept.write() as session:
        await session.execute(delete(SentMessage))
    copy = await driver.bot.platform.create(driver.channels["group"], Rendered("kopi", []), mark="another promise")
    assert await send(driver, "action", action(driver, copy.message, context)) == (200, "{}")
    assert (await send(driver, "action", action(driver, card.id, context)))[0] == 200
    async with kept.read() as session:
        assert len((await session.scalars(select(Backer))).all()) == 1


async def test_a_private_button_is_nobody_elses(driver: MattermostDriver, clock: MovableClock) -> None:
    """A private line's button can be pressed by another member who gets hold of its cookie."""
    await _wish(driver)
    await driver.say("bo", "group", "/ønske vis 1")
    line = driver.people["bo"].private[-1]
    action = line["props"]["attachments"][0]["actions"][0]["id"]
    await driver.people["carla"].click(line, action)
    await driver.settle("carla")
    assert "er for gammel eller er ikke din" in (await driver.messages("carla", "private"))[-1].text
    assert "ingen endnu" in (await _cards(driver))[0]


async def test_a_button_for_nobody_and_on_no_message_is_not_ours(driver: MattermostDriver) -> None:
    await _wish(driver)
    token = Seals((KEY,)).button(ButtonSeal(1, "wish.support", "1", ""))
    assert await send(driver, "action", action(driver, "nosuchpost", {"t": token})) == (200, "{}")
    await driver.settle()
    assert "ingen endnu" in (await _cards(driver))[-1]


async def test_somebody_from_another_team_is_in_no_group_of_ours(driver: MattermostDriver) -> None:
    state = driver.server.state
    stranger, token = driver.server.add_person("ivan", "Ivan Fremmed")
    team = state.new_id()
    state.teams[team] = {"id": team, "name": "other", "display_name": "Other", "type": "O"}
    state.team_members[team] = {stranger: "team_user", driver.bot.user: "team_user"}
    channel = driver.server.add_channel("fremmed", {stranger, driver.bot.user})
    state.rooms[channel].team = team
    row = next(row for row in state.commands.values() if row["trigger"] == "ønske")
    state.commands["theirs"] = row | {"id": "theirs", "team_id": team}
    async with aiohttp.ClientSession() as session:
        person = Person(session, driver.server.address, stranger, token, team)
        async with person.online():
            await person.command(channel, "/ønske")
            await person.up_to_date()
            assert "Her er ingen koordinationsgruppe" in person.private[-1]["message"]
            with pytest.raises(Refused):
                await person.command(driver.channels["group"], "/ønske")


async def test_logs_hold_no_token_and_no_text(driver: MattermostDriver, capsys: pytest.CaptureFixture[str]) -> None:
    card = await _wish(driver)
    driver.server.faults.refuse = [("PUT /posts", 500)]
    await driver.press("carla", card, "Støt")
    await send(driver, "action", action(driver, card.id, {"t": "b.W10.AAAA"}))
    told = capsys.readouterr().out
    assert "send_failed" in told
    assert "forged_interaction" in told
    assert driver.bot.token not in told
    assert "mailadresse" not in told


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("action", "[" * 200_000),
        ("dialog", '{"a":' * 200_000),
        ("action", b"\xff\xfe"),
        ("dialog", json.dumps({"type": "dialog_submission", "user_id": ["x"]})),
        ("action", ""),
    ],
)
async def test_what_can_not_be_read(driver: MattermostDriver, path: str, body: str | bytes) -> None:
    with structlog.testing.capture_logs() as logged:
        async with aiohttp.ClientSession() as session:
            url = f"{driver.bot.address}/mattermost/{path}"
            async with session.post(url, data=body, headers={"Content-Type": "application/json"}) as response:
                assert (response.status, await response.text()) == (400, "{}")
    assert [line["kind"] for line in logged if line["event"] == "malformed_callback"] == [path]


@pytest.mark.parametrize("media_type", ["application/json", "application/x-www-form-urlencoded"])
@pytest.mark.parametrize("path", ["command", "action", "dialog"])
async def test_letters_of_a_kind_that_nobody_has_heard_of(driver: MattermostDriver, path: str, media_type: str) -> None:
    async with aiohttp.ClientSession() as session:
        url, headers = f"{driver.bot.address}/mattermost/{path}", {"Content-Type": f"{media_type}; charset=nonsense"}
        async with session.post(url, data="{}", headers=headers) as response:
            assert (response.status, await response.text()) == (400, "{}")


async def test_letters_that_no_database_keeps_are_left_out(driver: MattermostDriver) -> None:
    await driver.say("bo", "group", "/ønske Vis\x00 mailadresse")
    bo = driver.people["bo"]
    assert bo.dialog is not None
    assert bo.dialog.values["title"] == "Vis mailadresse"
    sent = {"title": "Vis \x00mailadresse", "need": "Hver \ud800dag."}
    assert await bo.submit(bo.dialog, bo.dialog.dialog["state"], sent) == {}
    await driver.settle("bo")
    await driver.press("bo", (await driver.messages("bo", "dm"))[-1], "Fortsæt")
    assert await driver.submit("bo", {}) == {}
    assert "Hver ?dag." in (await driver.messages("bo", "group"))[-1].text


async def test_a_server_that_does_not_say_who_the_bot_is_keeps_nobody_waiting(driver: MattermostDriver) -> None:
    driver.bot.platform._me = None
    driver.server.faults.refuse = [("GET /users/me", 503)] * 3
    await driver.people["bo"].command(driver.channels["group"], "/ønske liste")
    await driver.people["bo"].up_to_date()
    assert "ønske" in driver.people["bo"].private[-1]["message"]
    assert len(driver.server.faults.refuse) == 3
