"""Works out what clicks mean: those that are stored and not counted yet, and what the chat's own lists say of them."""

from __future__ import annotations

from collections.abc import Iterable

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

import locales
from bot import intake
from bot.desk import Desk, Stale
from bot.office import Office
from bot.outbox import unqualified
from handlers.capability import Ask, Click, Reading
from handlers.chat.emoji import fold
from handlers.chat.interactions import Place
from handlers.context import Context
from handlers.members.standing import find_standing
from storage.changes import Change, unpack
from storage.models.exchange import Emoji
from storage.models.members import Group
from storage.queries import exchange, members
from storage.session import Storage

MOST_AT_ONCE = 100
"""Clicks that are counted in one transaction, so that nobody else who wants to write waits long."""

log = structlog.get_logger()


class Counting:
    """The one who counts.

    Args:
        storage: the database.
        office: what a transaction works with.
    """

    def __init__(self, storage: Storage, office: Office) -> None:
        self._storage = storage
        self._office = office

    async def count_all(self) -> None:
        """Count what is stored and not counted yet, in all groups. Clicks whose counting fails stay as they are, and
        are tried again at the next count."""
        async with self._storage.read() as session:
            groups = await exchange.list_groups_with_clicks(session)
        for group_id in groups:
            counted = MOST_AT_ONCE
            while counted >= MOST_AT_ONCE:
                async with self._storage.write() as session:
                    group = await members.lock_group(session, group_id)
                    counted = await self.count(session, group, MOST_AT_ONCE)

    async def take_reading(self, reading: Reading) -> bool:
        """Bring what we know of a message's emojis in line with the chat's own list, and count.

        Returns whether the list told something else than what was known, so that it is better read once more."""
        async with self._storage.write() as session:
            sent = await exchange.find_sent(session, reading.key)
            if sent is None or sent.group_id is None:
                return False
            group = await members.lock_group(session, sent.group_id)
            found = await self._compare(session, group, reading)
            if found.differences:
                log.info("ballots_reconciled", key=reading.key, differences=found.differences)
            await self.count(session, group)
        return bool(found.differences or found.doubts)

    async def _compare(self, session: AsyncSession, group: Group, reading: Reading) -> intake.Compared:
        given = self._office.given
        now = given.clock.now()
        people = await intake.know_people(session, group, {user for user, _ in reading.emojis}, now, given.new_id)
        told = {(people[user].id, name): at for (user, name), at in reading.emojis.items()}
        return await intake.compare_emojis(session, intake.Listed(reading.key, told, reading.asked_at), now)

    async def count(self, session: AsyncSession, group: Group, limit: int | None = None) -> int:
        """Count a group's clicks, within a transaction that holds the group: what it decides next is decided on all of
        them. Returns how many were counted."""
        rows = await exchange.list_uncounted(session, group.id, limit)
        if not rows:
            return 0
        people = await members.map_people(session, [row.person_id for row in rows])
        sent = await exchange.map_sent(session, [row.key for row in rows])
        stale: Stale = {}
        counted = 0
        for some in _by_person_and_subject(rows):
            me, place = people[some[0].person_id], Place(sent[some[0].key].channel)
            with locales.speaking(me.locale or group.locale, self._office.given.zone):
                if await self._count_some(self._office.context(session, me, place, group), some, stale):
                    counted += len(some)
        with locales.speaking(group.locale, self._office.given.zone):
            context = self._office.context_of_bot(session, group)
            await Desk(self._office, context, speaks_at_once=False, stale=stale).finish()
        return counted

    async def _count_some(self, context: Context, rows: list[Emoji], stale: Stale) -> bool:
        """Count what one person changed on one subject; nobody else's suffers where that fails."""
        ask = Ask(key=unqualified(rows[0].key), clicks=tuple(_click(row) for row in rows))
        deed = self._office.contents.ballots[ask.key.partition(":")[0]]
        try:
            async with context.session.begin_nested():
                for row in rows:
                    row.uncounted = row.renewed = False
                context.standing = await find_standing(context.session, context.group, context.me)
                await Desk(self._office, context, speaks_at_once=False, stale=stale).perform(deed, ask)
        except Exception:
            log.exception("clicks_not_counted", key=ask.key)
            return False
        return True


def _by_person_and_subject(rows: Iterable[Emoji]) -> list[list[Emoji]]:
    """The rows of each person on each subject (`poll:7` of `3:poll:7/2`), in the order in which they changed them."""
    found: dict[tuple[str, str], list[Emoji]] = {}
    for row in sorted(rows, key=lambda row: (row.changed_at, row.mark)):
        found.setdefault((row.person_id, row.key.partition("/")[0]), []).append(row)
    return list(found.values())


def _click(row: Emoji) -> Click:
    now = Change(row.on, row.changed_at, row.dated, row.mark)
    return Click(unqualified(row.key), fold(row.emoji), now, tuple(unpack(row.changes)), renewed=row.renewed)
