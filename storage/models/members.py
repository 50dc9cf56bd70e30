"""People, groups, the units that vote, and what each person is in a group."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from storage.base import Base, Words
from storage.enums import Role, UnitKind


class Person(Base):
    """Somebody in one chat workspace. `id` is random: it is all that the log ever says of a person."""

    __tablename__ = "people"

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    platform: Mapped[str] = mapped_column(String(40))
    workspace: Mapped[str] = mapped_column(String(80))
    user: Mapped[str] = mapped_column("user_id", String(80))
    name: Mapped[str] = mapped_column(String(200))
    locale: Mapped[str] = mapped_column(String(10), default="")
    muted: Mapped[bool] = mapped_column(default=False)
    chosen_group_id: Mapped[int | None]
    created_at: Mapped[dt.datetime]

    __table_args__ = (UniqueConstraint("platform", "workspace", "user_id"),)


class Group(Base):
    """A koordinationsgruppe: one product, one channel, and perhaps a steering committee's channel."""

    __tablename__ = "groups"

    id: Mapped[int] = mapped_column(primary_key=True)
    short_name: Mapped[str] = mapped_column(String(40), unique=True)
    product: Mapped[str] = mapped_column(String(200))
    platform: Mapped[str] = mapped_column(String(40))
    workspace: Mapped[str] = mapped_column(String(80))
    channel: Mapped[str] = mapped_column(String(80))
    channel_name: Mapped[str] = mapped_column(String(200), default="")
    steering_channel: Mapped[str] = mapped_column(String(80), default="")
    steering_bound: Mapped[bool] = mapped_column(default=False)
    locale: Mapped[str] = mapped_column(String(10))
    founded_at: Mapped[dt.datetime]
    created_at: Mapped[dt.datetime]

    __table_args__ = (
        UniqueConstraint("platform", "workspace", "channel"),
        Index("ix_groups_steering_channel", "platform", "workspace", "steering_channel"),
    )


class Setting(Base):
    """One value of one of a group's settings, from a moment on. The last one counts; the others are its history."""

    __tablename__ = "settings"

    id: Mapped[int] = mapped_column(primary_key=True)
    group_id: Mapped[int] = mapped_column(ForeignKey("groups.id"))
    name: Mapped[str] = mapped_column(String(60))
    value: Mapped[str] = mapped_column(Text)
    at: Mapped[dt.datetime]
    by: Mapped[str] = mapped_column(String(40), default="")

    __table_args__ = (Index("ix_settings_group_id_name_id", "group_id", "name", "id"),)


class Unit(Base):
    """One vote in one group: a municipality, or another member organisation. `code` is the municipality's three
    digits, or a name of our own for an organisation."""

    __tablename__ = "units"

    id: Mapped[int] = mapped_column(primary_key=True)
    group_id: Mapped[int] = mapped_column(ForeignKey("groups.id"))
    kind: Mapped[UnitKind] = mapped_column(Words(UnitKind))
    code: Mapped[str] = mapped_column(String(60))
    name: Mapped[str] = mapped_column(String(200))
    joined_at: Mapped[dt.datetime]

    __table_args__ = (UniqueConstraint("group_id", "code"),)


class Membership(Base):
    """A person is this in a group. A representative speaks for a unit, and counts once confirmed; `chair` is the
    steering committee's, `leads` the group's leader, `deputy` who stands in for the leader. A substitute is a
    representative who speaks for the unit in the place of `stands_in_for` (our id of a colleague), until `until` where
    that is said."""

    __tablename__ = "memberships"

    id: Mapped[int] = mapped_column(primary_key=True)
    group_id: Mapped[int] = mapped_column(ForeignKey("groups.id"))
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"))
    role: Mapped[Role] = mapped_column(Words(Role))
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("units.id"))
    leads: Mapped[bool] = mapped_column(default=False)
    deputy: Mapped[bool] = mapped_column(default=False)
    chair: Mapped[bool] = mapped_column(default=False)
    stands_in_for: Mapped[str] = mapped_column(String(40), default="", server_default="")
    until: Mapped[dt.datetime | None]
    since: Mapped[dt.datetime]
    confirmed_at: Mapped[dt.datetime | None]
    confirmed_by: Mapped[str | None] = mapped_column(String(40))
    ended_at: Mapped[dt.datetime | None]

    __table_args__ = (
        UniqueConstraint("group_id", "person_id", "role"),
        Index("ix_memberships_person_id", "person_id"),
    )


class PreparedDeed(Base):
    """What a leader without a vote has prepared: it takes effect when a municipality's representative confirms it."""

    __tablename__ = "prepared_deeds"

    id: Mapped[int] = mapped_column(primary_key=True)
    group_id: Mapped[int] = mapped_column(ForeignKey("groups.id"))
    deed: Mapped[str] = mapped_column(String(60))
    ask: Mapped[dict[str, Any]]
    by: Mapped[str] = mapped_column(String(40))
    at: Mapped[dt.datetime]
    settled_at: Mapped[dt.datetime | None]
    settled_by: Mapped[str | None] = mapped_column(String(40))
