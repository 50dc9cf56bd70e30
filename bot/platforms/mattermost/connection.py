"""The line to a Mattermost server: every call goes through here, and every failure comes out as one kind of error."""

from __future__ import annotations

import asyncio
import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from typing import Any

import aiohttp
import structlog

from bot.port import PlatformError
from storage.enums import Trouble

PATIENCE = 15.0
"""Seconds that one call may take."""

TRIES = 3
"""How often a call is made that changes nothing, or that the server refused for being too many."""

FIRST_PAUSE = 0.2
LONGEST_PAUSE = 2.0
"""A longer wait than this is left to the outbox."""

LONGEST_ASKED = 3600.0
"""Seconds that the server may ask to wait: what is longer is a mistake, or nobody's to wait for."""

_HOPELESS = frozenset({400, 403, 404, 405, 413, 501})
_TROUBLES = {
    "api.context.permissions.app_error": Trouble.PLACE,
    "api.post.create_post.can_not_post_to_deleted.error": Trouble.PLACE,
    "app.channel.get.existing.app_error": Trouble.PLACE,
    "app.post.get.app_error": Trouble.MESSAGE,
}
"""What stands in the way, for the errors about which people can do something."""

_BY_STATUS = {401: Trouble.TOKEN} | dict.fromkeys((429, 502, 503, 504), Trouble.CONNECTION)

_GATEWAY = frozenset({500, 502, 503, 504})


log = structlog.get_logger()


class ServerRefused(PlatformError):
    """The server answered with an error. `status` is its number, `error` its name, such as
    `api.context.permissions.app_error`."""

    def __init__(self, status: int, error: str, *, retry_after: float = 0) -> None:
        trouble = _TROUBLES.get(error) or _BY_STATUS.get(status, Trouble.OTHER)
        super().__init__(f"{error} ({status})", trouble, permanent=status in _HOPELESS, retry_after=retry_after)
        self.status = status
        self.error = error


class ServerSilent(PlatformError):
    """No answer came: the call may have taken effect or not."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason, Trouble.CONNECTION, arrived=True)


@dataclass(frozen=True, slots=True)
class _Call:
    """What goes over the line once."""

    method: str
    url: str
    query: Mapping[str, str | int] = field(default_factory=dict)
    content: bytes | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    media_type: str = "application/json"

    @property
    def sent_headers(self) -> Mapping[str, str]:
        return self.headers if self.content is None else {**self.headers, "Content-Type": self.media_type}


class Connection:
    """Calls to one server.

    Args:
        address: the server's address, as people open it in the browser.
        token: whose calls these are.

    `server_version` and `server_time` are what it said last of itself; empty and `None` where it did not.
    """

    def __init__(self, address: str, token: str) -> None:
        self.address = address.rstrip("/")
        self.server_version: tuple[int, ...] = ()
        self.server_time: dt.datetime | None = None
        self._headers = {"Authorization": f"Bearer {token}"}
        self._session: aiohttp.ClientSession | None = None

    async def close(self) -> None:
        """Hang up."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def get(self, path: str, **query: str | int) -> Any:
        """What is at `path` under `/api/v4`."""
        return await self.call("GET", path, query=query)

    async def post(self, path: str, body: object = None) -> Any:
        return await self.call("POST", path, content=json.dumps({} if body is None else body).encode())

    async def put(self, path: str, body: object) -> Any:
        return await self.call("PUT", path, content=json.dumps(body).encode())

    async def call(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, str | int] | None = None,
        content: bytes | None = None,
        media_type: str = "application/json",
    ) -> Any:
        """One call, made again where that can do no harm.

        Raises:
            ServerRefused: the server said no.
            ServerSilent: no answer came in time.
        """
        made = _Call(method, f"{self.address}/api/v4{path}", query or {}, content, self._headers, media_type)
        for left in reversed(range(TRIES)):
            pause = FIRST_PAUSE * 2 ** (TRIES - 1 - left)
            try:
                return await self._exchange(made)
            except ServerRefused as error:
                pause = max(pause, error.retry_after)
                again = error.status == 429 or (method == "GET" and error.status in _GATEWAY)
                if not left or not again or pause > LONGEST_PAUSE:
                    raise
            except ServerSilent:
                if not left or method != "GET":
                    raise
            await asyncio.sleep(pause)
        raise AssertionError("the last try returns or raises")

    def websocket(self, query: Mapping[str, str]) -> Any:
        """The stream of events, opened with the token in the handshake: only so may a broken one be taken up again."""
        address = f"{self.address.replace('http', 'ws', 1)}/api/v4/websocket"
        return self._line().ws_connect(
            address, params=query, headers=self._headers, heartbeat=30.0, max_msg_size=0, autoping=True
        )

    async def post_to(self, url: str, body: object) -> None:
        """Answer to an address that the server gave, which is its own permission."""
        await self._exchange(_Call("POST", url, content=json.dumps(body).encode()))

    def note_version(self, told: str) -> None:
        """Remember what the server says that it is, such as `5.37.0..hash.false`."""
        parts = told.split(".")[:3]
        if len(parts) == 3 and all(part.isdigit() for part in parts):
            self.server_version = tuple(int(part) for part in parts)

    async def _exchange(self, call: _Call) -> Any:
        try:
            async with self._line().request(
                call.method, call.url, params=call.query, data=call.content, headers=call.sent_headers
            ) as response:
                raw = await response.read()
                self.note_version(response.headers.get("X-Version-Id", ""))
                self.server_time = _moment(response.headers.get("Date", ""))
                status, asked = response.status, _asked_to_wait(response.headers)
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise ServerSilent(type(error).__name__) from error
        if status == 401 and call.headers:
            log.error("mattermost_token_refused", error=_error_name(raw))
        if status >= 400:
            raise ServerRefused(status, _error_name(raw), retry_after=asked)
        return _read_json(raw)

    def _line(self) -> aiohttp.ClientSession:
        if self._session is None:
            # A session cookie would make the server ask for a CSRF header.
            self._session = aiohttp.ClientSession(
                cookie_jar=aiohttp.DummyCookieJar(), timeout=aiohttp.ClientTimeout(total=PATIENCE)
            )
        return self._session


def _asked_to_wait(headers: Mapping[str, str]) -> float:
    """Seconds that the server or what stands before it asks to wait: it says so as a number, or as a moment, which is
    measured by its own clock."""
    told = headers.get("Retry-After", "")
    if told.isascii() and told.isdigit():
        return min(float(told), LONGEST_ASKED)
    until, now = _moment(told), _moment(headers.get("Date", ""))
    wait = (until - now).total_seconds() if until and now else 0.0
    return min(max(wait, 0.0), LONGEST_ASKED)


def _moment(told: str) -> dt.datetime | None:
    """A moment as headers tell it; `None` where it is none, or has no zone."""
    try:
        found = parsedate_to_datetime(told)
    except (TypeError, ValueError):
        return None
    return found if found.tzinfo else None


def _read_json(raw: bytes) -> Any:
    try:
        return json.loads(raw) if raw else None
    except ValueError:
        return raw.decode(errors="replace")


def _error_name(raw: bytes) -> str:
    body = _read_json(raw)
    return str(body.get("id") or "unnamed") if isinstance(body, dict) else "no_json"
