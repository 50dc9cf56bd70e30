"""Brings a database to the schema that this program needs, and says where it stands."""

from __future__ import annotations

import pathlib
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from storage.session import Storage

_FOLDER = pathlib.Path(__file__).parent / "migrations"


class NewerSchema(Exception):
    """The database was made by a newer version of this program, which alone can read it."""


async def upgrade(storage: Storage) -> None:
    """Run every migration that the database has not had.

    Raises:
        NewerSchema: it has had one that this program does not know.
    """
    async with storage.engine.begin() as connection:
        await connection.run_sync(_upgrade)


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
