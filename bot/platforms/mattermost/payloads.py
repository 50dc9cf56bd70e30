"""Reads what a Mattermost server sends to the bot's callbacks into small typed pieces; anything else is refused."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

_TWO_IDS = re.compile(r"[a-z0-9]{26}__[a-z0-9]{26}")


class Malformed(Exception):
    """What came is not what a server sends; the text names the field."""


@dataclass(frozen=True, slots=True)
class CommandCall:
    """A slash command. `direct`: given in a conversation of two."""

    token: str
    user: str
    channel: str
    channel_name: str
    word: str
    text: str
    trigger: str
    response_url: str
    direct: bool


@dataclass(frozen=True, slots=True)
class ActionCall:
    """A press on a button, or a choice in a select, with what the button carries."""

    user: str
    channel: str
    channel_name: str
    post: str
    trigger: str
    context: Mapping[str, Any]
    direct: bool

    def carried(self, name: str) -> str:
        """A text that the button carries, empty for none."""
        found = self.context.get(name, "")
        return clean(found) if isinstance(found, str) else ""


@dataclass(frozen=True, slots=True)
class DialogCall:
    user: str
    channel: str
    state: str
    submission: Mapping[str, Any]
    cancelled: bool


def clean(text: str) -> str:
    """The text without what no database keeps: the letter 0, and halves of letters, which JSON can write alone."""
    return text.replace("\x00", "").encode(errors="replace").decode()


def read_command(form: Mapping[str, Any]) -> CommandCall:
    """A slash command, from the fields of its form.

    Raises:
        Malformed: a field is missing or not a text.
    """
    return CommandCall(
        token=_text(form, "token"),
        user=_text(form, "user_id"),
        channel=_text(form, "channel_id"),
        channel_name=_text(form, "channel_name", optional=True),
        word=_text(form, "command").removeprefix("/"),
        text=_text(form, "text", optional=True),
        trigger=_text(form, "trigger_id"),
        response_url=_text(form, "response_url", optional=True),
        direct=_is_direct(_text(form, "channel_name", optional=True)),
    )


def read_action(body: object) -> ActionCall:
    """A press, from its JSON; the same error as `read_command`."""
    found = _object(body, "the body")
    return ActionCall(
        user=_text(found, "user_id"),
        channel=_text(found, "channel_id"),
        channel_name=_text(found, "channel_name", optional=True),
        post=_text(found, "post_id"),
        trigger=_text(found, "trigger_id"),
        context=_object(found.get("context") or {}, "context"),
        direct=_is_direct(_text(found, "channel_name", optional=True)),
    )


def read_dialog(body: object) -> DialogCall:
    """A dialog that was sent, from its JSON; the same error as `read_command`."""
    found = _object(body, "the body")
    if found.get("type") != "dialog_submission":
        raise Malformed("type")
    return DialogCall(
        user=_text(found, "user_id"),
        channel=_text(found, "channel_id"),
        state=_text(found, "state"),
        submission=_object(found.get("submission") or {}, "submission"),
        cancelled=found.get("cancelled") is True,
    )


def _object(value: object, name: str) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise Malformed(name)
    return value


def _text(found: Mapping[str, Any], name: str, *, optional: bool = False) -> str:
    value = found.get(name, "" if optional else None)
    if not isinstance(value, str) or not (value or optional):
        raise Malformed(name)
    return clean(value)


def _is_direct(channel_name: str) -> bool:
    """A conversation of two is named by both ids; a channel's own name may hold two lines beside each other too."""
    return _TWO_IDS.fullmatch(channel_name) is not None
