"""Slack as the bot sees it: one workspace, through a websocket or over HTTP, whichever the settings give."""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

import aiohttp
import structlog
from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.async_app import AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.signature import SignatureVerifier
from slack_sdk.web.async_client import AsyncWebClient

from bot.platforms.slack.calls import BOT_TOKEN, TIMEOUT, Calls
from bot.platforms.slack.directory import Directory
from bot.platforms.slack.listen import UNREADABLE, Errands, Listener, Malformed, refuse
from bot.platforms.slack.manifest import HISTORY_SCOPES, PATH
from bot.platforms.slack.pace import Pace
from bot.platforms.slack.receive import NAME, Receiver
from bot.platforms.slack.respond import Responder
from bot.platforms.slack.send import SlackSender
from bot.platforms.slack.socket import APP_TOKEN, PING, Hooks, Socket, reason_of
from bot.platforms.slack.twins import Nothing
from bot.port import Answer, Outage, Own, PlatformError, Traits
from handlers.chat.interactions import Interaction

API = "https://slack.com/api/"

LOOKED_AT = 1800.0
"""Seconds that somebody is taken to look at their home page; Slack tells when it is opened, not when it is closed."""

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Access:
    """What Slack gave for this workspace: with an app token everything comes through a websocket, with a signing
    secret over HTTP. `api` is the address of its interface."""

    bot_token: str
    app_token: str = ""
    signing_secret: str = ""
    api: str = API

    def __post_init__(self) -> None:
        if not (self.app_token or self.signing_secret):
            raise ValueError("without an app token or a signing secret nothing that comes can be trusted")


async def _nothing() -> None:
    return None


async def _unsaid(_outage: Outage) -> None:
    return None


@dataclass(frozen=True, slots=True)
class House:
    """The bot.

    Args:
        answer: hands an interaction to it; when it returns, what was decided is committed.
        language: spoken to those who have said none.
        resync: the websocket was gone for a moment: clicks may have been missed.
        let_in: the bot was let into a channel, or one was opened again: what it could not write there may go out now.
        outage: the bot is, or was, cut off for longer: somebody has to be told.
        own: which of its messages the bot remembers.
    """

    answer: Callable[[Interaction], Awaitable[Answer]]
    language: str = "da"
    resync: Callable[[], Awaitable[None]] = _nothing
    let_in: Callable[[], Awaitable[None]] = _nothing
    outage: Callable[[Outage], Awaitable[None]] = _unsaid
    own: Own = field(default_factory=Nothing)


@dataclass(frozen=True, slots=True)
class Tempo:
    """How fast things go.

    Args:
        tally: least seconds between two updates of a message's tally.
        ping: seconds between two pings on the websocket.
        call: seconds that a call may take.
        pace: the rate limits, and the clock that goes with them; a test may let it run faster.
    """

    tally: float = 3.0
    ping: float = PING
    call: float = TIMEOUT
    pace: Pace = field(default_factory=Pace)


class SlackPlatform(SlackSender):
    """One workspace. `workspace` and `traits` are known after `start`.

    Args:
        access: tokens, secret and address.
        house: the bot.
        tempo: how fast things go.
    """

    name = NAME

    def __init__(self, access: Access, house: House, tempo: Tempo | None = None) -> None:
        for noisy in ("slack_sdk", "slack_sdk.socket", "slack_bolt"):
            logging.getLogger(noisy).setLevel(logging.WARNING)  # below that they write out every message
        client = AsyncWebClient(
            access.bot_token, base_url=access.api or API, retry_handlers=[], logger=logging.getLogger("slack_sdk")
        )
        tempo = tempo or Tempo()
        calls = Calls(client, tempo.pace, tempo.call)
        calls.on_refused = self._on_refused
        super().__init__(calls, Directory(calls, tempo.pace.now), house.own)
        self.traits = Traits(tally_seconds=tempo.tally, looks_for_marks=False, board_seconds=LOOKED_AT)
        self.scopes: frozenset[str] = frozenset()
        self._access = access
        self._client = client
        self._house = house
        self._ping = tempo.ping
        self._app: AsyncApp | None = None
        self._listener: Listener | None = None
        self._socket: Socket | None = None
        self._meeting: asyncio.Task[None] | None = None

    @property
    def connected(self) -> bool:
        """Whether the bot can hear and speak: over HTTP only Slack itself can tell whether it is heard."""
        if self._app is None or self._calls.refused:
            return False
        return not self._access.app_token or (self._socket is not None and self._socket.connected)

    async def start(self) -> None:
        """Find out who the bot is, and begin to listen.

        Raises:
            PlatformError: Slack refuses a token or can't be reached.
        """
        timeout = aiohttp.ClientTimeout(total=TIMEOUT)
        self._client.session = aiohttp.ClientSession(timeout=timeout)
        try:
            await self._introduce()
            if self._access.app_token:
                await self._listen()
        except BaseException:
            await self.stop()
            raise
        self._meeting = asyncio.create_task(self._directory.meet_everybody(), name="slack-people")

    async def stop(self) -> None:
        """Hear no more, finish the answers that are under way, and let go of every connection."""
        if self._socket is not None:
            await self._socket.stop()
        if self._meeting is not None:
            self._meeting.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._meeting
        if self._listener is not None:
            await self._listener.answered()
        await self._directory.stop()
        if self._client.session is not None:
            await self._client.session.close()

    async def settled(self) -> None:
        """Wait until every answer that is on its way has been given."""
        if self._listener is not None:
            await self._listener.answered()

    def routes(self) -> list[web.RouteDef]:
        """What the HTTP server offers Slack: nothing where everything comes through the websocket."""
        return [] if self._access.app_token else [web.post(PATH, self._on_request)]

    async def _introduce(self) -> None:
        told = await self._calls.call("auth.test")
        self._me = str(told["user_id"])
        self.workspace = str(told["team_id"])
        granted = str(told["headers"].get("x-oauth-scopes") or "")
        self.scopes = frozenset(scope.strip() for scope in granted.split(",") if scope.strip())
        history = self.scopes >= set(HISTORY_SCOPES)
        self.traits = dataclasses.replace(self.traits, looks_for_marks=history)
        self.address = str(told.get("url") or "https://slack.com/")
        receiver = Receiver(self.workspace, self.address, self._directory)
        house = self._house
        errands = Errands(house.answer, house.let_in)
        self._listener = Listener(receiver, Responder(self._calls, self), errands, language=house.language)
        self._app = self._listener.make_app(self._client, self._me, self._access.signing_secret)
        log.info("slack_introduced", workspace=self.workspace, history=history)

    async def _listen(self) -> None:
        assert self._app is not None
        hooks = Hooks(self._house.resync, self._on_deaf)
        self._socket = Socket(self._app, self._access.app_token, hooks, self._ping)
        try:
            await self._socket.start()
        except SlackApiError as error:
            raise PlatformError(f"apps.connections.open: {reason_of(error)} ({APP_TOKEN})") from error
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise PlatformError(f"the websocket could not be opened: {type(error).__name__}") from error

    async def _on_deaf(self, seconds: float, over: bool) -> None:
        await self._house.outage(Outage(NAME, "deaf", seconds, APP_TOKEN, over=over))

    async def _on_refused(self, seconds: float, over: bool) -> None:
        await self._house.outage(Outage(NAME, "mute", seconds, BOT_TOKEN, over=over))

    async def _on_request(self, request: web.Request) -> web.Response:
        """Verify the signature and the age before anything is read."""
        if self._app is None:
            raise web.HTTPServiceUnavailable
        if not _is_signed(await request.read(), request.headers, self._access.signing_secret):
            log.warning("slack_forged_request", remote=request.remote)
            raise web.HTTPUnauthorized
        try:
            asked = await to_bolt_request(request)
            if not isinstance(asked.body.get("event", {}), dict):
                raise TypeError("event")
            answer = await self._app.async_dispatch(asked)
        except UNREADABLE as error:  # Bolt reads before any listener does, and survives nothing but what Slack writes
            answer = refuse(Malformed(type(error).__name__))
        return await to_aiohttp_response(answer)


def _is_signed(body: bytes, headers: Mapping[str, str], secret: str) -> bool:
    """Whether Slack signed this, and within the last five minutes."""
    try:
        return SignatureVerifier(secret).is_valid_request(body, dict(headers))
    except (ValueError, TypeError, OverflowError):  # no number, letters that no signature has, a number without end
        return False
