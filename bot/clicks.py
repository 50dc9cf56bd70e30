"""Takes clicks on ballots: each is stored before it is acknowledged, and all that come at once share one commit.

What a click means is worked out afterwards, in a transaction of its own (`App.count_clicks`): a commit costs the same
for one click as for a hundred, and nobody waits for the counting of others."""

from __future__ import annotations

import asyncio
import dataclasses
import datetime as dt
import functools
from dataclasses import dataclass
from typing import Any, TypeVar

from bot.intake import know_person
from bot.office import Given
from handlers.chat.interactions import React, Sender
from storage.changes import Change, pack
from storage.queries import exchange
from storage.session import INTERACTIVE_PATIENCE, Storage, StorageBusy

K = TypeVar("K")
V = TypeVar("V")

MOST_KNOWN = 10_000
"""People and messages whose ids are kept in mind; an id never changes, so nothing else has to be forgotten."""


@dataclass(slots=True)
class _Waiting:
    key: str
    click: React
    stored: asyncio.Future[None] = dataclasses.field(default_factory=lambda: asyncio.get_running_loop().create_future())


class Clicks:
    """The way in for clicks.

    Args:
        storage: where they are stored.
        given: the time, and ids of people who are seen for the first time.
    """

    def __init__(self, storage: Storage, given: Given) -> None:
        self._storage = storage
        self._given = given
        self._ballots: dict[tuple[str, str, str, str], str] = {}
        self._people: dict[Sender, str] = {}
        self._waiting: list[_Waiting] = []
        self._storing: asyncio.Task[None] | None = None

    async def take(self, click: React) -> bool:
        """Store a click; when this returns it is committed. Returns whether it is on a ballot: no other matters.

        Raises:
            StorageBusy: the writer lock was not to be had in time; nothing was stored.
        """
        key = await self._find_ballot(click)
        if not key:
            return False
        waiting = _Waiting(key, click)
        self._waiting.append(waiting)
        if self._storing is None or self._storing.done():
            self._storing = asyncio.create_task(self._store_all(), name="clicks")
        await waiting.stored
        return True

    async def _find_ballot(self, click: React) -> str:
        """The key of the ballot that it is on, empty for none."""
        where = (click.sender.platform, click.sender.workspace, click.place.channel, click.message)
        if where not in self._ballots:
            async with self._storage.read() as session:
                sent = await exchange.find_sent_message(session, *where)
            if sent is None or not sent.ballot or sent.group_id is None:
                return ""
            _keep(self._ballots, where, sent.key)
        return self._ballots[where]

    async def _store_all(self) -> None:
        while self._waiting:
            taken, self._waiting = self._waiting, []
            try:
                await self._store(taken)
            except BaseException as error:
                ends = not isinstance(error, Exception)
                if ends or isinstance(error, StorageBusy):  # the others have waited as long, or nearly
                    taken, self._waiting = [*taken, *self._waiting], []
                _settle(taken, error)
                if ends:
                    raise
            else:
                _settle(taken, None)

    async def _store(self, taken: list[_Waiting]) -> None:
        now = self._given.clock.now()
        people = await self._know({one.click.sender for one in taken}, now)
        rows = [_row(one, people[one.click.sender], now) for one in taken]
        rows.sort(key=lambda row: (row["key"], row["person_id"], row["emoji"]))
        await self._storage.write_rows(functools.partial(exchange.store_clicks, rows=rows), INTERACTIVE_PATIENCE)

    async def _know(self, senders: set[Sender], now: dt.datetime) -> dict[Sender, str]:
        """The ids of those who click; most are known from before."""
        people = {one: self._people[one] for one in senders if one in self._people}
        if strangers := senders - people.keys():
            async with self._storage.write(INTERACTIVE_PATIENCE) as session:
                found = {
                    one: (await know_person(session, one, now, self._given.new_id, keep=True)).id for one in strangers
                }
            for sender, person_id in found.items():
                _keep(self._people, sender, person_id)
            people |= found
        return people


def _row(one: _Waiting, person_id: str, now: dt.datetime) -> dict[str, Any]:
    click = one.click
    return {
        "key": one.key,
        "person_id": person_id,
        "emoji": click.emoji.strip(":"),
        "on": click.on,
        "mark": click.mark,
        "changed_at": click.at or now,
        "dated": click.at is not None,
        "changes": pack(Change(click.on, click.at or now, click.at is not None, click.mark)),
        "heard_at": now,
        "uncounted": True,
        "renewed": True,
    }


def _settle(taken: list[_Waiting], error: BaseException | None) -> None:
    for one in taken:
        if one.stored.done():
            continue
        if error is None:
            one.stored.set_result(None)
        elif isinstance(error, asyncio.CancelledError):
            one.stored.cancel()
        else:
            one.stored.set_exception(error)


def _keep(found: dict[K, V], key: K, value: V) -> None:
    if len(found) >= MOST_KNOWN:
        found.clear()
    found[key] = value
