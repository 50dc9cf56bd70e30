"""Forms at the page: what is wrong is said where it is, nothing typed is lost, and the keyboard is enough."""

from __future__ import annotations

import json
from typing import Any

import pytest
from playwright.async_api import Route, expect

from bot.platforms.local.platform import LocalPlatform
from handlers.chat.messages import Field, Form, Option
from tests.page.chat import Chat
from tests.page.conftest import Windows

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.xdist_group("page")]

WISH = {"title": "Vis telefonnummer", "need": "Vi leder efter det hver dag."}


async def test_a_wrong_amount_is_said_at_its_field_and_nothing_typed_is_lost(windows: Windows) -> None:
    chat = await windows.open("bo")
    await chat.say("/ønske Vis telefonnummer")
    await expect(chat.form.get_by_role("heading", name="Nyt ønske")).to_be_visible()
    await expect(chat.field("title").locator("input")).to_be_focused()
    await chat.fill({"need": WISH["need"], "estimate": "16.5"})
    errors = await chat.submit()
    assert list(errors) == ["estimate"]
    assert "kan betyde to ting" in errors["estimate"]
    amount = chat.field("estimate").locator("input")
    await expect(amount).to_be_focused()
    await expect(amount).to_have_attribute("aria-invalid", "true")
    assert "kan betyde to ting" in await _description(chat, "estimate")
    await expect(chat.form.get_by_role("alert").filter(has_text="Ret ét felt")).to_be_visible()
    assert await chat.field("need").locator("textarea").input_value() == WISH["need"]
    await chat.fill({"estimate": "16.500"})
    await expect(chat.field("estimate").locator(".field-error")).to_be_hidden()
    assert await chat.submit() == {}
    await expect(chat.form).to_have_count(0)
    await expect(chat.message("Vis telefonnummer")).to_contain_text("16.500\u00a0kr.")


async def test_a_reloaded_page_shows_the_form_that_was_open(windows: Windows) -> None:
    chat = await windows.open("carla")
    await chat.say("/ønske")
    await chat.page.reload()
    await expect(chat.form).to_be_visible()
    await chat.page.keyboard.press("Escape")
    await expect(chat.form).to_have_count(0)
    await chat.settled()
    assert await windows.world.form("carla") is None


async def test_a_form_that_was_sent_elsewhere_goes_away(windows: Windows) -> None:
    here, there = await windows.open("carla"), await windows.open("carla")
    await here.say("/ønske")
    await expect(there.form).to_be_visible()
    await here.fill(WISH)
    assert await here.submit() == {}
    await expect(there.form).to_have_count(0)


async def test_a_form_belongs_to_its_person_and_waits_for_them(windows: Windows) -> None:
    chat = await windows.open("carla")
    await chat.say("/ønske Vent på mig")
    await expect(chat.form).to_be_visible()
    await chat.open("dan")
    await expect(chat.form).to_have_count(0)
    await chat.open("carla")
    await expect(chat.field("title").locator("input")).to_have_value("Vent på mig")
    await chat.page.keyboard.press("Escape")
    await chat.settled()


async def test_what_was_typed_is_not_thrown_away_without_a_question(windows: Windows) -> None:
    chat = await windows.open("carla")
    await chat.say("/ønske")
    await chat.fill({"title": "Halvt skrevet"})
    await chat.page.keyboard.press("Escape")
    await expect(chat.form.get_by_role("alert").filter(has_text="ikke er sendt")).to_be_visible()
    await expect(chat.form.get_by_role("button", name="Bliv her")).to_be_focused()
    await chat.page.keyboard.press("Escape")
    await expect(chat.field("title").locator("input")).to_be_focused()
    assert await chat.field("title").locator("input").input_value() == "Halvt skrevet"
    await chat.page.keyboard.press("Escape")
    await chat.form.get_by_role("button", name="Luk uden at sende").click()
    await expect(chat.form).to_have_count(0)
    await chat.settled()


async def test_the_keyboard_alone_takes_one_from_the_composer_to_a_wish(windows: Windows) -> None:
    chat = await windows.open("dan")
    keys = chat.page.keyboard
    await chat.page.reload()
    await chat.arrived("dan")
    await keys.press("Tab")
    await expect(chat.page.get_by_role("link", name="Hop til skrivefeltet")).to_be_focused()
    await keys.press("Enter")
    await expect(chat.page.locator("#composer-text")).to_be_focused()
    await keys.type("/øn")
    await expect(chat.page.get_by_role("option").first).to_contain_text("send et ønske")
    await keys.press("Tab")
    await keys.type("Kun med tasterne")
    await keys.press("Enter")
    title = chat.field("title").locator("input")
    await expect(title).to_be_focused()
    await expect(title).to_have_value("Kun med tasterne")
    await keys.press("Tab")
    await keys.type("Fordi ikke alle har en mus.")
    for _ in range(20):
        await keys.press("Tab")
        if await chat.page.evaluate("document.activeElement.id") == "form-send":
            break
    await keys.press("Enter")
    await expect(chat.form).to_have_count(0)
    await expect(chat.message("Kun med tasterne")).to_be_visible()
    await chat.settled()
    await expect(chat.page.locator("#composer-text")).to_be_focused()
    await keys.press("Shift+Tab")
    await chat.page.locator("#list article.current").press("ArrowUp")
    assert await chat.page.evaluate("document.activeElement.tagName") == "ARTICLE"


async def test_commands_are_offered_while_one_types(windows: Windows) -> None:
    chat = await windows.open("dan")
    text, offers = chat.page.locator("#composer-text"), chat.page.locator("#offer [role=option]")
    await text.fill("/")
    assert [(await one.inner_text()).split()[0] for one in await offers.all()] == [
        "/ønske",
        "/afstemning",
        "/møde",
        "/gruppe",
    ]
    await text.fill("/oenske st")
    await expect(offers).to_have_count(2)
    await text.press("ArrowDown")
    await expect(text).to_have_attribute("aria-activedescendant", "offer-0")
    await text.press("Enter")
    assert await text.input_value() == "/ønske støt "
    await text.fill("/møde afl")
    await text.press("Escape")
    await expect(offers.first).to_be_hidden()
    await text.fill("")


async def test_fields_of_every_kind_send_what_the_contract_says(windows: Windows) -> None:
    chat = await windows.open("finn")
    await _hold_ready(windows, chat, "finn", ALL_KINDS)
    await chat.page.route("**/options?*", _municipalities)
    await expect(chat.field("day")).to_contain_text("fredag 11. september 2026")
    await chat.field("many").locator('input[type="search"]').fill("nr. 7")
    await expect(chat.field("many").locator("label:visible")).to_have_count(1)
    await chat.field("many").locator('input[type="search"]').fill("")
    await chat.fill({"many": ["7"], "where": "Favrskov", "few": "b", "when": "13:05", "on": False})
    await expect(chat.field("many").locator(".chosen-count")).to_have_text("2 valgt")
    await chat.page.route("**/api/submit", lambda route: route.fulfill(json={"ok": True}))
    async with chat.page.expect_request("**/api/submit") as sending:
        await chat.form.locator("#form-send").click()
    sent = json.loads((await sending.value).post_data or "")["values"]
    assert sent == {
        "line": "Ét",
        "lines": "",
        "sum": "16.500",
        "count": "",
        "day": "2026-09-11",
        "when": "13:05",
        "few": "b",
        "some": "",
        "many": ["2", "7"],
        "where": "710",
        "on": "",
    }
    await chat.settled()
    await chat.page.unroute("**/options?*")
    await chat.page.unroute("**/api/submit")


async def test_a_searched_field_is_chosen_with_the_keyboard(windows: Windows) -> None:
    chat = await windows.open("finn")
    await _hold_ready(windows, chat, "finn", (Field("where", "Kommune", "search", required=True),))
    await chat.page.route("**/options?*", _municipalities)
    box = chat.form.get_by_role("combobox", name="Kommune")
    await expect(box).to_be_focused()
    await chat.page.keyboard.type("fa")
    await expect(box).to_have_attribute("aria-expanded", "true")
    await chat.page.keyboard.press("ArrowDown")
    await chat.page.keyboard.press("ArrowDown")
    await chat.page.keyboard.press("Enter")
    await expect(box).to_have_value("Faxe")
    await expect(box).to_have_attribute("aria-expanded", "false")
    await chat.form.get_by_role("button", name="Ryd valget: Kommune").click()
    await expect(box).to_have_value("")
    await chat.page.unroute("**/options?*")
    await chat.page.keyboard.press("Escape")
    await chat.settled()


ALL_KINDS = (
    Field("line", "Spørgsmål", "text", required=True, value="Ét", maximum=200, hint="En linje."),
    Field("lines", "Bemærkning", "long", maximum=4000),
    Field("sum", "Beløb", "amount", value="16.500"),
    Field("count", "Antal", "number"),
    Field("day", "Dato", "date", required=True, value="2026-09-11"),
    Field("when", "Klokkeslæt", "time", value="12:00"),
    Field("few", "Få", "choice", required=True, value="a", options=(Option("a", "A"), Option("b", "B"))),
    Field("some", "Nogle", "choice", options=tuple(Option(str(one), f"Valg {one}") for one in range(6))),
    Field("many", "Mange", "multi", value=("2",), options=tuple(Option(str(one), f"nr. {one}") for one in range(12))),
    Field("where", "Kommune", "search"),
    Field("on", "Påmind", "switch", value="true"),
)


async def _hold_ready(windows: Windows, chat: Chat, person: str, fields: tuple[Field, ...]) -> None:
    """The form that is open for a person, as if a deed had opened it."""
    local = windows.world.runtime.platforms.find("local")
    assert isinstance(local, LocalPlatform)
    local.forms[person] = Form("wish.submit", "Alle slags", fields, token=f"f.kinds.{len(fields)}")
    local.tell(f"dm:{person}")
    await expect(chat.form).to_be_visible()


async def _municipalities(route: Route) -> None:
    found = [{"value": "710", "label": "Favrskov"}, {"value": "320", "label": "Faxe"}]
    await route.fulfill(json={"options": found})


async def _description(chat: Chat, field: str) -> str:
    """What a screen reader says of a field besides its name."""
    ids: Any = await chat.field(field).locator("input, textarea").get_attribute("aria-describedby")
    texts = [await chat.page.locator(f"#{one}").inner_text() for one in str(ids).split()]
    return " ".join(texts)
