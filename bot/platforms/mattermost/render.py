"""Shows a neutral message as a Mattermost post: its text as markdown, its buttons and selects as attachments."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import structlog

from bot.platforms.mattermost.markdown import LONGEST_TEXT, markdown, shortened
from handlers.chat.messages import Actions, Block, Button, Message, Select
from locales import translate

LARGEST_PROPS = 7400
"""Letters of JSON for all attachments of a post: the server takes 8000 and adds empty fields of its own, which are
counted here, and the bot's mark."""

_SERVER_ADDS_TO_ATTACHMENT = 260
_SERVER_ADDS_TO_ACTION = 90
LONGEST_NAME = 60
CHOICES = "p"
"""What a select carries where buttons were gathered in it: the seal of each choice."""

_STYLES = {"plain": "default", "primary": "primary", "danger": "danger"}

log = structlog.get_logger()

Item = Button | Select


@dataclass(frozen=True, slots=True)
class Rendered:
    text: str
    attachments: list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class _Part:
    """Some text and the buttons under it."""

    blocks: tuple[Block, ...]
    items: tuple[Item, ...]


def to_post(message: Message, action_url: str) -> Rendered:
    """The post that shows the message, within the server's limits.

    Text before the first buttons is the post's own; what follows them stands in attachments, so that the order is
    kept. Where that is more than a post can hold, all text goes first; where there are too many buttons still, the last
    ones become choices of one select; and where even those are too many, the longest row loses its last ones, and the
    text says so.

    Args:
        message: with its buttons sealed.
        action_url: where the server reports presses.
    """
    parts = _parts(message)
    in_order = Rendered(shortened(markdown(parts[0].blocks)), _attachments(parts, action_url, with_text=True))
    if _fits(in_order.attachments):
        return in_order
    text = shortened(markdown(message.blocks))
    text_first = Rendered(text, _attachments(parts, action_url, with_text=False))
    if _fits(text_first.attachments):
        return text_first
    attachments, cut = _cut_to_fit([part.items for part in parts if part.items], action_url)
    if cut:
        log.warning("too_many_buttons", cut=cut)
        note = f"\n\n{translate('dialogs.fewer_buttons')}"
        text = shortened(markdown(message.blocks), LONGEST_TEXT - len(note)) + note
    return Rendered(text, attachments)


def as_text(messages: Sequence[Message]) -> str:
    """Several messages as one text, without their buttons."""
    return shortened("\n\n---\n\n".join(markdown(message.blocks) for message in messages))


def has_buttons(messages: Sequence[Message]) -> bool:
    return any(isinstance(block, Actions) and block.items for message in messages for block in message.blocks)


def joined(messages: Sequence[Message]) -> Message:
    """Several messages as one."""
    return Message(tuple(block for message in messages for block in message.blocks))


def button(name: str, action_url: str, context: dict[str, Any], *, style: str = "primary") -> dict[str, Any]:
    """An attachment with one button of the platform's own."""
    action = _action("go", "button", name, action_url, context) | {"style": style}
    return {"fallback": name, "actions": [action]}


def _parts(message: Message) -> list[_Part]:
    """The message cut after each row of buttons; the first part has no buttons."""
    parts, blocks = [], []
    first: list[_Part] = []
    for block in message.blocks:
        if not isinstance(block, Actions):
            blocks.append(block)
        elif block.items:
            text = tuple(blocks)
            if not first:
                first, text = [_Part(text, ())], ()
            parts.append(_Part(text, block.items))
            blocks = []
    if not first:
        return [_Part(tuple(blocks), ())]
    return [*first, *parts, *([_Part(tuple(blocks), ())] if blocks else [])]


def _attachments(parts: Sequence[_Part], action_url: str, *, with_text: bool) -> list[dict[str, Any]]:
    taken: set[str] = set()
    made = []
    for part in parts[1:]:
        actions = [_shown(item, action_url, taken) for item in part.items]
        text = markdown(part.blocks) if with_text else ""
        if actions or text:
            made.append(_attachment(text, actions))
    return made


def _attachment(text: str, actions: list[dict[str, Any]]) -> dict[str, Any]:
    fallback = " · ".join(action["name"] for action in actions)[:100]
    made: dict[str, Any] = {"fallback": fallback}
    return made | ({"text": text} if text else {}) | ({"actions": actions} if actions else {})


def _cut_to_fit(rows: list[tuple[Item, ...]], action_url: str) -> tuple[list[dict[str, Any]], int]:
    """The rows gathered, and how many items had to go: the longest row is a list, the others are what matters."""
    items = sum(len(row) for row in rows)
    while not _fits(found := _gathered([item for row in rows for item in row], action_url)):
        longest = max(rows, key=len)
        rows = [row[: len(row) * 3 // 4] if row is longest else row for row in rows]
    return found, items - sum(len(row) for row in rows)


def _gathered(items: Sequence[Item], action_url: str) -> list[dict[str, Any]]:
    """As many buttons as there is room for, and the rest as choices of one select."""
    fewest, most = 0, len(items)
    while fewest < most:  # the fewer buttons stand for themselves, the less room they take
        middle = (fewest + most + 1) // 2
        fewest, most = (middle, most) if _fits(_with_select(items, middle, action_url)) else (fewest, middle - 1)
    return _with_select(items, fewest, action_url)


def _with_select(items: Sequence[Item], kept: int, action_url: str) -> list[dict[str, Any]]:
    """The first `kept` items as they are, and the rest in a select; a question can be asked only by a button."""
    may_stay = [at < kept or not isinstance(item, Button) or bool(item.confirm) for at, item in enumerate(items)]
    rest = [item for item, stays in zip(items, may_stay, strict=True) if not stays and isinstance(item, Button)]
    taken: set[str] = set()
    actions = [_shown(item, action_url, taken) for item, stays in zip(items, may_stay, strict=True) if stays]
    return [_attachment("", [*actions, _pick(rest, action_url)] if rest else actions)]


def _pick(buttons: Sequence[Button], action_url: str) -> dict[str, Any]:
    """Everybody can read what an option is worth, and nobody what a select carries: the seals stand there."""
    taken: set[str] = set()
    names = [_action_id(one, taken) for one in buttons]
    seals = {name: one.token for name, one in zip(names, buttons, strict=True)}
    options = [{"text": one.label[:LONGEST_NAME], "value": name} for name, one in zip(names, buttons, strict=True)]
    return _action("more", "select", translate("dialogs.more"), action_url, {CHOICES: seals}) | {"options": options}


def _shown(item: Item, action_url: str, taken: set[str]) -> dict[str, Any]:
    if isinstance(item, Select):
        options = [{"text": one.label, "value": one.value} for one in item.options]
        action = _action(_action_id(item, taken), "select", item.label, action_url, {"t": item.token})
        return action | {"options": options}
    context: dict[str, Any] = {"t": item.token} | ({"q": item.confirm} if item.confirm else {})
    action = _action(_action_id(item, taken), "button", item.label, action_url, context)
    return action | {"style": _STYLES[item.style]}


def _action(action_id: str, kind: str, name: str, action_url: str, context: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": action_id,
        "type": kind,
        "name": name if len(name) <= LONGEST_NAME else name[: LONGEST_NAME - 1] + "…",
        "integration": {"url": action_url, "context": context},
    }


def _action_id(item: Item, taken: set[str]) -> str:
    """The same for the same button as long as the post lives: who presses what is no longer there must not press
    another one that has taken its place."""
    value = item.value if isinstance(item, Button) else ""
    stem = hashlib.sha256(f"{item.deed}\n{item.subject}\n{value}".encode()).hexdigest()[:10]
    found = next(name for number in range(1000) if (name := stem + (f"x{number}" if number else "")) not in taken)
    taken.add(found)
    return found


def _fits(attachments: Sequence[dict[str, Any]]) -> bool:
    actions = sum(len(one.get("actions", ())) for one in attachments)
    added = _SERVER_ADDS_TO_ATTACHMENT * len(attachments) + _SERVER_ADDS_TO_ACTION * actions
    return len(_as_the_server_counts(attachments)) + added <= LARGEST_PROPS


def _as_the_server_counts(attachments: Sequence[dict[str, Any]]) -> str:
    """The JSON as the server writes it: `<`, `>` and `&` take six letters each."""
    text = json.dumps(attachments, ensure_ascii=False, separators=(",", ":"))
    for letter in "<>&":
        text = text.replace(letter, "\\u003c")
    return text
