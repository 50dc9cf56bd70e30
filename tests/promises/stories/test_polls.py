"""Stories of voting on every platform: by emoji, in words and in a form, by every method, openly and in secret."""

from __future__ import annotations

from storage.session import Storage
from tests.promises.driver import Driver, SeenMessage
from tests.promises.stories.telling import (
    NB,
    TO_DEADLINE,
    found,
    join,
    newest,
    offered,
    open_poll,
    poll,
    press_offered,
    public,
    result,
    told,
)
from tests.ready import make_ready


async def messages_of(driver: Driver) -> list[SeenMessage]:
    return [one for one in await public(driver) if one.text.startswith("Afstemning 1")]


async def private_lines(driver: Driver, person: str, words: str) -> int:
    return sum(words in one.text for one in await driver.messages(person, "private"))


async def test_more_than_ten_candidates_stand_in_several_messages(driver: Driver, storage: Storage) -> None:
    await make_ready(storage, *(f"Ønske nr. {number}" for number in range(1, 13)))
    await driver.say("anna", "group", "/afstemning")
    chosen = [f"#{number}" for number in range(1, 13)]
    assert await driver.submit("anna", {"title": "Prioritering", "wishes": chosen}) == {}
    first, second = await messages_of(driver)
    assert "(1 af 2)" in first.text
    assert "🔟 #10 Ønske nr. 10" in first.text
    assert set(first.reactions) >= {"one", "nine", "keycap_ten"}
    assert "(2 af 2)" in second.text
    assert set(second.reactions) == {"one", "two"}
    await driver.react("bo", second, "two")
    await driver.react("bo", first, "one")
    first, second = await messages_of(driver)
    assert f"#1 Ønske nr. 1 20.000{NB}kr. · 1 kommune\n" in first.text
    assert f"#12 Ønske nr. 12 20.000{NB}kr. · 1 kommune" in second.text
    assert "1 af 3 kommuner har stemt." in second.text


async def test_of_two_colleagues_the_latest_counts_and_both_hear_it(driver: Driver, storage: Storage) -> None:
    shown = await open_poll(driver, storage)
    await driver.react("anna", shown, "one")
    await driver.react("dan", shown, "two")
    text = (await poll(driver)).text
    assert "1 af 3 kommuner har stemt." in text
    assert f"#1 Vis mailadresse 20.000{NB}kr. · 0 kommuner" in text
    assert f"#2 Hurtigere søgning 20.000{NB}kr. · 1 kommune\n" in text
    assert "det seneste svar gælder: nu dit" in await told(driver, "dan")
    await driver.forward(24)
    heard = [one.text for one in await driver.messages("anna", "dm")]
    assert sum("Dan Krogh har stemt for Favrskov i afstemning 1 efter dig" in text for text in heard) == 1
    await driver.react("dan", shown, "two", on=False)
    assert f"#1 Vis mailadresse 20.000{NB}kr. · 1 kommune\n" in (await poll(driver)).text


async def test_who_has_no_vote_and_what_is_no_candidate_get_one_friendly_line(driver: Driver, storage: Storage) -> None:
    shown = await open_poll(driver, storage, most="1")
    await driver.react("eva", shown, "one")
    await driver.react("eva", shown, "two")
    assert await private_lines(driver, "eva", "Det er kommunerne, der stemmer") == 1
    await driver.react("bo", shown, "tada")
    assert await private_lines(driver, "bo", "Den emoji står ikke for noget ønske") == 1
    await driver.react("bo", shown, "two")
    await driver.forward(0.01)
    await driver.react("bo", shown, "one")
    assert "Jeg tæller #2 Hurtigere søgning." in await told(driver, "bo")
    await driver.react("bo", shown, "two", on=False)
    text = (await poll(driver)).text
    assert f"#1 Vis mailadresse 20.000{NB}kr. · 1 kommune\n" in text
    assert "1 af 3 kommuner har stemt." in text


async def test_words_and_forms_answer_as_emojis_do_and_the_last_one_counts(driver: Driver, storage: Storage) -> None:
    shown = await open_poll(driver, storage, most="2")
    await driver.react("bo", shown, "one")
    await driver.forward(0.1)
    await driver.say("bo", "group", "/afstemning stem 1 #2,3")
    assert await private_lines(driver, "bo", "Dit svar i afstemning 1: #2 Hurtigere søgning og #3 Mørk tilstand.") == 1
    assert await private_lines(driver, "bo", "Dit svar erstatter dine klik") == 1
    assert f"#1 Vis mailadresse 20.000{NB}kr. · 0 kommuner" in (await poll(driver)).text
    await driver.forward(0.1)
    await driver.react("bo", shown, "two")
    assert "Nu gælder dine emojis i afstemning 1" in await told(driver, "bo")
    assert f"#3 Mørk tilstand 20.000{NB}kr. · 0 kommuner" in (await poll(driver)).text
    await driver.press("carla", shown, "Stem i en formular")
    form = await driver.form("carla")
    assert form is not None
    assert form.title == "Stem i afstemning 1"
    assert "I kan vælge højst 2" in (await driver.submit("carla", {"choices": ["#1", "#2", "#3"]}))["choices"]
    assert await driver.submit("carla", {"choices": ["#2", "#3"]}) == {}
    assert f"#2 Hurtigere søgning 20.000{NB}kr. · 2 kommuner" in (await poll(driver)).text
    await driver.say("bo", "group", "/afstemning stem 1 99")
    assert "#99 er ikke med i afstemningen. Du kan vælge mellem #1, #2, #3." in await told(driver, "bo")
    await driver.say("bo", "group", "/afstemning stem 1 blank")
    assert "1 af 3 kommuner har stemt." in (await poll(driver)).text
    await driver.say("hans", "group", "/afstemning stem 1 2")
    assert "Det kan kun en kommunes repræsentant gøre" in await told(driver, "hans")


async def test_a_ranking_is_given_in_a_form_or_in_words(driver: Driver, storage: Storage) -> None:
    shown = await open_poll(driver, storage, method="ranking")
    assert shown.reactions == {}
    assert "/afstemning stem 1 1>2" in shown.text
    await driver.press("bo", shown, "Stem i en formular")
    errors = await driver.submit("bo", {"place_1": "#3", "place_2": "#3"})
    assert "#3 står allerede på plads 1" in errors["place_2"]
    assert await driver.submit("bo", {"place_1": "#3", "place_2": "#1"}) == {}
    assert await private_lines(driver, "bo", "1. #3 Mørk tilstand og 2. #1 Vis mailadresse") == 1
    await driver.say("carla", "group", "/afstemning stem 1 3>2>1")
    await driver.say("anna", "group", "/afstemning stem 1 1>2>3")
    assert "3 af 3 kommuner har stemt." in (await poll(driver)).text
    await driver.forward(TO_DEADLINE)
    text = (await result(driver)).text
    assert "1. #3 Mørk tilstand 4 point" in text
    assert "Schulzes metode" in text


async def test_scores_are_given_on_a_message_for_each_wish(driver: Driver, storage: Storage) -> None:
    await open_poll(driver, storage, method="score")
    first, second, third = await messages_of(driver)
    assert set(third.reactions) == {"one", "two", "three", "four", "five"}
    await driver.react("bo", first, "two")
    await driver.forward(0.01)
    await driver.react("bo", first, "five")
    await driver.react("carla", second, "four")
    await driver.say("anna", "group", "/afstemning stem 1 2=5, 3=1")
    assert "#2 Hurtigere søgning (5) og #3 Mørk tilstand (1)" in await told(driver, "anna")
    await driver.say("anna", "group", "/afstemning stem 1 2=6")
    assert "#2 har fået 6. Giv et tal fra 1 til 5." in await told(driver, "anna")
    first, *_ = await messages_of(driver)
    assert "1 kommune, 5 point i alt" in first.text
    await driver.forward(TO_DEADLINE)
    assert "1. #2 Hurtigere søgning 2 kommuner, 9 point i alt" in (await result(driver)).text


async def test_points_beyond_what_one_has_tell_what_to_take_back(driver: Driver, storage: Storage) -> None:
    await open_poll(driver, storage, method="points", dots="6")
    first, second, _ = await messages_of(driver)
    assert "I har 6 point at dele ud." in first.text
    await driver.react("bo", first, "five")
    await driver.forward(0.01)
    await driver.react("bo", second, "four")
    assert "Jeg tæller #1 Vis mailadresse (5)." in await told(driver, "bo")
    await driver.press("bo", first, "Stem i en formular")
    errors = await driver.submit("bo", {"mark_1": "3", "mark_2": "4"})
    assert errors == {"mark_1": "I har 6 point at dele ud, og du har givet 7. Tag 1 væk, og send igen."}
    assert await driver.submit("bo", {"mark_1": "2", "mark_2": "4"}) == {}
    assert "1 kommune, 4 point i alt" in (await messages_of(driver))[1].text


async def test_a_secret_answer_is_given_by_form_and_never_shown(driver: Driver, storage: Storage) -> None:
    shown = await open_poll(driver, storage, visibility="secret")
    assert shown.reactions == {}
    await driver.say("bo", "group", "/afstemning stem 1 2")
    assert "Afstemning 1 er hemmelig" in await told(driver, "bo")
    await driver.say("bo", "group", "/afstemning stem 1")
    assert await driver.submit("bo", {"choices": ["#2"]}) == {}
    text = (await poll(driver)).text
    assert "1 af 3 kommuner har stemt." in text
    assert "1 kommune\n" not in text
    await driver.react("carla", shown, "one")
    assert "stemmer man ikke med emojis" in await told(driver, "carla")
    await driver.say("anna", "group", "/afstemning modtaget 1")
    assert "ingen kan svare for andre" in await told(driver, "anna")
    await driver.forward(TO_DEADLINE)
    seen = await result(driver)
    assert "1. #2 Hurtigere søgning 1 kommune" in seen.text
    await driver.press("anna", seen, "Vis andre opgørelser")
    assert "Tønder" not in await told(driver, "anna")


async def test_who_is_not_confirmed_yet_has_a_ballot_that_waits(empty: Driver, storage: Storage) -> None:
    await found(empty)
    await join(empty, "bo", "Tønder")
    shown = await open_poll(empty, storage)
    assert "0 af 1 kommuner har stemt." in shown.text
    await empty.react("bo", shown, "one")
    assert "så snart det er bekræftet, at du repræsenterer Tønder" in await told(empty, "bo")
    assert "1 svar venter på" in (await poll(empty)).text
    await press_offered(empty, "anna", "Bekræft Bo Lind")
    text = (await poll(empty)).text
    assert "1 af 2 kommuner har stemt." in text
    assert f"#1 Vis mailadresse 20.000{NB}kr. · 1 kommune\n" in text


async def test_an_answer_by_mail_is_entered_by_the_leader_and_marked(driver: Driver, storage: Storage) -> None:
    await open_poll(driver, storage)
    await driver.say("anna", "group", "/afstemning modtaget 1")
    assert list(await driver.submit("anna", {"unit": "Tønder", "choices": []})) == ["choices"]
    assert await driver.submit("anna", {"choices": ["#3"]}) == {}
    assert "Svaret fra Tønder er gemt i afstemning 1: #3 Mørk tilstand." in await told(driver, "anna")
    assert "1 svar er modtaget pr. mail eller på et møde." in (await poll(driver)).text
    await driver.forward(24)
    assert "Anna Holm har skrevet et svar ind for Tønder" in await told(driver, "bo")


async def test_a_poll_on_wishes_that_look_alike_is_drafted_and_they_are_merged_first(
    driver: Driver, storage: Storage
) -> None:
    await make_ready(storage, "Søgning på modtagerens navn", "Mørk tilstand", "Søgning på navnet på modtageren")
    await driver.say("anna", "group", "/afstemning")
    form = await driver.form("anna")
    assert form is not None
    assert "#3 Søgning på navnet på modtageren ligner #1" in form.intro
    assert await driver.submit("anna", {"title": "Prioritering", "draft": "true"}) == {}
    assert not await public(driver)
    await press_offered(driver, "anna", "Flet #3 ind i #1")
    await press_offered(driver, "anna", "Åbn afstemningen")
    text = (await poll(driver)).text
    assert "#1 Søgning på modtagerens navn" in text
    assert "#3 Søgning" not in text


async def test_the_leader_gives_more_time_once_and_annuls_with_a_reason(driver: Driver, storage: Storage) -> None:
    shown = await open_poll(driver, storage)
    await driver.say("bo", "group", "/afstemning forlæng 1")
    assert "Det kan kun gruppens leder gøre" in await told(driver, "bo")
    await driver.say("anna", "group", "/afstemning forlæng 1")
    errors = await driver.submit("anna", {"date": "2026-09-02", "reason": "Ferie"})
    assert "skal ligge efter den gamle" in errors["date"]
    assert await driver.submit("anna", {"date": "2026-09-04", "reason": "Mange er på ferie."}) == {}
    news = await newest(driver)
    assert f"er forlænget til fredag 4. september 2026 kl.{NB}12.00." in news.text
    assert "Mange er på ferie." in news.text
    assert "Frist: fredag 4. september 2026" in (await poll(driver)).text
    await driver.forward(TO_DEADLINE + 1)
    await driver.react("bo", shown, "one")
    assert "1 af 3 kommuner har stemt." in (await poll(driver)).text
    await driver.say("anna", "group", "/afstemning annuller 1")
    assert await driver.submit("anna", {"reason": "Der manglede et ønske."}) == {}
    assert "Afstemningen er annulleret: Der manglede et ønske." in (await poll(driver)).text
    await driver.react("bo", shown, "two")
    assert "Afstemning 1 er annulleret, så dit klik tæller ikke med." in await told(driver, "bo")


async def test_a_round_is_proposed_in_the_morning_and_opened_with_a_press(driver: Driver, storage: Storage) -> None:
    await make_ready(storage, "Vis mailadresse", "Hurtigere søgning")
    await driver.say("anna", "group", "/afstemning runder")
    assert list(await driver.submit("anna", {"every": "hvert kvartal", "first": "2026-08-01"})) == ["first"]
    assert await driver.submit("anna", {"first": "2026-09-03", "by": "date"}) == {}
    assert "Gruppen prioriterer: hvert kvartal" in (await newest(driver)).text
    await driver.forward(2 * 24)
    proposal = await offered(driver, "anna", "Åbn afstemningen")
    assert "2 ønsker er klar til prioritering, #1 Vis mailadresse og #2 Hurtigere søgning" in proposal.text
    await driver.press("anna", proposal, "Åbn afstemningen")
    assert await driver.submit("anna", {"title": "Prioritering af vinteren"}) == {}
    assert "Afstemning 1: Prioritering af vinteren" in (await poll(driver)).text
