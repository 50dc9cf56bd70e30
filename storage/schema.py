"""Brings a database to the schema that this program needs, and says where it stands."""

from __future__ import annotations

import contextlib
import pathlib
from collections.abc import AsyncIterator
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.session import Storage

_FOLDER = pathlib.Path(__file__).parent / "migrations"

_TURN = 0x6F656E736B65
"""The number of the lock by which programs of this kind take turns at a PostgreSQL database's tables."""


class NewerSchema(Exception):
    """The database was made by a newer version of this program, which alone can read it."""


class BrokenReferences(Exception):
    """After a migration, rows of this table would refer to rows that are not there."""


async def upgrade(storage: Storage) -> None:
    """Run every migration that the database has not had.

    Raises:
        NewerSchema: it has had one that this program does not know.
    """
    async with migrating(storage) as connection:
        await connection.run_sync(_upgrade)


@contextlib.asynccontextmanager
async def migrating(storage: Storage) -> AsyncIterator[AsyncConnection]:
    """One transaction that changes tables; several programs that begin at once do so in turn, and those that come after
    find it done. SQLite can only change a table by making it anew, and would not let go of the old one while rows of
    others refer to it: so that is looked at in the end instead.

    Raises:
        BrokenReferences: a row refers to one that is not there; nothing is changed then.
    """
    async with storage.engine.execution_options(writes=True).connect() as connection:
        if not storage.is_sqlite:
            async with connection.begin():
                await connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_TURN})")
                yield connection
            return
        driver: Any = (await connection.get_raw_connection()).driver_connection
        await driver.execute("PRAGMA foreign_keys=OFF")  # has no effect within a transaction
        try:
            async with connection.begin():
                yield connection
                broken = (await connection.exec_driver_sql("PRAGMA foreign_key_check")).first()
                if broken is not None:
                    raise BrokenReferences(str(broken[0]))
        finally:
            await driver.execute("PRAGMA foreign_keys=ON")


async def status(storage: Storage) -> tuple[str, str]:
    """The revision of the database (empty for none) and the one that this program needs.

    Raises:
        NewerSchema: the database's is one that this program does not know.
    """
    async with storage.engine.connect() as connection:
        current = await connection.run_sync(_current)
    head = ScriptDirectory.from_config(configuration()).get_current_head()
    return current, head or ""


def _current(connection: Connection) -> str:
    current = MigrationContext.configure(connection).get_current_revision() or ""
    known = {script.revision for script in ScriptDirectory.from_config(configuration()).walk_revisions()}
    if current and current not in known:
        raise NewerSchema
    return current


def _upgrade(connection: Connection) -> None:
    _current(connection)
    config = configuration()
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def configuration() -> Config:
    """Where Alembic finds the migrations."""
    config = Config()
    config.set_main_option("script_location", str(_FOLDER))
    attributes: dict[str, Any] = config.attributes
    attributes["configure_logger"] = False
    return config
