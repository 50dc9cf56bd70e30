"""Looks at everything that the bot needs: one line per check, and for each failure what mends it."""

from __future__ import annotations

import datetime as dt
from collections.abc import AsyncIterator
from dataclasses import dataclass

import click
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from bot.clock import SystemClock
from bot.platforms.mattermost.checks import check_mattermost
from bot.platforms.mattermost.setup import SetupFailed, Wanted, set_up
from bot.platforms.slack.checks import Reach, check_slack
from bot.platforms.slack.platform import API, Access
from bot.settings import Settings
from bot.upkeep import Failed, check_database
from locales import long_moment, plural, translate
from storage import schema
from storage.enums import Trouble
from storage.models.exchange import OutboxRow
from storage.queries import members, outbox
from storage.session import Storage

A_WHILE = dt.timedelta(minutes=15)
"""A message that has waited so long waits for more than a moment's trouble."""

_MENDS: dict[Trouble | None, str] = {
    Trouble.PLACE: "place",
    Trouble.MESSAGE: "gone",
    Trouble.PERSON: "gone",
    Trouble.POST: "gone",
}
"""What can be done about what was parked: let the bot in, or nothing. All else is a fault that somebody should see."""

LONG_ENOUGH = 32
"""Signs of a key that nobody finds by trying."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One line: what was looked at, whether it is well, and what was found or how to mend it."""

    name: str
    ok: bool
    told: str


async def examine(settings: Settings) -> bool:
    """Say how everything is; returns whether all is well."""
    well = True
    async for finding in _look(settings):
        click.echo(f"{'✓' if finding.ok else '✗'} {finding.name}: {finding.told}")
        well = well and finding.ok
    return well


async def _look(settings: Settings) -> AsyncIterator[Finding]:
    yield _look_at_key(settings)
    try:
        await check_database(settings.database_url)
    except Failed as error:
        yield Finding(translate("cli.doctor.database"), False, str(error))
        return
    storage = Storage(settings.database_url)
    try:
        found = [one async for one in _look_at_database(storage)]
        for one in found:
            yield one
        if all(one.ok for one in found):
            yield await _look_at_held(storage, SystemClock().now())
            async for one in _look_at_parked(storage):
                yield one
            for look in (_look_at_slack, _look_at_mattermost):
                async for one in look(settings, storage):
                    yield one
    finally:
        await storage.dispose()
    if not (settings.slack_bot_token or settings.mattermost_url):
        yield Finding(translate("cli.doctor.platforms"), False, translate("cli.run.nothing"))


def _look_at_key(settings: Settings) -> Finding:
    trouble = settings.key_trouble()
    told = trouble or plural("cli.doctor.keys", len(settings.keys))
    if not trouble and any(len(key) < LONG_ENOUGH for key in settings.keys):
        told = translate("cli.doctor.key_short", wanted=LONG_ENOUGH)
    return Finding(translate("cli.doctor.key"), not trouble, told)


async def set_up_mattermost(
    settings: Settings, admin_token: str, *, team: str, channels: tuple[str, ...], english: bool
) -> None:
    """Make a server ready, and print the settings to give the bot as `NAME=value` lines.

    Raises:
        Failed: no server is named, nothing says where it reaches the bot, or it can't be made ready.
    """
    if not settings.mattermost_url:
        raise Failed(translate("cli.mattermost.no_url"))
    if trouble := settings.no_way_back():
        raise Failed(trouble)
    wanted = Wanted(
        settings.callback_address,
        team,
        channels,
        english,
        known_token=settings.mattermost_token,
        known_command_tokens=settings.command_tokens,
        callback_setting=settings.callback_setting,
    )
    try:
        prepared = await set_up(settings.mattermost_url, admin_token, wanted)
    except SetupFailed as error:
        raise Failed(str(error)) from error
    for line in (*prepared.changed, *prepared.notes):
        click.echo(line, err=True)
    for name, value in prepared.settings.items():
        click.echo(f"{name}={value}")


async def _look_at_mattermost(settings: Settings, storage: Storage) -> AsyncIterator[Finding]:
    if not settings.mattermost_url:
        return
    channels = await _channels(storage, "mattermost")
    url, token = settings.mattermost_url, settings.mattermost_token
    for check in await check_mattermost(url, token, settings.callback_address, channels, SystemClock().now()):
        yield Finding(check.name, check.ok, check.told)


async def _channels(storage: Storage, platform: str) -> list[str]:
    """The channels that groups on a platform have; one that awaits the committee's confirmation by its name."""
    async with storage.read() as session:
        groups = [group for group in await members.list_groups(session) if group.platform == platform]
    return sorted({one for group in groups for one in (group.channel, group.steering_channel) if one})


async def _look_at_database(storage: Storage) -> AsyncIterator[Finding]:
    name = translate("cli.doctor.database")
    try:
        async with storage.read() as session:
            await session.execute(text("SELECT 1"))
    except (SQLAlchemyError, OSError) as error:
        yield Finding(name, False, translate("cli.doctor.database_down", reason=type(error).__name__))
        return
    yield Finding(name, True, storage.url.get_backend_name())
    try:
        current, needed = await schema.status(storage)
    except schema.NewerSchema:
        yield Finding(translate("cli.doctor.schema"), False, translate("cli.schema_newer"))
        return
    key = "cli.schema_current" if current == needed else "cli.schema_behind"
    told = translate(key, current=current or "–", needed=needed)
    yield Finding(translate("cli.doctor.schema"), current == needed, told)


async def _look_at_held(storage: Storage, now: dt.datetime) -> Finding:
    """Messages that wait because a try failed: worth a look when one has waited for a while."""
    async with storage.read() as session:
        held = await outbox.list_held(session)
    name = translate("cli.doctor.held")
    if not held:
        return Finding(name, True, translate("cli.doctor.none"))
    since = min(row.created_at for row in held)
    told = plural("cli.doctor.held_some", len(held), reasons=_reasons(held), since=long_moment(since))
    return Finding(name, now - since < A_WHILE, told)


async def _look_at_parked(storage: Storage) -> AsyncIterator[Finding]:
    """Messages that could not be sent, by what can be done: let the bot in, tell of the fault, or nothing."""
    async with storage.read() as session:
        parked = await outbox.list_parked(session)
    name = translate("cli.doctor.parked")
    if not parked:
        yield Finding(name, True, translate("cli.doctor.none"))
    for what in ("place", "gone", "other"):
        if some := [row for row in parked if _MENDS.get(row.trouble, "other") == what]:
            told = plural(f"cli.doctor.parked_{what}", len(some), reasons=_reasons(some))
            yield Finding(name, what == "gone", told)


def _reasons(rows: list[OutboxRow]) -> str:
    return ", ".join(sorted({row.reason for row in rows}))


async def _look_at_slack(settings: Settings, storage: Storage) -> AsyncIterator[Finding]:
    if not settings.slack_bot_token:
        return
    access = Access(
        settings.slack_bot_token,
        settings.slack_app_token,
        settings.slack_signing_secret,
        settings.slack_api_url or API,
    )
    reach = Reach(settings.public_url, f"http://{settings.http_host}:{settings.http_port}")
    for check in await check_slack(access, await _channels(storage, "slack"), reach, SystemClock().now()):
        yield Finding(check.name, check.ok, check.told)
