"""What people do in a chat, in words that name no platform: each `receive` translates its payloads into these."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Sender:
    """The person who acts, as the chat knows them; `locale` is empty where the chat does not say."""

    platform: str
    workspace: str
    user: str
    name: str = ""
    locale: str = ""
    guest: bool = False
    bot: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """The channel where it happened; `direct` is a conversation between one person and the bot."""

    channel: str
    name: str = ""
    direct: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Interaction:
    """What all of them carry. `once` is the once-key of a delivery that may be repeated, empty for none; `at` is when
    the chat says that it happened, `None` where it does not."""

    sender: Sender
    place: Place
    once: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Command(Interaction):
    """`/ønske støt 43`: `command` is the word after the slash, `text` is the rest."""

    command: str
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Press(Interaction):
    """A button or a select; `token` is what the roof sealed into it, `value` is what was chosen."""

    token: str
    value: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Submit(Interaction):
    """A form that was sent; `token` is the form's sealed state, `values` holds a text or a list of texts per field."""

    token: str
    values: Mapping[str, str | list[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Lookup(Interaction):
    """Letters typed in a field of kind `search` in the form with this token."""

    token: str
    field: str
    query: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class React(Interaction):
    """An emoji put on or taken off a message; `mark` orders the events of one message where the chat gives an order."""

    message: str
    emoji: str
    on: bool
    mark: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shortcut(Interaction):
    """A message that a person wants to make something of: its text, its author and a link back."""

    shortcut: str
    text: str
    link: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenBoard(Interaction):
    """A person opens the page where the bot shows them what is theirs."""
