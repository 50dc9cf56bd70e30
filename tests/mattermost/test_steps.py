"""A long form on an old server: in steps, with what was typed kept for a week, over restarts and mistakes."""

from __future__ import annotations

import datetime as dt

import pytest

from bot.clock import MovableClock
from storage.models.drafts import Draft
from storage.session import Storage
from tests.doubles.mattermost_person import Refused
from tests.promises.driver import SeenMessage
from tests.promises.mattermost import MattermostDriver

FIRST = {"title": "Vis mailadresse", "need": "Vi leder efter den hver dag."}
SECOND = {"estimate": "16.500"}


async def _fill_first(driver: MattermostDriver, person: str = "bo") -> SeenMessage:
    """The first page is sent; returns the private message that goes on."""
    await driver.say(person, "group", "/ønske")
    me = driver.people[person]
    assert me.dialog is not None
    me.dialog.values |= FIRST
    assert await me.send_dialog() == {}
    await driver.settle(person)
    assert me.dialog is None
    return (await driver.messages(person, "dm"))[-1]


async def _fill_second(driver: MattermostDriver, person: str = "bo", **values: str) -> dict[str, str]:
    me = driver.people[person]
    assert me.dialog is not None
    me.dialog.values |= values or SECOND
    answer = await me.send_dialog()
    await driver.settle(person)
    return answer.get("errors", {}) | ({"": answer["error"]} if "error" in answer else {})


async def _cards(driver: MattermostDriver) -> list[str]:
    return [one.text for one in await driver.messages("anna", "group") if "Vis mailadresse" in one.text]


async def test_the_second_page_is_opened_by_a_button_in_a_private_message(driver: MattermostDriver) -> None:
    waiting = await _fill_first(driver)
    assert "»Nyt ønske«: Det, du har skrevet, er gemt i syv dage." in waiting.text
    assert list(waiting.buttons) == ["Fortsæt (2 af 2)"]
    assert await _cards(driver) == []
    await driver.press("bo", waiting, "Fortsæt")
    form = await driver.form("bo")
    assert form is not None
    assert list(form.fields) == ["urgency", "reason", "estimate", "stakeholders"]
    assert await _fill_second(driver) == {}
    assert "16.500\u00a0kr." in (await _cards(driver))[0]
    after = next(one for one in await driver.messages("bo", "dm") if one.id == waiting.id)
    assert (after.text, after.buttons) == ("»Nyt ønske« er sendt.", {})


async def test_at_most_five_elements_are_shown_on_an_old_server_and_all_on_a_newer(
    kept: Storage, driver: MattermostDriver
) -> None:
    await driver.say("bo", "group", "/ønske")
    bo = driver.people["bo"]
    assert bo.dialog is not None
    assert len(bo.dialog.elements) == 5
    driver.server.state.settings.version = (9, 5, 0)
    driver.server.hub.cut(driver.bot.user)
    driver.server.hub.forget(driver.bot.user)
    await driver.settle()
    await driver.say("bo", "group", "/ønske")
    assert len(bo.dialog.elements) == 9
    bo.dialog.values |= FIRST | SECOND
    assert await bo.send_dialog() == {}
    await driver.settle("bo")
    assert "16.500\u00a0kr." in (await _cards(driver))[0]


async def test_what_was_typed_survives_a_restart(driver: MattermostDriver) -> None:
    waiting = await _fill_first(driver)
    await driver.bot.restart()
    await driver.press("bo", waiting, "Fortsæt")
    assert await _fill_second(driver) == {}
    assert len(await _cards(driver)) == 1


async def test_the_first_page_sent_twice_gives_one_message_and_the_last_one_wish(driver: MattermostDriver) -> None:
    waiting = await _fill_first(driver)
    await driver.server.integrations.repeat(2)
    await driver.settle()
    assert [one.id for one in await driver.messages("bo", "dm")] == [waiting.id]
    await driver.press("bo", waiting, "Fortsæt")
    await _fill_second(driver)
    before = len(await driver.messages("bo", "private"))
    await driver.server.integrations.repeat(2)
    await driver.settle()
    assert len(await _cards(driver)) == 1
    assert len(await driver.messages("bo", "private")) == before


async def test_a_mistake_on_an_earlier_page_is_told_with_a_button_back_to_it(driver: MattermostDriver) -> None:
    await driver.say("bo", "group", "/ønske")
    bo = driver.people["bo"]
    assert bo.dialog is not None
    bo.dialog.values |= FIRST | {"title": "a" * 300}  # a client that does not keep to the length
    assert await bo.send_dialog() == {}
    await driver.settle("bo")
    waiting = (await driver.messages("bo", "dm"))[-1]
    await driver.press("bo", waiting, "Fortsæt")
    assert await _fill_second(driver) == {}
    told = next(one for one in await driver.messages("bo", "dm") if one.id == waiting.id)
    assert "er ikke sendt endnu, for noget skal rettes" in told.text
    assert "Teksten er på 300 tegn. Der er plads til 200." in told.text
    assert await _cards(driver) == []
    await driver.press("bo", told, "Fortsæt (1 af 2)")
    form = await driver.form("bo")
    assert form is not None
    assert form.fields["need"].value == FIRST["need"]
    assert await driver.submit("bo", {"title": "Vis mailadresse"}) == {}
    assert "16.500\u00a0kr." in (await _cards(driver))[0]


async def test_nobody_else_can_go_on_with_it(driver: MattermostDriver) -> None:
    waiting = await _fill_first(driver)
    action = driver.server.state.posts[waiting.id]["props"]["attachments"][0]["actions"][0]
    props = {"attachments": [{"actions": [action]}]}
    spoof = await driver.people["hans"].write(driver.channels["other"], "", props)
    await driver.people["hans"].click(spoof, action["id"])
    await driver.settle("hans")
    assert driver.people["hans"].dialog is None
    assert driver.people["hans"].private == []
    await driver.people["bo"].click(spoof, action["id"])
    await driver.settle("bo")
    assert driver.people["bo"].dialog is None


async def test_after_half_a_day_the_form_is_opened_anew_with_what_was_typed(
    driver: MattermostDriver, clock: MovableClock
) -> None:
    waiting = await _fill_first(driver)
    clock.move_to(clock.now() + dt.timedelta(days=3))
    await driver.press("bo", waiting, "Fortsæt")
    assert await _fill_second(driver) == {}
    [card] = await _cards(driver)
    assert "Vi leder efter den hver dag." in card
    assert (await driver.messages("bo", "dm"))[0].text == "»Nyt ønske« er sendt."


async def test_after_a_week_it_is_gone(driver: MattermostDriver, kept: Storage, clock: MovableClock) -> None:
    waiting = await _fill_first(driver)
    clock.move_to(clock.now() + dt.timedelta(days=7, minutes=1))
    await driver.press("bo", waiting, "Fortsæt")
    assert driver.people["bo"].dialog is None
    assert "er for gammel" in driver.people["bo"].private[-1]["message"]
    await driver.say("bo", "group", "/ønske")
    async with kept.read() as session:
        rows = (await session.execute(Draft.__table__.select())).all()
    assert len(rows) == 1


async def test_a_form_whose_click_grew_too_old_is_offered_by_a_button(
    driver: MattermostDriver, clock: MovableClock
) -> None:
    state = driver.server.state
    clicked = state.clock()
    state.clock = lambda: clicked - 3_001  # the command is given, and the bot is late
    made = state.make_trigger

    def make_old(user: str) -> tuple[str, str]:
        old = made(user)
        state.clock = lambda: clicked
        return old

    state.make_trigger = make_old  # type: ignore[method-assign]
    await driver.say("bo", "group", "/ønske En titel")
    assert driver.people["bo"].dialog is None
    offered = (await driver.messages("bo", "dm"))[-1]
    assert "»Nyt ønske« nåede ikke at åbne." in offered.text
    await driver.press("bo", offered, "Fortsæt (1 af 2)")
    form = await driver.form("bo")
    assert form is not None
    assert form.fields["title"].value == "En titel"


async def test_a_missing_field_is_asked_for_even_if_the_client_did_not(driver: MattermostDriver) -> None:
    await driver.say("bo", "group", "/ønske")
    bo = driver.people["bo"]
    assert bo.dialog is not None
    sent = {"title": None, "need": ""}
    answer = await bo.submit(bo.dialog, bo.dialog.dialog["state"], sent)
    assert answer == {"errors": {"title": "Feltet skal udfyldes.", "need": "Feltet skal udfyldes."}}


async def test_a_server_that_fails_between_two_pages_loses_nothing(driver: MattermostDriver) -> None:
    await driver.say("bo", "group", "/ønske")
    bo = driver.people["bo"]
    assert bo.dialog is not None
    bo.dialog.values |= FIRST
    driver.server.faults.refuse = [("POST /posts", 500)]
    assert await bo.send_dialog() == {"error": "Det gik ikke igennem. Prøv igen om lidt."}
    assert await bo.send_dialog() == {}
    await driver.settle("bo")
    assert list((await driver.messages("bo", "dm"))[-1].buttons) == ["Fortsæt (2 af 2)"]


async def test_a_dialog_that_is_closed_changes_nothing(driver: MattermostDriver) -> None:
    await driver.say("bo", "group", "/ønske")
    bo = driver.people["bo"]
    assert bo.dialog is not None
    body = {"url": bo.dialog.url, "channel_id": bo.dialog.channel, "team_id": driver.server.team, "cancelled": True}
    await bo.call("POST", "/actions/dialogs/submit", body | {"state": bo.dialog.dialog["state"]})
    with pytest.raises(Refused):
        await bo.call("POST", "/actions/dialogs/submit", body | {"team_id": ""})
    await driver.settle()
    assert await driver.messages("bo", "dm") == []
