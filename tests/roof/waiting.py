"""Waits for what comes sooner or later."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any

PATIENCE = 60.0
"""Seconds for what takes one at most where the machine has nothing else to do."""


async def until(there: Callable[[], Awaitable[Any]], pause: float = 0.05) -> Any:
    """Wait until it is there, and return it."""
    began = time.monotonic()
    while not (found := await there()):
        assert time.monotonic() - began < PATIENCE, "it never came to that"
        await asyncio.sleep(pause)
    return found
