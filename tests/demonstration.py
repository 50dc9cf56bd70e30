"""The demonstration as a process of its own, as `make demo` starts it."""

from __future__ import annotations

import asyncio
import contextlib
import os
import pathlib
import socket
import sys
from collections.abc import AsyncIterator

import aiohttp


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.asynccontextmanager
async def running(database: pathlib.Path) -> AsyncIterator[tuple[asyncio.subprocess.Process, aiohttp.ClientSession]]:
    """The demonstration as a process of its own, with a client for it."""
    port = free_port()
    program = pathlib.Path(sys.executable).with_name("oenskebot")
    environment = {name: value for name, value in os.environ.items() if not name.startswith("OENSKEBOT_")}
    process = await asyncio.create_subprocess_exec(
        *(program, "demo", "--no-browser", "--port", str(port), "--database", f"sqlite:///{database}"),
        env=environment,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        async with aiohttp.ClientSession(f"http://127.0.0.1:{port}") as client:
            await _wait_until_ready(client)
            yield process, client
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()


async def _wait_until_ready(client: aiohttp.ClientSession) -> None:
    for _ in range(600):
        with contextlib.suppress(aiohttp.ClientError):
            async with client.get("/readyz") as response:
                if response.status == 200:
                    return
        await asyncio.sleep(0.1)
    raise AssertionError("the demonstration did not start")
