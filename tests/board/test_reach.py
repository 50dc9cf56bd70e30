"""Everything that can be written can be pressed, starting from `/gruppe`, and nothing that is pressed breaks."""

from __future__ import annotations

import base64
import json
from collections.abc import AsyncIterator

import pytest

from bot.app import CAPABILITIES
from bot.clock import MovableClock
from handlers.board.messages import ASKED, COMMANDS
from tests.conftest import make_storage
from tests.promises.driver import SeenMessage
from tests.promises.local import LocalDriver, local_world

WORDS = {word.deed for capability in CAPABILITIES for word in capability.words}

ELSEWHERE = {
    "board.show": "the help, and every switch of group",
    "members.open_founding": "the board of a channel without a group",
    "members.propose_steering": "the steering field of the settings, or written in the committee's own channel",
    "members.open_appoint": "the list of members",
    "members.ask_leave": "the list of members",
    "members.substitute": "the list of members",
    "round.open": "what is shown of the rounds, and the proposal itself",
    "members.open_join": "the board's own line on whom one represents",
}
"""What has a button in another place than among the board's commands."""


@pytest.fixture
async def busy(sqlite_url: str, clock: MovableClock) -> AsyncIterator[LocalDriver]:
    """The test group with two wishes, a poll and a meeting."""
    storage = await make_storage(sqlite_url)
    async with local_world(storage, clock) as chat:
        for title in ("Vis mailadresse", "Søg på navn"):
            await chat.say("bo", "group", "/ønske")
            assert await chat.submit("bo", {"title": title, "need": "Vi mangler det."}) == {}
        await chat.say("anna", "group", "/afstemning")
        assert await chat.submit("anna", {"title": "Efterår", "wishes": ["1", "2"], "date": "10.9.2026"}) == {}
        await chat.say("anna", "group", "/møde")
        assert await chat.submit("anna", {"title": "Efterårsmøde", "date": "20.9.2026"}) == {}
        yield chat
    await storage.dispose()


def deeds_on(message: SeenMessage) -> dict[str, str]:
    """The buttons of a message: the deed that each is sealed for → its label."""
    found = {}
    for label, token in message.buttons.items():
        body = token.split(".")[1]
        found[json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))[1]] = label
    return found


async def board(chat: LocalDriver, person: str) -> SeenMessage:
    await chat.say(person, "group", "/gruppe")
    return (await chat.messages(person, "private"))[-1]


def test_every_command_can_be_pressed() -> None:
    pressed = {deed for deeds in COMMANDS.values() for deed in deeds} | set(ASKED)
    assert sorted(WORDS - pressed - set(ELSEWHERE)) == []
    assert not pressed & set(ELSEWHERE)


async def test_what_has_its_button_elsewhere_is_there(busy: LocalDriver) -> None:
    await busy.say("dan", "group", "/gruppe medlemmer")
    there = deeds_on((await busy.messages("dan", "private"))[-1])
    assert {"members.open_join", "members.leave", "members.substitute"} <= there.keys()
    await busy.press("anna", await board(busy, "anna"), "Medlemmer")
    assert "members.open_appoint" in deeds_on((await busy.messages("anna", "private"))[-1])
    await busy.say("dan", "other", "/gruppe")
    assert "members.open_founding" in deeds_on((await busy.messages("dan", "private"))[-1])
    await busy.press("dan", await board(busy, "dan"), "Hjælp")
    assert "board.show" in deeds_on((await busy.messages("dan", "private"))[-1])


async def test_the_leader_presses_everything_and_nothing_breaks(busy: LocalDriver) -> None:
    shown = await board(busy, "anna")
    deeds = deeds_on(shown)
    assert {deed for found in COMMANDS.values() for deed in found} <= deeds.keys()
    for deed, label in deeds.items():
        before = len(await busy.messages("anna", "private"))
        await busy.client.post("/api/close", json={"as": "anna"})
        await busy.press("anna", shown, label)
        told = (await busy.messages("anna", "private"))[before:]
        assert told or await busy.form("anna") is not None, deed
        assert not [one.text for one in told if "gik galt" in one.text], deed


async def test_what_needs_a_number_goes_on_from_the_form(busy: LocalDriver) -> None:
    words = {"wish.merge": "1 i 2", "wish.estimate": "1 16.500", "economy.pledge": "1 5.000", "poll.vote": "1 2"}
    for deed in ASKED:
        person = "bo" if deed in ("wish.support", "wish.withdraw", "poll.vote") else "anna"
        await busy.press(person, await board(busy, person), "Mere …")
        before = len(await busy.messages(person, "private"))
        errors = await busy.submit(person, {"deed": deed, "words": words.get(deed, "1")})
        told = " ".join([*errors.values(), *(one.text for one in (await busy.messages(person, "private"))[before:])])
        assert "gik galt" not in told, deed
        assert "Skriv nummeret" not in told, deed


async def test_what_somebody_may_not_is_not_offered(busy: LocalDriver) -> None:
    offered = deeds_on(await board(busy, "hans")).keys()
    assert not offered & {"poll.open_form", "meeting.open_form", "meeting.dates_form"}
    await busy.press("hans", await board(busy, "hans"), "Mere …")
    form = await busy.form("hans")
    assert form is not None
    assert "wish.show" in form.fields["deed"].options
    assert not {"wish.support", "wish.merge", "poll.vote", "case.open_form"} & form.fields["deed"].options.keys()


async def test_the_meeting_and_the_minimum_stand_on_the_board(busy: LocalDriver) -> None:
    text = (await board(busy, "bo")).text
    assert "Næste møde: Møde 1: Efterårsmøde, søndag 20. september 2026" in text
    assert "Møder i 2026: 0 holdt af mindst 4" in text
    await busy.press("bo", await board(busy, "bo"), "Jeg kommer til møde 1")
    cards = [one.text for one in await busy.messages("anna", "group") if "Efterårsmøde" in one.text]
    assert "Kommer: Tønder" in cards[0]
