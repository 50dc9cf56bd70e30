"""Meetings, who comes to them, and the dates that are being looked for."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from storage.base import Base, Words
from storage.enums import Attending, MeetingStatus


class Meeting(Base):
    """One meeting. `units_present` is known once it is held; `uid` and `sequence` are the calendar's name of it and how
    often it has changed; `reason` says why it was cancelled."""

    __tablename__ = "meetings"

    id: Mapped[int] = mapped_column(primary_key=True)
    group_id: Mapped[int] = mapped_column(ForeignKey("groups.id"))
    number: Mapped[int]
    title: Mapped[str] = mapped_column(String(200))
    starts_at: Mapped[dt.datetime]
    minutes_long: Mapped[int]
    place: Mapped[str] = mapped_column(String(500), default="")
    agenda: Mapped[str] = mapped_column(Text, default="")
    minutes: Mapped[str] = mapped_column(Text, default="")
    chair: Mapped[str] = mapped_column(String(200), default="")
    minute_taker: Mapped[str] = mapped_column(String(200), default="")
    status: Mapped[MeetingStatus] = mapped_column(Words(MeetingStatus), default=MeetingStatus.PLANNED)
    units_present: Mapped[int | None]
    reason: Mapped[str] = mapped_column(Text, default="")
    uid: Mapped[str] = mapped_column(String(80))
    sequence: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[dt.datetime]

    __table_args__ = (
        UniqueConstraint("group_id", "number"),
        Index("ix_meetings_group_id_starts_at", "group_id", "starts_at"),
        Index("ix_meetings_status_starts_at", "status", "starts_at"),
    )


class Attendance(Base):
    """What one person has answered; `substitute` is who comes instead."""

    __tablename__ = "attendances"

    meeting_id: Mapped[int] = mapped_column(ForeignKey("meetings.id"), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"), primary_key=True)
    unit_id: Mapped[int | None]
    answer: Mapped[Attending] = mapped_column(Words(Attending))
    substitute: Mapped[str] = mapped_column(String(200), default="")
    at: Mapped[dt.datetime]


class DateSearch(Base):
    """Times that people can say yes to; `meeting_number` is the meeting that came of it."""

    __tablename__ = "date_searches"

    id: Mapped[int] = mapped_column(primary_key=True)
    group_id: Mapped[int] = mapped_column(ForeignKey("groups.id"))
    number: Mapped[int]
    title: Mapped[str] = mapped_column(String(200))
    times: Mapped[list[Any]]
    minutes_long: Mapped[int]
    meeting_number: Mapped[int | None]
    created_at: Mapped[dt.datetime]

    __table_args__ = (UniqueConstraint("group_id", "number"),)


class DateAnswer(Base):
    """What one person has answered to a search in a form: `can` has the positions of the times. A click on an emoji
    takes its place."""

    __tablename__ = "date_answers"

    search_id: Mapped[int] = mapped_column(ForeignKey("date_searches.id"), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"), primary_key=True)
    can: Mapped[list[Any]]
    at: Mapped[dt.datetime]
