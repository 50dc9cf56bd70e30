"""How Slack delivers: through websockets with acknowledgements, or over HTTP with signatures."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import itertools
import json
import time
import uuid
from typing import Any, Protocol
from urllib.parse import urlencode

import aiohttp
from aiohttp import WSMsgType, web

from tests.doubles.patience import FairClock, Moment

Thing = dict[str, Any]

SECONDS = 3.0
"""How long Slack waits for an acknowledgement."""

TICKET_SECONDS = 30.0
"""How long the address of a websocket is good for; and only once."""


class NotAcknowledged(Exception):
    """The bot did not say in time that it has it."""


class NotWanted(NotAcknowledged):
    """The bot refuses it, and asks for no further try."""


class Transport(Protocol):
    async def deliver(self, kind: str, body: Thing, *, attempt: int = 0, seconds: float = SECONDS) -> Thing | None:
        """Deliver once; returns what the acknowledgement carries.

        Args:
            kind: `slash_commands`, `interactive` or `events_api`.
            attempt: 0, and one more at each further try.
        """


class Sockets:
    """The websockets of the app; a payload goes to any one of them. `disabled`: Socket Mode was switched off.

    Args:
        clock: measures how long an acknowledgement takes.
    """

    def __init__(self, clock: FairClock) -> None:
        self._clock = clock
        self.connections: list[web.WebSocketResponse] = []
        self.tickets: dict[str, Moment] = {}
        self.envelopes: list[Thing] = []
        self.answers_pings = True
        self.lets_in = True
        self.disabled = False
        self.opened = 0
        self.refused = 0
        self._turned_away = asyncio.Event()
        self._connected = asyncio.Event()
        self._greeted = asyncio.Event()
        self._closed = asyncio.Event()
        self._waiting: dict[str, asyncio.Future[Thing | None]] = {}
        self._turns = itertools.count()

    async def serve(self, request: web.Request) -> web.WebSocketResponse:
        """One connection, from its greeting to its end."""
        made_at = self.tickets.pop(request.query.get("ticket", ""), None)
        if made_at is None or self._clock.since(made_at) > TICKET_SECONDS or not self.lets_in:
            self.refused += made_at is not None
            self._turned_away.set()
            raise web.HTTPForbidden
        socket = web.WebSocketResponse(autoping=False)
        await socket.prepare(request)
        self.opened += 1
        if self.disabled:
            await socket.send_json({"type": "disconnect", "reason": "link_disabled"})
            await socket.close()
            return socket
        self.connections.append(socket)
        self._connected.set()
        hello = {
            "type": "hello",
            "num_connections": len(self.connections),
            "debug_info": {"host": "applink-1", "approximate_connection_time": 18060},
            "connection_info": {"app_id": "A0TEST"},
        }
        await socket.send_json(hello)
        self._greeted.set()
        try:
            async for message in socket:
                await self._take(socket, message)
        finally:
            self._forget(socket)
        return socket

    def make_ticket(self, ticket: str) -> None:
        self.tickets[ticket] = self._clock.now()

    async def deliver(self, kind: str, body: Thing, *, attempt: int = 0, seconds: float = SECONDS) -> Thing | None:
        await asyncio.wait_for(self._connected.wait(), 30)
        envelope: Thing = {"envelope_id": uuid.uuid4().hex, "type": kind, "payload": body}
        envelope["accepts_response_payload"] = kind != "events_api"
        if kind == "events_api":
            envelope |= {"retry_attempt": attempt, "retry_reason": "timeout" if attempt else ""}
        self.envelopes.append(envelope)
        waiting = self._waiting[envelope["envelope_id"]] = asyncio.get_running_loop().create_future()
        socket = self.connections[next(self._turns) % len(self.connections)]
        try:
            await socket.send_str(json.dumps(envelope))
            return await self._clock.wait_for(waiting, seconds)
        except (TimeoutError, ConnectionError, aiohttp.ClientError) as error:
            raise NotAcknowledged(kind) from error

    async def has_opened(self, count: int) -> None:
        """Wait until so many connections have been opened in all, and one is there."""
        while self.opened < count or not self.connections:
            self._greeted.clear()
            await self._greeted.wait()

    async def has_closed(self) -> None:
        """Wait until none is open."""
        while self.connections:
            self._closed.clear()
            await self._closed.wait()

    async def has_refused(self, count: int) -> None:
        """Wait until so many have come with an address that was good, and were not let in."""
        while self.refused < count:
            self._turned_away.clear()
            await self._turned_away.wait()

    async def disconnect(self, reason: str = "warning") -> None:
        """Tell every connection that it ends, and end it."""
        for socket in list(self.connections):
            await socket.send_json({"type": "disconnect", "reason": reason})
            self._forget(socket)

    async def cut(self) -> None:
        """Every connection breaks without a word."""
        for socket in list(self.connections):
            self._forget(socket)
            await socket.close(code=1012)

    async def close(self) -> None:
        for socket in list(self.connections):
            await socket.close()

    def _forget(self, socket: web.WebSocketResponse) -> None:
        if socket in self.connections:
            self.connections.remove(socket)
        self._closed.set()
        if not self.connections:
            self._connected.clear()

    async def _take(self, socket: web.WebSocketResponse, message: aiohttp.WSMessage) -> None:
        if message.type == WSMsgType.PING and self.answers_pings:
            await socket.pong(message.data)
        if message.type == WSMsgType.TEXT:
            answer = json.loads(message.data)
            waiting = self._waiting.get(answer["envelope_id"])
            assert waiting is not None, "an acknowledgement of nothing"
            if not waiting.done():
                waiting.set_result(answer.get("payload"))


class Requests:
    """Requests to the bot's public address, signed.

    Args:
        secret: the signing secret.
        clock: measures how long an acknowledgement takes.
    """

    def __init__(self, secret: str, clock: FairClock) -> None:
        self._clock = clock
        self.secret = secret
        self.url = ""
        self._session: aiohttp.ClientSession | None = None

    async def deliver(self, kind: str, body: Thing, *, attempt: int = 0, seconds: float = SECONDS) -> Thing | None:
        raw, content_type = _encoded(kind, body)
        headers = self.signed(raw) | {"Content-Type": content_type}
        if attempt:
            headers |= {"x-slack-retry-num": str(attempt), "x-slack-retry-reason": "http_timeout"}
        try:
            return await self._clock.wait_for(self._post(raw, headers), seconds)
        except (TimeoutError, aiohttp.ClientError) as error:
            raise NotAcknowledged(kind) from error

    def signed(self, raw: bytes, at: float | None = None) -> dict[str, str]:
        """The headers that prove who sends this."""
        stamp = str(int(time.time() if at is None else at))
        mac = hmac.new(self.secret.encode(), f"v0:{stamp}:".encode() + raw, hashlib.sha256).hexdigest()
        return {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": f"v0={mac}"}

    async def post(self, raw: bytes, headers: dict[str, str]) -> int:
        """Send anything; returns the status."""
        if self._session is None:
            self._session = aiohttp.ClientSession()
        async with self._session.post(self.url, data=raw, headers=headers) as answer:
            return answer.status

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()

    async def _post(self, raw: bytes, headers: dict[str, str]) -> Thing | None:
        if self._session is None:
            self._session = aiohttp.ClientSession()
        async with self._session.post(self.url, data=raw, headers=headers) as answer:
            text = await answer.text()
            if answer.status != 200:
                stop = answer.headers.get("x-slack-no-retry") == "1"
                raise (NotWanted if stop else NotAcknowledged)(f"{answer.status} {text[:200]}")
            return json.loads(text) if text.startswith("{") else {"text": text} if text else None


def _encoded(kind: str, body: Thing) -> tuple[bytes, str]:
    form = "application/x-www-form-urlencoded"
    if kind == "events_api":
        return json.dumps(body).encode(), "application/json"
    if kind == "slash_commands":
        return urlencode(body).encode(), form
    return urlencode({"payload": json.dumps(body)}).encode(), form
