"""A whole Slack for tests, spoken to only over HTTP and websocket; what Slack would refuse fails the test."""

from __future__ import annotations

import asyncio
import contextlib
import json
import time
from collections import Counter, defaultdict, deque
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass

from aiohttp import web
from aiohttp.test_utils import TestServer

from tests.doubles.patience import FairClock
from tests.doubles.slack_api import Methods, Refused
from tests.doubles.slack_people import People
from tests.doubles.slack_state import Thing, Workspace
from tests.doubles.slack_transport import Requests, Sockets

BOT_TOKEN = "xoxb-test"
APP_TOKEN = "xapp-test"
SECRET = "a-signing-secret"

_TIER_2, _TIER_3, _TIER_4 = 20, 50, 100
RATES = {
    "chat.postMessage/*": 60,
    "chat.postMessage": 300,
    "chat.postEphemeral": _TIER_4,
    "chat.update": _TIER_3,
    "chat.delete": _TIER_3,
    "apps.connections.open": _TIER_3,
    "reactions.add": _TIER_3,
    "reactions.get": _TIER_3,
    "conversations.info": _TIER_3,
    "conversations.open": _TIER_3,
    "conversations.history": _TIER_3,
    "conversations.replies": _TIER_3,
    "users.conversations": _TIER_3,
    "users.info": _TIER_4,
    "users.list": _TIER_2,
    "views.open": _TIER_4,
    "views.publish": _TIER_4,
    "files.getUploadURLExternal": _TIER_4,
    "files.completeUploadExternal": _TIER_4,
}
"""Method, or method in each channel → calls in any minute, as Slack's pages have it; of all posts together they say
"several hundred"."""

EXPECTED = {"already_reacted"}
"""What Slack says no to in the course of things."""


@dataclass(frozen=True)
class Fault:
    """What goes wrong at one call: an HTTP `status`; `lost`: it was done and the connection breaks before the answer;
    `hangs`: nothing comes for as long as the bot waits, and it was not done."""

    status: int = 0
    retry_after: float = 0
    lost: bool = False
    hangs: bool = False


class SlackDouble:
    """One workspace with the app installed.

    Args:
        now: the workspace's time in seconds.
        manifest: what the app asked for: its scopes, commands, events and shortcuts.
        seconds: the clock that rate limits are measured with.
    """

    def __init__(
        self, now: Callable[[], float], manifest: Thing, seconds: Callable[[], float] = time.monotonic
    ) -> None:
        self.manifest = manifest
        self.clock = FairClock()
        self.workspace = Workspace(now, self.clock)
        self.sockets = Sockets(self.clock)
        self.requests = Requests(SECRET, self.clock)
        self.uses_sockets = bool(manifest["settings"]["socket_mode_enabled"])
        self.people = People(self.workspace, manifest, self.sockets if self.uses_sockets else self.requests)
        self.offences: list[str] = self.people.offences
        self.tolerated: set[str] = set(EXPECTED)
        self.calls: Counter[str] = Counter()
        self.limited: Counter[str] = Counter()
        self.faults: defaultdict[str, deque[Fault]] = defaultdict(deque)
        self.slow: dict[str, float] = {}
        self.limits: dict[str, float] = dict(RATES)
        self.tokens = {BOT_TOKEN}
        self.app_tokens = {APP_TOKEN}
        self._seconds = seconds
        self._times: defaultdict[str, deque[float]] = defaultdict(deque)
        self.server = TestServer(self._make_app())
        self.methods: Methods

    @property
    def address(self) -> str:
        return str(self.server.make_url("")).rstrip("/")

    @property
    def api(self) -> str:
        return f"{self.address}/api/"

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[SlackDouble]:
        """Serve; at the end nothing may have been refused."""
        await self.server.start_server()
        scopes = set(self.manifest["oauth_config"]["scopes"]["bot"])
        self.methods = Methods(self.workspace, scopes, self.address)
        self.methods.messages_tab = bool(self.manifest["features"]["app_home"]["messages_tab_enabled"])
        self.people.address = self.address
        try:
            async with self.clock.running():
                yield self
            self._look_back()
            assert not self.offences, self.offences
        finally:
            await self.requests.close()
            await self.sockets.close()
            await self.server.close()

    def _look_back(self) -> None:
        """What nobody may overlook at the end: clicks that never arrived, and calls that came too often."""
        if self.people.lost and not self.people.may_lose:
            self.offences.append(f"events that the bot never took: {self.people.lost}")
        if self.limited and "ratelimited" not in self.tolerated:
            self.offences.append(f"more calls than Slack allows: {dict(self.limited)}")

    def _make_app(self) -> web.Application:
        app = web.Application(client_max_size=64 * 1024**2)
        app.router.add_route("*", "/api/{method}", self._on_call)
        app.router.add_post("/response/{id}", self._on_response)
        app.router.add_post("/upload/{id}", self._on_upload)
        app.router.add_get("/link", self.sockets.serve)
        return app

    async def _on_call(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        self.calls[method] += 1
        given = await _arguments(request)
        await asyncio.sleep(self.slow.get(method, 0))
        fault = self.faults[method].popleft() if self.faults[method] else Fault()
        if fault.hangs:
            await asyncio.Event().wait()  # it is cancelled when the bot gives up
        if fault.status:
            return _failed(fault)
        wait = self._wait(method, given)
        if wait:
            self.limited[method] += 1
            return _failed(Fault(429, wait))
        answer = self._answer(method, given, request.headers.get("Authorization", ""))
        if fault.lost:
            assert request.transport is not None
            request.transport.close()
            await asyncio.sleep(0)
        scopes = ",".join(self.manifest["oauth_config"]["scopes"]["bot"])
        return web.json_response(answer, headers={"x-oauth-scopes": scopes})

    def _answer(self, method: str, given: Thing, authorisation: str) -> Thing:
        try:
            if method == "apps.connections.open":
                return self._open_connection(authorisation)
            if authorisation.removeprefix("Bearer ") not in self.tokens:
                raise Refused("invalid_auth")
            return self.methods.call(method, given)
        except Refused as error:
            if error.error not in self.tolerated:
                self.offences.append(f"{method}: {error}")
            return {"ok": False, "error": error.error}

    def _open_connection(self, authorisation: str) -> Thing:
        if authorisation.removeprefix("Bearer ") not in self.app_tokens:
            raise Refused("invalid_auth")
        ticket = f"t{self.workspace.number()}"
        self.sockets.make_ticket(ticket)
        return {"ok": True, "url": f"{self.address.replace('http', 'ws')}/link?ticket={ticket}"}

    def _wait(self, method: str, given: Thing) -> float:
        """Seconds to wait by the limits: `method` or `method/*` for each channel → calls a minute."""
        now = self._seconds()
        keys = [key for key in (method, f"{method}/*") if key in self.limits]
        waits = []
        for key in keys:
            times = self._times[key if key == method else f"{method}/{given.get('channel')}"]
            while times and times[0] <= now - 60:
                times.popleft()
            waits.append(60 - (now - times[0]) if len(times) >= self.limits[key] else 0.0)
        if max(waits, default=0.0) <= 0:
            for key in keys:
                self._times[key if key == method else f"{method}/{given.get('channel')}"].append(now)
        return max(waits, default=0.0)

    async def _on_response(self, request: web.Request) -> web.Response:
        try:
            self.methods.respond(request.match_info["id"], await request.json())
        except Refused as error:
            if error.error not in self.tolerated:
                self.offences.append(f"response_url: {error}")
            return web.json_response({"ok": False, "error": error.error}, status=404)
        return web.Response(text="ok")

    async def _on_upload(self, request: web.Request) -> web.Response:
        upload = self.workspace.uploads[request.match_info["id"]]
        upload["content"] = await request.read()
        return web.Response(text=f"OK - {upload['length']}")


async def _arguments(request: web.Request) -> Thing:
    """What was sent, in any of the ways that Slack reads."""
    given: Thing = dict(request.query)
    if request.content_type == "application/json":
        return given | (json.loads(await request.text() or "{}"))
    return given | dict(await request.post())


def _failed(fault: Fault) -> web.Response:
    if fault.status == 429:
        headers = {"Retry-After": str(max(1, round(fault.retry_after + 0.5)))}
        return web.json_response({"ok": False, "error": "ratelimited"}, status=429, headers=headers)
    return web.Response(status=fault.status, text="<html>sorry</html>", content_type="text/html")
