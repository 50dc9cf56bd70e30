"""Writes down what became of a row of the outbox: sent, to be tried again, or put aside until something changes.

```mermaid
stateDiagram-v2
    [*] --> pending: decided
    pending --> sent: the chat has it
    pending --> pending: the chat does not answer, or the token or a permission is refused
    pending --> parked: the chat says that it can't be, or 60 tries failed for no known reason
    parked --> pending: the bot can write there again, or the message that it belongs to was sent
    parked --> [*]: forgotten after 30 days, with a line in the log
    sent --> [*]: forgotten after 30 days
```"""

from __future__ import annotations

import datetime as dt

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from bot.clock import Clock
from bot.port import Located, PlatformError
from storage.enums import OutboxState, Trouble
from storage.models.exchange import OutboxRow, SentMessage
from storage.queries import exchange, outbox
from storage.session import Storage

FIRST_WAIT = 1.0
"""Seconds before the second try; doubled at every further one."""

LONGEST_WAIT = 300.0

MOST_TRIES = 60
"""Tries that may fail for no known reason, about four hours with the waits above; then the row is parked."""

LONG = dt.timedelta(hours=4)
"""A message that has waited so long is worth a word to the group's leaders."""

_WAITS_FOR_PEOPLE = (Trouble.TOKEN, Trouble.SCOPE)

log = structlog.get_logger()


class Settling:
    """The one who keeps the outbox's books.

    Args:
        storage: where the outbox is.
        clock: the time.
    """

    def __init__(self, storage: Storage, clock: Clock) -> None:
        self._storage = storage
        self._clock = clock

    async def success(self, row: OutboxRow, located: Located | None) -> None:
        """The chat has it. What was parked because the bot could not write there, or because this message was not
        there, is to be sent as well."""
        now = self._clock.now()
        async with self._storage.write() as session:
            stored = await session.get_one(OutboxRow, row.id)
            stored.state, stored.lease_until, stored.trouble = OutboxState.SENT, None, None
            if located is not None:
                stored.target = stored.target | {"sent": [located.channel, located.message]}
                if row.key:
                    await _remember(session, row, located, now)
            await outbox.bring_back(session, row, located.channel if located else "", now)

    async def put_off(self, row: OutboxRow, due: dt.datetime) -> None:
        """It waits for its time."""
        async with self._storage.write() as session:
            stored = await session.get_one(OutboxRow, row.id)
            stored.lease_until, stored.due_at = None, due
            stored.attempts -= 1

    async def not_posted(self, row: OutboxRow) -> None:
        """It waits for its message, and is parked with it."""
        async with self._storage.write() as session:
            stored = await session.get_one(OutboxRow, row.id)
            stored.lease_until = None
            stored.attempts -= 1
            if await outbox.has_pending_post(session, row.key):
                stored.due_at = self._clock.now() + dt.timedelta(seconds=FIRST_WAIT)
            elif await exchange.find_sent(session, row.key) is None:
                stored.state, stored.trouble = OutboxState.PARKED, Trouble.POST
                stored.reason = "its_message_was_not_posted"

    async def failure(self, row: OutboxRow, error: PlatformError) -> bool:
        """The chat did not take it: it is tried again, or parked. Returns whether people should hear of it.

        A chat that does not answer, a refused token and a missing permission are no reason to give a message up: it
        waits until that is over. Only tries that fail for no known reason are counted."""
        now, passing = self._clock.now(), error.trouble.passes
        unexplained = row.unexplained + (0 if passing else 1)
        hopeless = not passing and (error.permanent or unexplained >= MOST_TRIES)
        due = now + dt.timedelta(seconds=_wait(row, error))
        log.warning("send_failed", kind=row.kind, row=row.id, reason=error.reason, parked=hopeless)
        async with self._storage.write() as session:
            stored = await session.get_one(OutboxRow, row.id)
            stored.lease_until, stored.due_at = None, due
            stored.reason, stored.trouble, stored.unexplained = error.reason, error.trouble, unexplained
            if hopeless:
                stored.state = OutboxState.PARKED
        if hopeless and error.trouble is Trouble.OTHER:
            return True
        if hopeless or error.trouble is Trouble.SCOPE:
            return row.trouble is not error.trouble  # what came back and met the same again was told of before
        return passing and now - row.created_at >= LONG


def _wait(row: OutboxRow, error: PlatformError) -> float:
    """Seconds until the next try."""
    if error.retry_after:
        return error.retry_after
    if error.trouble in _WAITS_FOR_PEOPLE:
        return LONGEST_WAIT
    return min(LONGEST_WAIT, FIRST_WAIT * float(2 ** min(row.attempts - 1, 16)))


async def _remember(session: AsyncSession, row: OutboxRow, located: Located, now: dt.datetime) -> None:
    known = await exchange.find_sent(session, row.key)
    if known is not None:
        known.updated_at = now
        return
    session.add(
        SentMessage(
            key=row.key,
            group_id=row.group_id,
            platform=row.platform,
            workspace=row.workspace,
            channel=located.channel,
            message=located.message,
            ballot=bool(row.target.get("ballot")),
            counting=bool(row.target.get("ballot")),
            sent_at=now,
            updated_at=now,
        )
    )
