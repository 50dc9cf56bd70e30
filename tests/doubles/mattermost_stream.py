"""The double's websocket: numbered events per connection, kept for a while for those who come back."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field

from aiohttp import WSMsgType, web

from tests.doubles.mattermost_state import Account, AppError, Json, State

SENT_KEPT = 128
PENDING_KEPT = 256


@dataclass
class Line:
    """One connection, alive or waiting to be taken up again. `sent` are the last frames that went out, `pending` those
    that wait."""

    id: str
    user: str
    number: int = 0
    sent: deque[Json] = field(default_factory=lambda: deque(maxlen=SENT_KEPT))
    pending: deque[Json] = field(default_factory=deque)
    socket: web.WebSocketResponse | None = None
    transport: asyncio.Transport | None = None
    ready: asyncio.Event = field(default_factory=asyncio.Event)

    def put(self, frame: Json) -> None:
        self.pending.append(frame)
        self.ready.set()

    def put_event(self, event: Json) -> None:
        self.put(event | {"seq": self.number})
        self.number += 1


class Hub:
    """All connections. `drop_next`: so many of a person's next events get lost on their way, for tests of a gap."""

    def __init__(self, state: State) -> None:
        self._state = state
        self.lines: dict[str, Line] = {}
        self.drop_next: dict[str, int] = {}

    def tell(
        self, event: str, data: Json, *, users: Iterable[str] = (), channel: str = "", team: str = "", only: str = ""
    ) -> None:
        """Send an event to everybody in the channel, or to these people."""
        wanted = {only} if only else set(users)
        if channel and not only:
            wanted |= self._state.rooms[channel].members
        broadcast = {"omit_users": None, "user_id": only, "channel_id": channel, "team_id": team}
        for line in list(self.lines.values()):
            if line.user in wanted:
                self._put(line, {"event": event, "data": data, "broadcast": broadcast})

    def _put(self, line: Line, event: Json) -> None:
        if self.drop_next.get(line.user, 0) > 0:
            self.drop_next[line.user] -= 1
            line.number += 1
            return
        line.put_event(event)
        if line.socket is None and len(line.pending) > PENDING_KEPT:
            del self.lines[line.id]

    async def connect(self, request: web.Request) -> web.StreamResponse:
        """`GET /api/v4/websocket`."""
        if request.headers.get("Origin"):
            raise AppError(403, "api.web_socket.connect.check_origin")
        socket = web.WebSocketResponse(autoping=True)
        await socket.prepare(request)
        account = await self._recognise(request, socket)
        if account is None:
            await socket.close()
            return socket
        header = "Authorization" in request.headers
        line = self._taken_up(request, account) if header else None
        if line == "malformed":
            await socket.close()
            return socket
        if line is None:
            line = self._begun(account)
        line.transport = request.transport  # type: ignore[assignment] # a transport while the socket is open
        await self._serve(line, socket)
        return socket

    def cut(self, user: str) -> None:
        """Break this person's connections; they may come back to them."""
        for line in list(self.lines.values()):
            if line.user == user and line.socket is not None:
                line.socket = None
                assert line.transport is not None
                line.transport.abort()

    def forget(self, user: str) -> None:
        """As after a restart of the server: nobody can come back to these connections."""
        for line in list(self.lines.values()):
            if line.user == user:
                del self.lines[line.id]

    def is_connected(self, user: str) -> bool:
        return any(line.user == user and line.socket is not None for line in self.lines.values())

    async def _recognise(self, request: web.Request, socket: web.WebSocketResponse) -> Account | None:
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        if not token:
            try:
                frame = await socket.receive_json(timeout=5)
                token = frame["data"]["token"]
                await socket.send_json({"status": "OK", "seq_reply": frame["seq"]})
            except (TimeoutError, TypeError, KeyError, ValueError):
                return None
        try:
            return self._state.account_of(token)
        except AppError:
            return None

    def _taken_up(self, request: web.Request, account: Account) -> Line | str | None:
        """The connection that this one goes on with; `malformed`, or nothing where it is not to be had."""
        wanted = request.query.get("connection_id", "")
        if not wanted:
            return None
        number = request.query.get("sequence_number", "")
        if not number.isdigit():
            return "malformed"
        line = self.lines.get(wanted)
        if line is None or line.user != account.id or line.socket is not None:
            return None
        known = [frame["seq"] for frame in (*line.sent, *line.pending) if "seq" in frame]
        if int(number) not in (*known, line.number):
            del self.lines[wanted]
            return None
        missed = [frame for frame in (*line.sent, *line.pending) if frame.get("seq", -1) >= int(number)]
        line.sent.clear()
        line.pending = deque(missed)
        if missed:
            line.ready.set()
        return line

    def _begun(self, account: Account) -> Line:
        line = Line(self._state.new_id(), account.id)
        self.lines[line.id] = line
        version = "{}.{}.{}..hash.false".format(*self._state.settings.version)
        hello = {"server_version": version, "connection_id": line.id}
        broadcast = {"omit_users": None, "user_id": account.id, "channel_id": "", "team_id": ""}
        line.put_event({"event": "hello", "data": hello, "broadcast": broadcast})
        return line

    async def _serve(self, line: Line, socket: web.WebSocketResponse) -> None:
        line.socket = socket
        writer = asyncio.create_task(self._write(line, socket))
        try:
            async for frame in socket:
                if frame.type is WSMsgType.TEXT:
                    self._answer(line, json.loads(frame.data))
        except ValueError:
            await socket.close()
        finally:
            writer.cancel()
            if line.socket is socket:
                line.socket = None
            with contextlib.suppress(asyncio.CancelledError):
                await writer

    async def _write(self, line: Line, socket: web.WebSocketResponse) -> None:
        while line.socket is socket:
            while line.pending and line.socket is socket:
                frame = line.pending[0]
                try:
                    await socket.send_json(frame)
                except ConnectionError:
                    return
                line.pending.popleft()
                if "seq" in frame:
                    line.sent.append(frame)
            line.ready.clear()
            if not line.pending:
                await line.ready.wait()

    def _answer(self, line: Line, asked: Json) -> None:
        if asked.get("action") == "ping":
            data = {"text": "pong", "version": "5.37.0", "server_time": "", "node_id": ""}
            line.put({"status": "OK", "data": data, "seq_reply": asked["seq"]})
        else:
            error = {"id": "api.web_socket_router.bad_action.app_error", "status_code": 400}
            line.put({"status": "FAIL", "error": error, "seq_reply": asked.get("seq", 0)})
