"""Conversations about meetings: planned, answered, held, and counted against the minimum."""

from __future__ import annotations

import datetime as dt

import pytest
from icalendar import Calendar

from handlers.decisions.chain import Said, append
from tests.promises.driver import SeenMessage
from tests.promises.local import LocalDriver

PLAN = {"title": "Efterårsmøde", "date": "2026-09-24", "time": "13:00", "place": "Favrskov Rådhus"}


async def plan(chat: LocalDriver, **more: str) -> None:
    await chat.say("anna", "group", "/møde")
    assert await chat.submit("anna", {**PLAN, **more}) == {}


async def card(chat: LocalDriver, number: int = 1) -> SeenMessage:
    found = [one for one in await chat.messages("anna", "group") if one.text.startswith(f"Møde {number}: ")]
    return found[0]


async def told(chat: LocalDriver, person: str = "anna") -> str:
    return (await chat.messages(person, "private"))[-1].text


async def test_a_meeting_is_planned_with_its_card_its_emojis_and_a_calendar_file(chat: LocalDriver) -> None:
    await plan(chat)
    shown = await card(chat)
    assert "torsdag 24. september 2026 kl.\u00a013.00" in shown.text
    assert "Favrskov Rådhus" in shown.text
    assert set(shown.reactions) == {"white_check_mark", "x"}
    file = next(one for one in await chat.messages("bo", "group") if one.files)
    assert (file.files, file.thread) == (("moede-1.ics",), shown.id)


async def test_the_calendar_file_is_read_by_another_program(chat: LocalDriver) -> None:
    await plan(chat)
    await chat.say("anna", "group", "/møde aflys 1")
    assert await chat.submit("anna", {"reason": "Sygdom"}) == {}
    events = [Calendar.from_ical(content).walk("VEVENT")[0] for content in await files(chat)]
    assert [str(event["STATUS"]) for event in events] == ["CONFIRMED", "CANCELLED"]
    assert [int(event["SEQUENCE"]) for event in events] == [0, 1]
    assert events[0]["UID"] == events[1]["UID"]
    assert events[0].decoded("DTSTART").astimezone(dt.UTC) == dt.datetime(2026, 9, 24, 11, tzinfo=dt.UTC)
    assert events[0].decoded("DTEND") - events[0].decoded("DTSTART") == dt.timedelta(minutes=90)


async def files(chat: LocalDriver) -> list[bytes]:
    response = await chat.client.get("/api/channels/koordinationsgruppe/messages?as=bo")
    urls = [file["url"] for message in (await response.json())["messages"] for file in message["files"]]
    return [await (await chat.client.get(url)).read() for url in urls]


async def test_people_answer_by_emoji_button_and_command(chat: LocalDriver) -> None:
    await plan(chat)
    await chat.react("bo", await card(chat), "white_check_mark")
    await chat.say("carla", "group", "/møde afbud 1 Jens Kjær")
    await chat.press("eva", await card(chat), "Jeg kommer")
    shown = (await card(chat)).text
    assert "Kommer: Tønder og Eva Sommer" in shown or "Kommer: Eva Sommer og Tønder" in shown
    assert "Afbud: Bornholm (stedfortræder: Jens Kjær)" in shown
    await chat.react("bo", await card(chat), "x")
    assert "Kommer: Eva Sommer" in (await card(chat)).text
    await chat.react("bo", await card(chat), "x", on=False)
    assert "Tønder" in (await card(chat)).text
    await chat.react("bo", await card(chat), "white_check_mark", on=False)
    assert "Tønder" not in (await card(chat)).text


@pytest.mark.parametrize(
    ("values", "field", "sentence"),
    [
        ({"date": "2026-02-31"}, "date", "findes ikke"),
        ({"date": "2026-08-31"}, "date", "Tidspunktet er passeret."),
        ({"time": "25.00"}, "time", "er ikke et klokkeslæt"),
        ({"title": ""}, "title", "Feltet er tomt"),
        ({"minutes_long": "mange"}, "minutes_long", "Skriv et helt tal"),
        ({"held": "true"}, "date", "ligger i fremtiden"),
    ],
)
async def test_bad_input_gets_its_sentence_and_nothing_is_lost(
    chat: LocalDriver, values: dict[str, str], field: str, sentence: str
) -> None:
    await chat.say("anna", "group", "/møde")
    errors = await chat.submit("anna", {**PLAN, **values})
    assert field in errors
    assert sentence in errors[field]
    form = await chat.form("anna")
    assert form is not None
    assert form.fields["place"].value == "Favrskov Rådhus"
    assert await chat.messages("bo", "group") == []


async def test_a_meeting_is_held_and_counts(chat: LocalDriver) -> None:
    await plan(chat)
    await chat.react("bo", await card(chat), "white_check_mark")
    await chat.say("anna", "group", "/møde afholdt 1")
    assert "ikke begyndt endnu" in await told(chat)
    await chat.forward(24 * 24)
    await chat.say("anna", "group", "/møde afholdt 1")
    form = await chat.form("anna")
    assert form is not None
    assert [form.fields["came"].options[value] for value in form.fields["came"].value] == ["Tønder"]
    assert await chat.submit("anna", {}) == {}
    assert "I har nu holdt 1 af årets 4." in await told(chat)
    await chat.say("bo", "group", "/møde kommer 1")
    assert await told(chat, "bo") == "Møde 1 er holdt."
    await chat.say("anna", "group", "/møde referat 1")
    assert await chat.submit("anna", {"minutes": "Vi gennemgik ønskerne."}) == {}
    minutes = (await chat.messages("bo", "group"))[-1].text
    assert "Vi gennemgik ønskerne." in minutes
    assert "Beslutningsloggens kontrolkode: " in minutes


async def test_minutes_come_after_the_meeting(chat: LocalDriver) -> None:
    await plan(chat)
    await chat.say("anna", "group", "/møde referat 1")
    assert "Der er først referat, når møde 1 er holdt." in await told(chat)
    await chat.say("bo", "group", "/møde afholdt 1")
    assert "Det kan kun gruppens leder gøre." in await told(chat, "bo")
    await chat.say("bo", "group", "/møde kommer 9")
    assert "Der er intet møde 9." in await told(chat, "bo")


async def test_a_meeting_that_was_held_before_is_registered(chat: LocalDriver) -> None:
    await plan(chat, date="2026-03-12", held="true", units="3")
    await chat.say("bo", "group", "/møde status")
    status = await told(chat, "bo")
    assert "Holdt: 1" in status
    assert "Minimum i år: 4" in status
    assert "I er ét møde bagud i år." in status


async def test_a_moved_meeting_is_the_same_calendar_entry(chat: LocalDriver) -> None:
    await plan(chat)
    await chat.say("anna", "group", "/møde dagsorden 1")
    await chat.press("anna", (await chat.messages("anna", "private"))[-1], "Ret mødet")
    assert await chat.submit("anna", {"time": "14.30", "agenda": "Valg af referent"}) == {}
    assert "kl.\u00a014.30" in (await card(chat)).text
    await chat.say("bo", "group", "/møde dagsorden 1")
    agenda = await told(chat, "bo")
    assert "1. Valg af referent" in agenda
    assert "Input til styregruppen" in agenda


async def test_a_date_is_found_by_clicks(chat: LocalDriver) -> None:
    await chat.say("anna", "group", "/møde dato")
    errors = await chat.submit("anna", {"times": "1. oktober kl. 13\nmåske"})
    assert "Linjen »måske« er ikke et tidspunkt." in errors["times"]
    errors = await chat.submit(
        "anna", {"times": "måske\n1. oktober kl. 13\nlørdag den 2/10 kl 9.30\n1. august 2026 kl. 9"}
    )
    assert "Linjen »måske« er ikke et tidspunkt." in errors["times"]
    assert "2. oktober 2026 er en fredag. Ret dagen eller datoen." in errors["times"]
    assert "Tidspunktet »1. august 2026 kl. 9« er passeret." in errors["times"]
    assert await chat.submit("anna", {"times": "1. oktober kl. 13\nfredag den 2/10 kl 9.30"}) == {}
    poll = (await chat.messages("bo", "group"))[-1]
    assert set(poll.reactions) == {"one", "two"}
    await chat.react("bo", poll, "two")
    await chat.react("carla", poll, "two")
    assert "2 kan: Bo Lind og Carla Friis" in (await chat.messages("anna", "group"))[-1].text


async def test_notices_come_a_week_and_a_day_before_and_only_to_those_who_have_not_answered(chat: LocalDriver) -> None:
    await plan(chat)
    await chat.react("bo", await card(chat), "white_check_mark")
    before = len(await chat.messages("bo", "dm"))
    await chat.forward(24 * 16 + 6)
    assert "Dagsorden for møde 1" in (await chat.messages("bo", "group"))[-1].text
    await chat.forward(24 * 6)
    reminders = [one for one in await chat.messages("carla", "dm") if "Kommer du til møde 1" in one.text]
    assert len(reminders) == 1
    assert not [one for one in (await chat.messages("bo", "dm"))[before:] if "Kommer du" in one.text]
    assert "Skriv /møde kommer 1 eller /møde afbud 1." in reminders[0].text
    await chat.say("carla", "group", "/møde kommer 1")
    assert "Bornholm" in (await card(chat)).text


async def test_the_pace_is_said_once_for_each_step_behind(chat: LocalDriver) -> None:
    await chat.forward(24 * 60)
    warnings = [one for one in await chat.messages("bo", "group") if "bagud" in one.text]
    assert ["2 møder bagud" in one.text or "3 møder bagud" in one.text for one in warnings] == [True, True]


async def test_what_was_started_under_the_mandate_is_told_at_the_next_meeting(chat: LocalDriver) -> None:
    async with chat.runtime.storage.write() as session:
        facts = {"amount": 1_000_000, "mandate": 2_000_000}
        said = Said("economy.mandate_used", "wish:7", "person-anna", facts, decision=True)
        await append(session, 1, said, at=chat.runtime.clock.now(), salt="s")
    await plan(chat)
    await chat.say("bo", "group", "/møde dagsorden 1")
    assert "Startet på mandatet til hastesager: #7" in await told(chat, "bo")
    await plan(chat, date="2026-09-01", time="09:00", held="true", units="3")
    await chat.say("bo", "group", "/møde dagsorden 1")
    assert "hastesager" in await told(chat, "bo")
    await chat.forward(2)
    await plan(chat, date="2026-09-01", time="11:00", held="true", units="3")
    await chat.say("bo", "group", "/møde dagsorden 1")
    assert "hastesager" not in await told(chat, "bo")
