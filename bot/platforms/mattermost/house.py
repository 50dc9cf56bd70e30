"""What the platform is given: how it gets into the server, and the bot that it belongs to."""

from __future__ import annotations

import zoneinfo
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bot.clock import Clock
from bot.port import Answer
from bot.seals import Seals
from handlers.chat.interactions import Interaction
from storage.session import Storage


@dataclass(frozen=True, slots=True)
class Access:
    """How the bot and the server reach each other.

    Args:
        address: the server's address.
        token: the bot account's access token.
        command_tokens: those of the slash commands; a command with another one is refused.
        callback_url: the bot's own address as the server reaches it, without `/mattermost/…`.
    """

    address: str
    token: str
    command_tokens: tuple[str, ...]
    callback_url: str


@dataclass(frozen=True, slots=True)
class House:
    """The bot.

    Args:
        storage: its database.
        seals: tell what is ours from what was made up.
        clock: the time.
        zone: the zone that people's times are in.
        language: spoken to those who have said none, and of texts that the platform adds to messages for everybody.
        answer: hands an interaction to the bot.
        wake: there may be something to send.
        resync: events may have been missed: every open ballot is to be compared with the server's list.
        let_in: the bot was let into a channel, or one was opened again: what it could not write there may go out now.
    """

    storage: Storage
    seals: Seals
    clock: Clock
    zone: zoneinfo.ZoneInfo
    language: str
    answer: Callable[[Interaction], Awaitable[Answer]]
    wake: Callable[[], None]
    resync: Callable[[], Awaitable[None]]
    let_in: Callable[[], Awaitable[None]]
