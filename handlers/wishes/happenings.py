"""What other rooms hear about wishes."""

from __future__ import annotations

from dataclasses import dataclass

from handlers.chat.replies import Happening
from handlers.wishes.rules import Move
from storage.enums import WishStatus
from storage.models.wishes import Wish


@dataclass(frozen=True, slots=True)
class WishMoved(Happening):
    """A wish has got another status."""

    wish: Wish
    move: Move
    before: WishStatus


@dataclass(frozen=True, slots=True)
class WishEstimated(Happening):
    """A wish has got an estimate, in whole øre."""

    wish: Wish
    amount: int
