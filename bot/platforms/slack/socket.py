"""Holds the websocket that Slack delivers through, and takes a new one when it falls silent."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import aiohttp
import structlog
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.errors import SlackApiError, SlackClientError

from bot.platforms.slack.calls import REFUSED_TOKEN

PING = 5.0
"""Seconds between two pings."""

SILENCE = 6
"""So many pings without an answer, or without a connection, and the socket is given up. The client's own watch acts
after four; ours is for the times when that has gone wrong as well."""

OPENING = 4
"""So many pings' time a websocket may take to open. The client tries the one address that it was given for ever, and
Slack takes each address once: then it is given up, and the next try asks for a new one."""

GREETING = 20.0
"""Seconds that the start waits for Slack's greeting; after that the watch goes on trying."""

FAILED = 3
"""So many renewals in a row may come to nothing before the leaders are told: two or three minutes."""

_REPEATED = ("Failed to connect", "Failed to check the current session", "Failed to retrieve WSS URL")

APP_TOKEN = "OENSKEBOT_SLACK_APP_TOKEN"  # noqa: S105 - the setting's name
"""The setting that opens websockets."""

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Hooks:
    """What the socket tells.

    Args:
        reconnected: at every connection but the first, since something may have been missed.
        deaf: nothing has been heard for so many seconds, though it was tried again and again; and once more, with
            `True`, when that is over.
    """

    reconnected: Callable[[], Awaitable[None]]
    deaf: Callable[[float, bool], Awaitable[None]]


class Socket:
    """One connection that is always there.

    Args:
        app: hears what comes.
        app_token: opens connections.
        hooks: what it tells.
        ping: seconds between two pings.
    """

    def __init__(self, app: AsyncApp, app_token: str, hooks: Hooks, ping: float = PING) -> None:
        self._app = app
        self._app_token = app_token
        self._hooks = hooks
        self._ping = ping
        self._handler: AsyncSocketModeHandler | None = None
        self._watch: asyncio.Task[None] | None = None
        self._telling: set[asyncio.Task[None]] = set()
        self._greeted = asyncio.Event()
        self._heard_at = self._tried_at = time.monotonic()
        self._connections = 0
        self._renewals = 0
        self._deaf_at = 0.0

    @property
    def connected(self) -> bool:
        """Whether Slack was heard a moment ago; a connection that is just being replaced counts as one."""
        return self._connections > 0 and time.monotonic() - self._heard_at <= SILENCE * self._ping

    async def start(self) -> None:
        """Connect, and watch over the connection from now on.

        Raises:
            SlackApiError: Slack refuses the token.
            TimeoutError: Slack gave an address, and let nobody in there.
        """
        await self._open()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._greeted.wait(), GREETING)
        self._watch = asyncio.create_task(self._keep_watch(), name="slack-watchdog")

    async def stop(self) -> None:
        """Close the connection for good; who is told of the last one has no time any more."""
        ending = {*self._telling, *([self._watch] if self._watch is not None else [])}
        for task in ending:
            task.cancel()
        await asyncio.gather(*ending, return_exceptions=True)
        await self._close()

    async def is_alive(self) -> bool:
        """Whether Slack has greeted on it, and answers."""
        return self._handler is not None and self._greeted.is_set() and await self._handler.client.is_connected()

    async def renew(self) -> None:
        """Give the connection up and take a new one; raises as `start`."""
        await self._close()
        await self._open()

    async def _open(self) -> None:
        self._tried_at = time.monotonic()
        self._greeted.clear()
        handler = AsyncSocketModeHandler(self._app, self._app_token, logger=_sdk_log(), ping_interval=self._ping)
        handler.client.message_listeners.append(self._on_message)
        self._handler = handler
        try:
            async with asyncio.timeout(OPENING * self._ping):
                await handler.client.connect_to_new_endpoint(force=True)
        except BaseException:
            await self._close()
            raise

    async def _close(self) -> None:
        if self._handler is not None:
            handler, self._handler = self._handler, None
            with contextlib.suppress(Exception):
                await asyncio.wait_for(handler.client.close(), 10)  # type: ignore[no-untyped-call]

    async def _on_message(self, _client: Any, message: dict[str, Any], _raw: str | None = None) -> None:
        if message.get("type") != "hello":
            return
        self._connections += 1
        self._heard_at = time.monotonic()
        self._greeted.set()
        log.info("slack_connected", connections=self._connections)
        if self._connections > 1:
            telling = asyncio.create_task(self._tell_reconnected(), name="slack-reconnected")
            self._telling.add(telling)
            telling.add_done_callback(self._telling.discard)

    async def _tell_reconnected(self) -> None:
        try:
            await self._hooks.reconnected()
        except Exception:
            log.exception("slack_reconnect_not_told")

    async def _keep_watch(self) -> None:
        while True:
            await asyncio.sleep(self._ping)
            if await self.is_alive():
                await self._note_alive()
            elif time.monotonic() - max(self._heard_at, self._tried_at) > SILENCE * self._ping:
                await self._replace()

    async def _note_alive(self) -> None:
        renewals, self._renewals = self._renewals, 0
        self._heard_at = time.monotonic()
        if renewals > FAILED:
            await self._tell(over=True)

    async def _replace(self) -> None:
        """Take a new connection; what fails is tried again after the next silence."""
        if not self._renewals:
            self._deaf_at = self._heard_at
        log.error("slack_socket_deaf", seconds=round(time.monotonic() - self._deaf_at))
        if self._renewals == FAILED:
            await self._tell(over=False)
        self._renewals += 1
        try:
            await self.renew()
        except (SlackClientError, aiohttp.ClientError, OSError, TimeoutError) as error:
            reason = reason_of(error)
            named = {"setting": APP_TOKEN} if reason in REFUSED_TOKEN else {}
            log.error("slack_reconnect_failed", reason=reason, **named)
        except Exception:
            log.exception("slack_reconnect_failed")

    async def _tell(self, *, over: bool) -> None:
        try:
            await self._hooks.deaf(time.monotonic() - self._deaf_at, over)
        except Exception:
            log.exception("slack_outage_not_told")


def reason_of(error: Exception) -> str:
    """What stood in the way of a connection, in Slack's word where it has one; never an address."""
    return str(error.response["error"]) if isinstance(error, SlackApiError) else type(error).__name__


def _sdk_log() -> logging.Logger:
    """The client's own log without what the watch says better: the client repeats itself at every ping, and its line
    holds the address, which is as good as a key."""
    found = logging.getLogger("slack_sdk.socket")
    if not found.filters:
        found.addFilter(lambda record: not record.getMessage().startswith(_REPEATED))
    return found
