"""What is forged gets nothing but a line in the log; what is stale or in vain gets one sentence; nothing is lost."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import aiohttp
import pytest
import structlog
from sqlalchemy import text

from bot.clock import MovableClock
from storage.queries import outbox
from storage.session import Storage
from storage.tables import Base
from tests.doubles.mattermost_person import OpenDialog, Person, Refused
from tests.doubles.mattermost_state import Json
from tests.mattermost.forging import action, context_of, put_menu, send
from tests.promises.driver import SeenMessage
from tests.promises.mattermost import MattermostDriver

WISH: dict[str, str | list[str]] = {"title": "Vis mailadresse", "need": "Vi leder efter den hver dag."}
FORGED_STATES = (
    "x",
    "1.x",
    "0.f.W10.AAAA",
    "1.f.W10.AAAA",
    "0.b.W10.AAAA",
    "c.b.W10.AAAA",
    "c.",
    "99.",
    "c.f.W10.AAAA",
)

Logged = list[Any]


@pytest.fixture
def logged() -> Iterator[Logged]:
    with structlog.testing.capture_logs() as lines:
        yield lines


@pytest.fixture
async def card(driver: MattermostDriver, logged: Logged) -> SeenMessage:
    """A wish's card; what its making logged is forgotten."""
    await driver.say("bo", "group", "/ønske")
    assert await driver.submit("bo", WISH) == {}
    found = (await driver.messages("bo", "group"))[-1]
    logged.clear()
    return found


async def _everything(kept: Storage) -> dict[str, list[Any]]:
    """All that the bot remembers, but for what it remembers of the network."""
    async with kept.read() as session:
        return {
            table.name: list((await session.execute(text(f"select * from {table.name} order by 1, 2"))).all())
            for table in Base.metadata.sorted_tables
            if table.name != "leases"
        }


def _forged(logged: Logged) -> list[str]:
    return [line["kind"] for line in logged if line["event"] == "forged_interaction" and line["log_level"] == "warning"]


def _stale(logged: Logged) -> list[str]:
    return [line["kind"] for line in logged if line["event"] == "stale_interaction"]


async def _spoof(driver: MattermostDriver, person: str, context: Json, *, channel: str = "group") -> Json:
    """A member's own message with a button that calls us."""
    shown = {"id": "one", "type": "button", "name": "👍 Støt"}
    made = shown | {"integration": {"url": f"{driver.bot.address}/mattermost/action", "context": context}}
    props = {"attachments": [{"text": "Tryk her", "actions": [made]}], "from_bot": "true", "override_username": "bot"}
    return await driver.people[person].write(driver.channels[channel], "", props)


def _elsewhere(driver: MattermostDriver, path: str = "dialog") -> OpenDialog:
    """A dialog that nobody opened."""
    shown = {"callback_id": "form"}
    return OpenDialog(f"{driver.bot.address}/mattermost/{path}", shown, driver.channels["group"])


@pytest.mark.parametrize("state", FORGED_STATES)
async def test_a_dialog_that_was_made_up(
    driver: MattermostDriver, kept: Storage, card: SeenMessage, logged: Logged, state: str
) -> None:
    before = await _everything(kept)
    assert await driver.people["hans"].submit(_elsewhere(driver), state, dict(WISH)) == {}
    await driver.settle("hans")
    assert len(_forged(logged)) == 1
    assert await _everything(kept) == before
    assert driver.people["hans"].private == []


@pytest.mark.parametrize(
    "context",
    [
        {"t": "b.W10.AAAAAAAAAAAAAAAA"},
        {"t": "x"},
        {},
        {"t": 1},
        {"p": 1},
        {"d": "1.f.W10.AAAA"},
        {"d": "x"},
        {"q": "?"},
    ],
)
async def test_a_button_that_was_made_up(
    driver: MattermostDriver, kept: Storage, card: SeenMessage, logged: Logged, context: Json
) -> None:
    spoof = await _spoof(driver, "hans", context)
    before = await _everything(kept)
    await driver.people["carla"].click(spoof, "one")
    await driver.settle("carla")
    assert len(_forged(logged)) == 1
    assert await _everything(kept) == before
    assert (driver.people["carla"].private, driver.people["carla"].dialog) == ([], None)


async def test_a_members_message_that_carries_what_a_button_of_ours_does(
    driver: MattermostDriver, kept: Storage, card: SeenMessage, logged: Logged
) -> None:
    spoof = await _spoof(driver, "hans", context_of(driver, card.id, "Støt"))
    before = await _everything(kept)
    await driver.people["carla"].click(spoof, "one")
    await driver.settle("carla")
    assert _forged(logged) == ["press"]
    assert await _everything(kept) == before
    assert driver.people["carla"].private == []


async def test_what_everybodys_button_carries_answers_no_question(
    driver: MattermostDriver, kept: Storage, card: SeenMessage, logged: Logged
) -> None:
    """A question is asked of one person, within the hour: its answer is sealed for them."""
    token = context_of(driver, card.id, "Støt")["t"]
    before = await _everything(kept)
    assert await driver.people["carla"].submit(_elsewhere(driver), f"c.{token}", {}) == {}
    await driver.settle("carla")
    assert _forged(logged) == ["press"]
    assert await _everything(kept) == before
    assert driver.people["carla"].private == []


@pytest.mark.parametrize("stored", [True, False], ids=["ids are stored", "ids are not stored yet"])
async def test_what_one_cards_button_carries_on_another_card(
    driver: MattermostDriver, kept: Storage, card: SeenMessage, logged: Logged, stored: bool
) -> None:
    await driver.say("bo", "group", "/ønske")
    assert await driver.submit("bo", WISH | {"title": "Noget helt andet"}) == {}
    other = (await driver.messages("bo", "group"))[-1]
    if not stored:
        async with kept.write() as session:
            await session.execute(text("delete from sent_messages"))
    context = context_of(driver, card.id, "Støt")
    logged.clear()
    before = await _everything(kept)
    for carried in (context, {"p": {"x": context["t"]}, "selected_option": "x"}):
        assert await send(driver, "action", action(driver, other.id, carried)) == (200, "{}")
    await driver.settle()
    assert _forged(logged) == ["press"] * 2
    assert await _everything(kept) == before
    assert (await send(driver, "action", action(driver, card.id, context)))[0] == 200
    assert await _everything(kept) != before


async def test_what_one_can_read_of_a_menu_is_no_button_of_ours(
    driver: MattermostDriver, kept: Storage, logged: Logged
) -> None:
    """What a select carries is never told; what its options are worth is."""
    menu = await put_menu(driver)
    post = await driver.people["hans"].call("GET", f"/posts/{menu}")
    [select] = [one for at in post["props"]["attachments"] for one in at["actions"] if one["type"] == "select"]
    worth = [one["value"] for one in select["options"]]
    before = await _everything(kept)
    for context in ({"t": worth[0]}, {"p": {worth[0]: worth[0]}, "selected_option": worth[0]}, {"p": {}}):
        spoof = await _spoof(driver, "hans", context)
        await driver.people["carla"].click(spoof, "one")
    assert await driver.people["hans"].submit(_elsewhere(driver), f"c.{worth[0]}", {}) == {}
    assert _forged(logged) == ["press"] * 4
    assert await _everything(kept) == before
    assert not any("b." in one for one in worth)


async def test_a_choice_that_a_menu_no_longer_has_gets_one_sentence(
    driver: MattermostDriver, kept: Storage, logged: Logged
) -> None:
    menu = await put_menu(driver)
    before = await _everything(kept)
    post = await driver.people["carla"].call("GET", f"/posts/{menu}")
    await driver.people["carla"].click(post, "more", "one that was there yesterday")
    await driver.settle("carla")
    assert "er for gammel" in driver.people["carla"].private[-1]["message"]
    assert (_stale(logged), _forged(logged)) == (["choice"], [])
    assert await _everything(kept) == before


@pytest.mark.parametrize("state", ["0.{}", "1.{}", "2.{}", "7.{}", "c.{}", "{}", "0.{}x"])
async def test_the_state_of_a_form_that_was_answered_sent_by_another_way(
    driver: MattermostDriver, kept: Storage, logged: Logged, state: str
) -> None:
    """Whatever step, question or button it is said to be: the form was used up."""
    await driver.say("bo", "group", "/ønske")
    shown = driver.people["bo"].dialog
    assert shown is not None
    token = shown.dialog["state"].partition(".")[2]
    assert await driver.submit("bo", WISH) == {}
    before = await _everything(kept)
    logged.clear()
    changed = WISH | {"title": "Noget andet"}
    answer = await driver.people["bo"].submit(shown, state.format(token), dict(changed))
    assert await send(driver, "action", action(driver, "nosuchpost", {"t": token, "d": ""}, "bo")) == (200, "{}")
    assert await send(driver, "action", action(driver, "nosuchpost", {"d": f"1.{token}"}, "bo")) == (200, "{}")
    await driver.settle("bo")
    assert await _everything(kept) == before
    assert [one["event"] for one in logged if one["log_level"] in ("error", "critical")] == []
    assert "Noget andet" not in str(await driver.messages("anna", "group")) + str(answer)


async def test_what_a_button_carries_replayed_for_a_message_that_is_gone(
    driver: MattermostDriver, kept: Storage, card: SeenMessage, logged: Logged
) -> None:
    spoof = await driver.people["hans"].write(driver.channels["group"], "Hej")
    driver.server.posts.delete(driver.server.state.accounts[driver.people["hans"].id], spoof["id"])
    before = await _everything(kept)
    for post in (spoof["id"], "nosuchpost", "../../users/me"):
        assert await send(driver, "action", action(driver, post, context_of(driver, card.id, "Støt"))) == (200, "{}")
    assert await send(driver, "action", action(driver, card.id, {"d": "1.f.W10.AAAA"})) == (200, "{}")
    await driver.settle()
    assert _forged(logged) == ["press"] * 3 + ["continue"]
    assert await _everything(kept) == before


async def test_a_press_replayed_as_it_was_is_done_once_and_answered_as_the_first_time(
    driver: MattermostDriver, kept: Storage, card: SeenMessage
) -> None:
    await driver.press("carla", card, "Støt")
    before = await _everything(kept)
    said = driver.people["carla"].private[-1]["message"]
    await driver.server.integrations.repeat(2)
    await driver.settle("carla")
    assert await _everything(kept) == before
    assert {line["message"] for line in driver.people["carla"].private} == {said}


async def test_somebody_of_another_team(
    driver: MattermostDriver, kept: Storage, card: SeenMessage, logged: Logged
) -> None:
    """They can't reach the card; and their own message with its button is not ours."""
    user, token = driver.server.add_person("ivan", "Ivan Fremmed")
    team = driver.server._add_team("other")
    driver.server.state.team_members[team] = {user: "team_user", driver.bot.user: "team_user"}
    del driver.server.state.team_members[driver.server.team][user]
    channel = driver.server.add_channel("fremmed", {user, driver.bot.user})
    driver.server.state.rooms[channel].team = team
    before = await _everything(kept)
    async with aiohttp.ClientSession() as session:
        ivan = Person(session, driver.server.address, user, token, team)
        async with ivan.online():
            stolen = driver.server.state.posts[card.id]
            with pytest.raises(Refused, match="403"):
                await ivan.click(stolen, stolen["props"]["attachments"][0]["actions"][0]["id"])
            with pytest.raises(Refused, match="403"):
                await ivan.submit(_elsewhere(driver), "x", {})
            props = {"attachments": [{"actions": [stolen["props"]["attachments"][0]["actions"][0]]}]}
            spoof = await ivan.write(channel, "", props)
            await ivan.click(spoof, spoof["props"]["attachments"][0]["actions"][0]["id"])
            await ivan.up_to_date()
            assert ivan.private == []
    assert _forged(logged) == ["press"]
    assert await _everything(kept) == before


async def test_a_stale_button_on_an_old_card_gets_one_sentence(
    driver: MattermostDriver, kept: Storage, card: SeenMessage
) -> None:
    """The card could not be changed, so that people still see the button."""
    await driver.say("carla", "group", "/ønske vis 1")  # she is known before
    driver.server.faults.refuse = [("PUT /posts", 500)] * 50
    await driver.say("bo", "group", "/ønske træk 1")
    before = await _everything(kept)
    await driver.people["carla"].click(await driver._post("carla", card.id), card.buttons["👍 Støt"])
    await driver.people["carla"].up_to_date()
    driver.server.faults.refuse.clear()
    assert driver.people["carla"].private[-1]["message"] == "Ønske #1 er afsluttet."
    assert await _everything(kept) == before


async def test_a_button_on_an_old_private_message_gets_one_sentence(
    driver: MattermostDriver, kept: Storage, card: SeenMessage, logged: Logged, clock: MovableClock
) -> None:
    await driver.say("carla", "group", "/ønske vis 1")
    line = driver.people["carla"].private[-1]
    clock.move_to(clock.now() + dt.timedelta(days=91))
    before = await _everything(kept)
    logged.clear()
    await driver.people["carla"].click(line, line["props"]["attachments"][0]["actions"][0]["id"])
    await driver.people["carla"].up_to_date()
    assert "er for gammel eller er ikke din" in driver.people["carla"].private[-1]["message"]
    assert _stale(logged) == ["press"]
    assert await _everything(kept) == before


async def test_a_form_that_stood_open_over_night_is_taken_with_what_was_typed(
    driver: MattermostDriver, logged: Logged, clock: MovableClock
) -> None:
    await driver.say("bo", "group", "/ønske")
    shown = driver.people["bo"].dialog
    assert shown is not None
    shown.values |= WISH
    clock.move_to(clock.now() + dt.timedelta(hours=13))
    assert await driver.people["bo"].send_dialog() == {}
    await driver.settle("bo")
    assert _stale(logged) == []
    waiting = (await driver.messages("bo", "dm"))[-1]
    await driver.press("bo", waiting, "Fortsæt")
    assert await driver.submit("bo", {}) == {}
    assert "Vi leder efter den hver dag." in (await driver.messages("bo", "group"))[-1].text


async def test_a_card_that_somebody_deleted(
    driver: MattermostDriver, kept: Storage, card: SeenMessage, logged: Logged
) -> None:
    driver.server.posts.delete(driver.server.state.accounts[driver.bot.user], card.id)
    before = await _everything(kept)
    with pytest.raises(Refused, match="404"):
        await driver.press("carla", card, "Støt")
    assert await _everything(kept) == before
    await driver.say("carla", "group", "/ønske støt 1")
    after = await _everything(kept)
    changed = {name for name in after if after[name] != before[name]}
    assert changed == {"backers", "once_keys", "outbox", "log", "claims", "notices"}  # the leader hears of it
    async with kept.read() as session:
        [parked] = await outbox.list_parked(session)
    assert (parked.kind, "403" in parked.reason) == ("update", True)
    assert [line["parked"] for line in logged if line["event"] == "send_failed"] == [True]
    await driver.say("bo", "group", "/ønske vis 1")
    assert "Bornholm" in driver.people["bo"].private[-1]["message"]


async def test_the_message_that_goes_on_with_a_form_was_deleted(
    driver: MattermostDriver, kept: Storage, logged: Logged
) -> None:
    await driver.say("bo", "group", "/ønske")
    shown = driver.people["bo"].dialog
    assert shown is not None
    shown.values |= WISH
    assert await driver.people["bo"].send_dialog() == {}
    await driver.settle("bo")
    first = (await driver.messages("bo", "dm"))[-1]
    driver.server.posts.delete(driver.server.state.accounts[driver.bot.user], first.id)
    before = await _everything(kept)
    await driver.server.integrations.repeat()
    await driver.settle("bo")
    anew = (await driver.messages("bo", "dm"))[-1]
    assert anew.id != first.id
    assert [line["event"] for line in logged if "deleted" in line["event"]] == ["message_was_deleted"]
    after = await _everything(kept)
    assert {name for name in after if after[name] != before[name]} == {"drafts"}
    assert [row.post for row in after["drafts"]] == [anew.id]
    await driver.press("bo", anew, "Fortsæt")
    assert await driver.submit("bo", {"estimate": "16.500"}) == {}
    assert "Vis mailadresse" in (await driver.messages("bo", "group"))[-1].text


async def test_a_command_registered_under_another_word(driver: MattermostDriver, kept: Storage, logged: Logged) -> None:
    """With a token of ours it gets a sentence, and the log names the word; with its own it gets nothing."""
    url = f"{driver.bot.address}/mattermost/command"
    driver.server.add_command("snyd", url)
    platform = driver.bot.platform
    platform.command_tokens = (*platform.command_tokens, driver.server.add_command("krav", url))
    before = await _everything(kept)
    with pytest.raises(Refused, match="500"):
        await driver.say("bo", "group", "/snyd opret")
    assert _forged(logged) == ["command"]
    await driver.say("bo", "group", "/krav noget")
    assert "Jeg kender ikke /krav" in driver.people["bo"].private[-1]["message"]
    assert [line["word"] for line in logged if line["event"] == "command_under_another_word"] == ["krav"]
    after = await _everything(kept)
    assert {name for name in after if after[name] != before[name]} <= {"people"}
