"""The group's ledger: reads what there is to spend, and books what is given, promised, started and paid."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy.ext.asyncio import AsyncSession

from handlers.chat.refusals import Refusal
from handlers.context import Context
from handlers.decisions.chain import record
from handlers.economy import rules
from handlers.economy.rules import Account, Balance, Line, Room
from locales import money
from storage.enums import EntryKind
from storage.models.economy import LedgerEntry
from storage.queries import economy

EARLIER = "earlier"
"""The subject of what was ordered before the bot knew the group."""

LOGGED = {
    EntryKind.FRAME: "economy.frame_set",
    EntryKind.CEILING: "economy.ceiling_set",
    EntryKind.MANDATE: "economy.mandate_set",
    EntryKind.SPENT: "economy.spent",
    EntryKind.COMMITTED: "economy.committed",
    EntryKind.GRANT: "economy.granted",
    EntryKind.PLEDGE: "economy.pledged",
}
_VALUES = frozenset({EntryKind.FRAME, EntryKind.CEILING, EntryKind.MANDATE})


class Verdict(StrEnum):
    """What the money says to starting a wish."""

    INSIDE = "inside"
    MANDATE = "mandate"
    CEILING = "ceiling"
    ROOM = "room"


@dataclass(frozen=True, slots=True)
class Fit:
    """Whether a wish can be started for an amount in øre, and why not."""

    verdict: Verdict
    amount: int
    limit: int = 0

    @property
    def may_start(self) -> bool:
        return self.verdict in (Verdict.INSIDE, Verdict.MANDATE)

    def refusal(self, number: int) -> Refusal:
        """The sentence for a wish that may not be started, with what to do instead."""
        key = f"economy.beyond_{self.verdict}"
        return Refusal(key, number=number, amount=money(self.amount), limit=money(self.limit))


def wish_subject(number: int) -> str:
    """What the ledger and the log call the wish with this number."""
    return f"wish:{number}"


async def read_lines(session: AsyncSession, group_id: int, year: int) -> list[Line]:
    """What stands in the ledger up to a budget year, for the rules: one query."""
    return [
        Line(made, kind, amount, subject, inside)
        for made, kind, subject, inside, amount in await economy.list_sums(session, group_id, year)
    ]


async def read_balance(session: AsyncSession, group_id: int, year: int) -> Balance:
    """The group's money in a budget year."""
    return rules.balance_of(await read_lines(session, group_id, year), year)


async def read_room(session: AsyncSession, group_id: int, year: int, subject: str) -> Room:
    """What a subject (`wish:43`) may cost in a budget year."""
    return rules.room_of(await read_lines(session, group_id, year), year, subject)


async def read_account(session: AsyncSession, group_id: int, year: int, subject: str) -> Account:
    """A subject's own money: what it was granted and pledged, and what it has used."""
    return rules.account_of(await read_lines(session, group_id, year), year, subject)


async def fits(context: Context, subject: str, amount: int, *, acute: bool = False) -> Fit:
    """Whether a wish can be started within what the group may decide alone.

    Args:
        subject: `wish:43`.
        amount: its estimate, in øre.
        acute: it can't wait for the committee, so that the standing mandate is enough.
    """
    year = context.today.year
    lines = await read_lines(context.session, context.group.id, year)
    balance, room = rules.balance_of(lines, year), rules.room_of(lines, year, subject)
    if not rules.is_outside(amount, balance.ceiling, room):
        return Fit(Verdict.INSIDE, amount)
    if acute and balance.mandate is not None and amount <= balance.mandate:
        return Fit(Verdict.MANDATE, amount, balance.mandate)
    if rules.exceeds_ceiling(amount, balance.ceiling, room):
        return Fit(Verdict.CEILING, amount, max(balance.ceiling or 0, room.approved or 0))
    return Fit(Verdict.ROOM, amount, room.amount or 0)


@dataclass(frozen=True, slots=True)
class Booking:
    """A line that is to stand in the ledger.

    Args:
        amount: whole øre; `None` says that there is no ceiling or mandate any more.
        subject: `wish:43`, or empty for the group as a whole.
        year: the budget year, this one where it is not given.
        unit_id: whose pledge it is.
        inside: whether a grant is taken from the frame, or comes on top of it.
        note: in words; people are not named in it.
        replaces: the entry that no longer stands.
    """

    kind: EntryKind
    amount: int | None
    subject: str = ""
    year: int | None = None
    unit_id: int | None = None
    inside: bool = True
    note: str = ""
    replaces: LedgerEntry | None = None


async def book(context: Context, new: Booking) -> LedgerEntry:
    """Add a line to the ledger, and to the log."""
    year = context.today.year if new.year is None else new.year
    entry = LedgerEntry(
        group_id=context.group.id,
        year=year,
        kind=new.kind,
        amount=new.amount,
        subject=new.subject,
        unit_id=new.unit_id,
        inside=new.inside,
        note=new.note,
        by=context.me.id,
        at=context.now,
        replaces=new.replaces.id if new.replaces else None,
    )
    context.session.add(entry)
    await context.session.flush()
    facts: dict[str, object] = {"entry": entry.id, "year": year, "amount": new.amount, "inside": new.inside}
    facts |= {"unit": new.unit_id} if new.unit_id else {}
    facts |= {"replaces": new.replaces.id} if new.replaces else {}
    about = new.subject or f"economy:{year}"
    await record(context, LOGGED[new.kind], about, facts, decision=new.kind in _VALUES and not new.subject)
    return entry


async def set_value(context: Context, new: Booking) -> LedgerEntry | None:
    """Set a frame, a ceiling or a mandate; `None` where it already is so."""
    year = context.today.year if new.year is None else new.year
    before = await economy.find_value(context.session, context.group.id, year, new.kind, subject=new.subject)
    if before is not None and before.amount == new.amount:
        return None
    return await book(context, dataclasses.replace(new, replaces=before))


async def commit(context: Context, subject: str, amount: int) -> list[LedgerEntry]:
    """From now on this much (øre) is committed to the subject and not yet invoiced; nothing where it already is so.

    What is taken off is taken off the oldest year first, what is added is added to the newest year that it has.
    Returns what was booked."""
    year = context.today.year
    lines = await read_lines(context.session, context.group.id, year)
    rests = rules.rests_of(lines, subject)
    change = amount - sum(rest for _, rest in rests)
    if change > 0:
        made = rests[-1][0] if rests else year
        return [await book(context, Booking(EntryKind.COMMITTED, change, subject=subject, year=made))]
    booked = []
    for made, rest in rests:
        part = min(rest, -change)
        if part:
            booked.append(await book(context, Booking(EntryKind.COMMITTED, -part, subject=subject, year=made)))
            change += part
    return booked


async def release(context: Context, subject: str) -> None:
    """The subject has ended: the rest of its commitment and of its grants goes back."""
    await commit(context, subject, 0)
    year = context.today.year
    lines = await read_lines(context.session, context.group.id, year)
    for made, inside, part in rules.unused_grants_of(lines, year, subject):
        await book(context, Booking(EntryKind.GRANT, -part, subject=subject, year=made, inside=inside))


async def restore_grants(context: Context, subject: str) -> None:
    """The subject goes on after all: the grants that `release` gave back are its own again."""
    await annul(context, await economy.list_given_back(context.session, context.group.id, subject))


@dataclass(frozen=True, slots=True)
class Invoiced:
    """An invoice that was booked: its lines in the ledger, and the part of it (øre) that was not committed before."""

    entries: tuple[LedgerEntry, ...]
    beyond: int


async def invoice(context: Context, amount: int, *, subject: str = "", note: str = "") -> Invoiced:
    """Book an invoice (øre); it lowers the subject's commitment, and is booked in the year that was committed."""
    year = context.today.year
    lines = await read_lines(context.session, context.group.id, year)
    entries, left = [], amount
    for made, rest in rules.rests_of(lines, subject) if subject else []:
        part = min(rest, left)
        if part:
            entries.append(await book(context, Booking(EntryKind.COMMITTED, -part, subject=subject, year=made)))
            entries.append(await book(context, Booking(EntryKind.SPENT, part, subject=subject, year=made, note=note)))
            left -= part
    if left:
        entries.append(await book(context, Booking(EntryKind.SPENT, left, subject=subject, year=year, note=note)))
    return Invoiced(tuple(entries), left)


async def annul(context: Context, entries: Iterable[LedgerEntry]) -> None:
    """These lines no longer stand: each is replaced by one of nothing."""
    for entry in entries:
        await book(
            context,
            Booking(
                entry.kind,
                0,
                subject=entry.subject,
                year=entry.year,
                unit_id=entry.unit_id,
                inside=entry.inside,
                replaces=entry,
            ),
        )
