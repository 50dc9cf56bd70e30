"""Counts every published result of a group again from its log, and holds log and tables against each other."""

from __future__ import annotations

import datetime as dt
import json

import click
from sqlalchemy.ext.asyncio import AsyncSession

from bot.findings import tell, tell_unchecked, word
from bot.settings import Settings
from bot.upkeep import Failed, find_group, opened
from handlers.audit.agreement import Disagreement, Tables, compare, heads_of
from handlers.audit.logged import differences, read_logged, unchecked_wishes
from handlers.audit.stored import map_codes, read_rows
from handlers.decisions.chain import HEAD_SIGNS, Break, list_breaks
from handlers.results.allowed import Breach, list_breaches
from handlers.results.recount import Recounted, recount
from handlers.results.replay import Unreadable, replay
from locales import long_moment, plural, translate
from storage.models.log import LogEntry
from storage.queries import ballots, log, members, polls

LONGEST_VALUE = 300
"""Letters of a value that are told; a result may be long."""


async def verify(settings: Settings, group_name: str) -> bool:
    """Say what was counted and everything that differs; returns whether all is as it was written and published.

    Raises:
        Failed: there is no such group, or a row holds what the bot can't have written.
    """
    async with opened(settings) as storage, storage.read() as session:
        group = await find_group(session, group_name)
        try:
            entries = await log.list_entries(session, group.id)
            tables = await read_tables(session, group.id, entries)
            rows, codes = await read_rows(session, group.id), await map_codes(session, group.id)
        except ValueError as error:
            raise Failed(translate("cli.rows_unreadable", reason=_short(str(error)))) from error
    told = [_told_break(one, entries) for one in list_breaks(entries)]
    results: list[Recounted] = []
    unchecked: list[int] = []
    try:
        results = recount(entries)
        told += [_told_difference(result) for result in results if not result.matches]
        told += [_told_breach(one) for one in list_breaches(entries)]
        told += [_told_disagreement(one) for one in compare(replay(entries), tables)]
        logged = read_logged(entries, codes)
        told += [tell(one) for one in differences(logged, rows)]
        unchecked = unchecked_wishes(logged, rows)
    except Unreadable as error:
        told.append(translate("cli.entry_unreadable", number=error.number))
    for line in told:
        click.echo(line)
    if unchecked:
        click.echo(tell_unchecked(unchecked))
    if told:
        return False
    if not results:
        click.echo(translate("cli.nothing_to_verify"))
        return True
    head = entries[-1].hash[:HEAD_SIGNS] if entries else "–"
    click.echo(plural("cli.verified", len(results), head=head))
    return True


async def read_tables(session: AsyncSession, group_id: int, entries: list[LogEntry]) -> Tables:
    """What the tables say of the group's polls now."""
    found = await polls.list_polls(session, group_id)
    return Tables(
        polls=found,
        candidates=await polls.list_candidates_of(session, [poll.id for poll in found]),
        ballots=await ballots.list_all_ballots(session, group_id),
        electors=await ballots.list_all_electors(session, group_id),
        units={unit.id: unit.name for unit in await members.list_units(session, group_id)},
        heads=heads_of(entries),
    )


def _told_break(one: Break, entries: list[LogEntry]) -> str:
    entry = next((entry for entry in entries if entry.number == one.number), None)
    if entry is None:
        return translate("cli.entry_missing", number=one.number)
    about = {"number": entry.number, "kind": entry.kind, "subject": entry.subject, "moment": long_moment(entry.at)}
    return translate(f"cli.entry_{one.what}", **about)


def _told_difference(result: Recounted) -> str:
    told = "; ".join(
        translate(
            "cli.difference", what=word(f"cli.part.{what}", what), published=_short(published), counted=_short(counted)
        )
        for what, published, counted in result.differences
    )
    return translate("cli.result_differs", number=result.poll, title=result.title, difference=told)


def _told_breach(one: Breach) -> str:
    told = {
        name: long_moment(value) if isinstance(value, dt.datetime) else _short(value)
        for name, value in one.told.items()
    }
    return translate(f"cli.breach.{one.wrong}", number=one.poll, entry=one.entry, **told)


def _told_disagreement(one: Disagreement) -> str:
    told = {name: _short(value) for name, value in one.told.items()}
    if "name" in told:
        told["name"] = word(f"cli.part.{told['name']}", told["name"])
    return translate(f"cli.table.{one.what}", number=one.subject.partition(":")[2], **told)


def _short(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else str(value)
    return text if len(text) <= LONGEST_VALUE else f"{text[:LONGEST_VALUE]} …"
