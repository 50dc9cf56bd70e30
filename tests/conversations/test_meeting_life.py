"""Conversations about what becomes of meetings: too few came, a wrong entry, a late change, a date that is found."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from bot.clock import MovableClock
from storage.enums import WishStatus
from storage.models.members import Setting
from storage.queries import wishes
from tests.conftest import START, ZONE, make_storage
from tests.conversations.test_polls import open_poll
from tests.promises.driver import SeenMessage
from tests.promises.local import LocalDriver, local_world
from tests.ready import make_ready

PLAN = {"title": "Efterårsmøde", "date": "2026-09-24", "time": "13:00", "place": "Favrskov Rådhus"}
TO_THE_DAY_AFTER = 24 * 24


async def plan(chat: LocalDriver, **more: str) -> None:
    await chat.say("anna", "group", "/møde")
    assert await chat.submit("anna", {**PLAN, **more}) == {}


async def card(chat: LocalDriver, number: int = 1) -> SeenMessage:
    return next(one for one in await chat.messages("anna", "group") if one.text.startswith(f"Møde {number}: "))


async def told(chat: LocalDriver, person: str = "anna") -> str:
    return (await chat.messages(person, "private"))[-1].text


async def group(chat: LocalDriver) -> list[SeenMessage]:
    """What everybody sees in the channel."""
    return [one for one in await chat.messages("bo", "group") if not one.private]


async def status(chat: LocalDriver) -> str:
    await chat.say("bo", "group", "/møde status")
    return await told(chat, "bo")


async def mark_held(chat: LocalDriver, number: int = 1, *units: str) -> None:
    await chat.say("anna", "group", f"/møde afholdt {number}")
    form = await chat.form("anna")
    assert form is not None
    ids = {label: value for value, label in form.fields["came"].options.items()}
    assert await chat.submit("anna", {"came": [ids[name] for name in units]}) == {}


async def ticked(chat: LocalDriver) -> list[str]:
    """The units that are ticked in the open form."""
    form = await chat.form("anna")
    assert form is not None
    return [form.fields["came"].options[value] for value in form.fields["came"].value]


async def choose(chat: LocalDriver, person: str, message: SeenMessage, value: str) -> None:
    """Choose in the select under a message."""
    response = await chat.client.get(f"/api/channels/koordinationsgruppe/messages?as={person}")
    shown: dict[str, Any] = next(one for one in (await response.json())["messages"] if one["id"] == message.id)
    body = {"as": person, "message": message.id, "button": shown["selects"][0]["id"], "value": value}
    assert (await chat.client.post("/api/press", json=body)).status == 200


async def calendar_files(chat: LocalDriver) -> int:
    return sum(len(one.files) for one in await group(chat))


# Held


async def test_a_meeting_to_which_too_few_came_does_not_count_until_it_is_corrected(chat: LocalDriver) -> None:
    async with chat.runtime.storage.write() as session:
        session.add(Setting(group_id=1, name="least_units", value="2", at=START, by="person-anna"))
    await plan(chat)
    await chat.forward(TO_THE_DAY_AFTER)
    await mark_held(chat, 1, "Tønder")
    assert await told(chat) == ("Møde 1 er holdt, men kun én kommune kom. Det tæller først med, når mindst 2 er der.")
    assert "Holdt: 0" in await status(chat)
    await chat.say("anna", "group", "/møde afholdt 1")
    assert await ticked(chat) == ["Tønder"]
    await mark_held(chat, 1, "Tønder", "Bornholm")
    assert "I har nu holdt 1 af årets 4." in await told(chat)
    assert "Til stede: Bornholm og Tønder" in (await card(chat)).text
    assert "Holdt: 1" in await status(chat)


async def test_those_who_come_are_ticked_substitutes_among_them(chat: LocalDriver) -> None:
    await plan(chat)
    await chat.say("bo", "group", "/møde kommer 1")
    await chat.say("dan", "group", "/møde afbud 1")
    await chat.press("carla", await card(chat), "Afbud")
    assert await chat.submit("carla", {"substitute": "Jens Kjær"}) == {}
    await chat.forward(TO_THE_DAY_AFTER)
    await chat.say("anna", "group", "/møde afholdt 1")
    assert await ticked(chat) == ["Bornholm", "Tønder"]


async def test_a_municipality_stands_once_whoever_answers_for_it(chat: LocalDriver) -> None:
    await plan(chat)
    await chat.say("dan", "group", "/møde afbud 1")
    assert "Afbud: Favrskov\nIkke svaret: 2 kommuner" in (await card(chat)).text
    await chat.say("anna", "group", "/møde kommer 1")
    shown = (await card(chat)).text
    assert "Kommer: Favrskov" in shown
    assert "Afbud" not in shown.partition("Kommer: ")[2].splitlines()[1]
    await chat.say("bo", "group", "/møde kommer 1")
    await chat.say("bo", "group", "/møde kommer 1")
    await chat.say("carla", "group", "/møde kommer 1")
    shown = (await card(chat)).text
    assert "Kommer: Favrskov, Tønder og Bornholm" in shown or "Kommer: Favrskov, Bornholm og Tønder" in shown
    assert "Ikke svaret" not in shown


async def test_the_leader_is_asked_whether_it_was_held(chat: LocalDriver) -> None:
    await plan(chat)
    await chat.forward(TO_THE_DAY_AFTER)
    asked = "Blev møde 1, Efterårsmøde, holdt torsdag 24. september 2026 kl.\u00a013.00?"
    assert asked in (await chat.messages("anna", "dm"))[-1].text
    await mark_held(chat, 1, "Tønder")
    await chat.forward(24 * 40)
    assert sum("Blev møde 1" in one.text for one in await chat.messages("anna", "dm")) == 1


# Off


async def test_a_cancelled_meeting_is_told_taken_out_and_takes_no_more_answers(chat: LocalDriver) -> None:
    await plan(chat)
    shown = await card(chat)
    await chat.say("anna", "group", "/møde aflys 1 For få kan komme")
    form = await chat.form("anna")
    assert form is not None
    assert form.fields["reason"].value == "For få kan komme"
    assert await chat.submit("anna", {"reason": ""}) == {"reason": "Feltet er tomt. Skriv et par ord."}
    assert await chat.submit("anna", {"reason": "For få kan komme"}) == {}
    news = "Møde 1 er aflyst: Efterårsmøde. Begrundelse: For få kan komme"
    assert [one.text for one in await group(chat) if "aflyst:" in one.text] == [news]
    assert await calendar_files(chat) == 2
    assert (await card(chat)).buttons == {}
    for said in ("kommer 1", "afbud 1", "aflys 1", "afholdt 1", "referat 1"):
        await chat.say("anna", "group", f"/møde {said}")
        assert await told(chat) == "Møde 1 er aflyst."
    before = len(await chat.messages("bo", "private"))
    await chat.react("bo", shown, "white_check_mark")
    await chat.react("bo", shown, "x")
    assert [one.text for one in (await chat.messages("bo", "private"))[before:]] == ["Møde 1 er aflyst."]


async def test_a_meeting_that_was_wrongly_entered_is_annulled(chat: LocalDriver) -> None:
    await plan(chat, date="2026-03-12", held="true", units="3")
    assert "I har nu holdt 1 af årets 4." in await told(chat)
    assert "Holdt: 1" in await status(chat)
    await chat.say("anna", "group", "/møde aflys 1")
    form = await chat.form("anna")
    assert form is not None
    assert form.title == "Annullér møde 1"
    assert await chat.submit("anna", {"reason": "Det var et andet udvalg"}) == {}
    assert "Møde 1 er annulleret og tæller ikke med" in (await group(chat))[-1].text
    assert "Status: Annulleret" in (await card(chat)).text
    assert await calendar_files(chat) == 0
    assert "Holdt: 0" in await status(chat)
    await chat.say("anna", "group", "/møde afholdt 1")
    assert await told(chat) == "Møde 1 er annulleret."


async def test_a_form_that_is_sent_twice_plans_one_meeting(chat: LocalDriver) -> None:
    await plan(chat)
    await chat.repeat_last()
    assert sum(one.text.startswith("Møde ") for one in await group(chat)) == 1


# Answers


async def test_words_and_emojis_answer_for_the_same_person_and_the_last_counts(chat: LocalDriver) -> None:
    await plan(chat)
    await chat.react("bo", await card(chat), "white_check_mark")
    await chat.say("bo", "group", "/møde afbud 1")
    await chat.react("bo", await card(chat), "white_check_mark", on=False)
    assert "Afbud: Tønder" in (await card(chat)).text
    await chat.react("bo", await card(chat), "heavy_check_mark")
    assert "Kommer: Tønder" in (await card(chat)).text
    await chat.react("bo", await card(chat), "tada")
    assert "Kommer: Tønder" in (await card(chat)).text


# Minutes


async def test_minutes_have_the_days_decisions_and_stay_when_they_are_written_anew(chat: LocalDriver) -> None:
    await plan(chat, date="2026-09-01", held="true", time="09:00", units="3")
    await chat.say("bo", "group", "/ønske")
    assert await chat.submit("bo", {"title": "Vis mailadresse", "need": "Vi leder efter den hver dag."}) == {}
    await chat.say("anna", "group", "/ønske status 1 afvis")
    assert await chat.submit("anna", {"reason": "Det findes allerede", "basis": "meeting"}) == {}
    await chat.say("bo", "group", "/møde referat 1")
    assert await told(chat, "bo") == "Der er ikke skrevet referat af møde 1 endnu."
    await chat.say("anna", "group", "/møde referat 1")
    assert await chat.submit("anna", {"minutes": ""}) == {"minutes": "Feltet er tomt. Skriv et par ord."}
    assert await chat.submit("anna", {"minutes": "Vi talte."}) == {}
    first = (await group(chat))[-1].text
    assert "Vi talte." in first
    assert "#1 Vis mailadresse er afvist." in first
    await chat.say("bo", "group", "/møde referat 1")
    assert "Vi talte." in await told(chat, "bo")
    await chat.say("anna", "group", "/møde referat 1")
    await chat.press("anna", (await chat.messages("anna", "private"))[-1], "Ret referatet")
    assert await chat.submit("anna", {"minutes": "Vi talte længe."}) == {}
    posted = [one.text for one in await group(chat) if one.text.startswith("Referat af møde 1")]
    assert posted[0] == first
    assert "Vi talte længe." in posted[1]
    assert posted[0].splitlines()[-1] != posted[1].splitlines()[-1]


# Agenda


async def test_the_agenda_has_its_own_points_and_the_standing_ones_as_they_are_now(chat: LocalDriver) -> None:
    await plan(chat, agenda="Valg af referent\n\nTest i november")
    await chat.say("bo", "group", "/ønske")
    assert await chat.submit("bo", {"title": "Vis mailadresse", "need": "Vi leder efter den hver dag."}) == {}
    await chat.say("bo", "group", "/møde dagsorden 1")
    assert (await told(chat, "bo")).splitlines()[2:] == [
        "• 1. Valg af referent",
        "• 2. Test i november",
        "• 3. Status på ønsker",
        "• Modtaget: #1 Vis mailadresse",
        "• 4. Økonomi",
        "• 5. Input til styregruppen",
        "• 6. Møder I er 2 møder bagud i år. Planlæg det næste med /møde.",
    ]


async def test_results_that_no_meeting_stands_behind_are_a_point_until_one_does(chat: LocalDriver) -> None:
    await plan(chat)
    await make_ready(chat.runtime.storage, "Vis mailadresse", "Hurtigere søgning")
    shown = await open_poll(chat)
    await chat.react("bo", shown, "one")
    await chat.say("bo", "group", "/møde dagsorden 1")
    assert "Til ratificering" not in await told(chat, "bo")
    await chat.forward(8 * 24)
    await chat.say("bo", "group", "/møde dagsorden 1")
    assert "• 2. Til ratificering afstemning 1, Prioritering af efteråret" in (await told(chat, "bo")).splitlines()
    assert not (await chat.messages("bo", "private"))[-1].buttons
    await chat.say("anna", "group", "/møde dagsorden 1")
    assert list((await chat.messages("anna", "private"))[-1].buttons) == ["Ret mødet", "Ratificér afstemning 1"]
    await chat.forward(TO_THE_DAY_AFTER - 8 * 24)
    await chat.say("anna", "group", "/møde afholdt 1")
    assert await chat.submit("anna", {}) == {}
    held = (await chat.messages("anna", "private"))[-1]
    assert "Til ratificering: afstemning 1, Prioritering af efteråret" in held.text
    await plan(chat, date="2026-09-07", held="true", units="3")
    await chat.say("anna", "group", "/møde dagsorden 2")
    assert "Til ratificering" not in await told(chat, "anna")  # it was held before the poll closed
    await chat.press("anna", held, "Ratificér afstemning 1")
    form = await chat.form("anna")
    assert form is not None
    assert form.fields["meeting"].value == "Møde 1, 24. september 2026"
    assert await chat.submit("anna", {}) == {}
    result = next(one for one in await chat.messages("bo", "group") if "Resultat" in one.text)
    assert "Ratificeret: Møde 1, 24. september 2026." in result.text
    await chat.say("anna", "group", "/møde dagsorden 1")
    assert "Til ratificering" not in await told(chat, "anna")
    assert not (await chat.messages("anna", "private"))[-1].buttons


async def test_the_agenda_names_what_is_to_be_discussed_and_who_comes_instead(chat: LocalDriver) -> None:
    await plan(chat)
    await make_ready(chat.runtime.storage, "Vis mailadresse", "x" * 80, "Hurtigere søgning")
    async with chat.runtime.storage.write() as session:
        for number, status in ((2, WishStatus.APPROVED), (3, WishStatus.DELIVERED)):
            wish = await wishes.find_wish(session, 1, number)
            assert wish is not None
            wish.status = status
    await chat.say("carla", "group", "/møde afbud 1 Jens Kjær kommer for mig")
    assert await told(chat, "carla") == "Tak, dit afbud til møde 1 er noteret. Jens Kjær kommer i stedet."
    await chat.say("bo", "group", "/møde dagsorden 1")
    agenda = (await told(chat, "bo")).splitlines()
    assert "Afbud: Bornholm (stedfortræder: Jens Kjær)" in agenda
    at = agenda.index("• 1. Status på ønsker")
    assert agenda[at + 1 : at + 4] == [
        "• Klar til prioritering: #1 Vis mailadresse",
        f"• Godkendt af styregruppen: #2 {'x' * 59}…",
        "• Leveret: #3 Hurtigere søgning",
    ]
    assert not any("som de er i dag" in line for line in agenda)


async def test_the_agenda_of_a_meeting_that_is_over_says_that_it_shows_today(chat: LocalDriver) -> None:
    await plan(chat)
    await chat.forward(TO_THE_DAY_AFTER)
    await chat.say("bo", "group", "/møde dagsorden 1")
    note = "Ønsker, økonomi og møder står her, som de er i dag (25. september 2026), ikke som de var til mødet."
    assert note in (await told(chat, "bo")).splitlines()


async def test_the_minutes_name_who_was_there_and_who_sent_somebody(chat: LocalDriver) -> None:
    await plan(chat)
    await chat.say("carla", "group", "/møde afbud 1 Jens Kjær")
    await chat.say("dan", "group", "/møde afbud 1")
    await chat.forward(TO_THE_DAY_AFTER)
    await mark_held(chat, 1, "Tønder", "Bornholm")
    await chat.say("anna", "group", "/møde referat 1")
    assert await chat.submit("anna", {"minutes": "Vi talte."}) == {}
    minutes = next(one.text for one in await group(chat) if one.text.startswith("Referat af møde 1"))
    assert "Til stede: Bornholm (stedfortræder: Jens Kjær) og Tønder" in minutes
    assert "\nAfbud: " in minutes
    assert "Afbud: Bornholm" not in minutes


async def test_a_meeting_on_a_day_off_is_planned_and_said_to_be_so(chat: LocalDriver) -> None:
    await plan(chat, date="2026-12-05")
    said = "5. december 2026 er en lørdag. Er det ikke meningen, så ret mødet: /møde dagsorden 1."
    assert await told(chat) == f"Møde 1 er gemt. {said}"
    await change(chat, date="2026-12-25")
    assert "25. december 2026 er en fridag." in await told(chat)
    await change(chat, date="2026-12-07")
    assert "fridag" not in await told(chat)


async def test_another_hour_repeats_nothing_and_another_day_has_an_agenda_of_its_own(chat: LocalDriver) -> None:
    await plan(chat)
    await chat.forward(24 * 17)
    assert await agendas(chat) == 1
    await change(chat, time="15:00")
    await chat.forward(24)
    assert await agendas(chat) == 1
    await change(chat, date="2026-10-15")
    await chat.forward(24 * 14)
    assert await agendas(chat) == 1
    await chat.forward(24 * 8)
    assert await agendas(chat) == 2
    assert await calendar_files(chat) == 3


async def agendas(chat: LocalDriver) -> int:
    return sum("Dagsorden for møde 1" in one.text for one in await group(chat))


async def change(chat: LocalDriver, **values: str) -> None:
    await chat.say("anna", "group", "/møde dagsorden 1")
    await chat.press("anna", (await chat.messages("anna", "private"))[-1], "Ret mødet")
    assert await chat.submit("anna", dict(values)) == {}


async def test_a_group_that_wants_it_is_reminded_an_hour_before(chat: LocalDriver) -> None:
    await plan(chat)
    await plan(chat, date="2026-10-08")
    await chat.forward(24 * 23 + 4)
    assert not [one for one in await group(chat) if "begynder" in one.text]
    await chat.say("anna", "group", "/gruppe indstillinger")
    assert await chat.submit("anna", {"notice_minutes": "60"}) == {}
    await chat.forward(24 * 14)
    said = [one for one in await group(chat) if "begynder" in one.text]
    assert [one.text for one in said] == ["Møde 2, Efterårsmøde, begynder kl.\u00a013.00.\nHvor: Favrskov Rådhus"]
    assert (await sent_at(chat, said[0])).isoformat() == "2026-10-08T12:00:00+02:00"


# A date


async def search(chat: LocalDriver) -> SeenMessage:
    return next(one for one in await group(chat) if one.text.startswith("Hvornår kan I?"))


async def ask_dates(chat: LocalDriver) -> SeenMessage:
    await chat.say("anna", "group", "/møde dato")
    times = "1. oktober kl. 13\n2. oktober kl. 9.30\n5. oktober kl. 10"
    assert await chat.submit("anna", {"title": "Budgetmøde", "times": times}) == {}
    return await search(chat)


async def test_a_date_is_answered_without_emojis_and_a_later_click_takes_its_place(chat: LocalDriver) -> None:
    shown = await ask_dates(chat)
    await chat.react("bo", shown, "one")
    await chat.press("bo", shown, "Svar uden emojis")
    form = await chat.form("bo")
    assert form is not None
    assert form.fields["times"].value == ["0"]
    assert await chat.submit("bo", {"times": ["1", "2"]}) == {}
    lines = (await search(chat)).text.splitlines()
    assert ["Bo Lind" in line for line in lines[1:4]] == [False, True, True]
    assert "én kan: Bo Lind · én kommune" in lines[2]
    await chat.react("bo", shown, "three")
    lines = (await search(chat)).text.splitlines()
    assert ["Bo Lind" in line for line in lines[1:4]] == [True, False, True]


async def test_the_leader_chooses_a_time_once_and_a_meeting_is_planned(chat: LocalDriver) -> None:
    shown = await ask_dates(chat)
    await chat.react("eva", shown, "two")
    await chat.react("dan", shown, "two")
    assert "2 kan: Dan Krogh og Eva Sommer · én kommune" in (await search(chat)).text
    await choose(chat, "bo", shown, "1")
    assert "Det kan kun gruppens leder gøre" in await told(chat, "bo")
    await choose(chat, "anna", shown, "1")
    meeting = await card(chat)
    assert meeting.text.startswith("Møde 1: Budgetmøde\nHvornår: fredag 2. oktober 2026 kl.\u00a009.30")
    assert "Tidspunktet er valgt: møde 1." in (await search(chat)).text
    assert (await search(chat)).buttons == {}
    await chat.react("bo", shown, "one")
    assert "Bo Lind" not in (await search(chat)).text


@pytest.mark.parametrize(
    ("times", "sentence"),
    [
        ("1. oktober kl. 13", "Skriv mindst to og højst 10 forskellige tidspunkter"),
        ("1. oktober kl. 13\n1. oktober 13.00", "Skriv mindst to og højst 10 forskellige tidspunkter"),
        ("31. februar kl. 13\n1. oktober kl. 9", "findes ikke"),
        ("1. oktober kl. 25\n2. oktober kl. 9", "er ikke et klokkeslæt"),
        ("1.8.2026 kl. 13\n2. oktober kl. 9", "Tidspunktet »1.8.2026 kl. 13« er passeret."),
    ],
)
async def test_wrong_times_get_one_sentence_and_stay_where_they_were_typed(
    chat: LocalDriver, times: str, sentence: str
) -> None:
    await chat.say("anna", "group", "/møde dato")
    errors = await chat.submit("anna", {"times": times})
    assert list(errors) == ["times"]
    assert sentence in errors["times"]
    form = await chat.form("anna")
    assert form is not None
    assert form.fields["times"].value == times
    assert await group(chat) == []


# The pace


async def test_before_july_the_group_hears_what_happens_in_july(sqlite_url: str) -> None:
    storage = await make_storage(sqlite_url)
    clock = MovableClock(dt.datetime(2026, 5, 18, 12, tzinfo=dt.UTC))
    async with local_world(storage, clock) as chat:
        await plan(chat, date="2026-02-12", held="true", units="3")
        await chat.forward(24 * 90)
        lines = [one for one in await group(chat) if one.text.startswith("Godmorgen!")]
        moments = [await sent_at(chat, one) for one in lines]
        assert [(moment.date().isoformat(), moment.hour) for moment in moments] == [
            ("2026-05-21", 9),
            ("2026-06-30", 9),
        ]
        assert "takten kræver et inden for seks uger. I mangler 3 af årets 4." in lines[0].text
        assert "Fra 2. juli 2026 er I ét møde bagud i år." in lines[1].text
    await storage.dispose()


async def sent_at(chat: LocalDriver, message: SeenMessage) -> dt.datetime:
    response = await chat.client.get("/api/channels/koordinationsgruppe/messages?as=bo")
    at = next(one["at"] for one in (await response.json())["messages"] if one["id"] == message.id)
    return dt.datetime.fromisoformat(at).astimezone(ZONE)
