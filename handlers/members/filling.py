"""Reads a form so that a person hears at once of everything in it that can't be used."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from enum import StrEnum
from typing import TypeVar

from handlers.capability import Ask
from handlers.chat.refusals import FieldRefusal, Misfilled

T = TypeVar("T")
W = TypeVar("W", bound=StrEnum)


class Filling:
    """One form being read. What can't be used is kept until `check`."""

    def __init__(self, ask: Ask) -> None:
        self._ask = ask
        self._problems: list[FieldRefusal] = []

    def take(self, name: str, read: Callable[[str, str], T], otherwise: T) -> T:
        """What `read` makes of the field with this name; `otherwise` where it is empty or can't be used."""
        typed = self._ask.typed(name)
        if not typed:
            return otherwise
        try:
            return read(typed, name)
        except FieldRefusal as problem:
            self._problems.append(problem)
            return otherwise

    def word(self, name: str, words: type[W], otherwise: W) -> W:
        """The choice in the field with this name; `otherwise` where nothing is chosen."""
        typed = self._ask.typed(name)
        if typed and typed not in set(words):
            self.refuse(name, "inputs.choice_unknown")
        return words(typed) if typed in set(words) else otherwise

    async def awaited(self, reading: Awaitable[T], otherwise: T) -> T:
        """What a reading that needs the database gives; `otherwise` where it refuses."""
        try:
            return await reading
        except FieldRefusal as problem:
            self._problems.append(problem)
            return otherwise

    def refuse(self, field: str, key: str, **parameters: object) -> None:
        """This field can't be used."""
        self._problems.append(FieldRefusal(field, key, **parameters))

    def check(self) -> None:
        """Let the form pass, or say what is wrong with it.

        Raises:
            Misfilled: one sentence per field.
        """
        if self._problems:
            raise Misfilled(self._problems)
