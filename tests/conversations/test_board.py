"""Conversations about the board, the help and the decision log: what one sees when one asks what there is."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.clock import MovableClock
from handlers.chat.interactions import OpenBoard, Place, Sender
from handlers.chat.messages import plain_text
from tests.conftest import make_storage
from tests.promises.driver import SeenMessage
from tests.promises.local import LocalDriver, local_world


@pytest.fixture
async def empty(sqlite_url: str, clock: MovableClock) -> AsyncIterator[LocalDriver]:
    """A workspace where nobody has made a group."""
    storage = await make_storage(sqlite_url)
    async with local_world(storage, clock, with_group=False) as driver:
        yield driver
    await storage.dispose()


async def private(chat: LocalDriver, person: str) -> SeenMessage:
    return (await chat.messages(person, "private"))[-1]


async def board(chat: LocalDriver, person: str, channel: str = "group") -> SeenMessage:
    await chat.say(person, channel, "/gruppe")
    return await private(chat, person)


async def submit_wish(chat: LocalDriver, title: str, person: str = "bo") -> None:
    await chat.say(person, "group", "/ønske")
    assert await chat.submit(person, {"title": title, "need": "Vi leder efter det hver dag."}) == {}


async def test_a_channel_without_a_group_offers_one(empty: LocalDriver) -> None:
    shown = await board(empty, "bo")
    assert "Her er ingen koordinationsgruppe." in shown.text
    await empty.press("bo", shown, "Opret en gruppe her")
    form = await empty.form("bo")
    assert form is not None
    assert form.title == "Ny koordinationsgruppe"


async def test_the_board_shows_what_is_mine(chat: LocalDriver) -> None:
    await submit_wish(chat, "Vis mailadresse")
    await submit_wish(chat, "Noget andet", "carla")
    shown = await board(chat, "bo")
    assert shown.text.startswith("Gruppen for OS2test")
    assert "Gruppens korte navn er os2test." in shown.text
    assert "Du repræsenterer Tønder." in shown.text
    assert "Dit åbne ønske:\n• #1 Vis mailadresse Modtaget" in shown.text
    assert "Noget andet" not in shown.text
    assert {"Nyt ønske", "Medlemmer", "Beslutninger", "Hjælp", "Mere …"} <= set(shown.buttons)
    assert "Ny afstemning" not in shown.buttons
    assert "Ny afstemning" in (await board(chat, "anna")).buttons


async def test_somebody_new_is_asked_for_whom_they_speak(chat: LocalDriver) -> None:
    await chat.say("anna", "group", "/gruppe udpeg")
    assert "Sig, hvem du repræsenterer" not in (await board(chat, "eva")).text
    await chat.say("dan", "group", "/gruppe forlad")
    shown = await board(chat, "dan")
    assert "Sig, hvem du repræsenterer" in shown.text
    await chat.press("dan", shown, "Jeg repræsenterer")
    assert await chat.submit("dan", {"municipality": "101"}) == {}
    assert "afventer lederens bekræftelse" in (await board(chat, "dan")).text
    waiting = await board(chat, "anna")
    assert "Én siger, hvem de repræsenterer:" in waiting.text
    await chat.press("anna", waiting, "Medlemmer")
    assert "Dan Krogh (København)" in (await private(chat, "anna")).text


async def test_what_needs_a_number_is_asked_for_in_a_form(chat: LocalDriver) -> None:
    await submit_wish(chat, "Vis mailadresse")
    await chat.press("carla", await board(chat, "carla"), "Mere …")
    form = await chat.form("carla")
    assert form is not None
    assert "wish.support" in form.fields["deed"].options
    assert "wish.merge" not in form.fields["deed"].options
    assert "nummer" in (await chat.submit("carla", {"deed": "wish.support", "words": "mange"}))[""]
    assert "findes ikke længere" in (await chat.submit("carla", {"deed": "wish.merge2", "words": "1"}))["deed"]
    assert "gruppens leder" in (await chat.submit("carla", {"deed": "wish.merge", "words": "1 i 2"}))[""]
    assert await chat.submit("carla", {"deed": "wish.support", "words": "1"}) == {}
    cards = [one.text for one in await chat.messages("anna", "group") if "Vis mailadresse" in one.text]
    assert "Støttes af: Bornholm" in cards[0]


async def test_the_page_that_is_a_persons_own(chat: LocalDriver) -> None:
    platform = chat.runtime.platforms.by_name["local"]
    sender = Sender("local", "local", "bo", "Bo Lind", "da")
    await chat.runtime.app.answer(OpenBoard(sender=sender, place=Place("dm:bo", direct=True)))
    await chat.runtime.settle()
    shown = platform.boards["bo"]  # type: ignore[attr-defined] # the local platform keeps the boards
    assert "Du repræsenterer Tønder." in plain_text(shown)


async def test_help_is_the_same_after_every_command(chat: LocalDriver) -> None:
    texts = set()
    for said in ("/ønske hjælp", "/afstemning hjælp", "/møde hjælp", "/gruppe hjaelp", "/gruppe help"):
        await chat.say("hans", "group", said)
        texts.add((await private(chat, "hans")).text)
    assert len(texts) == 1
    text = texts.pop()
    assert "• /ønske støt 43 – støt et ønske for din kommune" in text
    assert "• /gruppe mine-data – alt, hvad jeg har gemt om dig" in text
    await chat.say("hans", "dm", "/ønske hjælp")
    assert (await private(chat, "hans")).text == text


async def test_the_decision_log_says_what_who_when_and_why(chat: LocalDriver) -> None:
    await chat.say("bo", "group", "/gruppe beslutninger")
    assert "Der er ikke taget beslutninger endnu." in (await private(chat, "bo")).text
    await submit_wish(chat, "Vis mailadresse")
    await chat.say("anna", "group", "/ønske status 1 afvist")
    decided = {"reason": "Det findes allerede", "basis": "meeting", "basis_text": "mødet i dag"}
    assert await chat.submit("anna", dict(decided)) == {}
    await chat.say("anna", "group", "/gruppe indstillinger")
    assert await chat.submit("anna", {"minimum": "6", "language": "da"}) == {}
    await chat.say("bo", "group", "/gruppe beslutninger")
    lines = (await private(chat, "bo")).text.splitlines()
    assert lines[0] == "Beslutninger i gruppen for OS2test"
    assert lines[1] == (
        "• Gruppens indstillinger er ændret: Mindste antal møder om året: 4 → 6. 1. september 2026, Anna Holm."
    )
    assert lines[2] == (
        "• #1 Vis mailadresse er afvist. 1. september 2026, Anna Holm. Grundlag: mødet i dag."
        " Begrundelse: Det findes allerede."
    )
    assert lines[3].startswith("2 beslutninger i alt. Loggens kontrolkode er ")


async def test_old_decisions_are_a_page_away(chat: LocalDriver) -> None:
    for count in range(12):
        await chat.say("anna", "group", "/gruppe indstillinger")
        assert await chat.submit("anna", {"minimum": str(20 + count)}) == {}
    await chat.say("bo", "group", "/gruppe beslutninger")
    first = await private(chat, "bo")
    assert "30 → 31" in first.text
    assert "20 → 21" not in first.text
    assert "Side 1 af 2" in first.text
    await chat.press("bo", first, "Vis ældre")
    second = await private(chat, "bo")
    assert "4 → 20" in second.text
    assert set(second.buttons) == {"Vis nyere"}
    await chat.say("bo", "group", "/gruppe beslutninger 99")
    assert (await private(chat, "bo")).text == second.text
    await chat.say("bo", "group", "/gruppe beslutninger alle")
    assert "»alle« er ikke et nummer" in (await private(chat, "bo")).text


async def test_a_poll_waits_for_my_municipality_until_somebody_has_answered(chat: LocalDriver) -> None:
    await submit_wish(chat, "Vis mailadresse")
    await submit_wish(chat, "Søg på navn")
    await chat.say("anna", "group", "/afstemning")
    form = await chat.form("anna")
    assert form is not None
    values: dict[str, str | list[str]] = {"title": "Efterår", "wishes": ["1", "2"], "date": "10.9.2026"}
    assert await chat.submit("anna", values) == {}
    shown = await board(chat, "dan")
    assert "Venter på en stemme fra Favrskov:\n• Afstemning 1:" in shown.text
    assert "lukker torsdag 10. september 2026" in shown.text
    await chat.say("anna", "group", "/afstemning stem 1 2")
    assert "Venter på en stemme" not in (await board(chat, "dan")).text
    shown = await board(chat, "bo")
    await chat.press("bo", shown, "Stem i afstemning 1")
    assert await chat.form("bo") is not None
