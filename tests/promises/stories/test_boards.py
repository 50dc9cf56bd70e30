"""Stories of what is a person's own on every platform: their board, their morning, their peace, their language."""

from __future__ import annotations

import pytest

from storage.session import Storage
from tests.promises.driver import Driver
from tests.promises.stories.conftest import DATABASES
from tests.promises.stories.telling import (
    DAY,
    direct,
    found,
    join,
    newest,
    offered,
    open_poll,
    press_offered,
    public,
    submit_wish,
    told,
)

PAGES = [world for world in DATABASES if world != "local"]


async def test_the_board_has_what_is_mine_and_buttons_for_all_of_it(driver: Driver, storage: Storage) -> None:
    await submit_wish(driver, "Vis mailadresse")
    await submit_wish(driver, "Noget andet", "carla")
    await driver.open_board("bo")
    board = await driver.board("bo")
    assert board.text.startswith("Gruppen for OS2test")
    assert "Du repræsenterer Tønder." in board.text
    assert "#1 Vis mailadresse" in board.text
    assert "Noget andet" not in board.text
    assert "Møder i 2026" in board.text
    assert {"Nyt ønske", "Medlemmer", "Beslutninger", "Hjælp", "Mere …"} <= set(board.buttons)
    assert "Ny afstemning" not in board.buttons
    await driver.press("bo", board, "Medlemmer")
    assert "Leder: Anna Holm (Favrskov)" in await told(driver, "bo")
    await driver.press("bo", board, "Mere …")
    assert await driver.submit("bo", {"deed": "wish.support", "words": "1"}) == {}
    assert "Støttes af: Tønder" in (await public(driver))[0].text
    await open_poll(driver, storage, "Hurtigere søgning", "Mørk tilstand")
    await driver.open_board("bo")
    board = await driver.board("bo")
    assert "Venter på en stemme fra Tønder:" in board.text
    await driver.press("bo", board, "Stem i afstemning 1")
    assert await driver.submit("bo", {"choices": ["#3"]}) == {}
    await driver.open_board("bo")
    assert "Venter på en stemme" not in (await driver.board("bo")).text


@pytest.mark.parametrize("world", PAGES, indirect=True)
async def test_a_page_of_ones_own_is_kept_true(driver: Driver, storage: Storage) -> None:
    """Where the chat has such a page; in the local workspace the board is a line that answers `/gruppe`."""
    await driver.open_board("bo")
    assert "Prioritering" not in (await driver.board("bo")).text
    shown = await open_poll(driver, storage)
    assert "Prioritering af efteråret" in (await driver.board("bo")).text
    await driver.react("bo", shown, "one")
    assert "Prioritering" not in (await driver.board("bo")).text
    await driver.say("anna", "group", "/møde")
    planned = {"title": "Efterårsmøde", "date": "2026-09-24", "time": "13:00"}
    assert await driver.submit("anna", dict(planned)) == {}
    assert "Efterårsmøde" in (await driver.board("bo")).text


async def test_what_nobody_asked_for_comes_at_nine_in_one_message(driver: Driver) -> None:
    await submit_wish(driver, "Vis mailadresse")
    await submit_wish(driver, "Hurtigere søgning")
    before = len(await driver.messages("bo", "dm"))
    await driver.say("anna", "group", "/ønske status 1 screening")
    await driver.say("anna", "group", "/ønske status 1 hold")
    await driver.say("anna", "group", "/ønske status 2 screening")
    await driver.forward(22.4)
    assert len(await driver.messages("bo", "dm")) == before
    await driver.forward(0.2)
    (bundle,) = (await driver.messages("bo", "dm"))[before:]
    assert "#1 Vis mailadresse: status er nu »På hold«." in bundle.text
    assert "#2 Hurtigere søgning: status er nu »I screening«." in bundle.text
    assert "»I screening«" not in bundle.text.partition("#2")[0]


async def test_who_wants_peace_is_not_written_to_and_may_change_their_mind(driver: Driver) -> None:
    await driver.say("bo", "group", "/gruppe stille")
    assert "Jeg skriver ikke til dig uopfordret mere." in await told(driver, "bo")
    await submit_wish(driver, "Vis mailadresse")
    await driver.say("anna", "group", "/ønske status 1 screening")
    await driver.forward(DAY)
    assert not await direct(driver, "bo", "status er nu")
    await driver.say("bo", "dm", "/gruppe stille fra")
    assert "Jeg skriver igen til dig" in await told(driver, "bo")
    await driver.say("anna", "group", "/ønske status 1 hold")
    await driver.forward(DAY)
    assert len(await direct(driver, "bo", "status er nu »På hold«.")) == 1


async def test_the_groups_language_is_what_everybody_sees(driver: Driver) -> None:
    await driver.say("anna", "group", "/gruppe indstillinger")
    assert await driver.submit("anna", {"language": "Engelsk"}) == {}
    assert "Anna Holm has changed the group’s settings:" in (await newest(driver)).text
    await submit_wish(driver, "Show the mail address")
    card = await newest(driver)
    assert "Status: Submitted" in card.text
    assert [label for label in card.buttons if "Support" in label]


async def test_who_speaks_english_gets_english(empty: Driver) -> None:
    """Slack and Mattermost speak no Danish themselves, so that what they tell of a person's language says nothing: who
    has not said otherwise is spoken to in the group's."""
    await found(empty)
    await empty.say("anna", "group", "/gruppe indstillinger")
    assert await empty.submit("anna", {"language": "Engelsk"}) == {}
    await empty.speak("bo", "en")
    await empty.say("bo", "group", "/gruppe who")
    assert "Who can decide what in the group for OS2sofd" in await told(empty, "bo")
    await empty.say("bo", "group", "/ønske Show the mail address")
    form = await empty.form("bo")
    assert form is not None
    assert form.title == "New wish"
    errors = await empty.submit("bo", {"need": "We look for it every day.", "estimate": "16.5"})
    assert "may mean two things" in errors["estimate"]
    assert await empty.submit("bo", {"estimate": "16500"}) == {}
    assert "Thank you" in await told(empty, "bo")
    await empty.press("bo", await newest(empty), "Show")
    assert "We look for it every day." in await told(empty, "bo")
    await join(empty, "bo", "Tønder")
    assert "You are noted as a representative of Tønder." in await told(empty, "bo")
    await empty.open_board("bo")
    assert (await empty.board("bo")).text.startswith("The group for OS2sofd")
    await empty.speak("carla", "en")
    await empty.press("carla", await newest(empty), "Support")
    assert "Only" in await told(empty, "carla")


async def test_help_is_there_after_every_command_and_words_that_are_almost_right_are_understood(
    driver: Driver,
) -> None:
    for said in ("/ønske hjælp", "/gruppe hjaelp"):
        await driver.say("hans", "group", said)
        assert "• /ønske støt 43 – støt et ønske for din kommune" in await told(driver, "hans")
    await submit_wish(driver, "Vis mailadresse")
    await driver.say("carla", "group", "/onske støtte 1")
    assert "Tak, I støtter nu ønske #1." in await told(driver, "carla")
    await driver.say("carla", "group", "/ønske støt")
    assert "Skriv nummeret efter, for eksempel /ønske støt 1." in await told(driver, "carla")
    await driver.say("bo", "other", "/ønske liste")
    assert "Her er ingen koordinationsgruppe." in await told(driver, "bo")


async def test_somebody_new_says_for_whom_they_speak_from_the_board(driver: Driver) -> None:
    await driver.say("dan", "group", "/gruppe forlad")
    await driver.say("dan", "group", "/gruppe")
    await press_offered(driver, "dan", "Jeg repræsenterer")
    assert await driver.submit("dan", {"municipality": "København"}) == {}
    waiting = await offered(driver, "anna", "Bekræft Dan Krogh")
    await driver.press("anna", waiting, "Bekræft Dan Krogh")
    assert "Bekræftet: Dan Krogh (København)." in await told(driver, "anna")
