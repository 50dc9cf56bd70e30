"""Writes the group's document as Markdown (CommonMark, with GitHub's tables)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from handlers.chat.messages import Block, Facts, Heading, Listing, Note, Quote, Table, Text
from handlers.reports.document import Document, item_text

_INLINE = re.compile(r"([\\`*_{}\[\]<>|~&])")
_AT_START = re.compile(r"^(\s*\d*)([-+=#.)])(?=[\s=#-]|$)", re.MULTILINE)
"""What a person's text may hold that Markdown would read as its own: anywhere, and where a line begins."""


def to_markdown(document: Document) -> bytes:
    """The document as UTF-8; what people wrote stands as they wrote it, and is never read as markup."""
    parts = [f"# {_line(document.title)}", *(part for block in document.blocks for part in _parts(block))]
    return ("\n\n".join(parts) + "\n").encode()


def _parts(block: Block) -> Iterable[str]:
    match block:
        case Heading(text):
            yield f"## {_line(text)}"
        case Text(text):
            yield _escaped(text)
        case Note(text):
            yield f"*{_line(text)}*"
        case Quote(text):
            yield "\n".join(f"> {_escaped(line)}".rstrip() for line in text.splitlines())
        case Facts(items):
            yield "\n".join(f"- {_line(label)}: {_line(value)}" for label, value in items)
        case Listing(items):
            yield "\n".join(f"- {_line(item_text(item))}" for item in items)
        case Table(header, rows):
            yield "\n".join(_row(cells) for cells in (header, ["---"] * len(header), *rows))
        case _:
            return


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cell if cell == '---' else _line(cell) for cell in cells)} |"


def _line(text: str) -> str:
    return _escaped(" ".join(text.split()))


def _escaped(text: str) -> str:
    return _AT_START.sub(r"\1\\\2", _INLINE.sub(r"\\\1", text))
