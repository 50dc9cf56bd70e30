"""The report of the economy, on demand and at quarter ends: the secretariat answers for the reporting [K]."""

from __future__ import annotations

import datetime as dt

from sqlalchemy.ext.asyncio import AsyncSession

from handlers.capability import Ask, Deed, Due, Timer
from handlers.chat.messages import Facts, Heading, Note, Table, Text, message
from handlers.chat.replies import Notice, Replies, Whisper
from handlers.chat.router import Word
from handlers.context import Context
from handlers.economy import messages
from handlers.economy.books import map_titles, read_year
from handlers.economy.ledger import read_balance, read_lines
from handlers.economy.rules import balance_of, commitments_of
from handlers.workdays import is_quiet_day, local_moment
from locales import long_date, money, short_date, translate, zone
from storage.enums import EntryKind, Role
from storage.models.economy import LedgerEntry
from storage.queries import economy, members

TOLD_AT = dt.time(8)
"""Before the day's bundle, so that the line is in it."""

STILL_WORTH = dt.timedelta(days=14)
"""A bot that was down longer than this over a quarter's end leaves the line out."""

MOST_ENTRIES = 50


async def show_report(context: Context, ask: Ask) -> Replies:
    """`/gruppe rapport`: the year's economy as text, down to the single entries."""
    year = read_year(context, ask.text)
    lines = await read_lines(context.session, context.group.id, year)
    entries = await economy.list_entries(context.session, context.group.id, year, MOST_ENTRIES)
    commitments = commitments_of(lines, year)
    titles = await map_titles(context, [*(line.subject for line in lines), *(entry.subject for entry in entries)])
    balance = balance_of(lines, year)
    as_of = translate("economy.report_as_of", product=context.group.product, date=long_date(context.today))
    shown = message(
        Heading(translate("economy.report_heading", year=str(year))),
        Note(as_of),
        Text(messages.free_sentence(balance)),
        Facts(tuple(messages.balance_facts(balance))),
        messages.commitment_table(commitments, titles),
        _entry_table(entries, titles) if entries else None,
        Note(translate("economy.report_newest", count=len(entries))) if len(entries) == MOST_ENTRIES else None,
        Note(translate("economy.without_vat")),
    )
    return [Whisper(shown)]


def _entry_table(entries: list[LedgerEntry], titles: dict[int, str]) -> Table:
    header = tuple(translate(f"economy.column.{name}") for name in ("date", "entry", "wish", "amount", "note"))
    return Table(header, tuple(_entry_row(entry, titles) for entry in reversed(entries)))


def _entry_row(entry: LedgerEntry, titles: dict[int, str]) -> tuple[str, ...]:
    kind = entry.kind if entry.kind is not EntryKind.GRANT or entry.inside else "extra"
    return (
        short_date(entry.at),
        translate(f"economy.entry.{kind}"),
        messages.subject_name(entry.subject, titles) if entry.subject else "–",
        translate("economy.none") if entry.amount is None else money(entry.amount),
        entry.note or "–",
    )


def quarter_moment(year: int, quarter: int) -> dt.datetime:
    """When the secretariat is told of a quarter (1 to 4): the morning of its last day that is not quiet, in UTC."""
    first_after = dt.date(year + 1, 1, 1) if quarter == 4 else dt.date(year, quarter * 3 + 1, 1)
    day = first_after - dt.timedelta(days=1)
    while is_quiet_day(day):
        day -= dt.timedelta(days=1)
    return local_moment(day, TOLD_AT, zone())


async def next_quarter(session: AsyncSession, after: dt.datetime) -> dt.datetime | None:
    return min(moment for moment in _moments_around(after) if moment > after)


async def list_quarters_due(session: AsyncSession, now: dt.datetime) -> list[Due]:
    """The quarter that ended last, for the groups that have anything in its books."""
    moment = max(moment for moment in _moments_around(now) if moment <= now)
    if now - moment > STILL_WORTH:
        return []
    year = moment.astimezone(zone()).year
    return [Due(group_id, moment) for group_id in await economy.list_groups_with_entries(session, year)]


def _moments_around(moment: dt.datetime) -> list[dt.datetime]:
    year = moment.astimezone(zone()).year
    return [quarter_moment(year + step, quarter) for step in (-1, 0, 1) for quarter in (1, 2, 3, 4)]


async def tell_secretariat(context: Context, due: Due) -> Replies:
    """One line to each of the secretariat in their next bundle, with how to get the rest."""
    local = due.moment.astimezone(zone())
    balance = await read_balance(context.session, context.group.id, local.year)
    held = await members.list_memberships(context.session, context.group.id)
    people = await members.map_people(context.session, [one.person_id for one in held if one.role is Role.SECRETARIAT])
    told: Replies = []
    for person in people.values():
        with context.speaking_to(person):
            text = translate(
                "economy.quarter",
                quarter=(local.month + 2) // 3,
                year=str(local.year),
                product=context.group.product,
                spent=money(balance.spent),
                committed=money(balance.committed),
                free=messages.free_sentence(balance),
            )
        told.append(Notice(text, f"economy/quarter/{local.year}", "money", person.id))
    return told


DEEDS = (Deed("economy.report", show_report, writes=False),)
WORDS = (Word("group", "economy.report", ("rapport", "report")),)
TIMERS = (Timer("economy_quarter", next_quarter, list_quarters_due, tell_secretariat),)
