"""What the bot shows, in words that name no platform: blocks that every renderer must know, and their plain text."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

VERSION = 1

FieldKind = Literal[
    "text", "long", "amount", "number", "date", "time", "choice", "multi", "search", "switch", "channel"
]
Style = Literal["plain", "primary", "danger"]

NUMBERED = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "keycap_ten")
SIGNS = {name: f"{digit}\ufe0f\u20e3" for digit, name in enumerate(NUMBERED[:9], 1)} | {
    "keycap_ten": "🔟",
    "white_check_mark": "✅",
    "x": "❌",
    "+1": "👍",
    "question": "❓",
}
"""Short name → sign of the emojis that the bot itself puts on messages."""


@dataclass(frozen=True, slots=True)
class Heading:
    text: str


@dataclass(frozen=True, slots=True)
class Text:
    text: str


@dataclass(frozen=True, slots=True)
class Quote:
    """What a person wrote, shown as theirs."""

    text: str


@dataclass(frozen=True, slots=True)
class Note:
    """A line of lesser weight."""

    text: str


@dataclass(frozen=True, slots=True)
class Divider:
    pass


@dataclass(frozen=True, slots=True)
class Facts:
    """Short pairs of a label and a value."""

    items: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Item:
    """A line in a list; `emoji` is the short name that stands before it, or `mark` its place, such as `2.`; `detail`
    is its lesser line."""

    text: str
    detail: str = ""
    emoji: str = ""
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Listing:
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Table:
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """Bars of different lengths. Each has a label, its length, and its value as people read it; `measure` says what is
    measured. Where a chat can't draw, its words stand instead: see `chart_words`."""

    title: str
    bars: tuple[tuple[str, float, str], ...]
    measure: str = ""


@dataclass(frozen=True, slots=True)
class Link:
    label: str
    url: str


@dataclass(frozen=True, slots=True)
class Option:
    value: str
    label: str


@dataclass(frozen=True, slots=True)
class Button:
    """A press of it does `deed` on `subject`. `value` travels with it, `confirm` is a question asked first. The roof
    fills in `token`; handlers leave it empty."""

    label: str
    deed: str
    subject: str = ""
    value: str = ""
    style: Style = "plain"
    confirm: str = ""
    token: str = ""


@dataclass(frozen=True, slots=True)
class Select:
    """A choice of one among options, acting at once."""

    label: str
    deed: str
    options: tuple[Option, ...]
    subject: str = ""
    token: str = ""


@dataclass(frozen=True, slots=True)
class Actions:
    items: tuple[Button | Select, ...]


Block = Heading | Text | Quote | Note | Divider | Facts | Listing | Table | Chart | Link | Actions


@dataclass(frozen=True, slots=True)
class Message:
    """One message: its blocks from top to bottom."""

    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a form. `value` is what stands in it from the start: for `multi` a tuple of values, for `switch`
    "true" or "". `hint` is a line of help, `maximum` the longest text in letters, `shown` the words for the value of a
    `search`, or of a `channel`, which people name as they see it."""

    name: str
    label: str
    kind: FieldKind = "text"
    required: bool = False
    value: str | tuple[str, ...] = ""
    options: tuple[Option, ...] = ()
    hint: str = ""
    placeholder: str = ""
    maximum: int = 0
    shown: str = ""


@dataclass(frozen=True, slots=True)
class Form:
    """A form to be filled in. Sending it does `deed` on `subject`; `carry` is signed and comes back with it. The roof
    fills in `token`. `key` names the message that it was opened from, empty for none."""

    deed: str
    title: str
    fields: tuple[Field, ...]
    subject: str = ""
    intro: str = ""
    submit: str = ""
    carry: tuple[tuple[str, str], ...] = ()
    token: str = ""

    def with_values(self, values: dict[str, str | list[str]]) -> Form:
        """The same form with what a person typed in it."""
        fields = tuple(
            dataclasses.replace(field, value=tuple(typed) if isinstance(typed, list) else typed)
            if (typed := values.get(field.name)) is not None
            else field
            for field in self.fields
        )
        return dataclasses.replace(self, fields=fields)


def message(*blocks: Block | None) -> Message:
    """A message of these blocks; `None` is left out, so that a builder can say `x if y else None`."""
    return Message(tuple(block for block in blocks if block is not None))


def sign(emoji: str) -> str:
    """The sign of an emoji's short name, or `:name:` for one that has none here."""
    return SIGNS.get(emoji, f":{emoji}:")


def plain_text(shown: Message) -> str:
    """Everything that a message says, as text: for notifications, screen readers, search and scripts."""
    return "\n".join(line for block in shown.blocks for line in _lines(block))


def _lines(block: Block) -> Iterable[str]:
    match block:
        case Heading(text) | Text(text) | Note(text):
            yield text
        case Quote(text):
            yield from (f"> {line}" for line in text.splitlines())
        case Facts(items):
            yield from (f"{label}: {value}" for label, value in items)
        case Listing(items):
            for item in items:
                before = item.mark or (sign(item.emoji) if item.emoji else "•")
                yield " ".join(part for part in (before, item.text, item.detail) if part)
        case Table(header, rows):
            yield " | ".join(header)
            yield from (" | ".join(row) for row in rows)
        case Chart():
            yield chart_words(block)
        case Link(label, url):
            yield f"{label}: {url}"
        case _:
            return


def chart_words(chart: Chart) -> str:
    """All that a chart says, as one line: for people who don't see it."""
    return f"{chart.title}: " + ", ".join(f"{label} ({text})" for label, _, text in chart.bars)


_KINDS: dict[str, Any] = {
    kind.__name__: kind
    for kind in (
        Heading,
        Text,
        Quote,
        Note,
        Divider,
        Facts,
        Item,
        Listing,
        Table,
        Chart,
        Link,
        Option,
        Button,
        Select,
        Actions,
    )
}


def to_data(shown: Message) -> dict[str, Any]:
    """The message as JSON-ready data, with the version of this vocabulary."""
    return {"version": VERSION, "blocks": [_pack(block) for block in shown.blocks]}


def from_data(data: dict[str, Any]) -> Message:
    """The message that `to_data` packed.

    Raises:
        ValueError: the data is of another version than this program knows.
    """
    if data.get("version") != VERSION:
        raise ValueError(f"a message of version {data.get('version')!r} can't be read by version {VERSION}")
    return Message(tuple(_unpack(block) for block in data["blocks"]))


def _pack(value: Any) -> Any:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        packed = {"is": type(value).__name__}
        return packed | {field.name: _pack(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, tuple):
        return [_pack(item) for item in value]
    return value


def _unpack(value: Any) -> Any:
    if isinstance(value, list):
        return tuple(_unpack(item) for item in value)
    if isinstance(value, dict):
        return _KINDS[value["is"]](**{name: _unpack(item) for name, item in value.items() if name != "is"})
    return value
