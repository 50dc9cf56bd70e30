"""What came in and what goes out: once-keys, the outbox, sent messages, emojis, bundled lines and claimed deeds."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import Index, String, Text, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column

from storage.base import Base, Words
from storage.enums import OutboxState, Trouble


class OnceKey(Base):
    """A delivery that was acted on, with the answer that a repetition of it gets."""

    __tablename__ = "once_keys"

    key: Mapped[str] = mapped_column(String(250), primary_key=True)
    at: Mapped[dt.datetime] = mapped_column(index=True)
    answer: Mapped[list[Any]]


class OutboxRow(Base):
    """A promise to send. Rows of one `lane` go out in the order of their ids; `mark` travels with a message, so that a
    try that may have arrived can be looked for; `target` is what this row needs to be sent, as the kind demands, and
    where its message stands once it was (`sent`: channel, message).

    `trouble` and `reason` are what stood in the way at the last try, in our words and in the chat's; `unexplained`
    counts the tries that failed for no known reason."""

    __tablename__ = "outbox"

    id: Mapped[int] = mapped_column(primary_key=True)
    group_id: Mapped[int | None]
    platform: Mapped[str] = mapped_column(String(40))
    workspace: Mapped[str] = mapped_column(String(80))
    lane: Mapped[str] = mapped_column(String(300))
    kind: Mapped[str] = mapped_column(String(20))
    key: Mapped[str] = mapped_column(String(200), default="")
    target: Mapped[dict[str, Any]]
    body: Mapped[dict[str, Any]]
    mark: Mapped[str] = mapped_column(String(40), unique=True)
    created_at: Mapped[dt.datetime]
    due_at: Mapped[dt.datetime]
    lease_until: Mapped[dt.datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    state: Mapped[OutboxState] = mapped_column(Words(OutboxState), default=OutboxState.PENDING)
    reason: Mapped[str] = mapped_column(Text, default="")
    trouble: Mapped[Trouble | None] = mapped_column(Words(Trouble))
    unexplained: Mapped[int] = mapped_column(default=0, server_default="0")

    __table_args__ = (
        Index("ix_outbox_state_lane_id", "state", "lane", "id"),
        Index("ix_outbox_state_due_at", "state", "due_at"),
        Index("ix_outbox_key_state", "key", "state"),
    )


class SentMessage(Base):
    """Our key of a message ↔ the chat's id of it. `ballot`: its emojis are votes; `counting`: they still count, and are
    compared with the chat's list."""

    __tablename__ = "sent_messages"

    key: Mapped[str] = mapped_column(String(200), primary_key=True)
    group_id: Mapped[int | None]
    platform: Mapped[str] = mapped_column(String(40))
    workspace: Mapped[str] = mapped_column(String(80))
    channel: Mapped[str] = mapped_column(String(80))
    message: Mapped[str] = mapped_column(String(80))
    ballot: Mapped[bool] = mapped_column(default=False)
    counting: Mapped[bool] = mapped_column(default=False)
    sent_at: Mapped[dt.datetime]
    updated_at: Mapped[dt.datetime]

    __table_args__ = (UniqueConstraint("platform", "workspace", "channel", "message"),)


class Emoji(Base):
    """One emoji of one person on one ballot message, as the chat last told: a set, not a count.

    `mark` is the order of the event that told it, `changed_at` when it changed: by the chat's own word where `dated`,
    else when we heard of it; `changes` all that was ever told of it (`storage/changes.py`). `heard_at` is when we last
    heard of it at all, `uncounted` whether what it means has yet to be worked out, `renewed` whether that is how it is
    now and not only what came to light of before, `doubted_at` when a read of the list first missed it."""

    __tablename__ = "emojis"

    key: Mapped[str] = mapped_column(String(200), primary_key=True)
    person_id: Mapped[str] = mapped_column(String(40), primary_key=True)
    emoji: Mapped[str] = mapped_column(String(100), primary_key=True)
    on: Mapped[bool]
    mark: Mapped[str] = mapped_column(String(60), default="")
    changed_at: Mapped[dt.datetime]
    dated: Mapped[bool] = mapped_column(default=False, server_default=false())
    changes: Mapped[str] = mapped_column(Text, default="", server_default="")
    heard_at: Mapped[dt.datetime | None]
    uncounted: Mapped[bool] = mapped_column(default=False, server_default=false())
    renewed: Mapped[bool] = mapped_column(default=False, server_default=false())
    doubted_at: Mapped[dt.datetime | None]

    __table_args__ = (
        Index("ix_emojis_uncounted", "key", sqlite_where=text("uncounted = 1"), postgresql_where=text("uncounted")),
    )


class NoticeRow(Base):
    """A line that waits for the next bundle, to a person or (no person) to the group's channel; `below` is what stands
    under it there, as a packed message. `bundled_at` is when it was said, with a bundle or at once."""

    __tablename__ = "notices"

    id: Mapped[int] = mapped_column(primary_key=True)
    group_id: Mapped[int] = mapped_column(index=True)
    person_id: Mapped[str | None] = mapped_column(String(40))
    about: Mapped[str] = mapped_column(String(200))
    topic: Mapped[str] = mapped_column(String(20))
    text: Mapped[str] = mapped_column(Text)
    below: Mapped[dict[str, Any] | None]
    created_at: Mapped[dt.datetime]
    bundled_at: Mapped[dt.datetime | None]

    __table_args__ = (Index("ix_notices_bundled_at_group_id_person_id", "bundled_at", "group_id", "person_id"),)


class Claim(Base):
    """A deed that is done once whoever comes first: a timer's moment, an explanation given."""

    __tablename__ = "claims"

    key: Mapped[str] = mapped_column(String(250), primary_key=True)
    at: Mapped[dt.datetime]


class Lease(Base):
    """Work that one process holds at a time, such as a websocket."""

    __tablename__ = "leases"

    name: Mapped[str] = mapped_column(String(80), primary_key=True)
    holder: Mapped[str] = mapped_column(String(80))
    until: Mapped[dt.datetime]


class Installation(Base):
    """A fact of this installation, such as the demonstration's own signing key."""

    __tablename__ = "installation"

    name: Mapped[str] = mapped_column(String(80), primary_key=True)
    value: Mapped[str] = mapped_column(Text)
