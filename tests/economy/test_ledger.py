"""The ledger on real databases: what is booked adds up, stands in the log, and goes back when a wish ends."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy.exc import IntegrityError

from handlers.context import Context
from handlers.decisions.chain import first_break
from handlers.economy import ledger
from handlers.economy.ledger import Verdict
from storage.enums import EntryKind
from storage.queries import economy, log
from tests.economy.conftest import Acting

WISH = "wish:43"
NEW_YEAR = dt.datetime(2026, 12, 31, 23, 30, tzinfo=dt.UTC)
"""Half past midnight on 1 January 2027 in Copenhagen."""


async def _set_up(context: Context, frame: int = 250_000_00, ceiling: int | None = 50_000_00) -> None:
    await ledger.set_value(context, ledger.Booking(EntryKind.FRAME, frame, year=2026))
    await ledger.set_value(context, ledger.Booking(EntryKind.CEILING, ceiling, year=2026))


async def _free(context: Context, year: int = 2026) -> int | None:
    return (await ledger.read_balance(context.session, context.group.id, year)).free


async def test_a_new_frame_replaces_the_one_before(acting: Acting) -> None:
    async with acting() as context:
        await _set_up(context)
        await ledger.set_value(context, ledger.Booking(EntryKind.FRAME, 300_000_00, year=2026))
        assert await ledger.set_value(context, ledger.Booking(EntryKind.FRAME, 300_000_00, year=2026)) is None
    async with acting() as context:
        balance = await ledger.read_balance(context.session, context.group.id, 2026)
        assert (balance.frame, balance.ceiling, balance.free) == (300_000_00, 50_000_00, 300_000_00)
        entries = await economy.list_entries(context.session, context.group.id, 2026, 20)
        assert [entry.amount for entry in entries if entry.kind is EntryKind.FRAME] == [300_000_00]


async def test_a_ceiling_can_be_taken_away(acting: Acting) -> None:
    async with acting() as context:
        await _set_up(context)
        await ledger.set_value(context, ledger.Booking(EntryKind.CEILING, None, year=2026))
        assert (await ledger.read_balance(context.session, context.group.id, 2026)).ceiling is None


async def test_everything_booked_stands_in_the_chained_log(acting: Acting) -> None:
    async with acting() as context:
        await _set_up(context)
        await ledger.commit(context, WISH, 20_000_00)
        await ledger.invoice(context, 5_000_00, subject=WISH, note="Faktura 17 fra Bo")
        entries = await log.list_entries(context.session, context.group.id)
        assert [entry.kind for entry in entries] == [
            "economy.frame_set",
            "economy.ceiling_set",
            "economy.committed",
            "economy.committed",
            "economy.spent",
        ]
        assert [entry.decision for entry in entries] == [True, True, False, False, False]
        assert first_break(entries) is None
        assert not any("Bo" in str(entry.facts) for entry in entries)


@pytest.mark.parametrize(
    ("amount", "acute", "verdict"),
    [
        (50_000_00, False, Verdict.INSIDE),
        (50_000_01, False, Verdict.CEILING),
        (50_000_01, True, Verdict.MANDATE),
        (60_000_01, True, Verdict.CEILING),
    ],
)
async def test_whether_a_wish_may_start(acting: Acting, amount: int, acute: bool, verdict: Verdict) -> None:
    async with acting() as context:
        await _set_up(context)
        await ledger.set_value(context, ledger.Booking(EntryKind.MANDATE, 60_000_00, year=2026))
        fit = await ledger.fits(context, WISH, amount, acute=acute)
        assert fit.verdict is verdict
        assert fit.may_start is (verdict in (Verdict.INSIDE, Verdict.MANDATE))


async def test_a_wish_may_not_start_for_more_than_is_free(acting: Acting) -> None:
    async with acting() as context:
        await _set_up(context)
        await ledger.invoice(context, 230_000_00)
        fit = await ledger.fits(context, WISH, 30_000_00)
        assert (fit.verdict, fit.limit) == (Verdict.ROOM, 20_000_00)
        refusal = fit.refusal(43)
        assert (refusal.key, refusal.parameters["number"]) == ("economy.beyond_room", 43)


async def test_an_invoice_lowers_the_commitment(acting: Acting) -> None:
    async with acting() as context:
        await _set_up(context)
        await ledger.commit(context, WISH, 40_000_00)
        assert await _free(context) == 210_000_00
        assert (await ledger.invoice(context, 15_000_00, subject=WISH)).beyond == 0
        balance = await ledger.read_balance(context.session, context.group.id, 2026)
        assert (balance.spent, balance.committed, balance.free) == (15_000_00, 25_000_00, 210_000_00)
        assert (await ledger.invoice(context, 30_000_00, subject=WISH)).beyond == 5_000_00
        balance = await ledger.read_balance(context.session, context.group.id, 2026)
        assert (balance.spent, balance.committed, balance.free) == (45_000_00, 0, 205_000_00)


async def test_what_is_left_goes_back_when_a_wish_ends(acting: Acting) -> None:
    async with acting() as context:
        await _set_up(context)
        await ledger.book(context, ledger.Booking(EntryKind.GRANT, 80_000_00, subject=WISH))
        assert await _free(context) == 170_000_00
        await ledger.commit(context, WISH, 70_000_00)
        await ledger.invoice(context, 30_000_00, subject=WISH)
        assert await _free(context) == 170_000_00
        await ledger.release(context, WISH)
        balance = await ledger.read_balance(context.session, context.group.id, 2026)
        assert (balance.committed, balance.granted, balance.free) == (0, 30_000_00, 220_000_00)


async def test_a_grant_comes_back_with_a_wish_that_goes_on(acting: Acting) -> None:
    async with acting() as context:
        await _set_up(context)
        await ledger.book(context, ledger.Booking(EntryKind.GRANT, 80_000_00, subject=WISH, inside=False))
        await ledger.release(context, WISH)
        assert (await ledger.read_room(context.session, context.group.id, 2026, WISH)).amount == 250_000_00
        await ledger.restore_grants(context, WISH)
        assert (await ledger.read_room(context.session, context.group.id, 2026, WISH)).amount == 330_000_00


async def test_a_commitment_is_paid_in_its_own_year(acting: Acting) -> None:
    async with acting() as context:
        await _set_up(context)
        await ledger.commit(context, WISH, 40_000_00)
    async with acting(at=NEW_YEAR) as context:
        await ledger.set_value(context, ledger.Booking(EntryKind.FRAME, 100_000_00, year=2027))
        assert (await ledger.invoice(context, 50_000_00, subject=WISH)).beyond == 10_000_00
        assert await _free(context, 2026) == 210_000_00
        assert await _free(context, 2027) == 90_000_00


async def test_the_budget_year_is_the_local_one(acting: Acting) -> None:
    async with acting(at=NEW_YEAR) as context:
        entry = await ledger.book(context, ledger.Booking(EntryKind.SPENT, 1_00))
        assert entry.year == 2027


async def test_a_units_newest_pledge_is_the_one_that_stands(acting: Acting) -> None:
    async with acting("bo") as context:
        unit = context.standing.unit
        assert unit is not None
        first = await ledger.book(context, ledger.Booking(EntryKind.PLEDGE, 5_000_00, subject=WISH, unit_id=unit.id))
        await ledger.book(
            context, ledger.Booking(EntryKind.PLEDGE, 7_000_00, subject=WISH, unit_id=unit.id, replaces=first)
        )
    async with acting() as context:
        pledges = await economy.list_pledges(context.session, context.group.id, WISH)
        assert [(name, entry.amount) for entry, name in pledges] == [("Tønder", 7_000_00)]
        assert (await ledger.read_account(context.session, context.group.id, 2026, WISH)).pledged == 7_000_00


async def test_an_entry_is_replaced_once(acting: Acting) -> None:
    with pytest.raises(IntegrityError):
        async with acting() as context:
            first = await ledger.book(context, ledger.Booking(EntryKind.SPENT, 5_000_00))
            await ledger.book(context, ledger.Booking(EntryKind.SPENT, 0, replaces=first))
            await ledger.book(context, ledger.Booking(EntryKind.SPENT, 1, replaces=first))
