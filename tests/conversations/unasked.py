"""Watches what the bot says unasked, and holds it against the budget: *Quiet* in the domain page.

What appears while the clock moves was asked for by nobody; what appears while somebody acts is an answer to that
person, to the channel that they acted in or for, and to nobody else.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from sqlalchemy import select

from bot.clock import MovableClock
from handlers.chat.messages import from_data, plain_text
from handlers.workdays import is_quiet
from storage.models.exchange import SentMessage
from storage.models.workspace import LocalMessage
from tests.conftest import ZONE, make_storage
from tests.promises.local import LocalDriver, local_world

OUTSIDE_BUDGET = ("poll:", "poll-result:", "meeting:")
"""Keys of what may come besides the one message a day: a poll's opening and result, and a meeting's notices."""

NEVER_MOVED = ("poll-result:",)
"""Keys of what comes when it comes, quiet time or not: the result at a deadline."""


@dataclass(frozen=True)
class Unasked:
    """A message of the bot that nobody had just asked for. `key` is our name for it, empty for none."""

    at: dt.datetime
    to: str
    text: str
    key: str = ""

    @property
    def day(self) -> dt.date:
        return self.at.astimezone(ZONE).date()

    @property
    def is_direct(self) -> bool:
        return self.to.startswith("dm:")

    @property
    def is_result(self) -> bool:
        """Whether it comes when it comes, quiet time or not: a poll's result at its deadline."""
        return not self.is_direct and self.key.startswith(NEVER_MOVED)

    def __str__(self) -> str:
        return f"{self.at.astimezone(ZONE):%a %Y-%m-%d %H:%M} {self.to}: {self.text}"


@dataclass
class Watch:
    """Watches everything that the bot says, and keeps what nobody asked for."""

    chat: LocalDriver
    unasked: list[Unasked] = field(default_factory=list)
    seen: int = 0

    async def act(self, person: str, do: Callable[[], Awaitable[object]], *, answers: tuple[str, ...] = ()) -> None:
        """Let a person do something.

        Args:
            answers: others whom it answers, at once: the committee's answer goes to the submitter and the backers.
        """
        await do()
        asked = {f"dm:{one}" for one in (person, *answers)}
        for one in await self._new():
            if one.is_direct and one.to not in asked:
                self.unasked.append(one)

    async def pass_days(self, days: float) -> None:
        """Let time pass: whatever comes is unasked."""
        await self.chat.forward(24 * days)
        self.unasked += await self._new()

    async def pass_to(self, moment: dt.datetime) -> None:
        """Let time pass until this moment."""
        seconds = (moment - self.chat.runtime.clock.now()).total_seconds()
        assert seconds >= 0, f"time does not go back to {moment}"
        await self.pass_days(seconds / 86_400)

    async def _new(self) -> list[Unasked]:
        async with self.chat.runtime.storage.read() as session:
            rows = await session.scalars(
                select(LocalMessage)
                .where(LocalMessage.id > self.seen, LocalMessage.author == "bot")
                .order_by(LocalMessage.id)
            )
            found = list(rows)
            keys = {int(one.message): one.key for one in await session.scalars(select(SentMessage))}
        self.seen = max([self.seen, *(row.id for row in found)])
        return [
            Unasked(
                row.at,
                f"dm:{row.private_to}" if row.private_to else row.channel,
                plain_text(from_data(row.body)),
                keys.get(row.id, "").partition(":")[2],
            )
            for row in found
        ]


def over_budget(unasked: list[Unasked]) -> list[str]:
    """Where more than one message reached a channel or a person on one day."""
    counted = Counter((one.to, one.day) for one in unasked if one.is_direct or not one.key.startswith(OUTSIDE_BUDGET))
    return [
        f"{to} {day}: " + " | ".join(one.text for one in unasked if (one.to, one.day) == (to, day))
        for (to, day), count in counted.items()
        if count > 1
    ]


def at_quiet_times(unasked: list[Unasked]) -> list[str]:
    """What came on a holiday, at a weekend, in July or outside 08–16, and did not have to."""
    return [str(one) for one in unasked if is_quiet(one.at, ZONE) and not one.is_result]


def outside_the_morning(unasked: list[Unasked]) -> list[str]:
    """Lines to people and bundles that did not come at 09:00."""
    bundles = [one for one in unasked if one.is_direct or one.key.startswith("bundle/")]
    return [str(one) for one in bundles if one.at.astimezone(ZONE).time() != dt.time(9)]


@asynccontextmanager
async def watching(url: str, start: dt.datetime) -> AsyncIterator[Watch]:
    """The test group from this moment on."""
    storage = await make_storage(url)
    async with local_world(storage, MovableClock(start)) as chat:
        yield Watch(chat)
    await storage.dispose()
