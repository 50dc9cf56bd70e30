"""A Mattermost server with a team, a channel, people and a bot, made over its API: a real one, or the double."""

from __future__ import annotations

import json
import uuid
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import aiohttp
from aiohttp import web
from aiohttp.test_utils import TestServer

from tests.doubles.mattermost import MattermostDouble
from tests.doubles.mattermost_person import Person

PASSWORD = "A-password-for-tests-1"


@dataclass
class Told:
    """An answer of the server: its status, its body, and the name of the error, empty for none."""

    status: int
    body: Any
    error: str = ""

    @property
    def short(self) -> tuple[int, str]:
        return self.status, self.error


@dataclass
class Lab:
    """One server. `tokens` are of `admin`, `anna` and `bo` (in the channel), `eve` (in the team only), `ivan` (in no
    team), and `bot`; `ids` are theirs. `calls` is what the server has called `url` with; `answer` is what it is
    told: a status and a body."""

    address: str
    session: aiohttp.ClientSession
    url: str = ""
    team: str = ""
    channel: str = ""
    ids: dict[str, str] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)
    calls: list[dict[str, Any]] = field(default_factory=list)
    answer: tuple[int, str, str] = (200, "application/json", "{}")

    async def ask(self, who: str, method: str, path: str, body: Any = None, raw: bytes | None = None) -> Told:
        """One call of somebody's."""
        headers = {"Authorization": f"Bearer {self.tokens[who]}"} if who else {}
        data = raw if raw is not None else (None if body is None else json.dumps(body).encode())
        async with self.session.request(method, f"{self.address}/api/v4{path}", data=data, headers=headers) as response:
            text = await response.text()
        try:
            told = json.loads(text)
        except ValueError:
            told = text
        error = told.get("id", "") if response.status >= 400 and isinstance(told, dict) else ""
        return Told(response.status, told, error)

    async def post(self, who: str = "bot", text: str = "hej", **more: Any) -> Told:
        return await self.ask(who, "POST", "/posts", {"channel_id": self.channel, "message": text, **more})

    def button(self, action: str = "go", **more: Any) -> dict[str, Any]:
        """Properties with one button that calls us."""
        made = {"id": action, "type": "button", "name": "Tryk", "integration": {"url": self.url, "context": {"a": 1}}}
        return {"attachments": [{"text": "t", "actions": [made | more]}]}


@asynccontextmanager
async def double_lab() -> AsyncIterator[Lab]:
    """On the double."""
    server = MattermostDouble(lambda: 1_790_000_000_000)
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(server.serve())
        _, admin = server.add_person("admin", "Ada Min", admin=True)
        yield await _furnished(stack, server.address, admin)


@asynccontextmanager
async def real_lab(address: str, admin: str) -> AsyncIterator[Lab]:
    """On a server that is there."""
    async with AsyncExitStack() as stack:
        yield await _furnished(stack, address, admin)


async def _furnished(stack: AsyncExitStack, address: str, admin: str) -> Lab:
    session = await stack.enter_async_context(aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()))
    lab = Lab(address, session, tokens={"admin": admin})
    mark = uuid.uuid4().hex[:8]
    lab.ids["admin"] = (await lab.ask("admin", "GET", "/users/me")).body["id"]
    lab.team = (await lab.ask("admin", "POST", "/teams", {"name": f"t{mark}", "display_name": "T", "type": "O"})).body[
        "id"
    ]
    channel = {"team_id": lab.team, "name": "koordinationsgruppe", "display_name": "K", "type": "O"}
    lab.channel = (await lab.ask("admin", "POST", "/channels", channel)).body["id"]
    for name in ("anna", "bo", "eve", "ivan"):
        await _add_person(lab, name, mark)
    made = (await lab.ask("admin", "POST", "/bots", {"username": f"bot-{mark}", "display_name": "B"})).body
    lab.ids["bot"] = made["user_id"]
    path = f"/users/{lab.ids['bot']}/tokens"
    lab.tokens["bot"] = (await lab.ask("admin", "POST", path, {"description": "t"})).body["token"]
    await _add_to(lab, "bot", channel=True)
    for name in ("anna", "bo", "eve"):
        await _add_to(lab, name, channel=name != "eve")
    for name in ("anna", "bo", "bot"):
        person = Person(session, address, lab.ids[name], lab.tokens[name], lab.team)
        lab.people[name] = await stack.enter_async_context(person.online())
    await _listen(stack, lab)
    return lab


async def _add_person(lab: Lab, name: str, mark: str) -> None:
    username = f"{name}-{mark}"
    body = {"username": username, "email": f"{username}@localhost.dk", "password": PASSWORD}
    body |= {"first_name": name.title(), "last_name": "Prøve"}
    lab.ids[name] = (await lab.ask("admin", "POST", "/users", body)).body["id"]
    login = {"login_id": username, "password": PASSWORD}
    async with lab.session.post(f"{lab.address}/api/v4/users/login", json=login) as response:
        lab.tokens[name] = response.headers["Token"]


async def _add_to(lab: Lab, name: str, *, channel: bool) -> None:
    user = lab.ids[name]
    await lab.ask("admin", "POST", f"/teams/{lab.team}/members", {"team_id": lab.team, "user_id": user})
    if channel:
        await lab.ask("admin", "POST", f"/channels/{lab.channel}/members", {"user_id": user})


async def _listen(stack: AsyncExitStack, lab: Lab) -> None:
    async def take(request: web.Request) -> web.Response:
        lab.calls.append(
            {
                "headers": dict(request.headers),
                "body": (await request.read()).decode(),
                "form": dict(await request.post()),
            }
        )
        status, media_type, text = lab.answer
        return web.Response(status=status, body=text.encode(), content_type=media_type)

    app = web.Application()
    app.add_routes([web.post("/take", take)])
    server = await stack.enter_async_context(TestServer(app))
    lab.url = str(server.make_url("/take"))
