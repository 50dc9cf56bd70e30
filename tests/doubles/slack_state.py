"""A Slack workspace in memory: its people, channels, messages and the views that people have open."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from tests.doubles.patience import FairClock, Moment

Thing = dict[str, Any]

TEAM = "T0TEST"
BOT = "U0BOT"
BOT_NAME = "Ønskebot"
TRIGGER_SECONDS = 3.0
RESPONSE_USES = 5
RESPONSE_SECONDS = 30 * 60


@dataclass
class Someone:
    """A person or a bot. Slack's own menus speak no Danish, so that people in Denmark have an English locale."""

    id: str
    name: str
    locale: str = "en-US"
    bot: bool = False
    guest: bool = False
    deleted: bool = False

    def shown(self) -> Thing:
        profile = {"real_name": self.name, "display_name": self.name.split()[0]}
        return {
            "id": self.id,
            "team_id": TEAM,
            "name": self.name.lower().replace(" ", "."),
            "real_name": self.name,
            "deleted": self.deleted,
            "is_bot": self.bot,
            "is_restricted": self.guest,
            "is_ultra_restricted": False,
            "locale": self.locale,
            "profile": profile,
        }


@dataclass
class Channel:
    """A channel, or a conversation of two where `direct_with` is set."""

    id: str
    name: str
    members: set[str] = field(default_factory=set)
    private: bool = False
    archived: bool = False
    direct_with: str = ""

    @property
    def told_name(self) -> str:
        """The name that payloads tell: never that of a private channel."""
        return "directmessage" if self.direct_with else "privategroup" if self.private else self.name


@dataclass
class Posted:
    """A message. `ephemeral_to`: only this person sees it, and Slack keeps nothing of it. `files` are the names of what
    hangs on it, `uploads` their ids."""

    channel: str
    ts: str
    author: str
    text: str
    blocks: list[Thing] = field(default_factory=list)
    thread: str = ""
    ephemeral_to: str = ""
    metadata: Thing | None = None
    reactions: dict[str, list[str]] = field(default_factory=dict)
    files: list[str] = field(default_factory=list)
    uploads: list[str] = field(default_factory=list)

    def shown(self, *, metadata: bool = True) -> Thing:
        """The message as payloads and methods tell it: Slack adds what was left out."""
        told: Thing = {"type": "message", "user": self.author, "ts": self.ts, "text": self.text, "team": TEAM}
        if self.blocks:
            told["blocks"] = [{"block_id": f"auto{number}"} | block for number, block in enumerate(self.blocks)]
        if self.thread:
            told["thread_ts"] = self.thread
        if metadata and self.metadata:
            told["metadata"] = self.metadata
        if self.reactions:
            told["reactions"] = [
                {"name": name, "users": users, "count": len(users)} for name, users in self.reactions.items()
            ]
        return told


@dataclass
class OpenView:
    """A modal that is open for a person; `typed` is what stands in its fields now."""

    id: str
    user: str
    view: Thing
    typed: Thing = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)

    def shown(self, state: Thing | None = None) -> Thing:
        told = {"id": self.id, "team_id": TEAM, "hash": "1.x", "state": {"values": state or {}}, "app_id": "A0TEST"}
        return told | self.view


@dataclass
class Trigger:
    user: str
    made_at: Moment
    used: bool = False


class Workspace:
    """Everything that Slack knows.

    Args:
        now: the workspace's time, that messages and events are stamped with.
        clock: measures how long a trigger lives.
    """

    def __init__(self, now: Callable[[], float], clock: FairClock) -> None:
        self.clock = clock
        self.now = now
        self._last = 0
        self._numbers = itertools.count(1)
        self.people: dict[str, Someone] = {BOT: Someone(BOT, BOT_NAME, bot=True)}
        self.channels: dict[str, Channel] = {}
        self.posts: list[Posted] = []
        self.views: dict[str, list[OpenView]] = {}
        self.homes: dict[str, Thing] = {}
        self.triggers: dict[str, Trigger] = {}
        self.responses: dict[str, Thing] = {}
        self.uploads: dict[str, Thing] = {}

    def stamp(self) -> str:
        """A time stamp that no other message or event has."""
        self._last = max(self._last + 1, int(self.now() * 1_000_000))
        return f"{self._last // 1_000_000}.{self._last % 1_000_000:06d}"

    def number(self) -> int:
        return next(self._numbers)

    def make_trigger(self, user: str) -> str:
        trigger = f"{self.number()}.{TEAM}.{'f' * 32}"
        self.triggers[trigger] = Trigger(user, self.clock.now())
        return trigger

    def direct(self, user: str) -> Channel:
        """The conversation between a person and the bot."""
        channel = f"D{user[1:]}"
        made = Channel(channel, "", {user, BOT}, direct_with=user)
        return self.channels.setdefault(channel, made)

    def find_post(self, channel: str, ts: str) -> Posted | None:
        """A message that Slack keeps: ephemeral ones are not."""
        return next(
            (post for post in self.posts if (post.channel, post.ts) == (channel, ts) and not post.ephemeral_to), None
        )

    def seen_by(self, user: str, channel: str) -> Iterator[Posted]:
        for post in self.posts:
            if post.channel == channel and post.ephemeral_to in ("", user) and user in self.channels[channel].members:
                yield post
