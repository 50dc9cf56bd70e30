"""Writes the next migration from the difference between the models and an empty, upgraded database."""

from __future__ import annotations

import asyncio
import sys
import tempfile

from alembic import command
from sqlalchemy import Connection

from storage import schema
from storage.session import Storage


def _write(connection: Connection, message: str, number: str) -> None:
    config = schema.configuration()
    config.attributes["connection"] = connection
    command.revision(config, message=message, rev_id=number, autogenerate=True)


async def _main(message: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        storage = Storage(f"sqlite+aiosqlite:///{folder}/empty.db")
        await schema.upgrade(storage)
        number = f"{int((await schema.status(storage))[1] or 0) + 1:04d}"
        async with storage.engine.begin() as connection:
            await connection.run_sync(_write, message, number)
        await storage.dispose()


if __name__ == "__main__":
    asyncio.run(_main(" ".join(sys.argv[1:]) or "change"))
