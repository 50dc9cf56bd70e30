"""What Slack refuses in a message or a view: each finding is one sentence, and none means that Slack takes it.

The numbers are Slack's documented ones, written down here apart from the bot's own, so that neither can hide a slip of
the other."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

Thing = dict[str, Any]

HOME_BLOCKS = {"header", "section", "context", "actions", "divider", "rich_text"}
VIEW_BLOCKS = HOME_BLOCKS | {"input"}
MESSAGE_BLOCKS = HOME_BLOCKS | {"data_visualization"}
INPUTS = {
    "plain_text_input",
    "static_select",
    "external_select",
    "multi_static_select",
    "checkboxes",
    "datepicker",
    "timepicker",
}
RICH = {"rich_text_section", "rich_text_quote", "rich_text_preformatted", "rich_text_list"}
INLINE = {"text", "link", "emoji"}


def units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def check_message(payload: Thing) -> list[str]:
    """What Slack would refuse in a chat.postMessage, an update, an ephemeral or a response."""
    blocks, text = payload.get("blocks") or [], payload.get("text") or ""
    found = [] if text.strip() or blocks else ["no_text"]
    if not text.strip():
        found.append("a message without a fallback text can't be read aloud")
    if units(text) > 4000:
        found.append(f"msg_too_long: text of {units(text)}")
    if re.search(r"<[!@#][^>]*>", text) or re.search(r"&(?!amp;|lt;|gt;)", text):
        found.append(f"live or broken markup in the fallback text: {text!r}")
    if len(json.dumps(blocks, ensure_ascii=False)) > 13_200:
        found.append("msg_blocks_too_long")
    if payload.get("link_names") or payload.get("parse"):
        found.append("link_names and parse make @channel live")
    if len([block for block in blocks if block.get("type") == "data_visualization"]) > 2:
        found.append("more than two charts")
    return found + list(_check_blocks(blocks, 50, MESSAGE_BLOCKS))


def check_view(view: Thing) -> list[str]:
    """What Slack would refuse in a modal or a home page."""
    found = []
    allowed = {"type", "callback_id", "title", "submit", "close", "private_metadata", "blocks"}
    if extra := set(view) - allowed:
        found.append(f"unknown in a view: {extra}")
    if view.get("type") == "modal":
        for name in ("title", "submit", "close"):
            if name in view:
                found += _check_text(view[name], 24, f"view.{name}")
        if "title" not in view:
            found.append("a modal without a title")
        if "submit" not in view and any(block["type"] == "input" for block in view["blocks"]):
            found.append("a modal with inputs needs a submit")
    if units(view.get("private_metadata") or "") > 3000:
        found.append("private_metadata is longer than 3000")
    if len(json.dumps(view).encode()) > 250_000:
        found.append("view_too_large")
    kinds = VIEW_BLOCKS if view.get("type") == "modal" else HOME_BLOCKS
    return found + list(_check_blocks(view.get("blocks") or [], 100, kinds))


def check_found(answer: Thing) -> list[str]:
    """What Slack would refuse in an answer to an options request: options, or groups of them."""
    if set(answer) not in ({"options"}, {"option_groups"}):
        return [f"an answer to an options request with {sorted(answer)}"]
    if not answer.get("options", True):
        return []
    return list(_check_select(answer))


def _check_blocks(blocks: list[Thing], most: int, kinds: set[str]) -> Iterator[str]:
    if len(blocks) > most:
        yield f"{len(blocks)} blocks"
    yield from _check_unique([block["block_id"] for block in blocks if "block_id" in block], "block_id")
    yield from _check_unique([one["action_id"] for block in blocks for one in _controls(block)], "action_id")
    for block in blocks:
        kind = block.get("type")
        if kind not in kinds:
            yield f"no block of type {kind} here"
        if not 0 < units(block.get("block_id", "x")) <= 255:
            yield "block_id is empty or too long"
        yield from _CHECKS.get(str(kind), lambda _: iter(()))(block)


def _controls(block: Thing) -> list[Thing]:
    return list(block.get("elements", [])) if block.get("type") == "actions" else []


def _check_unique(names: list[str], what: str) -> Iterator[str]:
    if len(names) != len(set(names)):
        yield f"{what} twice"


def _check_text(text: Thing, most: int, where: str, kinds: tuple[str, ...] = ("plain_text",)) -> Iterator[str]:
    if text.get("type") not in kinds:
        yield f"{where}: a text of type {text.get('type')}"
    if not text.get("text", "").strip():
        yield f"{where}: an empty text"
    if units(text.get("text", "")) > most:
        yield f"{where}: {units(text['text'])} letters, at most {most}"
    if "\0" in text.get("text", "") or any("\ud800" <= letter <= "\udfff" for letter in text.get("text", "")):
        yield f"{where}: letters that are none"


def _check_header(block: Thing) -> Iterator[str]:
    yield from _check_text(block["text"], 150, "header")


def _check_section(block: Thing) -> Iterator[str]:
    yield from _check_text(block["text"], 3000, "section", ("plain_text", "mrkdwn"))


def _check_context(block: Thing) -> Iterator[str]:
    if not 1 <= len(block["elements"]) <= 10:
        yield "a context needs 1 to 10 elements"
    for element in block["elements"]:
        yield from _check_text(element, 3000, "context", ("plain_text", "mrkdwn"))


def _check_actions(block: Thing) -> Iterator[str]:
    if not 1 <= len(block["elements"]) <= 25:
        yield f"{len(block['elements'])} elements in actions"
    for element in block["elements"]:
        if not 0 < units(element.get("action_id", "")) <= 255:
            yield "action_id is missing or longer than 255"
        if element["type"] == "button":
            yield from _check_button(element)
        elif element["type"] == "static_select":
            yield from _check_select(element)
        else:
            yield f"no element of type {element['type']} in actions"


def _check_button(button: Thing) -> Iterator[str]:
    yield from _check_text(button["text"], 75, "button")
    if "value" in button and not 0 < units(button["value"]) <= 2000:
        yield "a button's value is empty or longer than 2000"
    if button.get("style", "primary") not in ("primary", "danger"):
        yield f"no style {button['style']}"
    if confirm := button.get("confirm"):
        for name, most in (("title", 100), ("text", 300), ("confirm", 30), ("deny", 30)):
            yield from _check_text(confirm[name], most, f"confirm.{name}")


def _check_select(select: Thing) -> Iterator[str]:
    if "placeholder" in select:
        yield from _check_text(select["placeholder"], 150, "placeholder")
    groups = select.get("option_groups")
    options = select.get("options")
    if (groups is None) == (options is None):
        yield "a select needs options or option_groups"
        return
    if groups is not None and not 1 <= len(groups) <= 100:
        yield f"{len(groups)} option groups"
    for group in groups or [{"options": options}]:
        if "label" in group:
            yield from _check_text(group["label"], 75, "option group")
        if not 1 <= len(group["options"]) <= 100:
            yield f"{len(group['options'])} options"
        for option in group["options"]:
            yield from _check_option(option)
    yield from _check_initial(select, [one for group in groups or [{"options": options}] for one in group["options"]])


def _check_initial(select: Thing, options: list[Thing]) -> Iterator[str]:
    chosen = [select["initial_option"]] if "initial_option" in select else select.get("initial_options", [])
    if "initial_options" in select and not chosen:
        yield "initial_options is empty"
    for one in chosen:
        if one not in options:
            yield f"initial option {one['value']} is none of the options"


def _check_option(option: Thing) -> Iterator[str]:
    yield from _check_text(option["text"], 75, "option")
    if "description" in option:
        yield from _check_text(option["description"], 75, "option.description")
    if not 0 < units(option["value"]) <= 150:
        yield "an option's value is empty or longer than 150"


def _check_input(block: Thing) -> Iterator[str]:
    yield from _check_text(block["label"], 2000, "label")
    if "hint" in block:
        yield from _check_text(block["hint"], 2000, "hint")
    element = block["element"]
    kind = element["type"]
    if kind not in INPUTS:
        yield f"no input of type {kind}"
    if "placeholder" in element:
        yield from _check_text(element["placeholder"], 150, "placeholder")
        if kind == "checkboxes":
            yield "checkboxes have no placeholder"
    yield from _ELEMENTS.get(kind, lambda _: iter(()))(element)


def _check_boxes(element: Thing) -> Iterator[str]:
    if not 1 <= len(element["options"]) <= 10:
        yield f"{len(element['options'])} checkboxes"
    yield from (problem for option in element["options"] for problem in _check_option(option))
    yield from _check_initial(element, element["options"])


def _check_day(element: Thing) -> Iterator[str]:
    if not re.fullmatch(r"\d{4}-\d\d-\d\d", element.get("initial_date", "2026-01-01")):
        yield "initial_date"


def _check_time(element: Thing) -> Iterator[str]:
    if not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", element.get("initial_time", "00:00")):
        yield "initial_time"


def _check_typed(element: Thing) -> Iterator[str]:
    longest = element.get("max_length", 3000)
    if not 1 <= longest <= 3000:
        yield f"max_length {longest}"
    if units(element.get("initial_value", "")) > longest:
        yield "initial_value is longer than max_length"


def _check_rich(block: Thing) -> Iterator[str]:
    if not block["elements"]:
        yield "a rich text without elements"
    for element in block["elements"]:
        if element["type"] not in RICH:
            yield f"no rich text element {element['type']}"
        if not element["elements"]:
            yield f"an empty {element['type']}"
        sections = element["elements"] if element["type"] == "rich_text_list" else [element]
        for section in sections:
            if sum(units(one.get("text", one.get("url", ""))) for one in section["elements"]) > 3000:
                yield "a rich text section longer than 3000"
            for one in section["elements"]:
                yield from _check_inline(one, element["type"])


def _check_chart(block: Thing) -> Iterator[str]:
    """https://docs.slack.dev/reference/block-kit/blocks/data-visualization-block, the bars of it."""
    yield from _check_length(block.get("title"), 50, "a chart's title")
    if extra := set(block) - {"type", "title", "chart", "block_id"}:
        yield f"unknown in a chart: {extra}"
    chart = block["chart"]
    if chart["type"] != "bar":
        yield f"no chart of type {chart['type']} is checked here"
    axis = chart["axis_config"]
    for name in ("x_label", "y_label"):
        if name in axis:
            yield from _check_length(axis[name], 50, name)
    for label in axis["categories"]:
        yield from _check_length(label, 20, "a category")
    yield from _check_unique(axis["categories"], "a category")
    yield from _check_series(chart["series"], axis["categories"])


def _check_series(series: list[Thing], categories: list[str]) -> Iterator[str]:
    if not 1 <= len(series) <= 6:
        yield f"{len(series)} series"
    yield from _check_unique([one["name"] for one in series], "a series")
    for one in series:
        yield from _check_length(one["name"], 20, "a series' name")
        if not 1 <= len(one["data"]) <= 20:
            yield f"{len(one['data'])} points in a series"
        if [point["label"] for point in one["data"]] != categories:
            yield "the points of a series are not the categories"
        if any(
            isinstance(point["value"], bool) or not isinstance(point["value"], int | float) for point in one["data"]
        ):
            yield "a point without a number"


def _check_length(text: Any, most: int, what: str) -> Iterator[str]:
    if not isinstance(text, str) or not text.strip() or units(text) > most:
        yield f"{what} is empty, no text or longer than {most}: {text!r}"


def _check_inline(one: Thing, kind: str) -> Iterator[str]:
    if one["type"] not in INLINE or (kind == "rich_text_preformatted" and one["type"] == "emoji"):
        yield f"no {one['type']} in {kind}"
    if one["type"] == "text" and (not one["text"] or "\0" in one["text"]):
        yield "an empty or broken rich text"
    if one["type"] == "link" and (not re.match(r"(https?://|mailto:)\S+$", one["url"]) or units(one["url"]) > 3000):
        yield f"not a link: {one['url']!r}"
    if one["type"] == "emoji" and not re.fullmatch(r"[\w+'-]+", one["name"]):
        yield f"not an emoji: {one['name']!r}"


_CHECKS = {
    "header": _check_header,
    "section": _check_section,
    "context": _check_context,
    "actions": _check_actions,
    "input": _check_input,
    "rich_text": _check_rich,
    "data_visualization": _check_chart,
}
_ELEMENTS = {
    "plain_text_input": _check_typed,
    "static_select": _check_select,
    "multi_static_select": _check_select,
    "checkboxes": _check_boxes,
    "datepicker": _check_day,
    "timepicker": _check_time,
}
