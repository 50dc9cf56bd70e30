"""The local workspace's own memory: what a chat server would keep. The bot itself never reads these tables."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import Index, String, true
from sqlalchemy.orm import Mapped, mapped_column

from storage.base import Base


class LocalPerson(Base):
    __tablename__ = "local_people"

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    position: Mapped[int]
    name: Mapped[str] = mapped_column(String(200))
    locale: Mapped[str] = mapped_column(String(10))
    guest: Mapped[bool] = mapped_column(default=False)


class LocalChannel(Base):
    __tablename__ = "local_channels"

    id: Mapped[str] = mapped_column(String(80), primary_key=True)
    position: Mapped[int]
    name: Mapped[str] = mapped_column(String(200))


class LocalMessage(Base):
    """A message; `private_to` is the one person who sees it, empty for all; `mark` is the sender's idempotency mark."""

    __tablename__ = "local_messages"

    id: Mapped[int] = mapped_column(primary_key=True)
    channel: Mapped[str] = mapped_column(String(80))
    author: Mapped[str] = mapped_column(String(40))
    private_to: Mapped[str] = mapped_column(String(40), default="")
    thread: Mapped[int | None]
    body: Mapped[dict[str, Any]]
    files: Mapped[list[Any]]
    at: Mapped[dt.datetime]
    edited_at: Mapped[dt.datetime | None]
    mark: Mapped[str | None] = mapped_column(String(40), unique=True)

    __table_args__ = (Index("ix_local_messages_channel_id", "channel", "id"),)


class LocalReaction(Base):
    """An emoji that somebody has, or has had, on a message. `position` numbers the events: it only ever grows, so what
    was taken off stays as a row."""

    __tablename__ = "local_reactions"
    __table_args__ = (Index("ix_local_reactions_position", "position"),)

    message: Mapped[int] = mapped_column(primary_key=True)
    emoji: Mapped[str] = mapped_column(String(100), primary_key=True)
    person: Mapped[str] = mapped_column(String(40), primary_key=True)
    position: Mapped[int]
    on: Mapped[bool] = mapped_column(default=True, server_default=true())


class LocalFile(Base):
    __tablename__ = "local_files"

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    name: Mapped[str] = mapped_column(String(300))
    media_type: Mapped[str] = mapped_column(String(100))
    content: Mapped[bytes]
