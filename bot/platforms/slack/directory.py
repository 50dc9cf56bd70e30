"""Who people are and what channels are called: asked of Slack once in a while, and never waited for long."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import structlog

from bot.platforms.slack.calls import Calls
from bot.platforms.slack.text import clean, one_line, read_typed
from bot.port import PlatformError
from storage.enums import Trouble

LIFE = 3600.0
"""Seconds that what Slack said of a person or channel is believed."""

MOST_KNOWN = 5_000
PATIENCE = 0.8
"""Seconds that a person's deed waits for their name; the acknowledgement is due within three."""

SLACKBOT = "USLACKBOT"
_ID = re.compile(r"[CDGUW][A-Z0-9]+")

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Known:
    """A person. `locale` is empty unless it says Danish: Slack's own menus speak no Danish, so that any other language
    in it says nothing of what the person wants to read. `gone`: the account was deactivated."""

    name: str
    locale: str = ""
    guest: bool = False
    bot: bool = False
    gone: bool = False


class Directory:
    """What is known of people and channels.

    Args:
        calls: asks Slack.
        now: seconds on a clock that only goes forward.
    """

    def __init__(self, calls: Calls, now: Callable[[], float] = time.monotonic) -> None:
        self._calls = calls
        self._now = now
        self._people: dict[str, tuple[float, Known]] = {}
        self._channels: dict[str, tuple[float, str]] = {}
        self._asking: dict[str, asyncio.Task[None]] = {}

    async def meet_everybody(self) -> None:
        """Ask for everybody in the workspace at once, so that a poll's first minute needs no asking."""
        cursor = ""
        while len(self._people) < MOST_KNOWN:
            try:
                told = await self._calls.call("users.list", limit=200, include_locale=True, cursor=cursor)
            except PlatformError as error:
                log.warning("slack_people_unknown", reason=error.reason)
                return
            for person in told["members"]:
                self._keep(str(person["id"]), _known(person))
            cursor = (told.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                return

    async def find_person(self, user: str, patience: float = PATIENCE, *, fresh: bool = False) -> Known | None:
        """The person, `None` where Slack did not say it in time. `fresh`: what is known and old is not enough, where
        Slack says it anew in time."""
        await self._ask(user, self._people, self._ask_person, patience, fresh=fresh)
        found = self._people.get(user)
        return found[1] if found else None

    async def map_names(self, users: Iterable[str]) -> dict[str, str]:
        """The names of these people, as far as they are known soon."""
        wanted = list(dict.fromkeys(users))[:20]
        found = await asyncio.gather(*(self.find_person(user) for user in wanted))
        return {user: known.name for user, known in zip(wanted, found, strict=True) if known}

    async def find_channel_name(self, channel: str) -> str:
        """The name of a channel, empty where it is not known soon."""
        await self._ask(channel, self._channels, self._ask_channel, PATIENCE)
        found = self._channels.get(channel)
        return found[1] if found else ""

    async def get_channel_id(self, channel: str) -> str:
        """The id of a channel that people name as they see it; the bot must be in it.

        Raises:
            PlatformError: there is none of that name.
        """
        if is_id(channel):
            return channel
        name, cursor = read_typed(channel).strip("# ").lower(), ""
        while True:
            told = await self._calls.call(
                "users.conversations", types="public_channel,private_channel", limit=200, cursor=cursor
            )
            for one in told["channels"]:
                if read_typed(str(one.get("name") or "")) == name:
                    return str(one["id"])
            cursor = (told.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                raise PlatformError("channel_not_found", Trouble.PLACE, permanent=True)

    async def stop(self) -> None:
        """Ask nothing more."""
        for task in list(self._asking.values()):
            task.cancel()
        await asyncio.gather(*self._asking.values(), return_exceptions=True)

    async def _ask(
        self,
        key: str,
        known: Mapping[str, tuple[float, Any]],
        ask: Callable[[str], Awaitable[None]],
        patience: float,
        *,
        fresh: bool = False,
    ) -> None:
        """Know it soon; what is known and old is believed while it is asked for again, unless it is to be `fresh`."""
        believed = known.get(key)
        if believed and believed[0] > self._now():
            return
        task = self._asking.get(key)
        if task is None:
            task = self._asking[key] = asyncio.ensure_future(ask(key))
            task.add_done_callback(lambda _: self._asking.pop(key, None))
        if fresh or not believed:
            await asyncio.wait({task}, timeout=patience)

    async def _ask_person(self, user: str) -> None:
        try:
            told = await self._calls.call("users.info", user=user, include_locale=True)
        except PlatformError as error:
            log.warning("slack_person_unknown", user=user, reason=error.reason)
            if error.permanent:
                self._keep(user, Known(""))
            return
        self._keep(user, _known(told["user"]))

    def _keep(self, user: str, known: Known) -> None:
        """Know somebody, and forget the one who was last asked for longest ago where too many are known."""
        self._people.pop(user, None)
        self._people[user] = (self._now() + LIFE, known)
        if len(self._people) > MOST_KNOWN:
            del self._people[next(iter(self._people))]

    async def _ask_channel(self, channel: str) -> None:
        try:
            told = await self._calls.call("conversations.info", channel=channel, patience=PATIENCE)
        except PlatformError as error:
            log.warning("slack_channel_unknown", channel=channel, reason=error.reason)
            return
        self._channels[channel] = (self._now() + LIFE, str(told["channel"].get("name") or ""))


def is_id(channel: str) -> bool:
    """Whether this is a channel's id, and not its name as people see it."""
    return _ID.fullmatch(channel) is not None


def _known(person: Mapping[str, Any]) -> Known:
    profile = person.get("profile") or {}
    name = profile.get("real_name") or person.get("real_name") or profile.get("display_name") or person.get("name")
    locale = str(person.get("locale") or "")
    return Known(
        one_line(clean(str(name or ""))),
        locale if locale.lower().startswith("da") else "",
        guest=bool(person.get("is_restricted") or person.get("is_ultra_restricted")),
        bot=bool(person.get("is_bot")) or person.get("id") == SLACKBOT,
        gone=bool(person.get("deleted")),
    )
