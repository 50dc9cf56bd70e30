"""Tells the administrator what of the way to Mattermost works, and what to do about what does not."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

import aiohttp

from bot.platforms.mattermost.client import Channel, Client
from bot.platforms.mattermost.connection import ServerRefused
from bot.platforms.mattermost.reach import host_of, is_internal
from bot.platforms.mattermost.receive import PING
from bot.port import PlatformError
from handlers.chat.router import COMMANDS
from locales import translate

OLDEST = (5, 37)
"""The version that the facts were measured on."""

GREETING_PATIENCE = 10.0


@dataclass(frozen=True, slots=True)
class Check:
    """One line of `oenskebot doctor`: what was looked at, whether it is well, and what was found or how to mend it."""

    name: str
    ok: bool
    told: str


async def check_mattermost(address: str, token: str, callback_url: str, channels: Sequence[str]) -> list[Check]:
    """Look at the token, the version, the websocket, the commands, the way back and the channels. Nothing is posted,
    and a running bot is not disturbed.

    Args:
        callback_url: the bot's address as the server reaches it.
        channels: the ids of the channels that groups have.
    """
    client = Client(address, token)
    try:
        me = await client.me()
    except ServerRefused as error:
        return [_bad("token", translate("mattermost.mend.token", reason=error.reason))]
    except PlatformError as error:
        return [_bad("token", translate("mattermost.mend.address", address=address, reason=error.reason))]
    else:
        found = [_account(me.username, is_bot=me.bot), _version(client.server_version), await _stream(client)]
        try:
            places = await _find_places(client, channels)
        except PlatformError as error:
            return [*found, _bad("way_back", _mend_way_back(callback_url, error.reason))]
        found.append(await _commands(client, places))
        found.append(await _way_back(client, callback_url, places))
        return found + [await _channel(client, channel, me.id) for channel in channels]
    finally:
        await client.close()


def _account(username: str, *, is_bot: bool) -> Check:
    if is_bot:
        return _good("token", f"@{username}")
    return _bad("token", translate("mattermost.mend.no_bot", name=username))


def _version(version: tuple[int, ...]) -> Check:
    shown = ".".join(str(part) for part in version) or "?"
    if version[:2] >= OLDEST:
        return _good("version", shown)
    return _bad("version", translate("mattermost.mend.version", version=shown))


async def _stream(client: Client) -> Check:
    try:
        async with client.websocket({}) as socket:
            greeting = await socket.receive(GREETING_PATIENCE)
        if greeting.type is aiohttp.WSMsgType.TEXT and json.loads(greeting.data).get("event") == "hello":
            return _good("stream", translate("mattermost.told.stream"))
        reason = greeting.type.name
    except (aiohttp.ClientError, OSError, TimeoutError) as error:
        reason = type(error).__name__
    return _bad("stream", translate("mattermost.mend.stream", reason=reason))


async def _commands(client: Client, places: _Places) -> Check:
    wanted = [words[0] for words in COMMANDS.values()]
    try:
        offered = [await client.list_command_words(team) for team in places.teams]
    except PlatformError as error:
        return _bad("commands", translate("mattermost.mend.commands", words=error.reason))
    known = set.intersection(*offered) if offered and places.all_matter else set().union(*offered)
    missing = ", ".join(f"/{word}" for word in wanted if word not in known)
    if missing:
        return _bad("commands", translate("mattermost.mend.commands", words=missing))
    return _good("commands", ", ".join(f"/{word}" for word in wanted))


async def _way_back(client: Client, callback_url: str, places: _Places) -> Check:
    """The first team that the server does not call the bot from; where no team matters yet, the first that it does."""
    found = _bad("way_back", translate("mattermost.mend.no_channel"))
    for channel in places.channels:
        found = await _ping(client, callback_url, channel)
        if found.ok != places.all_matter:
            break
    return found


async def _ping(client: Client, callback_url: str, channel: Channel) -> Check:
    """The bot gives itself a command: the server calls the bot that is running, and says what it answered."""
    try:
        answer = await client.execute_command(channel.id, channel.team, f"/{COMMANDS['group'][0]} {PING}")
    except PlatformError as error:
        return _bad("way_back", _mend_way_back(callback_url, error.reason))
    if str(answer.get("text", "")).startswith(PING):
        return _good("way_back", callback_url)
    return _bad("way_back", translate("mattermost.mend.strange_answer", url=callback_url))


@dataclass(frozen=True, slots=True)
class _Places:
    """The teams that are looked at, and a channel of each that the bot is in. `all_matter`: they are those of groups;
    as long as there is no group, they are all of the bot's, and one that works will do."""

    teams: list[str]
    channels: list[Channel]
    all_matter: bool


async def _find_places(client: Client, channels: Sequence[str]) -> _Places:
    teams = await client.list_my_teams()
    own = [channel for team in teams for channel in await client.list_my_channels(team) if channel.team]
    of_groups = {channel.team: channel for channel in own if channel.id in channels}
    if of_groups:
        return _Places(list(of_groups), list(of_groups.values()), all_matter=True)
    return _Places(teams, list({channel.team: channel for channel in own}.values()), all_matter=False)


def _mend_way_back(callback_url: str, reason: str) -> str:
    sentences = [translate("mattermost.mend.way_back", url=callback_url, reason=reason)]
    if is_internal(callback_url):
        sentences.append(translate("mattermost.mend.internal", host=host_of(callback_url)))
    return " ".join(sentences)


async def _channel(client: Client, channel: str, me: str) -> Check:
    try:
        if await client.is_member(channel, me):
            return _good("channel", f"~{(await client.channel(channel)).name}")
    except PlatformError as error:
        return _bad("channel", translate("mattermost.mend.channel", channel=channel, reason=error.reason))
    return _bad("channel", translate("mattermost.mend.channel", channel=channel, reason="403"))


def _good(what: str, told: str) -> Check:
    return Check(translate(f"mattermost.check.{what}"), ok=True, told=told)


def _bad(what: str, told: str) -> Check:
    return Check(translate(f"mattermost.check.{what}"), ok=False, told=told)
