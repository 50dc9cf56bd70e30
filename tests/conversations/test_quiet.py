"""Quiet: a whole quarter of a busy group's life, in which nobody hears more unasked than the budget allows."""

from __future__ import annotations

import datetime as dt

import pytest

from handlers.workdays import QUIET_MONTH
from storage.enums import WishStatus
from storage.queries import wishes
from tests.conftest import ZONE
from tests.conversations.unasked import Unasked, Watch, at_quiet_times, outside_the_morning, over_budget, watching


class Life:
    """What a busy group does, week after week."""

    def __init__(self, watch: Watch) -> None:
        self.watch = watch
        self.chat = watch.chat
        self.week = 0

    async def run(self, weeks: int) -> None:
        """Live so many weeks: something happens on every weekday, at different hours, weekends included."""
        await self.set_frame()
        await self.plan_rounds()
        for self.week in range(weeks):
            for day in (self.submit_wishes, self.sort_wishes, self.meet, self.poll_or_recommend, self.vote_and_back):
                await day()
                await self.watch.pass_days(1.05)
            await self.watch.pass_days(7 - 5 * 1.05)

    async def say(self, person: str, text: str, *, answers: tuple[str, ...] = ()) -> None:
        await self.watch.act(person, lambda: self.chat.say(person, "group", text), answers=answers)

    async def fill(self, person: str, values: dict[str, str | list[str]], *, answers: tuple[str, ...] = ()) -> None:
        async def send() -> None:
            assert await self.chat.submit(person, values) == {}

        await self.watch.act(person, send, answers=answers)

    async def set_frame(self) -> None:
        await self.say("gry", "/gruppe økonomi")
        shown = (await self.chat.messages("gry", "private"))[-1]
        await self.watch.act("gry", lambda: self.chat.press("gry", shown, "Sæt ramme"))
        await self.fill("gry", {"frame": "250.000", "ceiling": "50.000"})

    async def plan_rounds(self) -> None:
        """The group prioritises each month, and somebody has a substitute all the while."""
        await self.say("anna", "/afstemning runder")
        first = (self.now + dt.timedelta(days=20)).date()
        await self.fill("anna", {"every": "month", "first": first.isoformat(), "by": "date", "debate": "1"})
        await self.say("bo", "/gruppe stedfortræder hans")

    async def submit_wishes(self) -> None:
        for person in ("bo", "hans"):
            await self.say(person, "/ønske")
            await self.fill(person, {"title": f"Ønske {self.week} fra {person}", "need": "Et behov i hverdagen."})

    async def sort_wishes(self) -> None:
        """Several moves of one wish, and of several wishes of one person, on one day."""
        for number in await self.numbers(WishStatus.SUBMITTED):
            await self.say("carla", f"/ønske støt {number}")
            await self.say("anna", f"/ønske status {number} screening")
            await self.say("eva", f"/ønske estimat {number} {'80.000' if number % 3 == 0 else '20.000'}")
            await self.say("anna", f"/ønske status {number} klar")

    async def meet(self) -> None:
        """A meeting every fourth week, planned three weeks ahead: the first is held, the second cancelled, and of the
        third nobody says anything."""
        if self.week % 4 == 0:
            day = (self.now + dt.timedelta(days=21)).date()
            await self.say("anna", "/møde")
            await self.fill("anna", {"title": "Møde", "date": day.isoformat(), "time": "08:30"})
            await self.say("bo", f"/møde kommer {self.week // 4 + 1}")
        elif self.week == 3:
            await self.say("anna", "/møde afholdt 1")
            await self.fill("anna", {})
        elif self.week == 7:
            await self.say("anna", "/møde aflys 2")
            await self.fill("anna", {"reason": "For få kan komme"})

    async def poll_or_recommend(self) -> None:
        if self.week % 3 == 1 and len(ready := await self.numbers(WishStatus.READY)) > 1:
            tomorrow, deadline = self.now + dt.timedelta(days=1), (self.now + dt.timedelta(days=9)).date()
            debate = "" if tomorrow.month == QUIET_MONTH else tomorrow.date().isoformat()
            await self.say("anna", "/afstemning")
            chosen: list[str] = [str(number) for number in ready[:2]]
            dates = {"debate": debate, "date": deadline.isoformat(), "time": "10:30"}
            await self.fill("anna", {"title": "Runde", "wishes": chosen, **dates})
        elif self.week % 3 == 2:
            dear = [number for number in await self.numbers(WishStatus.READY) if number % 3 == 0]
            for number in dear[:1]:
                await self.say("anna", f"/ønske indstil {number}")
                await self.fill("anna", {})

    async def vote_and_back(self) -> None:
        polls = [one for one in await self.chat.messages("bo", "group") if "one" in one.reactions]
        if self.week % 3 == 1 and polls:
            await self.watch.act("bo", lambda: self.chat.react("bo", polls[-1], "one"))
            await self.watch.act("hans", lambda: self.chat.react("hans", polls[-1], "two"))
            await self.watch.act("dan", lambda: self.chat.react("dan", polls[-1], "two"))
            await self.watch.act("anna", lambda: self.chat.react("anna", polls[-1], "one"))
            late = (await self.numbers(WishStatus.READY))[2:3]
            number = polls[-1].text.partition("Afstemning ")[2].partition(":")[0]
            for wish in late:
                await self.say("anna", f"/afstemning tilføj {number} {wish}")
        cases = [one for one in await self.chat.messages("gry", "steering") if "Det indstilles" in one.text]
        if self.week % 6 == 5 and cases and any("Godkend" in label for label in cases[-1].buttons):
            await self.watch.act("gry", lambda: self.chat.press("gry", cases[-1], "Godkend"))
            await self.fill("gry", {}, answers=("bo", "carla", "hans", "anna"))

    async def numbers(self, status: WishStatus) -> list[int]:
        async with self.chat.runtime.storage.read() as session:
            return [wish.number for wish in await wishes.list_wishes(session, 1, (status,))]

    @property
    def now(self) -> dt.datetime:
        return self.chat.runtime.clock.now().astimezone(ZONE)


QUARTERS = {
    "autumn": dt.datetime(2026, 10, 1, 7, 20, tzinfo=dt.UTC),
    "summer": dt.datetime(2026, 5, 28, 12, 40, tzinfo=dt.UTC),
}
"""With Christmas in it, and with Constitution Day and all of July in it."""

EVERYTHING = (
    "Dagsorden for møde 1",
    "Kommer du til møde 1",
    "Blev møde 3, Møde, holdt",
    "Resultat af afstemning",
    "har ikke stemt endnu",
    "Venter på styregruppens svar",
    "har ikke fået svar endnu",
    "status er nu",
    "har stået stille",
    "Det er tid til en ny runde",
    "er kommet med i afstemning",
    "på dine vegne",
)
"""What such a quarter brings unasked, or it would prove nothing."""

TUESDAY = dt.datetime(2026, 9, 1, 7, 0, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("unasked", "over"),
    [
        ([Unasked(TUESDAY, "dm:bo", "en"), Unasked(TUESDAY + dt.timedelta(hours=3), "dm:bo", "to")], 1),
        ([Unasked(TUESDAY, "dm:bo", "en"), Unasked(TUESDAY, "dm:carla", "to")], 0),
        ([Unasked(TUESDAY, "dm:bo", "en"), Unasked(TUESDAY + dt.timedelta(days=1), "dm:bo", "to")], 0),
        ([Unasked(TUESDAY, "k", "en", "bundle/1"), Unasked(TUESDAY, "k", "to", "wish:1/decision")], 1),
        ([Unasked(TUESDAY, "k", "en", "bundle/1"), Unasked(TUESDAY, "k", "to", "meeting:1/agenda")], 0),
        ([Unasked(TUESDAY, "dm:bo", "en", "poll:1"), Unasked(TUESDAY, "dm:bo", "to", "poll:1")], 1),
    ],
)
def test_the_budget_is_counted(unasked: list[Unasked], over: int) -> None:
    assert len(over_budget(unasked)) == over


@pytest.mark.parametrize(
    ("message", "wrong"),
    [
        (Unasked(TUESDAY, "k", "en"), 0),
        (Unasked(TUESDAY.replace(hour=15), "k", "en"), 1),
        (Unasked(TUESDAY.replace(month=7), "k", "en", "meeting:1/agenda"), 1),
        (Unasked(TUESDAY.replace(month=7), "k", "Resultat", "poll-result:1"), 0),
        (Unasked(TUESDAY.replace(day=5), "dm:bo", "en", "poll-result:1"), 1),
    ],
)
def test_quiet_times_are_seen(message: Unasked, wrong: int) -> None:
    assert len(at_quiet_times([message])) == wrong


@pytest.mark.parametrize("start", QUARTERS.values(), ids=QUARTERS.keys())
async def test_a_whole_quarter_stays_within_the_budget(sqlite_url: str, start: dt.datetime) -> None:
    async with watching(sqlite_url, start) as watch:
        await Life(watch).run(weeks=13)
        assert over_budget(watch.unasked) == []
        assert at_quiet_times(watch.unasked) == []
        assert outside_the_morning(watch.unasked) == []
        said = "\n".join(one.text for one in watch.unasked)
        for needed in EVERYTHING:
            assert needed in said, f"the quarter never brought {needed!r}"
