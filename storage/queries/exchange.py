"""Finds what came in, what was done once, and which of our messages is which in the chat."""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import and_, case, delete, false, func, null, select, true
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection, Dialect
from sqlalchemy.ext.asyncio import AsyncSession

from storage.base import Base
from storage.enums import OutboxState
from storage.models.exchange import Claim, Emoji, NoticeRow, OnceKey, OutboxRow, SentMessage

InsertOf = Callable[[type[Base]], postgresql.Insert | sqlite.Insert]


async def take_once(session: AsyncSession, key: str, now: dt.datetime) -> OnceKey | None:
    """Use a once-key up: `None` where this is its first arrival, else what the first one left. A second arrival at the
    same instant waits for the first to be decided."""
    insert = _insert_of(session)(OnceKey).values(key=key, at=now, answer=[])
    taken = await session.execute(insert.on_conflict_do_nothing().returning(OnceKey.key))
    return None if taken.first() is not None else await session.get_one(OnceKey, key)


async def claim(session: AsyncSession, key: str, now: dt.datetime) -> bool:
    """Whether this is the first time that `key` is claimed; of several at once, one is."""
    insert = _insert_of(session)(Claim).values(key=key, at=now)
    taken = await session.execute(insert.on_conflict_do_nothing().returning(Claim.key))
    return taken.first() is not None


def _insert_of(session: AsyncSession) -> InsertOf:
    """The insert that can say what to do where the row is there already."""
    return _insert_for(session.get_bind().dialect)


def _insert_for(dialect: Dialect) -> InsertOf:
    return postgresql.insert if dialect.name == "postgresql" else sqlite.insert


async def list_claimed(session: AsyncSession, keys: Collection[str]) -> set[str]:
    """Those of the keys that are claimed already."""
    return set(await session.scalars(select(Claim.key).where(Claim.key.in_(set(keys)))))


async def find_sent(session: AsyncSession, key: str) -> SentMessage | None:
    return await session.get(SentMessage, key)


async def find_sent_message(
    session: AsyncSession, platform: str, workspace: str, channel: str, message: str
) -> SentMessage | None:
    """Our own message with this id in the chat."""
    return await session.scalar(
        select(SentMessage).where(
            SentMessage.platform == platform,
            SentMessage.workspace == workspace,
            SentMessage.channel == channel,
            SentMessage.message == message,
        )
    )


async def prune(session: AsyncSession, before: dt.datetime) -> dict[str, int]:
    """Forget rows of before a moment that were sent or that nobody could send, and once-keys that can't come again.
    Returns the reasons of those that were not sent, with how many there were of each."""
    old = and_(OutboxRow.state == OutboxState.PARKED, OutboxRow.created_at < before)
    forgotten = await session.execute(select(OutboxRow.reason, func.count()).where(old).group_by(OutboxRow.reason))
    reasons = {row[0]: row[1] for row in forgotten}
    await session.execute(delete(OutboxRow).where(old))
    await session.execute(delete(OutboxRow).where(OutboxRow.state == OutboxState.SENT, OutboxRow.created_at < before))
    await session.execute(delete(OnceKey).where(OnceKey.at < before))
    return reasons


async def list_ballot_messages(session: AsyncSession, prefix: str) -> list[SentMessage]:
    """Our messages whose emojis are votes that still count, and whose keys begin so."""
    found = await session.scalars(
        select(SentMessage)
        .where(SentMessage.counting.is_(True), SentMessage.key.startswith(prefix, autoescape=True))
        .order_by(SentMessage.key)
    )
    return list(found)


async def list_emojis(session: AsyncSession, keys: Collection[str], person_id: str = "") -> list[Emoji]:
    """All that is known of the emojis on these messages, of one person or of everybody."""
    query = select(Emoji).where(Emoji.key.in_(set(keys)))
    if person_id:
        query = query.where(Emoji.person_id == person_id)
    return list(await session.scalars(query.order_by(Emoji.changed_at, Emoji.emoji)))


def store_clicks(connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Store what the chat told of emojis, in the order of `rows`: one dict each with the columns of `Emoji`.

    An event that is older than the last one known for the same emoji changes nothing of how it is now, but is kept
    among its changes and counted: it may say that an earlier answer was replaced. One that was told before changes
    nothing at all. What was read from a list, which has no mark, is as old as the question: what was heard of since
    stands."""
    connection.execute(_upsert_of_clicks(_insert_for(connection.dialect)), rows)


@functools.cache
def _upsert_of_clicks(insert_of: InsertOf) -> postgresql.Insert | sqlite.Insert:
    """Built once: it is what a click waits for."""
    insert = insert_of(Emoji)
    told = insert.excluded
    since_asked = (told.mark == "") & (Emoji.heard_at > told.heard_at)
    newer = ((Emoji.mark == "") | (told.mark == "") | (told.mark > Emoji.mark)) & ~func.coalesce(since_asked, false())
    changed = newer & ((Emoji.on != told.on) | (told.dated & ~Emoji.dated))
    unheard = told.dated & ~Emoji.changes.contains(told.changes)
    kept = {
        "on": case((newer, told.on), else_=Emoji.on),
        "mark": case((newer & (told.mark != ""), told.mark), else_=Emoji.mark),
        "changed_at": case((changed, told.changed_at), else_=Emoji.changed_at),
        "dated": case((changed, told.dated), else_=Emoji.dated),
        "changes": case((unheard | ~told.dated, Emoji.changes.concat(told.changes)), else_=Emoji.changes),
        "heard_at": case((newer, told.heard_at), else_=Emoji.heard_at),
        "uncounted": case((changed | unheard, true()), else_=Emoji.uncounted),
        "renewed": case((changed, true()), else_=Emoji.renewed),
        "doubted_at": case((newer, null()), else_=Emoji.doubted_at),
    }
    identity = [Emoji.key, Emoji.person_id, Emoji.emoji]
    return insert.on_conflict_do_update(index_elements=identity, set_=kept, where=newer | unheard)


async def list_groups_with_clicks(session: AsyncSession) -> list[int]:
    """The groups with clicks that are not counted yet."""
    keys = await session.scalars(select(Emoji.key).where(Emoji.uncounted).distinct())
    return sorted({int(key.partition(":")[0]) for key in keys})


async def list_uncounted(session: AsyncSession, group_id: int, limit: int | None = None) -> list[Emoji]:
    """A group's clicks that are not counted yet, those of a person together; held until the transaction ends."""
    found = await session.scalars(
        select(Emoji)
        .where(Emoji.uncounted, Emoji.key.startswith(f"{group_id}:", autoescape=True))
        .order_by(Emoji.person_id, Emoji.key, Emoji.emoji)
        .limit(limit)
        .with_for_update()
    )
    return list(found)


async def map_sent(session: AsyncSession, keys: Collection[str]) -> dict[str, SentMessage]:
    """Our messages with these keys."""
    found = await session.scalars(select(SentMessage).where(SentMessage.key.in_(set(keys))))
    return {one.key: one for one in found}


async def find_waiting_notice(
    session: AsyncSession, group_id: int, person_id: str | None, about: str
) -> NoticeRow | None:
    return await session.scalar(
        select(NoticeRow)
        .where(
            NoticeRow.bundled_at.is_(None),
            NoticeRow.group_id == group_id,
            NoticeRow.person_id.is_(None) if person_id is None else NoticeRow.person_id == person_id,
            NoticeRow.about == about,
        )
        .with_for_update()
    )
