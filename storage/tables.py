"""Every table, imported once: for migrations, and for whoever needs the whole schema."""

from __future__ import annotations

from storage.base import Base
from storage.models import ballots, economy, exchange, log, members, polls, wishes, workspace

__all__ = ["Base", "ballots", "economy", "exchange", "log", "members", "polls", "wishes", "workspace"]

metadata = Base.metadata
