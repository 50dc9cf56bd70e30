"""The bot beside the Mattermost double: a real HTTP server and a real websocket, which can be stopped and started."""

from __future__ import annotations

import socket
from collections.abc import Callable
from contextlib import AsyncExitStack

from aiohttp import web
from prometheus_client import CollectorRegistry

from bot.clock import MovableClock
from bot.platforms.mattermost.platform import MattermostPlatform
from bot.platforms.mattermost.receive import routes
from bot.runtime import Runtime
from bot.seals import Seals
from bot.web import make_web
from handlers.chat.router import COMMANDS
from storage.session import Storage
from tests.conftest import KEY, ZONE, Counter
from tests.doubles.mattermost import MattermostDouble


class Bot:
    """The bot on one address. It keeps its database and its address over a restart, and nothing else."""

    runtime: Runtime
    platform: MattermostPlatform

    def __init__(self, server: MattermostDouble, storage: Storage, clock: MovableClock) -> None:
        self.server = server
        self.user, self.token = server.add_bot("oenskebot", "Ønskebot")
        self._socket = socket.create_server(("127.0.0.1", 0))  # kept open, so that nobody else gets the port
        self.address = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        words = [word for words in COMMANDS.values() for word in words]
        self.command_tokens = tuple(server.add_command(word, f"{self.address}/mattermost/command") for word in words)
        self._storage = storage
        self._clock = clock
        self._new_id: Callable[[], str] = Counter()
        self._running = AsyncExitStack()

    async def start(self) -> None:
        runtime = Runtime(self._storage, self._clock, self._new_id, keys=(KEY,), zone=ZONE, language="da")
        platform = MattermostPlatform(
            self.server.address,
            self.token,
            command_tokens=self.command_tokens,
            callback_url=self.address,
            storage=self._storage,
            seals=Seals((KEY,)),
            clock=self._clock,
            zone=ZONE,
            language="da",
            answer=runtime.app.answer,
            wake=runtime.delivery.wake,
            resync=lambda: runtime.reconcile("mattermost"),
        )
        runtime.platforms.add(platform)
        self.runtime, self.platform = runtime, platform
        runner = web.AppRunner(make_web(routes(platform), self._storage, CollectorRegistry()))
        await runner.setup()
        self._running.push_async_callback(runner.cleanup)
        await web.SockSite(runner, self._socket.dup()).start()
        await platform.start()
        self._running.push_async_callback(platform.stop)
        await platform.caught_up()

    async def stop(self) -> None:
        await self._running.aclose()

    def hang_up(self) -> None:
        """Give the address back."""
        self._socket.close()

    async def restart(self) -> None:
        await self.stop()
        await self.start()
