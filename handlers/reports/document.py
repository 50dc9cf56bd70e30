"""The group's document: sections of what the bot also says in the chat, before it is written as a file of some kind."""

from __future__ import annotations

import dataclasses
import re
from dataclasses import dataclass
from typing import Any

from handlers.chat.messages import Block, Item

_UNWRITABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Document:
    """A title and the blocks below it; a `Heading` among them begins a section. `language` is the code of the
    language that it is written in. Buttons, links and drawings have no place on paper: writers leave them out."""

    title: str
    language: str
    blocks: tuple[Block, ...]


def item_text(item: Item) -> str:
    """A line of a list: its place, what it is, and after a dash what is said of it."""
    said = f"{item.text} – {item.detail}" if item.detail else item.text
    return f"{item.mark} {said}" if item.mark else said


def writable(text: str) -> str:
    """The text without the signs that no XML may hold (XML 1.0, 2.2), and thus neither a workbook nor Word."""
    return _UNWRITABLE.sub("", text)


def all_writable(document: Document) -> Document:
    """The document with all its texts `writable`, so that every kind of file can hold them."""
    cleaned: Document = _clean(document)
    return cleaned


def _clean(value: Any) -> Any:
    if isinstance(value, str):
        return writable(value)
    if isinstance(value, tuple):
        return tuple(_clean(one) for one in value)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        cleaned = {one.name: _clean(getattr(value, one.name)) for one in dataclasses.fields(value)}
        return dataclasses.replace(value, **cleaned)
    return value
