"""The page is for everybody: names for every control, enough contrast, small screens, and no pointer needed."""

from __future__ import annotations

import dataclasses
import itertools
import re

import pytest
from playwright.async_api import expect

from bot.platforms.local.platform import LocalPlatform
from bot.port import File
from handlers.chat.messages import (
    Actions,
    Button,
    Chart,
    Divider,
    Facts,
    Field,
    Form,
    Heading,
    Item,
    Link,
    Listing,
    Message,
    Note,
    Option,
    Quote,
    Select,
    Table,
    Text,
    message,
)
from tests.page.chat import Chat
from tests.page.conftest import Windows
from tests.page.looking import broken_references, faint_texts, heading_levels, nameless_controls, too_wide

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.xdist_group("page")]

EVERYTHING = message(
    Heading("Indstilling: #12 Langt-ord-uden-mellemrum-som-ellers-ville-stikke-ud-over-kanten-af-en-lille-skærm"),
    Text(
        "Alt, hvad en besked kan bestå af. https://example.org/en/meget/lang/adresse/uden/mellemrum/i/sig/overhovedet"
    ),
    Quote("Det indstilles, at styregruppen godkender."),
    Note("Beløb er ekskl. moms."),
    Facts((("Beløb", "120.000\u00a0kr."), ("Til rådighed", "160.500\u00a0kr."))),
    Listing((Item("#43 Vis mailadresse", "16.500 kr. · Tønder", "one"), Item("Uden tegn"))),
    Table(
        ("Ønske", "Status", "Estimat", "Kommune"), (("#1 Vis mailadresse", "Klar", "16.500\u00a0kr.", "Favrskov"),) * 2
    ),
    Chart(
        "Resultat af afstemning 1",
        (
            ("#12 Langt-ord-uden-mellemrum-som-ellers-ville-stikke-ud-over-kanten-af-skærmen", 12, "12 kommuner"),
            ("#43 Vis mailadresse", 5.5, "5,5 kommuner og en lang forklaring ved siden af"),
            ("#7 Ingen", 0, "ingen kommuner"),
        ),
        "Kommuner",
    ),
    Divider(),
    Link("Se reglerne", "https://example.org/"),
    Actions(
        (
            Button("Godkend", "x", style="primary", token="b.1"),
            Button("Afvis", "x", style="danger", token="b.2"),
            Button("Udsæt", "x", token="b.3"),
            Select("Vis andre", "x", (Option("a", "A"),), token="b.4"),
        )
    ),
)
FORM = Form(
    "wish.submit",
    "Alt på én gang",
    (
        Field("line", "Titel", "text", required=True, value="x" * 190, maximum=200, hint="En linje."),
        Field("sum", "Beløb", "amount"),
        Field("day", "Dato", "date", value="2026-09-11"),
        Field("few", "Få", "choice", required=True, options=(Option("a", "A"), Option("b", "B"))),
        Field("many", "Mange", "multi", options=tuple(Option(str(one), f"Valg {one}") for one in range(12))),
        Field("where", "Kommune", "search"),
        Field("on", "Påmind", "switch"),
    ),
    intro="Det vises for alle.",
)
TOKENS = itertools.count()


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
async def test_every_text_stands_out_from_what_is_behind_it(windows: Windows, dark: bool) -> None:
    chat = await _furnished(windows, dark=dark)
    theme = await chat.page.locator("html").get_attribute("data-theme")
    assert theme == ("dark" if dark else "light")
    assert await faint_texts(chat.page) == []
    await _open_form(windows, chat)
    errors = {"": "Formularen er for gammel.", "sum": "Beløbet kan betyde to ting."}
    await chat.page.route("**/api/submit", lambda route: route.fulfill(json={"ok": False, "errors": errors}))
    assert await chat.submit() == errors
    await expect(chat.form.get_by_role("alert").filter(has_text="for gammel")).to_be_visible()
    assert await faint_texts(chat.page) == []
    await chat.page.unroute("**/api/submit")


async def test_every_control_has_a_name_and_headings_go_step_by_step(windows: Windows) -> None:
    chat = await _furnished(windows)
    assert await nameless_controls(chat.page) == []
    assert await broken_references(chat.page) == []
    assert (await heading_levels(chat.page))[:3] == [2, 2, 1]
    for landmark in ("navigation", "main"):
        await expect(chat.page.get_by_role(landmark)).to_have_count(1)
    for opener in ("#person-switch", "#clock-open", "article.current [data-key^=picker]"):
        await chat.page.locator(opener).focus()
        await chat.page.keyboard.press("Enter")
        await expect(chat.page.locator(".pop")).to_be_visible()
        assert await nameless_controls(chat.page) == []
        await chat.page.keyboard.press("Escape")
        await expect(chat.page.locator(".pop")).to_have_count(0)
        await expect(chat.page.locator(opener)).to_be_focused()
    await _open_form(windows, chat)
    assert await nameless_controls(chat.page) == []
    assert await broken_references(chat.page) == []
    await expect(chat.field("line").locator("input")).to_have_accessible_name("Titel (skal udfyldes)")
    await chat.page.keyboard.press("Escape")


async def test_a_chart_is_one_picture_with_all_its_words(windows: Windows) -> None:
    chat = await _furnished(windows)
    drawn = chat.page.get_by_role("img", name="Resultat af afstemning 1: #12")
    await expect(drawn).to_have_accessible_name(
        re.compile(r"#43 Vis mailadresse \(5,5 kommuner .*\), #7 Ingen \(ingen")
    )
    widths = [(await one.bounding_box() or {})["width"] for one in await drawn.locator(".bar").all()]
    assert widths[0] / widths[1] == pytest.approx(12 / 5.5, rel=0.02)
    assert widths[2] < 3


async def test_a_phone_shows_everything_without_scrolling_sideways(windows: Windows) -> None:
    chat = await _furnished(windows, phone=True)
    assert await too_wide(chat.page) == []
    side = chat.page.get_by_role("navigation")
    await expect(side).to_be_hidden()
    await chat.page.get_by_role("button", name="Åbn menuen").click()
    await expect(chat.page.get_by_role("button", name="Luk menuen")).to_be_focused()
    assert await too_wide(chat.page) == []
    await chat.page.keyboard.press("Escape")
    await expect(side).to_be_hidden()
    await expect(chat.page.get_by_role("button", name="Åbn menuen")).to_be_focused()
    await chat.page.get_by_role("button", name="Åbn menuen").click()
    await chat.go("sandkasse")
    await expect(side).to_be_hidden()
    await _open_form(windows, chat)
    assert await too_wide(chat.page) == []
    await chat.form.get_by_role("button", name="Luk", exact=True).click()
    await chat.settled()


async def test_light_and_dark_can_be_chosen_and_are_kept(windows: Windows) -> None:
    chat = await windows.open("anna")
    await chat.page.get_by_role("radio", name="Mørk").check(force=True)
    await expect(chat.page.locator("html")).to_have_attribute("data-theme", "dark")
    await chat.page.reload()
    await expect(chat.page.locator("html")).to_have_attribute("data-theme", "dark")
    await chat.page.get_by_role("radio", name="Som systemet").check(force=True)
    await expect(chat.page.locator("html")).to_have_attribute("data-theme", "light")


async def test_arrow_keys_go_through_menus_channels_and_messages(windows: Windows) -> None:
    chat = await windows.open("anna")
    keys = chat.page.keyboard
    await chat.page.locator("#person-switch").focus()
    await keys.press("Enter")
    await expect(chat.page.get_by_role("menuitemradio", name="Anna Holm")).to_be_focused()
    await keys.press("ArrowDown")
    await expect(chat.page.get_by_role("menuitemradio", name="Bo Lind")).to_be_focused()
    await keys.type("gr")
    await expect(chat.page.get_by_role("menuitemradio", name="Gry Toft")).to_be_focused()
    await keys.press("Enter")
    await chat.arrived("gry")
    await expect(chat.page.locator("#person-switch")).to_be_focused()
    await chat.room("koordinationsgruppe").focus()
    await keys.press("ArrowDown")
    await expect(chat.room("styregruppe")).to_be_focused()
    await keys.press("Enter")
    await chat.arrived("gry", "styregruppe")


async def _furnished(windows: Windows, *, phone: bool = False, dark: bool = False) -> Chat:
    """A channel with everything a message can be, and something unread elsewhere."""
    await _post(windows, EVERYTHING)
    await windows.world.say("hans", "group", "/ønske støt 1")
    await windows.world.say("bo", "group", "Hvad siger I?")
    chat = await windows.open("hans", phone=phone, dark=dark)
    await windows.world.say("gry", "steering", "Ulæst")
    await expect(chat.room("styregruppe")).to_contain_text("ulæst")
    return chat


async def _post(windows: Windows, shown: Message) -> None:
    local = _local(windows)
    if await local.find_mark("koordinationsgruppe", "", "everything") is None:
        where = await local.post("koordinationsgruppe", shown, mark="everything")
        await local.seed(where, ("one",))
        file = File("beslutninger.pdf", "application/pdf", b"%PDF", "Loggen.")
        await local.attach("koordinationsgruppe", "", file, mark="file")


async def _open_form(windows: Windows, chat: Chat) -> None:
    local = _local(windows)
    local.forms["hans"] = dataclasses.replace(FORM, token=f"f.{next(TOKENS)}")
    local.tell("dm:hans")
    await expect(chat.form).to_be_visible()


def _local(windows: Windows) -> LocalPlatform:
    found = windows.world.runtime.platforms.find("local")
    assert isinstance(found, LocalPlatform)
    return found
