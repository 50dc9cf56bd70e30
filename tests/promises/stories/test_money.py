"""Stories of money on every platform: the frame, what binds it, invoices, pledges, and the report of all of it."""

from __future__ import annotations

from storage.session import Storage
from tests.promises.driver import Driver
from tests.promises.stories.telling import DAY, NB, direct, newest, offered, press_offered, set_frame, told
from tests.ready import make_ready


async def books(driver: Driver, person: str = "anna") -> str:
    await driver.say(person, "group", "/gruppe økonomi")
    return await told(driver, person)


async def start(driver: Driver, number: int) -> None:
    await driver.say("anna", "group", f"/ønske status {number} start")
    assert await driver.submit("anna", {"basis": "Møde"}) == {}


async def test_the_committee_sets_the_frame_and_a_started_wish_binds_money(driver: Driver, storage: Storage) -> None:
    await make_ready(storage, "Vis mailadresse i listen", estimates=[40_000])
    assert "Den økonomiske ramme for 2026 er ikke sat" in await books(driver)
    errors = await set_frame(driver, "16.5", "mange")
    assert set(errors) == {"frame", "ceiling"}
    assert "kan betyde to ting" in errors["frame"]
    typed = {"frame": "250.000", "ceiling": "50.000", "mandate": "10.000", "note": "Styregruppemøde 27. august"}
    assert await driver.submit("gry", dict(typed)) == {}
    said = (await newest(driver)).text
    assert "Gry Toft har for styregruppen sat økonomien for 2026:" in said
    assert f"Økonomisk ramme: 250.000{NB}kr." in said
    assert f"Mandat til hastesager: 10.000{NB}kr." in said
    await start(driver, 1)
    text = await books(driver, "hans")
    assert f"Der er 210.000{NB}kr. til rådighed i 2026." in text
    assert f"#1 Vis mailadresse i listen | 40.000{NB}kr. | 0{NB}kr." in text
    shown = await offered(driver, "hans", "Vis rapporten")
    assert list(shown.buttons) == ["Vis rapporten"]
    await driver.press("hans", shown, "Vis rapporten")
    report = await told(driver, "hans")
    assert "Økonomirapport 2026" in report
    assert f"01.09.2026 | Ramme | – | 250.000{NB}kr. | Styregruppemøde 27. august" in report
    assert f"01.09.2026 | Disponering | #1 Vis mailadresse i listen | 40.000{NB}kr. | –" in report


async def test_an_invoice_lowers_what_is_bound_and_can_be_undone(driver: Driver, storage: Storage) -> None:
    await make_ready(storage, "Vis mailadresse i listen", estimates=[40_000])
    assert await set_frame(driver) == {}
    await start(driver, 1)
    await books(driver, "finn")
    await press_offered(driver, "finn", "Registrér faktura")
    assert list(await driver.submit("finn", {"wish": "#1", "amount": "0"})) == ["amount"]
    assert await driver.submit("finn", {"amount": "15.000", "last": "true"}) == {}
    booked = await offered(driver, "finn", "Fortryd")
    assert f"Bogført: 15.000{NB}kr. (#1 Vis mailadresse i listen)." in booked.text
    assert f"Der er 235.000{NB}kr. til rådighed" in booked.text
    await driver.repeat_last()
    assert f"Der er 235.000{NB}kr. til rådighed" in await books(driver)
    await driver.press("finn", booked, "Fortryd")
    assert f"Der er 210.000{NB}kr. til rådighed" in await books(driver)
    await driver.forward(0.1)
    await driver.press("finn", booked, "Fortryd")
    assert "allerede fortrudt" in await told(driver, "finn")


async def test_municipalities_pledge_and_the_leader_shares_the_cost(driver: Driver, storage: Storage) -> None:
    await make_ready(storage, "Vis mailadresse i listen", estimates=[40_000])
    await driver.say("bo", "group", "/ønske tilsagn 1 16.5")
    assert "kan betyde to ting" in await told(driver, "bo")
    await driver.say("bo", "group", "/ønske tilsagn 1 6.000")
    assert f"Tønder giver tilsagn om 6.000{NB}kr. til #1 Vis mailadresse i listen." in (await newest(driver)).text
    await driver.say("bo", "group", "/ønske tilsagn 1")
    assert await driver.submit("bo", {"amount": "2.500"}) == {}
    assert f"Tilsagn fra kommuner: 2.500{NB}kr." in await books(driver)
    await driver.say("anna", "group", "/ønske tilsagn 1")
    everybody: list[str] = ["Bornholm", "Favrskov", "Tønder"]
    assert await driver.submit("anna", {"amount": "40.000", "units": everybody}) == {}
    said = (await newest(driver)).text
    assert "Anna Holm har fordelt udgiften til #1 Vis mailadresse i listen:" in said
    assert f"Tønder | 13.333,33{NB}kr." in said
    assert f"I alt | 40.000{NB}kr." in said
    await driver.forward(DAY)
    assert await direct(driver, "bo", f"Anna Holm har skrevet Tønder op for et tilsagn på 13.333,33{NB}kr.")
    await driver.say("hans", "group", "/ønske tilsagn 1 10")
    assert "Det kan kun gruppens leder eller en kommunes repræsentant gøre" in await told(driver, "hans")
