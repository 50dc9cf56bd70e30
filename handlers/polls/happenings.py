"""What other rooms hear about polls."""

from __future__ import annotations

from dataclasses import dataclass

from handlers.chat.replies import Happening
from storage.models.polls import Poll


@dataclass(frozen=True, slots=True)
class PollEnded(Happening):
    """Nobody can vote in a poll any more: it has its result, or was annulled."""

    poll: Poll
