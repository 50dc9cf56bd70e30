"""Every table, imported once: for migrations, and for whoever needs the whole schema."""

from __future__ import annotations

from storage.base import Base
from storage.models import exchange, log, members, wishes, workspace

__all__ = ["Base", "exchange", "log", "members", "wishes", "workspace"]

metadata = Base.metadata
