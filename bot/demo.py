"""Runs the local workspace with the sample group: no tokens, no chat platform, one command."""

from __future__ import annotations

import contextlib
import datetime as dt
import errno
import pathlib
import socket
import tempfile
import webbrowser
from collections.abc import AsyncIterator
from dataclasses import dataclass

import click
from aiohttp import web
from prometheus_client import CollectorRegistry

from bot.clock import MovableClock, SystemClock
from bot.ids import new_id
from bot.office import Given
from bot.platforms.local.bodies import guard
from bot.platforms.local.platform import House, LocalPlatform
from bot.platforms.local.receive import routes
from bot.runtime import Runtime
from bot.sample.seed import Seeding
from bot.settings import Settings
from bot.stopping import stop_asked
from bot.timetable import move_clock
from bot.upkeep import Failed, check_folder_of, say_report
from bot.web import make_web
from handlers.wishes.importing import UnreadableFile
from locales import translate
from storage import schema
from storage.models.exchange import Installation
from storage.queries import outbox
from storage.session import Storage

LAST_PORT = 65535


@dataclass(frozen=True)
class DemoOptions:
    """What the command line says. `database` is empty for a new one that is thrown away at the end."""

    host: str
    port: int
    database: str = ""
    empty: bool = False
    browser: bool = True
    file: pathlib.Path | None = None


async def run_demo(options: DemoOptions, settings: Settings) -> None:
    """Serve the workspace until it is stopped by a signal.

    Raises:
        Failed: its port is taken, the database's folder does not exist, or the file of wishes can't be read.
    """
    with contextlib.ExitStack() as stack:
        url = options.database or _throwaway(stack)
        check_folder_of(url)
        try:
            _try_port(options)
            async with serving(options, settings, url) as address:
                click.echo(translate("cli.demo.ready", address=address))
                if options.browser:
                    webbrowser.open(address)
                await stop_asked().wait()
        except UnreadableFile as error:
            raise Failed(str(error)) from error
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise
            raise Failed(_port_taken(options)) from error


@contextlib.asynccontextmanager
async def serving(options: DemoOptions, settings: Settings, url: str) -> AsyncIterator[str]:
    """The workspace on its address, for as long as the block lasts."""
    storage = Storage(url)
    try:
        clock = await _fill(storage, options, settings)
    except BaseException:
        await storage.dispose()
        raise
    keys = settings.keys or (await _own_key(storage),)
    runtime = Runtime(storage, Given(clock, new_id, settings.zone, settings.locale), keys)

    async def mover(to: dt.datetime) -> None:
        await move_clock(clock, runtime.timetable, runtime.settle, to)
        await _write_clock(storage, clock)

    house = House(runtime.app.answer, runtime.settle, mover, runtime.app.words, str(settings.zone))
    platform = LocalPlatform(storage, clock, house)
    runtime.platforms.add(platform)
    async with storage.write() as session:
        await outbox.release_all_leases(session, platform.name)
    runtime.start()
    app = make_web(routes(platform), storage, CollectorRegistry(), [guard(options.host)], platforms=[platform])
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
    await runner.setup()
    try:
        await web.TCPSite(runner, options.host, options.port).start()
        yield _address(options)
    finally:
        platform.stopping.set()
        await runner.cleanup()
        await runtime.stop()


async def _fill(storage: Storage, options: DemoOptions, settings: Settings) -> MovableClock:
    """The sample group, where there is none yet, and the workspace's clock."""
    await schema.upgrade(storage)
    clock = MovableClock(await _read_clock(storage), ticks=True)
    taken = await Seeding(storage, clock.now(), new_id, settings.locale).run(options.file, empty=options.empty)
    if taken is not None and options.file is not None:
        say_report(taken)
    return clock


def _throwaway(stack: contextlib.ExitStack) -> str:
    folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="oenskebot-", ignore_cleanup_errors=True))
    return f"sqlite+aiosqlite:///{pathlib.Path(folder) / 'demo.db'}"


def _address(options: DemoOptions) -> str:
    return f"http://{_shown(options.host)}:{options.port}/"


def _try_port(options: DemoOptions) -> None:
    """A port that is taken is known at once, before a database is made for nothing."""
    family = socket.AF_INET6 if ":" in options.host else socket.AF_INET
    socket.create_server((options.host, options.port), family=family).close()


def _port_taken(options: DemoOptions) -> str:
    other = options.port + 1 if options.port < LAST_PORT else options.port - 1
    return translate("cli.demo.port_taken", port=options.port, address=_address(options), other=other)


def _shown(host: str) -> str:
    return f"[{host}]" if ":" in host else host


async def _own_key(storage: Storage) -> str:
    """A signing key of this database's own, so that buttons still work after a restart."""
    async with storage.write() as session:
        known = await session.get(Installation, "signing_key")
        if known is None:
            known = Installation(name="signing_key", value=new_id() + new_id())
            session.add(known)
        return known.value


async def _read_clock(storage: Storage) -> dt.datetime:
    """The machine's time, or later where this workspace's clock had been moved further."""
    now = SystemClock().now()
    async with storage.read() as session:
        ahead = await session.get(Installation, "clock_ahead")
    return now + dt.timedelta(seconds=float(ahead.value)) if ahead else now


async def _write_clock(storage: Storage, clock: MovableClock) -> None:
    ahead = str((clock.now() - SystemClock().now()).total_seconds())
    async with storage.write() as session:
        known = await session.get(Installation, "clock_ahead")
        if known is None:
            session.add(Installation(name="clock_ahead", value=ahead))
        else:
            known.value = ahead
