"""Stories of groups on every platform: founded, joined, led, handed over, and bound to a committee by its own press."""

from __future__ import annotations

import pytest

from handlers.members.municipalities import all_municipalities, fold
from tests.promises.driver import Driver, SeenMessage, Values
from tests.promises.stories.conftest import DATABASES
from tests.promises.stories.telling import (
    DAY,
    FOUNDING,
    NB,
    direct,
    found,
    join,
    newest,
    offered,
    posted,
    press_offered,
    told,
)

TYPEAHEAD = [world for world in DATABASES if not world.startswith("mattermost")]


async def members(driver: Driver, person: str = "anna") -> str:
    await driver.say(person, "group", "/gruppe medlemmer")
    return await told(driver, person)


async def newest_steering(driver: Driver) -> SeenMessage:
    return await newest(driver, "steering")


async def test_a_group_is_founded_and_every_slip_is_mended_in_the_form(empty: Driver) -> None:
    await empty.say("anna", "group", "/gruppe opret")
    typed = FOUNDING | {"municipality": "Atlantis", "frame": "16.5", "minimum": "53"}
    errors = await empty.submit("anna", typed)
    while errors:  # where the form comes in steps, each step says what is wrong with it
        assert set(errors) <= {"municipality", "frame", "minimum"}
        errors = await empty.submit("anna", _mended(errors))
    welcome = await newest(empty)
    assert welcome.text.startswith("Velkommen til koordinationsgruppen for OS2sofd")
    assert "Anna Holm (Favrskov) leder gruppen." in welcome.text
    assert "Dens korte navn er os2sofd." in await told(empty, "anna")
    await empty.repeat_last()
    assert (await posted(empty, "Velkommen")).id == welcome.id
    await empty.say("anna", "group", "/gruppe")
    board = await told(empty, "anna")
    assert f"208.000{NB}kr. til rådighed af 250.000{NB}kr." in board
    assert "Møder i 2026: 1 holdt" in board
    await empty.say("bo", "dm", "/gruppe opret")
    assert "En gruppe bor i en kanal" in await told(empty, "bo")


def _mended(errors: dict[str, str]) -> Values:
    right = {"municipality": "Favrskov", "frame": "250.000", "minimum": "4"}
    said = {"municipality": "Atlantis", "frame": "kan betyde to ting", "minimum": "»53« passer ikke her"}
    for name, sentence in errors.items():
        assert said[name] in sentence
    return {name: right[name] for name in errors}


async def test_newcomers_say_for_whom_they_speak_and_the_others_confirm(empty: Driver) -> None:
    await found(empty)
    welcome = await newest(empty)
    await empty.press("bo", welcome, "Jeg repræsenterer")
    assert await empty.submit("bo", {"municipality": "Tønder"}) == {}
    assert "Du står som repræsentant for Tønder. Anna Holm bekræfter dig." in await told(empty, "bo")
    await join(empty, "carla", "Bornholm")
    waiting = await offered(empty, "anna", "Bekræft alle (2)")
    assert "2 siger, hvem de repræsenterer:" in waiting.text
    await empty.press("anna", waiting, "Bekræft alle (2)")
    assert "Bekræftet: Bo Lind (Tønder) og Carla Friis (Bornholm)." in await told(empty, "anna")
    assert "3 kommuner og organisationer kan stemme." in await members(empty)
    await empty.press("anna", welcome, "Bekræft Anna Holm som leder")
    assert "Det skal en repræsentant for en anden kommune gøre." in await told(empty, "anna")
    await empty.press("bo", welcome, "Bekræft Anna Holm som leder")
    assert (await newest(empty)).text == "✅ Bo Lind (Tønder) har bekræftet Anna Holm som gruppens leder."


async def test_a_leader_without_a_vote_prepares_and_a_municipality_confirms(empty: Driver) -> None:
    await found(empty, "eva", lead="me_for_supplier", municipality="")
    await join(empty, "bo", "Tønder")
    await join(empty, "carla", "Bornholm")
    await press_offered(empty, "eva", "Bekræft alle (2)")
    asked = await newest(empty)
    assert "Eva Sommer har forberedt: Bekræft som repræsentant: Bo Lind (Tønder), Carla Friis (Bornholm)." in asked.text
    await empty.press("finn", asked, "Bekræft for kommunerne")
    assert "Det kan kun en kommunes repræsentant gøre" in await told(empty, "finn")
    await empty.press("bo", asked, "Bekræft for kommunerne")
    assert "bekræftet for kommunerne af Bo Lind (Tønder)" in (await newest(empty)).text
    assert "2 kommuner og organisationer kan stemme." in await members(empty, "eva")


async def test_the_committees_channel_is_bound_by_somebody_there(empty: Driver) -> None:
    await found(empty, steering="styregruppe")
    asked = await newest_steering(empty)
    assert "Er det rigtigt, så tryk Bekræft." in asked.text
    await empty.say("anna", "group", "/ønske Ny integration")
    assert await empty.submit("anna", {"need": "Vi taster alt to gange.", "estimate": "80.000"}) == {}
    await empty.say("anna", "group", "/ønske indstil 1")
    assert "Styregruppens kanal er ikke bundet endnu" in await told(empty, "anna")
    await empty.press("gry", asked, "Bekræft")
    bound = await newest_steering(empty)
    assert bound.id == asked.id
    assert "Formand: Gry Toft" in bound.text
    assert "Styregruppen er med. Gry Toft er formand." in (await newest(empty)).text
    await empty.press("finn", bound, "Jeg sidder i styregruppen")
    await empty.press("gry", await newest_steering(empty), "Bekræft Finn Bech")
    assert "Medlemmer: Finn Bech" in (await newest_steering(empty)).text
    await empty.say("anna", "group", "/ønske indstil 1")
    assert await empty.submit("anna", {}) == {}
    case = await newest_steering(empty)
    assert f"Beløbet er 80.000{NB}kr., og der er 208.000{NB}kr. til rådighed" in case.text
    await empty.press("gry", case, "Godkend")
    assert await empty.submit("gry", {}) == {}
    assert "Styregruppen har godkendt ønske #1 »Ny integration«." in (await newest(empty)).text


async def test_somebody_in_two_groups_is_asked_once_which_one_is_meant(empty: Driver) -> None:
    await found(empty)
    await found(empty, "bo", "other", product="OS2kitos", municipality="Tønder")
    await join(empty, "bo", "Tønder")
    await empty.say("bo", "group", "/ønske Vis mailadresse")
    assert await empty.submit("bo", {"need": "Vi leder efter den."}) == {}
    await empty.say("bo", "other", "/ønske Hurtigere søgning")
    assert await empty.submit("bo", {"need": "Den er langsom."}) == {}
    assert (await newest(empty)).text.startswith("#1 Vis mailadresse")
    assert (await newest(empty, "other")).text.startswith("#1 Hurtigere søgning")
    await empty.say("bo", "dm", "/ønske liste")
    which = await offered(empty, "bo", "OS2kitos")
    assert set(which.buttons) == {"OS2sofd", "OS2kitos"}
    await empty.press("bo", which, "OS2kitos")
    assert "#1 Hurtigere søgning" in await told(empty, "bo")
    await empty.say("bo", "dm", "/ønske mine")
    listed = await told(empty, "bo")
    assert "#1 Hurtigere søgning" in listed
    assert "mailadresse" not in listed
    await empty.say("bo", "group", "/ønske liste")
    assert "#1 Vis mailadresse" in await told(empty, "bo")


async def test_the_leader_appoints_a_deputy_changes_settings_and_hands_over(driver: Driver) -> None:
    await driver.say("bo", "group", "/gruppe udpeg")
    assert await told(driver, "bo") == "Det kan kun gruppens leder gøre. Skriv /gruppe hvem for at se, hvem det er."
    await driver.say("bo", "group", "/gruppe hvem")
    assert "Igangsætte, lukke og afvise ønsker: gruppens leder (Anna Holm)" in await told(driver, "bo")
    await driver.say("anna", "group", "/gruppe udpeg")
    assert await driver.submit("anna", {"duty": "deputy", "member": "Bo Lind"}) == {}
    assert "Stedfortræder: Bo Lind (Tønder)" in await members(driver)
    await driver.say("bo", "group", "/gruppe indstillinger")
    errors = await driver.submit("bo", {"minimum": "mange", "quorum": "101"})
    assert set(errors) == {"minimum", "quorum"}
    assert await driver.submit("bo", {"minimum": "6", "quorum": "50 %"}) == {}
    said = (await newest(driver)).text
    assert "Bo Lind har ændret gruppens indstillinger:" in said
    assert "Mindste antal møder om året: 4 → 6" in said
    await driver.say("anna", "group", "/gruppe udpeg")
    assert await driver.submit("anna", {"duty": "leader", "member": "Carla Friis"}) == {}
    assert (await newest(driver)).text == "Carla Friis leder nu gruppen."
    await driver.say("anna", "group", "/gruppe udpeg")
    assert "Det kan kun gruppens leder gøre" in await told(driver, "anna")


async def test_a_substitute_speaks_for_a_municipality_and_may_say_no(driver: Driver) -> None:
    await driver.say("bo", "group", f"/gruppe stedfortræder {driver.mention('hans')} til 4. september")
    assert "Hans Vang er nu stedfortræder for dig og taler for Tønder." in await told(driver, "bo")
    await driver.say("bo", "group", "/ønske Vis mailadresse")
    assert await driver.submit("bo", {"need": "Vi leder efter den."}) == {}
    await driver.say("hans", "group", "/ønske støt 1")
    assert "Støttes af: Tønder" in (await newest(driver)).text
    assert "Tønder Bo Lind, Hans Vang (stedfortræder til og med 04.09.2026)" in await members(driver)
    await driver.forward(DAY)
    assert await direct(driver, "hans", "Bo Lind har bedt dig tale for Tønder til og med den 4. september 2026.")
    await press_offered(driver, "hans", "Nej tak")
    assert await told(driver, "hans") == "Du er ikke længere stedfortræder for Bo Lind, som får det at vide."
    await driver.forward(DAY)
    assert await direct(driver, "bo", "Hans Vang er ikke længere din stedfortræder for Tønder.")


async def test_a_municipality_is_found_by_its_first_letters_and_without_danish_ones(empty: Driver) -> None:
    await found(empty)
    for person, typed, name in (("bo", "tønd", "Tønder"), ("carla", "hoeje taastrup", "Høje-Taastrup")):
        await empty.say(person, "group", "/gruppe repræsenterer")
        found_names = await empty.options(person, "municipality", typed)
        assert await empty.submit(person, {"municipality": next(iter(found_names.values()))}) == {}
        assert f"Du står som repræsentant for {name}." in await told(empty, person)
    await empty.say("dan", "group", "/gruppe repræsenterer toendr")
    assert await empty.submit("dan", {}) == {}
    assert "Du står som repræsentant for Tønder." in await told(empty, "dan")


@pytest.mark.parametrize("world", TYPEAHEAD, indirect=True)
async def test_each_of_the_98_municipalities_is_offered_while_one_types(empty: Driver) -> None:
    """Mattermost's forms offer nothing while one types: they take the text; `tests/mattermost` tries all 98 of them."""
    await empty.say("anna", "group", "/gruppe opret")
    names = [one.name for one in all_municipalities()]
    assert len(names) == 98
    for number, name in enumerate(names):
        typed = name if number % 2 else fold(name)
        assert name in (await empty.options("anna", "municipality", typed)).values()
    offered_first = await empty.options("anna", "municipality", "")
    assert 0 < len(offered_first) <= 100
