"""What a chat platform must be able to do for the bot, and how it says that it could not."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, Protocol

from handlers.chat.messages import Form, Message, Option
from storage.enums import Trouble


class PlatformError(Exception):
    """A call to a chat failed.

    Args:
        reason: what the chat said, without tokens or texts, in its own words: for logs.
        trouble: what that means to people.
        permanent: trying again can't help, unless somebody lends a hand (`trouble`).
        arrived: `True` where the call may have taken effect although no answer came.
        retry_after: seconds that the chat asks to wait, 0 for none.
    """

    def __init__(
        self,
        reason: str,
        trouble: Trouble = Trouble.OTHER,
        *,
        permanent: bool = False,
        arrived: bool = False,
        retry_after: float = 0,
    ) -> None:
        super().__init__(reason)
        self.reason = reason
        self.trouble = trouble
        self.permanent = permanent
        self.arrived = arrived
        self.retry_after = retry_after


class ThreadGone(PlatformError):
    """The message that an answer was to stand under has been deleted."""


@dataclass(frozen=True, slots=True)
class Outage:
    """A time in which the bot was cut off from a chat, and people should hear of it.

    Args:
        platform: the chat's name.
        kind: it heard nothing (`deaf`), or nothing that it said was taken (`mute`).
        seconds: how long it has lasted.
        setting: what the administrator should look at.
        over: whether it has ended.
    """

    platform: str
    kind: Literal["deaf", "mute"]
    seconds: float
    setting: str
    over: bool = False


@dataclass(frozen=True, slots=True)
class Located:
    """Where a message is in the chat."""

    channel: str
    message: str


@dataclass(frozen=True, slots=True)
class File:
    name: str
    media_type: str
    content: bytes
    description: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What an interaction gets at once: lines that only the person sees, and at most one of the others.

    `form` opens or follows; `errors` stay at the fields of a form that was sent, the name "" being the form as a whole;
    `options` answer a lookup; `channel` is where the lines belong, empty for where the person is; `language` is the
    person's, empty where nothing tells it."""

    whispers: tuple[Message, ...] = ()
    form: Form | None = None
    errors: tuple[tuple[str, str], ...] = ()
    options: tuple[Option, ...] | None = None
    channel: str = ""
    language: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Traits:
    """What a chat can do.

    Args:
        tally_seconds: least time between two updates of one message's tally.
        looks_for_marks: whether it can be asked if a message with a mark arrived.
        board_seconds: how long somebody who asked for their board is taken to look at it: it is kept true meanwhile.
    """

    tally_seconds: float = 3.0
    looks_for_marks: bool = True
    board_seconds: float = 30 * 86_400


class Platform(Protocol):
    """One chat platform, as delivery sees it. Every method raises `PlatformError` when the chat does not do it, and
    `post` and `attach` may say `ThreadGone` where there is no such message to stand under.

    Messages come with their buttons sealed. `mark` is the idempotency mark of a post: the platform lets it travel with
    the message, or otherwise makes a repetition harmless."""

    name: str
    workspace: str
    traits: Traits

    @property
    def connected(self) -> bool:
        """Whether the chat and the bot can reach each other now, as far as this process can tell: the websocket or the
        stream that it listens to stands, or is another process's to listen to."""

    async def post(self, channel: str, message: Message, *, mark: str, thread: str = "") -> Located: ...

    async def update(self, where: Located, message: Message) -> None: ...

    async def whisper(self, channel: str, user: str, message: Message, *, mark: str) -> None: ...

    async def direct(self, user: str, message: Message, *, mark: str) -> Located: ...

    async def seed(self, where: Located, emojis: tuple[str, ...]) -> None: ...

    async def attach(self, channel: str, user: str, file: File, *, mark: str, thread: str = "") -> None: ...

    async def board(self, user: str, message: Message) -> None: ...

    async def find_mark(self, channel: str, user: str, mark: str, thread: str = "") -> Located | None: ...

    async def emojis(self, where: Located) -> Mapping[tuple[str, str], dt.datetime | None] | None:
        """(user, emoji) of everybody but the bot, with when it was put on where the chat says that; `None` where the
        message is gone or can't be read."""


class Own(Protocol):
    """What is remembered of the bot's own messages in a chat, also after a restart."""

    async def knows(self, workspace: str, where: Located) -> bool:
        """Whether the message there is one that is known."""

    async def original(self, mark: str) -> Located | None:
        """Where the message that was posted with this mark is known to be, `None` where that can't be said."""


@dataclass
class Platforms:
    """The platforms that are running, by name."""

    by_name: dict[str, Platform] = field(default_factory=dict)

    def add(self, platform: Platform) -> None:
        self.by_name[platform.name] = platform

    def find(self, name: str) -> Platform | None:
        return self.by_name.get(name)

    @property
    def names(self) -> list[str]:
        return list(self.by_name)
