"""Polls and the wishes that they are about. What happened to a poll is in the log; this is how it is now."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from storage.base import Base, Ore, Words
from storage.enums import BallotRule, PollMethod, PollStatus, Visibility, WinnerRule


class Poll(Base):
    """One poll. `most` is the largest number of candidates on a ballot, `dots` the budget of a ballot by points,
    `quorum` the share of units in percent that must vote, `ballot_rule` how a unit's answer is made of its people's;
    `pages` how many messages it fills; `version` counts how often candidates came to it while it was open, from 1.
    `opened_at` is when it opened, and until then when it is to open; `run_off_of` the number of the poll whose tie it
    decides. `close_asked_at` is when somebody (`close_asked_by`, our id) asked to close it before its deadline: from
    then on no vote is taken, and the count follows when the chat has been read. `costs_frozen_at` is when the first
    vote came, `result` what was published at closing, `ratified_in` the meeting that stood behind it."""

    __tablename__ = "polls"

    id: Mapped[int] = mapped_column(primary_key=True)
    group_id: Mapped[int] = mapped_column(ForeignKey("groups.id"))
    number: Mapped[int]
    title: Mapped[str] = mapped_column(String(200))
    method: Mapped[PollMethod] = mapped_column(Words(PollMethod))
    rule: Mapped[WinnerRule] = mapped_column(Words(WinnerRule))
    visibility: Mapped[Visibility] = mapped_column(Words(Visibility))
    most: Mapped[int | None]
    dots: Mapped[int | None]
    quorum: Mapped[int | None]
    ballot_rule: Mapped[BallotRule] = mapped_column(Words(BallotRule))
    status: Mapped[PollStatus] = mapped_column(Words(PollStatus))
    pages: Mapped[int] = mapped_column(default=1)
    version: Mapped[int] = mapped_column(default=1, server_default="1")
    run_off_of: Mapped[int | None]
    opened_at: Mapped[dt.datetime]
    opened_by: Mapped[str] = mapped_column(String(40))
    deadline: Mapped[dt.datetime]
    close_asked_at: Mapped[dt.datetime | None]
    close_asked_by: Mapped[str] = mapped_column(String(40), default="", server_default="")
    costs_frozen_at: Mapped[dt.datetime | None]
    closed_at: Mapped[dt.datetime | None]
    result: Mapped[dict[str, Any] | None]
    reason: Mapped[str] = mapped_column(Text, default="")
    extended_at: Mapped[dt.datetime | None]
    ratified_at: Mapped[dt.datetime | None]
    ratified_in: Mapped[str] = mapped_column(String(200), default="")

    __table_args__ = (
        UniqueConstraint("group_id", "number"),
        Index("ix_polls_status_deadline", "status", "deadline"),
    )


class Candidate(Base):
    """A wish in a poll, by the wish's number. Title and cost (whole øre) are as at the first vote. `left` says why it
    is no longer a candidate (the wish's new status), empty while it is one; `added_at` is when it came to an open poll,
    as `version`, and `returned_at` when it last was back after it had left."""

    __tablename__ = "candidates"

    poll_id: Mapped[int] = mapped_column(ForeignKey("polls.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    position: Mapped[int]
    title: Mapped[str] = mapped_column(String(200))
    cost: Mapped[int | None] = mapped_column(Ore)
    left: Mapped[str] = mapped_column(String(40), default="")
    version: Mapped[int] = mapped_column(default=1, server_default="1")
    added_at: Mapped[dt.datetime | None]
    returned_at: Mapped[dt.datetime | None]

    __table_args__ = (UniqueConstraint("poll_id", "position"), Index("ix_candidates_number", "number"))
