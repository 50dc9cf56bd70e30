"""The whole story in the browser, as `make demo` starts it: from a wish to the committee's answer.

Its pictures are kept in `tests/screenshots`; three of them stand in the README.
"""

from __future__ import annotations

import pathlib

import pytest
from playwright.async_api import Browser

from tests.demonstration import running
from tests.page.chat import Chat
from tests.page.conftest import DESKTOP

PICTURES = pathlib.Path(__file__).parents[1] / "screenshots"
pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_the_whole_story(browser: Browser, tmp_path: pathlib.Path) -> None:
    PICTURES.mkdir(exist_ok=True)
    async with running(tmp_path / "story.db") as (_, client):
        context = await browser.new_context(viewport=DESKTOP, locale="da-DK")
        chat = await Chat.begin(context, str(client._base_url))
        await chat.open("hanne")
        await _wish(chat)
        await _poll(chat)
        await _recommendation(chat)
        await _meeting(chat)
        assert chat.complaints == []
        longer = await chat.page.evaluate("document.scrollingElement.scrollHeight - innerHeight")
        assert longer == 0, "the page itself never scrolls"
        await context.close()


async def _wish(chat: Chat) -> None:
    """A wish with a wrong amount first; the similar one is shown at once."""
    await chat.say("/ønske Vis telefonnummer i listevisningen")
    await chat.fill({"need": "Vi leder efter det hver dag.", "estimate": "16.5"})
    assert "kan betyde to ting" in (await chat.submit())["estimate"]
    await chat.picture(PICTURES / "form.png")
    await chat.fill({"estimate": "16.500"})
    assert await chat.submit() == {}
    assert "#113 Vis telefonnummer i listevisningen" in (await chat.messages())[-1].text
    await chat.picture(PICTURES / "wish.png")


async def _poll(chat: Chat) -> None:
    """A poll that everybody clicks in; a week later it has closed by itself, and the leader decides."""
    await chat.become("Karen Østergaard")
    await chat.say("/afstemning")
    await chat.fill({"title": "Hvad skal vi have lavet først?", "wishes": ["9", "25", "37", "53"]})
    assert await chat.submit() == {}
    poll = "Tallet ved en emoji er klik"
    for name, emojis in (
        ("Karen Østergaard", ("one", "three")),
        ("Mette Aagaard", ("one", "two")),
        ("Søren Kofoed", ("two", "four")),
        ("Nina Falk", ("one",)),
    ):
        await chat.become(name)
        for emoji in emojis:
            await chat.react(poll, emoji)
    assert any("så dit klik tæller ikke med" in one.text for one in await chat.messages())
    await chat.become("Mette Aagaard")
    await chat.react(poll, "two")
    shown = next(one for one in await chat.messages() if poll in one.text)
    assert "3 af 7 kommuner har stemt" in shown.text
    await chat.message(poll).scroll_into_view_if_needed()
    await chat.picture(PICTURES / "poll.png")
    await chat.forward("+1 uge")
    await chat.forward("+1 dag")
    await chat.become("Karen Østergaard")
    result = chat.message("Resultat")
    assert "3 af 7 kommuner" in await result.inner_text()
    await result.evaluate("shown => shown.scrollIntoView()")
    await chat.picture(PICTURES / "chart.png")
    await chat.press("Prioritér dem, der er plads til", sure=True)
    await chat.picture(PICTURES / "result.png")
    assert "Besluttet af Karen Østergaard" in await chat.message("Prioriteret efter").inner_text()


async def _recommendation(chat: Chat) -> None:
    """A wish above the ceiling goes to the committee, and its answer comes back."""
    await chat.say("/ønske indstil 98")
    assert await chat.submit() == {}
    await chat.become("Birgit Holst")
    await chat.go("styregruppe")
    case = (await chat.messages())[-1]
    assert "Det indstilles" in case.text
    assert "85.000\u00a0kr." in case.text
    await chat.message("Det indstilles").scroll_into_view_if_needed()
    await chat.picture(PICTURES / "case.png")
    await chat.press("Godkend")
    assert await chat.submit() == {}
    await chat.become("Karen Østergaard")
    await chat.go("koordinationsgruppe")
    assert "godkendt" in await chat.message("Styregruppen har").inner_text()
    await chat.picture(PICTURES / "answer.png")


async def _meeting(chat: Chat) -> None:
    """The minimum is looked at, a meeting is planned, and somebody says that they come; in English too."""
    await chat.say("/møde status")
    assert "bagud i år" in (await chat.messages())[-1].text
    await chat.press("Planlæg et møde")
    await chat.fill({"place": "Favrskov Rådhus"})
    assert await chat.submit() == {}
    await chat.become("Ali Rahman")
    await chat.react("Favrskov Rådhus", "white_check_mark")
    assert "Norddjurs" in await chat.message("Favrskov Rådhus").inner_text()
    await chat.speak("English")
    await chat.say("/gruppe hjælp")
    await chat.picture(PICTURES / "english.png")
