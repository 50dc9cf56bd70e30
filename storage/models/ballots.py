"""Who may answer a question by ballot, and what each answered: for polls, and for whatever else is voted on."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from storage.base import Base, Words
from storage.enums import BallotWay


class Elector(Base):
    """A unit that was in the group when `subject` (`poll:7`) was opened. It counts from `admitted_at` on; `None` where
    only unconfirmed people have spoken for it until now."""

    __tablename__ = "electors"

    group_id: Mapped[int] = mapped_column(ForeignKey("groups.id"), primary_key=True)
    subject: Mapped[str] = mapped_column(String(60), primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), primary_key=True)
    admitted_at: Mapped[dt.datetime | None]


class Ballot(Base):
    """One person's whole standing answer. `person_id` is empty for an answer that came by mail, which `entered_by` put
    in; `on_behalf_of` is the colleague (our id) in whose place a substitute gave it. `marks` is option → mark, without
    zeros; `confirmed_at` is since when the person's word counts for the unit; `turn` is the number of the log's entry
    for the last change, and orders what happened at one instant."""

    __tablename__ = "ballots"

    id: Mapped[int] = mapped_column(primary_key=True)
    group_id: Mapped[int] = mapped_column(ForeignKey("groups.id"))
    subject: Mapped[str] = mapped_column(String(60))
    person_id: Mapped[str] = mapped_column(String(40))
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"))
    entered_by: Mapped[str] = mapped_column(String(40), default="")
    on_behalf_of: Mapped[str] = mapped_column(String(40), default="", server_default="")
    way: Mapped[BallotWay] = mapped_column(Words(BallotWay))
    marks: Mapped[dict[str, Any]]
    confirmed_at: Mapped[dt.datetime | None]
    changed_at: Mapped[dt.datetime]
    turn: Mapped[int] = mapped_column(default=0)

    __table_args__ = (UniqueConstraint("group_id", "subject", "person_id", "unit_id"),)
