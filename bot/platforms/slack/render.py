"""Shows the bot's messages as Slack's blocks, split or shortened so that Slack takes every one of them."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from bot.platforms.slack import limits
from bot.platforms.slack.charts import chart_piece
from bot.platforms.slack.controls import action_pieces
from bot.platforms.slack.pieces import Element, Line, Piece, bullets, labelled, lines_of, linked, listed, plain, rich
from bot.platforms.slack.text import clean, escape_within, one_line, shorten, size, split
from handlers.chat.messages import (
    Actions,
    Block,
    Chart,
    Divider,
    Facts,
    Heading,
    Item,
    Link,
    Listing,
    Message,
    Note,
    Quote,
    Table,
    Text,
    chart_words,
)

NOTHING_SAID = "–"

_TEXTS = (Text, Quote, Note)
_SHORTER = (3_000, 1_500, 700, 300)
"""Letters of one text in a message that is too long, tried in this order."""


@dataclass(frozen=True, slots=True)
class Rendered:
    """One Slack message: its blocks, and the text for notifications and screen readers, escaped."""

    text: str
    blocks: list[Element]


def to_messages(shown: Message, *, charts: bool = False, in_thread: bool = False) -> list[Rendered]:
    """The message as one Slack message, or as several where one can't hold it. Never empty.

    Args:
        charts: whether this Slack draws charts; where it does not, their words are said.
        in_thread: whether the other parts stand in the thread of the first: then the buttons at the end of the message
            stand on the first one, where everybody sees them and where updates change them.
    """
    pieces = to_pieces(shown, limits.CHARTS if charts else 0)
    parts = _parts(pieces, limits.MESSAGE_BLOCKS, limits.MESSAGE_SIZE)
    if in_thread and len(parts) > 1:
        parts = _with_controls_above(pieces)
    return [_rendered(part) for part in parts] or [Rendered(NOTHING_SAID, [])]


def to_message(shown: Message, *, charts: bool = False) -> Rendered:
    """The message as one, for what can't go on below: where it is too long, its texts are shortened, so that what
    stands after them, facts and buttons, is there."""
    for longest in (0, *_SHORTER):
        parts = to_messages(_shortened(shown, longest) if longest else shown, charts=charts, in_thread=True)
        if len(parts) == 1:
            break
    return parts[0]


def _shortened(shown: Message, longest: int) -> Message:
    return Message(
        tuple(
            dataclasses.replace(block, text=shorten(block.text, longest)) if isinstance(block, _TEXTS) else block
            for block in shown.blocks
        )
    )


def to_home(shown: Message) -> Element:
    """The message as a person's home page; what it can't hold is left out."""
    parts = _parts(to_pieces(shown), limits.VIEW_BLOCKS - 1, limits.VIEW_SIZE, escaped=True)
    blocks = [piece.block for piece in parts[0]] if parts else []
    if len(parts) > 1:
        blocks.append({"type": "context", "elements": [plain("…")]})
    return {"type": "home", "blocks": blocks}


def to_pieces(shown: Message, most_charts: int = 0) -> list[Piece]:
    """The message block by block."""
    pieces: list[Piece] = []
    controls = 0
    for block in shown.blocks:
        if isinstance(block, Actions):
            pieces += action_pieces(_cleaned(block), controls)
            controls += len(block.items)
        elif isinstance(block, Chart):
            drawn = chart_piece(_cleaned(block)) if most_charts > 0 else None
            most_charts -= 1 if drawn else 0
            pieces += [drawn] if drawn else _text_pieces(Text(clean(chart_words(block))))
        else:
            pieces += _text_pieces(_cleaned(block))
    return pieces


def _text_pieces(block: Block) -> list[Piece]:
    match block:
        case Heading(text):
            return _heading(text)
        case Text(text):
            return rich("rich_text_section", lines_of(text))
        case Quote(text):
            return [_quoted(piece) for piece in rich("rich_text_quote", lines_of(text))]
        case Note(text):
            return [_context(part) for part in split(text, limits.TEXT) if part.strip()]
        case Facts(items):
            return rich("rich_text_section", [line for label, value in items for line in labelled(label, ": ", value)])
        case Listing(items):
            return _listing(items)
        case Table(header, rows):
            return _table(header, rows)
        case Link(label, url):
            return rich("rich_text_section", linked(label, url))
        case Divider():
            return [Piece({"type": "divider"}, "")]
        case _:
            raise AssertionError(f"no way to show a {type(block).__name__}")


def _heading(text: str) -> list[Piece]:
    said = one_line(text)
    if size(said) > limits.HEADER:
        return rich("rich_text_section", lines_of(said, bold=True))
    return [Piece({"type": "header", "text": plain(said)}, said)] if said else []


def _quoted(piece: Piece) -> Piece:
    return Piece(piece.block, "\n".join(f"> {line}" for line in piece.plain.split("\n")))


def _context(text: str) -> Piece:
    return Piece({"type": "context", "elements": [plain(text)]}, text)


def _listing(items: Sequence[Item]) -> list[Piece]:
    lines = [listed(item.emoji, f"{item.mark} {item.text}".strip(), item.detail) for item in items]
    if any(item.emoji or item.mark for item in items):
        return rich("rich_text_section", [line for several in lines for line in several])
    return bullets(lines)


def _table(header: tuple[str, ...], rows: tuple[tuple[str, ...], ...]) -> list[Piece]:
    """Columns of letters of one width: it reads well, and is read aloud, on every surface and in any number."""
    table = [tuple(one_line(cell) for cell in row) for row in (header, *rows)]
    columns = max((len(row) for row in table), default=0)
    widths = [max((len(row[place]) for row in table if place < len(row)), default=0) for place in range(columns)]
    lines = []
    for row in table:
        shown = " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=False)).rstrip()
        said = " | ".join(row)
        wide = size(shown) > limits.TEXT - 200
        lines += lines_of(said) if wide else [Line(({"type": "text", "text": shown},) if shown else (), said)]
    return rich("rich_text_preformatted", lines)


def _cleaned(block: Any) -> Any:
    """The block with every text of it cleaned."""
    if isinstance(block, str):
        return clean(block)
    if isinstance(block, tuple):
        return tuple(_cleaned(item) for item in block)
    if dataclasses.is_dataclass(block) and not isinstance(block, type):
        changed = {field.name: _cleaned(getattr(block, field.name)) for field in dataclasses.fields(block)}
        return dataclasses.replace(block, **changed)
    return block


def _parts(pieces: Sequence[Piece], most_blocks: int, most_size: int, *, escaped: bool = False) -> list[list[Piece]]:
    """The pieces in as few parts as hold them, in order, weighed as JSON that is `escaped` to ASCII or not."""
    if len(pieces) > most_blocks:
        pieces = list(_merged(pieces))
    parts: list[list[Piece]] = []
    room = 0
    for piece in pieces:
        needed = _weight([piece], escaped=escaped)
        if not parts or len(parts[-1]) == most_blocks or needed > room:
            parts.append([])
            room = most_size
        parts[-1].append(piece)
        room -= needed
    return parts


def _with_controls_above(pieces: Sequence[Piece]) -> list[list[Piece]]:
    """The parts of a message that is too long for one, with the buttons at its end on the first, below a sign that it
    goes on; as they come where the first would have room for little else."""
    said = list(pieces)
    controls: list[Piece] = []
    while said and said[-1].block["type"] == "actions":
        controls.insert(0, said.pop())
    below = [_context("…"), *controls]
    room, blocks = limits.MESSAGE_SIZE - _weight(below), limits.MESSAGE_BLOCKS - len(below)
    first, *rest = _parts(said, blocks, room) if room > 0 and blocks > 0 else [[]]
    if not controls or not 0 < _weight(first) <= room:
        return _parts(pieces, limits.MESSAGE_BLOCKS, limits.MESSAGE_SIZE)
    left = [piece for part in rest for piece in part]
    return [[*first, *below], *_parts(left, limits.MESSAGE_BLOCKS, limits.MESSAGE_SIZE)]


def _weight(pieces: Sequence[Piece], *, escaped: bool = False) -> int:
    """Letters of the pieces' blocks as JSON."""
    return sum(size(json.dumps(piece.block, ensure_ascii=escaped)) + 2 for piece in pieces)


def _merged(pieces: Sequence[Piece]) -> Iterable[Piece]:
    """The pieces with neighbours of text in one block each, and without dividers: for very many of them."""
    last: Piece | None = None
    weight = 0
    for piece in pieces:
        if piece.block["type"] == "divider":
            continue
        needed = _weight([piece])
        if last and _go_together(last, piece) and weight + needed < limits.MESSAGE_SIZE // 2:
            elements = [*last.block["elements"], *piece.block["elements"]]
            last, weight = Piece(last.block | {"elements": elements}, f"{last.plain}\n{piece.plain}"), weight + needed
            continue
        if last:
            yield last
        last, weight = piece, needed
    if last:
        yield last


def _go_together(one: Piece, other: Piece) -> bool:
    """Whether both are text, and not too much of it for one block."""
    both = one.block["type"] == other.block["type"] == "rich_text"
    return both and size(one.plain) + size(other.plain) < limits.TEXT


def _rendered(part: Sequence[Piece]) -> Rendered:
    said = "\n".join(piece.plain for piece in part if piece.plain)
    return Rendered(escape_within(said, limits.FALLBACK_TEXT) or NOTHING_SAID, [piece.block for piece in part])
