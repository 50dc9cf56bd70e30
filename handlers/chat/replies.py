"""What handlers answer with: data that says what is to be shown to whom. Only the roof sends."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal

from handlers.chat.messages import Button, Form, Message, Option

Topic = Literal["status", "meetings", "stale", "money", "cases", "people", "polls"]


@dataclass(frozen=True, slots=True)
class Post:
    """A message for everybody in a channel. `key` is our own name for it (`wish:43/card`), `thread` the key of the
    message that it stands under; `only_there`: where the chat has no such message, nothing is posted. `ballot`: emojis
    on it are votes, and are read back from the chat. `named_by`: who has just named the channel (our id), and hears at
    once if nothing can be posted there."""

    key: str
    channel: str
    message: Message
    thread: str = ""
    ballot: bool = False
    only_there: bool = False
    named_by: str = ""


@dataclass(frozen=True, slots=True)
class Update:
    """The message with this key now looks like this. `tally`: it may come often, and the newest is enough.
    `ends_ballot`: the emojis on it no longer count."""

    key: str
    message: Message
    tally: bool = False
    ends_ballot: bool = False


@dataclass(frozen=True, slots=True)
class Refresh:
    """What is shown of this subject (`poll:7`) has changed: its room draws it once at the end of the transaction,
    however many deeds have changed it."""

    subject: str


@dataclass(frozen=True, slots=True)
class Whisper:
    """A line that only the acting person sees, where they are."""

    message: Message


@dataclass(frozen=True, slots=True)
class DirectMessage:
    """A message to one person, by our id of them. Without a key it can't be updated."""

    person: str
    message: Message
    key: str = ""


@dataclass(frozen=True, slots=True)
class Attach:
    """A file under the message with the key `thread`, or to a person where `person` is given."""

    name: str
    media_type: str
    content: bytes
    description: str
    channel: str = ""
    thread: str = ""
    person: str = ""


@dataclass(frozen=True, slots=True)
class Seed:
    """The bot puts these emojis on the message with this key, so that people only need to click."""

    key: str
    emojis: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Board:
    """A person's own page as it now looks."""

    person: str
    message: Message


@dataclass(frozen=True, slots=True)
class Notice:
    """One line that nobody asked for just now: it waits for the next bundle, at most one per working day. It goes to a
    person by our id, or to the group's channel where `person` is empty. A later notice with the same `about`
    replaces an undelivered earlier one. `buttons` stand below it, where the bundle is of its group; what they do can
    also be written, and the line says so. `before` is until when the person can act on it: where the next bundle comes
    later, they get it at once, in one message a day about the same thing, which follows what is said of it later."""

    text: str
    about: str
    topic: Topic
    person: str = ""
    buttons: tuple[Button, ...] = ()
    before: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class OpenForm:
    form: Form


@dataclass(frozen=True, slots=True)
class NextForm:
    """The form is taken, and this one follows it."""

    form: Form


@dataclass(frozen=True, slots=True)
class FormErrors:
    """One sentence per field; the form stays open with all that was typed."""

    errors: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Choices:
    options: tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class Happening:
    """What a capability tells the others, in the past tense; each kind is a subclass beside the deed that causes it."""


Immediate = Whisper | OpenForm | NextForm | FormErrors | Choices
Sent = Post | Update | DirectMessage | Attach | Seed | Board | Notice
Reply = Immediate | Sent | Refresh | Happening
Replies = list[Reply]
