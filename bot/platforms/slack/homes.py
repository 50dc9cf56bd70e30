"""Keeps the home pages that people have open true: when something happens, they are made anew."""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
from collections.abc import Awaitable, Callable

from bot.port import Answer
from handlers.chat.interactions import Interaction, OpenBoard

DELAY = 3.0
"""Seconds after something happened; what happens meanwhile is shown with it."""

LOOKED_AT = 1800.0
"""Seconds that somebody is taken to look at their page; Slack tells when it is opened, not when it is closed."""


class Homes:
    """The pages that are open.

    Args:
        answer: hands an interaction to the bot.
        now: seconds on a clock that only goes forward.
        sleep: waits so many seconds.
    """

    def __init__(
        self,
        answer: Callable[[Interaction], Awaitable[Answer]],
        now: Callable[[], float],
        sleep: Callable[[float], Awaitable[None]],
    ) -> None:
        self._answer = answer
        self._now = now
        self._sleep = sleep
        self._open: dict[str, tuple[float, OpenBoard]] = {}
        self._stirred = False
        self._renewal: asyncio.Task[None] | None = None

    def opened(self, page: OpenBoard) -> None:
        """Somebody looks at their page from now on."""
        self._open[page.sender.user] = (self._now() + LOOKED_AT, dataclasses.replace(page, once=""))

    def stir(self) -> None:
        """Something may have happened."""
        self._stirred = True
        if self._open and (self._renewal is None or self._renewal.done()):
            self._renewal = asyncio.create_task(self._renew(), name="slack-homes")

    async def settled(self) -> None:
        """Wait until the pages show what has happened."""
        if self._renewal is not None:
            await self._renewal

    async def stop(self) -> None:
        """Renew nothing more."""
        if self._renewal is not None:
            self._renewal.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._renewal

    async def _renew(self) -> None:
        while self._stirred:
            await self._sleep(DELAY)
            self._stirred = False
            for user, (until, page) in list(self._open.items()):
                if until < self._now():
                    del self._open[user]
                else:
                    await self._answer(page)
