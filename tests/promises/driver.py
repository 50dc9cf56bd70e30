"""What a person can do and see in a chat: each platform's double offers it, so that one suite tests them all."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from bot.runtime import Runtime

Values = dict[str, str | list[str]]
"""What somebody fills into a form. A choice is what they see of it (`Møde`, `#43`), or what it carries (`meeting`)."""


@dataclass(frozen=True)
class SeenMessage:
    """A message as a person sees it. `text` is everything it says, whatever it is made of; `selects` are its lists to
    choose from, by their label, each with the labels of its options."""

    id: str
    author: str
    text: str
    private: bool = False
    thread: str = ""
    reactions: dict[str, list[str]] = field(default_factory=dict)
    buttons: dict[str, str] = field(default_factory=dict)
    selects: dict[str, tuple[str, ...]] = field(default_factory=dict)
    files: tuple[str, ...] = ()


@dataclass(frozen=True)
class SeenField:
    name: str
    label: str
    kind: str
    required: bool
    value: str | list[str]
    options: dict[str, str]

    @property
    def chosen(self) -> list[str]:
        """The labels of what is chosen in it."""
        values = self.value.split(", ") if isinstance(self.value, str) else self.value
        return [self.options[one] for one in values if one in self.options]


@dataclass(frozen=True)
class SeenForm:
    """The form that is open for a person; on a platform whose forms come in steps, the step that is open. `intro` is
    what stands above its fields."""

    title: str
    fields: dict[str, SeenField]
    intro: str = ""


class Driver(Protocol):
    """People at their keyboards. They are named as in `tests.groups`; the group's channel is `group`, the committee's
    `steering`, another one `other`, and the conversation with the bot `dm`. Every method returns when what it caused
    has been delivered. `runtime` is the bot, for what no chat shows."""

    platform: str

    @property
    def runtime(self) -> Runtime: ...

    async def say(self, person: str, channel: str, text: str) -> None:
        """Write in a channel; a text that begins with / is a command."""

    def mention(self, person: str) -> str:
        """What somebody types to mention this person."""

    async def messages(self, person: str, channel: str) -> list[SeenMessage]:
        """What the person sees there, oldest first, private lines included; the channel `private` is every line that
        only this person has been shown, wherever it was."""

    async def press(self, person: str, message: SeenMessage, label: str) -> str:
        """Press the button whose label contains this, and say yes where one is asked first; returns that question,
        empty for none."""

    async def choose(self, person: str, message: SeenMessage, select: str, option: str) -> None:
        """Choose in the list whose label contains `select` the option whose label contains `option`."""

    async def react(self, person: str, message: SeenMessage, emoji: str, *, on: bool = True) -> None: ...

    async def open_file(self, person: str, message: SeenMessage) -> bytes:
        """What is in the file that hangs on the message."""

    async def form(self, person: str) -> SeenForm | None: ...

    async def submit(self, person: str, values: Values) -> dict[str, str]:
        """Fill in the open form and send it, every step of it; returns the sentences at its fields, none if taken.
        Fields that are not in `values` keep what stands in them."""

    async def options(self, person: str, field: str, query: str) -> dict[str, str]:
        """What a `search` field offers for these letters: value → label."""

    async def open_board(self, person: str) -> None:
        """Open the page that is the person's own in this chat."""

    async def board(self, person: str) -> SeenMessage:
        """What stands on that page now; its buttons can be pressed."""

    async def speak(self, person: str, language: str) -> None:
        """From now on the person has the bot speak this language."""

    async def forward(self, hours: float) -> None:
        """Let so much time pass: everything that is due on the way happens."""

    async def repeat_last(self) -> None:
        """The platform delivers the last thing that a person did once more, as it does when an answer was lost."""

    async def forge_press(self, person: str, message: SeenMessage) -> None:
        """Somebody makes up a button of ours and has this person press it."""


def find_option(options: Mapping[str, str], wanted: str) -> str:
    """What the option carries that somebody means who sees `value → label`: the label, or its first words. What is
    none of them is given back, as a form that somebody has tampered with would send it."""
    if wanted in options or not wanted:
        return wanted
    whole = re.compile(rf"{re.escape(wanted)}(?!\w)")
    return next((value for value, label in options.items() if whole.match(label)), wanted)
