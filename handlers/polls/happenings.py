"""What other rooms hear about polls."""

from __future__ import annotations

from dataclasses import dataclass

from handlers.chat.replies import Happening
from storage.models.polls import Poll


@dataclass(frozen=True, slots=True)
class PollClosed(Happening):
    """A poll has its result."""

    poll: Poll


@dataclass(frozen=True, slots=True)
class PollAnnulled(Happening):
    """A poll no longer stands."""

    poll: Poll
