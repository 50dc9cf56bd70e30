"""Copies of the embedded database: taken while the bot runs, whole and consistent, and put back while it does not."""

from __future__ import annotations

import asyncio
import pathlib
import sqlite3
from contextlib import closing

import click

from bot.settings import Settings
from bot.upkeep import Failed, check_folder, check_folder_of
from locales import translate
from storage.session import Storage


async def back_up(settings: Settings, file: pathlib.Path) -> None:
    """Write a consistent copy to `file`, replacing what is there.

    Raises:
        Failed: the database is PostgreSQL, which has tools of its own, there is none, `file` is the database, or
            there is no folder for it.
    """
    check_folder(file)
    source = _database_file(settings)
    if not await asyncio.to_thread(_is_ours, source):
        raise Failed(translate("cli.restore_missing", file=str(source)))
    _check_other(file, source)
    part = file.with_name(f"{file.name}.part")
    part.unlink(missing_ok=True)
    await asyncio.to_thread(_copy, source, part)
    part.replace(file)
    click.echo(translate("cli.backed_up", file=str(file)))


async def put_back(settings: Settings, file: pathlib.Path) -> None:
    """Put the copy in `file` back in the database's place; all or nothing.

    Raises:
        Failed: the database is PostgreSQL, the file is no copy of ours or the database itself, or a bot has the
            database open.
    """
    target = _database_file(settings)
    _check_other(file, target)
    if not await asyncio.to_thread(_is_ours, file):
        raise Failed(translate("cli.restore_missing", file=str(file)))
    if await asyncio.to_thread(_is_open, target):
        raise Failed(translate("cli.restore_running", file=str(target)))
    await asyncio.to_thread(_copy, file, target)
    click.echo(translate("cli.restored", file=str(file)))


def _database_file(settings: Settings) -> pathlib.Path:
    storage = Storage(settings.database_url)
    if not storage.is_sqlite or not storage.url.database:
        raise Failed(translate("cli.backup_sqlite_only"))
    check_folder_of(settings.database_url)
    return pathlib.Path(storage.url.database)


def _check_other(file: pathlib.Path, database: pathlib.Path) -> None:
    """A running bot goes on writing into the file that it opened: one put in its place would lose all of that."""
    if file.resolve() == database.resolve():
        raise Failed(translate("cli.backup_itself", file=str(file)))


def _is_open(database: pathlib.Path) -> bool:
    """Whether somebody has the database open: SQLite lets nobody leave its WAL mode while another connection is there,
    however idle (https://www.sqlite.org/pragma.html#pragma_journal_mode)."""
    if not database.exists():
        return False
    with closing(sqlite3.connect(database, timeout=0)) as connection:
        try:
            connection.execute("PRAGMA journal_mode=DELETE")
        except sqlite3.DatabaseError as error:
            return "locked" in str(error)  # anything else is not for this to say: a broken one is to be replaced
    return False


def _copy(source: pathlib.Path, target: pathlib.Path) -> None:
    with closing(sqlite3.connect(source)) as reading, closing(sqlite3.connect(target)) as writing:
        reading.backup(writing)


def _is_ours(file: pathlib.Path) -> bool:
    try:
        with closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)) as connection:
            connection.execute("SELECT 1 FROM alembic_version, installation LIMIT 1")
            return bool(connection.execute("PRAGMA quick_check").fetchone() == ("ok",))
    except sqlite3.DatabaseError:
        return False
