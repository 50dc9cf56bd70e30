"""Recommendations to the steering committee, and what it answered. An answer is never changed, only replaced."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import Date, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from storage.base import Base, Ore, Words
from storage.enums import Basis, CaseStatus


class Case(Base):
    """One recommendation, as it was put to the committee: amounts are whole øre ekskl. moms on the day it was sent.

    `frame` and `free` are empty where none was set. `over_ceiling` says by how much the amount was too dear for the
    group alone, `over_room` by how much it was more than there was money for; 0 where it was not. `remind_at` is when
    the committee is reminded once, `reminded_at` when it was."""

    __tablename__ = "cases"

    id: Mapped[int] = mapped_column(primary_key=True)
    group_id: Mapped[int] = mapped_column(ForeignKey("groups.id"))
    number: Mapped[int]
    wish_number: Mapped[int]
    title: Mapped[str] = mapped_column(String(200))
    background: Mapped[str] = mapped_column(Text, default="")
    need: Mapped[str] = mapped_column(Text, default="")
    benefit: Mapped[str] = mapped_column(Text, default="")
    amount: Mapped[int] = mapped_column(Ore)
    year: Mapped[int]
    frame: Mapped[int | None] = mapped_column(Ore)
    free: Mapped[int | None] = mapped_column(Ore)
    over_ceiling: Mapped[int] = mapped_column(Ore, default=0, server_default="0")
    over_room: Mapped[int] = mapped_column(Ore, default=0, server_default="0")
    poll: Mapped[str] = mapped_column(Text, default="")
    backing: Mapped[str] = mapped_column(Text, default="")
    recommendation: Mapped[str] = mapped_column(Text)
    status: Mapped[CaseStatus] = mapped_column(Words(CaseStatus), default=CaseStatus.AWAITING)
    sent_by: Mapped[str] = mapped_column(String(40))
    sent_at: Mapped[dt.datetime]
    remind_at: Mapped[dt.datetime]
    reminded_at: Mapped[dt.datetime | None]

    __table_args__ = (
        UniqueConstraint("group_id", "number"),
        Index("ix_cases_group_id_status_number", "group_id", "status", "number"),
        Index("ix_cases_group_id_wish_number", "group_id", "wish_number"),
        Index("ix_cases_status_remind_at", "status", "remind_at"),
    )

    @property
    def excess(self) -> int:
        """By how much the amount was more than the group may decide alone."""
        return max(self.over_ceiling, self.over_room)


class CaseAnswer(Base):
    """What the committee decided, as one member registered it. `participants` says who took part, in words; `granted`
    is empty where nothing was; `inside` whether it is taken from the frame or comes on top. The last one counts."""

    __tablename__ = "case_answers"

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    status: Mapped[CaseStatus] = mapped_column(Words(CaseStatus))
    decided_on: Mapped[dt.date] = mapped_column(Date)
    basis: Mapped[Basis] = mapped_column(Words(Basis))
    participants: Mapped[str] = mapped_column(Text, default="")
    granted: Mapped[int | None] = mapped_column(Ore)
    inside: Mapped[bool] = mapped_column(default=True)
    conditions: Mapped[str] = mapped_column(Text, default="")
    reason: Mapped[str] = mapped_column(Text, default="")
    by: Mapped[str] = mapped_column(String(40))
    at: Mapped[dt.datetime]
    replaces: Mapped[int | None] = mapped_column(ForeignKey("case_answers.id"), unique=True)
    grant_entry: Mapped[int | None] = mapped_column(ForeignKey("ledger_entries.id"))

    __table_args__ = (Index("ix_case_answers_case_id_id", "case_id", "id"),)
