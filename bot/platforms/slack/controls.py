"""Buttons, selects and the options in them, within Slack's limits, and what they carry back when they are used."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

import structlog

from bot.platforms.slack import limits
from bot.platforms.slack.pieces import Element, Piece, plain
from bot.platforms.slack.text import one_line, shorten, size
from handlers.chat.messages import Actions, Button, Option, Select
from locales import translate

NOTHING = "–"
"""Stands for an empty choice: Slack takes no empty option, and has no way to take a choice back."""

_CARRIED = limits.ID - 15
"""Letters of a token that fit in one id beside its number."""

_ACTIONS_SIZE = limits.MESSAGE_SIZE - 2_000

log = structlog.get_logger()


def action_pieces(block: Actions, first: int) -> list[Piece]:
    """The buttons and selects in as many blocks as hold them.

    Args:
        first: the number of the first of them in the message, since their ids differ within it.
    """
    pieces: list[Piece] = []
    row: list[Element] = []
    for number, item in enumerate(block.items, first):
        if isinstance(item, Select):
            pieces += [*_row(row), *_select(item, number)]
            row = []
            continue
        button = _button(item, number)
        if len(row) == limits.ACTIONS or size(json.dumps([*row, button])) > _ACTIONS_SIZE:
            pieces += _row(row)
            row = []
        row += [button] if button else []
    return [*pieces, *_row(row)]


def read_token(action: Element) -> str:
    """What the pressed button or the used select carries; empty where it is none of ours."""
    name = str(action.get("action_id", ""))
    if action.get("type") == "button" and name.startswith("b"):
        return str(action.get("value") or "")
    number, _, token = name.partition(".")
    if not number.startswith("s"):
        return ""
    block = str(action.get("block_id") or "")
    return token + (block.removeprefix(f"{number}.") if block.startswith(f"{number}.") else "")


def read_choice(action: Element) -> str:
    """The value that was chosen in a select; empty for a button."""
    return from_value((action.get("selected_option") or {}).get("value") or "")


def from_value(value: str) -> str:
    return "" if value == NOTHING else value


def options_of(options: Iterable[Option], *, optional: bool = False) -> list[Element]:
    """The options as Slack takes them; `optional` puts one before them that stands for nothing."""
    made = [_option(option) for option in options if size(option.value) <= limits.OPTION_VALUE]
    if optional and not any(one["value"] == NOTHING for one in made):
        made.insert(0, {"text": plain(NOTHING), "value": NOTHING})
    return made


def with_options(element: Element, options: Sequence[Element]) -> Element:
    """The select with its options, in groups where there are more than Slack takes in one."""
    if len(options) <= limits.OPTIONS:
        return element | {"options": list(options)}
    groups = [options[start : start + limits.OPTIONS] for start in range(0, len(options), limits.OPTIONS)]
    named = [{"label": plain(_span(group)), "options": list(group)} for group in groups[: limits.OPTION_GROUPS]]
    return element | {"option_groups": named}


def found_options(options: Sequence[Option]) -> Element:
    """What a search found, as Slack takes the answer; where that is more than it takes, it says so above the first."""
    made = options_of(options)
    if len(made) <= limits.OPTIONS:
        return {"options": made}
    told = translate("slack.more_options", shown=limits.OPTIONS, count=len(made))
    return {"option_groups": [{"label": plain(shorten(told, limits.OPTION_TEXT)), "options": made[: limits.OPTIONS]}]}


def _span(group: Sequence[Element]) -> str:
    first, last = (shorten(one["text"]["text"], 34) for one in (group[0], group[-1]))
    return f"{first} – {last}"


def _option(option: Option) -> Element:
    label = one_line(option.label) or option.value or NOTHING
    made: Element = {"text": plain(shorten(label, limits.OPTION_TEXT)), "value": option.value or NOTHING}
    if size(label) > limits.OPTION_TEXT:
        rest = label[len(made["text"]["text"]) - 1 :].strip()
        made["description"] = plain(shorten(f"…{rest}", limits.OPTION_TEXT))
    return made


def _button(item: Button, number: int) -> Element:
    """The button; nothing where what it carries is more than Slack lets a button carry."""
    if size(item.token) > limits.BUTTON_VALUE:
        log.error("button_left_out", deed=item.deed, size=size(item.token))
        return {}
    label = shorten(one_line(item.label) or NOTHING, limits.BUTTON_LABEL)
    button: Element = {"type": "button", "action_id": f"b{number}", "text": plain(label, emoji=True)}
    if item.token:
        button["value"] = item.token
    if item.style != "plain":
        button["style"] = item.style
    if item.confirm.strip():
        button["confirm"] = _confirm(item, label)
    return button


def _confirm(item: Button, label: str) -> Element:
    return {
        "title": plain(shorten(label, limits.CONFIRM_TITLE)),
        "text": plain(shorten(item.confirm, limits.CONFIRM_TEXT)),
        "confirm": plain(shorten(label, limits.CONFIRM_BUTTON)),
        "deny": plain(shorten(translate("slack.cancel"), limits.CONFIRM_BUTTON)),
    }


def _select(item: Select, number: int) -> list[Piece]:
    """A select has no value of its own, so its token travels in its ids."""
    options = options_of(item.options)
    if not options or size(item.token) > 2 * _CARRIED:
        log.error("select_left_out", deed=item.deed, options=len(options), size=size(item.token))
        return []
    select: Element = {
        "type": "static_select",
        "action_id": f"s{number}.{item.token[:_CARRIED]}",
        "placeholder": plain(shorten(one_line(item.label) or NOTHING, limits.PLACEHOLDER)),
    }
    block: dict[str, Any] = {"type": "actions", "elements": [with_options(select, options)]}
    if rest := item.token[_CARRIED:]:
        block["block_id"] = f"s{number}.{rest}"
    return [Piece(block, "")]


def _row(elements: list[Element]) -> list[Piece]:
    return [Piece({"type": "actions", "elements": elements}, "")] if elements else []
