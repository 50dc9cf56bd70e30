"""The one HTTP server: the platforms' callbacks, health for whoever watches over the bot, and metrics."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

import structlog
from aiohttp import hdrs, web
from aiohttp.typedefs import Handler, Middleware
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Gauge, ProcessCollector, generate_latest
from sqlalchemy import text

from bot.port import Platform
from storage.enums import OutboxState
from storage.models.exchange import OutboxRow
from storage.queries import outbox
from storage.session import Storage

LARGEST_BODY = 1024**2
BODY_PATIENCE = 10.0
"""Seconds in which a call must have come whole: who sends a letter now and then keeps no place for ever."""

LOOPBACK = "127.0.0.1"
EVERYWHERE = "0.0.0.0"  # noqa: S104 - a value that a setting may have, not a default

FORWARDED = frozenset((hdrs.FORWARDED, hdrs.X_FORWARDED_FOR))
"""What a proxy adds: whoever calls through one on this machine is not this machine."""

log = structlog.get_logger()


def make_web(
    routes: Iterable[web.RouteDef],
    storage: Storage,
    registry: CollectorRegistry,
    middlewares: Iterable[Middleware] = (),
    *,
    platforms: Iterable[Platform] = (),
    metrics_host: str = LOOPBACK,
) -> web.Application:
    """The server's application with the platforms' routes and its own. Six arguments, as two are for those alone who
    serve more than the routes.

    Args:
        platforms: those whose connection is told of.
        metrics_host: from where `/metrics` may be read: this machine, one address, or everywhere (`0.0.0.0`).
    """
    platforms = tuple(platforms)
    app = web.Application(client_max_size=LARGEST_BODY, middlewares=[*middlewares, _guard])

    measures = _Measures(registry)

    async def health(_request: web.Request) -> web.Response:
        return web.json_response({"ok": True})

    async def ready(_request: web.Request) -> web.Response:
        async with storage.read() as session:
            await session.execute(text("SELECT 1"))
        return web.json_response({"ok": True, "platforms": {one.name: one.connected for one in platforms}})

    async def metrics(request: web.Request) -> web.Response:
        if metrics_host != EVERYWHERE and (
            request.remote not in (LOOPBACK, "::1", metrics_host) or FORWARDED & request.headers.keys()
        ):
            raise web.HTTPNotFound
        async with storage.read() as session:
            measures.take(await outbox.count_unsent(session), await outbox.list_held(session))
        measures.look_at(platforms)
        return web.Response(body=generate_latest(registry), headers={"Content-Type": CONTENT_TYPE_LATEST})

    app.add_routes([web.get("/healthz", health), web.get("/readyz", ready), web.get("/metrics", metrics), *routes])
    return app


def make_callbacks(routes: Iterable[web.RouteDef]) -> web.Application:
    """A platform's callbacks and nothing else, for an address that only its server reaches."""
    app = web.Application(client_max_size=LARGEST_BODY, middlewares=[_guard])
    app.add_routes(routes)
    return app


class _Measures:
    """What `/metrics` shows: the process itself, and the messages that have not come out, by their state; of those that
    wait because a try failed, also by what the chat said; and which chats are connected."""

    def __init__(self, registry: CollectorRegistry) -> None:
        ProcessCollector(registry=registry)
        self._unsent = {
            OutboxState.PENDING: Gauge("oenskebot_messages_waiting", "Messages still to be sent", registry=registry),
            OutboxState.PARKED: Gauge("oenskebot_messages_parked", "Messages that can't be sent", registry=registry),
        }
        held = "Messages still to be sent that a try failed for, by the reason"
        self._held = Gauge("oenskebot_messages_held", held, ["reason"], registry=registry)
        connected = "Whether the chat and the bot can reach each other"
        self._connected = Gauge("oenskebot_connected", connected, ["platform"], registry=registry)

    def look_at(self, platforms: Iterable[Platform]) -> None:
        """Whether their connections stand now."""
        for one in platforms:
            self._connected.labels(one.name).set(one.connected)

    def take(self, unsent: Mapping[OutboxState, int], held: Sequence[OutboxRow]) -> None:
        """What is shown from now on."""
        for state, gauge in self._unsent.items():
            gauge.set(unsent.get(state, 0))
        self._held.clear()
        for reason, count in Counter(row.reason for row in held).items():
            self._held.labels(reason).set(count)


@web.middleware
async def _guard(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Reads what comes with a call, whoever sent it, and gives headers that keep a page of ours from being used by
    others."""
    await _read_whole(request)
    response: web.StreamResponse = await handler(request)
    if not response.prepared:
        response.headers.setdefault("X-Content-Type-Options", "nosniff")
        response.headers.setdefault("X-Frame-Options", "DENY")
        response.headers.setdefault("Referrer-Policy", "no-referrer")
        response.headers.setdefault(
            "Content-Security-Policy",
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
            "form-action 'none'; frame-ancestors 'none'; base-uri 'none'",
        )
    return response


async def _read_whole(request: web.Request) -> None:
    """What can't be read, or is broken off, is refused with one line in the log; whoever asks later has it already."""
    try:
        async with asyncio.timeout(BODY_PATIENCE):
            await request.read()
    except (web.RequestPayloadError, ConnectionError, TimeoutError) as error:
        log.warning("unreadable_request", remote=request.remote, kind=type(error).__name__)
        raise (web.HTTPRequestTimeout if isinstance(error, TimeoutError) else web.HTTPBadRequest) from error
