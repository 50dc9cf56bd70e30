"""The program as it is run for real: a process of its own beside a chat, with the settings that the chat needs."""

from __future__ import annotations

import asyncio
import contextlib
import os
import pathlib
import sys
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import pytest

from bot.clock import MovableClock
from bot.platforms.slack.manifest import manifest
from handlers.chat.router import COMMANDS
from storage import schema
from storage.enums import OutboxState
from storage.queries import outbox
from storage.session import Storage
from tests.demonstration import free_port
from tests.doubles.mattermost import MattermostDouble
from tests.doubles.mattermost_person import Person
from tests.doubles.slack import APP_TOKEN, BOT_TOKEN, SECRET, SlackDouble
from tests.groups import PEOPLE
from tests.promises import mattermost, slack
from tests.promises.driver import SeenMessage
from tests.ready import make_ready
from tests.roof.waiting import PATIENCE, until

KEY = "0123456789abcdef0123456789abcdef"


@dataclass
class Program:
    """`oenskebot run` with these settings."""

    database: pathlib.Path
    settings: dict[str, str]
    port: int = field(default_factory=free_port)
    process: asyncio.subprocess.Process | None = None

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def start(self) -> None:
        """Begin; returns as soon as somebody who watches over it would see that it lives."""
        own = {name: value for name, value in os.environ.items() if not name.startswith("OENSKEBOT_")}
        given = {"DATABASE_URL": f"sqlite:///{self.database}", "SECRET_KEY": KEY, "HTTP_PORT": str(self.port)}
        named = {f"OENSKEBOT_{name}": value for name, value in (given | self.settings).items()}
        program = pathlib.Path(sys.executable).with_name("oenskebot")
        with self._log.open("ab") as log:
            self.process = await asyncio.create_subprocess_exec(
                program, "run", env=own | named, stdout=log, stderr=log, cwd=self.database.parent
            )
        await until(lambda: self._get("/healthz"))

    async def connected(self) -> bool:
        """Whether it says that its chat and it can reach each other."""
        told = await self._get("/readyz")
        return bool(told) and all(told["platforms"].values()) and bool(told["platforms"])

    async def stop(self) -> int:
        """Ask it to stop, as a service manager does; returns its exit code."""
        assert self.process is not None
        self.process.terminate()
        return await asyncio.wait_for(self.process.wait(), PATIENCE)

    async def kill(self) -> None:
        if self.process is not None and self.process.returncode is None:
            self.process.kill()
            await self.process.wait()

    def log(self) -> str:
        return self._log.read_text()

    @property
    def _log(self) -> pathlib.Path:
        return self.database.with_suffix(".log")

    async def _get(self, path: str) -> Any:
        assert self.process is not None
        assert self.process.returncode is None, self.log()
        with contextlib.suppress(aiohttp.ClientError):
            async with aiohttp.ClientSession(self.address) as client, client.get(path) as answer:
                return await answer.json() if answer.status == 200 else None
        return None


class Beside:
    """What the people of a chat have in common who talk to a program that nobody can look into: they wait and see."""

    program: Program
    storage: Storage

    async def settle(self, person: str = "") -> None:
        """Wait until nothing is left to be sent."""

        async def sent() -> bool:
            async with self.storage.read() as session:
                return not (await outbox.count_unsent(session)).get(OutboxState.PENDING)

        await until(sent)


class SlackBeside(Beside, slack.SlackDriver):
    async def click_unseen(self, person: str, poll: SeenMessage, emoji: str) -> None:
        self.double.people.change_reaction(slack.user_id(person), self._find(poll), emoji)


class MattermostBeside(Beside, mattermost.MattermostPeople):
    async def click_unseen(self, person: str, poll: SeenMessage, emoji: str) -> None:
        await self.people[person].react(poll.id, emoji, on=True)


Driver = SlackBeside | MattermostBeside


@dataclass(frozen=True)
class Account:
    """The bot on the Mattermost server."""

    user: str


@asynccontextmanager
async def slack_beside(database: pathlib.Path, storage: Storage, *, http: bool) -> AsyncIterator[SlackBeside]:
    clock = MovableClock(ticks=True)
    program = Program(database, {"SLACK_BOT_TOKEN": BOT_TOKEN})
    wanted = manifest(http=program.address if http else "")
    double = SlackDouble(lambda: clock.now().timestamp(), wanted)
    slack._fill(double, PEOPLE)
    async with double.running():
        program.settings |= {"SLACK_SIGNING_SECRET": SECRET} if http else {"SLACK_APP_TOKEN": APP_TOKEN}
        program.settings["SLACK_API_URL"] = double.api
        double.requests.url = f"{program.address}/slack/events"
        driver = SlackBeside(double, None, None, clock)  # type: ignore[arg-type] # nobody looks into it
        driver.program, driver.storage = program, storage
        yield driver


@asynccontextmanager
async def mattermost_beside(database: pathlib.Path, storage: Storage) -> AsyncIterator[MattermostBeside]:
    server = MattermostDouble(lambda: int(time.time() * 1000))
    program = Program(database, {})
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(server.serve())
        user, token = server.add_bot("oenskebot", "Ønskebot")
        words = [word for words in COMMANDS.values() for word in words]
        tokens = [server.add_command(word, f"{program.address}/mattermost/command") for word in words]
        program.settings = {
            "MATTERMOST_URL": server.address,
            "MATTERMOST_TOKEN": token,
            "MATTERMOST_COMMAND_TOKENS": ",".join(tokens),
        }
        members = {someone.user: server.add_person(someone.user, someone.name) for someone in PEOPLE}
        everybody = {user, *(one for one, _ in members.values())}
        channels = {name: server.add_channel(title, everybody) for name, title in mattermost.CHANNELS.items()}
        session = await stack.enter_async_context(aiohttp.ClientSession())
        clients = {}
        for someone in PEOPLE:
            person = Person(session, server.address, *members[someone.user], server.team)
            person.name = someone.name
            clients[someone.user] = await stack.enter_async_context(person.online())
        account: Any = Account(user)
        driver = MattermostBeside(account, people=clients, channels=channels, clock=MovableClock(ticks=True))
        driver.program, driver.storage = program, storage
        yield driver


@pytest.fixture(params=["slack", "slack over http", "mattermost"])
async def chat(request: pytest.FixtureRequest, tmp_path: pathlib.Path) -> AsyncIterator[Driver]:
    database = tmp_path / "run.db"
    storage = Storage(f"sqlite:///{database}")
    await schema.upgrade(storage)
    async with (
        mattermost_beside(database, storage)
        if request.param == "mattermost"
        else slack_beside(database, storage, http=request.param == "slack over http")
    ) as driver:
        try:
            yield driver
        finally:
            await driver.program.kill()
            await storage.dispose()


async def _form(chat: Driver, person: str, command: str) -> None:
    await chat.say(person, "group", command)
    await until(lambda: chat.form(person))


async def _poll(chat: Driver) -> SeenMessage | None:
    found = (one for one in await chat.messages("anna", "group") if "Prioritering" in one.text)
    return next((one for one in found if "two" in one.reactions), None)


async def test_a_group_is_founded_a_wish_made_and_after_a_stop_no_click_is_missing(chat: Driver) -> None:
    await chat.program.start()
    await until(chat.program.connected)
    await _form(chat, "anna", "/gruppe opret")
    favrskov = "Favrskov" if chat.platform == "mattermost" else "710"
    assert await chat.submit("anna", {"product": "OS2test", "municipality": favrskov}) == {}
    await _form(chat, "bo", "/ønske")
    assert await chat.submit("bo", {"title": "Vis mailadresse", "need": "Vi leder hver dag."}) == {}
    texts = await until(lambda: _texts_with(chat, "#1 Vis mailadresse"))
    assert len(texts) == 1
    await make_ready(chat.storage, "Hurtigere søgning", "Nyt login")
    await _form(chat, "anna", "/afstemning")
    assert await chat.submit("anna", {"title": "Prioritering"}) == {}
    poll = await until(lambda: _poll(chat))
    assert await chat.program.stop() == 0, chat.program.log()
    await chat.click_unseen("anna", poll, "one")
    await chat.program.start()
    await until(lambda: _texts_with(chat, "1 af 1 kommune"))
    assert await chat.program.stop() == 0, chat.program.log()
    assert "Traceback" not in chat.program.log(), chat.program.log()


async def _texts_with(chat: Driver, words: str) -> list[str]:
    return [one.text for one in await chat.messages("anna", "group") if words in one.text]
