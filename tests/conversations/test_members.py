"""Conversations about a group: how it is made, how people join, and who may do what."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator

import pytest

from bot.clock import MovableClock
from storage.models.workspace import LocalPerson
from tests.conftest import make_storage
from tests.promises.driver import SeenMessage
from tests.promises.local import LocalDriver, local_world

FOUNDING: dict[str, str | list[str]] = {
    "product": "OS2sofd",
    "level": "2",
    "municipality": "710",
    "frame": "250.000",
    "ceiling": "50.000",
    "spent": "12.000",
    "committed": "30.000",
    "held": "1",
}


@pytest.fixture
async def empty(sqlite_url: str, clock: MovableClock) -> AsyncIterator[LocalDriver]:
    """A workspace where nobody has made a group; Hans is a guest of it."""
    storage = await make_storage(sqlite_url)
    async with local_world(storage, clock, with_group=False) as driver:
        async with storage.write() as session:
            (await session.get_one(LocalPerson, "hans")).guest = True
        yield driver
    await storage.dispose()


async def told(chat: LocalDriver, person: str) -> str:
    return (await chat.messages(person, "private"))[-1].text


async def newest(chat: LocalDriver, channel: str = "group", person: str = "anna") -> SeenMessage:
    return [one for one in await chat.messages(person, channel) if not one.private][-1]


async def found(chat: LocalDriver, person: str = "anna", **values: str | list[str]) -> None:
    await chat.say(person, "group", "/gruppe opret")
    assert await chat.submit(person, FOUNDING | values) == {}


async def join(chat: LocalDriver, person: str, code: str) -> str:
    await chat.say(person, "group", "/gruppe repræsenterer")
    assert await chat.submit(person, {"municipality": code}) == {}
    return await told(chat, person)


async def show_members(chat: LocalDriver, person: str = "anna") -> SeenMessage:
    await chat.say(person, "group", "/gruppe medlemmer")
    return (await chat.messages(person, "private"))[-1]


async def test_a_channel_becomes_a_group(empty: LocalDriver) -> None:
    await empty.say("anna", "group", "/gruppe opret")
    form = await empty.form("anna")
    assert form is not None
    assert form.title == "Ny koordinationsgruppe"
    assert form.fields["lead"].options == {
        "me": "Jeg selv, for en kommune",
        "me_for_supplier": "Jeg selv, for leverandøren",
        "supplier": "En anden, for leverandøren",
    }
    assert await empty.options("anna", "municipality", "favr") == {"710": "Favrskov"}
    assert await empty.submit("anna", FOUNDING) == {}
    welcome = await newest(empty)
    assert welcome.text.startswith("Velkommen til koordinationsgruppen for OS2sofd")
    assert "Anna Holm (Favrskov) leder gruppen. Det er en gruppe på én" in welcome.text
    assert {"Jeg repræsenterer …", "Nyt ønske", "Hjælp"} <= set(welcome.buttons)
    assert "Gruppen for OS2sofd er klar. Dens korte navn er os2sofd." in await told(empty, "anna")


NO_SUCH_CHANNEL = (
    "Jeg kan ikke finde en kanal, der hedder »{}«, eller jeg er ikke med i den. Ret navnet i /gruppe indstillinger "
    "under »Styregruppens kanal«, eller invitér mig i kanalen, og skriv der: /gruppe styregruppe os2sofd"
)


async def test_who_names_a_channel_that_is_not_there_hears_it_at_once(empty: LocalDriver) -> None:
    await empty.say("anna", "group", "/gruppe opret")
    assert await empty.submit("anna", FOUNDING | {"steering": "styregrupen"}) == {}
    assert (await empty.messages("anna", "dm"))[-1].text == NO_SUCH_CHANNEL.format("styregrupen")
    await empty.say("anna", "group", "/gruppe indstillinger")
    assert await empty.submit("anna", {"steering": "styrgruppe"}) == {}
    assert (await empty.messages("anna", "dm"))[-1].text == NO_SUCH_CHANNEL.format("styrgruppe")
    await empty.say("anna", "steering", "/gruppe styregruppe os2sofd")
    assert "vil ved Anna Holm bruge denne kanal som styregruppens" in (await newest(empty, "steering")).text
    await empty.forward(24)
    assert len(await empty.messages("anna", "dm")) == 2


async def test_a_bad_form_keeps_what_was_typed(empty: LocalDriver) -> None:
    await empty.say("anna", "group", "/gruppe opret")
    typed: dict[str, str | list[str]] = {
        "product": "OS2sofd",
        "municipality": "",
        "frame": "16.5",
        "ceiling": "-1",
        "spent": "mange",
        "minimum": "53",
        "steering": "#koordinationsgruppe",
    }
    errors = await empty.submit("anna", typed)
    assert set(errors) == {"municipality", "frame", "ceiling", "spent", "minimum", "steering"}
    assert "Vælg den kommune, du repræsenterer" in errors["municipality"]
    assert "kan betyde to ting" in errors["frame"]
    assert "ikke være negativt" in errors["ceiling"]
    assert "»53« passer ikke her" in errors["minimum"]
    assert "sin egen kanal" in errors["steering"]
    form = await empty.form("anna")
    assert form is not None
    assert form.fields["frame"].value == "16.5"
    mended: dict[str, str | list[str]] = {
        "municipality": "Favrskov",
        "frame": "16.500",
        "ceiling": "",
        "spent": "",
        "minimum": "6",
        "steering": "",
    }
    assert await empty.submit("anna", mended) == {}
    assert "Velkommen" in (await newest(empty)).text


async def test_who_has_not_said_for_whom_is_told_how_to(empty: LocalDriver) -> None:
    await found(empty)
    await empty.press("bo", await newest(empty), "Bekræft Anna Holm som leder")
    assert await told(empty, "bo") == (
        "Det kan kun en kommunes repræsentant gøre. Sig først, hvem du repræsenterer, "
        "med knappen »Jeg repræsenterer …« eller /gruppe repræsenterer."
    )


@pytest.mark.parametrize(
    ("typed", "municipality", "organisation"),
    [("Tønder", "550", ""), ("toendr", "550", ""), ("Region Nordjylland", "", "Region Nordjylland"), ("", "", "")],
)
async def test_the_form_is_filled_in_with_whom_one_has_written(
    empty: LocalDriver, typed: str, municipality: str, organisation: str
) -> None:
    await found(empty)
    await empty.say("bo", "group", f"/gruppe repræsenterer {typed}")
    form = await empty.form("bo")
    assert form is not None
    assert (form.fields["municipality"].value, form.fields["organisation"].value) == (municipality, organisation)


async def test_a_group_needs_a_product(empty: LocalDriver) -> None:
    await empty.say("anna", "group", "/gruppe opret")
    assert "Skriv produktets navn" in (await empty.submit("anna", {"municipality": "710"}))["product"]


async def test_who_and_where_a_group_can_be_made(empty: LocalDriver) -> None:
    await empty.say("hans", "group", "/gruppe opret")
    assert "Gæster kan ikke oprette en gruppe" in await told(empty, "hans")
    await empty.say("bo", "dm", "/gruppe opret")
    assert "En gruppe bor i en kanal" in await told(empty, "bo")
    await empty.say("bo", "group", "/gruppe opret")
    await found(empty)
    assert "allerede koordinationsgruppe for OS2sofd" in (await empty.submit("bo", FOUNDING))[""]
    await empty.say("carla", "group", "/gruppe opret")
    assert "allerede koordinationsgruppe for OS2sofd" in await told(empty, "carla")
    assert len([one for one in await empty.messages("anna", "group") if "Velkommen" in one.text]) == 1


async def test_a_form_that_is_sent_twice_makes_one_group(empty: LocalDriver) -> None:
    await found(empty)
    await empty.repeat_last()
    assert len([one for one in await empty.messages("anna", "group") if "Velkommen" in one.text]) == 1


async def test_two_groups_of_one_product_have_names_of_their_own(empty: LocalDriver) -> None:
    await found(empty)
    await empty.say("bo", "other", "/gruppe opret")
    assert await empty.submit("bo", FOUNDING | {"municipality": "550"}) == {}
    assert "Dens korte navn er os2sofd-2." in await told(empty, "bo")


async def test_newcomers_say_for_whom_they_speak_and_the_leader_confirms(empty: LocalDriver) -> None:
    await found(empty)
    await empty.press("bo", await newest(empty), "Jeg repræsenterer")
    assert await empty.options("bo", "municipality", "toender") == {"550": "Tønder"}
    assert await empty.submit("bo", {"municipality": "550"}) == {}
    said = await told(empty, "bo")
    assert "Du står som repræsentant for Tønder. Anna Holm bekræfter dig." in said
    waiting = (await empty.messages("anna", "dm"))[-1]
    assert "Bo Lind (Tønder)" in waiting.text
    assert "Bekræft Bo Lind" in waiting.buttons
    await join(empty, "carla", "400")
    waiting = (await empty.messages("anna", "dm"))[-1]
    assert "2 siger, hvem de repræsenterer:" in waiting.text
    assert [one for one in await empty.messages("anna", "dm") if "Venter på din" in one.text] == [waiting]
    await empty.press("anna", waiting, "Bekræft alle (2)")
    assert "Bekræftet: Bo Lind (Tønder) og Carla Friis (Bornholm)." in await told(empty, "anna")
    assert "Ingen venter på at blive bekræftet." in (await empty.messages("anna", "dm"))[-2].text
    members = await show_members(empty)
    assert "3 kommuner og organisationer kan stemme." in members.text
    assert "afventer" not in members.text


async def test_what_the_list_did_not_show_is_not_confirmed_with_it(empty: LocalDriver) -> None:
    await found(empty)
    await join(empty, "bo", "550")
    await join(empty, "carla", "400")
    old = (await empty.messages("anna", "dm"))[-1]
    await empty.forward(0.1)
    await join(empty, "dan", "101")
    await join(empty, "bo", "147")
    await empty.press("anna", old, "Bekræft alle (2)")
    assert await told(empty, "anna") == "Bekræftet: Carla Friis (Bornholm)."
    text = (await show_members(empty)).text
    assert "Frederiksberg Bo Lind (afventer bekræftelse)" in text
    assert "København Dan Krogh (afventer bekræftelse)" in text


async def test_another_organisation_is_a_member_too(empty: LocalDriver) -> None:
    await found(empty)
    await empty.say("bo", "group", "/gruppe repræsenterer")
    assert await empty.submit("bo", {"organisation": "Region Syddanmark"}) == {}
    await empty.say("carla", "group", "/gruppe repræsenterer")
    assert await empty.options("carla", "municipality", "syddan") == {"region-syddanmark": "Region Syddanmark"}
    assert await empty.submit("carla", {"municipality": "region-syddanmark"}) == {}
    await empty.say("dan", "group", "/gruppe repræsenterer")
    assert await empty.submit("dan", {"organisation": "Tønder Kommune"}) == {}
    text = (await show_members(empty)).text
    assert "Region Syddanmark Bo Lind (afventer bekræftelse), Carla Friis (afventer bekræftelse)" in text
    assert "Tønder Dan Krogh (afventer bekræftelse)" in text


async def test_a_claim_that_names_nobody_gets_its_sentence(empty: LocalDriver) -> None:
    await found(empty)
    await empty.say("bo", "group", "/gruppe repræsenterer")
    assert "Vælg en kommune" in (await empty.submit("bo", {}))["municipality"]
    assert (
        "ingen kommune, der hedder »Atlantis«"
        in (await empty.submit("bo", {"municipality": "Atlantis"}))["municipality"]
    )
    errors = await empty.submit("bo", {"municipality": "", "organisation": "!!!"})
    assert "med bogstaver" in errors["organisation"]
    assert await empty.submit("bo", {"municipality": "tonder", "organisation": ""}) == {}
    await empty.say("bo", "group", "/gruppe repræsenterer")
    assert "allerede som repræsentant for Tønder" in (await empty.submit("bo", {}))["municipality"]


async def test_the_leader_is_confirmed_by_another_municipality(empty: LocalDriver) -> None:
    await found(empty)
    welcome = await newest(empty)
    await empty.press("anna", welcome, "Bekræft Anna Holm som leder")
    assert "Det skal en repræsentant for en anden kommune gøre." in await told(empty, "anna")
    await join(empty, "dan", "710")
    await empty.press("dan", welcome, "Bekræft Anna Holm som leder")
    assert "Det skal en repræsentant for en anden kommune gøre." in await told(empty, "dan")
    assert "Vil du bekræfte det?" in await join(empty, "bo", "550")
    asked = (await empty.messages("bo", "private"))[-1]
    await empty.press("bo", asked, "Bekræft Anna Holm som leder")
    assert (await newest(empty)).text == "✅ Bo Lind (Tønder) har bekræftet Anna Holm som gruppens leder."
    welcome = next(one for one in await empty.messages("anna", "group") if "Velkommen" in one.text)
    assert welcome.text.endswith("\nAnna Holm (Favrskov) leder gruppen.")
    assert "gruppe på én" not in welcome.text
    await empty.press("bo", asked, "Bekræft Anna Holm som leder")
    assert "allerede bekræftet" in await told(empty, "bo")


async def test_an_unconfirmed_leader_only_prepares_once_another_municipality_votes(empty: LocalDriver) -> None:
    await found(empty)
    await join(empty, "bo", "550")
    await empty.press("anna", (await empty.messages("anna", "dm"))[-1], "Bekræft Bo Lind")
    assert await told(empty, "anna") == "Bekræftet: Bo Lind (Tønder)."
    await join(empty, "carla", "400")
    await empty.press("anna", await show_members(empty), "Bekræft Carla Friis")
    asked = await newest(empty)
    assert "Anna Holm har forberedt: Bekræft som repræsentant: Carla Friis (Bornholm)." in asked.text
    await empty.press("anna", asked, "Bekræft for kommunerne")
    assert "Det skal en repræsentant for en anden kommune gøre." in await told(empty, "anna")
    await empty.press("bo", asked, "Bekræft for kommunerne")
    assert "afventer" not in (await show_members(empty)).text
    await empty.press("bo", (await empty.messages("bo", "private"))[0], "Bekræft Anna Holm som leder")
    await join(empty, "dan", "101")
    await empty.press("anna", await show_members(empty), "Bekræft Dan Krogh")
    assert await told(empty, "anna") == "Bekræftet: Dan Krogh (København)."


async def test_a_supplier_leads_and_the_municipalities_confirm(empty: LocalDriver) -> None:
    await found(empty, "eva", lead="me_for_supplier", municipality="")
    await join(empty, "bo", "550")
    await join(empty, "carla", "400")
    await empty.press("eva", (await empty.messages("eva", "dm"))[-1], "Bekræft alle (2)")
    asked = await newest(empty)
    assert "Eva Sommer har forberedt: Bekræft som repræsentant: Bo Lind (Tønder), Carla Friis (Bornholm)." in asked.text
    await empty.press("finn", asked, "Bekræft for kommunerne")
    assert "Det kan kun en kommunes repræsentant gøre" in await told(empty, "finn")
    await empty.press("bo", asked, "Bekræft for kommunerne")
    assert "bekræftet for kommunerne af Bo Lind (Tønder)" in (await newest(empty)).text
    text = (await show_members(empty, "eva")).text
    assert "2 kommuner og organisationer kan stemme." in text
    assert "Eva Sommer leder gruppen, men er ikke bekræftet" in text
    await empty.say("eva", "group", "/gruppe repræsenterer")
    assert "Du er leverandørens repræsentant i gruppen" in await told(empty, "eva")


async def test_quiet_can_be_said_in_so_many_words(empty: LocalDriver) -> None:
    for word, answer in (("ja", "Jeg skriver ikke"), ("til", "Jeg skriver ikke"), ("fra", "Jeg skriver igen")):
        await empty.say("eva", "group", f"/gruppe stille {word}")
        assert (await told(empty, "eva")).startswith(answer)


async def test_somebody_else_is_named_leader_for_the_supplier(empty: LocalDriver) -> None:
    await empty.say("eva", "group", "/gruppe stille")
    await empty.say("eva", "group", "/gruppe stille")
    await empty.say("anna", "group", "/gruppe opret")
    assert "Vælg den, der skal lede" in (await empty.submit("anna", FOUNDING | {"lead": "supplier"}))["supplier"]
    found_people = await empty.options("anna", "supplier", "eva")
    assert list(found_people.values()) == ["Eva Sommer"]
    assert await empty.submit("anna", {"supplier": next(iter(found_people))}) == {}
    text = (await show_members(empty)).text
    assert "Leder: Eva Sommer" in text
    assert "Favrskov Anna Holm (afventer bekræftelse)" in text


async def test_a_steering_channel_is_bound_by_somebody_there(empty: LocalDriver) -> None:
    await found(empty, steering="#styregruppe")
    assert "Jeg spørger i styregruppe." in await told(empty, "anna")
    asked = await newest(empty, "steering")
    assert "Er det rigtigt, så tryk Bekræft." in asked.text
    await empty.press("gry", asked, "Bekræft")
    bound = await newest(empty, "steering")
    assert bound.id == asked.id
    assert "Formand: Gry Toft" in bound.text
    assert "Styregruppen er med. Gry Toft er formand." in (await newest(empty)).text
    await empty.press("hans", asked, "Bekræft")
    assert "allerede bekræftet" in await told(empty, "hans")
    await empty.press("finn", bound, "Jeg sidder i styregruppen")
    assert "Gry Toft bekræfter dig" in await told(empty, "finn")
    bound = await newest(empty, "steering")
    assert "Afventer formandens bekræftelse: Finn Bech." in bound.text
    await empty.press("finn", bound, "Bekræft Finn Bech")
    assert "Det kan kun styregruppens medlemmer gøre" in await told(empty, "finn")
    await empty.press("gry", bound, "Bekræft Finn Bech")
    assert "Medlemmer: Finn Bech" in (await newest(empty, "steering")).text
    await empty.press("finn", bound, "Jeg sidder i styregruppen")
    assert "Det har du allerede sagt." in await told(empty, "finn")
    assert "Styregruppe: Gry Toft (formand) og Finn Bech" in (await show_members(empty)).text


async def test_two_groups_share_a_committee(empty: LocalDriver) -> None:
    await found(empty, steering="styregruppe")
    await empty.press("gry", await newest(empty, "steering"), "Bekræft")
    await empty.say("bo", "other", "/gruppe opret")
    shared: dict[str, str | list[str]] = {"product": "OS2kitos", "municipality": "550", "steering": "styregruppe"}
    assert await empty.submit("bo", shared) == {}
    await empty.press("gry", await newest(empty, "steering"), "Bekræft")
    await empty.say("gry", "steering", "/gruppe hvem")
    which = (await empty.messages("gry", "private"))[-1]
    assert set(which.buttons) == {"OS2sofd", "OS2kitos"}
    await empty.press("gry", which, "OS2kitos")
    assert "Hvem kan beslutte hvad i gruppen for OS2kitos" in await told(empty, "gry")


async def test_the_leader_asks_in_the_committees_own_channel(empty: LocalDriver) -> None:
    await found(empty)
    await empty.say("bo", "steering", "/gruppe styregruppe os2sofd")
    assert "Det kan kun gruppens leder gøre" in await told(empty, "bo")
    await empty.say("anna", "steering", "/gruppe styregruppe")
    assert "Skriv gruppens korte navn efter" in await told(empty, "anna")
    await empty.say("anna", "group", "/gruppe styregruppe os2sofd")
    assert "styregruppens egen kanal" in await told(empty, "anna")
    await empty.say("anna", "steering", "/gruppe styregruppe os2sofd")
    await empty.press("gry", await newest(empty, "steering"), "Bekræft")
    await empty.say("anna", "steering", "/gruppe styregruppe os2sofd")
    assert "allerede bekræftet" in await told(empty, "anna")
    await empty.say("gry", "steering", "/gruppe opret")
    assert "styregruppens kanal for OS2sofd" in await told(empty, "gry")


async def test_a_deed_without_the_right_names_who_may(chat: LocalDriver) -> None:
    await chat.say("bo", "group", "/gruppe udpeg")
    assert await told(chat, "bo") == "Det kan kun gruppens leder gøre. Skriv /gruppe hvem for at se, hvem det er."
    await chat.say("bo", "group", "/gruppe hvem")
    text = await told(chat, "bo")
    assert "Igangsætte, lukke og afvise ønsker: gruppens leder (Anna Holm)" in text
    assert "Stemme, én stemme pr. kommune: en kommunes repræsentant (3 kommuner)" in text
    assert "Styregruppe: Gry Toft" in text
    assert "Fastsætte rammen: styregruppens medlemmer (Gry Toft)" in text
    assert "Beslutte uden for rammen: styregruppen" in text


async def test_without_a_committee_the_group_decides_itself(empty: LocalDriver) -> None:
    await found(empty)
    await empty.say("anna", "group", "/gruppe hvem")
    text = await told(empty, "anna")
    assert "Fastsætte rammen: gruppens leder (Anna Holm)" in text
    assert "Svare på en indstilling: en kommunes repræsentant (én kommune)" in text
    assert "Beslutte uden for rammen: gruppen selv, for den har ingen styregruppe" in text


async def test_the_leader_appoints_and_everybody_sees_it(chat: LocalDriver) -> None:
    await chat.say("anna", "group", "/gruppe udpeg")
    assert await chat.options("anna", "member", "vang") == {"person-hans": "Hans Vang"}
    errors = await chat.submit("anna", {"duty": "", "member": ""})
    assert set(errors) == {"duty", "member"}
    assert (
        "Carla Friis repræsenterer en kommune"
        in (await chat.submit("anna", {"duty": "secretariat", "member": "person-carla"}))["member"]
    )
    assert "»Ingen«" in (await chat.submit("anna", {"duty": "secretariat", "member": "Ingen"}))["member"]
    assert await chat.submit("anna", {"duty": "secretariat", "member": "person-hans"}) == {}
    assert (await newest(chat)).text == "Hans Vang er udpeget som sekretariat."
    await chat.say("anna", "group", "/gruppe udpeg")
    assert (
        "Hans Vang er det allerede."
        in (await chat.submit("anna", {"duty": "secretariat", "member": "person-hans"}))["member"]
    )


async def test_a_deputy_may_what_the_leader_may(chat: LocalDriver) -> None:
    await chat.say("bo", "group", "/gruppe udpeg")
    assert await chat.form("bo") is None
    await chat.say("anna", "group", "/gruppe udpeg")
    assert (
        "skal først være bekræftet"
        in (await chat.submit("anna", {"duty": "deputy", "member": "person-hans"}))["member"]
    )
    assert await chat.submit("anna", {"duty": "deputy", "member": "person-bo"}) == {}
    await chat.say("bo", "group", "/gruppe udpeg")
    assert await chat.form("bo") is not None
    assert "Stedfortræder: Bo Lind (Tønder)" in (await show_members(chat)).text


async def test_the_leader_hands_over(chat: LocalDriver) -> None:
    await chat.say("anna", "group", "/gruppe udpeg")
    assert await chat.submit("anna", {"duty": "leader", "member": "person-carla"}) == {}
    assert (await newest(chat)).text == "Carla Friis leder nu gruppen."
    await chat.say("anna", "group", "/gruppe udpeg")
    assert "Det kan kun gruppens leder gøre" in await told(chat, "anna")
    text = (await show_members(chat)).text
    assert "Leder: Carla Friis (Bornholm)" in text
    assert "Favrskov Anna Holm" in text


async def test_the_leader_leaves_and_another_takes_over(chat: LocalDriver) -> None:
    await chat.say("anna", "group", "/gruppe forlad")
    asked = (await chat.messages("anna", "private"))[-1]
    assert "Du leder gruppen for OS2test." in asked.text
    assert "Leder: Anna Holm (Favrskov)" in (await show_members(chat)).text
    await chat.press("anna", asked, "Forlad gruppen")
    assert "Du har forladt gruppen" in await told(chat, "anna")
    said = await newest(chat)
    assert said.text == "Anna Holm leder ikke længere gruppen. En bekræftet repræsentant kan tage over."
    await chat.press("bo", said, "Jeg tager over som leder")
    asked = await newest(chat)
    assert "Bo Lind har forberedt: Bo Lind bliver gruppens leder." in asked.text
    await chat.press("bo", asked, "Bekræft for kommunerne")
    assert "en anden kommune" in await told(chat, "bo")
    await chat.press("carla", asked, "Bekræft for kommunerne")
    assert (await newest(chat)).text == "Bo Lind leder nu gruppen."
    assert "Leder: Bo Lind (Tønder)" in (await show_members(chat, "bo")).text
    await chat.say("anna", "group", "/gruppe forlad")
    assert "Du har ingen rolle" in await told(chat, "anna")


async def test_a_role_is_ended_by_whose_it_is_to_end(chat: LocalDriver) -> None:
    await chat.say("anna", "group", "/gruppe medlemmer")
    await chat.press("anna", (await chat.messages("anna", "private"))[-1], "Afslut en rolle")
    offered = await chat.options("anna", "seat", "")
    assert "Bo Lind (Tønder): repræsentant" in offered.values()
    assert not [one for one in offered.values() if "Gry" in one or "tovholder" in one]
    errors = await chat.submit("anna", {"seat": "99999"})
    assert "ikke din at afslutte" in errors["seat"]
    seat = next(value for value, label in offered.items() if label.startswith("Bo Lind"))
    assert await chat.submit("anna", {"seat": seat}) == {}
    assert await told(chat, "anna") == "Afsluttet: Bo Lind (Tønder): repræsentant."
    assert "Tønder" not in (await show_members(chat)).text


async def test_settings_are_changed_by_the_leader_and_everybody_hears(chat: LocalDriver) -> None:
    await chat.say("bo", "group", "/gruppe indstillinger")
    assert await chat.form("bo") is None
    assert "Mindste antal møder om året: 4" in await told(chat, "bo")
    assert "Det er gruppens leder, der kan ændre dem." in await told(chat, "bo")
    await chat.say("anna", "group", "/gruppe indstillinger")
    errors = await chat.submit("anna", {"quorum": "101", "minimum": "mange", "product": ""})
    assert set(errors) == {"quorum", "minimum", "product"}
    assert await chat.submit("anna", {"quorum": "50 %", "minimum": "6", "product": "OS2test"}) == {}
    text = (await newest(chat)).text
    assert "Anna Holm har ændret gruppens indstillinger:" in text
    assert "Mindste antal møder om året: 4 → 6" in text
    assert "procent af kommunerne: ingen → 50 %" in text
    await chat.say("bo", "group", "/gruppe indstillinger")
    assert "• Mindste antal møder om året: 6 1. september 2026, Anna Holm" in await told(chat, "bo")


async def test_the_groups_language_is_a_setting(chat: LocalDriver) -> None:
    await chat.say("anna", "group", "/gruppe indstillinger")
    assert await chat.submit("anna", {"language": "en"}) == {}
    assert "Anna Holm has changed the group’s settings:" in (await newest(chat)).text
    await chat.say("anna", "group", "/gruppe indstillinger")
    assert await chat.submit("anna", {}) == {}
    assert await told(chat, "anna") == "Alt er, som det var. Intet er ændret."


async def test_only_the_chair_moves_a_bound_committee(chat: LocalDriver) -> None:
    await chat.say("anna", "group", "/gruppe indstillinger")
    errors = await chat.submit("anna", {"steering": ""})
    assert errors == {"steering": "Styregruppens kanal er bekræftet. Kun styregruppens formand kan flytte den."}


async def test_everybody_may_be_left_in_peace(chat: LocalDriver) -> None:
    await chat.say("bo", "group", "/gruppe stille")
    assert "Jeg skriver ikke til dig uopfordret mere." in await told(chat, "bo")
    await chat.say("bo", "dm", "/gruppe mute")
    assert "Jeg skriver igen til dig" in await told(chat, "bo")


async def test_everything_that_is_stored_about_me(chat: LocalDriver) -> None:
    await chat.say("bo", "group", "/ønske")
    await chat.submit("bo", {"title": "Vis mailadresse", "need": "Vi leder efter den."})
    await chat.say("bo", "group", "/gruppe mine-data")
    summary = next(one for one in await chat.messages("bo", "private") if "Det har jeg gemt om dig" in one.text)
    assert "Navn: Bo Lind" in summary.text
    assert "Ønsker, du har sendt: 1" in summary.text
    file = (await chat.messages("bo", "dm"))[-1]
    assert file.files == ("mine-data.json",)
    raw = await chat.client.get("/api/channels/dm:bo/messages?as=bo")
    url = (await raw.json())["messages"][-1]["files"][0]["url"]
    data = json.loads(await (await chat.client.get(url)).text())
    assert data["people"][0]["name"] == "Bo Lind"
    assert data["wishes"][0]["title"] == "Vis mailadresse"
    assert [one["kind"] for one in data["log"]] == ["wish.submitted"]
    assert "Anna Holm" not in json.dumps(data, ensure_ascii=False)


async def test_in_english(chat: LocalDriver) -> None:
    await chat._post("/api/language", {"as": "bo", "language": "en"}, once=False)
    await chat.say("bo", "group", "/gruppe who")
    assert "Who can decide what in the group for OS2test" in await told(chat, "bo")


async def test_what_was_there_before_the_group_counts_from_the_first_day(empty: LocalDriver) -> None:
    await found(empty)
    await empty.say("anna", "group", "/gruppe")
    text = await told(empty, "anna")
    assert "208.000\u00a0kr. til rådighed af 250.000\u00a0kr." in text
    assert "Møder i 2026: 1 holdt" in text


async def test_in_the_quiet_times_the_leader_hears_in_the_morning(empty: LocalDriver) -> None:
    await found(empty)
    await empty.forward(10)
    await join(empty, "bo", "550")
    assert not [one for one in await empty.messages("anna", "dm") if "Venter på din" in one.text]
    await empty.forward(14)
    assert (
        "Én venter på, at du bekræfter dem. Skriv /gruppe medlemmer." in (await empty.messages("anna", "dm"))[-1].text
    )


async def test_the_next_day_is_a_message_of_its_own(empty: LocalDriver) -> None:
    await found(empty)
    await join(empty, "bo", "550")
    await empty.forward(24)
    await join(empty, "carla", "400")
    waiting = [one for one in await empty.messages("anna", "dm") if "Venter på din" in one.text]
    assert ["Carla Friis" in one.text for one in waiting] == [False, True]


async def test_a_leader_who_speaks_for_another_unit_is_confirmed_by_the_others(chat: LocalDriver) -> None:
    await join(chat, "anna", "101")
    assert "En anden kommune bekræfter dig" in await told(chat, "anna")
    asked = await newest(chat)
    assert "Anna Holm (København) leder gruppen, men er ikke bekræftet" in asked.text
    await chat.press("dan", asked, "Bekræft Anna Holm som leder")
    assert (await newest(chat)).text == "✅ Dan Krogh (Favrskov) har bekræftet Anna Holm som gruppens leder."
    assert "København Anna Holm\n" in (await show_members(chat)).text


async def test_the_chair_leaves_and_the_next_one_takes_over(empty: LocalDriver) -> None:
    await found(empty, steering="styregruppe")
    await empty.press("gry", await newest(empty, "steering"), "Bekræft")
    await empty.press("finn", await newest(empty, "steering"), "Jeg sidder i styregruppen")
    await empty.press("gry", await newest(empty, "steering"), "Bekræft Finn Bech")
    await empty.say("gry", "steering", "/gruppe forlad")
    said = await newest(empty, "steering")
    assert "Finn Bech er nu styregruppens formand" in said.text
    assert "Formand: Finn Bech" in said.text
    await empty.press("gry", said, "Jeg sidder i styregruppen")
    await empty.press("finn", await newest(empty, "steering"), "Bekræft Gry Toft")
    assert "Medlemmer: Gry Toft" in (await newest(empty, "steering")).text
    await empty.say("finn", "steering", "/gruppe forlad")
    await empty.say("gry", "steering", "/gruppe forlad")
    assert "Er det rigtigt, så tryk Bekræft." in (await newest(empty, "steering")).text
    await empty.say("bo", "group", "/gruppe beslutninger")
    assert "Styregruppen har ingen medlemmer længere" in await told(empty, "bo")


async def test_a_button_confirms_the_claim_that_stood_beside_it(empty: LocalDriver) -> None:
    await found(empty)
    await join(empty, "bo", "550")
    old = await show_members(empty)
    await join(empty, "bo", "101")
    await empty.press("anna", old, "Bekræft Bo Lind")
    assert "de har ændret det imens" in await told(empty, "anna")
    assert "København Bo Lind (afventer bekræftelse)" in (await show_members(empty)).text


async def test_once_others_are_confirmed_only_they_stand_behind_the_leader(empty: LocalDriver) -> None:
    await found(empty)
    await join(empty, "bo", "550")
    await join(empty, "carla", "400")
    await empty.press("anna", await show_members(empty), "Bekræft Bo Lind")
    welcome = next(one for one in await empty.messages("anna", "group") if "Velkommen" in one.text)
    await empty.press("carla", welcome, "Bekræft Anna Holm som leder")
    assert "en bekræftet repræsentant" in await told(empty, "carla")
    await empty.press("bo", welcome, "Bekræft Anna Holm som leder")
    assert "har bekræftet Anna Holm" in (await newest(empty)).text


async def test_only_the_chair_confirms_the_committee(empty: LocalDriver) -> None:
    await found(empty, steering="styregruppe")
    await empty.press("gry", await newest(empty, "steering"), "Bekræft")
    for person in ("finn", "hans"):
        await empty.press(person, await newest(empty, "steering"), "Jeg sidder i styregruppen")
    await empty.press("gry", await newest(empty, "steering"), "Bekræft Finn Bech")
    await empty.press("finn", await newest(empty, "steering"), "Bekræft Hans Vang")
    assert await told(empty, "finn") == "Det kan kun styregruppens formand, Gry Toft, gøre."
    await empty.press("gry", await newest(empty, "steering"), "Bekræft Hans Vang")
    assert "Medlemmer: Finn Bech og Hans Vang" in (await newest(empty, "steering")).text


async def test_a_leader_who_wants_peace_is_not_written_to(empty: LocalDriver) -> None:
    await found(empty)
    await empty.say("anna", "group", "/gruppe stille")
    await join(empty, "bo", "550")
    await empty.forward(24)
    assert await empty.messages("anna", "dm") == []
    assert "Bekræft Bo Lind" in (await show_members(empty)).buttons
