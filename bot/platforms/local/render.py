"""Shows messages and forms as the JSON that the page and scripts read."""

from __future__ import annotations

import dataclasses
from typing import Any

from handlers.chat import messages
from handlers.chat.messages import Actions, Button, Field, Form, Item, Message, Select, sign
from storage.models.workspace import LocalMessage

BOT_NAME = "Ønskebot"


def message_json(row: LocalMessage, author: str, reactions: dict[str, list[str]]) -> dict[str, Any]:
    """One message as the contract has it, and a little more for the page (`at`, `author_id`, `edited`)."""
    shown = messages.from_data(row.body)
    items = [item for block in shown.blocks if isinstance(block, Actions) for item in block.items]
    return {
        "id": str(row.id),
        "author": author,
        "author_id": row.author,
        "at": row.at.isoformat(),
        "edited": row.edited_at is not None,
        "text": messages.plain_text(shown),
        "private": bool(row.private_to),
        "thread": str(row.thread) if row.thread else None,
        "reactions": reactions,
        "buttons": [_button(item) for item in items if isinstance(item, Button)],
        "selects": [_select(item) for item in items if isinstance(item, Select)],
        "files": [{"name": file["name"], "url": f"/files/{file['id']}"} for file in row.files],
        "blocks": blocks_json(shown),
    }


def blocks_json(shown: Message) -> list[dict[str, Any]]:
    """The blocks, each with its kind in `is`, and signs beside the short names of emojis."""
    return [_block(block) for block in shown.blocks]


def form_json(form: Form) -> dict[str, Any]:
    """A form as the contract has it."""
    return {
        "id": form.token,
        "title": form.title,
        "intro": form.intro,
        "submit": form.submit,
        "fields": [_field(field) for field in form.fields],
    }


def _block(block: messages.Block) -> dict[str, Any]:
    kind = {"is": type(block).__name__}
    if isinstance(block, Actions):
        items = [_button(item) if isinstance(item, Button) else _select(item) for item in block.items]
        return kind | {"items": items}
    if isinstance(block, messages.Listing):
        return kind | {"items": [_item(item) for item in block.items]}
    return kind | dataclasses.asdict(block)


def _item(item: Item) -> dict[str, str]:
    return dataclasses.asdict(item) | {"sign": sign(item.emoji) if item.emoji else ""}


def _button(item: Button) -> dict[str, Any]:
    return {"id": item.token, "label": item.label, "style": item.style, "confirm": item.confirm}


def _select(item: Select) -> dict[str, Any]:
    options = [dataclasses.asdict(option) for option in item.options]
    return {"id": item.token, "label": item.label, "options": options}


def _field(field: Field) -> dict[str, Any]:
    shown = dataclasses.asdict(field)
    shown["kind"] = "text" if field.kind == "channel" else field.kind  # here a channel is written by its name
    shown["value"] = list(field.value) if isinstance(field.value, tuple) else field.value
    shown["options"] = [dataclasses.asdict(option) for option in field.options]
    return shown
