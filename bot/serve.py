"""Runs the bot on every chat platform that is set up, until it is told to stop."""

from __future__ import annotations

import contextlib
import errno
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Protocol

import click
import structlog
from aiohttp import web
from prometheus_client import CollectorRegistry

from bot.clock import SystemClock
from bot.ids import new_id
from bot.office import Given
from bot.originals import Originals
from bot.platforms.mattermost.house import Access as MattermostAccess
from bot.platforms.mattermost.house import House
from bot.platforms.mattermost.platform import MattermostPlatform
from bot.platforms.mattermost.receive import routes as mattermost_routes
from bot.platforms.slack.platform import API, Access, SlackPlatform
from bot.platforms.slack.platform import House as SlackHouse
from bot.port import Answer, Platform, PlatformError
from bot.runtime import Runtime
from bot.settings import Settings
from bot.stopping import stop_asked
from bot.upkeep import Failed, opened
from bot.web import make_callbacks, make_web
from handlers.chat.interactions import Interaction
from locales import join_words, translate

log = structlog.get_logger()


class Running(Platform, Protocol):
    """A platform that can be started and stopped."""

    async def start(self) -> None: ...

    async def stop(self) -> None: ...


async def serve(settings: Settings) -> None:
    """Run until a signal says stop.

    Raises:
        Failed: nothing is set up, a key is missing or too short, or the schema is not this program's.
    """
    if told := settings.short_key():
        raise Failed(told)
    if not (settings.slack_bot_token or settings.mattermost_url):
        raise Failed(translate("cli.run.nothing"))
    if told := settings.key_trouble():
        raise Failed(told)
    async with opened(settings) as storage:
        given = Given(SystemClock(), new_id, settings.zone, settings.locale)
        runtime = Runtime(storage, given, settings.keys)
        platforms, routes, apart = make_platforms(settings, runtime)
        stopped = stop_asked()
        app = make_web(routes, storage, CollectorRegistry(), platforms=platforms, metrics_host=settings.metrics_host)
        async with contextlib.AsyncExitStack() as stack, contextlib.AsyncExitStack() as doors:
            await doors.enter_async_context(_listening(app, settings.http_host, settings.http_port))
            if settings.callback_site is not None:
                await doors.enter_async_context(_listening(make_callbacks(apart), *settings.callback_site))
            await _start(platforms, runtime, stack)
            click.echo(translate("cli.run.ready", platforms=join_words(one.name for one in platforms)))
            await stopped.wait()


def make_platforms(
    settings: Settings, runtime: Runtime
) -> tuple[list[Running], list[web.RouteDef], list[web.RouteDef]]:
    """The platforms that are set up, what they want served over HTTP with the rest, and what by itself."""
    platforms: list[Running] = []
    routes: list[web.RouteDef] = []
    apart: list[web.RouteDef] = []
    answer = _answering(runtime)
    if settings.slack_bot_token:
        slack = _slack(settings, runtime, answer)
        platforms.append(slack)
        routes += slack.routes()
    if settings.mattermost_url:
        mattermost = _mattermost(settings, runtime, answer)
        platforms.append(mattermost)
        (routes if settings.callback_site is None else apart).extend(mattermost_routes(mattermost))
    return platforms, routes, apart


def _answering(runtime: Runtime) -> Callable[[Interaction], Awaitable[Answer]]:
    async def answer(interaction: Interaction) -> Answer:
        given = await runtime.app.answer(interaction)
        runtime.delivery.wake()
        return given

    return answer


def _slack(settings: Settings, runtime: Runtime, answer: Callable[[Interaction], Awaitable[Answer]]) -> SlackPlatform:
    access = Access(
        settings.slack_bot_token,
        settings.slack_app_token,
        settings.slack_signing_secret,
        settings.slack_api_url or API,
    )
    house = SlackHouse(
        answer,
        settings.locale,
        resync=lambda: runtime.reconcile("slack"),
        let_in=lambda: runtime.delivery.try_parked("slack"),
        outage=runtime.tell_outage,
        own=Originals(runtime.storage, "slack"),
    )
    return SlackPlatform(access, house)


def _mattermost(
    settings: Settings, runtime: Runtime, answer: Callable[[Interaction], Awaitable[Answer]]
) -> MattermostPlatform:
    access = MattermostAccess(
        settings.mattermost_url, settings.mattermost_token, settings.command_tokens, settings.callback_address
    )
    house = House(
        storage=runtime.storage,
        seals=runtime.seals,
        clock=runtime.clock,
        zone=settings.zone,
        language=settings.locale,
        answer=answer,
        wake=runtime.delivery.wake,
        resync=lambda: runtime.reconcile("mattermost"),
        let_in=lambda: runtime.delivery.try_parked("mattermost"),
    )
    return MattermostPlatform(access, house)


async def _start(platforms: list[Running], runtime: Runtime, stack: contextlib.AsyncExitStack) -> None:
    """Begin, and leave to the stack what ends it."""
    stack.push_async_callback(runtime.stop)  # the last to stop: what the platforms still deliver needs the database
    for platform in platforms:
        try:
            await platform.start()
        except PlatformError as error:
            raise Failed(translate("cli.run.refused", platform=platform.name, reason=error.reason)) from error
        stack.push_async_callback(platform.stop)
        runtime.platforms.add(platform)
    runtime.start()
    stack.push_async_callback(runtime.delivery.stop)  # the first to stop: what is on its way needs the platforms


@contextlib.asynccontextmanager
async def _listening(app: web.Application, host: str, port: int) -> AsyncIterator[None]:
    """An HTTP server, open while the bot still introduces itself to the chats: whoever watches over it sees it."""
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    try:
        try:
            await web.TCPSite(runner, host, port).start()
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise
            raise Failed(translate("cli.run.port_taken", port=port)) from error
        log.info("listening", host=host, port=port)
        yield
    finally:
        await runner.cleanup()
