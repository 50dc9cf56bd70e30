"""Tells a chat which of the bot's own messages it remembers, so that one which stands there twice can be removed."""

from __future__ import annotations

from bot.port import Located
from storage.queries import exchange, outbox
from storage.session import Storage


class Originals:
    """What is remembered of the bot's own messages in one chat: `bot.port.Own`.

    Args:
        storage: where sent messages are kept.
        platform: the chat's name.
    """

    def __init__(self, storage: Storage, platform: str) -> None:
        self._storage = storage
        self._platform = platform

    async def knows(self, workspace: str, where: Located) -> bool:
        async with self._storage.read() as session:
            found = await exchange.find_sent_message(session, self._platform, workspace, where.channel, where.message)
        return found is not None

    async def original(self, mark: str) -> Located | None:
        """The promise that the mark travelled with says where it was kept, also for a message that has no key."""
        async with self._storage.read() as session:
            promise = await outbox.find_promise(session, mark)
        sent = promise.target.get("sent") if promise is not None else None
        return Located(*sent) if sent else None
