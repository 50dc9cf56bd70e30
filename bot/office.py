"""What every transaction works with: what the bot was given from outside, the table of contents, and the seals."""

from __future__ import annotations

import asyncio
import zoneinfo
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

import locales
from bot.clock import Clock
from bot.contents import Contents
from bot.seals import Seals
from handlers.chat.interactions import Place
from handlers.context import Context, Standing
from storage.models.members import Group, Person


@dataclass(frozen=True)
class Given:
    """What the bot asks nothing else for.

    Args:
        clock: the time.
        new_id: makes random ids.
        zone: the zone that people's times are in.
        language: spoken to those who have said none.
        sleep: waits so many seconds.
    """

    clock: Clock
    new_id: Callable[[], str]
    zone: zoneinfo.ZoneInfo
    language: str = locales.DEFAULT
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep


@dataclass(frozen=True)
class Office:
    """What does not change from one transaction to the next.

    Args:
        given: time, ids, zone and language.
        contents: the table of contents.
        seals: seals what goes out, and opens what comes back from a chat.
    """

    given: Given
    contents: Contents
    seals: Seals

    def context(
        self, session: AsyncSession, me: Person, place: Place, group: Group | None, standing: Standing | None = None
    ) -> Context:
        """What a handler is handed, now and in the language that is spoken."""
        return Context(
            session=session,
            now=self.given.clock.now(),
            new_id=self.given.new_id,
            locale=locales.language(),
            me=me,
            place=place,
            known_group=group,
            standing=standing or Standing(),
        )

    def context_of_bot(self, session: AsyncSession, group: Group) -> Context:
        """What is handed to work that nobody asked for, in the group's own channel."""
        bot = Person(
            id="", platform=group.platform, workspace=group.workspace, user="", name="", locale="", muted=False
        )
        return self.context(session, bot, Place(group.channel), group)
