"""The ledger: every amount that the group was given, promised or has used. Rows are only ever added."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from storage.base import Base, Ore, Words
from storage.enums import EntryKind


class LedgerEntry(Base):
    """One line of a group's ledger for one budget year, in whole øre ekskl. moms.

    Frame, ceiling and mandate are values: a new one `replaces` the one before, and no amount means that there is none.
    Spent and committed are steps up or down. A grant and a pledge belong to a `subject` (`wish:43`); `inside` says
    whether a grant is taken from the frame or comes on top of it, and `unit_id` whose pledge it is."""

    __tablename__ = "ledger_entries"

    id: Mapped[int] = mapped_column(primary_key=True)
    group_id: Mapped[int] = mapped_column(ForeignKey("groups.id"))
    year: Mapped[int]
    kind: Mapped[EntryKind] = mapped_column(Words(EntryKind))
    amount: Mapped[int | None] = mapped_column(Ore)
    subject: Mapped[str] = mapped_column(String(60), default="")
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("units.id"))
    inside: Mapped[bool] = mapped_column(default=True)
    note: Mapped[str] = mapped_column(Text, default="")
    by: Mapped[str] = mapped_column(String(40))
    at: Mapped[dt.datetime]
    replaces: Mapped[int | None] = mapped_column(ForeignKey("ledger_entries.id"), unique=True)

    __table_args__ = (
        Index("ix_ledger_entries_group_id_year_id", "group_id", "year", "id"),
        Index("ix_ledger_entries_group_id_subject_kind", "group_id", "subject", "kind"),
    )
