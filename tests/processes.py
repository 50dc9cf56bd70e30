"""The bot as a process of its own, as `oenskebot run` starts it."""

from __future__ import annotations

import asyncio
import contextlib
import os
import pathlib
import sys
from collections.abc import AsyncIterator

from tests.conftest import KEY


@contextlib.asynccontextmanager
async def running_bot(
    folder: pathlib.Path, database: str, **settings: str
) -> AsyncIterator[asyncio.subprocess.Process]:
    """`oenskebot run` on a database that has its tables; ended afterwards, if it has not been killed before.

    Args:
        folder: where it runs.
        database: the address.
        settings: named without the prefix of the variables.
    """
    environment = {name: value for name, value in os.environ.items() if not name.startswith("OENSKEBOT_")}
    given = {"DATABASE_URL": database, "SECRET_KEY": KEY} | settings
    process = await asyncio.create_subprocess_exec(
        *(pathlib.Path(sys.executable).with_name("oenskebot"), "run"),
        env=environment | {f"OENSKEBOT_{name}": value for name, value in given.items()},
        cwd=folder,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        yield process
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.terminate()
        await process.wait()
