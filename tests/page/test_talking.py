"""People at the page: they switch, write, press, react and see what others do."""

from __future__ import annotations

import pytest
from playwright.async_api import Request, expect

from bot.platforms.local.platform import LocalPlatform
from bot.platforms.local.send import Line
from handlers.chat.messages import Actions, Button, Item, Listing, Option, Select, Text, message
from tests.page.chat import Chat
from tests.page.conftest import Windows

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.xdist_group("page")]

GROUP = "koordinationsgruppe"


async def _wish(windows: Windows, title: str) -> None:
    await windows.world.say("bo", "group", "/ønske")
    assert await windows.world.submit("bo", {"title": title, "need": f"Vi mangler det: {title}."}) == {}


def _local(windows: Windows) -> LocalPlatform:
    found = windows.world.runtime.platforms.find("local")
    assert isinstance(found, LocalPlatform)
    return found


async def test_switching_person_changes_who_one_is_and_what_one_sees(windows: Windows) -> None:
    await windows.world.say("anna", "dm", "Kun til botten")
    chat = await windows.open("anna", "dm")
    await expect(chat.message("Kun til botten")).to_be_visible()
    await chat.become("Eva Sommer")
    await expect(chat.page.locator("#person-switch")).to_contain_text("Leverandørrepræsentant")
    await expect(chat.page.locator("#list")).not_to_contain_text("Kun til botten")
    assert "as=eva" in chat.page.url
    await chat.page.go_back()
    await expect(chat.message("Kun til botten")).to_be_visible()
    await expect(chat.page.locator("#person-switch")).to_contain_text("Anna Holm")


async def test_what_somebody_writes_is_there_for_the_others_at_once(windows: Windows) -> None:
    anna, bo = await windows.open("anna"), await windows.open("bo")
    await anna.say("Godmorgen <b>alle</b>\nog velkommen")
    await expect(bo.message("Godmorgen <b>alle</b>")).to_contain_text("og velkommen")
    assert await anna.page.locator("#composer-text").input_value() == ""
    shown = (await bo.messages())[-1]
    assert (shown.author, shown.private) == ("Anna Holm", False)


async def test_a_mistyped_command_stays_in_the_field(windows: Windows) -> None:
    chat = await windows.open("anna")
    long = "/ønkse Vis mailadressen i listen, og alt det andet, som det tog lang tid at skrive"
    await chat.say(long)
    await expect(chat.message("Mente du /ønske?")).to_be_visible()
    assert await chat.page.locator("#composer-text").input_value() == long
    await chat.say("/oenske mine")
    await expect(chat.message("Mine ønsker")).to_be_visible()
    assert await chat.page.locator("#composer-text").input_value() == ""


async def test_the_unit_of_an_amount_stands_on_one_line(windows: Windows) -> None:
    chat = await windows.open("finn")
    await chat.say("/ønske")
    unit = chat.page.locator("dialog .amount span").first
    assert await unit.evaluate("one => one.getClientRects().length") == 1
    assert await unit.evaluate("one => getComputedStyle(one).whiteSpace") == "nowrap"


async def test_a_channel_that_one_is_not_looking_at_says_what_is_unread(windows: Windows) -> None:
    chat = await windows.open("anna", "styregruppe")
    await chat.go(GROUP)
    await windows.world.say("gry", "steering", "Kan I nå det?")
    await windows.world.say("gry", "steering", "Inden fredag?")
    await expect(chat.room("styregruppe")).to_contain_text("2 ulæste")
    assert (await chat.page.title()).startswith("(")
    await chat.go("styregruppe")
    await expect(chat.room("styregruppe")).not_to_contain_text("ulæste")
    await chat.go(GROUP)
    await chat.page.reload()
    await chat.arrived("anna", GROUP)
    await expect(chat.room("styregruppe")).not_to_contain_text("ulæste")


async def test_a_press_changes_the_card_for_everybody(windows: Windows) -> None:
    await _wish(windows, "Vis mailadresse")
    anna, carla = await windows.open("anna"), await windows.open("carla")
    await carla.press("Støt", "Vis mailadresse")
    await expect(anna.message("Vis mailadresse")).to_contain_text("Bornholm")


async def test_a_double_click_does_one_thing(windows: Windows) -> None:
    await _wish(windows, "Søg på navn")
    chat = await windows.open("carla")
    before = [one.private for one in await chat.messages()].count(True)
    sent: list[str] = []

    def note(request: Request) -> None:
        if request.method == "POST":
            sent.append(request.url.rpartition("/")[2])

    chat.page.on("request", note)
    await chat.button("Støt", "Søg på navn").dblclick()
    await chat.settled()
    await chat.page.locator("#composer-text").fill("Kun én gang")
    await chat.page.locator("#composer-send").dblclick()
    await chat.settled()
    chat.page.remove_listener("request", note)
    assert sent == ["press", "say"]
    assert [one.text for one in await chat.messages()].count("Kun én gang") == 1
    assert [one.private for one in await chat.messages()].count(True) <= before + 1


async def test_a_button_rests_while_its_call_is_under_way(windows: Windows) -> None:
    await _wish(windows, "Sortér listen")
    chat = await windows.open("carla")
    await chat.page.route("**/api/press", lambda route: route.abort())
    button = chat.button("Støt", "Sortér listen")
    await button.click()
    await expect(button).to_have_attribute("aria-disabled", "true")
    await expect(chat.page.get_by_role("alert").filter(has_text="Der er ingen forbindelse")).to_be_visible()
    await expect(button).not_to_have_attribute("aria-disabled", "true")
    await chat.page.unroute("**/api/press")
    assert len(chat.complaints) == 1
    assert "ERR_FAILED" in chat.complaints.pop()


async def test_a_refused_call_is_one_sentence(windows: Windows) -> None:
    chat = await windows.open("carla")
    await chat.say("x" * 16_001)
    refused = "Beskeden er for lang. Der er plads til 16.000 tegn."
    await expect(chat.page.locator(".toast").last).to_have_text(refused)
    assert len(await chat.page.locator("#composer-text").input_value()) == 16_001
    await chat.page.locator("#composer-text").fill("")
    await chat.page.locator(".toast", has_text=refused).get_by_role("button", name="Luk meddelelsen").click()
    await expect(chat.page.get_by_text(refused)).to_have_count(0)
    assert "400" in chat.complaints.pop()


async def test_reactions_by_click_and_from_the_picker(windows: Windows) -> None:
    await windows.world.say("bo", "group", "Skal vi mødes?")
    anna, bo = await windows.open("anna"), await windows.open("bo")
    await anna.react("Skal vi mødes?", "+1")
    await expect(bo.chip("Skal vi mødes?", "+1")).to_have_accessible_name("tommel op: 1 person, Anna Holm.")
    await bo.react("Skal vi mødes?", "+1")
    await expect(anna.chip("Skal vi mødes?", "+1")).to_have_accessible_name(
        "tommel op: 2 personer, dig og Bo Lind. Du har valgt den; klik igen for at fortryde."
    )
    await anna.react("Skal vi mødes?", "+1")
    await expect(bo.chip("Skal vi mødes?", "+1").locator(".count")).to_have_text("1")
    await expect(anna.chip("Skal vi mødes?", "+1")).to_have_attribute("aria-pressed", "false")


async def test_the_bots_own_emojis_count_for_nobody_and_say_what_they_stand_for(windows: Windows) -> None:
    listing = Listing((Item("#43 Vis mailadresse", emoji="one"), Item("#44 Søg på navn", emoji="two")))
    where = await _local(windows).post(GROUP, message(Text("Hvad først?"), listing), mark="poll")
    await _local(windows).seed(where, ("one", "two"))
    chat = await windows.open("carla")
    await expect(chat.chip("Hvad først?", "two")).to_have_accessible_name(
        "2 (#44 Søg på navn): 0 personer, ingen endnu."
    )
    await chat.react("Hvad først?", "two")
    assert (await chat.messages())[-1].chips == {"one": 0, "two": 1}


async def test_a_select_acts_and_a_question_is_asked_first(windows: Windows) -> None:
    await _wish(windows, "Spørg først")
    actions = Actions(
        (
            Button("Vis ønsket", "wish.show", "1", confirm="Vil du se ønsket?"),
            Select("Vælg et ønske", "wish.show", (Option("x", "Det første"),), "1"),
        )
    )
    shown = windows.world.runtime.app.seals.seal_message(message(Text("Vælg noget"), actions), 1, "free")
    await _local(windows).post(GROUP, shown, mark="free")
    chat = await windows.open("dan")
    before = len(await chat.messages())
    await chat.button("Vis ønsket").click()
    dialog = chat.page.locator("dialog.confirm")
    await expect(dialog).to_contain_text("Vil du se ønsket?")
    await chat.page.keyboard.press("Escape")
    await expect(dialog).to_have_count(0)
    assert len(await chat.messages()) == before
    await chat.press("Vis ønsket", sure=True)
    await chat.choose("Vælg et ønske", "Det første")
    assert [one.private for one in await chat.messages()][before:] == [True, True]


async def test_a_private_line_is_seen_only_by_its_person_and_says_so(windows: Windows) -> None:
    await _wish(windows, "Hemmeligt svar")
    carla, hans = await windows.open("carla"), await windows.open("hans")
    before = [one.private for one in await hans.messages()].count(True)
    await carla.press("Vis", "Hemmeligt svar")
    line = carla.page.locator("#list .private article").last
    await expect(line).to_contain_text("Kun synlig for dig")
    await expect(line).to_contain_text("Vi mangler det: Hemmeligt svar.")
    await windows.world.say("bo", "group", "Set?")
    await expect(hans.message("Set?")).to_be_visible()
    assert [one.private for one in await hans.messages()].count(True) == before


async def test_a_thread_stands_under_its_message_and_folds(windows: Windows) -> None:
    await windows.world.say("bo", "group", "Hvem tager referat?")
    await windows.world.say("bo", "group", "Og hvem booker?")
    chat = await windows.open("anna")
    await chat.message("Hvem tager referat?").hover()
    await chat.message("Hvem tager referat?").get_by_role("button", name="Svar i tråd").click()
    await expect(chat.page.locator(".replying")).to_contain_text("Du svarer Bo Lind i en tråd")
    await chat.say("Det gør jeg")
    thread = chat.page.locator("li.message", has_text="Hvem tager referat?").first.locator(".thread")
    await expect(thread).to_contain_text("Det gør jeg")
    await expect(chat.page.locator("#list > li.message").last).to_contain_text("Og hvem booker?")
    await thread.get_by_role("button", name="1 svar").click()
    await expect(thread.get_by_text("Det gør jeg")).to_be_hidden()


async def test_what_one_reads_stands_still_when_more_comes(windows: Windows) -> None:
    for number in range(65):
        await _local(windows).write(Line("sandkasse", "bo", message(Text(f"Linje {number}."))))
    chat = await windows.open("anna", "sandkasse")
    assert len(await chat.messages()) == 60
    await windows.world.say("bo", "other", "Endnu en")
    await expect(chat.message("Endnu en")).to_be_in_viewport()
    await chat.page.evaluate("document.getElementById('scroll').scrollTop = 200")
    before = await chat.message("Linje 12.").bounding_box()
    await windows.world.say("bo", "other", "Nyt")
    await expect(chat.page.get_by_role("button", name="1 nye – gå til det nyeste")).to_be_visible()
    after = await chat.message("Linje 12.").bounding_box()
    assert before is not None
    assert after is not None
    assert abs(after["y"] - before["y"]) < 1
    await chat.page.locator("#jump").click()
    await expect(chat.message("Nyt")).to_be_in_viewport()
    await expect(chat.page.locator("#jump")).to_be_hidden()
    await chat.page.get_by_role("button", name="Vis ældre beskeder").click()
    await expect(chat.page.locator("#list article").first).to_contain_text("Linje 0.")
    await expect(chat.page.locator("#older")).to_be_hidden()


async def test_an_answer_taller_than_the_window_is_shown_from_its_beginning(windows: Windows) -> None:
    chat = await windows.open("finn", "sandkasse")
    long = message(Text("Begyndelsen"), Listing(tuple(Item(f"Punkt {number}") for number in range(60))))
    await _local(windows).post("sandkasse", long, mark="long")
    await expect(chat.message("Begyndelsen").get_by_text("Begyndelsen")).to_be_in_viewport()
    await expect(chat.page.locator("#jump")).to_be_hidden()
    await chat.say("Tak")
    await expect(chat.message("Tak")).to_be_in_viewport()


async def test_the_language_of_page_and_bot_follows_the_switch(windows: Windows) -> None:
    chat = await windows.open("hans")
    await chat.speak("English")
    assert await chat.page.locator("html").get_attribute("lang") == "en"
    await expect(chat.page.get_by_role("heading", name="Direct messages")).to_be_visible()
    await expect(chat.page.locator("#clock-open .wide")).to_contain_text(" September 2026 at\u00a0")
    await chat.say("/ønske vis 99")
    english = (await chat.messages())[-1].text
    await chat.become("Bo Lind")
    await expect(chat.page.get_by_role("heading", name="Direct messages")).to_be_visible()
    await chat.speak("Dansk")
    await chat.say("/ønske vis 99")
    assert english not in ("", (await chat.messages())[-1].text)
    await expect(chat.page.get_by_role("heading", name="Direkte beskeder")).to_be_visible()


async def test_a_lost_connection_is_said_and_recovered(windows: Windows) -> None:
    chat = await windows.open("anna")
    await chat.page.route("**/api/stream", lambda route: route.abort())
    await chat.page.reload()
    await expect(chat.page.locator("#lost")).to_have_text("Forbindelsen er væk. Siden prøver igen af sig selv.")
    await windows.world.say("bo", "group", "Mens du var væk")
    await chat.page.unroute("**/api/stream")
    await expect(chat.message("Mens du var væk")).to_be_visible()
    await expect(chat.page.locator("#lost")).to_be_empty()
    assert all("ERR_FAILED" in said for said in chat.complaints)
    chat.complaints.clear()


async def test_the_clock_is_shown_in_words_and_moves(windows: Windows) -> None:
    chat, other = await windows.open("anna"), await windows.open("bo")
    shown = chat.page.locator("#clock-open .wide")
    await expect(shown).to_have_text("tirsdag 1. september 2026 kl.\u00a010.30")
    await chat.forward("+1 dag")
    await expect(shown).to_have_text("onsdag 2. september 2026 kl.\u00a010.30")
    await expect(other.page.locator("#clock-open .wide")).to_have_text("onsdag 2. september 2026 kl.\u00a010.30")
    await _set_clock(chat, "2026-01-01T09:00")
    await expect(chat.page.locator("#clock-wrong")).to_have_text("Uret kan kun stilles frem. Vælg et senere tidspunkt.")
    await chat.page.keyboard.press("Escape")
    await _set_clock(chat, "2026-09-03T09:00")
    await expect(shown).to_have_text("torsdag 3. september 2026 kl.\u00a009.00")
    await chat.page.keyboard.press("Escape")


async def _set_clock(chat: Chat, moment: str) -> None:
    await chat.page.locator("#clock-open").click()
    await chat.page.locator("#clock-to").fill(moment)
    await chat.page.get_by_role("button", name="Stil uret", exact=True).click()
