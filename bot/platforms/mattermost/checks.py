"""Tells the administrator what of the way to Mattermost works, and what to do about what does not."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import aiohttp

from bot.platforms.mattermost.answering import Answered, Outcome, Places, ask_all, ask_form, find_places
from bot.platforms.mattermost.client import Channel, Client, User
from bot.platforms.mattermost.connection import ServerRefused
from bot.platforms.mattermost.reach import Resolve, reach_of, resolve
from bot.port import PlatformError
from handlers.chat.router import COMMANDS
from locales import translate

OLDEST = (5, 37)
"""The version that the facts were measured on."""

GREETING_PATIENCE = 10.0

MOST_SKEW = dt.timedelta(seconds=60)
"""How far the machine's clock may be from the server's."""


@dataclass(frozen=True, slots=True)
class Check:
    """One line of `oenskebot doctor`: what was looked at, whether it is well, and what was found or how to mend it."""

    name: str
    ok: bool
    told: str


async def check_mattermost(
    address: str,
    token: str,
    callback_url: str,
    channels: Sequence[str],
    now: dt.datetime,
    look_up: Resolve = resolve,
) -> list[Check]:
    """Look at the token, the version, the clock, the websocket, every command, the way back and the channels. Nothing
    is posted, and a running bot is not disturbed. Six arguments, as each is another thing that the machine gives and
    none is kept.

    Args:
        callback_url: the bot's address as the server reaches it.
        channels: the ids of the channels that groups have.
        now: the time by this machine's clock.
        look_up: what names stand for.
    """
    client = Client(address, token)
    try:
        me = await client.me()
    except ServerRefused as error:
        return [_bad("token", translate("mattermost.mend.token", reason=error.reason))]
    except PlatformError as error:
        return [_bad("token", translate("mattermost.mend.address", address=address, reason=error.reason))]
    else:
        found = [_account(me), _version(client.server_version), _clock(client.server_time, now)]
        found.append(await _stream(client))
        try:
            found += await _commands(client, await find_places(client, channels), callback_url, look_up)
        except PlatformError as error:
            found.append(_bad("way_back", await _mend_way_back(callback_url, error.reason, look_up)))
        return found + [await _channel(client, channel, me) for channel in channels]
    finally:
        await client.close()


def _account(me: User) -> Check:
    if me.bot:
        return _good("token", f"@{me.username}")
    return _bad("token", translate("mattermost.mend.no_bot", name=me.username))


def _version(version: tuple[int, ...]) -> Check:
    shown = ".".join(str(part) for part in version) or "?"
    if version[:2] >= OLDEST:
        return _good("version", shown)
    return _bad("version", translate("mattermost.mend.version", version=shown))


def _clock(theirs: dt.datetime | None, now: dt.datetime) -> Check:
    """Clicks are as old as the server's clock says, and deadlines come by this machine's."""
    if theirs is None:
        return _good("clock", translate("mattermost.told.clock_unknown"))
    apart = abs(now - theirs)
    seconds = round(apart.total_seconds())
    if apart > MOST_SKEW:
        return _bad("clock", translate("mattermost.mend.clock", seconds=seconds))
    return _good("clock", translate("mattermost.told.clock", seconds=seconds))


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


async def _commands(client: Client, places: Places, callback_url: str, look_up: Resolve) -> list[Check]:
    """The words, and the way back: whether the server reaches the bot at all."""
    if not places.channels:
        untried = _bad("way_back", translate("mattermost.mend.no_channel"))
        return [_offered(places, [await client.list_command_words(team) for team in places.teams]), untried]
    answered = [await ask_all(client, channel) for channel in places.channels]
    if not places.all_matter:
        answered = [max(answered, key=lambda one: len(one.words(Outcome.OURS)))]
    way_back = await _way_back(answered, callback_url, look_up)
    if way_back.ok:
        way_back = await _way_of_forms(client, places.channels[0], callback_url, look_up)
    return [_words(answered), way_back]


def _offered(places: Places, offered: Sequence[set[str]]) -> Check:
    """What the server offers while typing is all that can be seen from outside a channel."""
    wanted = [words[0] for words in COMMANDS.values()]
    known = set.intersection(*offered) if offered and places.all_matter else set().union(*offered)
    if missing := [word for word in wanted if word not in known]:
        return _bad("commands", translate("mattermost.mend.commands", words=_listed(missing)))
    return _good("commands", _listed(wanted))


def _words(answered: Sequence[Answered]) -> Check:
    """Every word has to lead to the bot, by its own token; one that nothing answers may have another address."""
    told = []
    for key, outcomes in (
        ("commands", (Outcome.MISSING,)),
        ("commands_refused", (Outcome.REFUSED,)),
        ("commands_elsewhere", (Outcome.FOREIGN, Outcome.SILENT)),
    ):
        found = [word for one in answered for word in one.words(*outcomes) if not one.all_silent]
        if found:
            told.append(translate(f"mattermost.mend.{key}", words=_listed(dict.fromkeys(found))))
    return _bad("commands", " ".join(told)) if told else _good("commands", _listed(answered[0].outcomes))


async def _way_back(answered: Sequence[Answered], callback_url: str, look_up: Resolve) -> Check:
    for one in answered:
        if one.words(Outcome.OURS):
            continue
        if one.words(Outcome.FOREIGN):
            return _bad("way_back", translate("mattermost.mend.strange_answer", url=callback_url))
        return _bad("way_back", await _mend_way_back(callback_url, one.reason, look_up))
    return _good("way_back", callback_url)


async def _way_of_forms(client: Client, channel: Channel, callback_url: str, look_up: Resolve) -> Check:
    outcome, reason = await ask_form(client, channel, callback_url)
    match outcome:
        case Outcome.OURS:
            return _good("way_back", callback_url)
        case Outcome.FOREIGN:
            return _bad("way_back", translate("mattermost.mend.strange_answer", url=callback_url))
        case _:
            sentence = translate("mattermost.mend.way_of_forms", url=callback_url, reason=reason)
            return _bad("way_back", await _with_allowance(sentence, callback_url, look_up))


async def _mend_way_back(callback_url: str, reason: str, look_up: Resolve) -> str:
    sentence = translate("mattermost.mend.way_back", url=callback_url, reason=reason)
    return await _with_allowance(sentence, callback_url, look_up)


async def _with_allowance(sentence: str, callback_url: str, look_up: Resolve) -> str:
    """The sentence, and what has to be allowed where the address is one that no server calls by itself."""
    reach = await reach_of(callback_url, look_up)
    return f"{sentence} {translate('mattermost.mend.internal', host=reach.host)}" if reach.is_internal else sentence


async def _channel(client: Client, channel: str, me: User) -> Check:
    reason = "403"
    try:
        if await client.is_member(channel, me.id):
            found = await client.channel(channel)
            if found.archived:
                return _bad("channel", translate("mattermost.mend.archived", channel=found.name))
            return _good("channel", f"~{found.name}")
    except PlatformError as error:
        reason = error.reason
    return _bad("channel", translate("mattermost.mend.channel", channel=channel, reason=reason, name=me.username))


def _listed(words: Iterable[str]) -> str:
    return ", ".join(f"/{word}" for word in words)


def _good(what: str, told: str) -> Check:
    return Check(translate(f"mattermost.check.{what}"), ok=True, told=told)


def _bad(what: str, told: str) -> Check:
    return Check(translate(f"mattermost.check.{what}"), ok=False, told=told)
