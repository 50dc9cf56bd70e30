"""The local workspace: a small chat in the browser that needs no chat platform, for trying out and for tests."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Awaitable, Callable

from bot.clock import MovableClock
from bot.platforms.local.send import LocalSender
from bot.port import Answer, Traits
from handlers.chat.interactions import Interaction
from handlers.chat.router import Word
from storage.session import Storage

NAME = "local"
WORKSPACE = "local"
BOT = "bot"


class LocalPlatform(LocalSender):
    """One workspace.

    Args:
        storage: where its messages, reactions and people are kept.
        clock: the clock that the page can move.
        answer: hands an interaction to the bot.
        settle: sends all that was decided; every request answers only after it.
        move_clock: runs everything due on the way to a moment.
        zone: the name of the zone that the page shows times in.
        words: what the bot knows after a command, for the page to offer.
    """

    name = NAME
    workspace = WORKSPACE
    traits = Traits(tally_seconds=0.0, looks_for_marks=False)

    def __init__(
        self,
        storage: Storage,
        clock: MovableClock,
        *,
        answer: Callable[[Interaction], Awaitable[Answer]],
        settle: Callable[[], Awaitable[None]],
        move_clock: Callable[[dt.datetime], Awaitable[None]],
        zone: str = "Europe/Copenhagen",
        words: tuple[Word, ...] = (),
    ) -> None:
        super().__init__(storage, clock)
        self.answer = answer
        self.settle = settle
        self.move_clock = move_clock
        self.zone = zone
        self.words = words
        self.stopping = asyncio.Event()
