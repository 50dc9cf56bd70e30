"""A Mattermost server for tests: its state and its habits as measured on version 5.37, spoken to over the network."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestServer

from tests.doubles.mattermost_integrations import Integrations
from tests.doubles.mattermost_places import Places
from tests.doubles.mattermost_posts import Posts
from tests.doubles.mattermost_reactions import Reactions
from tests.doubles.mattermost_routes import make_routes
from tests.doubles.mattermost_state import Account, AppError, ConnectionDropped, Room, State
from tests.doubles.mattermost_stream import Hub


@dataclass
class Faults:
    """What goes wrong at the next calls whose method and path begin so; each is used up once.

    `refuse`: answered with this status, and not done. `lose`: done, and the answer is lost. `slow`: seconds of waiting
    before it is done."""

    refuse: list[tuple[str, int]] = field(default_factory=list)
    lose: list[str] = field(default_factory=list)
    slow: list[tuple[str, float]] = field(default_factory=list)
    late: set[asyncio.Task[web.StreamResponse]] = field(default_factory=set)

    def clear(self) -> None:
        """From now on all goes well."""
        for some in (self.refuse, self.lose, self.slow):
            some.clear()

    async def all_came(self) -> None:
        """What is slow has been done, though whoever asked for it may have hung up."""
        await asyncio.gather(*self.late)

    async def do_late(self, seconds: float, work: Coroutine[Any, Any, web.StreamResponse]) -> web.StreamResponse:
        """Do it after so many seconds, also where nobody waits for it any more."""

        async def do() -> web.StreamResponse:
            await asyncio.sleep(seconds)
            return await work

        task = asyncio.create_task(do())
        self.late.add(task)
        task.add_done_callback(self.late.discard)
        return await asyncio.shield(task)

    def refused(self, call: str) -> int:
        return self._taken(self.refuse, call) or 0

    def lost(self, call: str) -> bool:
        fitting = next((one for one in self.lose if call.startswith(one)), None)
        if fitting is not None:
            self.lose.remove(fitting)
        return fitting is not None

    def delay(self, call: str) -> float:
        return self._taken(self.slow, call) or 0

    @staticmethod
    def _taken(some: list[tuple[str, Any]], call: str) -> Any:
        fitting = next((one for one in some if call.startswith(one[0])), None)
        if fitting is None:
            return None
        some.remove(fitting)
        return fitting[1]


class MattermostDouble:
    """One server.

    Args:
        clock: milliseconds since 1970, which triggers and times are measured by.
    """

    def __init__(self, clock: Callable[[], int]) -> None:
        self.state = State(clock)
        self.hub = Hub(self.state)
        self.posts = Posts(self.state, self.hub)
        self.reactions = Reactions(self.state, self.hub)
        self.places = Places(self.state, self.hub, self.posts)
        self.integrations = Integrations(self.state, self.hub, self.posts)
        self.faults = Faults()
        self.team = self._add_team("lab")

    @property
    def address(self) -> str:
        return self.state.settings.site_url

    @asynccontextmanager
    async def serve(self) -> AsyncIterator[MattermostDouble]:
        """Answer on a loopback port."""
        app = web.Application(client_max_size=50 * 1024**2, middlewares=[self._answer])
        app.add_routes(make_routes(self))
        async with TestServer(app) as server, self.state.fair.running():
            self.state.settings.site_url = str(server.make_url("")).rstrip("/")
            yield self
            await self.faults.all_came()
            await self.integrations.close()

    def add_person(self, username: str, name: str, *, admin: bool = False, locale: str = "en") -> tuple[str, str]:
        """Somebody in the team; returns their id and their token."""
        first, _, last = name.partition(" ")
        roles = "system_user system_admin" if admin else "system_user"
        account = Account(self.state.new_id(), username, first, last, locale, roles)
        self.state.accounts[account.id] = account
        self.state.team_members[self.team][account.id] = "team_user"
        return account.id, self.token_for(account.id)

    def add_bot(self, username: str, name: str) -> tuple[str, str]:
        account = Account(self.state.new_id(), username, name, is_bot=True)
        self.state.accounts[account.id] = account
        self.state.team_members[self.team][account.id] = "team_user"
        return account.id, self.token_for(account.id)

    def token_for(self, user: str) -> str:
        token = self.state.new_id()
        self.state.tokens[token] = user
        return token

    def add_channel(self, name: str, members: set[str], kind: str = "O") -> str:
        room = Room(self.state.new_id(), self.team, kind, name, name, set(members))
        self.state.rooms[room.id] = room
        return room.id

    def add_command(self, trigger: str, url: str) -> str:
        """A slash command of the team; returns its token."""
        row = {"team_id": self.team, "trigger": trigger, "url": url, "method": "P", "auto_complete": True}
        row |= {"id": self.state.new_id(), "token": self.state.new_id(), "creator_id": "", "delete_at": 0}
        self.state.commands[row["id"]] = row
        return str(row["token"])

    def _add_team(self, name: str) -> str:
        team = {"id": self.state.new_id(), "name": name, "display_name": name.title(), "type": "O"}
        self.state.teams[team["id"]] = team
        self.state.team_members[team["id"]] = {}
        return team["id"]

    @web.middleware
    async def _answer(
        self, request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
    ) -> web.StreamResponse:
        call = f"{request.method} {request.path.removeprefix('/api/v4')}"
        self.state.requests.append((request.method, request.path))
        if (status := self.faults.refused(call)) != 0:
            return self._refusal(status)
        if wait := self.faults.delay(call):
            await request.read()
            return await self.faults.do_late(wait, self._answered(call, request, handler))
        return await self._answered(call, request, handler)

    async def _answered(
        self, call: str, request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
    ) -> web.StreamResponse:
        try:
            response = await handler(request)
        except AppError as error:
            response = _error(error)
        except ConnectionDropped:
            return _cut(request)
        if self.faults.lost(call):
            return _cut(request)
        if not response.prepared:
            response.headers["X-Version-Id"] = "{}.{}.{}..hash.false".format(*self.state.settings.version)
            response.headers["X-Request-ID"] = self.state.new_id()
        return response

    @staticmethod
    def _refusal(status: int) -> web.Response:
        if status == 429:
            headers = {"Retry-After": "1", "X-Ratelimit-Limit": "11", "X-Ratelimit-Remaining": "0"}
            return web.Response(status=429, text="limit exceeded\n", headers=headers)
        return _error(AppError(status, "api.made_to_fail.app_error"))


def _error(error: AppError) -> web.Response:
    body = {"id": error.error, "message": error.message, "detailed_error": "", "request_id": ""}
    return web.json_response(body | {"status_code": error.status}, status=error.status)


def _cut(request: web.Request) -> web.Response:
    """The connection ends without an answer."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response()
