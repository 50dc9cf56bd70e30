"""Conversations about polls: opened, voted on in every way, closed by themselves, and turned into decisions."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import AsyncIterator

import pytest

from bot.clock import MovableClock
from storage.enums import BallotRule, EntryKind
from storage.models.economy import LedgerEntry
from storage.models.members import Setting
from tests.conftest import START, make_storage
from tests.groups import PEOPLE
from tests.promises.driver import SeenMessage
from tests.promises.local import LocalDriver, local_world
from tests.ready import make_ready

NB = "\u00a0"
DEADLINE_HOURS = 7 * 24 + 1.5
"""From the clock's start to the deadline that the form proposes: Tuesday 8 September at noon."""


async def wishes(chat: LocalDriver, *titles: str, estimates: tuple[int | None, ...] = ()) -> None:
    await make_ready(chat.runtime.storage, *(titles or ("Vis mailadresse", "Hurtigere søgning", "Mørk tilstand")))
    if estimates:
        raise AssertionError("use `priced`")


async def priced(chat: LocalDriver, **estimates: int | None) -> None:
    await make_ready(chat.runtime.storage, *estimates, estimates=list(estimates.values()))


async def frame(chat: LocalDriver, kroner: int, ceiling: int | None = None) -> None:
    """The committee has set this year's frame, and perhaps a ceiling."""
    async with chat.runtime.storage.write() as session:
        for kind, amount in ((EntryKind.FRAME, kroner), (EntryKind.CEILING, ceiling)):
            if amount is not None:
                entry = LedgerEntry(
                    group_id=1, year=2026, kind=kind, amount=amount * 100, by="person-gry", at=START, note=""
                )
                session.add(entry)


async def setting(chat: LocalDriver, name: str, value: str) -> None:
    async with chat.runtime.storage.write() as session:
        session.add(Setting(group_id=1, name=name, value=value, at=START, by="person-anna"))


async def open_poll(chat: LocalDriver, *, leader: str = "anna", **values: str | list[str]) -> SeenMessage:
    await chat.say(leader, "group", "/afstemning")
    assert await chat.submit(leader, {"title": "Prioritering af efteråret", **values}) == {}
    return await poll(chat)


async def poll(chat: LocalDriver, number: int = 1) -> SeenMessage:
    """The poll's first message as it is now."""
    found = await chat.messages("bo", "group")
    return next(one for one in found if one.text.startswith(f"Afstemning {number}: Prioritering"))


async def told(chat: LocalDriver, person: str) -> str:
    return (await chat.messages(person, "private"))[-1].text


async def lines(chat: LocalDriver, person: str) -> list[str]:
    return [one.text for one in await chat.messages(person, "private")]


async def result(chat: LocalDriver) -> SeenMessage:
    return next(one for one in await chat.messages("bo", "group") if "Resultat" in one.text)


# Opening


async def test_the_form_proposes_ready_wishes_and_a_deadline(chat: LocalDriver) -> None:
    await wishes(chat)
    await setting(chat, "quorum", "50")
    await chat.say("anna", "group", "/afstemning")
    form = await chat.form("anna")
    assert form is not None
    assert form.title == "Ny afstemning"
    assert form.fields["wishes"].options["1"] == f"#1 Vis mailadresse · 20.000{NB}kr."
    assert form.fields["wishes"].value == ["1", "2", "3"]
    assert (form.fields["date"].value, form.fields["time"].value) == ("2026-09-08", "12:00")
    assert form.fields["quorum"].value == "50"


async def test_with_more_than_ten_ready_wishes_none_is_chosen_beforehand(chat: LocalDriver) -> None:
    await wishes(chat, *(f"Ønske {number}" for number in range(11)))
    await chat.say("anna", "group", "/afstemning")
    form = await chat.form("anna")
    assert form is not None
    assert form.fields["wishes"].value == []


async def test_wishes_that_are_in_a_poll_already_are_not_proposed_again(chat: LocalDriver) -> None:
    await wishes(chat)
    await open_poll(chat, wishes=["1", "2"])
    await chat.say("anna", "group", "/afstemning")
    form = await chat.form("anna")
    assert form is not None
    assert form.fields["wishes"].value == ["3"]
    assert form.fields["wishes"].options["1"] == f"#1 (er med i afstemning 1) Vis mailadresse · 20.000{NB}kr."
    assert form.fields["wishes"].options["3"] == f"#3 Mørk tilstand · 20.000{NB}kr."
    values: dict[str, str | list[str]] = {"title": "Om lidt", "wishes": ["2", "3"], "debate": "2026-09-03"}
    assert await chat.submit("anna", values) == {}
    await chat.say("anna", "group", "/afstemning tilføj 1")
    form = await chat.form("anna")
    assert form is not None
    assert form.fields["wishes"].options == {"3": f"#3 (er med i afstemning 2) Mørk tilstand · 20.000{NB}kr."}
    await chat.say("anna", "group", "/afstemning ret 2")
    form = await chat.form("anna")
    assert form is not None
    assert form.fields["wishes"].value == ["2", "3"]
    assert [label[:30] for label in form.fields["wishes"].options.values()] == [
        "#2 (er med i afstemning 1) Hur",
        f"#3 Mørk tilstand · 20.000{NB}kr.",
        "#1 (er med i afstemning 1) Vis",
    ]
    await chat.forward(DEADLINE_HOURS)
    await chat.say("anna", "group", "/afstemning")
    form = await chat.form("anna")
    assert form is not None
    assert form.fields["wishes"].value == ["1", "2", "3"]


async def test_only_the_leader_opens_a_poll(chat: LocalDriver) -> None:
    await wishes(chat)
    await chat.say("bo", "group", "/afstemning")
    assert await chat.form("bo") is None
    assert "Det kan kun gruppens leder gøre" in await told(chat, "bo")


@pytest.mark.parametrize(
    ("values", "field", "said"),
    [
        ({"title": ""}, "title", "Feltet er tomt"),
        ({"title": "x" * 4000}, "title", "Teksten er på 4000 tegn"),
        ({"wishes": ["1"]}, "wishes", "mindst to ønsker"),
        ({"more": "43,hest"}, "more", "»hest« er ikke et ønskenummer"),
        ({"more": "99"}, "more", "Der er intet ønske #99"),
        ({"date": "2026-08-31"}, "date", "allerede gået"),
        ({"date": "2026-02-31"}, "date", "findes ikke"),
        ({"date": "2031-09-01"}, "date", "mere end et år"),
        ({"time": "25.00"}, "time", "ikke et klokkeslæt"),
        ({"most": "0"}, "most", "»0« passer ikke her"),
        ({"most": "4"}, "most", "kun 3 ønsker"),
        ({"quorum": "101"}, "quorum", "»101« passer ikke her"),
        ({"rule": "lodtrækning"}, "rule", "findes ikke længere"),
    ],
)
async def test_a_wrong_field_gets_one_sentence_and_nothing_is_lost(
    chat: LocalDriver, values: dict[str, str | list[str]], field: str, said: str
) -> None:
    await wishes(chat)
    await chat.say("anna", "group", "/afstemning")
    errors = await chat.submit("anna", {"title": "Prioritering", **values})
    assert list(errors) == [field]
    assert said in errors[field]
    assert not [one for one in await chat.messages("bo", "group") if "Afstemning" in one.text]
    good = {"title": "Prioritering", "wishes": ["1", "2", "3"], "more": "", "date": "2026-09-08", "time": "12.00"}
    assert await chat.submit("anna", {**good, "most": "", "quorum": "", "rule": "rank_order"}) == {}


async def test_a_result_is_drawn_in_the_order_of_its_places(chat: LocalDriver) -> None:
    await wishes(chat)
    await chat.say("anna", "group", "/afstemning")
    assert await chat.submit("anna", {"title": "Prioritering"}) == {}
    for person in ("bo", "carla"):
        await chat.react(person, await poll(chat), "three")
    await chat.react("bo", await poll(chat), "one")
    await chat.forward(DEADLINE_HOURS)
    said = (await result(chat)).text
    titles = "#3 Mørk tilstand (2 kommuner), #1 Vis mailadresse (1 kommune), #2 Hurtigere søgning (0 kommuner)"
    assert f"Opbakning i afstemning 1: {titles}" in said


async def test_nobody_voted_and_nothing_is_drawn(chat: LocalDriver) -> None:
    await wishes(chat)
    await chat.say("anna", "group", "/afstemning")
    assert await chat.submit("anna", {"title": "Prioritering"}) == {}
    await chat.forward(DEADLINE_HOURS)
    assert "Opbakning i afstemning" not in (await result(chat)).text


async def test_more_than_ten_candidates_are_several_messages(chat: LocalDriver) -> None:
    await wishes(chat, *(f"Ønske nr. {number}" for number in range(1, 13)))
    await open_poll(chat, wishes=[str(number) for number in range(1, 13)])
    first, second = [one for one in await chat.messages("bo", "group") if one.text.startswith("Afstemning 1")]
    assert "(1 af 2)" in first.text
    assert "🔟 #10 Ønske nr. 10" in first.text
    assert set(first.reactions) >= {"one", "nine", "keycap_ten"}
    assert "(2 af 2)" in second.text
    assert "#11" in second.text
    assert set(second.reactions) == {"one", "two"}
    assert "Hver kommune tæller én gang" in second.text
    await chat.react("bo", second, "two")
    await chat.react("bo", first, "one")
    first, second = [one for one in await chat.messages("bo", "group") if one.text.startswith("Afstemning 1")]
    assert "#12 Ønske nr. 12 20.000\u00a0kr. · 1 kommune" in second.text
    assert "#1 Ønske nr. 1 20.000\u00a0kr. · 1 kommune\n" in first.text
    assert "1 af 3 kommuner har stemt." in second.text


async def test_other_wishes_are_named_by_their_numbers(chat: LocalDriver) -> None:
    await wishes(chat)
    await chat.say("bo", "group", "/ønske")
    await chat.submit("bo", {"title": "Et nyt ønske", "need": "Ja."})
    text = (await open_poll(chat, wishes=["1"], more="#4")).text
    assert "#4 Et nyt ønske intet estimat · 0 kommuner" in text
    assert "#2" not in text


# Clicking


async def own_answer(chat: LocalDriver, person: str) -> str:
    """What the status says of the person's own answer."""
    await chat.say(person, "group", "/afstemning status 1")
    return next(line for line in (await told(chat, person)).splitlines() if "Din stemme: " in line).partition(": ")[2]


async def test_a_unit_counts_once_and_the_latest_of_two_colleagues_counts(chat: LocalDriver) -> None:
    await wishes(chat)
    shown = await open_poll(chat)
    await chat.react("anna", shown, "one")
    await chat.react("dan", shown, "two")
    text = (await poll(chat)).text
    assert "1 af 3 kommuner har stemt." in text
    assert "#1 Vis mailadresse 20.000\u00a0kr. · 0 kommuner" in text
    assert "#2 Hurtigere søgning 20.000\u00a0kr. · 1 kommune\n" in text
    assert "Anna Holm har også svaret for Favrskov" in await told(chat, "dan")
    assert "det seneste svar gælder: nu dit" in await told(chat, "dan")
    assert await own_answer(chat, "anna") == "#1 Vis mailadresse (tæller ikke: et nyere svar fra Favrskov gælder)"
    assert await own_answer(chat, "dan") == "#2 Hurtigere søgning"
    await chat.react("dan", shown, "two", on=False)
    assert await own_answer(chat, "anna") == "#1 Vis mailadresse"
    assert await own_answer(chat, "dan") == "ingen endnu, men Favrskov har svaret"
    assert await own_answer(chat, "bo") == "ingen endnu"
    text = (await poll(chat)).text
    assert "#1 Vis mailadresse 20.000\u00a0kr. · 1 kommune\n" in text
    assert "1 af 3 kommuner har stemt." in text


async def test_a_colleague_hears_once_that_their_ballot_no_longer_counts(chat: LocalDriver) -> None:
    await wishes(chat)
    shown = await open_poll(chat)
    await chat.react("anna", shown, "one")
    await chat.react("dan", shown, "two")
    await chat.react("dan", shown, "three")
    await chat.forward(24)
    heard = [one.text for one in await chat.messages("anna", "dm")]
    assert sum("Dan Krogh har stemt for Favrskov i afstemning 1 efter dig" in text for text in heard) == 1


async def test_by_the_groups_choice_colleagues_are_averaged(chat: LocalDriver) -> None:
    await wishes(chat)
    await setting(chat, "ballot_rule", BallotRule.AVERAGE.value)
    shown = await open_poll(chat)
    await chat.react("anna", shown, "one")
    await chat.react("dan", shown, "one")
    await chat.react("dan", shown, "two")
    assert "jeg tæller gennemsnittet" in await told(chat, "dan")
    assert await own_answer(chat, "anna") == "#1 Vis mailadresse (tæller sammen med de andre svar fra Favrskov)"
    await chat.forward(DEADLINE_HOURS)
    text = (await result(chat)).text
    assert "1. #1 Vis mailadresse 1 kommune · 20.000" in text
    assert "2. #2 Hurtigere søgning 1 kommune, i alt 0,5 · 20.000" in text


@pytest.mark.parametrize(
    ("person", "said"),
    [("hans", "kommunernes repræsentanter"), ("eva", "Det er kommunerne, der stemmer"), ("finn", "Det er kommunerne")],
)
async def test_a_non_voter_gets_one_friendly_line_per_poll(chat: LocalDriver, person: str, said: str) -> None:
    await wishes(chat)
    shown = await open_poll(chat)
    await chat.react(person, shown, "one")
    await chat.react(person, shown, "one", on=False)
    await chat.react(person, shown, "two")
    assert [said in line for line in await lines(chat, person)] == [True]
    assert "0 af 3 kommuner" in (await poll(chat)).text


async def test_an_emoji_that_is_no_candidate_gets_one_friendly_line(chat: LocalDriver) -> None:
    await wishes(chat)
    shown = await open_poll(chat)
    await chat.react("bo", shown, "tada")
    await chat.react("bo", shown, "four")
    assert ["Den emoji står ikke for noget ønske" in line for line in await lines(chat, "bo")] == [True]
    assert "0 af 3 kommuner" in (await poll(chat)).text


async def test_going_over_the_limit_tells_what_to_take_back(chat: LocalDriver) -> None:
    await wishes(chat)
    shown = await open_poll(chat, most="1")
    assert "I kan vælge højst 1." in shown.text
    await chat.react("bo", shown, "two")
    await chat.forward(0.01)
    await chat.react("bo", shown, "one")
    said = await told(chat, "bo")
    assert "Jeg tæller #2 Hurtigere søgning. Vil du hellere have #1 Vis mailadresse med, så tag et af de" in said
    text = (await poll(chat)).text
    assert "#2 Hurtigere søgning 20.000\u00a0kr. · 1 kommune\n" in text
    assert "#1 Vis mailadresse 20.000\u00a0kr. · 0 kommuner" in text
    await chat.react("bo", shown, "two", on=False)
    assert "#1 Vis mailadresse 20.000\u00a0kr. · 1 kommune\n" in (await poll(chat)).text


async def test_skin_tones_and_aliases_are_one_emoji(chat: LocalDriver) -> None:
    await wishes(chat)
    shown = await open_poll(chat)
    await chat.react("bo", shown, "one::skin-tone-3")
    await chat.react("bo", shown, "1")
    assert "#1 Vis mailadresse 20.000\u00a0kr. · 1 kommune\n" in (await poll(chat)).text
    await chat.react("bo", shown, "1", on=False)
    assert "1 af 3 kommuner" in (await poll(chat)).text
    await chat.react("bo", shown, "one::skin-tone-3", on=False)
    assert "0 af 3 kommuner" in (await poll(chat)).text


# In words and by form


async def test_a_text_answers_by_wish_numbers_and_each_replacement_is_told_once(chat: LocalDriver) -> None:
    await wishes(chat)
    shown = await open_poll(chat)
    await chat.react("bo", shown, "one")
    await chat.forward(0.1)
    await chat.say("bo", "group", "/afstemning stem 1 #2,3")
    heard = await lines(chat, "bo")
    assert "Dit svar i afstemning 1: #2 Hurtigere søgning og #3 Mørk tilstand." in heard[-2]
    assert "Dit svar erstatter dine klik" in heard[-1]
    text = (await poll(chat)).text
    assert "#1 Vis mailadresse 20.000\u00a0kr. · 0 kommuner" in text
    assert "#3 Mørk tilstand 20.000\u00a0kr. · 1 kommune\n" in text
    await chat.forward(0.1)
    await chat.react("bo", shown, "two")
    assert "Nu gælder dine emojis i afstemning 1, altså #1 Vis mailadresse og #2 Hurtigere" in await told(chat, "bo")
    assert "#3 Mørk tilstand 20.000\u00a0kr. · 0 kommuner" in (await poll(chat)).text
    await chat.forward(0.1)
    await chat.say("bo", "group", "/afstemning stem 1 3")
    await chat.forward(0.1)
    await chat.react("bo", shown, "three")
    assert sum("erstatter" in line for line in await lines(chat, "bo")) == 2


async def test_tidying_up_emojis_does_not_touch_an_answer_in_words(chat: LocalDriver) -> None:
    await wishes(chat)
    shown = await open_poll(chat)
    await chat.react("bo", shown, "one")
    await chat.say("bo", "group", "/afstemning stem 1 3")
    await chat.react("bo", shown, "one", on=False)
    assert "#3 Mørk tilstand 20.000\u00a0kr. · 1 kommune\n" in (await poll(chat)).text


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("stem 1 99", "#99 er ikke med i afstemningen. Du kan vælge mellem #1, #2, #3."),
        ("stem 1 1,2,3", "I kan vælge højst 2, og du har valgt 3. Tag 1 væk"),
        ("stem 1 hest", "»hest« er ikke et ønskenummer"),
        ("stem 7 1", "Der er ingen afstemning 7"),
        ("stem hest", "»hest« er ikke et nummer"),
        ("stem", "Skriv nummeret"),
        ("resultat 1", "stadig åben"),
        ("flyv", "Jeg kender ikke »flyv«"),
    ],
)
async def test_a_wrong_text_gets_one_sentence_and_the_ballot_stands(chat: LocalDriver, text: str, said: str) -> None:
    await wishes(chat)
    await open_poll(chat, most="2")
    await chat.say("bo", "group", "/afstemning stem 1 2")
    await chat.say("bo", "group", f"/afstemning {text}")
    assert said in await told(chat, "bo")
    assert "#2 Hurtigere søgning 20.000\u00a0kr. · 1 kommune\n" in (await poll(chat)).text


async def test_an_empty_answer_takes_the_ballot_back(chat: LocalDriver) -> None:
    await wishes(chat)
    await open_poll(chat)
    await chat.say("bo", "group", "/afstemning stem 1 2")
    await chat.say("bo", "group", "/afstemning stem 1 blank")
    assert "taget tilbage" in await told(chat, "bo")
    assert "0 af 3 kommuner" in (await poll(chat)).text


async def test_voting_in_a_form(chat: LocalDriver) -> None:
    await wishes(chat)
    shown = await open_poll(chat, most="2")
    await chat.react("carla", shown, "one")
    await chat.press("carla", shown, "Stem i en formular")
    form = await chat.form("carla")
    assert form is not None
    assert form.title == "Stem i afstemning 1"
    assert form.fields["choices"].value == ["1"]
    errors = await chat.submit("carla", {"choices": ["1", "2", "3"]})
    assert "I kan vælge højst 2" in errors["choices"]
    assert await chat.submit("carla", {"choices": ["2", "3"]}) == {}
    assert "#2 Hurtigere søgning 20.000\u00a0kr. · 1 kommune\n" in (await poll(chat)).text
    await chat.say("bo", "group", "/afstemning stem 1")
    assert await chat.submit("bo", {"choices": ["2"]}) == {}
    assert "#2 Hurtigere søgning 20.000\u00a0kr. · 2 kommuner" in (await poll(chat)).text


async def test_a_guest_cannot_vote_in_words(chat: LocalDriver) -> None:
    await wishes(chat)
    await open_poll(chat)
    await chat.say("hans", "group", "/afstemning stem 1 2")
    assert "Det kan kun en kommunes repræsentant gøre" in await told(chat, "hans")


async def test_an_answer_by_mail_is_entered_marked_and_told(chat: LocalDriver) -> None:
    await wishes(chat)
    await open_poll(chat)
    await chat.say("anna", "group", "/afstemning modtaget 1")
    form = await chat.form("anna")
    assert form is not None
    unit = next(value for value, label in form.fields["unit"].options.items() if label == "Tønder")
    assert "Vælg mindst ét ønske" in (await chat.submit("anna", {"unit": unit, "choices": []}))["choices"]
    assert await chat.submit("anna", {"unit": unit, "choices": ["3"]}) == {}
    assert "Svaret fra Tønder er gemt i afstemning 1: #3 Mørk tilstand." in await told(chat, "anna")
    text = (await poll(chat)).text
    assert "1 af 3 kommuner har stemt. 1 svar er modtaget pr. mail eller på et møde." in text
    await chat.forward(24)
    assert "Anna Holm har skrevet et svar ind for Tønder" in await told(chat, "bo")
    await chat.react("bo", await poll(chat), "one")
    text = (await poll(chat)).text
    assert "#3 Mørk tilstand 20.000\u00a0kr. · 0 kommuner" in text
    assert "pr. mail" not in text


# The unconfirmed


@pytest.fixture
async def newcomers(sqlite_url: str, clock: MovableClock) -> AsyncIterator[LocalDriver]:
    """A group in which Tønder's representative is not confirmed, and Favrskov's second one neither."""
    people = tuple(dataclasses.replace(one, confirmed=one.user not in ("bo", "dan")) for one in PEOPLE)
    storage = await make_storage(sqlite_url)
    async with local_world(storage, clock, people) as driver:
        yield driver
    await storage.dispose()


async def test_an_unconfirmed_ballot_waits_and_counts_once_confirmed(newcomers: LocalDriver) -> None:
    chat = newcomers
    await wishes(chat)
    shown = await open_poll(chat)
    assert "0 af 2 kommuner" in shown.text
    await chat.react("bo", shown, "one")
    await chat.react("dan", shown, "two")
    assert "så snart det er bekræftet, at du repræsenterer Tønder" in await told(chat, "bo")
    assert await own_answer(chat, "bo") == "#1 Vis mailadresse (venter på, at du bliver bekræftet)"
    text = (await poll(chat)).text
    assert "0 af 2 kommuner har stemt. 2 svar venter på, at kommunernes repræsentanter bliver bekræftet." in text
    await chat.say("anna", "group", "/gruppe medlemmer")
    await chat.press("anna", (await chat.messages("anna", "private"))[-1], "Bekræft alle")
    text = (await poll(chat)).text
    assert "2 af 3 kommuner har stemt." in text
    assert "venter" not in text


async def test_an_unconfirmed_ballot_does_not_count_at_closing(newcomers: LocalDriver) -> None:
    chat = newcomers
    await wishes(chat)
    shown = await open_poll(chat)
    await chat.react("bo", shown, "one")
    await chat.react("carla", shown, "two")
    await chat.forward(DEADLINE_HOURS)
    text = (await result(chat)).text
    assert "1 af 2 kommuner har stemt." in text
    assert "1. #2 Hurtigere søgning 1 kommune" in text


# Closing


async def test_it_closes_by_itself_and_says_what_fits_the_money(chat: LocalDriver) -> None:
    await priced(chat, Mail=20_000, Søgning=60_000, Mørk=30_000, Kort=40_000, Uden=None)
    await frame(chat, 100_000, ceiling=50_000)
    shown = await open_poll(chat, quorum="60")
    for person, emojis in {"anna": ("one", "two", "four"), "bo": ("one", "three"), "carla": ("two", "five")}.items():
        for emoji in emojis:
            await chat.react(person, shown, emoji)
    await chat.forward(DEADLINE_HOURS)
    text = (await result(chat)).text
    assert text.startswith("Resultat af afstemning 1: Prioritering af efteråret")
    assert "3 af 3 kommuner har stemt. Afstemningen er beslutningsdygtig (mindst 60 procent)." in text
    assert "1. (delt) #1 Mail 2 kommuner · 20.000\u00a0kr." in text
    assert "1. (delt) #2 Søgning 2 kommuner · 60.000\u00a0kr." in text
    assert "3. (delt) #4 Kort 1 kommune · 40.000\u00a0kr." in text
    assert "3. (delt) #5 Uden 1 kommune · intet estimat" in text
    assert "Der er 100.000\u00a0kr. til rådighed." in text
    assert "Der er plads til #1 Mail, #3 Mørk og #4 Kort, i alt 90.000\u00a0kr." in text
    assert "Uden estimat, så jeg ved ikke, om der er plads: #5 Uden." in text
    assert "Over loftet for, hvad gruppen selv kan beslutte: #2 Søgning." in text
    assert "Loggens kontrolkode: " in text
    closed = (await poll(chat)).text
    assert "Afstemningen lukkede tirsdag 8. september 2026 kl.\u00a012.00." in closed
    assert "Frist" not in closed


async def test_a_tie_over_the_last_money_is_shown_as_a_tie(chat: LocalDriver) -> None:
    await priced(chat, Mail=20_000, Mørk=30_000)
    await frame(chat, 40_000)
    shown = await open_poll(chat)
    await chat.react("bo", shown, "one")
    await chat.react("carla", shown, "two")
    await chat.forward(DEADLINE_HOURS)
    text = (await result(chat)).text
    assert "1. (delt) #1 Mail" in text
    assert "Stemmelighed: #1 Mail og #2 Mørk står lige, og der er ikke plads til dem alle." in text


async def test_without_a_frame_the_result_says_so(chat: LocalDriver) -> None:
    await wishes(chat)
    shown = await open_poll(chat)
    await chat.react("bo", shown, "one")
    await chat.forward(DEADLINE_HOURS)
    text = (await result(chat)).text
    assert "Gruppen har ingen økonomisk ramme i år" in text
    assert "1 af 3 kommuner har stemt." in text


async def test_names_of_the_silent_go_to_the_leader_and_never_to_the_channel(chat: LocalDriver) -> None:
    await wishes(chat)
    shown = await open_poll(chat)
    await chat.react("bo", shown, "one")
    await chat.forward(DEADLINE_HOURS + 24)
    assert "I afstemning 1 stemte Bornholm og Favrskov ikke." in await told(chat, "anna")
    assert not [one for one in await chat.messages("bo", "group") if "Bornholm" in one.text]
    await chat.say("anna", "group", "/afstemning resultat 1")
    assert "Kun til dig: Bornholm og Favrskov har ikke stemt." in await told(chat, "anna")
    await chat.say("bo", "group", "/afstemning resultat 1")
    assert "Resultat" in await told(chat, "bo")
    assert "ikke stemt" not in await told(chat, "bo")


async def test_after_closing_every_way_to_vote_gets_one_sentence(chat: LocalDriver) -> None:
    await wishes(chat)
    shown = await open_poll(chat)
    await chat.react("bo", shown, "one")
    await chat.forward(DEADLINE_HOURS - 1)
    await chat.press("carla", shown, "Stem i en formular")
    await chat.forward(1)
    before = (await poll(chat)).text
    await chat.react("bo", shown, "two")
    await chat.react("bo", shown, "three")
    assert sum("er lukket, så dit klik tæller ikke med" in line for line in await lines(chat, "bo")) == 1
    await chat.say("bo", "group", "/afstemning stem 1 2")
    assert "Afstemning 1 er lukket." in await told(chat, "bo")
    assert "er lukket" in (await chat.submit("carla", {"choices": ["2"]}))[""]
    await chat.say("anna", "group", "/afstemning luk 1")
    assert "er lukket" in await told(chat, "anna")
    assert (await poll(chat)).text == before
    assert sum("Resultat" in one.text for one in await chat.messages("bo", "group")) == 1


async def test_the_leader_closes_early_and_only_once(chat: LocalDriver) -> None:
    await wishes(chat)
    shown = await open_poll(chat)
    await chat.react("bo", shown, "one")
    await chat.say("anna", "group", "/afstemning luk 1")
    asked = (await chat.messages("anna", "private"))[-1]
    assert "Vil du lukke afstemning 1 nu?" in asked.text
    assert "1 af 3 kommuner har stemt." in asked.text
    await chat.press("anna", asked, "Luk nu")
    await chat.press("anna", asked, "Luk nu")
    assert "Afstemning 1 er lukket." in await told(chat, "anna")
    await chat.forward(DEADLINE_HOURS)
    assert sum("Resultat" in one.text for one in await chat.messages("bo", "group")) == 1


async def test_annulling_needs_a_reason_and_is_told(chat: LocalDriver) -> None:
    await wishes(chat)
    shown = await open_poll(chat)
    await chat.react("bo", shown, "one")
    await chat.say("bo", "group", "/afstemning annuller 1")
    assert "Det kan kun gruppens leder gøre" in await told(chat, "bo")
    await chat.say("anna", "group", "/afstemning annuller 1")
    assert "Feltet er tomt" in (await chat.submit("anna", {"reason": " "}))["reason"]
    assert await chat.submit("anna", {"reason": "Der manglede et ønske."}) == {}
    assert "Afstemningen er annulleret: Der manglede et ønske." in (await poll(chat)).text
    news = (await chat.messages("bo", "group"))[-1].text
    assert "Afstemning 1: Prioritering af efteråret er annulleret af Anna Holm." in news
    await chat.react("bo", shown, "two")
    assert "Afstemning 1 er annulleret, så dit klik tæller ikke med." in await told(chat, "bo")
    await chat.forward(DEADLINE_HOURS)
    assert not [one for one in await chat.messages("bo", "group") if "Resultat" in one.text]
    await chat.say("anna", "group", "/afstemning annuller 1")
    assert "Afstemning 1 er annulleret." in await told(chat, "anna")


async def test_status_and_list(chat: LocalDriver) -> None:
    await wishes(chat)
    shown = await open_poll(chat, quorum="50")
    await chat.react("bo", shown, "one")
    await chat.press("bo", shown, "Se status")
    seen = await told(chat, "bo")
    assert "Din stemme: #1 Vis mailadresse" in seen
    assert "Har ikke stemt" not in seen
    await chat.say("anna", "group", "/afstemning status 1")
    seen = await told(chat, "anna")
    assert "Har ikke stemt: Bornholm og Favrskov" in seen
    assert "Din stemme: ingen endnu" in seen
    await chat.say("hans", "group", "/afstemning liste")
    assert "Afstemning 1: Prioritering af efteråret åben, frist tirsdag 8. september" in await told(chat, "hans")
    await chat.say("hans", "group", "/afstemning status 9")
    assert "Der er ingen afstemning 9" in await told(chat, "hans")


# Deciding


async def closed(chat: LocalDriver, kroner: int = 50_000) -> SeenMessage:
    """A poll whose money is enough for #1 and #2 of three."""
    await wishes(chat)
    await frame(chat, kroner)
    shown = await open_poll(chat)
    for person, emojis in {"anna": ("one", "two"), "bo": ("one", "two"), "carla": ("one", "three")}.items():
        for emoji in emojis:
            await chat.react(person, shown, emoji)
    await chat.forward(DEADLINE_HOURS)
    return await result(chat)


async def test_the_leader_prioritises_what_fits_in_one_message(chat: LocalDriver) -> None:
    shown = await closed(chat)
    await chat.press("bo", shown, "Prioritér dem")
    assert "Det kan kun gruppens leder gøre" in await told(chat, "bo")
    await chat.press("anna", shown, "Prioritér dem")
    decided = [one for one in await chat.messages("bo", "group") if "Prioriteret efter afstemning 1" in one.text]
    assert len(decided) == 1
    assert "#1 Vis mailadresse" in decided[0].text
    assert "#2 Hurtigere søgning" in decided[0].text
    assert "#3" not in decided[0].text
    await chat.say("bo", "group", "/ønske vis 2")
    assert "Status: Prioriteret" in await told(chat, "bo")
    await chat.press("anna", shown, "Prioritér dem")
    assert "kan prioriteres nu" in await told(chat, "anna")


async def test_more_prioritised_than_there_is_money_for_is_said_at_once(chat: LocalDriver) -> None:
    shown = await closed(chat)
    await chat.press("anna", shown, "Prioritér dem")
    assert "mere, end der er penge til" not in (await chat.messages("bo", "group"))[-1].text
    await chat.press("anna", shown, "Vælg selv")
    assert await chat.submit("anna", {"wishes": ["3"]}) == {}
    decided = (await chat.messages("bo", "group"))[-1].text
    assert f"I alt er der nu prioriteret for 60.000{NB}kr., der ikke er sat i gang." in decided
    assert f"Det er 10.000{NB}kr. mere, end der er penge til." in decided


async def test_a_result_says_what_is_prioritised_already(chat: LocalDriver) -> None:
    shown = await closed(chat)
    assert "allerede prioriteret" not in shown.text
    await chat.press("anna", shown, "Prioritér dem")
    await make_ready(chat.runtime.storage, "Lettere navne")
    await open_poll(chat)
    await chat.react("bo", await poll(chat, 2), "one")
    await chat.forward(DEADLINE_HOURS)
    seen = next(one for one in await chat.messages("bo", "group") if "Resultat af afstemning 2" in one.text)
    assert f"Der er 50.000{NB}kr. til rådighed." in seen.text
    assert f"Der er allerede prioriteret ønsker for 40.000{NB}kr., som ikke er sat i gang endnu." in seen.text


async def test_the_leader_chooses_otherwise(chat: LocalDriver) -> None:
    shown = await closed(chat)
    await chat.press("anna", shown, "Vælg selv")
    form = await chat.form("anna")
    assert form is not None
    assert form.fields["wishes"].value == ["1", "2"]
    assert "mindst ét" in (await chat.submit("anna", {"wishes": []}))["wishes"]
    assert await chat.submit("anna", {"wishes": ["3"]}) == {}
    decided = (await chat.messages("bo", "group"))[-1].text
    assert "#3 Mørk tilstand" in decided
    assert "#1" not in decided


async def test_other_counts_are_shown_with_what_each_municipality_gets(chat: LocalDriver) -> None:
    shown = await closed(chat)
    await chat.press("bo", shown, "Vis andre opgørelser")
    seen = await told(chat, "bo")
    assert f"Rangfølge (afstemningens egen regel): #1 og #2, i alt 40.000{NB}kr. af 50.000{NB}kr." in seen
    assert "Kommune | Stemte på | Rangfølge | Opbakning pr. krone | Lige andele" in seen
    assert "Favrskov | #1, #2 | #1, #2 | #1, #2 | #1, #2" in seen
    assert "Bornholm | #1, #3 | #1 | #1 | #1" in seen
    assert "Hver andel blev på " in seen
    assert "Bornholm Andelen gik til #1 (6.666,6" in seen


async def test_a_poll_that_is_not_quorate_offers_no_easy_decision(chat: LocalDriver) -> None:
    await wishes(chat)
    await frame(chat, 50_000)
    shown = await open_poll(chat, quorum="100")
    await chat.react("bo", shown, "one")
    await chat.forward(DEADLINE_HOURS)
    seen = await result(chat)
    assert "Afstemningen er ikke beslutningsdygtig: mindst 100 procent skal stemme." in seen.text
    assert not [label for label in seen.buttons if "Prioritér dem" in label]
    assert [label for label in seen.buttons if "Vælg selv" in label]


async def test_a_leader_without_a_vote_only_prepares_what_is_prioritised(supplier_led: LocalDriver) -> None:
    chat = supplier_led
    await wishes(chat)
    await frame(chat, 50_000)
    await chat.say("eva", "group", "/afstemning")
    assert await chat.submit("eva", {"title": "Prioritering af efteråret"}) == {}
    await chat.react("bo", await poll(chat), "one")
    await chat.forward(DEADLINE_HOURS)
    await chat.press("eva", await result(chat), "Prioritér dem")
    prepared = (await chat.messages("bo", "group"))[-1]
    assert "Eva Sommer har forberedt: Prioritér ønskerne fra afstemning 1" in prepared.text
    await chat.say("bo", "group", "/ønske vis 1")
    assert "Status: Klar til prioritering" in await told(chat, "bo")
    await chat.press("carla", prepared, "Bekræft for kommunerne")
    assert "Prioriteret efter afstemning 1" in (await chat.messages("bo", "group"))[-1].text
    await chat.say("bo", "group", "/ønske vis 1")
    assert "Status: Prioriteret" in await told(chat, "bo")


async def test_a_leader_without_a_vote_only_prepares_an_annulment(supplier_led: LocalDriver) -> None:
    chat = supplier_led
    await wishes(chat)
    await chat.say("eva", "group", "/afstemning")
    assert await chat.submit("eva", {"title": "Prioritering af efteråret"}) == {}
    await chat.say("eva", "group", "/afstemning annuller 1")
    assert await chat.submit("eva", {"reason": "Et ønske manglede"}) == {}
    prepared = (await chat.messages("bo", "group"))[-1]
    assert "Annuller afstemning 1: Et ønske manglede" in prepared.text
    assert "annulleret" not in (await poll(chat)).text
    await chat.press("bo", prepared, "Bekræft for kommunerne")
    assert "Afstemningen er annulleret: Et ønske manglede" in (await poll(chat)).text


# What happens elsewhere


async def test_a_candidate_that_is_withdrawn_is_marked_and_told(chat: LocalDriver) -> None:
    await wishes(chat)
    await chat.say("bo", "group", "/ønske")
    await chat.submit("bo", {"title": "Et nyt ønske", "need": "Ja."})
    shown = await open_poll(chat, more="4")
    await chat.react("carla", shown, "four")
    await chat.react("carla", shown, "one")
    await chat.say("bo", "group", "/ønske træk 4")
    for one in reversed(await chat.messages("bo", "private")):
        if one.buttons:
            await chat.press("bo", one, next(iter(one.buttons)))
            break
    text = (await poll(chat)).text
    assert "#4 Et nyt ønske trukket tilbage" in text
    assert "1 af 3 kommuner har stemt." in text
    await chat.react("anna", shown, "four")
    assert "#4 Et nyt ønske er ikke længere med i afstemningen." in await told(chat, "anna")
    await chat.say("anna", "group", "/afstemning stem 1 4")
    assert "er ikke længere med" in await told(chat, "anna")
    await chat.forward(24)
    assert "Dine andre valg gælder stadig." in await told(chat, "carla")
    assert "er ikke længere med i afstemning 1" in (await chat.messages("carla", "group"))[-1].text
    await chat.forward(DEADLINE_HOURS)
    text = (await result(chat)).text
    assert "Ikke længere med: #4 Et nyt ønske (trukket tilbage)" in text
    assert "1. #1 Vis mailadresse 1 kommune" in text


async def test_who_voted_for_a_wish_that_is_merged_hears_into_which_and_what_to_do(chat: LocalDriver) -> None:
    await wishes(chat, "Vis mailadresse", "Hurtigere søgning", "Vis mailen", "Mørk tilstand")
    shown = await open_poll(chat, wishes=["1", "2", "3"])
    for person, emojis in {"bo": ("three", "two"), "carla": ("three", "one"), "anna": ("two",)}.items():
        for emoji in emojis:
            await chat.react(person, shown, emoji)
    await chat.say("anna", "group", "/ønske flet 3 i 1")
    assert "#3 Vis mailen flettet ind i #1" in (await poll(chat)).text
    await chat.say("anna", "group", "/ønske flet 2 i 4")
    await chat.forward(24)
    merged = "#3 Vis mailen, som du har valgt i afstemning 1, er flettet ind i #1 Vis mailadresse"
    heard = {person: (await chat.messages(person, "dm"))[-1].text for person in ("bo", "carla", "anna")}
    assert f"{merged}. Din stemme følger ikke med; vil I have det, så stem på #1. Dine andre valg" in heard["bo"]
    assert f"{merged}, som du også har valgt. Dine andre valg gælder stadig." in heard["carla"]
    elsewhere = "#2 Hurtigere søgning, som du har valgt i afstemning 1, er flettet ind i #4 Mørk tilstand"
    for person in ("bo", "anna"):
        assert f"{elsewhere}, som ikke er med i afstemningen. Gruppens leder kan tilføje #4." in heard[person]
    nothing_left = "Intet af det, du har valgt, er længere med, så stem igen senest tirsdag 8. september 2026"
    assert [person for person, text in heard.items() if nothing_left in text] == ["bo", "anna"]
    assert "Dine andre valg" not in heard["anna"]
    group = (await chat.messages("bo", "group"))[-1].text
    assert "#3 Vis mailen er flettet ind i #1 Vis mailadresse og er ikke længere med i afstemning 1." in group
    await chat.forward(DEADLINE_HOURS)
    assert "Ikke længere med: #2 Hurtigere søgning (flettet ind i #4) og #3" in (await result(chat)).text


async def test_a_candidate_that_comes_back_has_the_votes_that_it_had_and_the_voter_hears_it(chat: LocalDriver) -> None:
    await wishes(chat)
    shown = await open_poll(chat)
    await chat.react("carla", shown, "one")
    await chat.say("anna", "group", "/ønske status 1 hold vi venter på leverandøren")
    text = (await poll(chat)).text
    assert "#1 Vis mailadresse sat på hold" in text
    assert "1 af 3 kommuner har stemt." in text
    await chat.forward(24)
    await chat.say("anna", "group", "/ønske status 1 genoptag")
    assert "#1 Vis mailadresse 20.000\u00a0kr. · 1 kommune\n" in (await poll(chat)).text
    await chat.forward(24)
    back = "#1 Vis mailadresse, som du har valgt i afstemning 1, er med igen, og din stemme på det tæller."
    assert back in (await chat.messages("carla", "dm"))[-1].text
    assert "er med igen i afstemning 1, med de stemmer, det havde." in (await chat.messages("bo", "group"))[-1].text
    await chat.forward(DEADLINE_HOURS)
    assert "1. #1 Vis mailadresse 1 kommune" in (await result(chat)).text


async def test_costs_follow_the_wish_until_the_first_vote(chat: LocalDriver) -> None:
    await wishes(chat)
    shown = await open_poll(chat)
    await chat.say("eva", "group", "/ønske estimat 1 25.000")
    assert "#1 Vis mailadresse 25.000\u00a0kr." in (await poll(chat)).text
    await chat.react("bo", shown, "one")
    await chat.say("eva", "group", "/ønske estimat 1 90.000")
    assert "#1 Vis mailadresse 25.000\u00a0kr." in (await poll(chat)).text


async def test_only_those_who_have_not_voted_are_reminded_privately(chat: LocalDriver) -> None:
    await wishes(chat)
    shown = await open_poll(chat, quorum="100")
    await chat.react("bo", shown, "one")
    await chat.forward(DEADLINE_HOURS - 1)
    reminded = [one.text for one in await chat.messages("carla", "dm") if "har ikke stemt endnu" in one.text]
    assert len(reminded) == 2
    assert "Bornholm har ikke stemt endnu i afstemning 1: Prioritering af efteråret." in reminded[0]
    assert not [one for one in await chat.messages("bo", "dm") if "har ikke stemt" in one.text]
    assert not [one for one in await chat.messages("bo", "group") if "har ikke stemt" in one.text]
    heard = [one.text for one in await chat.messages("anna", "dm")]
    assert [text for text in heard if "Der mangler 2 kommuner, før den er beslutningsdygtig" in text]


async def forecast(chat: LocalDriver, number: int, person: str = "anna") -> str:
    """What the status of a poll says may become of it."""
    await chat.say(person, "group", f"/afstemning status {number}")
    found = [line for line in (await told(chat, person)).splitlines() if line.startswith("Prognose: ")]
    return found[0] if found else ""


async def test_the_leader_sees_what_may_become_of_it_from_how_the_last_poll_went(chat: LocalDriver) -> None:
    await wishes(chat)
    shown = await open_poll(chat, quorum="100")
    await chat.react("bo", shown, "one")
    assert await forecast(chat, 1) == "Prognose: Der mangler 2 kommuner, før den er beslutningsdygtig (100 procent)."
    await chat.forward(DEADLINE_HOURS - 3)
    await chat.react("carla", shown, "one")
    await chat.react("bo", shown, "two")
    await chat.forward(24)

    values: dict[str, str | list[str]] = {
        "title": "Prioritering igen",
        "date": "2026-09-16",
        "time": "12",
        "quorum": "60",
    }
    await chat.say("anna", "group", "/afstemning")
    assert await chat.submit("anna", values) == {}
    # At first nobody had voted in the last poll either, and two of three did in the end.
    assert await forecast(chat, 2) == "Prognose: Går det som sidst, ender I på 2; der skal 2 til."
    assert await forecast(chat, 2, "bo") == ""
    await chat.forward(24)
    # Now one had, and one of the two others came.
    assert await forecast(chat, 2) == "Prognose: Går det som sidst, ender I på 1; der skal 2 til."
    await chat.forward(5 * 24)
    heard = [one.text for one in await chat.messages("anna", "dm")]
    line = "Afstemning 2: 0 af 3 kommuner har stemt. Går det som sidst, ender I på 1; der skal 2 til."
    assert sum(line in text for text in heard) == 1
    for person in ("bo", "carla"):
        await chat.react(person, await poll(chat, 2), "one")
    assert await forecast(chat, 2) == "Prognose: Går det som sidst, ender I på 2; der skal 2 til."
    await chat.react("anna", await poll(chat, 2), "one")
    assert await forecast(chat, 2) == ""


async def test_where_nothing_depends_on_it_the_leader_is_not_told(chat: LocalDriver) -> None:
    await wishes(chat)
    await chat.react("bo", await open_poll(chat, quorum="30"), "one")
    await chat.forward(DEADLINE_HOURS)
    await chat.say("anna", "group", "/afstemning")
    assert await chat.submit("anna", {"title": "Prioritering igen", "quorum": "30"}) == {}
    await chat.react("bo", await poll(chat, 2), "one")
    assert await forecast(chat, 2) == "Prognose: Går det som sidst, ender I på 1; der skal 1 til."
    await chat.say("anna", "group", "/afstemning")
    assert await chat.submit("anna", {"title": "Prioritering uden krav", "wishes": ["1", "2"]}) == {}
    assert await forecast(chat, 3) == "Prognose: Går det som sidst, ender I på 1."
    await chat.forward(DEADLINE_HOURS)
    heard = "\n".join(one.text for one in await chat.messages("anna", "dm"))
    assert "Afstemning 2: " not in heard
    assert "Afstemning 3: 0 af 3 kommuner har stemt. Går det som sidst, ender I på" in heard


def test_the_deadline_in_these_tests_is_the_forms() -> None:
    assert START + dt.timedelta(hours=DEADLINE_HOURS) == dt.datetime(2026, 9, 8, 10, tzinfo=dt.UTC)


# Other ways to vote


async def poll_messages(chat: LocalDriver) -> list[SeenMessage]:
    return [one for one in await chat.messages("bo", "group") if one.text.startswith("Afstemning 1")]


async def test_scores_are_given_on_a_message_for_each_wish(chat: LocalDriver) -> None:
    await wishes(chat)
    await open_poll(chat, method="score")
    first, second, third = await poll_messages(chat)
    assert "(1 af 3)" in first.text
    assert "5 er det, I helst vil have" in first.text
    assert set(third.reactions) == {"one", "two", "three", "four", "five"}
    await chat.react("bo", first, "two")
    await chat.forward(0.01)
    await chat.react("bo", first, "five")
    await chat.react("carla", first, "one")
    await chat.react("carla", second, "four")
    await chat.react("carla", second, "six")
    assert "Den emoji står ikke for noget ønske" in await told(chat, "carla")
    first, second, third = await poll_messages(chat)
    assert "#1 Vis mailadresse 20.000\u00a0kr. · 2 kommuner, 6 point i alt" in first.text
    assert "#2 Hurtigere søgning 20.000\u00a0kr. · 1 kommune, 4 point i alt" in second.text
    await chat.say("anna", "group", "/afstemning stem 1 2=5, 3=1")
    assert "#2 Hurtigere søgning (5) og #3 Mørk tilstand (1)" in await told(chat, "anna")
    await chat.say("anna", "group", "/afstemning stem 1 2=6")
    assert "#2 har fået 6. Giv et tal fra 1 til 5." in await told(chat, "anna")
    await chat.forward(DEADLINE_HOURS)
    text = (await result(chat)).text
    assert "1. #2 Hurtigere søgning 2 kommuner, 9 point i alt" in text
    assert "3. #3 Mørk tilstand 1 kommune, 1 point i alt" in text


async def test_points_over_the_budget_tell_what_to_take_back(chat: LocalDriver) -> None:
    await wishes(chat)
    await open_poll(chat, method="points", dots="6")
    first, second, _ = await poll_messages(chat)
    assert "I har 6 point at dele ud." in first.text
    assert set(first.reactions) == {"one", "two", "three", "four", "five", "six"}
    await chat.react("bo", first, "five")
    await chat.forward(0.01)
    await chat.react("bo", second, "four")
    said = await told(chat, "bo")
    assert "Jeg tæller #1 Vis mailadresse (5). Vil du hellere have #2 Hurtigere søgning med" in said
    await chat.press("bo", first, "Stem i en formular")
    errors = await chat.submit("bo", {"mark_1": "3", "mark_2": "4"})
    assert errors == {"mark_1": "I har 6 point at dele ud, og du har givet 7. Tag 1 væk, og send igen."}
    assert await chat.submit("bo", {"mark_1": "2", "mark_2": "4"}) == {}
    assert "1 kommune, 4 point i alt" in (await poll_messages(chat))[1].text


async def test_a_ranking_is_given_in_a_form_or_in_words(chat: LocalDriver) -> None:
    await wishes(chat)
    shown = await open_poll(chat, method="ranking")
    assert shown.reactions == {}
    assert "klik, ikke stemmer" not in shown.text
    assert "/afstemning stem 1 1>2" in shown.text
    await chat.press("bo", shown, "Stem i en formular")
    form = await chat.form("bo")
    assert form is not None
    assert list(form.fields) == ["place_1", "place_2", "place_3"]
    errors = await chat.submit("bo", {"place_1": "3", "place_2": "3"})
    assert "#3 står allerede på plads 1" in errors["place_2"]
    assert await chat.submit("bo", {"place_1": "3", "place_2": "1"}) == {}
    assert "1. #3 Mørk tilstand og 2. #1 Vis mailadresse" in await told(chat, "bo")
    await chat.say("carla", "group", "/afstemning stem 1 3>2>1")
    await chat.say("anna", "group", "/afstemning stem 1 1>2>3")
    assert "3 af 3 kommuner har stemt." in (await poll(chat)).text
    await chat.forward(DEADLINE_HOURS)
    text = (await result(chat)).text
    assert "1. #3 Mørk tilstand 4 point" in text
    assert "Schulzes metode" in text


async def test_hidden_answers_show_only_the_turnout_until_closing(chat: LocalDriver) -> None:
    await wishes(chat)
    shown = await open_poll(chat, visibility="hidden")
    assert shown.reactions == {}
    assert "Ingen kan se, hvordan det går" in shown.text
    assert "Derefter står hver kommunes svar i stemmeloggen" in shown.text
    await chat.say("bo", "group", "/afstemning stem 1 2")
    await chat.say("anna", "group", "/afstemning status 1")
    for text in ((await poll(chat)).text, await told(chat, "anna")):
        assert "1 af 3 kommuner har stemt." in text
        assert "1 kommune\n" not in text
    await chat.react("carla", shown, "one")
    assert "1 af 3 kommuner har stemt." in (await poll(chat)).text
    assert await told(chat, "carla") == (
        "I afstemning 1 stemmer man ikke med emojis, så dit klik tæller ikke. Brug knappen »Stem i en formular«, eller "
        "skriv /afstemning stem 1."
    )
    await chat.forward(DEADLINE_HOURS)
    assert "1. #2 Hurtigere søgning 1 kommune" in (await result(chat)).text


async def test_secret_answers_are_given_by_form_and_never_shown(chat: LocalDriver) -> None:
    await wishes(chat)
    await frame(chat, 50_000)
    shown = await open_poll(chat, visibility="secret")
    assert "Stemmer kun få, eller svarer alle ens, kan man gætte, hvem der svarede hvad." in shown.text
    assert "Den, der driver min database, kan dog slå op, hvem der svarede hvad." in shown.text
    assert "/afstemning stem" not in shown.text
    await chat.say("bo", "group", "/afstemning stem 1 2")
    assert "Afstemning 1 er hemmelig" in await told(chat, "bo")
    await chat.say("bo", "group", "/afstemning stem 1")
    assert await chat.submit("bo", {"choices": ["2"]}) == {}
    await chat.say("anna", "group", "/afstemning modtaget 1")
    assert "ingen kan svare for andre" in await told(chat, "anna")
    await chat.forward(DEADLINE_HOURS)
    seen = await result(chat)
    assert "1. #2 Hurtigere søgning 1 kommune" in seen.text
    await chat.press("anna", seen, "Vis andre opgørelser")
    assert "Tønder" not in await told(chat, "anna")


@pytest.mark.parametrize("values", [{"method": "ranking"}, {"visibility": "hidden"}, {"visibility": "secret"}])
async def test_an_emoji_where_nobody_votes_by_emoji_is_told_once_and_never_a_vote(
    newcomers: LocalDriver, values: dict[str, str]
) -> None:
    await wishes(newcomers)
    shown = await open_poll(newcomers, **values)
    for emoji in ("one", "two", "tada"):
        await newcomers.react("bo", shown, emoji)
    lines = [one.text for one in await newcomers.messages("bo", "private")]
    assert [line for line in lines if "stemmer man ikke med emojis" in line] == lines[-1:]
    await newcomers.say("anna", "group", "/gruppe medlemmer")
    await newcomers.press("anna", (await newcomers.messages("anna", "private"))[-1], "Bekræft alle")
    assert "0 af 3" in (await poll(newcomers)).text


@pytest.mark.parametrize(
    ("count", "values", "field", "said"),
    [
        (11, {"method": "score"}, "method", "højst plads til 10"),
        (3, {"method": "score", "most": "2"}, "most", "Lad feltet stå tomt"),
        (3, {"dots": "5"}, "dots", "Point bruges kun"),
        (3, {"method": "points", "dots": "1"}, "dots", "»1« passer ikke her"),
        (3, {"method": "håndsoprækning"}, "method", "findes ikke længere"),
    ],
)
async def test_a_way_to_vote_that_does_not_fit(
    chat: LocalDriver, count: int, values: dict[str, str | list[str]], field: str, said: str
) -> None:
    await wishes(chat, *(f"Ønske nr. {number}" for number in range(1, count + 1)))
    await chat.say("anna", "group", "/afstemning")
    chosen = [str(number) for number in range(1, count + 1)]
    errors = await chat.submit("anna", {"title": "Prioritering", "wishes": chosen, **values})
    assert list(errors) == [field]
    assert said in errors[field]


async def test_a_withdrawn_candidate_makes_room_for_the_next_click(chat: LocalDriver) -> None:
    await wishes(chat)
    shown = await open_poll(chat, most="1")
    await chat.react("bo", shown, "two")
    await chat.forward(0.01)
    await chat.react("bo", shown, "three")
    assert "#3 Mørk tilstand 20.000\u00a0kr. · 0 kommuner" in (await poll(chat)).text
    await chat.say("anna", "group", "/ønske status 2 afvis")
    assert await chat.submit("anna", {"reason": "Det er løst.", "basis": "meeting"}) == {}
    text = (await poll(chat)).text
    assert "#2 Hurtigere søgning afvist" in text
    assert "#3 Mørk tilstand 20.000\u00a0kr. · 1 kommune\n" in text


# More time, a meeting behind it, and ties


async def test_the_leader_extends_once_with_a_reason(chat: LocalDriver) -> None:
    await wishes(chat)
    await open_poll(chat)
    await chat.say("anna", "group", "/afstemning forlæng 1")
    form = await chat.form("anna")
    assert form is not None
    assert (form.fields["date"].value, form.fields["time"].value) == ("2026-09-11", "12:00")
    assert (
        "skal ligge efter den gamle" in (await chat.submit("anna", {"date": "2026-09-07", "reason": "Ferie"}))["date"]
    )
    assert "Feltet er tomt" in (await chat.submit("anna", {"date": "2026-09-11", "reason": ""}))["reason"]
    assert await chat.submit("anna", {"reason": "Mange er på ferie."}) == {}
    news = (await chat.messages("bo", "group"))[-1].text
    assert "er forlænget til fredag 11. september 2026 kl.\u00a012.00." in news
    assert "Mange er på ferie." in news
    assert "Frist: fredag 11. september 2026" in (await poll(chat)).text
    await chat.say("anna", "group", "/afstemning forlæng 1")
    assert "er forlænget én gang" in await told(chat, "anna")
    await chat.forward(DEADLINE_HOURS + 1)
    await chat.say("bo", "group", "/afstemning stem 1 2")
    assert "1 af 3 kommuner" in (await poll(chat)).text
    await chat.forward(4 * 24)
    assert "1 af 3 kommuner har stemt." in (await result(chat)).text
    await chat.say("anna", "group", "/afstemning forlæng 1")
    assert "er lukket" in await told(chat, "anna")


async def test_a_meeting_ratifies_the_result(chat: LocalDriver) -> None:
    await closed(chat)
    await chat.say("anna", "group", "/afstemning ratificer 1")
    assert await chat.submit("anna", {"meeting": "Møde 3, 15. september 2026"}) == {}
    assert "Ratificeret: Møde 3, 15. september 2026." in (await result(chat)).text
    await chat.say("anna", "group", "/afstemning ratificer 1")
    assert "allerede ratificeret" in await told(chat, "anna")
    await chat.say("bo", "group", "/gruppe beslutninger")
    assert "Resultatet af afstemning 1 er ratificeret." in await told(chat, "bo")


async def test_the_leader_ratifies_from_the_result_and_the_list_says_so(chat: LocalDriver) -> None:
    await closed(chat)
    await chat.say("bo", "group", "/afstemning resultat 1")
    assert not any("Ratificér" in label for label in (await chat.messages("bo", "private"))[-1].buttons)
    await chat.say("anna", "group", "/afstemning resultat 1")
    shown = (await chat.messages("anna", "private"))[-1]
    await chat.press("anna", shown, "Ratificér resultatet")
    assert await chat.submit("anna", {"meeting": "Møde 3, 15. september 2026"}) == {}
    await chat.say("anna", "group", "/afstemning resultat 1")
    assert not any("Ratificér" in label for label in (await chat.messages("anna", "private"))[-1].buttons)
    await chat.say("bo", "group", "/afstemning liste")
    assert f"lukket tirsdag 8. september 2026 kl.{NB}12.00, ratificeret" in await told(chat, "bo")


async def test_a_poll_in_which_nobody_voted_is_not_offered_for_ratification(chat: LocalDriver) -> None:
    await wishes(chat)
    await open_poll(chat)
    await chat.forward(DEADLINE_HOURS)
    await chat.say("anna", "group", "/afstemning resultat 1")
    assert not any("Ratificér" in label for label in (await chat.messages("anna", "private"))[-1].buttons)
