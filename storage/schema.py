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


async def upgrade(storage: Storage) -> None:
    """Run every migration that the database has not had."""
    async with storage.engine.begin() as connection:
        await connection.run_sync(_upgrade)


async def status(storage: Storage) -> tuple[str, str]:
    """The revision of the database (empty for none) and the one that this program needs."""
    async with storage.engine.connect() as connection:
        current = await connection.run_sync(lambda sync: MigrationContext.configure(sync).get_current_revision())
    head = ScriptDirectory.from_config(configuration()).get_current_head()
    return current or "", head or ""


def _upgrade(connection: Connection) -> None:
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
