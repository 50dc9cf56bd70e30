"""Quiet, as diaries: busy groups live through an autumn, a summer and a Christmas, and nobody hears too much unasked.

The diaries have the days on which it is easy to say too much: deeds in the evening, at weekends and in July, several in
one morning, some for people who have muted the bot.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from storage.enums import EntryKind
from storage.models.economy import LedgerEntry
from tests.conftest import ZONE
from tests.conversations.unasked import Unasked, Watch, at_quiet_times, over_budget, watching
from tests.promises.local import CHANNELS

AGENDA = "Dagsorden for møde"
RESULT = "Resultat"
ANSWER = "Styregruppen har"

Values = dict[str, str | list[str]]


@dataclass(frozen=True)
class Entry:
    """What somebody does at a moment: writes a command, or presses a button on a message of the committee's channel,
    and fills in the form that opens."""

    when: str
    who: str
    said: str
    values: Values | None = None
    pressed: str = ""
    answers: tuple[str, ...] = ()
    """Others whom it answers, at once."""

    @property
    def moment(self) -> dt.datetime:
        return moment_of(self.when)


def moment_of(when: str) -> dt.datetime:
    return dt.datetime.fromisoformat(when).replace(tzinfo=ZONE)


async def live(watch: Watch, entries: Iterable[Entry], until: str) -> list[Unasked]:
    """What nobody asked for while all this happened, in a group with a frame of 250.000 kr. and a ceiling of 50.000."""
    began = watch.chat.runtime.clock.now()
    async with watch.chat.runtime.storage.write() as session:
        for kind, kroner in ((EntryKind.FRAME, 250_000), (EntryKind.CEILING, 50_000)):
            entry = LedgerEntry(
                group_id=1, year=began.year, kind=kind, amount=kroner * 100, by="person-gry", at=began, note=""
            )
            session.add(entry)
    for one in entries:
        await watch.pass_to(one.moment)
        await watch.act(one.who, lambda one=one: _do(watch, one), answers=one.answers)  # type: ignore[misc] # a default
    await watch.pass_to(moment_of(until))
    return watch.unasked


async def _do(watch: Watch, entry: Entry) -> None:
    chat = watch.chat
    if entry.pressed:
        found = [one for one in await chat.messages(entry.who, "steering") if entry.said in one.text]
        await chat.press(entry.who, found[0], entry.pressed)
    else:
        await chat.say(entry.who, "group", entry.said)
    if entry.values is not None:
        assert await chat.form(entry.who) is not None, entry
        assert await chat.submit(entry.who, entry.values) == {}, entry


def check_budget(unasked: list[Unasked], muted: Iterable[str]) -> None:
    """One message per channel and day, one per person and day, none at quiet times, none to the muted."""
    assert over_budget(unasked) == []
    assert at_quiet_times(unasked) == []
    assert [str(one) for one in unasked if one.to in {f"dm:{person}" for person in muted}] == []


def lines_to(unasked: list[Unasked], to: str) -> str:
    """What came to a channel, or to a person."""
    return "\n".join(one.text for one in unasked if one.to in (to, f"dm:{to}"))


def wish(when: str, who: str, title: str) -> Entry:
    return Entry(when, who, "/ønske", {"title": title, "need": "Vi leder efter det hver dag."})


def make_ready(day: str, number: int, kroner: str) -> tuple[Entry, ...]:
    """Three things that happen to a wish in one hour."""
    return (
        Entry(f"{day} 13:00", "anna", f"/ønske status {number} screening"),
        Entry(f"{day} 13:20", "eva", f"/ønske estimat {number} {kroner}"),
        Entry(f"{day} 13:40", "anna", f"/ønske status {number} klar"),
    )


def poll(when: str, date: str, time: str, *numbers: int) -> Entry:
    wishes = [str(number) for number in numbers]
    return Entry(when, "anna", "/afstemning", {"title": "Runde", "wishes": wishes, "date": date, "time": time})


def meeting(when: str, date: str) -> Entry:
    return Entry(when, "anna", "/møde", {"title": "Møde", "date": date, "time": "08:30", "place": "Favrskov"})


def claim(when: str, who: str, code: str) -> Entry:
    return Entry(when, who, "/gruppe repræsenterer", {"municipality": code})


AUTUMN = (
    Entry("2026-09-01 10:40", "hans", "/gruppe stille"),
    wish("2026-09-01 11:00", "bo", "Vis mailadresse"),
    wish("2026-09-01 11:10", "carla", "Hurtigere søgning"),
    wish("2026-09-01 11:20", "hans", "Mørk tilstand"),
    wish("2026-09-02 07:30", "bo", "Integration til ESDH"),
    wish("2026-09-02 09:30", "carla", "Mail i listen"),
    Entry("2026-09-02 20:15", "carla", "/ønske støt 1"),
    *make_ready("2026-09-03", 1, "20.000"),
    *make_ready("2026-09-04", 2, "30.000"),
    *make_ready("2026-09-05", 3, "10.000"),
    *make_ready("2026-09-06", 4, "80.000"),
    Entry("2026-09-07 08:10", "anna", "/ønske flet 5 i 1"),
    poll("2026-09-10 10:00", "2026-09-17", "12:00", 1, 2, 3),
    Entry("2026-09-10 22:00", "bo", "/afstemning stem 1 1,2"),
    Entry("2026-09-11 10:00", "anna", "/ønske status 3 hold"),
    Entry("2026-09-14 08:20", "anna", "/ønske status 3 genoptag"),
    meeting("2026-09-14 08:30", "2026-09-28"),
    Entry("2026-09-15 11:00", "bo", "/møde kommer 1"),
    Entry("2026-09-16 08:30", "dan", "/afstemning stem 1 2"),
    Entry("2026-09-16 08:40", "anna", "/afstemning stem 1 1"),
    poll("2026-09-23 15:00", "2026-10-04", "18:00", 2, 3),
    claim("2026-09-29 08:15", "hans", "101"),
    Entry("2026-09-29 08:25", "dan", "/afstemning stem 2 2"),
    Entry("2026-09-29 08:30", "anna", "/afstemning stem 2 3"),
    Entry("2026-09-29 08:35", "dan", "/afstemning stem 2 3"),
    Entry("2026-09-29 10:00", "anna", "/møde afholdt 1", {}),
    Entry("2026-10-01 19:00", "anna", "/ønske indstil 4", {}),
    Entry("2026-10-06 15:00", "dan", "/ønske støt 2"),
    claim("2026-10-07 14:00", "carla", "751"),
    claim("2026-10-07 14:10", "dan", "101"),
    meeting("2026-10-08 16:30", "2026-10-27"),
    Entry("2026-10-12 12:00", "anna", "/ønske status 1 start", {"basis": "meeting"}),
    Entry("2026-10-21 12:00", "anna", "/møde aflys 2", {"reason": "For få kan komme"}),
    Entry("2026-10-25 21:00", "gry", "Indstilling 1 fra", {}, "Godkend", answers=("bo", "carla", "hans", "anna")),
    Entry("2026-11-05 19:00", "anna", "/ønske tilsagn 2", {"way": "by_hand", "lines": "Tønder 10.000"}),
    Entry("2026-11-06 10:00", "anna", "/ønske tilsagn 2", {"way": "by_hand", "lines": "Tønder 20.000"}),
    Entry("2026-11-06 11:00", "eva", "/ønske status 1 leveret"),
    meeting("2026-11-20 11:00", "2026-12-10"),
)
"""From September to December: deeds at all hours and at weekends; a case that waits 24 days; the pace falls behind."""

SUMMER = (
    Entry("2027-06-21 09:10", "carla", "/gruppe stille"),
    wish("2027-06-21 10:00", "bo", "Vis mailadresse"),
    wish("2027-06-21 10:10", "carla", "Hurtigere søgning"),
    wish("2027-06-21 10:20", "hans", "Integration til ESDH"),
    *make_ready("2027-06-22", 1, "20.000"),
    *make_ready("2027-06-23", 2, "30.000"),
    *make_ready("2027-06-24", 3, "80.000"),
    Entry("2027-06-25 10:00", "anna", "/ønske indstil 3", {}),
    poll("2027-06-28 10:00", "2027-07-27", "20:00", 1, 2),
    poll("2027-06-28 10:30", "2027-08-02", "12:00", 1, 2),
    meeting("2027-06-28 11:00", "2027-07-05"),
    meeting("2027-06-28 11:10", "2027-08-03"),
    Entry("2027-06-29 11:20", "bo", "/møde kommer 1"),
    Entry("2027-07-06 10:00", "anna", "/ønske status 1 hold"),
    Entry("2027-07-07 10:00", "hans", "/ønske støt 2"),
    claim("2027-07-08 10:00", "hans", "101"),
    Entry("2027-07-12 10:00", "anna", "/ønske status 1 genoptag"),
    Entry("2027-07-14 10:00", "anna", "/ønske tilsagn 2", {"way": "by_hand", "lines": "Tønder 10.000"}),
    Entry("2027-07-30 10:00", "anna", "/ønske status 2 hold"),
    meeting("2027-08-04 10:00", "2027-08-20"),
)
"""Into July with everything open, and out of it again; the pace needs meetings meanwhile."""

CHRISTMAS = (
    wish("2026-12-14 10:00", "bo", "Vis mailadresse"),
    wish("2026-12-14 10:10", "carla", "Hurtigere søgning"),
    *make_ready("2026-12-15", 1, "20.000"),
    *make_ready("2026-12-16", 2, "80.000"),
    Entry("2026-12-17 10:00", "anna", "/ønske indstil 2", {}),
    poll("2026-12-17 11:00", "2026-12-28", "12:00", 1, 2),
    meeting("2026-12-18 10:00", "2026-12-29"),
    meeting("2026-12-18 10:10", "2027-01-04"),
    Entry("2026-12-23 17:00", "anna", "/ønske status 1 hold"),
    claim("2026-12-24 12:00", "hans", "101"),
)
"""Everything falls between Christmas and New Year."""


async def test_an_autumn_stays_within_the_budget(sqlite_url: str) -> None:
    async with watching(sqlite_url, moment_of("2026-09-01 10:30")) as watch:
        unasked = await live(watch, AUTUMN, until="2026-12-08 18:00")
        answered = [one.text for one in await watch.chat.messages("bo", "dm") if ANSWER in one.text]
    assert len(answered) == 1, "the committee's answer comes at once"
    check_budget(unasked, muted=("hans",))
    group = lines_to(unasked, CHANNELS["group"])
    for said in (AGENDA, RESULT, "bagud", "#3 Mørk tilstand"):
        assert said in group
    assert "Venter på styregruppens svar" in lines_to(unasked, CHANNELS["steering"])
    for said in ("afstemning 1", "Kommer du til møde 1", "#5", "skrevet Tønder op"):
        assert said in lines_to(unasked, "carla") + lines_to(unasked, "bo")
    assert "kvartal" in lines_to(unasked, "finn")
    assert "bekræft" in lines_to(unasked, "anna")


async def test_a_summer_stays_within_the_budget_and_july_is_silent(sqlite_url: str) -> None:
    async with watching(sqlite_url, moment_of("2027-06-21 09:00")) as watch:
        unasked = await live(watch, SUMMER, until="2027-08-23 18:00")
    check_budget(unasked, muted=("carla",))
    july = [one for one in unasked if one.day.month == 7]
    assert [(one.to, one.is_result) for one in july] == [(CHANNELS["group"], True)]
    agendas = [one.day for one in unasked if one.text.startswith(AGENDA)]
    assert agendas == [dt.date(2027, 6, 29), dt.date(2027, 6, 30), dt.date(2027, 8, 13)]
    august = [one.at for one in unasked if one.to == "dm:bo" and one.day.month == 8]
    assert august[0] == dt.datetime(2027, 8, 2, 9, tzinfo=ZONE)
    assert "Venter på styregruppens svar" in lines_to(unasked, CHANNELS["steering"])


async def test_christmas_stays_within_the_budget(sqlite_url: str) -> None:
    async with watching(sqlite_url, moment_of("2026-12-14 09:30")) as watch:
        unasked = await live(watch, CHRISTMAS, until="2027-01-15 18:00")
    check_budget(unasked, muted=())
    days = {one.day for one in unasked}
    assert days & {dt.date(2026, 12, day) for day in (28, 29, 30)}
    assert "afstemning 1" in lines_to(unasked, "carla")
