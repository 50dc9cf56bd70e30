"""The bot beside a Mattermost server: a real HTTP server and a real websocket, which can be stopped and started."""

from __future__ import annotations

import dataclasses
import datetime as dt
import socket
from collections.abc import Callable
from contextlib import AsyncExitStack
from typing import Any

import aiohttp
from aiohttp import web
from aiohttp.typedefs import Handler
from prometheus_client import CollectorRegistry

from bot.clock import MovableClock
from bot.office import Given
from bot.platforms.mattermost.clicks import Hint
from bot.platforms.mattermost.client import NewPost, Reaction
from bot.platforms.mattermost.house import Access, House
from bot.platforms.mattermost.platform import MattermostPlatform
from bot.platforms.mattermost.receive import routes
from bot.runtime import Runtime
from bot.seals import Seals
from bot.web import make_web
from handlers.chat.router import COMMANDS
from storage.session import Storage
from tests.conftest import KEY, ZONE, Counter, at_once
from tests.doubles.mattermost import MattermostDouble
from tests.mattermost.catching_up import CatchingUp


class Bot:
    """The bot on one address. It keeps its database and its address over a restart, and nothing else.

    `user`, `token` and `command_tokens` are the server's word, and are set before the start. `called` is what the
    server last called it with, and `calls` how often it has; `buttons` is what its messages' buttons carry, by the
    message's id. `moves_times`: the server's time can't be moved, so that what it tells of clicks is moved with the
    bot's clock.
    """

    runtime: Runtime
    platform: MattermostPlatform

    def __init__(
        self, server_address: str, storage: Storage, clock: MovableClock, new_id: Callable[[], str] | None = None
    ) -> None:
        self.server_address = server_address
        self.user, self.token = "", ""
        self.command_tokens: tuple[str, ...] = ()
        self.calls = 0
        self.called: tuple[str, bytes, str] = ("", b"", "")
        self.buttons: dict[str, list[dict[str, Any]]] = {}
        self.moves_times = False
        self._socket = socket.create_server(("127.0.0.1", 0))  # kept open, so that nobody else gets the port
        self.address = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        self._storage = storage
        self._clock = clock
        self._new_id = new_id or Counter()
        self._running = AsyncExitStack()

    def belong_to(self, server: MattermostDouble) -> None:
        """Have an account and commands there."""
        self.user, self.token = server.add_bot("oenskebot", "Ønskebot")
        words = [word for words in COMMANDS.values() for word in words]
        self.command_tokens = tuple(server.add_command(word, f"{self.address}/mattermost/command") for word in words)

    async def start(self, *, listens: bool = True) -> None:
        """Begin. `listens`: wait until all that the server tells at first has been heard."""
        runtime = Runtime(self._storage, Given(self._clock, self._new_id, ZONE, "da", at_once), (KEY,))
        access = Access(self.server_address, self.token, self.command_tokens, self.address)
        house = House(
            storage=self._storage,
            seals=Seals((KEY,)),
            clock=self._clock,
            zone=ZONE,
            language="da",
            answer=runtime.app.answer,
            wake=runtime.delivery.wake,
            resync=lambda: runtime.reconcile("mattermost"),
            let_in=lambda: runtime.delivery.try_parked("mattermost"),
        )
        platform = MattermostPlatform(access, house)
        runtime.platforms.add(platform)
        self.runtime, self.platform = runtime, platform
        self._catching_up = CatchingUp(platform)
        self._note_buttons()
        if self.moves_times:
            self._move_times()
        runner = web.AppRunner(make_web(routes(platform), self._storage, CollectorRegistry(), [self._note_call]))
        await runner.setup()
        self._running.push_async_callback(runner.cleanup)
        await web.SockSite(runner, self._socket.dup()).start()
        await platform.start()
        self._running.push_async_callback(platform.stop)
        if listens:
            await self.caught_up()

    async def caught_up(self) -> None:
        """All that the server has told so far has been dealt with."""
        await self._catching_up.all()

    async def stop(self) -> None:
        await self._running.aclose()

    def hang_up(self) -> None:
        """Give the address back."""
        self._socket.close()

    async def restart(self) -> None:
        await self.stop()
        await self.start()

    async def call_again(self) -> None:
        """Let the server's last call arrive once more, as a proxy does that lost the answer."""
        path, body, media_type = self.called
        async with aiohttp.ClientSession() as session:
            await session.post(f"{self.address}{path}", data=body, headers={"Content-Type": media_type})

    def _note_buttons(self) -> None:
        """No server tells what a button carries: only who put it there knows."""
        create = self.platform.client.create_post

        async def noted(post: NewPost) -> str:
            made = await create(post)
            attachments = post.props.get("attachments", ())
            self.buttons[made] = [action for one in attachments for action in one.get("actions", ())]
            return made

        self.platform.client.create_post = noted  # type: ignore[method-assign] # looked at on its way

    def _move_times(self) -> None:
        listed = self.platform.client.list_reactions

        async def moved(post: str) -> list[Reaction] | None:
            ahead = self._clock.now() - dt.datetime.now(dt.UTC)
            found = await listed(post)
            return None if found is None else [dataclasses.replace(one, at=one.at + ahead) for one in found]

        take = self.platform._clicks.take

        async def moved_hints(hints: list[Hint]) -> None:
            ahead = self._clock.now() - dt.datetime.now(dt.UTC)
            await take([dataclasses.replace(one, off_at=one.off_at + ahead if one.off_at else None) for one in hints])

        self.platform.client.list_reactions = moved  # type: ignore[method-assign] # looked at on its way
        self.platform._clicks.take = moved_hints  # type: ignore[method-assign] # looked at on its way

    @web.middleware
    async def _note_call(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        self.called = (request.path, await request.read(), request.headers.get("Content-Type", ""))
        self.calls += 1
        return await handler(request)
