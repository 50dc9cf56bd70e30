"""Forms that are filled in over several steps: what was typed so far, for chats whose forms are too small for ours."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from storage.base import Base


class Draft(Base):
    """One form that was opened for one person. `key` is the digest of the form's sealed token; `form` stands as it was
    last filled in; `post` is the private message that goes on with it, `done_at` when the form was taken."""

    __tablename__ = "drafts"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    platform: Mapped[str] = mapped_column(String(40))
    user: Mapped[str] = mapped_column("user_id", String(80))
    form: Mapped[dict[str, Any]]
    language: Mapped[str] = mapped_column(String(10))
    post: Mapped[str] = mapped_column(String(80), default="")
    opened_at: Mapped[dt.datetime]
    done_at: Mapped[dt.datetime | None]

    __table_args__ = (Index("ix_drafts_platform_opened_at", "platform", "opened_at"),)
