"""The promises that hold on every platform: what a person does has the same outcome, once, whatever the chat."""

from __future__ import annotations

import datetime as dt

from bot.clock import MovableClock
from locales import long_date
from storage.session import Storage
from tests.conftest import ZONE
from tests.promises.driver import Driver, SeenMessage
from tests.ready import make_ready


async def _wish(driver: Driver, person: str = "bo", title: str = "Vis mailadresse i listen") -> SeenMessage:
    await driver.say(person, "group", "/ønske")
    assert await driver.submit(person, {"title": title, "need": "Vi leder efter den hver dag."}) == {}
    return (await driver.messages(person, "group"))[-1]


async def test_a_command_opens_a_form_prefilled_with_its_text(driver: Driver) -> None:
    await driver.say("bo", "group", "/ønske Vis mailadresse i listen")
    form = await driver.form("bo")
    assert form is not None
    assert form.title == "Nyt ønske"
    assert form.fields["title"].value == "Vis mailadresse i listen"


async def test_a_wrong_field_gets_its_sentence_and_nothing_is_lost(driver: Driver) -> None:
    await driver.say("bo", "group", "/ønske")
    typed = {"title": "Vis mailadresse", "need": "Vi leder efter den hver dag.", "estimate": "16.5"}
    errors = await driver.submit("bo", typed)
    assert list(errors) == ["estimate"]
    assert "kan betyde to ting" in errors["estimate"]
    form = await driver.form("bo")
    assert form is not None
    assert form.fields["estimate"].value == "16.5"
    assert await driver.submit("bo", {"estimate": "16.500"}) == {}
    card = (await driver.messages("bo", "group"))[-1]
    assert "Vis mailadresse" in card.text
    assert "16.500\u00a0kr." in card.text


async def test_a_card_is_posted_with_its_buttons_and_the_submitter_is_thanked(driver: Driver) -> None:
    card = await _wish(driver)
    assert card.author == "Ønskebot"
    assert "#1 Vis mailadresse i listen" in card.text
    assert {"👍 Støt", "Ret", "Vis"} <= set(card.buttons)
    assert "nummer #1" in (await driver.messages("bo", "dm"))[-1].text


async def test_a_press_changes_the_card_for_everybody(driver: Driver) -> None:
    card = await _wish(driver)
    await driver.press("carla", card, "Støt")
    again = (await driver.messages("anna", "group"))[-1]
    assert again.id == card.id
    assert "Støttes af: Bornholm" in again.text
    await driver.press("bo", again, "Støt")
    assert "Støttes af: Bornholm og Tønder" in (await driver.messages("anna", "group"))[-1].text


async def test_what_happens_to_a_wish_stands_under_its_card(driver: Driver) -> None:
    card = await _wish(driver)
    await driver.say("anna", "group", "/ønske status 1 hold vi venter")
    news = (await driver.messages("hans", "group"))[-1]
    assert news.thread == card.id
    assert "Anna Holm har sat ønsket på hold." in news.text
    assert "vi venter" in news.text
    assert "På hold" in next(one.text for one in await driver.messages("hans", "group") if one.id == card.id)


async def test_an_answer_that_only_one_person_sees(driver: Driver) -> None:
    card = await _wish(driver)
    await driver.press("carla", card, "Vis")
    assert "Vi leder efter den hver dag." in (await driver.messages("carla", "private"))[-1].text
    assert not [one for one in await driver.messages("anna", "private") if "Vi leder" in one.text]


async def test_what_the_chat_delivers_twice_happens_once(driver: Driver) -> None:
    await _wish(driver)
    await driver.repeat_last()
    cards = [one for one in await driver.messages("bo", "group") if "Vis mailadresse" in one.text]
    assert len(cards) == 1


async def test_a_deed_without_the_right_is_refused_in_private(driver: Driver) -> None:
    card = await _wish(driver)
    await driver.press("hans", card, "Støt")
    told = (await driver.messages("hans", "private"))[-1].text
    assert "Det kan kun en kommunes repræsentant gøre" in told
    assert "ingen endnu" in (await driver.messages("anna", "group"))[-1].text


async def test_a_forged_button_gets_nothing(driver: Driver) -> None:
    card = await _wish(driver)
    before = await driver.messages("carla", "private")
    await driver.forge_press("carla", card)
    assert await driver.messages("carla", "private") == before
    assert "ingen endnu" in (await driver.messages("anna", "group"))[-1].text


async def test_words_that_nobody_declared_get_a_sentence(driver: Driver) -> None:
    await driver.say("bo", "group", "/afstemning flyv")
    assert "Jeg kender ikke »flyv«" in (await driver.messages("bo", "private"))[-1].text


async def test_a_text_can_call_nobody(driver: Driver) -> None:
    card = await _wish(driver, title="<!channel> @channel @all & <b>hej</b> *fed*")
    assert "<!channel> @channel @all & <b>hej</b> *fed*" in card.text.replace("\u200b", "").replace("\u2060", "")


async def test_a_colleague_who_is_mentioned_is_found(driver: Driver) -> None:
    await driver.say("bo", "group", f"/gruppe stedfortræder {driver.mention('hans')} til 4. september")
    assert (await driver.messages("bo", "private"))[-1].text == (
        "Hans Vang er nu stedfortræder for dig og taler for Tønder. Det gælder til og med den 4. september 2026. "
        "Hans Vang får besked kl. 9 næste hverdag; sig det selv, hvis det haster."
    )
    await driver.say("bo", "group", "/gruppe stedfortræder @hvemsomhelst")
    assert "hvemsomhelst" in (await driver.messages("bo", "private"))[-1].text


async def _poll(driver: Driver, storage: Storage) -> SeenMessage:
    """A poll that anna opens on two wishes that are ready."""
    await make_ready(storage, "Vis mailadresse i listen", "Hurtigere søgning")
    await driver.say("anna", "group", "/afstemning")
    assert await driver.submit("anna", {"title": "Prioritering af efteråret"}) == {}
    return await _again(driver)


async def test_ten_ready_wishes_are_chosen_beforehand(driver: Driver, storage: Storage) -> None:
    await make_ready(storage, *(f"Ønske nr. {number}" for number in range(1, 11)))
    await driver.say("anna", "group", "/afstemning")
    assert await driver.submit("anna", {"title": "Prioritering af efteråret"}) == {}
    poll = await _again(driver)
    assert all(f"#{number} Ønske nr. {number}" in poll.text for number in range(1, 11))
    assert "keycap_ten" in poll.reactions


async def test_a_poll_is_discussed_then_opened_and_a_wish_comes_late(
    driver: Driver, storage: Storage, clock: MovableClock
) -> None:
    today = clock.now().astimezone(ZONE).date()
    tomorrow = today + dt.timedelta(days=1)
    await make_ready(storage, "Vis mailadresse i listen", "Hurtigere søgning")
    await driver.say("anna", "group", "/afstemning")
    assert await driver.submit("anna", {"title": "Prioritering af efteråret", "debate": tomorrow.isoformat()}) == {}
    debate = await _again(driver)
    assert f"dag {long_date(tomorrow)}" in debate.text.partition("Afstemningen åbner ")[2].splitlines()[0]
    assert not debate.reactions
    await driver.react("bo", debate, "one")
    assert "dit klik tæller ikke" in (await driver.messages("bo", "private"))[-1].text
    assert [one for one in await driver.messages("anna", "private") if "Åbn nu" in one.buttons]
    await driver.say("anna", "group", "/afstemning ret 1")
    form = await driver.form("anna")
    assert form is not None
    assert form.title.startswith("Ret afstemning 1")
    assert await driver.submit("anna", {"debate": ""}) == {}
    poll = await _again(driver)
    assert poll.id != debate.id
    assert "0 af 3 kommuner har stemt" in poll.text
    await make_ready(storage, "Et sent ønske")
    await driver.say("anna", "group", "/afstemning tilføj 1 3")
    poll = await _again(driver)
    assert f"Version 2: #3 kom til den {long_date(today)}." in poll.text
    await driver.react("bo", poll, "three")
    assert "1 af 3 kommuner har stemt" in (await _again(driver)).text


async def _again(driver: Driver, person: str = "bo") -> SeenMessage:
    return (await driver.messages(person, "group"))[-1]


async def test_one_poll_with_a_click(driver: Driver, storage: Storage) -> None:
    poll = await _poll(driver, storage)
    assert "Tallet ved en emoji er klik, ikke stemmer. Hver kommune tæller én gang." in poll.text
    assert "#1 Vis mailadresse i listen" in poll.text
    assert poll.text.count("20.000\u00a0kr. · 0 kommuner") == 2
    assert "0 af 3 kommuner har stemt" in poll.text
    assert {"one", "two"} <= set(poll.reactions)
    await driver.react("bo", poll, "one")
    counted = await _again(driver)
    assert counted.id == poll.id
    assert counted.text.count("20.000\u00a0kr. · 1 kommune") == 1
    assert "1 af 3 kommuner har stemt" in counted.text
    await driver.react("bo", poll, "one", on=False)
    assert "0 af 3 kommuner har stemt" in (await _again(driver)).text
    await driver.react("bo", poll, "one")
    assert "1 af 3 kommuner har stemt" in (await _again(driver)).text, "who corrects a slip is counted"


async def test_a_guests_click_counts_nothing_and_gets_one_friendly_line(driver: Driver, storage: Storage) -> None:
    poll = await _poll(driver, storage)
    await driver.react("hans", poll, "one")
    await driver.react("hans", poll, "two")
    told = [one.text for one in await driver.messages("hans", "private") if "kommunernes repræsentanter" in one.text]
    assert len(told) == 1
    assert "0 af 3 kommuner har stemt" in (await _again(driver)).text
