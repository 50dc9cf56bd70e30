"""Wishes and those who stand behind them. What happened to a wish is in the log; this is how it is now."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from storage.base import Base, Ore, Words
from storage.enums import Urgency, WishKind, WishStatus


class Wish(Base):
    """One wish. Amounts are whole øre ekskl. moms. `guess` is the submitter's skøn, `estimate` the supplier's or the
    leader's; `estimate_is_example` marks one made up for a demonstration. `resume_to` is where a wish on hold or merged
    goes back to; `merged_into` the number of the wish that took it in."""

    __tablename__ = "wishes"

    id: Mapped[int] = mapped_column(primary_key=True)
    group_id: Mapped[int] = mapped_column(ForeignKey("groups.id"))
    number: Mapped[int]
    title: Mapped[str] = mapped_column(String(200))
    need: Mapped[str] = mapped_column(Text, default="")
    description: Mapped[str] = mapped_column(Text, default="")
    benefit: Mapped[str] = mapped_column(Text, default="")
    benefit_measure: Mapped[str] = mapped_column(Text, default="")
    benefit_owner: Mapped[str] = mapped_column(Text, default="")
    kind: Mapped[WishKind] = mapped_column(Words(WishKind), default=WishKind.DEVELOPMENT)
    urgency: Mapped[Urgency | None] = mapped_column(Words(Urgency))
    urgency_reason: Mapped[str] = mapped_column(Text, default="")
    stakeholders: Mapped[str] = mapped_column(Text, default="")
    topics: Mapped[str] = mapped_column(Text, default="")
    submitter_id: Mapped[str | None] = mapped_column(String(40))
    unit_name: Mapped[str] = mapped_column(String(200), default="")
    guess: Mapped[int | None] = mapped_column(Ore)
    estimate: Mapped[int | None] = mapped_column(Ore)
    estimate_hours: Mapped[int | None]
    estimate_is_example: Mapped[bool] = mapped_column(default=False)
    status: Mapped[WishStatus] = mapped_column(Words(WishStatus), default=WishStatus.SUBMITTED)
    status_since: Mapped[dt.datetime]
    resume_to: Mapped[WishStatus | None] = mapped_column(Words(WishStatus))
    merged_into: Mapped[int | None]
    source: Mapped[str] = mapped_column(String(200), default="")
    created_at: Mapped[dt.datetime]

    __table_args__ = (
        UniqueConstraint("group_id", "number"),
        Index("ix_wishes_group_id_status_number", "group_id", "status", "number"),
        Index("ix_wishes_group_id_submitter_id", "group_id", "submitter_id"),
    )


class Backer(Base):
    """Somebody who stands behind a wish, for the unit that they speak for. `carried_from` is the number of a merged
    wish that they backed."""

    __tablename__ = "backers"

    wish_id: Mapped[int] = mapped_column(ForeignKey("wishes.id"), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"), primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"))
    carried_from: Mapped[int | None]
    at: Mapped[dt.datetime]
