"""Holds the websocket that Slack delivers through, and takes a new one when it falls silent."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections.abc import Awaitable, Callable
from typing import Any

import structlog
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp

PING = 5.0
"""Seconds between two pings."""

SILENCE = 6
"""So many pings without an answer, or without a connection, and the socket is given up. The client's own watch acts
after four; ours is for the times when that has gone wrong as well."""

GREETING = 20.0
"""Seconds that the start waits for Slack's greeting; after that the watch goes on trying."""

log = structlog.get_logger()


class Socket:
    """One connection that is always there.

    Args:
        app: hears what comes.
        app_token: opens connections.
        on_reconnect: called at every connection but the first, since something may have been missed.
        ping: seconds between two pings.
    """

    def __init__(
        self, app: AsyncApp, app_token: str, on_reconnect: Callable[[], Awaitable[None]], ping: float = PING
    ) -> None:
        self._app = app
        self._app_token = app_token
        self._on_reconnect = on_reconnect
        self._ping = ping
        self._handler: AsyncSocketModeHandler | None = None
        self._watch: asyncio.Task[None] | None = None
        self._greeted = asyncio.Event()
        self._alive_at = time.monotonic()
        self._connections = 0

    async def start(self) -> None:
        """Connect, and watch over the connection from now on."""
        await self._open()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._greeted.wait(), GREETING)
        self._watch = asyncio.create_task(self._keep_watch(), name="slack-watchdog")

    async def stop(self) -> None:
        """Close the connection for good."""
        if self._watch is not None:
            self._watch.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._watch
        await self._close()

    async def is_alive(self) -> bool:
        """Whether Slack answers on it."""
        return self._handler is not None and await self._handler.client.is_connected()

    async def renew(self) -> None:
        """Give the connection up and take a new one."""
        await self._close()
        await self._open()

    async def _open(self) -> None:
        self._alive_at = time.monotonic()
        handler = AsyncSocketModeHandler(
            self._app, self._app_token, logger=logging.getLogger("slack_sdk.socket"), ping_interval=self._ping
        )
        handler.client.message_listeners.append(self._on_message)
        self._handler = handler
        await handler.client.connect_to_new_endpoint(force=True)

    async def _close(self) -> None:
        if self._handler is not None:
            handler, self._handler = self._handler, None
            with contextlib.suppress(Exception):
                await asyncio.wait_for(handler.client.close(), 10)  # type: ignore[no-untyped-call]

    async def _on_message(self, _client: Any, message: dict[str, Any], _raw: str | None = None) -> None:
        if message.get("type") != "hello":
            return
        self._connections += 1
        self._greeted.set()
        log.info("slack_connected", connections=self._connections)
        if self._connections > 1:
            await self._on_reconnect()

    async def _keep_watch(self) -> None:
        while True:
            await asyncio.sleep(self._ping)
            if await self.is_alive():
                self._alive_at = time.monotonic()
            elif time.monotonic() - self._alive_at > SILENCE * self._ping:
                log.error("slack_socket_deaf", seconds=round(time.monotonic() - self._alive_at))
                try:
                    await self.renew()
                except Exception:
                    log.exception("slack_reconnect_failed")
