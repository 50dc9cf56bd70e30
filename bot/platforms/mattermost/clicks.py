"""Turns news of emojis into votes: each piece of news is a hint to look, and the server's own list is the truth."""

from __future__ import annotations

import asyncio
import datetime as dt
from dataclasses import dataclass

import structlog

from bot.platforms.mattermost.house import House
from bot.platforms.mattermost.locks import Locks
from bot.platforms.mattermost.pauses import doubled
from bot.platforms.mattermost.people import NAME, WORKSPACE
from bot.platforms.mattermost.send import MattermostSender
from bot.port import Answer, PlatformError
from handlers.chat.interactions import Place, React
from storage.queries import exchange, members
from storage.session import StorageBusy

SECOND_LOOK = 5.0
"""Seconds until a message is looked at once more after the last click on it: the server tells of clicks in no sure
order, and another reading of the same list may have been on its way."""

RETRY = 2.0
"""Seconds until clicks that could not be read or taken are tried again; doubled at every further failure."""

LONGEST_RETRY = 300.0

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Hint:
    """Somebody has put an emoji on a message or taken it off; `off_at` is when it was taken off."""

    channel: str
    post: str
    user: str
    emoji: str
    off_at: dt.datetime | None = None


class _NotTaken(Exception):
    """The bot said something instead of taking a click: it was busy, or is broken."""


class Clicks:
    """The emojis on the bot's ballots.

    Args:
        sender: reads the lists, and knows who clicked.
        house: the bot, which knows which messages are ballots and takes the clicks.
    """

    def __init__(self, sender: MattermostSender, house: House) -> None:
        self._sender = sender
        self._storage = house.storage
        self._answer = house.answer
        self._locks = Locks()
        self._failed: dict[tuple[str, str], int] = {}
        self._again: dict[tuple[str, str], dict[Hint, None]] = {}
        self._timers: dict[tuple[str, str], asyncio.TimerHandle] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    async def take(self, hints: list[Hint]) -> None:
        """Look at every message that the hints are about, and report how it stands with those who clicked."""
        me = await self._sender.me()
        by_post: dict[tuple[str, str], dict[Hint, None]] = {}
        for hint in hints:
            if hint.user != me:
                by_post.setdefault((hint.channel, hint.post), {})[hint] = None
        for where, some in by_post.items():
            if await self._is_ballot(*where):
                await self._look(where, list(some), first=True)

    def stop(self) -> None:
        """Look at nothing more."""
        for where in list(self._timers):
            self._unschedule(where)
        for task in self._tasks:
            task.cancel()

    async def _look(self, where: tuple[str, str], hints: list[Hint], *, first: bool) -> None:
        async with self._locks.hold(where[1]):
            try:
                await self._read(where, hints)
            except (PlatformError, StorageBusy, _NotTaken) as error:
                tries = self._failed[where] = self._failed.get(where, 0) + 1
                log.warning("clicks_not_taken", post=where[1], reason=str(error), tries=tries)
                self._schedule(where, hints, doubled(RETRY, tries, LONGEST_RETRY))
                return
        self._failed.pop(where, None)
        if first:
            self._schedule(where, hints, SECOND_LOOK)

    async def _read(self, where: tuple[str, str], hints: list[Hint]) -> None:
        channel, post = where
        listed = await self._sender.client.list_reactions(post)
        if listed is None:
            log.warning("ballot_unreadable", post=post)
            return
        there = {(one.user, one.emoji): one.at for one in listed}
        known = await self._known(channel, post)
        await self._sender.people.learn({hint.user for hint in hints})
        taken_off = {(hint.user, hint.emoji): hint.off_at for hint in hints if hint.off_at}
        for clicked, hint in {(hint.user, hint.emoji): hint for hint in hints}.items():
            on = clicked in there
            if on != (clicked in known):
                await self._report(hint, there[clicked] if on else taken_off.get(clicked), on=on)

    async def _known(self, channel: str, post: str) -> set[tuple[str, str]]:
        """The emojis that the bot believes to be there: what says nothing new is not reported."""
        async with self._storage.read() as session:
            sent = await exchange.find_sent_message(session, NAME, WORKSPACE, channel, post)
            rows = await exchange.list_emojis(session, [sent.key]) if sent else []
            people = await members.map_people(session, [row.person_id for row in rows])
        return {(people[row.person_id].user, row.emoji) for row in rows if row.on}

    async def _report(self, hint: Hint, at: dt.datetime | None, *, on: bool) -> None:
        """It is on or off since then, where that is known."""
        click = React(
            sender=await self._sender.people.sender(hint.user),
            place=Place(hint.channel),
            message=hint.post,
            emoji=hint.emoji,
            on=on,
            at=at,
        )
        if await self._answer(click) != Answer():
            raise _NotTaken("the bot could not take it now")

    async def _is_ballot(self, channel: str, post: str) -> bool:
        async with self._storage.read() as session:
            sent = await exchange.find_sent_message(session, NAME, WORKSPACE, channel, post)
        return sent is not None and sent.ballot

    def _schedule(self, where: tuple[str, str], hints: list[Hint], wait: float) -> None:
        self._again.setdefault(where, {}).update(dict.fromkeys(hints))
        self._unschedule(where)
        self._timers[where] = asyncio.get_running_loop().call_later(wait, self._due, where)

    def _unschedule(self, where: tuple[str, str]) -> None:
        if (timer := self._timers.pop(where, None)) is not None:
            timer.cancel()

    def _due(self, where: tuple[str, str]) -> None:
        self._timers.pop(where, None)
        hints = self._again.pop(where, None)
        if hints:
            task = asyncio.create_task(self._look(where, list(hints), first=False), name="second look")
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
