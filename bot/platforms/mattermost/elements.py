"""Shows each field of a form as elements of a dialog that every server takes; what has no room there stands above."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from bot.platforms.mattermost.markdown import literal
from handlers.chat.messages import Field, Option
from locales import translate

LONGEST_LABEL = 24
"""Bytes of a field's name, and of a dialog's title: newer servers write a warning for each dialog with longer ones, as
they do for the four below."""

LONGEST_HELP = 150
LONGEST_BESIDE_BOX = 150
LONGEST_LINE = 150
LONGEST_AREA = 3000

WIDEST_LINE = 300
"""Letters that a field of one line may hold; more are written in a field of several lines."""

MOST_BOXES = 5
"""A choice of several among so few is a row of boxes to tick; a longer one is written as numbers."""

_NUMBERED_LABEL = re.compile(r"#(\d+)\b")
_ISO_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})")

Element = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Shown:
    """A field's elements; `aside` is what has no room in them, as markdown for the dialog's introduction."""

    elements: tuple[Element, ...]
    aside: str = ""


def to_elements(field: Field) -> Shown:
    """The elements of one field. A label that is too long for its place is written out in the help below it, and where
    that is too long too, above the fields."""
    elements = _elements(field)
    label, help_text = within(field.label, LONGEST_LABEL), elements[-1].get("help_text", field.hint)
    below = help_text if label == field.label else _sentences(field.label, help_text)
    shown = [one | {"display_name": label, "name": one.get("name", field.name), "help_text": ""} for one in elements]
    shown[-1]["help_text"] = within(below, LONGEST_HELP)
    aside = [literal(help_text)] if shown[-1]["help_text"] != below and help_text else []
    aside += [_listed(field)] if _is_listed(field) else []
    whole = shown[-1]["help_text"] == below and not _is_listed(field)
    return Shown(tuple(shown), "" if whole else "\n".join([f"**{literal(field.label)}**", *aside]))


def boxes(field: Field) -> tuple[Option, ...]:
    """The options that are shown as boxes to tick; none for another kind of field."""
    return field.options if field.kind == "multi" and len(field.options) <= MOST_BOXES else ()


def box_name(field: Field, position: int) -> str:
    return f"{field.name}.{position}"


def numbers_of(field: Field) -> dict[str, Option]:
    """What a person writes for each option of a long choice: the number that its label begins with, where all have
    one (`#43`), else its place in the list."""
    found = [_NUMBERED_LABEL.match(option.label) for option in field.options]
    own = [one.group(1) for one in found if one]
    if len(set(own)) == len(field.options):
        return dict(zip(own, field.options, strict=True))
    return {str(place): option for place, option in enumerate(field.options, 1)}


def within(text: str, longest: int) -> str:
    """The text, or its first whole words with a mark that there was more, in at most so many bytes."""
    raw = text.encode()
    if len(raw) <= longest:
        return text
    kept = raw[: longest - len("…".encode())].decode(errors="ignore")
    words = kept if text[len(kept)].isspace() else kept.rpartition(" ")[0]
    return f"{words.rstrip(' ,;:.(–-') or kept}…"


def _elements(field: Field) -> list[Element]:
    """With all of their help, and without their label."""
    common = {"optional": not field.required, "placeholder": within(field.placeholder, LONGEST_LINE)}
    value = field.value if isinstance(field.value, str) else ""
    match field.kind:
        case "channel":
            return [common | _line(field, field.shown or value)]
        case "text" | "amount" | "number" | "date" | "time":
            return [common | _line(field, value)]
        case "long":
            return [common | _area(field, value)]
        case "choice":
            return [common | _select(field, value)]
        case "switch":
            return [_box(field.placeholder or translate("dialogs.tick"), ticked=value in ("true", "on", "1"))]
        case "search":
            hint = _sentences(field.hint, translate("dialogs.search_hint"))
            return [common | _input(field.shown or value, LONGEST_LINE) | {"help_text": hint}]
        case "multi":
            return _boxes(field) if boxes(field) else [common | _numbers(field)]


def _line(field: Field, value: str) -> Element:
    if field.maximum > WIDEST_LINE:
        return _area(field, value)
    if field.kind == "date" and (day := _ISO_DAY.fullmatch(value)):
        value = f"{int(day[3])}.{int(day[2])}.{day[1]}"
    return _input(value, field.maximum or LONGEST_LINE)


def _area(field: Field, value: str) -> Element:
    return _input(value, min(field.maximum or LONGEST_AREA, LONGEST_AREA)) | {"type": "textarea"}


def _input(value: str, maximum: int) -> Element:
    """Room for what stands in it already, however long; one line where that fits in one."""
    one_line = len(value.encode()) <= LONGEST_LINE and "\n" not in value
    return {"type": "text" if one_line else "textarea", "default": value, "max_length": max(maximum, len(value))}


def _select(field: Field, value: str) -> Element:
    options = [{"text": option.label, "value": option.value} for option in field.options]
    known = value in (option.value for option in field.options)
    return {"type": "select", "default": value if known else "", "options": options}


def _boxes(field: Field) -> list[Element]:
    chosen = field.value if isinstance(field.value, tuple) else (field.value,)
    return [
        _box(option.label, ticked=option.value in chosen) | {"name": box_name(field, position)}
        for position, option in enumerate(field.options)
    ]


def _box(beside: str, *, ticked: bool) -> Element:
    """It is never asked for: a client lets through only what is ticked where something must be filled in."""
    default = "true" if ticked else "false"
    return {
        "type": "bool",
        "placeholder": within(beside, LONGEST_BESIDE_BOX),
        "default": default,
        "optional": True,
    }


def _numbers(field: Field) -> Element:
    chosen = field.value if isinstance(field.value, tuple) else (field.value,)
    numbers = numbers_of(field)
    hint = translate("dialogs.multi_hint", example=", ".join(list(numbers)[:2]))
    default = ", ".join(number for number, option in numbers.items() if option.value in chosen)
    return _input(default, LONGEST_AREA) | {"help_text": _sentences(field.hint, hint)}


def _is_listed(field: Field) -> bool:
    """Whether its options have to be told above the fields."""
    if boxes(field):
        return any(len(option.label.encode()) > LONGEST_BESIDE_BOX for option in field.options)
    return field.kind == "multi"


def _listed(field: Field) -> str:
    numbers = numbers_of(field)
    if boxes(field) or all(_NUMBERED_LABEL.match(option.label) for option in field.options):
        return "\n".join(f"- {literal(option.label)}" for option in field.options)
    return "\n".join(f"- {number}: {literal(option.label)}" for number, option in numbers.items())


def _sentences(first: str, second: str) -> str:
    """One after the other, with a stop between them."""
    if not first or not second:
        return first or second
    return f"{first}{'' if first.rstrip()[-1:] in '.?!:' else '.'} {second}"
