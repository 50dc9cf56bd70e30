"""Stories of meetings on every platform: planned, answered by emoji, prepared, held, counted, moved and called off."""

from __future__ import annotations

import datetime as dt

from icalendar import Calendar

from tests.promises.driver import Driver, SeenMessage
from tests.promises.stories.telling import DAY, NB, direct, newest, press_offered, public, submit_wish, told

PLAN = {"title": "Efterårsmøde", "date": "2026-09-10", "time": "13:00", "place": "Favrskov Rådhus"}


async def plan(driver: Driver, **more: str) -> SeenMessage:
    await driver.say("anna", "group", "/møde")
    assert await driver.submit("anna", {**PLAN, **more}) == {}
    return await meeting(driver)


async def meeting(driver: Driver, number: int = 1) -> SeenMessage:
    """The meeting's card as it is now."""
    return next(one for one in await public(driver) if one.text.startswith(f"Møde {number}: "))


async def calendar_files(driver: Driver) -> list[bytes]:
    return [await driver.open_file("bo", one) for one in await public(driver) if one.files]


async def test_a_meeting_is_planned_with_its_card_its_emojis_and_a_calendar_file(driver: Driver) -> None:
    await driver.say("anna", "group", "/møde")
    errors = await driver.submit("anna", {**PLAN, "date": "2026-08-31", "minutes_long": "mange"})
    assert set(errors) == {"date", "minutes_long"}
    assert "Tidspunktet er passeret." in errors["date"]
    assert await driver.submit("anna", {"date": "2026-09-10", "minutes_long": "90"}) == {}
    shown = await meeting(driver)
    assert f"torsdag 10. september 2026 kl.{NB}13.00" in shown.text
    assert "Favrskov Rådhus" in shown.text
    assert set(shown.reactions) == {"white_check_mark", "x"}
    (file,) = [one for one in await public(driver) if one.files]
    assert (file.files, file.thread) == (("moede-1.ics",), shown.id)
    (event,) = Calendar.from_ical(await driver.open_file("bo", file)).walk("VEVENT")
    assert event.decoded("DTSTART").astimezone(dt.UTC) == dt.datetime(2026, 9, 10, 11, tzinfo=dt.UTC)
    assert event.decoded("DTEND") - event.decoded("DTSTART") == dt.timedelta(minutes=90)
    assert str(event["LOCATION"]) == "Favrskov Rådhus"


async def test_people_answer_by_emoji_button_and_word_and_send_somebody_else(driver: Driver) -> None:
    shown = await plan(driver)
    await driver.react("bo", shown, "white_check_mark")
    assert "Kommer: Tønder" in (await meeting(driver)).text
    await driver.press("carla", shown, "Afbud")
    assert await driver.submit("carla", {"substitute": "Jens Kjær"}) == {}
    assert "Afbud: Bornholm (stedfortræder: Jens Kjær)" in (await meeting(driver)).text
    await driver.say("dan", "group", "/møde kommer 1")
    text = (await meeting(driver)).text
    assert "Kommer: Tønder og Favrskov" in text or "Kommer: Favrskov og Tønder" in text
    await driver.react("bo", shown, "white_check_mark", on=False)
    await driver.react("bo", shown, "x")
    text = (await meeting(driver)).text
    assert "Kommer: Favrskov\n" in text
    assert "Tønder" in text.partition("Afbud: ")[2].splitlines()[0]
    await driver.say("bo", "group", "/møde dagsorden 1")
    assert "Bornholm (stedfortræder: Jens Kjær)" in await told(driver, "bo")


async def test_the_agenda_comes_a_week_before_and_the_silent_are_asked_the_day_before(driver: Driver) -> None:
    shown = await plan(driver, agenda="Valg af referent\nTest i november")
    await submit_wish(driver, "Vis mailadresse")
    await driver.react("bo", shown, "white_check_mark")
    await driver.forward(2 * DAY + 6)
    agenda = (await newest(driver)).text
    assert "Dagsorden for møde 1" in agenda
    assert "1. Valg af referent" in agenda
    assert "2. Test i november" in agenda
    assert "#1 Vis mailadresse" in agenda
    assert "Input til styregruppen" in agenda
    await driver.forward(6 * DAY)
    (asked,) = await direct(driver, "carla", "Kommer du til møde 1")
    assert "Skriv /møde kommer 1 eller /møde afbud 1." in asked.text
    assert not await direct(driver, "bo", "Kommer du til møde 1")


async def test_a_meeting_is_held_counts_towards_the_minimum_and_has_minutes(driver: Driver) -> None:
    await driver.react("bo", await plan(driver, date="2026-09-03"), "white_check_mark")
    await driver.say("anna", "group", "/møde afholdt 1")
    assert "ikke begyndt endnu" in await told(driver, "anna")
    await driver.forward(3 * DAY)
    assert await direct(driver, "anna", "Blev møde 1, Efterårsmøde, holdt torsdag 3. september 2026")
    await driver.say("anna", "group", "/møde afholdt 1")
    form = await driver.form("anna")
    assert form is not None
    assert form.fields["came"].chosen == ["Tønder"]
    assert await driver.submit("anna", {"came": ["Tønder", "Bornholm"]}) == {}
    assert "I har nu holdt 1 af årets 4." in await told(driver, "anna")
    assert "Til stede: Bornholm og Tønder" in (await meeting(driver)).text
    await driver.say("bo", "group", "/møde status")
    status = await told(driver, "bo")
    assert "Holdt: 1" in status
    assert "Minimum i år: 4" in status
    assert "I er ét møde bagud i år." in status
    await driver.say("anna", "group", "/møde referat 1")
    assert await driver.submit("anna", {"minutes": "Vi gennemgik ønskerne."}) == {}
    minutes = (await newest(driver)).text
    assert "Referat af møde 1" in minutes
    assert "Vi gennemgik ønskerne." in minutes
    assert "Beslutningsloggens kontrolkode: " in minutes


async def test_a_moved_and_a_cancelled_meeting_are_the_same_calendar_entry(driver: Driver) -> None:
    shown = await plan(driver)
    await driver.say("anna", "group", "/møde dagsorden 1")
    await press_offered(driver, "anna", "Ret mødet")
    assert await driver.submit("anna", {"time": "14.30"}) == {}
    assert f"kl.{NB}14.30" in (await meeting(driver)).text
    await driver.say("anna", "group", "/møde aflys 1 For få kan komme")
    assert await driver.submit("anna", {}) == {}
    news = "Møde 1 er aflyst: Efterårsmøde. Begrundelse: For få kan komme"
    assert [one.text for one in await public(driver) if "aflyst:" in one.text] == [news]
    assert (await meeting(driver)).buttons == {}
    first, moved, gone = [Calendar.from_ical(one).walk("VEVENT")[0] for one in await calendar_files(driver)]
    assert [str(one["STATUS"]) for one in (first, moved, gone)] == ["CONFIRMED", "CONFIRMED", "CANCELLED"]
    assert int(first["SEQUENCE"]) < int(moved["SEQUENCE"]) < int(gone["SEQUENCE"])
    assert first["UID"] == moved["UID"] == gone["UID"]
    await driver.react("bo", shown, "white_check_mark")
    assert await told(driver, "bo") == "Møde 1 er aflyst."


async def test_a_date_is_found_by_clicks_and_chosen_from_a_list(driver: Driver) -> None:
    await driver.say("anna", "group", "/møde dato")
    errors = await driver.submit("anna", {"title": "Budgetmøde", "times": "1. oktober kl. 13\nmåske"})
    assert "Linjen »måske« er ikke et tidspunkt." in errors["times"]
    assert await driver.submit("anna", {"times": "1. oktober kl. 13\nfredag den 2/10 kl 9.30"}) == {}
    search = await newest(driver)
    assert set(search.reactions) == {"one", "two"}
    await driver.react("bo", search, "two")
    await driver.react("carla", search, "two")
    await driver.press("dan", search, "Svar uden emojis")
    assert await driver.submit("dan", {"times": ["torsdag 1. oktober"]}) == {}
    search = await newest(driver)
    assert "2 kan: Bo Lind og Carla Friis" in search.text
    assert "én kan: Dan Krogh" in search.text
    (choice,) = search.selects
    await driver.choose("bo", search, choice, "2. oktober")
    assert "Det kan kun gruppens leder gøre" in await told(driver, "bo")
    await driver.choose("anna", search, choice, "2. oktober")
    shown = await meeting(driver)
    assert shown.text.startswith("Møde 1: Budgetmøde\n")
    assert f"Hvornår: fredag 2. oktober 2026 kl.{NB}09.30" in shown.text


async def test_who_falls_behind_the_minimum_hears_it_once_for_each_step(driver: Driver) -> None:
    await driver.say("anna", "group", "/gruppe indstillinger")
    assert await driver.submit("anna", {"minimum": "13"}) == {}
    await driver.forward(9 * DAY)
    first, second = [one.text for one in await public(driver) if "bagud" in one.text]
    assert first.startswith("Godmorgen!")
    assert "I er 8 møder bagud i år. Planlæg det næste med /møde." in first
    assert "I er 9 møder bagud i år." in second
