"""The table of contents, looked up: which deed is meant by a word, a button, a form or an emoji, and who listens."""

from __future__ import annotations

from collections.abc import Iterable

from handlers.capability import Capability, Deed, Listener
from handlers.chat.replies import Happening
from handlers.members.rights import RIGHTS


class ContentsWrong(Exception):
    """The table of contents does not fit together: two rooms with the same deed, or a deed that has no right."""


class Contents:
    """All that the capabilities declare, by what it is looked up by.

    Args:
        capabilities: one per room, in the order in which their timers run.

    Raises:
        ContentsWrong: they do not fit together.
    """

    def __init__(self, capabilities: Iterable[Capability]) -> None:
        rooms = tuple(capabilities)
        self.deeds = _table_of_deeds(rooms)
        self.words = tuple(word for one in rooms for word in one.words)
        self.timers = tuple(timer for one in rooms for timer in one.timers)
        self.lookups = {name: look for one in rooms for name, look in one.lookups.items()}
        self.ballots = {name: deed for one in rooms for name, deed in one.ballots.items()}
        self.shows = {name: show for one in rooms for name, show in one.shows.items()}
        self._listeners = [(kind, listener) for one in rooms for kind, listener in one.listens.items()]

    def listeners(self, happening: Happening) -> tuple[Listener, ...]:
        """Who wants to hear of it."""
        return tuple(listener for kind, listener in self._listeners if kind is type(happening))


def _table_of_deeds(rooms: Iterable[Capability]) -> dict[str, Deed]:
    table: dict[str, Deed] = {}
    for room in rooms:
        for deed in room.deeds:
            if deed.name in table or deed.name not in RIGHTS:
                raise ContentsWrong(deed.name)
            table[deed.name] = deed
    return table
