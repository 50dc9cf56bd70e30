"""What an administrator does beside running the bot: schema, import, export."""

from __future__ import annotations

import asyncio
import contextlib
import pathlib
from collections.abc import AsyncIterator

import click
from sqlalchemy import make_url
from sqlalchemy.ext.asyncio import AsyncSession

import locales
from bot.clock import SystemClock
from bot.ids import new_id
from bot.outbox import Outbox
from bot.settings import Settings
from handlers.context import Context
from handlers.reports.exports import KINDS, PUBLIC_KINDS, export_group
from handlers.wishes.importing import UnreadableFile, import_message, import_wishes, read_file, what_is_known
from handlers.wishes.rows import Report, check_rows
from locales import plural, translate
from storage import schema
from storage.models.members import Group, Person
from storage.queries import members
from storage.session import Storage


class Failed(Exception):
    """It could not be done; the text is one line for the administrator."""


@contextlib.asynccontextmanager
async def opened(settings: Settings, *, checked: bool = True, made: bool = True) -> AsyncIterator[Storage]:
    """The database of the settings: with the schema that this program needs where `checked`, there already if `made`.

    Raises:
        Failed: there is none, nor a folder for it, or its schema is not this program's.
    """
    check_folder_of(settings.database_url)
    if made:
        await check_database(settings.database_url)
    storage = Storage(settings.database_url)
    try:
        if checked:
            current, needed = await schema.status(storage)
            if current != needed:
                raise Failed(translate("cli.schema_old"))
        yield storage
    finally:
        await storage.dispose()


async def check_database(url: str) -> None:
    """Let only a database pass that is there: SQLite would make an empty one.

    Raises:
        Failed: there is none.
    """
    address = make_url(url)
    file = address.database or ""
    if address.get_backend_name() == "sqlite" and not await asyncio.to_thread(pathlib.Path(file).is_file):
        raise Failed(translate("cli.no_database", file=file))


def check_folder_of(url: str) -> None:
    """Let only a database pass that has a folder to lie in.

    Raises:
        Failed: there is no such folder.
    """
    address = make_url(url)
    if address.get_backend_name() == "sqlite" and address.database not in (None, "", ":memory:"):
        check_folder(pathlib.Path(str(address.database)))


def check_folder(file: pathlib.Path) -> None:
    """Let only a file pass that has a folder to be written to.

    Raises:
        Failed: there is no such folder.
    """
    if not file.parent.is_dir():
        raise Failed(translate("cli.no_folder", folder=str(file.parent)))


async def upgrade_database(settings: Settings) -> None:
    """Bring the schema up to date."""
    async with opened(settings, checked=False, made=False) as storage:
        await schema.upgrade(storage)
        click.echo(translate("cli.upgraded", revision=(await schema.status(storage))[0]))


async def show_status(settings: Settings) -> bool:
    """Say where the schema stands; returns whether it is up to date."""
    async with opened(settings, checked=False) as storage:
        current, needed = await schema.status(storage)
    key = "cli.schema_current" if current == needed else "cli.schema_behind"
    click.echo(translate(key, current=current or "–", needed=needed))
    return current == needed


async def import_file(settings: Settings, group_name: str, file: pathlib.Path, *, dry_run: bool) -> bool:
    """Take wishes over from a file, with a line for every row refused; returns whether all were taken."""
    try:
        rows = read_file(file)
    except UnreadableFile as error:
        raise Failed(str(error)) from error
    async with opened(settings) as storage, storage.write() as session:
        group = await find_group(session, group_name)
        if dry_run:
            report = check_rows(rows, await what_is_known(session, group.id))
        else:
            context = _context(session, group)
            report = await import_wishes(context, rows, file.name)
            outbox = Outbox(session, group=group, person=context.me, now=context.now, new_id=new_id)
            for reply in import_message(context, report, file.name):
                await outbox.put(reply)  # type: ignore[arg-type] # an import only posts
    say_report(report, dry_run=dry_run)
    return not report.refused


def say_report(report: Report, *, dry_run: bool = False) -> None:
    """Every row that was refused, with why, what was taken otherwise than it was written, and how many were taken."""
    for remark in report.remarks:
        click.echo(remark)
    for refused in report.refused:
        click.echo(translate("cli.row_refused", line=refused.line, why=refused.why))
    key, rows_key = (
        ("cli.would_import", "cli.rows_would_be_refused") if dry_run else ("cli.imported", "cli.rows_refused")
    )
    click.echo(plural(key, len(report.taken), refused=plural(rows_key, len(report.refused))))


async def export_file(settings: Settings, group_name: str, file: pathlib.Path, *, public: bool = False) -> None:
    """Write what the group has to a file, of the kind that its ending says; only the public log where `public`."""
    kind = file.suffix.lower()
    if kind not in KINDS:
        raise Failed(translate("cli.export_kind", kinds=", ".join(KINDS)))
    if public and kind not in PUBLIC_KINDS:
        raise Failed(translate("cli.export_public"))
    check_folder(file)
    async with opened(settings) as storage, storage.read() as session:
        context = _context(session, await find_group(session, group_name))
        content = await export_group(context, kind, public=public)
    await asyncio.to_thread(file.write_bytes, content)
    click.echo(translate("cli.exported", file=str(file)))


async def find_group(session: AsyncSession, name: str) -> Group:
    """The group with this short name.

    Raises:
        Failed: there is none; the line names those that there are.
    """
    group = await members.find_group_by_name(session, name)
    if group is None:
        known = ", ".join(one.short_name for one in await members.list_groups(session)) or "–"
        raise Failed(translate("cli.no_such_group", name=name, known=known))
    return group


def _context(session: AsyncSession, group: Group) -> Context:
    nobody = Person(id="", platform=group.platform, workspace=group.workspace, user="", name="", locale="", muted=False)
    return Context(
        session=session,
        now=SystemClock().now(),
        new_id=new_id,
        locale=locales.language(),
        me=nobody,
        known_group=group,
    )
