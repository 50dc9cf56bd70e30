"""Waits until a bot has dealt with all that a server has told it, what it does some seconds later included."""

from __future__ import annotations

import asyncio
import contextlib
from typing import Any

import aiohttp

from bot.platforms.mattermost.platform import MattermostPlatform

PATIENCE = 120.0
"""Seconds for a stream that broke to come back."""

LOOK = 0.005
"""Seconds between two looks at whether an answer has come."""


class CatchingUp:
    """A listener at the bot's stream: what the server answers to a ping comes after all that it had told before."""

    def __init__(self, platform: MattermostPlatform) -> None:
        self._platform = platform
        self._stream = platform._stream
        self._answered: set[int] = set()
        self._asked = 0
        self._take = self._stream._take
        self._stream._take = self._take_noted  # type: ignore[method-assign] # looked at on its way

    async def all(self) -> None:
        """All that the server has told so far has been dealt with, second looks included."""
        async with asyncio.timeout(PATIENCE):
            while not await self._ping():
                await self._stream._connected.wait()
        await self._stream._queue.join()
        await self._look_again()

    def _take_noted(self, told: Any) -> bool:
        if isinstance(told, dict) and "seq_reply" in told:
            self._answered.add(told["seq_reply"])
        return self._take(told)

    async def _ping(self) -> bool:
        """Whether an answer came on the line that it was asked on."""
        socket = self._stream._socket
        if socket is None:
            return False
        self._asked += 1
        with contextlib.suppress(ConnectionError, aiohttp.ClientError):
            await socket.send_json({"seq": self._asked, "action": "ping"})
        while self._stream._socket is socket:
            if self._asked in self._answered:
                return True
            await asyncio.sleep(LOOK)
        return False

    async def _look_again(self) -> None:
        clicks = self._platform._clicks
        for where in list(clicks._again):
            clicks._unschedule(where)
            await clicks._look(where, list(clicks._again.pop(where)), first=False)
