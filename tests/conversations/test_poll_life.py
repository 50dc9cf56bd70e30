"""Conversations about a poll's life around the voting: the draft, the debate, the opening, and who comes late."""

from __future__ import annotations

from handlers.decisions.chain import first_break
from handlers.results.recount import recount
from storage.queries import exchange, log, wishes
from tests.conversations.test_polls import lines, open_poll, poll, told
from tests.conversations.test_polls import wishes as make_wishes
from tests.promises.driver import SeenMessage
from tests.promises.local import LocalDriver

NB = "\u00a0"
TO_OPENING = 2 * 24 - 1.5
"""Hours from the clock's start, Tuesday at 10.30, to Thursday at 9."""


async def send_form(chat: LocalDriver, **values: str | list[str]) -> dict[str, str]:
    await chat.say("anna", "group", "/afstemning")
    return await chat.submit("anna", {"title": "Prioritering af efteråret", **values})


async def debate(chat: LocalDriver, **values: str | list[str]) -> SeenMessage:
    """A poll that is discussed until Thursday."""
    await make_wishes(chat)
    assert await send_form(chat, debate="2026-09-03", **values) == {}
    return await poll(chat)


async def in_group(chat: LocalDriver) -> list[SeenMessage]:
    """What everybody sees of the poll."""
    return [one for one in await chat.messages("bo", "group") if not one.private and one.text.startswith("Afstemning")]


async def private(chat: LocalDriver, person: str) -> SeenMessage:
    return (await chat.messages(person, "private"))[-1]


async def recounts(chat: LocalDriver) -> list[bool]:
    async with chat.runtime.storage.read() as session:
        entries = await log.list_entries(session, 1)
    assert first_break(entries) is None
    return [one.matches for one in recount(entries)]


# Debate


async def test_a_poll_with_a_debate_shows_its_candidates_and_takes_no_votes_yet(chat: LocalDriver) -> None:
    shown = await debate(chat)
    assert "i tråden under denne besked" in shown.text
    assert f"Afstemningen åbner torsdag 3. september 2026 kl.{NB}09.00" in shown.text
    assert f"#1 Vis mailadresse 20.000{NB}kr." in shown.text
    assert shown.reactions == {}
    assert len(await in_group(chat)) == 1
    await chat.say("bo", "group", "/afstemning stem 1 1")
    assert "Afstemning 1 er ikke åbnet endnu" in await told(chat, "bo")
    await chat.say("bo", "group", "/afstemning liste")
    assert "til debat, åbner torsdag 3. september" in await told(chat, "bo")
    await chat.say("bo", "group", "/gruppe")
    assert "Afstemning 1: Prioritering af efteråret åbner torsdag 3. september" in await told(chat, "bo")
    for words in ("luk 1", "forlæng 1", "resultat 1", "ratificer 1", "modtaget 1"):
        await chat.say("anna", "group", f"/afstemning {words}")
        assert "ikke åbnet endnu" in await told(chat, "anna"), words


async def test_an_emoji_in_the_debate_is_no_vote_and_is_told_once(chat: LocalDriver) -> None:
    shown = await debate(chat)
    await chat.react("bo", shown, "one")
    await chat.react("bo", shown, "two")
    await chat.react("bo", shown, "one", on=False)
    await chat.react("hans", shown, "one")
    assert sum("ikke åbnet endnu, så dit klik tæller ikke" in line for line in await lines(chat, "bo")) == 1
    assert "Skriv gerne i tråden" in await told(chat, "hans")
    await chat.forward(TO_OPENING)
    assert "0 af 3 kommuner har stemt." in (await voting(chat)).text
    await chat.react("carla", await debated(chat), "one")
    assert "Debatten om afstemning 1 er slut" in await told(chat, "carla")


async def voting(chat: LocalDriver) -> SeenMessage:
    """The message to vote on."""
    found = await in_group(chat)
    return next(one for one in found if one.text.startswith("Afstemning 1: ") and "Hver kommune" in one.text)


async def debated(chat: LocalDriver) -> SeenMessage:
    return (await in_group(chat))[0]


async def test_after_the_debate_the_poll_opens_by_itself(chat: LocalDriver) -> None:
    await debate(chat)
    await chat.forward(TO_OPENING - 0.1)
    assert len(await in_group(chat)) == 1
    await chat.forward(0.2)
    assert "Debatten er slut. Afstemningen åbnede torsdag 3. september" in (await debated(chat)).text
    shown = await voting(chat)
    assert set(shown.reactions) == {"one", "two", "three"}
    await chat.react("bo", shown, "one")
    assert "1 af 3 kommuner har stemt." in (await voting(chat)).text
    async with chat.runtime.storage.read() as session:
        read_back = [one.key for one in await exchange.list_ballot_messages(session, "1:")]
    assert read_back == ["1:poll:1/1"]
    await chat.forward(7 * 24)
    assert await recounts(chat) == [True]


async def test_who_may_vote_is_settled_when_the_poll_opens_and_not_before(chat: LocalDriver) -> None:
    await debate(chat)
    await chat.say("hans", "group", "/gruppe repræsenterer")
    assert await chat.submit("hans", {"municipality": "751"}) == {}
    await chat.say("anna", "group", "/gruppe medlemmer")
    await chat.press("anna", await private(chat, "anna"), "Hans Vang")
    await chat.forward(TO_OPENING)
    assert "0 af 4 kommuner har stemt." in (await voting(chat)).text


async def test_the_leader_changes_all_of_it_until_it_opens(chat: LocalDriver) -> None:
    await debate(chat, most="2", quorum="50")
    await make_wishes(chat, "Et fjerde ønske")
    await chat.say("anna", "group", "/afstemning ret 1")
    form = await chat.form("anna")
    assert form is not None
    assert form.title == "Ret afstemning 1"
    assert form.fields["wishes"].value == ["1", "2", "3"]
    assert "4" in form.fields["wishes"].options
    kept = {name: form.fields[name].value for name in ("title", "debate", "date", "time", "most", "quorum")}
    assert kept == {
        "title": "Prioritering af efteråret",
        "debate": "2026-09-03",
        "date": "2026-09-08",
        "time": "12:00",
        "most": "2",
        "quorum": "50",
    }
    assert await chat.submit("anna", {"wishes": ["1", "4"], "debate": "2026-09-04", "title": "Prioritering igen"}) == {}
    assert await told(chat, "anna") == "Afstemning 1 er rettet."
    text = (await debated(chat)).text
    assert "Afstemning 1: Prioritering igen" in text
    assert "åbner fredag 4. september" in text
    assert "#4 Et fjerde ønske" in text
    assert "#2" not in text
    await chat.forward(TO_OPENING + 1)
    assert len(await in_group(chat)) == 1
    await chat.forward(24)
    shown = await voting(chat)
    assert "#4 Et fjerde ønske" in shown.text
    assert set(shown.reactions) == {"one", "two"}
    await chat.say("anna", "group", "/afstemning ret 1")
    assert "er åbnet, så den kan ikke rettes" in await told(chat, "anna")
    await chat.say("bo", "group", "/afstemning ret 1")
    assert "Det kan kun gruppens leder gøre" in await told(chat, "bo")


async def test_the_leader_opens_early_with_the_button(chat: LocalDriver) -> None:
    await debate(chat)
    started = await private(chat, "anna")
    assert "Afstemning 1 er til debat og åbner af sig selv torsdag 3. september" in started.text
    await chat.press("anna", started, "Åbn nu")
    assert "0 af 3 kommuner har stemt." in (await voting(chat)).text
    await chat.press("anna", started, "Åbn nu")
    assert "er allerede åbnet" in await told(chat, "anna")
    await chat.forward(TO_OPENING + 1)
    assert len([one for one in await in_group(chat) if "Hver kommune" in one.text]) == 1


async def test_emptying_the_field_opens_at_once_too(chat: LocalDriver) -> None:
    await debate(chat)
    await chat.say("bo", "group", "/afstemning status 1")
    assert not (await private(chat, "bo")).buttons
    await chat.say("anna", "group", "/afstemning status 1")
    await chat.press("anna", await private(chat, "anna"), "Ret")
    assert await chat.submit("anna", {"debate": ""}) == {}
    assert "0 af 3 kommuner har stemt." in (await voting(chat)).text
    over, opened_now = await in_group(chat)
    assert f"Debatten er slut. Afstemningen åbnede tirsdag 1. september 2026 kl.{NB}10.30" in over.text
    await chat.react("bo", over, "one")
    assert "Debatten om afstemning 1 er slut" in await told(chat, "bo")
    async with chat.runtime.storage.read() as session:
        read_back = [one.key for one in await exchange.list_ballot_messages(session, "1:")]
    assert read_back == ["1:poll:1/1"]
    await chat.react("bo", opened_now, "one")
    assert "1 af 3 kommuner har stemt." in (await voting(chat)).text


async def test_a_debate_that_would_end_on_a_quiet_day_ends_on_the_next_working_day(chat: LocalDriver) -> None:
    await make_wishes(chat)
    errors = await send_form(chat, debate="2026-09-05", date="2026-09-07", time="9")
    assert list(errors) == ["debate"]
    assert "kan først åbne mandag 7. september" in errors["debate"]
    assert await chat.submit("anna", {"debate": "2026-09-01"}) != {}
    assert await chat.submit("anna", {"debate": "2026-09-05", "date": "2026-09-10"}) == {}
    assert "Afstemningen åbner mandag 7. september" in (await debated(chat)).text


async def test_what_happens_to_a_wish_meanwhile_is_seen_in_the_debate(chat: LocalDriver) -> None:
    await debate(chat)
    await chat.say("anna", "group", "/ønske status 2 på hold")
    await chat.say("anna", "group", "/ønske estimat 3 55.000")
    text = (await debated(chat)).text
    assert "#2 Hurtigere søgning sat på hold" in text
    assert f"#3 Mørk tilstand 55.000{NB}kr." in text
    await chat.forward(TO_OPENING)
    text = (await voting(chat)).text
    assert "#2" not in text
    assert f"2️⃣ #3 Mørk tilstand 55.000{NB}kr." in text


async def test_what_can_not_open_waits_for_the_leader_who_hears_why(chat: LocalDriver) -> None:
    await debate(chat)
    for number in (2, 3):
        await chat.say("anna", "group", f"/ønske status {number} på hold")
    await chat.forward(TO_OPENING)
    assert "skulle åbne torsdag 3. september" in (await debated(chat)).text
    assert "venter på gruppens leder" in (await debated(chat)).text
    await chat.forward(24)
    heard = [one.text for one in await chat.messages("anna", "dm")]
    assert any("Der er ikke mindst to ønsker tilbage i afstemning 1" in text for text in heard)
    await chat.say("anna", "group", "/ønske status 2 fortsæt")
    await chat.say("anna", "group", "/afstemning status 1")
    await chat.press("anna", await private(chat, "anna"), "Åbn nu")
    assert "0 af 3 kommuner har stemt." in (await voting(chat)).text


async def test_a_debate_can_be_annulled(chat: LocalDriver) -> None:
    await debate(chat)
    await chat.say("anna", "group", "/afstemning annuller 1")
    assert await chat.submit("anna", {"reason": "Vi venter til foråret."}) == {}
    assert "Afstemningen er annulleret: Vi venter til foråret." in (await debated(chat)).text
    await chat.forward(TO_OPENING + 1)
    assert not [one for one in await in_group(chat) if "Hver kommune" in one.text]


# Wishes that look alike


ALIKE = ("Søgning på modtagerens navn", "Mørk tilstand", "Søgning på navnet på modtageren")


async def alike(chat: LocalDriver, **values: str | list[str]) -> SeenMessage:
    """A draft of them, as the leader asked for."""
    await make_wishes(chat, *ALIKE)
    assert await send_form(chat, **({"draft": "true"} | values)) == {}
    return await private(chat, "anna")


async def test_the_form_says_which_wishes_look_alike_and_nothing_holds_the_poll_back(chat: LocalDriver) -> None:
    await make_wishes(chat, *ALIKE)
    await chat.say("anna", "group", "/afstemning")
    assert "#3 Søgning på navnet på modtageren ligner #1" in await chat.intro("anna")
    assert await send_form(chat) == {}
    assert "#3 Søgning på navnet" in (await voting(chat)).text
    assert "/ønske flet 3 1" in await told(chat, "anna")


async def test_a_draft_shows_what_looks_alike_and_nothing_is_lost(chat: LocalDriver) -> None:
    asked = await alike(chat, most="1")
    assert "#3 Søgning på navnet på modtageren ligner #1 Søgning på modtagerens navn" in asked.text
    assert "gemt som kladde 1, som kun lederen kan se" in asked.text
    assert not await in_group(chat)
    await chat.say("bo", "group", "/afstemning liste")
    assert "Der har ikke været nogen afstemninger endnu" in await told(chat, "bo")
    await chat.say("bo", "group", "/afstemning status 1")
    assert "Der er ingen afstemning 1" in await told(chat, "bo")
    await chat.say("anna", "group", "/afstemning liste")
    assert "kladde" in await told(chat, "anna")
    await chat.press("anna", asked, "Åbn afstemningen")
    text = (await voting(chat)).text
    assert "#3 Søgning på navnet" in text
    assert "I kan vælge højst 1." in text


async def test_merging_them_first_takes_one_out_of_the_draft(chat: LocalDriver) -> None:
    asked = await alike(chat, debate="2026-09-03")
    await chat.press("anna", asked, "Flet #3 ind i #1")
    async with chat.runtime.storage.read() as session:
        assert [one.status.value for one in await wishes.list_wishes(session, 1, numbers=[3])] == ["merged"]
    await chat.press("anna", asked, "Begynd debatten")
    text = (await debated(chat)).text
    assert "#1 Søgning på modtagerens navn" in text
    assert "#3 Søgning på navnet på modtageren flettet ind i #1" in text
    await chat.forward(TO_OPENING)
    assert "#3" not in (await voting(chat)).text


async def test_a_draft_can_be_changed(chat: LocalDriver) -> None:
    await chat.press("anna", await alike(chat), "Ret")
    form = await chat.form("anna")
    assert form is not None
    assert form.title == "Ret kladde 1"
    assert await chat.submit("anna", {"title": "Prioritering med begge", "date": "2026-09-09", "most": "2"}) == {}
    assert not await in_group(chat)
    shown = await private(chat, "anna")
    assert "Afstemning 1: Prioritering med begge" in shown.text
    assert f"Frist: onsdag 9. september 2026 kl.{NB}12.00" in shown.text
    assert "gemt som kladde 1" in shown.text
    await chat.say("bo", "group", "/afstemning status 1")
    assert "Der er ingen afstemning 1" in await told(chat, "bo")
    await chat.press("anna", shown, "Ret")
    assert await chat.submit("anna", {"debate": "2026-09-03"}) == {}
    assert not await in_group(chat)
    await chat.press("anna", await private(chat, "anna"), "Begynd debatten")
    assert "Afstemning 1: Prioritering med begge" in (await debated(chat)).text


async def test_a_draft_can_be_discarded(chat: LocalDriver) -> None:
    await chat.press("anna", await alike(chat), "Kassér")
    assert await told(chat, "anna") == "Kladde 1 er kasseret. Nummeret bruges ikke igen."
    await chat.say("anna", "group", "/afstemning liste")
    assert "Der har ikke været nogen afstemninger endnu" in await told(chat, "anna")
    await chat.say("anna", "group", "/afstemning status 1")
    gone = "Afstemning 1 var en kladde, som lederen kasserede, før den åbnede. Nummeret bruges ikke igen."
    assert await told(chat, "anna") == gone
    assert await send_form(chat, wishes=["1", "2"]) == {}
    assert "Afstemning 2: " in (await in_group(chat))[-1].text
    await chat.say("bo", "group", "/afstemning stem 1 2")
    assert await told(chat, "bo") == gone


async def test_a_deadline_on_a_free_day_stands_and_the_leader_hears_it(chat: LocalDriver) -> None:
    await make_wishes(chat)
    assert await send_form(chat, date="2026-09-12", debate="2026-09-03") == {}
    hint = f"Fristen er lørdag 12. september 2026 kl.{NB}12.00, og den dag har folk fri."
    assert await told(chat, "anna") == f"{hint} Du kan flytte den til den næste arbejdsdag."
    await chat.say("anna", "group", "/afstemning ret 1")
    assert await chat.submit("anna", {"date": "2026-09-13", "debate": ""}) == {}
    hint = f"Fristen er søndag 13. september 2026 kl.{NB}12.00, og den dag har folk fri."
    assert await told(chat, "anna") == f"{hint} Indtil nogen har stemt, kan du flytte den til den næste arbejdsdag."
    assert "Frist: søndag 13. september 2026" in (await voting(chat)).text
    await chat.say("anna", "group", "/afstemning forlæng 1")
    wrong = await chat.submit("anna", {"date": "2026-09-19", "reason": "Mange er på ferie."})
    better = "Vælg en arbejdsdag, for eksempel den 21. september 2026."
    assert wrong == {"date": f"Den 19. september 2026 har folk fri. {better}"}


async def test_the_leader_moves_a_deadline_off_a_free_day_until_somebody_has_voted(chat: LocalDriver) -> None:
    await make_wishes(chat)
    assert await send_form(chat, date="2026-09-12") == {}
    said = await private(chat, "anna")
    move = f"Flyt fristen til mandag 14. september 2026 kl.{NB}12.00"
    assert list(said.buttons) == [move]
    await chat.press("anna", said, move)
    assert await told(chat, "anna") == f"Fristen er nu mandag 14. september 2026 kl.{NB}12.00."
    assert "Frist: mandag 14. september 2026" in (await voting(chat)).text
    await chat.press("anna", said, move)
    assert "og det er en arbejdsdag" in await told(chat, "anna")
    await chat.say("anna", "group", "/afstemning forlæng 1")
    assert await chat.submit("anna", {"date": "2026-09-16", "reason": "Mange er på ferie."}) == {}
    assert "Frist: onsdag 16. september 2026" in (await voting(chat)).text
    await chat.forward(16 * 24)
    assert await recounts(chat) == [True]


async def test_after_the_first_vote_a_deadline_is_only_extended(chat: LocalDriver) -> None:
    await make_wishes(chat)
    assert await send_form(chat, date="2026-09-12") == {}
    said = await private(chat, "anna")
    await chat.react("bo", await voting(chat), "one")
    await chat.press("anna", said, "Flyt fristen")
    assert "så nu flyttes fristen kun med en begrundelse: /afstemning forlæng 1." in await told(chat, "anna")
    assert "Frist: lørdag 12. september 2026" in (await voting(chat)).text
    await chat.forward(12 * 24)
    await chat.press("anna", said, "Flyt fristen")
    assert "Afstemning 1 er lukket" in await told(chat, "anna")


async def test_the_deadline_of_a_draft_and_of_a_debate_is_moved_too(chat: LocalDriver) -> None:
    await make_wishes(chat)
    assert await send_form(chat, date="2026-09-12", debate="2026-09-03") == {}
    await chat.press("anna", await private(chat, "anna"), "Flyt fristen")
    assert "Frist: mandag 14. september 2026" in (await debated(chat)).text
    assert await send_form(chat, date="2026-09-19", draft="true", wishes=["1", "2"]) == {}
    said = next(one for one in reversed(await chat.messages("anna", "private")) if "folk fri" in one.text)
    await chat.press("anna", said, "Flyt fristen")
    await chat.say("anna", "group", "/afstemning status 2")
    assert "Frist: mandag 21. september 2026" in await told(chat, "anna")


# Wishes that come to an open poll


async def opened(chat: LocalDriver, *titles: str, **values: str | list[str]) -> SeenMessage:
    await make_wishes(chat, *titles)
    assert await send_form(chat, **values) == {}
    return (await in_group(chat))[0]


async def test_a_wish_that_comes_late_makes_a_new_version_and_everybody_who_voted_hears_it(chat: LocalDriver) -> None:
    shown = await opened(chat)
    await chat.react("bo", shown, "one")
    await make_wishes(chat, "Et sent ønske")
    await chat.say("anna", "group", "/afstemning tilføj 1 4")
    assert "#4 Et sent ønske er nu med i afstemning 1 (version 2). 1 kommune har stemt" in await told(chat, "anna")
    text = (await voting(chat)).text
    assert f"4️⃣ #4 Et sent ønske 20.000{NB}kr. · 0 kommuner" in text
    assert "Version 2: #4 kom til den 1. september 2026." in text
    assert "four" in (await voting(chat)).reactions
    await chat.react("carla", await voting(chat), "four")
    assert f"#4 Et sent ønske 20.000{NB}kr. · 1 kommune\n" in (await voting(chat)).text
    await chat.forward(24)
    heard = {name: [one.text for one in await chat.messages(name, "dm")] for name in ("bo", "carla", "dan")}
    assert any("#4 Et sent ønske er kommet med i afstemning 1, efter at du stemte" in text for text in heard["bo"])
    assert any("stem igen senest tirsdag 8. september" in text for text in heard["bo"])
    assert not [text for name in ("carla", "dan") for text in heard[name] if "efter at du stemte" in text]
    bundle = [one.text for one in await chat.messages("bo", "group") if "som nu er version 2" in one.text]
    assert len(bundle) == 1
    await chat.forward(7 * 24)
    assert await recounts(chat) == [True]


async def test_its_cost_is_frozen_when_it_comes_after_the_first_vote(chat: LocalDriver) -> None:
    shown = await opened(chat)
    await chat.react("bo", shown, "one")
    await make_wishes(chat, "Et sent ønske")
    await chat.say("anna", "group", "/afstemning tilføj 1 #4")
    await chat.say("anna", "group", "/ønske estimat 4 90.000")
    await chat.react("bo", await voting(chat), "four")
    assert f"#4 Et sent ønske 20.000{NB}kr." in (await voting(chat)).text
    await chat.forward(8 * 24)
    assert await recounts(chat) == [True]


async def test_when_the_last_message_is_full_there_is_a_new_one(chat: LocalDriver) -> None:
    await opened(chat, *(f"Ønske nr. {number}" for number in range(1, 11)))
    await make_wishes(chat, "Et sent ønske", "Et senere ønske")
    await chat.say("anna", "group", "/afstemning tilføj 1 11,12")
    first, second = await in_group(chat)
    assert "(1 af 2)" in first.text
    assert "Version 2: #11 og #12 kom til den" in first.text
    assert "(2 af 2)" in second.text
    assert set(second.reactions) == {"one", "two"}
    await chat.react("bo", second, "two")
    assert "#12 Et senere ønske 20.000\u00a0kr. · 1 kommune" in (await in_group(chat))[1].text


async def test_with_points_the_wish_gets_a_message_of_its_own(chat: LocalDriver) -> None:
    await opened(chat, method="score")
    await make_wishes(chat, "Et sent ønske")
    await chat.say("anna", "group", "/afstemning tilføj 1")
    assert await chat.submit("anna", {"wishes": ["4"]}) == {}
    fourth = (await in_group(chat))[3]
    assert "#4 Et sent ønske" in fourth.text
    assert set(fourth.reactions) == {"one", "two", "three", "four", "five"}
    await chat.react("bo", fourth, "five")
    assert "1 kommune, 5 point i alt" in (await in_group(chat))[3].text


async def test_in_a_ranking_that_was_given_it_has_no_place(chat: LocalDriver) -> None:
    await opened(chat, method="ranking")
    await chat.say("bo", "group", "/afstemning stem 1 2>1>3")
    await make_wishes(chat, "Et sent ønske")
    await chat.say("anna", "group", "/afstemning tilføj 1 4")
    await chat.say("bo", "group", "/afstemning status 1")
    assert "1. #2 Hurtigere søgning, 2. #1 Vis mailadresse og 3. #3 Mørk tilstand" in await told(chat, "bo")
    await chat.say("bo", "group", "/afstemning stem 1")
    form = await chat.form("bo")
    assert form is not None
    assert "4" in form.fields["place_1"].options
    await chat.forward(24)
    heard = [one.text for one in await chat.messages("bo", "dm")]
    assert any("har ingen plads i din rækkefølge" in text for text in heard)
    await chat.forward(7 * 24)
    assert await recounts(chat) == [True]


async def test_an_emoji_that_stood_for_nothing_is_no_vote_for_what_comes_later(chat: LocalDriver) -> None:
    shown = await opened(chat)
    await chat.react("bo", shown, "four")
    await chat.forward(1)
    await make_wishes(chat, "Et sent ønske")
    await chat.say("anna", "group", "/afstemning tilføj 1 4")
    await chat.react("bo", shown, "one")
    assert f"#4 Et sent ønske 20.000{NB}kr. · 0 kommuner" in (await voting(chat)).text
    await chat.react("bo", shown, "four", on=False)
    await chat.react("bo", shown, "four")
    assert f"#4 Et sent ønske 20.000{NB}kr. · 1 kommune\n" in (await voting(chat)).text


async def test_what_can_not_come_in_gets_one_sentence(chat: LocalDriver) -> None:
    shown = await opened(chat)
    await chat.react("bo", shown, "one")
    await make_wishes(chat, "Et sent ønske")
    for words, said in (
        ("1 3", "#3 er allerede med i afstemning 1"),
        ("1 99", "Der er intet ønske #99"),
        ("1 hest", "»hest« er ikke et ønskenummer"),
        ("2 4", "Der er ingen afstemning 2"),
    ):
        await chat.say("anna", "group", f"/afstemning tilføj {words}")
        assert said in await told(chat, "anna")
    await chat.say("bo", "group", "/afstemning tilføj 1 4")
    assert "Det kan kun gruppens leder gøre" in await told(chat, "bo")
    await chat.forward(7 * 24)
    await chat.say("anna", "group", "/afstemning tilføj 1 4")
    assert "kan ikke nå at høre om det inden fristen" in await told(chat, "anna")
    await chat.say("anna", "group", "/ønske status 4 på hold")
    await chat.say("anna", "group", "/afstemning tilføj 1 4")
    assert "#4 er sat på hold og kan ikke komme med" in await told(chat, "anna")


async def test_the_leader_is_offered_nothing_that_would_be_refused(chat: LocalDriver) -> None:
    await make_wishes(chat)

    async def offered(number: int) -> set[str]:
        await chat.say("anna", "group", f"/afstemning status {number}")
        return set((await chat.messages("anna", "private"))[-1].buttons)

    await open_poll(chat)
    await open_poll(chat, visibility="secret", wishes=["1", "2"])
    assert await offered(1) - await offered(2) == {"Indtast et svar fra en mail"}
    before = await offered(1)
    await chat.say("anna", "group", "/afstemning forlæng 1")
    assert await chat.submit("anna", {"reason": "Ferie"}) == {}
    assert before - await offered(1) == {"Forlæng fristen"}
