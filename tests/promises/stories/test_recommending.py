"""Stories of recommendations on every platform: what is too dear goes to the committee, and its answer comes back."""

from __future__ import annotations

from storage.session import Storage
from tests.promises.driver import Driver, SeenMessage, Values
from tests.promises.stories.telling import (
    DAY,
    NB,
    TO_DEADLINE,
    direct,
    newest,
    offered,
    open_poll,
    posted,
    public,
    set_frame,
    submit_wish,
    told,
)

TITLE = "Ny integration til ESDH"


async def recommended(driver: Driver) -> SeenMessage:
    """Bo's wish for 80.000 kr. is before the committee: the frame is 250.000, the ceiling 50.000. Carla backs it."""
    assert await set_frame(driver) == {}
    await submit_wish(driver, TITLE, estimate="75.000", benefit="Sparer tid")
    await driver.say("carla", "group", "/ønske støt 1")
    await driver.say("eva", "group", "/ønske estimat 1 80.000")
    await driver.say("anna", "group", "/ønske indstil 1")
    assert await driver.submit("anna", {}) == {}
    return await case(driver)


async def case(driver: Driver) -> SeenMessage:
    return await posted(driver, "Indstilling 1 fra", "steering")


async def books(driver: Driver) -> str:
    await driver.say("anna", "group", "/gruppe økonomi")
    return await told(driver, "anna")


async def test_the_case_has_what_the_committee_needs_and_stands_there_once(driver: Driver) -> None:
    shown = await recommended(driver)
    await driver.repeat_last()
    shown = await case(driver)
    assert f"Det indstilles, at styregruppen godkender, at ønske #1 »{TITLE}« sættes i gang" in shown.text
    assert f"Beløbet er 80.000{NB}kr., og der er 250.000{NB}kr. til rådighed i 2026." in shown.text
    assert f"Over loftet: 30.000{NB}kr." in shown.text
    assert "Sparer tid" in shown.text
    assert "Kommuner bag ønsket: Bornholm" in shown.text
    assert [word for word in ("Godkend", "Afvis", "Udsæt") if not [one for one in shown.buttons if word in one]] == []
    assert "er sendt til styregruppen" in await told(driver, "anna")
    await driver.say("anna", "group", "/ønske indstil 1")
    assert "allerede indstillet" in await told(driver, "anna")
    await driver.press("bo", shown, "Godkend")
    assert "Det kan kun styregruppens medlemmer gøre" in await told(driver, "bo")
    assert "Status: Indstillet" in (await posted(driver, f"#1 {TITLE}\n")).text


async def test_a_yes_comes_back_to_everybody_concerned_and_the_wish_can_start(driver: Driver) -> None:
    await driver.press("gry", await recommended(driver), "Godkend")
    errors = await driver.submit("gry", {"granted": "16.5"})
    assert "kan betyde to ting" in errors["granted"]
    answer: Values = {"granted": "70.000", "source": "inside", "conditions": "Afsluttes i år"}
    assert await driver.submit("gry", answer) == {}
    shown = await case(driver)
    assert f"Styregruppen har godkendt ønske #1 »{TITLE}«." in shown.text
    assert list(shown.buttons) == ["Ret"]
    news = await newest(driver)
    assert f"Styregruppen har godkendt ønske #1 »{TITLE}«." in news.text
    assert f"Bevilget: 70.000{NB}kr. (inden for rammen)" in news.text
    assert "Betingelser: Afsluttes i år" in news.text
    assert f"Der er 180.000{NB}kr. til rådighed i 2026." in news.text
    for person in ("bo", "carla"):
        assert len(await direct(driver, person, "har godkendt")) == 1
    await driver.press("anna", news, "Sæt i gang")
    assert await driver.submit("anna", {"basis": "Møde"}) == {}
    assert "har sat #1 Ny integration til ESDH i gang" in (await newest(driver)).text


async def test_a_not_yet_and_a_no_come_back_with_their_reason_and_a_wrong_answer_is_corrected(driver: Driver) -> None:
    await driver.press("gry", await recommended(driver), "Udsæt")
    assert list(await driver.submit("gry", {"reason": ""})) == ["reason"]
    assert await driver.submit("gry", {"reason": "Vi venter på den nye kontrakt."}) == {}
    news = await newest(driver)
    assert "Styregruppen har udsat ønske #1" in news.text
    assert "Begrundelse: Vi venter på den nye kontrakt." in news.text
    assert len(await direct(driver, "bo", "har udsat ønske #1")) == 1
    await driver.press("gry", await case(driver), "Ret")
    assert await driver.submit("gry", {"outcome": "approved"}) == {}
    assert "Rettelse: det her gælder" in (await newest(driver)).text
    assert f"Bevilget til enkelte ønsker: 80.000{NB}kr." in await books(driver)
    await driver.say("bo", "group", "/ønske Hurtigere søgning")
    assert await driver.submit("bo", {"need": "Den er langsom.", "estimate": "60.000"}) == {}
    await driver.say("anna", "group", "/ønske indstil 2")
    assert await driver.submit("anna", {}) == {}
    await driver.press("gry", await posted(driver, "Indstilling 2 fra", "steering"), "Afvis")
    assert await driver.submit("gry", {"reason": "For dyrt"}) == {}
    assert "Styregruppen har afvist ønske #2" in (await newest(driver)).text
    assert len(await direct(driver, "bo", "har afvist ønske #2")) == 1
    assert f"Bevilget til enkelte ønsker: 80.000{NB}kr." in await books(driver)


async def test_the_committee_votes_first_if_it_likes_and_is_reminded_once(driver: Driver) -> None:
    await driver.press("gry", await recommended(driver), "Stem om det")
    vote = await newest(driver, "steering")
    assert "Afstemning i styregruppen om ønske #1" in vote.text
    assert set(vote.reactions) == {"white_check_mark", "x", "question"}
    await driver.react("gry", vote, "white_check_mark")
    await driver.react("bo", vote, "x")
    assert "stemmer kun styregruppen" in await told(driver, "bo")
    vote = await newest(driver, "steering")
    assert "✅ godkendt Gry Toft" in vote.text
    assert "❌ afvist ingen endnu" in vote.text
    await driver.forward(15 * DAY)
    reminder = await newest(driver, "steering")
    assert f"Ønske #1 »{TITLE}« har ventet på svar siden 1. september 2026." in reminder.text
    assert await direct(driver, "anna", "har ikke fået svar endnu")
    await driver.press("gry", reminder, "Godkend")
    assert await driver.submit("gry", {}) == {}
    assert "Styregruppen har godkendt ønske #1" in (await newest(driver)).text


async def test_what_costs_too_much_to_start_is_offered_as_a_recommendation(driver: Driver) -> None:
    assert await set_frame(driver) == {}
    await submit_wish(driver, TITLE)
    await driver.say("eva", "group", "/ønske estimat 1 80.000")
    await driver.say("anna", "group", "/ønske status 1 screening")
    await driver.say("anna", "group", "/ønske status 1 klar")
    await driver.say("anna", "group", "/ønske status 1 start")
    offer = await offered(driver, "anna", "Indstil til styregruppen")
    assert f"koster 80.000{NB}kr., og uden styregruppen må et ønske højst koste 50.000{NB}kr." in offer.text
    await driver.press("anna", offer, "Indstil til styregruppen")
    errors = await driver.submit("anna", {"recommendation": "Vi vil gerne", "amount": "90.000"})
    assert "skal begynde med »Det indstilles, at styregruppen" in errors["recommendation"]
    assert not await public(driver, "steering")
    sentence = "Det indstilles, at styregruppen godkender, at ønske #1 sættes i gang."
    assert await driver.submit("anna", {"recommendation": sentence}) == {}
    shown = await case(driver)
    assert sentence in shown.text
    assert f"Beløbet er 90.000{NB}kr." in shown.text
    await driver.say("bo", "group", "/ønske træk 1")
    again = await case(driver)
    assert "er taget af bordet" in again.text
    assert again.buttons == {}


async def test_the_form_brings_the_last_polls_result(driver: Driver, storage: Storage) -> None:
    assert await set_frame(driver) == {}
    await open_poll(driver, storage, TITLE, "Hurtigere søgning", estimates=(80_000, 30_000))
    await driver.say("bo", "group", "/afstemning stem 1 1")
    await driver.say("carla", "group", "/afstemning stem 1 2,1")
    await driver.forward(TO_DEADLINE)
    await driver.say("anna", "group", "/ønske indstil 1")
    assert await driver.submit("anna", {}) == {}
    said = "Afstemning 1 (3. september 2026): nr. 1 af 2, ønsket af 2 kommuner. 2 af 3 kommuner stemte."
    assert said in (await case(driver)).text
