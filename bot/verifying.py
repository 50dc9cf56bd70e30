"""Counts every published result of a group again from its log, and checks that the log's chain is whole."""

from __future__ import annotations

import click

from bot.settings import Settings
from bot.upkeep import find_group, opened
from handlers.decisions.chain import HEAD_SIGNS, first_break
from handlers.results.recount import Recounted, recount
from locales import plural, translate
from storage.queries import log


async def verify(settings: Settings, group_name: str) -> bool:
    """Say what was counted and what differs; returns whether all is as it was published."""
    async with opened(settings) as storage, storage.read() as session:
        group = await find_group(session, group_name)
        entries = await log.list_entries(session, group.id)
    broken = first_break(entries)
    if broken is not None:
        click.echo(translate("cli.chain_broken", number=broken))
        return False
    results = recount(entries)
    for result in results:
        if not result.matches:
            click.echo(_difference(result))
    if not all(result.matches for result in results):
        return False
    head = entries[-1].hash[:HEAD_SIGNS] if entries else "–"
    click.echo(plural("cli.verified", len(results), head=head))
    return True


def _difference(result: Recounted) -> str:
    told = "; ".join(
        translate("cli.difference", what=what, published=published, counted=counted)
        for what, published, counted in result.differences
    )
    return translate("cli.result_differs", number=result.poll, title=result.title, difference=told)
