"""The secretariat is told at quarter ends, on a working day, and once."""

from __future__ import annotations

import datetime as dt

import pytest

import locales
from handlers.capability import Due
from handlers.chat.replies import Notice
from handlers.economy import ledger, report
from handlers.economy.books import take_over
from handlers.economy.ledger import EARLIER
from handlers.economy.report import quarter_moment
from handlers.members.happenings import GroupFounded
from storage.enums import EntryKind
from tests.conftest import ZONE
from tests.economy.conftest import Acting


@pytest.mark.parametrize(
    ("year", "quarter", "moment"),
    [
        (2026, 1, dt.datetime(2026, 3, 31, 6, tzinfo=dt.UTC)),
        (2026, 2, dt.datetime(2026, 6, 30, 6, tzinfo=dt.UTC)),
        (2026, 3, dt.datetime(2026, 9, 30, 6, tzinfo=dt.UTC)),
        (2026, 4, dt.datetime(2026, 12, 30, 7, tzinfo=dt.UTC)),
        (2027, 2, dt.datetime(2027, 6, 30, 6, tzinfo=dt.UTC)),
        (2029, 1, dt.datetime(2029, 3, 28, 6, tzinfo=dt.UTC)),
    ],
)
def test_a_quarter_is_told_on_its_last_working_day(year: int, quarter: int, moment: dt.datetime) -> None:
    with locales.speaking("da", ZONE):
        assert quarter_moment(year, quarter) == moment


SEPTEMBER = dt.datetime(2026, 9, 30, 6, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("after", "due"),
    [(dt.timedelta(), True), (dt.timedelta(days=13), True), (dt.timedelta(days=15), False)],
)
async def test_a_bot_that_was_down_tells_it_while_it_still_makes_sense(
    acting: Acting, after: dt.timedelta, due: bool
) -> None:
    async with acting() as context:
        await ledger.set_value(context, ledger.Booking(EntryKind.FRAME, 250_000_00, year=2026))
        now = SEPTEMBER + after
        found = await report.list_quarters_due(context.session, now)
        assert found == ([Due(context.group.id, SEPTEMBER)] if due else [])
        assert await report.next_quarter(context.session, SEPTEMBER - dt.timedelta(seconds=1)) == SEPTEMBER
        assert await report.next_quarter(context.session, SEPTEMBER) == quarter_moment(2026, 4)


async def test_a_group_without_books_is_left_alone(acting: Acting) -> None:
    async with acting() as context:
        assert await report.list_quarters_due(context.session, SEPTEMBER) == []


async def test_the_line_goes_to_the_secretariat_alone(acting: Acting) -> None:
    async with acting() as context:
        await ledger.set_value(context, ledger.Booking(EntryKind.FRAME, 250_000_00, year=2026))
        await ledger.invoice(context, 50_000_00)
        told = await report.tell_secretariat(context, Due(context.group.id, SEPTEMBER))
    assert [(one.person, one.topic) for one in told if isinstance(one, Notice)] == [("person-finn", "money")]
    assert isinstance(told[0], Notice)
    assert told[0].text == (
        "OS2test, 3. kvartal 2026: forbrugt 50.000\u00a0kr., disponeret 0\u00a0kr. "
        "Der er 200.000\u00a0kr. til rådighed i 2026. Hele rapporten: /gruppe rapport"
    )


async def test_what_was_there_when_the_group_was_made_is_taken_over(acting: Acting) -> None:
    async with acting() as context:
        founded = GroupFounded(2026, frame=250_000_00, ceiling=50_000_00, spent=60_000_00, committed=40_000_00)
        assert await take_over(context, founded) == []
        balance = await ledger.read_balance(context.session, context.group.id, 2026)
        assert (balance.frame, balance.ceiling, balance.free) == (250_000_00, 50_000_00, 150_000_00)
        await ledger.invoice(context, 15_000_00, subject=EARLIER)
        balance = await ledger.read_balance(context.session, context.group.id, 2026)
        assert (balance.spent, balance.committed, balance.free) == (75_000_00, 25_000_00, 150_000_00)


async def test_a_group_that_says_nothing_of_money_has_no_books(acting: Acting) -> None:
    async with acting() as context:
        await take_over(context, GroupFounded(2026))
        assert await ledger.read_lines(context.session, context.group.id, 2026) == []
