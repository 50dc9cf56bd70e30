"""Listens to a Mattermost server: takes a broken stream up where it broke, and says when something was missed."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import aiohttp
import structlog

from bot.platforms.mattermost.connection import Connection
from bot.platforms.mattermost.pauses import doubled

FIRST_PAUSE = 0.5
"""Seconds before the stream is opened again, or what has arrived is dealt with again; doubled at every further
failure."""

LONGEST_PAUSE = 30.0

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened on the server. `channel` is where, empty for nowhere."""

    name: str
    data: dict[str, Any]
    channel: str


class Missed:
    """Events may have been missed: what matters is to be read anew."""


Arrived = Event | Missed


class Stream:
    """The events of one server, in order, each once.

    The server numbers the events of a connection. When the connection breaks, a new one that names it and the next
    expected number goes on with what was missed; if too much was missed, the server begins a new connection and says so
    with another id.

    Args:
        connection: whose stream it is.
        arrived: handed each batch of what has arrived, and not again before it has dealt with it.
    """

    def __init__(self, connection: Connection, arrived: Callable[[list[Arrived]], Awaitable[None]]) -> None:
        self._connection = connection
        self._arrived = arrived
        self._queue: asyncio.Queue[Arrived] = asyncio.Queue()
        self._id = ""
        self._next = 0
        self._socket: aiohttp.ClientWebSocketResponse | None = None
        self._failures = 0
        self._connected = asyncio.Event()

    async def listen(self) -> None:
        """Read for ever, whatever happens to the line."""
        while True:
            try:
                await self._read()
                log.warning("stream_closed", failures=self._failures)
            except (aiohttp.ClientError, OSError, TimeoutError, ValueError) as error:
                log.warning("stream_broken", reason=type(error).__name__)
            except Exception:
                log.exception("stream_failed")
            finally:
                self._hang_up()
            self._failures += 1
            await asyncio.sleep(doubled(FIRST_PAUSE, self._failures, LONGEST_PAUSE))

    async def deal(self) -> None:
        """Hand on for ever what has arrived. What could not be dealt with counts as missed, and is not tried again and
        again while the database is away."""
        failures = 0
        while True:
            batch = [await self._queue.get()]
            while not self._queue.empty():
                batch.append(self._queue.get_nowait())
            try:
                await self._arrived(batch)
                failures = 0
            except Exception:
                failures += 1
                log.exception("events_lost", events=len(batch), failures=failures)
                self._queue.put_nowait(Missed())
                await asyncio.sleep(doubled(FIRST_PAUSE, failures, LONGEST_PAUSE))
            finally:
                for _ in batch:
                    self._queue.task_done()

    @property
    def is_open(self) -> bool:
        return self._connected.is_set()

    async def _read(self) -> None:
        query = {"connection_id": self._id, "sequence_number": str(self._next)} if self._id else {}
        async with self._connection.websocket(query) as socket:
            self._socket = socket
            self._connected.set()
            async for frame in socket:
                if frame.type is aiohttp.WSMsgType.TEXT and not self._take(json.loads(frame.data)):
                    return

    def _take(self, told: Any) -> bool:
        """Deal with one frame; returns false where the connection is of no more use."""
        if not isinstance(told, dict):
            return True
        self._failures = 0
        if "seq_reply" in told:
            return True
        number = told.get("seq", 0)
        event, data = told.get("event", ""), told.get("data") or {}
        if event == "hello":
            self._connection.note_version(data.get("server_version", ""))
            self._greeted(data.get("connection_id", ""), number)
        elif number > self._next:
            log.warning("events_missed", expected=self._next, came=number)
            self._id = ""
            return False
        elif number == self._next:
            self._next += 1
            channel = (told.get("broadcast") or {}).get("channel_id", "")
            self._queue.put_nowait(Event(event, data, channel))
        return True

    def _greeted(self, connection_id: str, number: int) -> None:
        if connection_id != self._id:
            log.info("stream_began", again=bool(self._id))
            self._queue.put_nowait(Missed())
        self._id, self._next = connection_id, number + 1

    def _hang_up(self) -> None:
        self._socket = None
        self._connected.clear()
