"""The append-only log of each group: every entry carries the hash of the one before it."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from storage.base import Base


class LogEntry(Base):
    """One thing that happened. `kind` such as `wish.started`, `subject` such as `wish:43`, `person` a random id (or
    empty), `decision` whether it belongs in the decision log; `form` says how `hash` is made, `salt` what only we know
    of it (docs/decisions/0007-the-public-log.md)."""

    __tablename__ = "log"

    id: Mapped[int] = mapped_column(primary_key=True)
    group_id: Mapped[int] = mapped_column(ForeignKey("groups.id"))
    number: Mapped[int]
    at: Mapped[dt.datetime]
    kind: Mapped[str] = mapped_column(String(60))
    subject: Mapped[str] = mapped_column(String(60))
    person: Mapped[str] = mapped_column(String(40))
    decision: Mapped[bool]
    facts: Mapped[dict[str, Any]]
    before: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))
    form: Mapped[int] = mapped_column(server_default="1")
    salt: Mapped[str] = mapped_column(String(64), default="", server_default="")

    __table_args__ = (
        UniqueConstraint("group_id", "number"),
        Index("ix_log_group_id_subject_number", "group_id", "subject", "number"),
        Index("ix_log_group_id_decision_number", "group_id", "decision", "number"),
    )
