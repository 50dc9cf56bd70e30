"""What the bot knows of the emojis on its messages."""

from __future__ import annotations

from sqlalchemy import select

from storage.models.exchange import Emoji
from storage.models.members import Person
from storage.session import Storage


async def list_clicks(kept: Storage) -> set[tuple[str, str]]:
    """(the chat's id of a person, emoji) that are on, of all messages."""
    async with kept.read() as session:
        rows = await session.execute(
            select(Person.user, Emoji.emoji).join(Person, Person.id == Emoji.person_id).where(Emoji.on.is_(True))
        )
        return {(user, emoji) for user, emoji in rows}
