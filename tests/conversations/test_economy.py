"""Conversations about money: the frame, invoices, pledges and the report, as people see them."""

from __future__ import annotations

import pytest

from storage.enums import Role, Urgency, WishStatus
from storage.models.members import Group
from storage.queries import economy, members, wishes
from tests.conftest import START
from tests.promises.local import LocalDriver
from tests.ready import make_ready

NB = "\u00a0"


@pytest.fixture
async def world(chat: LocalDriver) -> LocalDriver:
    await make_ready(chat.runtime.storage, "Vis mailadresse i listen", "Hurtigere søgning", estimates=[40_000, 30_000])
    return chat


async def told(world: LocalDriver, person: str) -> str:
    """The last line that only this person has been shown."""
    return (await world.messages(person, "private"))[-1].text


async def last(world: LocalDriver, channel: str = "group") -> str:
    return [one for one in await world.messages("anna", channel) if one.author == "Ønskebot"][-1].text


async def books(world: LocalDriver, person: str = "anna") -> str:
    await world.say(person, "group", "/gruppe økonomi")
    return await told(world, person)


async def press_told(world: LocalDriver, person: str, label: str) -> None:
    """Press a button on the last line that only this person has been shown."""
    await world.press(person, (await world.messages(person, "private"))[-1], label)


async def set_frame(world: LocalDriver, **values: str | list[str]) -> dict[str, str]:
    await books(world, "gry")
    await press_told(world, "gry", "Sæt ramme")
    return await world.submit("gry", {"frame": "250.000", "ceiling": "50.000", **values})


async def start_wish(world: LocalDriver, number: int) -> None:
    await world.say("anna", "group", f"/ønske status {number} start")
    assert await world.submit("anna", {"basis": "meeting"}) == {}


async def test_without_a_frame_the_books_say_so(world: LocalDriver) -> None:
    text = await books(world)
    assert "Den økonomiske ramme for 2026 er ikke sat" in text
    assert "Økonomisk ramme: ikke sat" in text
    assert "ikke disponeret noget" in text


@pytest.mark.parametrize("words", ["økonomi", "oekonomi", "okonomi", "economy", "Økonomi 2026"])
async def test_every_word_for_the_books(world: LocalDriver, words: str) -> None:
    await world.say("hans", "group", f"/gruppe {words}")
    assert "Økonomi 2026" in await told(world, "hans")


async def test_a_year_without_books(world: LocalDriver) -> None:
    await world.say("hans", "group", "/gruppe økonomi sidste år")
    assert "»sidste år« er ikke et år" in await told(world, "hans")


async def test_the_committee_sets_the_frame_and_everybody_hears_it(world: LocalDriver) -> None:
    assert await set_frame(world, mandate="10.000", note="Styregruppemøde 27. august") == {}
    said = await last(world)
    assert "Gry Toft har for styregruppen sat økonomien for 2026:" in said
    assert f"Økonomisk ramme: 250.000{NB}kr." in said
    assert f"Mandat til hastesager: 10.000{NB}kr." in said
    assert "Styregruppemøde 27. august" in said
    text = await books(world, "hans")
    assert f"Der er 250.000{NB}kr. til rådighed i 2026." in text
    assert f"Loft pr. ønske: 50.000{NB}kr." in text


async def test_a_frame_can_be_changed_and_the_old_one_is_gone(world: LocalDriver) -> None:
    await set_frame(world)
    await books(world, "gry")
    await press_told(world, "gry", "Sæt ramme")
    form = await world.form("gry")
    assert form is not None
    assert (form.fields["frame"].value, form.fields["ceiling"].value) == ("250.000", "50.000")
    assert await world.submit("gry", {"frame": "300000", "ceiling": ""}) == {}
    text = await books(world)
    assert f"Økonomisk ramme: 300.000{NB}kr." in text
    assert "Loft pr. ønske: ingen" in text


async def test_what_is_prioritised_is_not_bound_yet_and_the_books_say_so(world: LocalDriver) -> None:
    await set_frame(world)
    assert "Prioriteret" not in await books(world)
    await make_ready(world.runtime.storage, "Ny knap", estimates=[None])
    async with world.runtime.storage.write() as session:
        for wish in await wishes.list_wishes(session, 1):
            wish.status = WishStatus.PRIORITISED
    text = await books(world)
    assert f"Der er 250.000{NB}kr. til rådighed i 2026." in text
    waiting = f"70.000{NB}kr. (180.000{NB}kr., når de er sat i gang) og ét uden estimat"
    assert f"Prioriteret, ikke sat i gang endnu: {waiting}" in text
    await start_wish(world, 1)
    text = await books(world)
    assert f"Der er 210.000{NB}kr. til rådighed i 2026." in text
    assert f"30.000{NB}kr. (180.000{NB}kr., når de er sat i gang) og ét uden estimat" in text
    await world.say("anna", "group", "/gruppe økonomi 2027")
    assert "Prioriteret" not in await told(world, "anna")


async def test_next_years_frame_can_be_set_now(world: LocalDriver) -> None:
    await set_frame(world, year="2027", frame="100.000")
    assert "er ikke sat" in await books(world)
    await world.say("anna", "group", "/gruppe økonomi 2027")
    assert f"Der er 100.000{NB}kr. til rådighed i 2027." in await told(world, "anna")


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"frame": "16.5"}, ("frame", "kan betyde to ting")),
        ({"frame": "-1"}, ("frame", "kan ikke være negativt")),
        ({"frame": "mange"}, ("frame", "»mange« er ikke et beløb")),
        ({"frame": ""}, ("frame", "Skriv rammen")),
        ({"ceiling": "mange"}, ("ceiling", "»mange« er ikke et beløb")),
        ({"note": "x" * 201}, ("note", "Der er plads til 200")),
        ({"year": "1999"}, ("year", "Vælg et fra listen")),
    ],
)
async def test_a_frame_that_can_not_be_set(
    world: LocalDriver, typed: dict[str, str], sentence: tuple[str, str]
) -> None:
    errors = await set_frame(world, **typed)
    assert list(errors) == [sentence[0]]
    assert sentence[1] in errors[sentence[0]]
    assert "er ikke sat" in await books(world)


async def test_the_same_frame_again_changes_nothing(world: LocalDriver) -> None:
    await set_frame(world)
    assert "intet er ændret" in (await set_frame(world))[""]


async def test_where_there_is_a_committee_the_leader_does_not_set_the_frame(world: LocalDriver) -> None:
    await books(world)
    buttons = (await world.messages("anna", "private"))[-1].buttons
    assert "Registrér faktura" in buttons
    assert "Sæt ramme, loft og mandat" not in buttons


async def test_a_guest_has_no_buttons_that_change_anything(world: LocalDriver) -> None:
    await books(world, "hans")
    assert list((await world.messages("hans", "private"))[-1].buttons) == ["Vis rapporten"]


async def test_a_started_wish_is_committed_and_paid_in_parts(world: LocalDriver) -> None:
    await set_frame(world)
    await start_wish(world, 1)
    text = await books(world)
    assert f"Der er 210.000{NB}kr. til rådighed" in text
    assert f"#1 Vis mailadresse i listen | 40.000{NB}kr. | 0{NB}kr." in text
    await press_told(world, "anna", "Registrér faktura")
    form = await world.form("anna")
    assert form is not None
    assert form.fields["wish"].options == {
        "wish:1": f"#1 Vis mailadresse i listen (disponeret: 40.000{NB}kr.)",
        "none": "Ikke til et ønske",
    }
    assert await world.submit("anna", {"wish": "wish:1", "amount": "15.000", "note": "Faktura 17"}) == {}
    assert f"Bogført: 15.000{NB}kr. (#1 Vis mailadresse i listen)." in await told(world, "anna")
    text = await books(world)
    assert f"#1 Vis mailadresse i listen | 25.000{NB}kr. | 15.000{NB}kr." in text
    assert f"Der er 210.000{NB}kr. til rådighed" in text


async def test_the_last_invoice_releases_the_rest_and_can_be_undone(world: LocalDriver) -> None:
    await set_frame(world)
    await start_wish(world, 1)
    await books(world, "finn")
    await press_told(world, "finn", "Registrér faktura")
    assert await world.submit("finn", {"wish": "wish:1", "amount": "15.000", "last": "true"}) == {}
    assert f"Der er 235.000{NB}kr. til rådighed" in await told(world, "finn")
    booked = (await world.messages("finn", "private"))[-1]
    await world.press("finn", booked, "Fortryd")
    assert f"Der er 210.000{NB}kr. til rådighed" in await told(world, "finn")
    await world.press("finn", booked, "Fortryd")
    assert "allerede fortrudt" in await told(world, "finn")


async def test_an_invoice_beyond_what_was_committed_says_so(world: LocalDriver) -> None:
    await set_frame(world)
    await start_wish(world, 1)
    await books(world)
    await press_told(world, "anna", "Registrér faktura")
    assert await world.submit("anna", {"wish": "wish:1", "amount": "45.000"}) == {}
    assert f"5.000{NB}kr. af fakturaen var ikke disponeret" in await told(world, "anna")


async def test_an_invoice_that_can_not_be_booked(world: LocalDriver) -> None:
    await books(world)
    await press_told(world, "anna", "Registrér faktura")
    errors = await world.submit("anna", {"amount": "1"})
    assert errors["wish"] == "Vælg, hvad fakturaen er for, eller »Ikke til et ønske«."
    errors = await world.submit("anna", {"wish": "wish:x", "amount": "0"})
    assert "Vælg et fra listen" in errors["wish"]
    assert "Beløbet er 0" in errors["amount"]


async def test_a_wish_that_ends_gives_back_what_is_left(world: LocalDriver) -> None:
    await set_frame(world)
    await start_wish(world, 1)
    await world.say("anna", "group", "/ønske status 1 leveret")
    await world.say("anna", "group", "/ønske status 1 luk")
    assert await world.submit("anna", {"basis": "meeting"}) == {}
    text = await books(world)
    assert f"Der er 250.000{NB}kr. til rådighed" in text
    assert "Disponeret, ikke faktureret: 0" in text


async def test_a_wish_beyond_the_frame_is_not_started_but_can_be_recommended(world: LocalDriver) -> None:
    await set_frame(world, ceiling="35.000")
    await world.say("anna", "group", "/ønske status 1 start")
    offer = (await world.messages("anna", "private"))[-1]
    assert f"koster 40.000{NB}kr., og uden styregruppen må et ønske højst koste 35.000{NB}kr." in offer.text
    assert "Indstil til styregruppen" in offer.buttons
    async with world.runtime.storage.read() as session:
        wish = await wishes.find_wish(session, 1, 1)
    assert wish is not None
    assert wish.status is WishStatus.READY


async def test_an_acute_wish_may_use_the_standing_mandate(world: LocalDriver) -> None:
    await set_frame(world, ceiling="35.000", mandate="40.000")
    await world.say("anna", "group", "/ønske status 1 start")
    assert "Indstil til styregruppen" in (await world.messages("anna", "private"))[-1].buttons
    async with world.runtime.storage.write() as session:
        wish = await wishes.find_wish(session, 1, 1)
        assert wish is not None
        wish.urgency = Urgency.CRITICAL
    await start_wish(world, 1)
    async with world.runtime.storage.read() as session:
        used = await economy.list_mandate_uses(session, 1, START)
    assert [(entry.subject, entry.facts["amount"], entry.decision) for entry in used] == [("wish:1", 40_000_00, True)]


async def test_a_new_estimate_of_a_started_wish_changes_what_is_committed(world: LocalDriver) -> None:
    await set_frame(world)
    await start_wish(world, 1)
    await books(world)
    await press_told(world, "anna", "Registrér faktura")
    assert await world.submit("anna", {"wish": "wish:1", "amount": "15.000"}) == {}
    await world.say("eva", "group", "/ønske estimat 1 50.000")
    assert f"#1 Vis mailadresse i listen | 35.000{NB}kr. | 15.000{NB}kr." in await books(world)


async def test_a_pledge_counts_for_its_wish(world: LocalDriver) -> None:
    await set_frame(world, frame="30.000")
    await world.say("bo", "group", "/ønske tilsagn 1 6.000")
    assert f"Dit tilsagn til ønske #1 er nu 6.000{NB}kr." in await told(world, "bo")
    assert f"Tønder giver tilsagn om 6.000{NB}kr. til #1 Vis mailadresse i listen." in await last(world)
    await world.say("anna", "group", "/ønske status 1 start")
    assert f"der er kun 36.000{NB}kr. til det i år" in await told(world, "anna")
    await world.say("carla", "group", "/ønske tilsagn #1 4.000 kr.")
    assert f"I alt | 10.000{NB}kr." in await last(world)
    await start_wish(world, 1)
    text = await books(world)
    assert f"Der er 0{NB}kr. til rådighed" in text
    assert f"Betales uden for rammen: 10.000{NB}kr." in text


async def test_a_pledge_is_changed_and_withdrawn(world: LocalDriver) -> None:
    await world.say("bo", "group", "/ønske tilsagn 1 6.000")
    await world.say("bo", "group", "/ønske tilsagn 1 6000")
    assert f"Tønder har allerede et tilsagn på 6.000{NB}kr." in await told(world, "bo")
    await world.say("bo", "group", "/ønske tilsagn 1")
    form = await world.form("bo")
    assert form is not None
    assert form.fields["amount"].value == "6.000"
    assert await world.submit("bo", {"amount": "2.500"}) == {}
    assert f"Tilsagn fra kommuner: 2.500{NB}kr." in await books(world)
    await world.say("bo", "group", "/ønske tilsagn 1 0")
    assert "Tønder trækker sit tilsagn" in await last(world)
    assert "Tilsagn fra kommuner" not in await books(world)


@pytest.mark.parametrize(
    ("person", "text", "sentence"),
    [
        ("bo", "/ønske tilsagn 1 16.5", "kan betyde to ting"),
        ("bo", "/ønske tilsagn 1 -1", "kan ikke være negativt"),
        ("bo", "/ønske tilsagn 1 mange", "»mange« er ikke et beløb"),
        ("bo", "/ønske tilsagn 99 10", "Der er intet ønske #99"),
        ("hans", "/ønske tilsagn 1 10", "Det kan kun gruppens leder eller en kommunes repræsentant gøre"),
    ],
)
async def test_a_pledge_that_can_not_be_given(world: LocalDriver, person: str, text: str, sentence: str) -> None:
    await world.say(person, "group", text)
    assert sentence in await told(world, person)
    assert "Tilsagn fra kommuner" not in await books(world)


async def test_the_leader_shares_the_cost_equally(world: LocalDriver) -> None:
    await world.say("anna", "group", "/ønske tilsagn 1")
    form = await world.form("anna")
    assert form is not None
    assert form.fields["amount"].value == "40.000"
    units = {label: value for value, label in form.fields["units"].options.items()}
    assert await world.submit("anna", {"units": list(units.values())}) == {}
    said = await last(world)
    assert "Anna Holm har fordelt udgiften til #1 Vis mailadresse i listen:" in said
    assert f"Bornholm | 13.333,34{NB}kr." in said
    assert f"Tønder | 13.333,33{NB}kr." in said
    assert f"I alt | 40.000{NB}kr." in said
    await world.forward(24)
    note = (await world.messages("bo", "dm"))[-1].text
    assert f"Anna Holm har skrevet Tønder op for et tilsagn på 13.333,33{NB}kr." in note


async def test_the_leader_shares_by_citizens_and_by_hand(world: LocalDriver) -> None:
    await world.say("anna", "group", "/ønske tilsagn 1")
    lines = "Tønder: 30.000\nBornholm 10.000\n"
    assert await world.submit("anna", {"way": "citizens", "amount": "40.000", "lines": lines}) == {}
    assert f"Tønder | 30.000{NB}kr." in await last(world)
    await world.say("anna", "group", "/ønske tilsagn 1")
    assert await world.submit("anna", {"way": "by_hand", "lines": "tønder 12.000 kr."}) == {}
    said = await last(world)
    assert f"Bornholm | 10.000{NB}kr." in said
    assert f"Tønder | 12.000{NB}kr." in said


@pytest.mark.parametrize(
    ("values", "field", "sentence"),
    [
        ({"way": "by_hand", "lines": "Aarhus 10.000"}, "lines", "Jeg forstår ikke linjen »Aarhus 10.000«"),
        ({"way": "by_hand", "lines": "Tønder 16.5"}, "lines", "kan betyde to ting"),
        ({"way": "by_hand", "lines": "Tønder 1\nTønder 2"}, "lines", "står der to gange"),
        ({"way": "by_hand", "lines": ""}, "lines", "Skriv mindst én linje"),
        ({"way": "citizens", "lines": "Tønder mange"}, "lines", "Skriv et helt tal"),
        ({"way": "equal", "units": []}, "units", "Vælg mindst én kommune"),
        ({"way": "equal", "amount": "0"}, "amount", "Beløbet er 0"),
        ({"way": "magic"}, "way", "Vælg et fra listen"),
    ],
)
async def test_a_sharing_that_can_not_be(
    world: LocalDriver, values: dict[str, str | list[str]], field: str, sentence: str
) -> None:
    await world.say("anna", "group", "/ønske tilsagn 1")
    errors = await world.submit("anna", values)
    assert list(errors) == [field]
    assert sentence in errors[field]
    assert "Tilsagn fra kommuner" not in await books(world)


async def test_the_report_has_every_entry(world: LocalDriver) -> None:
    await set_frame(world, note="Styregruppemøde 27. august")
    await start_wish(world, 1)
    await world.say("finn", "group", "/gruppe rapport")
    text = await told(world, "finn")
    assert "Økonomirapport 2026" in text
    assert "OS2test, opgjort 1. september 2026" in text
    assert f"Der er 210.000{NB}kr. til rådighed i 2026." in text
    assert f"01.09.2026 | Ramme | – | 250.000{NB}kr. | Styregruppemøde 27. august" in text
    assert f"01.09.2026 | Disponering | #1 Vis mailadresse i listen | 40.000{NB}kr. | –" in text


async def test_a_form_sent_twice_books_once(world: LocalDriver) -> None:
    await set_frame(world)
    await books(world)
    await press_told(world, "anna", "Registrér faktura")
    assert await world.submit("anna", {"wish": "none", "amount": "15.000"}) == {}
    await world.repeat_last()
    assert f"Der er 235.000{NB}kr. til rådighed" in await books(world)


async def test_the_secretariat_gets_one_line_at_the_quarters_end(world: LocalDriver) -> None:
    await set_frame(world)
    await start_wish(world, 1)
    await world.say("finn", "group", "/gruppe rapport")
    before = len(await world.messages("finn", "dm"))
    await world.forward(30 * 24)
    lines = [one.text for one in (await world.messages("finn", "dm"))[before:]]
    assert len([text for text in lines if "3. kvartal 2026: forbrugt 0" in text]) == 1
    assert not [one for one in await world.messages("bo", "dm") if "kvartal" in one.text]


async def test_an_undone_invoice_does_not_bind_money_to_a_wish_that_has_ended(world: LocalDriver) -> None:
    await set_frame(world)
    await start_wish(world, 1)
    await books(world)
    await press_told(world, "anna", "Registrér faktura")
    assert await world.submit("anna", {"wish": "wish:1", "amount": "15.000"}) == {}
    booked = (await world.messages("anna", "private"))[-1]
    await world.say("anna", "group", "/ønske status 1 leveret")
    await world.say("anna", "group", "/ønske status 1 luk")
    assert await world.submit("anna", {"basis": "meeting"}) == {}
    assert f"Der er 235.000{NB}kr. til rådighed" in await books(world)
    await world.press("anna", booked, "Fortryd")
    assert f"Der er 250.000{NB}kr. til rådighed" in await books(world)


async def test_a_leader_without_a_vote_only_prepares_an_invoice(world: LocalDriver) -> None:
    await set_frame(world)
    await lead(world, "eva")
    await books(world, "eva")
    await press_told(world, "eva", "Registrér faktura")
    assert list(await world.submit("eva", {"wish": "none", "amount": "16.5"})) == ["amount"]
    assert await world.submit("eva", {"wish": "none", "amount": "15.000"}) == {}
    prepared = [one for one in await world.messages("bo", "group") if "har forberedt" in one.text][-1]
    assert "Eva Sommer har forberedt: Bogfør en faktura på »15.000«" in prepared.text
    assert f"Der er 250.000{NB}kr. til rådighed" in await books(world)
    await world.press("bo", prepared, "Bekræft for kommunerne")
    assert f"Der er 235.000{NB}kr. til rådighed" in await books(world)


async def test_where_no_committee_is_bound_the_leader_registers_the_frame_as_told(world: LocalDriver) -> None:
    async with world.runtime.storage.write() as session:
        group = await session.get_one(Group, 1)
        group.steering_channel, group.steering_bound = "", False
    await books(world)
    await press_told(world, "anna", "Sæt ramme")
    assert await world.submit("anna", {"frame": "1,2 mio."}) == {}
    said = await last(world)
    assert "Anna Holm har registreret økonomien for 2026, som den er oplyst:" in said
    assert f"Økonomisk ramme: 1.200.000{NB}kr." in said


async def test_only_the_confirmed_pledge_for_their_municipality(world: LocalDriver) -> None:
    async with world.runtime.storage.write() as session:
        held = await members.find_membership(session, 1, "person-carla", Role.REPRESENTATIVE)
        assert held is not None
        held.confirmed_at = None
    await world.say("carla", "group", "/ønske tilsagn 1 10.000")
    assert "Det kan kun en bekræftet repræsentant for en kommune gøre." in await told(world, "carla")


async def test_the_books_in_english(world: LocalDriver) -> None:
    await set_frame(world)
    await world._post("/api/language", {"as": "hans", "language": "en"}, once=False)
    text = await books(world, "hans")
    assert f"There is DKK{NB}250,000 available in 2026." in text


async def lead(world: LocalDriver, person: str) -> None:
    """This supplier's representative leads the group."""
    async with world.runtime.storage.write() as session:
        held = await members.find_membership(session, 1, f"person-{person}", Role.SUPPLIER)
        assert held is not None
        held.leads, held.confirmed_at, held.confirmed_by = True, START, "person-bo"
