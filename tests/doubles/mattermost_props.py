"""What the double does with a message's properties: fills them up, counts them, and looks for whom a text calls."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from copy import deepcopy

from tests.doubles.mattermost_state import Json, State

_ATTACHMENT = {
    "id": 0,
    "fallback": "",
    "color": "",
    "pretext": "",
    "author_name": "",
    "author_link": "",
    "author_icon": "",
    "title": "",
    "title_link": "",
    "text": "",
    "fields": None,
    "image_url": "",
    "thumb_url": "",
    "footer": "",
    "footer_icon": "",
    "ts": None,
}


def normal_props(props: Json, state: State) -> Json:
    normal = deepcopy(props)
    if normal.get("attachments") is not None:
        normal["attachments"] = normal_attachments(normal["attachments"], state)
    return normal


def normal_attachments(attachments: Iterable[Json], state: State) -> list[Json]:
    made = []
    for attachment in deepcopy(list(attachments)):
        for action in attachment.get("actions") or ():
            action["id"] = action.get("id") or state.new_id()
            action["type"] = action.get("type", "")
        made.append(_ATTACHMENT | attachment)
    return made


def has_damaged_action(old: Json, new: Json) -> bool:
    """Whether the server, comparing two states of a message, meets a button that has lost what it carries."""
    both = [*(old.get("attachments") or ()), *(new.get("attachments") or ())]
    return any("integration" not in action for one in both for action in one.get("actions") or ())


def as_go_writes(props: Json) -> str:
    text = json.dumps(props, ensure_ascii=False, separators=(",", ":"))
    for letter in "<>&":
        text = text.replace(letter, "\\u003c")
    return text


def mentioned(text: str, state: State, members: set[str]) -> list[str]:
    """Whom a text calls, read as the server reads it: names and the three words for everybody."""
    words = {part for word in re.split(r"[^\w@.:\-]+", text) for part in (word, *re.split(r"[.:\-]", word))}
    if words & {"@all", "@channel", "@here"}:
        return sorted(members)
    return sorted(user for user in members if f"@{state.accounts[user].username}" in words)
