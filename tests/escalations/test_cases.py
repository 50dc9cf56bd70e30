"""Cases on both kinds of database: two answers at once, what the agenda asks for, and what a poll says."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import AsyncIterator
from types import SimpleNamespace

import pytest
from sqlalchemy import func, select

import locales
from bot.clock import MovableClock
from handlers.economy.forms import amount_as_typed
from handlers.escalations.recommending import poll_sentence
from handlers.inputs import read_amount
from storage.enums import CaseStatus, EntryKind, Role
from storage.models.economy import LedgerEntry
from storage.models.escalations import CaseAnswer
from storage.models.members import Membership
from storage.queries import escalations, log
from storage.session import Storage
from tests.conftest import START, ZONE
from tests.promises.local import LocalDriver, local_world
from tests.ready import make_ready


@pytest.fixture
async def world(storage: Storage, clock: MovableClock) -> AsyncIterator[LocalDriver]:
    async with local_world(storage, clock) as driver:
        await make_ready(storage, "Ny integration", "Hurtigere søgning", estimates=[80_000, 90_000])
        async with storage.write() as session:
            seat = Membership(group_id=1, person_id="person-hans", role=Role.STEERING, since=START, confirmed_at=START)
            session.add(seat)
        for number in (1, 2):
            await driver.say("anna", "group", f"/ønske indstil {number}")
            assert await driver.submit("anna", {}) == {}
        yield driver


async def test_of_two_answers_at_the_same_instant_one_counts(world: LocalDriver, storage: Storage) -> None:
    case = (await world.messages("gry", "steering"))[0]
    await world.press("gry", case, "Godkend")
    await world.press("hans", case, "Afvis")
    errors = await asyncio.gather(world.submit("gry", {}), world.submit("hans", {"reason": "For dyrt"}))
    refused = [error[""] for error in errors if error]
    assert len(refused) == 1
    assert "har allerede registreret svaret" in refused[0]
    async with storage.read() as session:
        assert await session.scalar(select(func.count()).select_from(CaseAnswer)) == 1
        grants = select(func.count()).select_from(LedgerEntry).where(LedgerEntry.kind == EntryKind.GRANT)
        assert await session.scalar(grants) == (0 if errors[0] else 1)
        entries = await log.list_kinds(session, 1, ["case.answered", "wish.approved", "wish.declined"])
        assert len(entries) == 2
        assert all(entry.decision for entry in entries)


async def test_what_the_agenda_and_the_health_ask_for(world: LocalDriver, storage: Storage) -> None:
    async with storage.read() as session:
        assert [case.wish_number for case in await escalations.list_open_cases(session, 1)] == [1, 2]
        assert await escalations.list_overdue(session, START + dt.timedelta(days=14)) == []
        moment = await escalations.next_reminder(session, START)
        assert moment == dt.datetime(2026, 9, 16, 7, tzinfo=dt.UTC)
        assert len(await escalations.list_overdue(session, moment)) == 2
    case = (await world.messages("gry", "steering"))[0]
    await world.press("gry", case, "Udsæt")
    assert await world.submit("gry", {"reason": "Senere"}) == {}
    async with storage.read() as session:
        assert [case.wish_number for case in await escalations.list_open_cases(session, 1)] == [2]
        answered = await escalations.list_answers_since(session, 1, START)
        assert [(case.number, answer.status) for case, answer in answered] == [(1, CaseStatus.POSTPONED)]
        assert await escalations.list_answers_since(session, 1, START + dt.timedelta(seconds=1)) == []


async def test_several_waiting_cases_are_one_reminder_and_one_line(world: LocalDriver) -> None:
    await world.forward(17 * 24)
    steering = await world.messages("gry", "steering")
    assert len(steering) == 3
    assert "Ønske #1" in steering[-1].text
    assert "Ønske #2" in steering[-1].text
    assert {"Godkend #1", "Udsæt #2"} <= set(steering[-1].buttons)
    lines = [one.text for one in await world.messages("anna", "dm") if "har ikke fået svar endnu" in one.text]
    assert len(lines) == 1
    assert "#1 og #2 blev indstillet til styregruppen (1. september 2026)" in lines[0]


async def test_a_case_is_named_in_one_reminder_only(world: LocalDriver, storage: Storage) -> None:
    async with storage.write() as session:
        later = await escalations.find_case(session, 1, 2)
        assert later is not None
        later.remind_at += dt.timedelta(days=5)
    await world.forward(30 * 24)
    reminders = [one.text for one in await world.messages("gry", "steering") if "Venter på" in one.text]
    assert ["Ønske #1" in text for text in reminders] == [True, False]
    assert ["Ønske #2" in text for text in reminders] == [False, True]


RESULT = {
    "units": 14,
    "voted": 9,
    "ranking": [{"rank": 1, "candidates": [7]}, {"rank": 2, "candidates": [43, 5]}],
    "supporters": {"43": 6},
}


@pytest.mark.parametrize(
    ("result", "said"),
    [
        (RESULT, "Afstemning 3 (1. september 2026): nr. 2 af 3, ønsket af 6 kommuner. 9 af 14 kommuner stemte."),
        ({**RESULT, "ranking": []}, ""),
        (None, ""),
    ],
)
def test_what_a_poll_says_of_a_wish(result: dict[str, object] | None, said: str) -> None:
    poll = SimpleNamespace(number=3, result=result, closed_at=START, deadline=START)
    with locales.speaking("da", ZONE):
        assert poll_sentence(poll, 43) == said  # type: ignore[arg-type] # all that is read of it


@pytest.mark.parametrize("ore", [0, 1, 50, 99_99, 16_500_00, 1_234_567_89, 10**12])
def test_an_amount_in_a_field_is_read_back_as_it_is(ore: int) -> None:
    assert read_amount(amount_as_typed(ore), "amount") == ore
