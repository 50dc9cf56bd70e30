"""What a capability declares about itself: its deeds, the words for them, what it listens to, and its timers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from handlers.chat.messages import Option
from handlers.chat.refusals import Refusal
from handlers.chat.replies import Happening, Replies
from handlers.chat.router import Word
from handlers.context import Context
from storage.changes import Change

Values = Mapping[str, str | list[str]]


@dataclass(frozen=True, slots=True)
class Click:
    """An emoji that was put on one of our ballots or taken off it.

    Args:
        key: the message, by our own name for it.
        emoji: by its one name.
        now: how it is now, and since when.
        changes: all that the chat has told of it, in the order in which we heard of it.
        renewed: whether how it is now is news; otherwise only something older has come to light.
    """

    key: str
    emoji: str
    now: Change
    changes: tuple[Change, ...] = ()
    renewed: bool = True

    @property
    def on(self) -> bool:
        return self.now.on


@dataclass(frozen=True, slots=True)
class Ask:
    """What came with a deed, whatever way it came: the words of a command, a button's subject, a form's values.

    `key` is the message that a button stood on or an emoji was put on, `clicks` what a person changed among the emojis
    of one subject since it was last counted, in the order of the changes, `carry` what a form brought back signed.
    `command` is what was written before the text (`/ønske vis`), empty where nothing was; `meant` is the command that
    the text may have been meant as."""

    text: str = ""
    subject: str = ""
    value: str = ""
    key: str = ""
    values: Values = field(default_factory=dict)
    carry: Mapping[str, str] = field(default_factory=dict)
    clicks: tuple[Click, ...] = ()
    command: str = ""
    meant: str = ""

    def number(self) -> int:
        """The number that is asked about: the subject's, else the first word of the text (`43` or `#43`).

        Raises:
            Refusal: there is none.
        """
        word = self.subject or (self.text.split() or [""])[0]
        if not word:
            raise Refusal("chat.number_needed" if self.command else "chat.number_empty", command=self.command)
        bare = word.removeprefix("#")
        if not bare.isascii() or not bare.isdigit() or len(bare) > 9:
            raise Refusal("chat.number_missing", word=word)
        return int(bare)

    def rest(self) -> str:
        """The text after its first word, or all of it where the number came with a button."""
        return self.text if self.subject else " ".join(self.text.split(" ")[1:]).strip()

    def typed(self, name: str) -> str:
        """One field of a form, without blanks around it; empty where it was left empty."""
        found = self.values.get(name, "")
        return (found[0] if found else "").strip() if isinstance(found, list) else found.strip()

    def chosen(self, name: str) -> list[str]:
        """The values of a `multi` field."""
        found = self.values.get(name, [])
        return [found] if isinstance(found, str) and found else list(found)

    def switched(self, name: str) -> bool:
        return self.typed(name) in ("true", "on", "1")


@dataclass(frozen=True, slots=True)
class Perform(Happening):
    """Another deed is to be done now, in the same transaction: by the acting person, or by the one who prepared it
    (`prepared_by`), whom the acting person has then confirmed. The roof does it, rights and all."""

    deed: str
    ask: Ask
    prepared_by: str = ""


Handler = Callable[[Context, Ask], Awaitable[Replies]]
Listener = Callable[[Context, Any], Awaitable[Replies]]
LookupHandler = Callable[[Context, str], Awaitable[tuple[Option, ...]]]
Show = Callable[[Context, str], Awaitable[Replies]]
"""From a subject (`poll:7`) to its messages as they look now."""


@dataclass(frozen=True, slots=True)
class Deed:
    """Something that a person can do.

    Args:
        writes: false for what only shows or opens.
        anywhere: needs no group.
        prepared: a leader without a vote only prepares it, and a representative confirms it.
        check: refuses before that what could not be done anyway, so that nobody is asked to confirm it.
        what: says in words what is to be confirmed, where its form gives numbers alone; it becomes the ask's `value`.
        wakes: it leaves something to a timer, which looks at once whether it is due.
    """

    name: str
    do: Handler
    writes: bool = True
    anywhere: bool = False
    prepared: bool = False
    check: Callable[[Context, Ask], Awaitable[object]] | None = None
    what: Callable[[Context, Ask], Awaitable[str]] | None = None
    wakes: bool = False


@dataclass(frozen=True, slots=True)
class Due:
    """Something that is to be done once: for this group, at this moment, about this subject. `unreadable`: the keys of
    those messages that the roof should have read before it, and the chat could not show."""

    group_id: int
    moment: dt.datetime
    subject: str = ""
    unreadable: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """What the chat says of the emojis on a message: (user, emoji), with when it was put on where the chat says that.
    `asked_at` is when it was asked: what we hear of later is newer than this."""

    key: str
    emojis: Mapping[tuple[str, str], dt.datetime | None]
    asked_at: dt.datetime


@dataclass(frozen=True, slots=True)
class Timer:
    """Work that the clock asks for.

    Args:
        kind: the timer's name, part of the key that each deed is claimed by.
        next_moment: the first moment strictly after `after` when something may be due, `None` for never.
        due: what is due at `now` and may not yet have been done; what was done is left out by its claim.
        run: does one of them, in a transaction of its own.
        ballots: the keys of the messages whose emojis the roof reads from the chat before `run`.
    """

    kind: str
    next_moment: Callable[[AsyncSession, dt.datetime], Awaitable[dt.datetime | None]]
    due: Callable[[AsyncSession, dt.datetime], Awaitable[list[Due]]]
    run: Callable[[Context, Due], Awaitable[Replies]]
    ballots: Callable[[AsyncSession, Due], Awaitable[list[str]]] | None = None


@dataclass(frozen=True, slots=True)
class Capability:
    """One room's line in the table of contents.

    Args:
        name: the room's name, and the first part of its deeds' names.
        deeds: what people can do there.
        words: the words after a command that ask for its deeds.
        lookups: a `search` field's name → what finds its options.
        ballots: the first part of a message key (`poll`) → the deed that an emoji on such a message is.
        listens: a happening's type → what the capability does about it, in the same transaction.
        timers: its work for the clock.
        shows: the first part of a subject (`poll`) → what draws its messages anew when a `Refresh` asks for it.
    """

    name: str
    deeds: tuple[Deed, ...] = ()
    words: tuple[Word, ...] = ()
    lookups: Mapping[str, LookupHandler] = field(default_factory=dict)
    ballots: Mapping[str, str] = field(default_factory=dict)
    listens: Mapping[type[Happening], Listener] = field(default_factory=dict)
    timers: tuple[Timer, ...] = ()
    shows: Mapping[str, Show] = field(default_factory=dict)
