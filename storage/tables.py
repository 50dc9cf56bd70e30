"""Every table, imported once: for migrations, and for whoever needs the whole schema."""

from __future__ import annotations

from storage.base import Base
from storage.models import (
    ballots,
    drafts,
    economy,
    escalations,
    exchange,
    log,
    meetings,
    members,
    polls,
    wishes,
    workspace,
)

__all__ = [
    "Base",
    "ballots",
    "drafts",
    "economy",
    "escalations",
    "exchange",
    "log",
    "meetings",
    "members",
    "polls",
    "wishes",
    "workspace",
]

metadata = Base.metadata
