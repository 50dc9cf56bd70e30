"""What a person can do and see in a chat: each platform's double offers it, so that one suite tests them all."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol


@dataclass(frozen=True)
class SeenMessage:
    """A message as a person sees it. `text` is everything it says, whatever it is made of."""

    id: str
    author: str
    text: str
    private: bool = False
    thread: str = ""
    reactions: dict[str, list[str]] = field(default_factory=dict)
    buttons: dict[str, str] = field(default_factory=dict)
    files: tuple[str, ...] = ()


@dataclass(frozen=True)
class SeenField:
    name: str
    label: str
    kind: str
    required: bool
    value: str | list[str]
    options: dict[str, str]


@dataclass(frozen=True)
class SeenForm:
    """The form that is open for a person; on a platform whose forms come in steps, the step that is open."""

    title: str
    fields: dict[str, SeenField]


class Driver(Protocol):
    """People at their keyboards. They are named as in `tests.groups`; the group's channel is `group`, the committee's
    `steering`, and the conversation with the bot `dm`. Every method returns when what it caused has been delivered."""

    platform: str

    async def say(self, person: str, channel: str, text: str) -> None:
        """Write in a channel; a text that begins with / is a command."""

    def mention(self, person: str) -> str:
        """What somebody types to mention this person."""

    async def messages(self, person: str, channel: str) -> list[SeenMessage]:
        """What the person sees there, oldest first, private lines included; the channel `private` is every line that
        only this person has been shown, wherever it was."""

    async def press(self, person: str, message: SeenMessage, label: str) -> None:
        """Press the button whose label contains this."""

    async def react(self, person: str, message: SeenMessage, emoji: str, *, on: bool = True) -> None: ...

    async def form(self, person: str) -> SeenForm | None: ...

    async def submit(self, person: str, values: dict[str, str | list[str]]) -> dict[str, str]:
        """Fill in the open form and send it, every step of it; returns the sentences at its fields, none if taken.
        Fields that are not in `values` keep what stands in them."""

    async def options(self, person: str, field: str, query: str) -> dict[str, str]:
        """What a `search` field offers for these letters: value → label."""

    async def repeat_last(self) -> None:
        """The platform delivers the last thing that a person did once more, as it does when an answer was lost."""

    async def forge_press(self, person: str, message: SeenMessage) -> None:
        """Somebody makes up a button of ours and has this person press it."""
