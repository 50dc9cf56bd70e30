"""The bot beside the Mattermost double: a real HTTP server and a real websocket, which can be stopped and started."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AsyncExitStack

from aiohttp.test_utils import TestServer, unused_port
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
        self.port = unused_port()
        self.address = f"http://127.0.0.1:{self.port}"
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
        web = make_web(routes(platform), self._storage, CollectorRegistry())
        await self._running.enter_async_context(TestServer(web, port=self.port))
        await platform.start()
        self._running.push_async_callback(platform.stop)
        await platform.caught_up()

    async def stop(self) -> None:
        await self._running.aclose()

    async def restart(self) -> None:
        await self.stop()
        await self.start()
