"""Shows a form as dialogs: in steps where the server takes few elements, and searches as text that is looked up."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bot.platforms.mattermost.markdown import literal
from handlers.chat.messages import Field, Form, Option
from locales import translate

ELEMENTS_PER_STEP = 5
"""What servers before 8.1 are documented to show."""

WHOLE_FORM_SINCE = (8, 1)
NO_LIMIT = 100

MOST_BOXES = 5
"""A choice of several among so few is a row of boxes to tick; a longer one is written as numbers."""

LONGEST_LINE = 150
"""Letters in a text field of one line that the client takes where nothing else is said."""

LONGEST_TEXTAREA = 3000
LONGEST_ONE_LINE = 300

Typed = dict[str, str | list[str]]

_NUMBERED_LABEL = re.compile(r"#(\d+)\b")
_ISO_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})")


@dataclass(frozen=True, slots=True)
class Steps:
    """The fields of a form, step by step."""

    fields: tuple[tuple[Field, ...], ...]

    def __len__(self) -> int:
        return len(self.fields)

    def of(self, name: str) -> int:
        """The step that a field stands in, counted from 1; the first where there is no such field."""
        return next((at for at, some in enumerate(self.fields, 1) if name in (one.name for one in some)), 1)


def split(form: Form, version: tuple[int, ...]) -> Steps:
    """The steps that a server of this version needs for the form."""
    limit = NO_LIMIT if version >= WHOLE_FORM_SINCE else ELEMENTS_PER_STEP
    steps: list[list[Field]] = [[]]
    room = limit
    for field in form.fields:
        needed = len(boxes(field)) or 1
        if needed > room:
            steps.append([])
            room = limit
        steps[-1].append(field)
        room -= needed
    return Steps(tuple(tuple(step) for step in steps))


def boxes(field: Field) -> tuple[Option, ...]:
    """The options that are shown as boxes to tick; none for another kind of field."""
    return field.options if field.kind == "multi" and len(field.options) <= MOST_BOXES else ()


def box_name(field: Field, position: int) -> str:
    return f"{field.name}.{position}"


def needs_memory(form: Form, steps: Steps) -> bool:
    """Whether what comes back from the dialog can't be read without the form."""
    return len(steps) > 1 or any(field.kind in ("multi", "search") for field in form.fields)


def to_dialog(form: Form, steps: Steps, step: int, state: str) -> dict[str, Any]:
    """One step of a form as a dialog.

    Args:
        form: with what was typed before.
        step: counted from 1.
        state: comes back with what is sent.
    """
    fields = steps.fields[step - 1]
    last = step == len(steps)
    return {
        "callback_id": "form",
        "title": form.title,
        "introduction_text": _introduction(form, fields, step, len(steps)),
        "submit_label": (form.submit or translate("dialogs.send")) if last else translate("dialogs.next"),
        "notify_on_cancel": False,
        "state": state,
        "elements": [element for field in fields for element in _elements(field)],
    }


def to_question(question: str, state: str) -> dict[str, Any]:
    """A question that is asked before a button's deed is done."""
    return {
        "callback_id": "confirm",
        "title": translate("dialogs.sure"),
        "introduction_text": literal(question),
        "submit_label": translate("dialogs.yes"),
        "notify_on_cancel": False,
        "state": state,
        "elements": [],
    }


def numbers_of(field: Field) -> dict[str, Option]:
    """What a person writes for each option of a long choice: the number that its label begins with, where all have
    one (`#43`), else its place in the list."""
    found = [_NUMBERED_LABEL.match(option.label) for option in field.options]
    own = [one.group(1) for one in found if one]
    if len(set(own)) == len(field.options):
        return dict(zip(own, field.options, strict=True))
    return {str(place): option for place, option in enumerate(field.options, 1)}


def _introduction(form: Form, fields: Sequence[Field], step: int, steps: int) -> str:
    parts = [translate("dialogs.step", step=step, steps=steps)] if steps > 1 else []
    parts += [literal(form.intro)] if form.intro and step == 1 else []
    for field in fields:
        if field.kind == "multi" and not boxes(field):
            parts.append(f"**{literal(field.label)}**\n{_listed(field)}")
    return "\n\n".join(parts)


def _listed(field: Field) -> str:
    numbers = numbers_of(field)
    if all(_NUMBERED_LABEL.match(option.label) for option in field.options):
        return "\n".join(f"- {literal(option.label)}" for option in field.options)
    return "\n".join(f"- {number}: {literal(option.label)}" for number, option in numbers.items())


def _elements(field: Field) -> list[dict[str, Any]]:
    common = {"display_name": field.label, "name": field.name, "optional": not field.required, "help_text": field.hint}
    value = field.value if isinstance(field.value, str) else ""
    match field.kind:
        case "text" | "amount" | "number" | "date" | "time":
            return [common | _line(field, value)]
        case "long":
            return [common | _area(field, value)]
        case "choice":
            return [common | {"type": "select", "default": value, "options": _options(field)}]
        case "switch":
            default = "true" if value in ("true", "on", "1") else "false"
            tick = field.placeholder or translate("dialogs.tick")
            return [common | {"type": "bool", "default": default, "optional": True, "placeholder": tick}]
        case "search":
            return [common | _searched(field, value)]
        case "multi":
            return _boxes(field) if boxes(field) else [common | _numbers(field)]


def _line(field: Field, value: str) -> dict[str, Any]:
    if field.maximum > LONGEST_ONE_LINE:
        return _area(field, value)
    if field.kind == "date" and (day := _ISO_DAY.fullmatch(value)):
        value = f"{int(day[3])}.{int(day[2])}.{day[1]}"
    maximum = max(field.maximum or LONGEST_LINE, len(value))
    return {"type": "text", "default": value, "placeholder": field.placeholder, "max_length": maximum}


def _area(field: Field, value: str) -> dict[str, Any]:
    maximum = max(min(field.maximum or LONGEST_TEXTAREA, LONGEST_TEXTAREA), len(value))
    return {"type": "textarea", "default": value, "placeholder": field.placeholder, "max_length": maximum}


def _searched(field: Field, value: str) -> dict[str, Any]:
    hint = " ".join(part for part in (field.hint, translate("dialogs.search_hint")) if part)
    shown = field.shown or value
    return {"type": "text", "default": shown, "placeholder": field.placeholder, "help_text": hint, "max_length": 150}


def _boxes(field: Field) -> list[dict[str, Any]]:
    chosen = field.value if isinstance(field.value, tuple) else (field.value,)
    return [
        {
            "display_name": f"{field.label}: {option.label}",
            "name": box_name(field, position),
            "type": "bool",
            "placeholder": translate("dialogs.tick"),
            "default": "true" if option.value in chosen else "false",
            "optional": True,
            "help_text": field.hint if position == len(field.options) - 1 else "",
        }
        for position, option in enumerate(field.options)
    ]


def _numbers(field: Field) -> dict[str, Any]:
    chosen = field.value if isinstance(field.value, tuple) else (field.value,)
    numbers = numbers_of(field)
    example = ", ".join(list(numbers)[:2])
    hint = " ".join(part for part in (field.hint, translate("dialogs.multi_hint", example=example)) if part)
    default = ", ".join(number for number, option in numbers.items() if option.value in chosen)
    return {"type": "text", "default": default, "help_text": hint, "max_length": LONGEST_TEXTAREA}


def _options(field: Field) -> list[dict[str, str]]:
    return [{"text": option.label, "value": option.value} for option in field.options]
