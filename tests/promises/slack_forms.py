"""How a person reads and fills in a modal of Slack's: its inputs as the fields of a form, and what is sent of them."""

from __future__ import annotations

from typing import Any

from tests.doubles.slack_state import OpenView, Thing
from tests.promises.driver import SeenField

NOTHING = "–"


def read_field(block: Thing, top: OpenView) -> SeenField:
    element = block["element"]
    options = {one["value"]: one["text"]["text"] for one in options_in(element) if one["value"] != NOTHING}
    value = standing_in(element, top.typed.get(block["block_id"]))
    required = not block.get("optional", False)
    return SeenField(block["block_id"], block["label"]["text"], element["action_id"], required, value, options)


def options_in(element: Thing) -> list[Thing]:
    groups = element.get("option_groups") or [element]
    return [option for group in groups for option in group.get("options", [])]


def standing_in(element: Thing, typed: Any) -> str | list[str]:
    """What stands in a field: what was typed, else what it was opened with."""
    if typed is not None:
        found: str | list[str] = typed
        return found
    if element["type"] in ("checkboxes", "multi_static_select"):
        chosen = [one["value"] for one in element.get("initial_options", [])]
        return chosen if element["action_id"] == "multi" else (chosen or [""])[0]
    if "initial_option" in element:
        return str(element["initial_option"]["value"])
    return str(element.get("initial_value") or element.get("initial_date") or element.get("initial_time") or "")


def list_missing(inputs: dict[str, Thing], standing: dict[str, str | list[str]]) -> dict[str, str]:
    """What Slack itself says of a form before it is sent."""
    missing = {
        name: "Please complete this required field."
        for name, block in inputs.items()
        if not block.get("optional") and not standing[name]
    }
    return missing | {
        name: "This is too long."
        for name, block in inputs.items()
        if len(standing[name]) > block["element"].get("max_length", 10**9)
    }


def state_of(element: Thing, value: str | list[str]) -> Thing:
    """The state of a field as Slack sends it."""
    kind = element["type"]
    if kind in ("checkboxes", "multi_static_select"):
        chosen = [value] if isinstance(value, str) and value else list(value)
        by_value = {one["value"]: one for one in options_in(element)}
        return {"type": kind, "selected_options": [by_value[one] for one in chosen]}
    if kind in ("static_select", "external_select"):
        offered = {one["value"]: one for one in options_in(element)}
        assert not value or kind == "external_select" or value in offered, f"{value} is not among the options"
        option = offered.get(str(value)) or {"text": {"type": "plain_text", "text": value}, "value": value}
        return {"type": kind, "selected_option": option if value else None}
    name = {"datepicker": "selected_date", "timepicker": "selected_time"}.get(kind, "value")
    return {"type": kind, name: value or None}
