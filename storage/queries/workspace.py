"""Reads and writes the local workspace's own memory."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from storage.models.workspace import LocalChannel, LocalFile, LocalMessage, LocalPerson, LocalReaction

LARGEST_ID = 2**31 - 1
"""A larger number is no row's: the database would not even look for it."""


async def list_people(session: AsyncSession) -> list[LocalPerson]:
    return list(await session.scalars(select(LocalPerson).order_by(LocalPerson.position)))


async def list_channels(session: AsyncSession) -> list[LocalChannel]:
    return list(await session.scalars(select(LocalChannel).order_by(LocalChannel.position)))


async def find_person(session: AsyncSession, person: str) -> LocalPerson | None:
    return await session.get(LocalPerson, person)


async def find_channel(session: AsyncSession, channel: str) -> LocalChannel | None:
    return await session.get(LocalChannel, channel)


async def find_message(session: AsyncSession, message: str) -> LocalMessage | None:
    return await session.get(LocalMessage, int(message)) if _is_number(message) else None


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and int(text[:12]) <= LARGEST_ID and len(text) < 12


async def find_file(session: AsyncSession, file: str) -> LocalFile | None:
    return await session.get(LocalFile, file)


async def find_marked(session: AsyncSession, mark: str) -> LocalMessage | None:
    return await session.scalar(select(LocalMessage).where(LocalMessage.mark == mark))


async def find_newest_message(session: AsyncSession) -> int:
    """The number of the newest message anywhere, 0 for none."""
    return await session.scalar(select(func.max(LocalMessage.id))) or 0


async def list_messages(session: AsyncSession, channel: str, person: str, limit: int = 0) -> list[LocalMessage]:
    """What this person sees in this channel, oldest first; `limit` takes only the newest, 0 for all."""
    wanted = (
        select(LocalMessage)
        .where(LocalMessage.channel == channel, or_(LocalMessage.private_to == "", LocalMessage.private_to == person))
        .order_by(LocalMessage.id.desc())
    )
    found = await session.scalars(wanted.limit(limit) if limit else wanted)
    return list(found)[::-1]


async def list_messages_by_id(session: AsyncSession, ids: Collection[int], person: str) -> list[LocalMessage]:
    """These messages as far as this person may see them, oldest first."""
    found = await session.scalars(
        select(LocalMessage)
        .where(LocalMessage.id.in_(ids), or_(LocalMessage.private_to == "", LocalMessage.private_to == person))
        .order_by(LocalMessage.id)
    )
    return list(found)


async def map_reactions(session: AsyncSession, ids: list[int]) -> dict[int, dict[str, list[str]]]:
    """Message → emoji → people, each in the order that they came."""
    found: dict[int, dict[str, list[str]]] = {}
    rows = await session.scalars(
        select(LocalReaction).where(LocalReaction.message.in_(ids), LocalReaction.on).order_by(LocalReaction.position)
    )
    for row in rows:
        found.setdefault(row.message, {}).setdefault(row.emoji, []).append(row.person)
    return found


async def put_reaction(session: AsyncSession, message: int, emoji: str, person: str, *, on: bool) -> int:
    """Put an emoji on or take it off; returns the event's number among all."""
    known = await session.get(LocalReaction, (message, emoji, person))
    position = (await session.scalar(select(func.max(LocalReaction.position))) or 0) + 1
    if known is None:
        session.add(LocalReaction(message=message, emoji=emoji, person=person, position=position, on=on))
    elif known.on != on:
        known.on, known.position = on, position
    await session.flush()
    return position
