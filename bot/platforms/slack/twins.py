"""Removes a message that stands twice when somebody meets it: after a failed try nobody knows whether it arrived."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, TypeVar

import structlog

from bot.platforms.slack.calls import Calls
from bot.platforms.slack.posts import Progress, read_mark
from bot.port import Located, Own, PlatformError

LOOK_AGAIN = 60.0
"""Seconds before a message of which nothing is known is looked at once more."""

_PATIENCE = 30.0
_REMEMBERED = 500

K = TypeVar("K")
V = TypeVar("V")

log = structlog.get_logger()


class Nothing:
    """Remembers no message: what this run has posted is all that is known."""

    async def knows(self, workspace: str, where: Located) -> bool:
        return False

    async def original(self, mark: str) -> Located | None:
        return None


class Twins:
    """The bot's messages that were met, and are not the ones that it knows.

    Args:
        calls: calls Slack.
        own: which messages the bot remembers, also after a restart.
        progress: where this run has posted.
        tell: tells one person, in the channel of the message that was removed, where the other one stands.
    """

    def __init__(
        self, calls: Calls, own: Own, progress: Progress, tell: Callable[[str, Located], Awaitable[None]]
    ) -> None:
        self._calls = calls
        self._own = own
        self._progress = progress
        self._tell = tell
        self._looked: OrderedDict[Located, float] = OrderedDict()
        self._unknown: OrderedDict[str, Located] = OrderedDict()
        self._removed: OrderedDict[Located, tuple[Located, set[str]]] = OrderedDict()

    async def pressed(self, where: Located, shown: Mapping[str, Any]) -> None:
        """Something was pressed on a message."""
        await self._compare(where, read_mark(shown))

    async def clicked(self, workspace: str, where: Located, user: str) -> None:
        """Somebody put an emoji on a message of the bot's: where it is not one that is known, it is looked at."""
        if where in self._removed:
            await self._send_on([user], where)
            return
        if time.monotonic() < self._looked.get(where, 0.0):
            return
        _keep(self._looked, where, time.monotonic() + LOOK_AGAIN)
        if not await self._own.knows(workspace, where) and (mark := read_mark(await self._read(where))):
            _keep(self._unknown, mark, where)
            await self._compare(where, mark)

    async def posted(self, mark: str) -> None:
        """A post has arrived; its first try, which seemed to fail, may have been met meanwhile."""
        if where := self._unknown.pop(mark, None):
            await self._compare(where, mark)

    async def _compare(self, where: Located, mark: str) -> None:
        original = await self._find_original(mark)
        if original is None or original == where or original.channel != where.channel:
            return
        clicked = [user for one in (await self._read(where)).get("reactions") or () for user in one["users"]]
        log.warning("slack_duplicate_removed", channel=where.channel, message=where.message)
        try:
            await self._calls.call("chat.delete", channel=where.channel, ts=where.message)
        except PlatformError as error:
            log.warning("slack_duplicate_stays", reason=error.reason)
            return
        _keep(self._removed, where, (original, set()))
        await self._send_on(clicked, where)

    async def _find_original(self, mark: str) -> Located | None:
        """Where the message with this mark is known to be; nobody knows where the later parts of a long one are."""
        if not mark:
            return None
        here: Located | None = self._progress.find(f"{mark}/first")
        return here or await self._own.original(mark)

    async def _send_on(self, users: Sequence[str], where: Located) -> None:
        """Their clicks went with the message that was removed; each hears once where to click instead."""
        original, told = self._removed[where]
        for user in users:
            if user not in told:
                told.add(user)
                await self._tell(user, original)

    async def _read(self, where: Located) -> Mapping[str, Any]:
        """The message as Slack shows it, nothing where it can't be read."""
        try:
            told = await self._calls.call(
                "reactions.get", channel=where.channel, timestamp=where.message, full=True, patience=_PATIENCE
            )
        except PlatformError as error:
            log.warning("slack_message_not_read", channel=where.channel, message=where.message, reason=error.reason)
            return {}
        shown: Mapping[str, Any] = told.get("message") or {}
        return shown


def _keep(found: OrderedDict[K, V], key: K, value: V) -> None:
    found[key] = value
    while len(found) > _REMEMBERED:
        found.popitem(last=False)
