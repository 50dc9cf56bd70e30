"""The bricks that every Slack page is built of: lines of literal text, links and emojis, and objects of plain text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from bot.platforms.slack.limits import TEXT, URL
from bot.platforms.slack.text import size, split
from handlers.chat.messages import sign

Element = dict[str, Any]

_ADDRESS = re.compile(r"https?://[^\s<>\"]+[^\s<>\".,;:!?)\]}'»]")
LINE = TEXT - 200
"""Letters of one line, so that a line of several parts still fits in one block."""

ELEMENTS = 60
"""Elements of one block: each weighs some eighty letters beside its own, so that a list of links is heavy."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of literal text: the elements that Slack shows, and the same as plain text."""

    elements: tuple[Element, ...]
    plain: str


@dataclass(frozen=True, slots=True)
class Piece:
    """One Slack block, and the same as plain text."""

    block: Element
    plain: str


def plain(text: str, *, emoji: bool = False) -> Element:
    """A text object that is shown letter for letter; `emoji` lets Slack show its own for `:names:` in it.

    What makes no difference is left out: a form of many choices comes close to what a view may weigh."""
    return {"type": "plain_text", "text": text} | ({"emoji": emoji} if ":" in text else {})


def lines_of(text: str, *, bold: bool = False) -> list[Line]:
    """The text's lines, long ones broken; addresses in it can be clicked."""
    return [found for line in text.split("\n") for part in split(line, LINE) for found in _broken(part, bold=bold)]


def _broken(text: str, *, bold: bool) -> list[Line]:
    """One line, in halves for as long as it has too many elements."""
    elements = tuple(_elements(text, bold=bold))
    if len(elements) <= ELEMENTS:
        return [Line(elements, text.rstrip("\n"))]
    return [line for part in split(text, size(text) // 2 + 1) for line in _broken(part, bold=bold)]


def _is_one(text: str) -> bool:
    """Whether this fits in one line."""
    return size(text) <= LINE and 2 * len(_ADDRESS.findall(text)) < ELEMENTS - 3


def labelled(label: str, between: str, value: str) -> list[Line]:
    """`label: value` with the label in bold, in several lines where it is long."""
    first, *rest = value.split("\n")
    if not _is_one(label + between + first):
        return [*lines_of(label + between.rstrip(), bold=True), *lines_of(value)]
    elements = (*_elements(label + between, bold=True), *_elements(first))
    return [Line(elements, label + between + first), *(line for more in rest for line in lines_of(more))]


def listed(emoji: str, text: str, detail: str) -> list[Line]:
    """A line of a list: its emoji, its text, and its detail in italics."""
    start: tuple[Element, ...] = ()
    if emoji:
        start = ({"type": "emoji", "name": emoji}, *_elements(" "))
    before = f"{sign(emoji)} " if emoji else ""
    whole = " ".join(part for part in (text, detail) if part)
    if not _is_one(whole):
        first, *rest = lines_of(whole)
        return [Line((*start, *first.elements), before + first.plain), *rest]
    elements = [*start, *_elements(text)]
    if detail:
        elements += _elements(f" {detail}" if text else detail, italic=True)
    return [Line(tuple(elements), before + whole)]


def linked(label: str, url: str) -> list[Line]:
    """A link behind its label, or written out where Slack would not take its address."""
    if not re.match(r"(https?://|mailto:)\S+$", url) or size(url) > URL:
        return labelled(label, ": ", url)
    if size(label) > LINE:
        return [*lines_of(f"{label}:"), Line(({"type": "link", "url": url},), url)]
    said = label if label.strip() else url
    return [Line(({"type": "link", "url": url, "text": said},), f"{label}: {url}")]


def rich(kind: str, lines: Sequence[Line]) -> list[Piece]:
    """Blocks of kind `rich_text_section`, `rich_text_quote` or `rich_text_preformatted` with these lines."""
    pieces = []
    for group in _grouped(lines):
        said = "\n".join(line.plain for line in group)
        elements = _joined(line.elements for line in group)
        if said.strip():
            block = {"type": "rich_text", "elements": [{"type": kind, "elements": elements}]}
            pieces.append(Piece(block, said))
    return pieces


def bullets(items: Sequence[Sequence[Line]]) -> list[Piece]:
    """A bullet list; the first line of an item has the bullet."""
    pieces = []
    for group in _grouped([line for lines in items for line in _whole(lines) if line.elements]):
        entries = [{"type": "rich_text_section", "elements": list(line.elements)} for line in group]
        block = {"type": "rich_text", "elements": [{"type": "rich_text_list", "style": "bullet", "elements": entries}]}
        pieces.append(Piece(block, "\n".join(f"• {line.plain}" for line in group)))
    return pieces


def _whole(lines: Sequence[Line]) -> Sequence[Line]:
    """One item's lines as one, where a block can hold it."""
    said = "\n".join(line.plain for line in lines)
    return lines if not _is_one(said) else [Line(tuple(_joined(line.elements for line in lines)), said)]


def _grouped(lines: Sequence[Line]) -> list[list[Line]]:
    """The lines in groups that fit in a block each."""
    groups: list[list[Line]] = []
    room = places = 0
    for line in lines:
        needed = size(line.plain) + 1
        if not groups or needed > room or len(line.elements) > places:
            groups.append([])
            room, places = TEXT, ELEMENTS
        groups[-1].append(line)
        room, places = room - needed, places - len(line.elements)
    return groups


def _joined(lines: Iterable[Iterable[Element]]) -> list[Element]:
    """The elements of all lines with line ends between; neighbours of one style become one."""
    joined: list[Element] = []
    for number, line in enumerate(lines):
        for element in [*([{"type": "text", "text": "\n"}] if number else []), *line]:
            last = joined[-1] if joined else None
            if last and last["type"] == element["type"] == "text" and last.get("style") == element.get("style"):
                joined[-1] = last | {"text": last["text"] + element["text"]}
            else:
                joined.append(element)
    return joined


def _elements(text: str, *, bold: bool = False, italic: bool = False) -> list[Element]:
    style = {name: True for name, wanted in (("bold", bold), ("italic", italic)) if wanted}
    styled: Element = {"style": style} if style else {}
    elements: list[Element] = []
    end = 0
    for found in _ADDRESS.finditer(text):
        if size(found[0]) > URL:
            continue
        if found.start() > end:
            elements.append({"type": "text", "text": text[end : found.start()]} | styled)
        elements.append({"type": "link", "url": found[0]} | styled)
        end = found.end()
    if end < len(text):
        elements.append({"type": "text", "text": text[end:]} | styled)
    return elements
