"""Writes the bot's blocks as markdown, so that what people typed shows letter by letter and calls nobody."""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import quote

from handlers.chat.messages import (
    Block,
    Chart,
    Divider,
    Facts,
    Heading,
    Item,
    Link,
    Listing,
    Note,
    Quote,
    Table,
    Text,
    chart_words,
    sign,
)

LONGEST_TEXT = 16383
"""Letters in one message [measured]."""

_NOTHING = "\u200b"
"""A letter without width: put between two that would mean something together."""

_ADDRESS = re.compile(r"https?://[A-Za-z0-9.\-_/?=&%#:+]*[A-Za-z0-9/]")
_MARKS = re.compile(r"[\\`*_~\[\]|]")
_CALL = re.compile(r"(?<![A-Za-z0-9])@")
_EMOJI = re.compile(r"(?<!\d):(?=[\w+-]+:)")
_ENTITY = re.compile(r"&(?=#?\w+;)")
_INDENT = re.compile(r"^[ \t]+", re.MULTILINE)
_LINE_MARK = re.compile(r"^(\u00a0*)([#>]|[-+](?=\s|$|[-+ ]+$))", re.MULTILINE)
_NUMBERING = re.compile(r"^(\u00a0*\d+)([.)])(?=\s)", re.MULTILINE)
_UNDERLINE = re.compile(r"^(?==+\s*$)", re.MULTILINE)


def literal(text: str) -> str:
    """The text so that it is read as it stands: no markup, mention, emoji name or table. Addresses stay links."""
    text = _ENTITY.sub("&" + _NOTHING, _CALL.sub("@" + _NOTHING, text))
    pieces, at = [], 0
    for address in _ADDRESS.finditer(text):
        pieces += [_escaped(text[at : address.start()]), address.group()]
        at = address.end()
    pieces.append(_escaped(text[at:]))
    return _lines_escaped("".join(pieces))


def _escaped(text: str) -> str:
    return _EMOJI.sub(":" + _NOTHING, _MARKS.sub(r"\\\g<0>", text))


def _lines_escaped(text: str) -> str:
    text = _INDENT.sub(lambda found: "\u00a0" * len(found.group()), text)
    text = _LINE_MARK.sub(r"\1\\\2", text)
    return _UNDERLINE.sub(_NOTHING, _NUMBERING.sub(r"\1\\\2", text))


def markdown(blocks: Iterable[Block]) -> str:
    """The blocks from top to bottom; buttons are not text and are left out."""
    return "\n\n".join(text for block in blocks if (text := _block(block)))


def shortened(text: str, longest: int = LONGEST_TEXT) -> str:
    """The text, or its first whole lines with a mark that there was more."""
    if len(text) <= longest:
        return text
    kept = text[: longest - 2].rsplit("\n", 1)[0]
    return f"{kept.rstrip(chr(92))}\n…"


def _block(block: Block) -> str:
    match block:
        case Heading(text) if text.strip():
            return f"#### {_one_line(text)}" + (_NOTHING if text.rstrip().endswith("#") else "")
        case Text(text) | Note(text):
            return literal(text)
        case Quote(text):
            return "\n".join(f"> {line}" for line in literal(text).splitlines())
        case Facts(items):
            return "\n".join(f"**{_one_line(label)}:** {literal(value)}" for label, value in items)
        case Listing(items):
            return "\n".join(_item(item) for item in items)
        case Table(header, rows):
            return "\n".join(_row(cells) for cells in (header, ("---",) * len(header), *rows))
        case Link(label, url):
            return _link(label, url)
        case Chart():
            return literal(chart_words(block))
        case Divider():
            return "---"
        case _:
            return ""


def _link(label: str, url: str) -> str:
    if not url.startswith(("https://", "http://", "mailto:")):
        return literal(f"{label}: {url}")
    return f"[{_one_line(label)}]({quote(url, safe=_SAFE_IN_ADDRESS)})"


_SAFE_IN_ADDRESS = ":/?#@!$&'*+,;=%-._~[]"


def _item(item: Item) -> str:
    before = sign(item.emoji) if item.emoji else "" if item.mark else "-"
    text, detail = _one_line(f"{item.mark} {item.text}"), _one_line(item.detail)
    return " ".join(part for part in (before, f"**{text}**" if text and detail else text, detail) if part)


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cell if cell == '---' else _one_line(cell) for cell in cells)} |"


def _one_line(text: str) -> str:
    return literal(" ".join(text.split("\n")).strip())
