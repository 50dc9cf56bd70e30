"""Tells the administrator what of the way to Slack works, and what to do about what does not."""

from __future__ import annotations

import asyncio
import datetime as dt
import email.utils
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient

from bot.platforms.slack.calls import TIMEOUT, Calls
from bot.platforms.slack.directory import Directory, is_id
from bot.platforms.slack.manifest import EVENTS, PATH, SCOPES
from bot.platforms.slack.pace import Pace
from bot.platforms.slack.platform import API, Access
from bot.platforms.slack.receive import NAME
from bot.port import PlatformError
from locales import translate

MOST_SKEW = dt.timedelta(seconds=60)
"""How far the machine's clock may be from Slack's; Slack's signatures are refused after five minutes."""


@dataclass(frozen=True, slots=True)
class Check:
    """One line of `oenskebot doctor`: what was looked at, whether it is well, and what was found or how to mend it."""

    name: str
    ok: bool
    told: str


@dataclass(frozen=True, slots=True)
class Reach:
    """Where the bot can be called, in HTTP mode: by Slack (empty where nobody has said it), and from this machine."""

    public: str
    local: str


async def check_slack(access: Access, channels: Sequence[str], reach: Reach, now: dt.datetime) -> list[Check]:
    """Look at tokens, scopes, the way in, the channels and the clock. Nothing is posted, and a running bot is not
    disturbed.

    Args:
        channels: the channels that groups have: by id, or by name where the committee has not confirmed it yet.
        reach: where the bot can be called.
        now: the machine's time.
    """
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=TIMEOUT)) as session:
        client = AsyncWebClient(access.bot_token, base_url=access.api or API, session=session, retry_handlers=[])
        calls = Calls(client, Pace())
        try:
            told = await calls.call("auth.test")
        except PlatformError as error:
            return [_check_token(error)]
        found = [Check(translate("slack.check.token"), True, f"{told.get('user')} · {told.get('team')}")]
        found.append(_check_scopes(told["headers"]))
        found.append(_tell_events())
        way_in = _check_socket(calls, session, access, reach) if access.app_token else _check_address(session, reach)
        found.append(await way_in)
        found += [await _check_channel(calls, channel) for channel in channels]
        found.append(_check_clock(told["headers"], now))
    return found


def _check_token(error: PlatformError) -> Check:
    """Slack said no, or was not to be reached; then the token is not to blame."""
    unreached = isinstance(error.__cause__, aiohttp.ClientError | TimeoutError | OSError)
    key = "slack.mend.unreached" if unreached else "slack.mend.token"
    return Check(translate("slack.check.token"), False, translate(key, reason=error.reason))


def _check_scopes(headers: Mapping[str, str]) -> Check:
    granted = {scope.strip() for scope in headers.get("x-oauth-scopes", "").split(",")}
    missing = [scope for scope in SCOPES if scope not in granted]
    name = translate("slack.check.scopes")
    if not missing:
        return Check(name, True, ", ".join(sorted(SCOPES)))
    reasons = "; ".join(f"{scope} ({translate(SCOPES[scope])})" for scope in missing)
    return Check(name, False, translate("slack.mend.scopes", missing=reasons))


def _tell_events() -> Check:
    """Slack tells nobody which events an app subscribes to; one that was made of an older manifest may lack some."""
    return Check(translate("slack.check.events"), True, translate("slack.told.events", events=", ".join(EVENTS)))


async def _check_socket(calls: Calls, session: aiohttp.ClientSession, access: Access, reach: Reach) -> Check:
    """A websocket can be opened: the bot that runs here has one, or one is opened and closed at once. Slack delivers to
    any one that is open, so that it is not done beside a bot that hears."""
    name = translate("slack.check.socket")
    try:
        told = await calls.call("apps.connections.open", app_token=access.app_token)
    except PlatformError as error:
        return Check(name, False, translate("slack.mend.socket", reason=error.reason))
    if await _hears(session, reach):
        return Check(name, True, translate("slack.told.socket_held"))
    try:
        greeting = await _greeting(session, str(told["url"]), calls.client.proxy)
    except (aiohttp.ClientError, TimeoutError, OSError, ValueError, TypeError) as error:
        return Check(name, False, translate("slack.mend.websocket", reason=type(error).__name__))
    if greeting.get("type") != "hello":
        return Check(name, False, translate("slack.mend.socket", reason=greeting.get("reason") or "no_hello"))
    others = int(greeting.get("num_connections") or 1) - 1
    return Check(name, True, translate("slack.told.socket_others" if others > 0 else "slack.told.socket"))


async def _greeting(session: aiohttp.ClientSession, address: str, proxy: str | None) -> Mapping[str, Any]:
    """What Slack says first on a new websocket; it is closed as soon as that is heard."""
    async with asyncio.timeout(TIMEOUT), session.ws_connect(address, proxy=proxy) as socket:
        said: Mapping[str, Any] = await socket.receive_json()
    return said


async def _hears(session: aiohttp.ClientSession, reach: Reach) -> bool:
    """Whether the bot runs here, and has its websocket."""
    try:
        async with session.get(f"{reach.local}/readyz") as answer:
            told = await answer.json()
        return bool(told["platforms"].get(NAME))
    except (aiohttp.ClientError, TimeoutError, OSError, ValueError, TypeError, KeyError, AttributeError):
        return False


async def _check_address(session: aiohttp.ClientSession, reach: Reach) -> Check:
    """The bot answers at its public address as it answers whoever is not Slack; where it runs at all."""
    name, address = translate("slack.check.http"), f"{reach.public.rstrip('/')}{PATH}"
    if not reach.public:
        return Check(name, True, translate("slack.told.http_unknown"))
    if await _status(session, "GET", f"{reach.local}/healthz") != "200":
        return Check(name, True, translate("slack.told.http_not_running", address=address))
    status = await _status(session, "POST", address)
    if status == "401":
        return Check(name, True, translate("slack.told.http", address=address))
    return Check(name, False, translate("slack.mend.http", address=address, reason=status, local=reach.local))


async def _status(session: aiohttp.ClientSession, method: str, address: str) -> str:
    """What is answered there, or why nothing is."""
    try:
        async with session.request(method, address, allow_redirects=False) as answer:
            return str(answer.status)
    except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
        return type(error).__name__


async def _check_channel(calls: Calls, channel: str) -> Check:
    name = translate("slack.check.channel", channel=channel)
    try:
        found = await Directory(calls).get_channel_id(channel)
        told: Mapping[str, Any] = (await calls.call("conversations.info", channel=found))["channel"]
    except PlatformError as error:
        key = "slack.mend.channel" if is_id(channel) else "slack.mend.channel_name"
        return Check(name, False, translate(key, channel=channel, reason=error.reason))
    shown = f"#{told.get('name') or channel}"
    if told.get("is_archived"):
        return Check(name, False, translate("slack.mend.archived", channel=shown))
    if not told.get("is_member"):
        return Check(name, False, translate("slack.mend.channel", channel=shown, reason="not_in_channel"))
    return Check(name, True, shown)


def _check_clock(headers: Mapping[str, str], now: dt.datetime) -> Check:
    name = translate("slack.check.clock")
    try:
        theirs = email.utils.parsedate_to_datetime(headers.get("Date", ""))
    except ValueError:
        return Check(name, True, translate("slack.told.clock_unknown"))
    seconds = round(abs((now - theirs).total_seconds()))
    well = seconds <= MOST_SKEW.total_seconds()
    return Check(name, well, translate("slack.told.clock" if well else "slack.mend.clock", seconds=seconds))
