"""A real Mattermost server as the promise suite drives it; there is such a world only where the settings name a server.

`OENSKEBOT_TEST_MATTERMOST_URL` is its address and `OENSKEBOT_TEST_MATTERMOST_ADMIN_TOKEN` an administrator's access
token. Everything is made anew for each test, by the bot's own `setup` where it can, and left there: use a server that
can be thrown away, with AllowedUntrustedInternalConnections for this machine and room for many people in a team.
"""

from __future__ import annotations

import asyncio
import os
import uuid
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

import aiohttp

from bot.clock import MovableClock
from bot.ids import new_id
from bot.platforms.mattermost.connection import Connection
from bot.platforms.mattermost.setup import Wanted, set_up
from storage.session import Storage
from tests.doubles.mattermost_person import Person
from tests.groups import PEOPLE, Someone
from tests.mattermost.bot import Bot
from tests.promises.mattermost import CHANNELS, MattermostPeople, put_group

URL = os.environ.get("OENSKEBOT_TEST_MATTERMOST_URL", "")
ADMIN_TOKEN = os.environ.get("OENSKEBOT_TEST_MATTERMOST_ADMIN_TOKEN", "")
PASSWORD = "A-password-for-tests-1"
PATIENCE = 10.0
PINGS = 3
"""A server's pong may overtake what it was about to tell: after so many, all of it has come."""

_bot_tokens: dict[str, str] = {}


class RealMattermostDriver(MattermostPeople):
    """People on a real server. `watcher` sees what the bot's stream brings: a real server tells in its own time."""

    def __init__(self, bot: Bot, watcher: Person, **more: Any) -> None:
        super().__init__(bot, **more)
        self._watcher = watcher

    async def administer(self, method: str, path: str) -> None:
        admin = Connection(URL, ADMIN_TOKEN)
        await admin.call(method, path)
        await admin.close()

    async def react(self, person: str, message: Any, emoji: str, *, on: bool = True) -> None:
        told = ("reaction_added" if on else "reaction_removed", message.id, self.people[person].id, emoji)
        before = self._watcher.reactions.count(told)
        await self.people[person].react(message.id, emoji, on=on)
        async with asyncio.timeout(PATIENCE):
            while self._watcher.reactions.count(told) == before:
                await self._watcher.up_to_date()
        await self.settle(person)

    async def settle(self, person: str = "") -> None:
        for one in (self._watcher, *([self.people[person]] if person else [])):
            for _ in range(PINGS):
                await one.up_to_date()
        await super().settle(person)


@asynccontextmanager
async def real_mattermost_world(
    storage: Storage, clock: MovableClock, people: tuple[Someone, ...] = PEOPLE, *, with_group: bool = True
) -> AsyncIterator[RealMattermostDriver]:
    """A new team with the test group on the server, and the bot beside it. The server's time can't be moved: what it
    tells of clicks is moved to the bot's."""
    mark = uuid.uuid4().hex[:8]
    async with AsyncExitStack() as stack:
        admin = Connection(URL, ADMIN_TOKEN)
        stack.push_async_callback(admin.close)
        team = (await admin.post("/teams", {"name": f"t{mark}", "display_name": f"Test {mark}", "type": "O"}))["id"]
        channels = {name: await _channel(admin, team, title) for name, title in CHANNELS.items()}
        bot = Bot(URL, storage, clock, new_id)  # a mark that another test has used would bring its message
        bot.moves_times = True
        stack.callback(bot.hang_up)
        await _set_up(admin, bot, f"t{mark}")
        session = await stack.enter_async_context(aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()))
        clients = {}
        for someone in people:
            person = await _person(admin, session, team, someone, mark)
            for channel in channels.values():
                await admin.post(f"/channels/{channel}/members", {"user_id": person.id})
            clients[someone.user] = await stack.enter_async_context(person.online())
        if with_group:
            await put_group(storage, channels, {name: person.id for name, person in clients.items()}, people)
        watcher = await stack.enter_async_context(Person(session, URL, bot.user, bot.token, team).online())
        await bot.start()
        stack.push_async_callback(bot.stop)
        yield RealMattermostDriver(bot, watcher, people=clients, channels=channels, clock=clock)


async def _channel(admin: Connection, team: str, title: str) -> str:
    body = {"team_id": team, "name": title, "display_name": title, "type": "O"}
    return str((await admin.post("/channels", body))["id"])


async def _set_up(admin: Connection, bot: Bot, team: str) -> None:
    """The bot's account, channels and commands, made by its own command; a token that was told before is asked for
    anew, since no server tells one twice."""
    wanted = Wanted(bot.address, team, tuple(CHANNELS.values()), known_token=_bot_tokens.get(URL, ""))
    settings = (await set_up(URL, ADMIN_TOKEN, wanted)).settings
    found = await admin.get("/users/username/oenskebot")
    token = settings.get("OENSKEBOT_MATTERMOST_TOKEN")
    if not token:
        token = (await admin.post(f"/users/{found['id']}/tokens", {"description": "tests"}))["token"]
    bot.user, bot.token = str(found["id"]), str(token)
    _bot_tokens[URL] = bot.token
    bot.command_tokens = tuple(settings["OENSKEBOT_MATTERMOST_COMMAND_TOKENS"].split(","))


async def _person(admin: Connection, session: aiohttp.ClientSession, team: str, someone: Someone, mark: str) -> Person:
    first, _, last = someone.name.partition(" ")
    username = f"{someone.user}-{mark}"
    body = {"username": username, "email": f"{username}@localhost.dk", "password": PASSWORD}
    made = await admin.post("/users", body | {"first_name": first, "last_name": last})
    await admin.post(f"/teams/{team}/members", {"team_id": team, "user_id": made["id"]})
    login = {"login_id": username, "password": PASSWORD}
    async with session.post(f"{URL}/api/v4/users/login", json=login) as response:
        person = Person(session, URL, made["id"], response.headers["Token"], team)
    person.name, person.account = someone.name, username
    return person
