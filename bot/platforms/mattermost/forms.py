"""Shows a form as dialogs, in steps where the server takes few elements, and the question before a deed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from bot.platforms.mattermost.elements import LONGEST_LABEL, boxes, to_elements, within
from bot.platforms.mattermost.markdown import literal
from handlers.chat.messages import Field, Form
from locales import translate

ELEMENTS_PER_STEP = 5
"""What servers before 8.1 are documented to show."""

WHOLE_FORM_SINCE = (8, 1)
NO_LIMIT = 100

Typed = dict[str, str | list[str]]


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


def needs_memory(form: Form, steps: Steps) -> bool:
    """Whether what comes back from the dialog can't be read without the form."""
    return len(steps) > 1 or any(field.kind in ("multi", "search", "channel") for field in form.fields)


def to_dialog(form: Form, steps: Steps, step: int, state: str) -> dict[str, Any]:
    """One step of a form as a dialog.

    Args:
        form: with what was typed before.
        step: counted from 1.
        state: comes back with what is sent.
    """
    fields = [to_elements(field) for field in steps.fields[step - 1]]
    title = within(form.title, LONGEST_LABEL)
    introduction = [f"**{literal(form.title)}**"] if title != form.title else []
    introduction += [translate("dialogs.step", step=step, steps=len(steps))] if len(steps) > 1 else []
    introduction += [literal(form.intro)] if form.intro and step == 1 else []
    introduction += [field.aside for field in fields if field.aside]
    last = step == len(steps)
    return {
        "callback_id": "form",
        "title": title,
        "introduction_text": "\n\n".join(introduction),
        "submit_label": (form.submit or translate("dialogs.send")) if last else translate("dialogs.next"),
        "notify_on_cancel": False,
        "state": state,
        "elements": [element for field in fields for element in field.elements],
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
