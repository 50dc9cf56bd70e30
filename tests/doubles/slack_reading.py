"""What a person reads on the screen: Slack's blocks as the text that they show."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from handlers.chat.messages import sign

Thing = dict[str, Any]


def read_message(message: Thing) -> str:
    """Everything that a message says, line by line; the fallback text only where there are no blocks."""
    blocks = message.get("blocks") or []
    if not blocks:
        return _unescaped(message.get("text") or "")
    return "\n".join(line for block in blocks for line in _read_block(block))


def list_controls(message: Thing) -> Iterator[tuple[str, Thing]]:
    """(label, element) of every button and select."""
    for block in message.get("blocks") or []:
        for element in block["elements"] if block["type"] == "actions" else ():
            label = element["text"] if element["type"] == "button" else element["placeholder"]
            yield label["text"], element | {"block_id": block.get("block_id", "auto")}


def _read_block(block: Thing) -> Iterator[str]:
    if block["type"] in ("header", "section"):
        yield _text(block["text"])
    elif block["type"] == "context":
        yield from (_text(element) for element in block["elements"])
    elif block["type"] == "data_visualization":
        yield str(block["title"])
        for point in block["chart"]["series"][0]["data"]:
            yield f"{point['label']}: {point['value']:g}"
    elif block["type"] == "rich_text":
        yield from (line for element in block["elements"] for line in _read_rich(element))


def _text(text: Thing) -> str:
    return _unescaped(text["text"]) if text["type"] == "mrkdwn" else str(text["text"])


def _read_rich(element: Thing) -> Iterator[str]:
    if element["type"] == "rich_text_list":
        yield from (f"• {_inline(entry['elements'])}" for entry in element["elements"])
        return
    said = _inline(element["elements"])
    if element["type"] == "rich_text_quote":
        said = "\n".join(f"> {line}" for line in said.split("\n"))
    if element["type"] == "rich_text_preformatted":
        said = re.sub(r" {2,}", " ", said)
    yield said


def _inline(elements: list[Thing]) -> str:
    return "".join(_one(element) for element in elements)


def _one(element: Thing) -> str:
    if element["type"] == "emoji":
        return sign(element["name"])
    if element["type"] == "link":
        return f"{element['text']}: {element['url']}" if element.get("text") else str(element["url"])
    return str(element["text"])


def _unescaped(text: str) -> str:
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
