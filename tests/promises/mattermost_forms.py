"""How a person reads a dialog of Mattermost's: its elements as the fields of a form, and what can be chosen in them."""

from __future__ import annotations

import re

from tests.doubles.mattermost_person import OpenDialog, Person
from tests.doubles.mattermost_reader import as_seen
from tests.doubles.mattermost_state import Json
from tests.promises.driver import SeenField, Values, find_option

LISTED = re.compile(r"^• (?P<label>#?(?P<number>\d+)\b:? ?(?P<rest>.+))$", re.MULTILINE)
BY_NUMBERS = re.compile(r"[Ss]kriv numrene|[Ww]rite the numbers")
TO_MEND = re.compile(r"^• (?P<label>.+?): (?P<said>.+)$", re.MULTILINE)
KINDS = {"textarea": "long", "select": "choice", "bool": "switch"}


def read_errors(answer: Json) -> dict[str, str]:
    errors = {name.partition(".")[0]: said for name, said in (answer.get("errors") or {}).items()}
    return errors | ({"": answer["error"]} if answer.get("error") else {})


def token_of(me: Person) -> str:
    """What all steps of the person's open form carry, and no other form."""
    assert me.dialog is not None, "no form is open"
    return str(me.dialog.dialog["state"]).partition(".")[2]


def intro_of(shown: OpenDialog) -> str:
    return as_seen(shown.dialog.get("introduction_text", ""))


def options_of(element: Json, intro: str) -> dict[str, str]:
    """What can be chosen in an element; of a long choice of several, what is listed above the fields under its name."""
    if not BY_NUMBERS.search(element.get("help_text", "")):
        return {one["value"]: one["text"] for one in element.get("options") or ()}
    label = element["display_name"].removesuffix("…")
    parts = [part for part in intro.split("\n\n") if part.startswith(label)] or [intro]
    return {
        one["number"]: one["label"] if one["label"].startswith("#") else one["rest"]
        for one in LISTED.finditer(parts[0])
    }


def read_field(element: Json, value: str | bool | None, intro: str) -> SeenField:
    shown = ("true" if value else "") if isinstance(value, bool) else value or ""
    kind = KINDS.get(element["type"], "text")
    options = options_of(element, intro)
    return SeenField(element["name"], element["display_name"], kind, not element["optional"], shown, options)


def add_box(fields: dict[str, SeenField], name: str, position: str, element: Json, *, ticked: bool) -> None:
    label = element["display_name"]
    known = fields.get(name) or SeenField(name, label, "multi", required=False, value=[], options={})
    value = [*known.value, position] if ticked else list(known.value)
    fields[name] = SeenField(name, label, "multi", False, value, known.options | {position: element["placeholder"]})


class Typing:
    """What people want to write in their forms, some of which come in steps: it is kept until its step is shown."""

    def __init__(self) -> None:
        self._wanted: dict[str, Values] = {}
        self._given: dict[str, Values] = {}
        self._labels: dict[str, str] = {}

    def wanted(self, me: Person) -> Values:
        """What the person meant for a step of the open form that has not been shown yet."""
        return self._wanted.get(token_of(me), {})

    def fill(self, me: Person, values: Values) -> set[str]:
        """Fill in the step that is open; returns the fields that no step so far had."""
        assert me.dialog is not None, "no form is open"
        here = {one["display_name"].removesuffix("…"): one["name"].partition(".")[0] for one in me.dialog.elements}
        self._labels |= here
        given = self._given.setdefault(token_of(me), {})
        given |= {name: values[name] for name in here.values() if name in values}
        left = {name for name, value in values.items() if given.get(name) != value}
        self._wanted[token_of(me)] = {name: values[name] for name in left}
        for element in me.dialog.elements:
            name, _, position = element["name"].partition(".")
            if name not in values:
                continue
            value = values[name]
            if position:
                box = {position: element["placeholder"]}
                me.dialog.values[element["name"]] = position in [find_option(box, one) for one in value]
            elif element["type"] == "bool":
                me.dialog.values[name] = value in ("true", "on", "1")
            else:
                options = options_of(element, intro_of(me.dialog))
                meant = [find_option(options, one) for one in ([value] if isinstance(value, str) else value)]
                me.dialog.values[name] = ", ".join(meant) or None
        return left

    def read_mends(self, text: str) -> dict[str, str]:
        """The sentences at fields, which may be of any step, by the fields' names."""
        return {
            next((name for label, name in self._labels.items() if found["label"].startswith(label)), found["label"]): (
                found["said"]
            )
            for found in TO_MEND.finditer(text)
        }
