"""The local workspace: a small chat in the browser that needs no chat platform, for trying out and for tests."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bot.clock import MovableClock
from bot.platforms.local.send import LocalSender
from bot.port import Answer, Traits
from handlers.chat.interactions import Interaction
from handlers.chat.router import Word
from storage.session import Storage

NAME = "local"
WORKSPACE = "local"


@dataclass(frozen=True, slots=True)
class House:
    """The bot.

    Args:
        answer: hands an interaction to it.
        settle: sends all that was decided; every request answers only after it.
        move_clock: runs everything due on the way to a moment.
        words: what it knows after a command, for the page to offer.
        zone: the name of the zone that the page shows times in.
    """

    answer: Callable[[Interaction], Awaitable[Answer]]
    settle: Callable[[], Awaitable[None]]
    move_clock: Callable[[dt.datetime], Awaitable[None]]
    words: tuple[Word, ...]
    zone: str = "Europe/Copenhagen"


class LocalPlatform(LocalSender):
    """One workspace.

    Args:
        storage: where its messages, reactions and people are kept.
        clock: the clock that the page can move.
        house: the bot.
    """

    name = NAME
    workspace = WORKSPACE
    traits = Traits(tally_seconds=0.0, looks_for_marks=False)
    connected = True

    def __init__(self, storage: Storage, clock: MovableClock, house: House) -> None:
        super().__init__(storage, clock)
        self.house = house
        self.stopping = asyncio.Event()
