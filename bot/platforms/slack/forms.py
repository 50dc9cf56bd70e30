"""Shows forms as Slack's modals, prefilled, and reads what people typed in them; the sealed token travels within."""

from __future__ import annotations

import dataclasses
import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

import structlog

from bot.platforms.slack import limits
from bot.platforms.slack.controls import from_value, options_of, with_options
from bot.platforms.slack.pieces import Element, plain
from bot.platforms.slack.text import clean, cut, one_line, read_typed, shorten, size, split
from handlers.chat.messages import Field, Form, Option
from locales import translate

CALLBACK = "form"
ON = "true"

_MORE = "~"
"""Stands between a field's name and the number of the one that goes on with it."""

_SIGNS = {"\n": "n", " ": "s"}
_BLANKS = "".join(_SIGNS)
_MOST_BLANKS = 100

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_TIME = re.compile(r"([01]?\d|2[0-3])[.:]([0-5]\d)")

log = structlog.get_logger()


class FormTooLarge(Exception):
    """A form that carries more than Slack lets a modal carry."""


def to_view(form: Form) -> Element:
    """The form as a modal.

    Raises:
        FormTooLarge: its sealed token, or all of it, is more than a modal holds.
    """
    title = one_line(clean(form.title)) or translate("slack.form")
    blocks = [*_title_block(title), *_intro(form.intro)]
    blocks += [block for field in form.fields for block in _inputs(field)][: limits.VIEW_BLOCKS - len(blocks)]
    view = {
        "type": "modal",
        "callback_id": CALLBACK,
        "title": plain(shorten(title, limits.VIEW_WORD)),
        "submit": plain(shorten(one_line(clean(form.submit)) or translate("slack.send"), limits.VIEW_WORD)),
        "close": plain(shorten(translate("slack.cancel"), limits.VIEW_WORD)),
        "private_metadata": form.token,
        "blocks": blocks,
    }
    if size(form.token) > limits.PRIVATE_METADATA or size(json.dumps(view)) > limits.VIEW_SIZE:
        raise FormTooLarge(f"{form.deed}: {size(form.token)} letters of token, {len(form.fields)} fields")
    return view


def read_values(view: Mapping[str, Any]) -> dict[str, str | list[str]]:
    """What stands in a modal's fields, by their names."""
    values = (view.get("state") or {}).get("values") or {}
    found: dict[str, str | list[str]] = {}
    for name, block in values.items():
        first, more, place = name.partition(_MORE)
        for kind, state in block.items():
            value = _read(kind, state)
            found[first] = f"{found.get(first, '')}{_between(place)}{value}" if more else value
    return found


def _between(place: str) -> str:
    """The blanks before a field that goes on with another one: its name tells them."""
    return "".join(blank for sign in place for blank, name in _SIGNS.items() if name == sign)


def errors_answer(view: Mapping[str, Any], errors: Sequence[tuple[str, str]]) -> Element:
    """The answer that keeps the modal open with these sentences at its fields.

    A sentence about the form as a whole, or about a field that it does not show, stands at its first field; in a form
    without fields it stands above the rest."""
    errors = [(name, clean(said)) for name, said in errors]
    inputs = [block["block_id"] for block in view.get("blocks", ()) if block.get("type") == "input"]
    if not inputs:
        return {"response_action": "update", "view": _with_sentence(view, " ".join(said for _, said in errors))}
    told: dict[str, str] = {}
    for name, sentence in errors:
        place = name if name in inputs else inputs[0]
        told[place] = f"{told[place]}\n{sentence}" if place in told else sentence
    return {"response_action": "errors", "errors": {place: shorten(said, 2_000) for place, said in told.items()}}


def _with_sentence(view: Mapping[str, Any], sentence: str) -> Element:
    kept = ("type", "callback_id", "title", "submit", "close", "private_metadata")
    blocks = [block for block in view.get("blocks", ()) if block.get("block_id") != "error"]
    said = {"type": "section", "block_id": "error", "text": plain(shorten(sentence, limits.TEXT))}
    return {name: view[name] for name in kept if view.get(name)} | {"blocks": [said, *blocks]}


def _title_block(title: str) -> list[Element]:
    """The whole title above the form where the modal's own has no room for it."""
    if size(title) <= limits.VIEW_WORD:
        return []
    return [{"type": "header", "text": plain(shorten(title, limits.HEADER))}]


def _intro(text: str) -> list[Element]:
    parts = split(clean(text), limits.TEXT)[:4]
    return [{"type": "section", "text": plain(part.strip())} for part in parts if part.strip()]


def _inputs(field: Field) -> list[Element]:
    """The field; where more stands in it than Slack's takes, it goes on in others below, so that nothing is lost."""
    value = clean(field.value).strip() if isinstance(field.value, str) else ""
    if size(value) <= limits.INPUT_TEXT or _element(field)["type"] != "plain_text_input":
        return [_input(field)]
    (_, first), *others = _cut_up(value)
    blocks = [_input(dataclasses.replace(field, value=first))]
    more = dataclasses.replace(field, label=translate("slack.continued", label=field.label), required=False, hint="")
    for number, (between, text) in enumerate(others, 2):
        name = f"{field.name}{_MORE}{number}{''.join(_SIGNS[blank] for blank in between)[:_MOST_BLANKS]}"
        blocks.append(_input(dataclasses.replace(more, name=name, value=text)))
    return blocks


def _cut_up(text: str) -> list[tuple[str, str]]:
    """The text in pieces that fit, each with the blanks that stand before it: Slack leaves out those at the ends."""
    pieces: list[tuple[str, str]] = []
    between = ""
    for part in split(text, limits.INPUT_TEXT):
        bare = part.lstrip(_BLANKS)
        between += part[: len(part) - len(bare)]
        if kept := bare.rstrip(_BLANKS):
            pieces.append((between, kept))
            between = bare[len(kept) :]
    return pieces


def _input(field: Field) -> Element:
    block: Element = {
        "type": "input",
        "block_id": field.name,
        "optional": not field.required,
        "label": plain(shorten(one_line(clean(field.label)) or field.name, limits.INPUT_LABEL)),
        "element": _element(field) | {"action_id": field.kind},
    }
    if hint := clean(field.hint).strip():
        block["hint"] = plain(shorten(hint, limits.INPUT_LABEL))
    return block


def _element(field: Field) -> Element:
    value = clean(field.value) if isinstance(field.value, str) else ""
    match field.kind:
        case "date" if not value or _DATE.fullmatch(value):
            return {"type": "datepicker"} | ({"initial_date": value} if value else {})
        case "time" if not value or _TIME.fullmatch(value):
            return {"type": "timepicker"} | ({"initial_time": _clock(value)} if value else {})
        case "choice" if field.options:
            return _choice(field, value)
        case "multi" if field.options:
            return _multi(field)
        case "search":
            return _search(field, value)
        case "switch":
            return _switch(value)
        case _:
            return _typed(field, value)


def _typed(field: Field, value: str) -> Element:
    longest = min(max(field.maximum or limits.INPUT_TEXT, size(value)), limits.INPUT_TEXT)
    element: Element = {"type": "plain_text_input", "multiline": field.kind == "long", "max_length": longest}
    if value:
        element["initial_value"] = cut(value, longest)
    return element | _placeholder(field)


def _clock(value: str) -> str:
    hours, minutes = value.replace(".", ":").split(":")
    return f"{int(hours):02}:{minutes}"


def _choice(field: Field, value: str) -> Element:
    options = options_of(field.options, optional=not field.required)
    element = {"type": "static_select"} | _placeholder(field)
    chosen = next((one for one in options if value and one["value"] == value), None)
    return with_options(element, options) | ({"initial_option": chosen} if chosen else {})


def _multi(field: Field) -> Element:
    options = options_of(field.options)
    chosen = [one for one in options if isinstance(field.value, tuple) and one["value"] in field.value]
    initial = {"initial_options": chosen} if chosen else {}
    if len(options) <= limits.CHECKBOXES:
        return {"type": "checkboxes", "options": options} | initial
    return with_options({"type": "multi_static_select"} | _placeholder(field), options) | initial


def _search(field: Field, value: str) -> Element:
    element: Element = {"type": "external_select", "min_query_length": 0} | _placeholder(field)
    found = options_of([Option(value, clean(field.shown) or value)]) if value else []
    return element | ({"initial_option": found[0]} if found else {})


def _switch(value: str) -> Element:
    option = {"text": plain(translate("slack.yes")), "value": ON}
    return {"type": "checkboxes", "options": [option]} | ({"initial_options": [option]} if value == ON else {})


def _placeholder(field: Field) -> Element:
    text = one_line(clean(field.placeholder))
    return {"placeholder": plain(shorten(text, limits.PLACEHOLDER))} if text else {}


def _read(kind: str, state: Mapping[str, Any]) -> str | list[str]:
    if "selected_options" in state:
        chosen = [option["value"] for option in state["selected_options"] or ()]
        return (ON if ON in chosen else "") if kind == "switch" else chosen
    if "selected_option" in state:
        return from_value((state["selected_option"] or {}).get("value") or "")
    value = state.get("selected_date") or state.get("selected_time") or state.get("value") or ""
    return read_typed(str(value))
