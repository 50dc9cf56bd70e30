"""Stories of wishes on every platform: typed, mended, found to be there, backed, estimated, merged, carried out."""

from __future__ import annotations

from storage.session import Storage
from tests.promises.driver import Driver
from tests.promises.stories.telling import NB, NEED, card, newest, offered, press_offered, public, submit_wish, told
from tests.ready import make_ready


async def test_every_slip_in_a_form_gets_its_sentence_and_all_that_was_typed_stays(driver: Driver) -> None:
    await driver.say("bo", "group", "/ønske Vis mailadresse i listen")
    typed: dict[str, str | list[str]] = {
        "need": NEED,
        "description": "En lang historie",
        "kind": "Vedligeholdelse",
        "urgency": "Kritisk",
        "estimate": "16.5",
        "stakeholders": "Borgerservice",
    }
    errors = await driver.submit("bo", typed)
    assert set(errors) == {"reason", "estimate"}
    assert "skal der stå en begrundelse" in errors["reason"]
    assert "»16.5« kan betyde to ting" in errors["estimate"]
    assert await public(driver) == []
    assert await driver.submit("bo", {"reason": "Loven ændres 1. januar", "estimate": "16.500"}) == {}
    shown = await card(driver, 1)
    assert shown.text.startswith("#1 Vis mailadresse i listen")
    assert f"16.500{NB}kr. (forslagsstillers skøn)" in shown.text
    await driver.press("carla", shown, "Vis")
    said = await told(driver, "carla")
    for kept in (NEED, "En lang historie", "Vedligeholdelse", "Kritisk", "Loven ændres 1. januar", "Borgerservice"):
        assert kept in said


async def test_a_wish_that_may_be_there_already_is_shown_at_once_and_can_be_backed(driver: Driver) -> None:
    await submit_wish(driver, "Slet en konsulent helt i OS2ILM")
    await driver.say("carla", "group", "/ønske Konsulenter skal kunne slettes helt")
    form = await driver.form("carla")
    assert form is not None
    assert form.fields["title"].value == "Konsulenter skal kunne slettes helt"
    alike = await offered(driver, "carla", "Støt #1")
    assert "Slet en konsulent helt i OS2ILM" in alike.text
    await driver.press("carla", alike, "Støt #1")
    assert "Støttes af: Bornholm" in (await card(driver, 1)).text


async def test_a_municipality_backs_once_and_may_take_it_back(driver: Driver) -> None:
    await submit_wish(driver, "Vis mailadresse i listen")
    await driver.say("carla", "group", "/ønske støt 1")
    assert "Tak, I støtter nu ønske #1." in await told(driver, "carla")
    await driver.press("carla", await card(driver, 1), "Støt")
    again = await offered(driver, "carla", "Fjern min støtte")
    assert "Du støtter allerede ønske #1." in again.text
    assert "Støttes af: Bornholm" in (await card(driver, 1)).text
    await driver.press("carla", again, "Fjern min støtte")
    assert "ingen endnu" in (await card(driver, 1)).text


async def test_the_supplier_estimates_and_what_may_mean_two_things_is_asked_about(driver: Driver) -> None:
    await submit_wish(driver, "Vis mailadresse i listen")
    await driver.say("eva", "group", "/ønske estimat 1 16.5")
    assert "»16.5« kan betyde to ting" in await told(driver, "eva")
    await driver.say("eva", "group", "/ønske estimat 1 40 timer")
    assert "Timer uden timepris er intet beløb" in await told(driver, "eva")
    await driver.say("bo", "group", "/ønske estimat 1 20.000")
    assert "Det kan kun" in await told(driver, "bo")
    assert "(estimat)" not in (await card(driver, 1)).text
    await driver.say("eva", "group", "/ønske estimat 1 40 timer á 850 kr")
    assert f"34.000{NB}kr. (estimat)" in (await card(driver, 1)).text
    await driver.say("eva", "group", "/ønske vis 1")
    await press_offered(driver, "eva", "estimat")
    assert list(await driver.submit("eva", {"estimate": "16.5"})) == ["estimate"]
    assert await driver.submit("eva", {"estimate": "16.500"}) == {}
    assert f"16.500{NB}kr. (estimat)" in (await card(driver, 1)).text


async def test_a_wish_goes_all_the_way_and_its_history_says_so(driver: Driver) -> None:
    await submit_wish(driver, "Vis mailadresse i listen")
    await driver.say("anna", "group", "/ønske status 1")
    await press_offered(driver, "anna", "Tag op")
    assert "Ønske #1 har nu status »I screening«." in await told(driver, "anna")
    await driver.say("eva", "group", "/ønske estimat 1 16.500")
    await driver.say("anna", "group", "/ønske status 1 klar")
    await driver.say("anna", "group", "/ønske status 1 start")
    assert await driver.submit("anna", {"basis": "Møde", "basis_text": "mødet den 1. september"}) == {}
    decision = await newest(driver)
    assert "Anna Holm har sat #1 Vis mailadresse i listen i gang." in decision.text
    assert "Grundlag: Møde: mødet den 1. september" in decision.text
    assert "Status: I gang" in (await card(driver, 1)).text
    await driver.say("eva", "group", "/ønske status 1 leveret")
    await driver.say("anna", "group", "/ønske status 1 luk")
    assert await driver.submit("anna", {}) == {}
    assert "Status: Lukket" in (await card(driver, 1)).text
    await driver.say("bo", "group", "/ønske vis 1")
    await press_offered(driver, "bo", "Historik")
    history = (await told(driver, "bo")).splitlines()
    stillet, *_, lukket = [line for line in history if "2026" in line]
    assert "stillet" in stillet
    assert "lukket" in lukket
    assert any(f"estimeret 16.500{NB}kr." in line for line in history)


async def test_only_whose_it_is_changes_a_wish_and_a_no_has_its_reason(driver: Driver) -> None:
    await submit_wish(driver, "Vis mailadresse i listen")
    await driver.say("carla", "group", "/ønske ret 1")
    assert "Ønske #1 er ikke dit." in await told(driver, "carla")
    await driver.press("bo", await card(driver, 1), "Ret")
    assert await driver.submit("bo", {"title": "Vis telefon i listen"}) == {}
    assert (await card(driver, 1)).text.startswith("#1 Vis telefon i listen")
    await driver.say("anna", "group", "/ønske status 1 afvis")
    assert list(await driver.submit("anna", {"reason": ""})) == ["reason"]
    assert await driver.submit("anna", {"reason": "Det findes allerede."}) == {}
    assert "Status: Afvist" in (await card(driver, 1)).text
    assert "> Det findes allerede." in (await newest(driver)).text
    await submit_wish(driver, "Noget andet")
    await driver.say("bo", "group", "/ønske træk 2")
    assert "Status: Trukket tilbage" in (await card(driver, 2)).text


async def test_two_wishes_are_merged_and_taken_apart_again(driver: Driver) -> None:
    await submit_wish(driver, "Vis mailadresse i listen")
    await submit_wish(driver, "Mail i oversigten", "carla")
    await driver.say("bo", "group", "/ønske støt 1")
    await driver.say("carla", "group", "/ønske støt 2")
    await driver.say("anna", "group", "/ønske flet 2 i 1")
    merged = await offered(driver, "anna", "Skil ad igen")
    assert "Ønske #2 er flettet ind i #1" in merged.text
    assert "Støttes af: Bornholm og Tønder" in (await card(driver, 1)).text
    assert "Flettet ind i et andet" in (await card(driver, 2)).text
    await driver.press("anna", merged, "Skil ad igen")
    assert "Støttes af: Tønder" in (await card(driver, 1)).text
    assert "Status: Modtaget" in (await card(driver, 2)).text


async def test_lists_have_pages_and_words_find_wishes(driver: Driver, storage: Storage) -> None:
    await make_ready(storage, *(f"Knap nummer {number} i rapporten" for number in range(1, 12)))
    await submit_wish(driver, "Ål på menuen", "carla")
    await driver.say("hans", "group", "/ønske liste")
    first = await offered(driver, "hans", "Næste")
    assert "12 i alt, side 1 af 2" in first.text
    assert "#12" not in first.text
    await driver.press("hans", first, "Næste")
    assert "#12 Ål på menuen" in await told(driver, "hans")
    await driver.say("hans", "group", "/ønske liste Bornholm")
    assert "1 i alt" in await told(driver, "hans")
    await driver.say("hans", "group", "/ønske søg aal")
    assert "#12 Ål på menuen" in await told(driver, "hans")
    await driver.say("carla", "group", "/ønske mine")
    assert "1 i alt, side 1 af 1" in await told(driver, "carla")
