"""Keeps the bot within Slack's rate limits: a flood is spread over the time that it needs, in order."""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bot.port import PlatformError
from storage.enums import Trouble


@dataclass(frozen=True, slots=True)
class Limit:
    """So many calls a minute over time, and so many at once after a pause."""

    a_minute: float
    at_once: int


_TIER_2 = Limit(14, 4)
_TIER_3 = Limit(36, 10)
_TIER_4 = Limit(72, 20)
CHANNEL = Limit(54, 3)
"""Posts in one channel: one a second."""

_AS_THEY_COME = Limit(math.inf, 1)
"""Nothing is held back before Slack itself asks to wait: a trigger that waits for its turn is lost, and one that Slack
refuses is lost as well, so that only trying can help."""

LIMITS = {
    "chat.postMessage": Limit(180, 20),
    "chat.postEphemeral": _TIER_4,
    "chat.update": _TIER_3,
    "chat.delete": _TIER_3,
    "reactions.add": _TIER_3,
    "reactions.get": _TIER_3,
    "conversations.info": _TIER_3,
    "conversations.open": _TIER_3,
    "conversations.history": _TIER_3,
    "conversations.replies": _TIER_3,
    "users.conversations": _TIER_3,
    "users.info": _TIER_4,
    "users.list": _TIER_2,
    "views.open": _AS_THEY_COME,
    "views.publish": _TIER_4,
    "files.getUploadURLExternal": _TIER_4,
    "files.completeUploadExternal": _TIER_4,
}
"""Any minute's calls, those at once and those after them together, stay a little below what Slack documents (20, 50 and
100). It gives no number for all posts of a workspace; ours is far below what it calls several hundred a minute."""


class Pace:
    """Turns for calls.

    Args:
        now: seconds on a clock that only goes forward.
        sleep: waits so many seconds.
    """

    def __init__(
        self,
        now: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self.now = now
        self.sleep = sleep
        self._next: dict[tuple[str, str], float] = {}

    async def turn(self, method: str, channel: str, patience: float) -> None:
        """Wait until the method may be called, first come, first served; `channel` is where it posts, if it does.

        Raises:
            PlatformError: it would take longer than `patience` seconds; it says how long.
        """
        gates = [(key, limit) for key, limit in self._gates(method, channel) if limit]
        now = self.now()
        wait = max((self._opens(key, limit) - now for key, limit in gates), default=0.0)
        if wait > patience:
            raise PlatformError("paced", Trouble.CONNECTION, retry_after=wait)
        for key, limit in gates:
            self._next[key] = max(self._next.get(key, 0.0), now) + 60 / limit.a_minute
        if wait > 0:
            await self.sleep(wait)

    def rest(self, method: str, channel: str, seconds: float) -> None:
        """Slack asks to wait: nobody has a turn before."""
        for key, limit in self._gates(method, channel)[-1:]:
            if limit:
                held = self.now() + seconds + (limit.at_once - 1) * 60 / limit.a_minute
                self._next[key] = max(self._next.get(key, 0.0), held)

    def _opens(self, key: tuple[str, str], limit: Limit) -> float:
        return self._next.get(key, 0.0) - (limit.at_once - 1) * 60 / limit.a_minute

    @staticmethod
    def _gates(method: str, channel: str) -> list[tuple[tuple[str, str], Limit | None]]:
        gates: list[tuple[tuple[str, str], Limit | None]] = [((method, ""), LIMITS.get(method))]
        if channel and method == "chat.postMessage":
            gates.append(((method, channel), CHANNEL))
        return gates
