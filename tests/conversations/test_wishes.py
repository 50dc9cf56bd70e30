"""Conversations about wishes: from the first line to the last decision."""

from __future__ import annotations

import dataclasses

import pytest

from bot.clock import MovableClock
from tests.conftest import make_storage
from tests.groups import PEOPLE
from tests.promises.driver import SeenMessage
from tests.promises.local import LocalDriver, local_world
from tests.ready import make_ready

NEED = "Vi leder efter den hver dag."


async def submit(chat: LocalDriver, title: str, person: str = "bo", **values: str) -> None:
    await chat.say(person, "group", "/ønske")
    assert await chat.submit(person, {"title": title, "need": NEED, **values}) == {}


async def told(chat: LocalDriver, person: str) -> str:
    return (await chat.messages(person, "private"))[-1].text


async def card(chat: LocalDriver, number: int) -> SeenMessage:
    found = [one for one in await chat.messages("anna", "group") if one.text.startswith(f"#{number} ")]
    assert len(found) == 1
    return found[0]


async def test_a_wish_goes_all_the_way(chat: LocalDriver) -> None:
    await submit(chat, "Vis mailadresse i listen")
    await chat.say("anna", "group", "/ønske status 1 screening")
    assert await told(chat, "anna") == "Ønske #1 har nu status »I screening«."
    await chat.say("eva", "group", "/ønske estimat 1 16.500")
    assert "Estimatet på #1 er nu 16.500\u00a0kr." in await told(chat, "eva")
    await chat.say("anna", "group", "/ønske status 1 klar")
    await chat.say("anna", "group", "/ønske status 1 start")
    assert await chat.submit("anna", {"basis": "meeting", "basis_text": "mødet den 1. september"}) == {}
    decision = (await chat.messages("bo", "group"))[-1].text
    assert "Anna Holm har sat #1 Vis mailadresse i listen i gang." in decision
    assert "Grundlag: Møde: mødet den 1. september" in decision
    assert "Status: I gang" in (await card(chat, 1)).text
    await chat.say("eva", "group", "/ønske status 1 leveret")
    await chat.say("anna", "group", "/ønske status 1 luk")
    assert await chat.submit("anna", {}) == {}
    assert "Status: Lukket" in (await card(chat, 1)).text
    await chat.say("bo", "group", "/ønske vis 1")
    await chat.press("bo", (await chat.messages("bo", "private"))[-1], "Historik")
    history = await told(chat, "bo")
    assert [line.split(" ", 2)[2] for line in history.splitlines()[1:]] == [
        "stillet",
        "taget op",
        "estimeret 16.500\u00a0kr.",
        "gjort klar",
        "sat i gang",
        "meldt leveret",
        "lukket",
    ]


async def whispers(chat: LocalDriver, person: str) -> list[SeenMessage]:
    """What only this person sees in the group's channel."""
    return [one for one in await chat.messages(person, "group") if one.private]


async def test_the_title_of_a_wish_that_is_here_already_is_met_after_the_form_too(chat: LocalDriver) -> None:
    await submit(chat, "Mørk tilstand")
    await submit(chat, "mørk  tilstand!", "carla", description="Det skærer i øjnene om aftenen.")
    shown = (await whispers(chat, "carla"))[-1]
    assert "Dit ønske #2 er gemt, men det ligner noget, der står her i forvejen." in shown.text
    assert "#1 Mørk tilstand Modtaget" in shown.text
    assert list(shown.buttons) == ["👍 Støt #1", "Træk mit ønske #2 tilbage"]
    await chat.press("carla", shown, "Støt #1")
    assert "Bornholm" in (await card(chat, 1)).text
    await chat.press("carla", shown, "Træk mit ønske #2")
    assert await told(chat, "carla") == "Ønske #2 er trukket tilbage."
    assert "Status: Trukket tilbage" in (await card(chat, 2)).text


async def test_who_may_not_support_a_similar_wish_can_still_take_their_own_back(chat: LocalDriver) -> None:
    await submit(chat, "Vis mailadresse i listevisningen")
    await submit(chat, "Vis mailadressen i listevisning", "hans")
    assert list((await whispers(chat, "hans"))[-1].buttons) == ["Træk mit ønske #2 tilbage"]


async def test_what_the_form_has_shown_as_similar_is_not_shown_again(chat: LocalDriver) -> None:
    await submit(chat, "Vis mailadresse i listevisningen")
    await submit(chat, "Hurtigere søgning i arkivet")
    await chat.say("bo", "group", "/ønske Vis mailadresse i listen")
    assert "#1 Vis mailadresse i listevisningen" in await told(chat, "bo")
    before = len(await whispers(chat, "bo"))
    assert await chat.submit("bo", {"need": NEED}) == {}
    assert len(await whispers(chat, "bo")) == before
    await chat.say("bo", "group", "/ønske Vis mailadresse i listevisning")
    assert await chat.submit("bo", {"title": "Hurtigere søgning i arkiver", "need": NEED}) == {}
    shown = (await whispers(chat, "bo"))[-1]
    assert "Dit ønske #4 er gemt" in shown.text
    assert list(shown.buttons) == ["👍 Støt #2", "Træk mit ønske #4 tilbage"]


@pytest.mark.parametrize(
    ("values", "field", "sentence"),
    [
        ({"title": ""}, "title", "Feltet er tomt"),
        ({"title": "x" * 4000}, "title", "Teksten er på 4000 tegn. Der er plads til 200."),
        ({"need": "  "}, "need", "Feltet er tomt"),
        ({"estimate": "16.5"}, "estimate", "kan betyde to ting"),
        ({"estimate": "-1"}, "estimate", "kan ikke være negativt"),
        ({"estimate": "mange"}, "estimate", "er ikke et beløb"),
        ({"urgency": "critical"}, "reason", "skal der stå en begrundelse"),
        ({"kind": "andet"}, "kind", "Vælg et fra listen"),
    ],
)
async def test_bad_input_gets_its_sentence_and_nothing_is_lost(
    chat: LocalDriver, values: dict[str, str | list[str]], field: str, sentence: str
) -> None:
    await chat.say("bo", "group", "/ønske")
    good: dict[str, str | list[str]] = {"title": "Vis mail", "need": NEED, "description": "En lang historie"}
    errors = await chat.submit("bo", good | values)
    assert list(errors) == [field]
    assert sentence in errors[field]
    form = await chat.form("bo")
    assert form is not None
    assert form.fields["description"].value == "En lang historie"
    assert await chat.messages("bo", "group") == []


async def test_a_form_sent_twice_makes_one_wish(chat: LocalDriver) -> None:
    await submit(chat, "Vis mailadresse i listen")
    await chat.repeat_last()
    await chat.repeat_last()
    assert len(await chat.messages("bo", "group")) == 1


async def test_a_wish_that_may_be_there_already_is_shown_at_once(chat: LocalDriver) -> None:
    await submit(chat, "Slet en konsulent helt i OS2ILM")
    await chat.say("carla", "group", "/ønske Konsulenter skal kunne slettes helt")
    form = await chat.form("carla")
    assert form is not None
    assert form.fields["title"].value == "Konsulenter skal kunne slettes helt"
    alike = (await chat.messages("carla", "private"))[-1]
    assert "Slet en konsulent helt i OS2ILM" in alike.text
    await chat.press("carla", alike, "Støt #1")
    assert "Støttes af: Bornholm" in (await card(chat, 1)).text


async def test_support_given_twice_counts_once_and_can_be_taken_back(chat: LocalDriver) -> None:
    await submit(chat, "Vis mailadresse i listen")
    await chat.say("carla", "group", "/ønske støt 1")
    await chat.say("carla", "group", "/ønske støt 1")
    again = (await chat.messages("carla", "private"))[-1]
    assert again.text == "Du støtter allerede ønske #1."
    await chat.press("carla", again, "Fjern min støtte")
    assert "ingen endnu" in (await card(chat, 1)).text


async def test_lists_are_found_by_status_municipality_and_words(chat: LocalDriver) -> None:
    for number in range(12):
        await submit(chat, f"Knap nummer {number + 1} i rapporten")
    await submit(chat, "Ål på menuen", person="carla")
    await chat.say("hans", "group", "/ønske liste")
    first = (await chat.messages("hans", "private"))[-1]
    assert "13 i alt, side 1 af 2" in first.text
    await chat.press("hans", first, "Næste")
    assert "#13 Ål på menuen" in await told(chat, "hans")
    await chat.say("hans", "group", "/ønske liste Bornholm")
    assert "1 i alt" in await told(chat, "hans")
    await chat.say("hans", "group", "/ønske søg aal")
    assert "#13 Ål på menuen" in await told(chat, "hans")
    await chat.say("hans", "group", "/ønske liste Langtbortistan")
    assert "Ingen ønsker passer med »Langtbortistan«" in await told(chat, "hans")
    await chat.say("carla", "group", "/ønske mine")
    assert "1 i alt, side 1 af 1" in await told(chat, "carla")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("/ønske 1", "#1 Vis mailadresse i listen"),
        ("/wish #1", "#1 Vis mailadresse i listen"),
        ("/ønske 9999", "Der er intet ønske #9999."),
        ("/ønske støtte 1", "Tak, I støtter nu ønske #1."),
        ("/ønske vis", "Skriv nummeret efter, for eksempel /ønske vis 1."),
        ("/oenske støt", "Skriv nummeret efter, for eksempel /oenske støt 1."),
        ("/afstemning status", "Skriv nummeret efter, for eksempel /afstemning status 1."),
        ("/ønkse Vis mailadressen", "Jeg kender ikke /ønkse. Mente du /ønske?"),
    ],
)
async def test_what_is_written_almost_right_is_understood_or_told(chat: LocalDriver, text: str, said: str) -> None:
    await submit(chat, "Vis mailadresse i listen")
    await chat.say("carla", "group", text)
    assert (await told(chat, "carla")).startswith(said)
    assert await chat.form("carla") is None


@pytest.mark.parametrize(
    ("text", "question"),
    [
        ("/ønske støtt 113", "Mente du /ønske støt 113? Ellers bliver det her et nyt ønske."),
        ("/ønske find konsulnet", "Mente du /ønske søg konsulnet? Ellers bliver det her et nyt ønske."),
        ("/ønske slet 3", "Mente du /ønske træk 3? Ellers bliver det her et nyt ønske."),
    ],
)
async def test_a_title_that_looks_like_a_command_is_asked_about_in_the_form(
    chat: LocalDriver, text: str, question: str
) -> None:
    await chat.say("bo", "group", text)
    assert (await chat.intro("bo")).splitlines()[0] == question
    form = await chat.form("bo")
    assert form is not None
    assert form.fields["title"].value == text.partition(" ")[2]


async def shown_buttons(chat: LocalDriver, person: str, text: str) -> list[str]:
    await chat.say(person, "group", text)
    return list((await chat.messages(person, "private"))[-1].buttons)


async def test_a_private_answer_has_only_the_buttons_that_its_reader_may_press(chat: LocalDriver) -> None:
    await submit(chat, "Slet en konsulent helt i OS2ILM", estimate="900.000")
    assert list((await card(chat, 1)).buttons) == ["👍 Støt", "Ret", "Vis"]
    moves = ["Tag op", "Bed om estimat", "Afvis", "Sæt på hold"]
    assert await shown_buttons(chat, "anna", "/ønske status 1") == moves
    assert await shown_buttons(chat, "carla", "/ønske status 1") == []
    assert await shown_buttons(chat, "carla", "/ønske vis 1") == ["👍 Støt", "Historik"]
    assert await shown_buttons(chat, "bo", "/ønske vis 1") == ["👍 Støt", "Ret", "Træk tilbage", "Historik"]
    assert await shown_buttons(chat, "eva", "/ønske vis 1") == ["Skriv estimat", "Historik"]
    assert await shown_buttons(chat, "hans", "/ønske vis 1") == ["Historik"]
    assert await shown_buttons(chat, "hans", "/ønske Konsulenter skal kunne slettes helt") == []


async def test_only_the_submitter_and_the_leader_edit(chat: LocalDriver) -> None:
    await submit(chat, "Vis mailadresse i listen")
    await chat.say("carla", "group", "/ønske ret 1")
    assert "Ønske #1 er ikke dit." in await told(chat, "carla")
    await chat.say("bo", "group", "/ønske ret 1")
    assert await chat.submit("bo", {"title": "Vis telefon i listen", "benefit_owner": "HR-chefen"}) == {}
    assert (await card(chat, 1)).text.startswith("#1 Vis telefon i listen")
    await chat.say("carla", "group", "/ønske træk 1")
    assert "Kun forslagsstilleren kan trække det tilbage" in await told(chat, "carla")
    await chat.say("bo", "group", "/ønske træk 1")
    assert "Status: Trukket tilbage" in (await card(chat, 1)).text


async def test_two_wishes_are_merged_and_un_merged(chat: LocalDriver) -> None:
    await submit(chat, "Vis mailadresse i listen")
    await submit(chat, "Mail i oversigten", person="carla")
    await chat.say("bo", "group", "/ønske støt 1")
    await chat.say("carla", "group", "/ønske støt 2")
    await chat.say("anna", "group", "/ønske flet 2 i 1")
    merged = (await chat.messages("anna", "private"))[-1]
    assert "Ønske #2 er flettet ind i #1" in merged.text
    assert "Støttes af: Bornholm og Tønder" in (await card(chat, 1)).text
    assert "Flettet ind i et andet" in (await card(chat, 2)).text
    await chat.press("anna", merged, "Skil ad igen")
    assert "Støttes af: Tønder" in (await card(chat, 1)).text
    assert "Status: Modtaget" in (await card(chat, 2)).text


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("/ønske vis 99", "Der er intet ønske #99."),
        ("/ønske flet 1 i 1", "Skriv to forskellige numre"),
        ("/ønske status 1 flyvende", "Jeg kender ikke »flyvende« som status."),
        ("/ønske status 1 modtaget", "Et ønske er modtaget, når det er sendt."),
        ("/ønske status 1 indstillet", "med /ønske indstil 1."),
        ("/ønske status 1 godkendt", "Det svarer styregruppen på."),
        ("/ønske status 1 trukket", "med /ønske træk 1."),
        ("/ønske status 1 flettet", "med /ønske flet 1 i"),
        ("/ønske status 1 I screening", "Ønske #1 har nu status »I screening«."),
        ("/ønske status 1 På hold", "Ønske #1 har nu status »På hold«."),
        ("/ønske status 1 I gang", "kan ikke sættes i gang nu"),
        ("/ønske status 1 luk", "kan ikke lukkes nu"),
        ("/ønske estimér 1 16.500", "Estimatet på #1 er nu 16.500\u00a0kr."),
        ("/ønske estimat 1 16.500 kr. ekskl. moms", "Estimatet på #1 er nu 16.500\u00a0kr."),
        ("/ønske estimat 1 16.500 kr. inkl. moms", "er ikke et beløb"),
        ("/ønske status 1 klar", "kan ikke gøres klar nu"),
        ("/ønske estimat 1 40 timer", "Timer uden timepris er intet beløb"),
        ("/ønske estimat 1 16.5", "kan betyde to ting"),
        ("/ønske støt", "Skriv nummeret efter, for eksempel /ønske støt 1."),
    ],
)
async def test_what_can_not_be_done_is_said_in_one_sentence(chat: LocalDriver, text: str, sentence: str) -> None:
    await submit(chat, "Vis mailadresse i listen")
    await chat.say("anna", "group", text)
    assert sentence in await told(chat, "anna")


async def thread(chat: LocalDriver, number: int) -> list[str]:
    """What stands under a wish's card."""
    above = (await card(chat, number)).id
    return [one.text for one in await chat.messages("hans", "group") if one.thread == above]


async def test_what_happens_to_a_wish_stands_in_its_thread(chat: LocalDriver) -> None:
    await submit(chat, "Vis mailadresse i listen")
    await submit(chat, "Mail i oversigten", person="carla")
    await chat.say("anna", "group", "/ønske status 1 hold vi venter på leverandøren")
    await chat.say("anna", "group", "/ønske status 1 genoptag")
    await chat.say("anna", "group", "/ønske flet 1 i 2")
    await chat.press("anna", (await chat.messages("anna", "private"))[-1], "Skil ad igen")
    await chat.say("anna", "group", "/ønske status 1 afvis")
    assert await chat.submit("anna", {"reason": "Det findes allerede."}) == {}
    assert await thread(chat, 1) == [
        "Anna Holm har sat ønsket på hold.\n> vi venter på leverandøren",
        "Anna Holm har genoptaget ønsket.",
        "Anna Holm har flettet ønsket ind i #2.",
        "Anna Holm har skilt ønsket fra #2 igen.",
        "Anna Holm har afvist ønsket.\n> Det findes allerede.",
    ]
    assert await thread(chat, 2) == []


async def test_a_thread_speaks_the_groups_language(chat: LocalDriver) -> None:
    await submit(chat, "Vis mailadresse i listen")
    await chat._post("/api/language", {"as": "bo", "language": "en"}, once=False)
    await chat.say("bo", "group", "/ønske træk 1")
    assert "is withdrawn" in await told(chat, "bo")
    assert await thread(chat, 1) == ["Bo Lind har trukket ønsket tilbage."]


async def test_who_confirmed_a_prepared_decision_stands_in_the_thread(sqlite_url: str, clock: MovableClock) -> None:
    storage = await make_storage(sqlite_url)
    people = tuple(dataclasses.replace(one, leads=one.user == "eva") for one in PEOPLE)
    async with local_world(storage, clock, people) as chat:
        await submit(chat, "Vis mailadresse i listen")
        await chat.say("eva", "group", "/ønske status 1 afvis")
        assert await chat.submit("eva", {"reason": "Det findes allerede."}) == {}
        assert await thread(chat, 1) == []
        await chat.press("carla", (await chat.messages("carla", "group"))[-1], "Bekræft for kommunerne")
        [said] = await thread(chat, 1)
    await storage.dispose()
    assert said.splitlines() == [
        "Eva Sommer har afvist ønsket.",
        "> Det findes allerede.",
        "Bekræftet for kommunerne af Carla Friis.",
    ]


async def test_a_wish_without_a_card_has_no_thread(chat: LocalDriver) -> None:
    await make_ready(chat.runtime.storage, "Fra den gamle liste")
    await chat.say("anna", "group", "/ønske status 1 hold")
    assert await told(chat, "anna") == "Ønske #1 har nu status »På hold«."
    assert await chat.messages("hans", "group") == []


async def test_hours_with_a_rate_are_an_amount(chat: LocalDriver) -> None:
    await submit(chat, "Vis mailadresse i listen")
    await chat.say("eva", "group", "/ønske estimat 1 40 timer á 850 kr")
    assert "34.000\u00a0kr. (estimat)" in (await card(chat, 1)).text


async def test_a_reject_needs_a_reason_and_a_right(chat: LocalDriver) -> None:
    await submit(chat, "Vis mailadresse i listen")
    await chat.say("bo", "group", "/ønske status 1 afvis")
    assert "Det kan kun gruppens leder gøre." in await told(chat, "bo")
    await chat.say("anna", "group", "/ønske status 1 afvis")
    assert "reason" in await chat.submit("anna", {"reason": ""})
    assert await chat.submit("anna", {"reason": "Det findes allerede."}) == {}
    assert "> Det findes allerede." in (await chat.messages("bo", "group"))[-1].text


async def test_a_command_where_no_group_is(chat: LocalDriver) -> None:
    await chat.say("bo", "other", "/ønske liste")
    assert "Her er ingen koordinationsgruppe." in await told(chat, "bo")


async def test_a_status_change_reaches_the_submitter_in_the_next_bundle_once(chat: LocalDriver) -> None:
    await submit(chat, "Vis mailadresse i listen")
    before = len(await chat.messages("bo", "dm"))
    await chat.say("anna", "group", "/ønske status 1 screening")
    await chat.say("anna", "group", "/ønske status 1 hold")
    assert len(await chat.messages("bo", "dm")) == before
    await chat.forward(24)
    bundle = (await chat.messages("bo", "dm"))[before:]
    assert len(bundle) == 1
    assert "#1 Vis mailadresse i listen: status er nu »På hold«." in bundle[0].text
    assert "I screening" not in bundle[0].text
