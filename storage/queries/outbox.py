"""Finds what is to go out: the promises to send, in the order of their lanes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from sqlalchemy import ColumnElement, and_, case, exists, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from storage.enums import OutboxState, Trouble
from storage.models.exchange import OutboxRow, SentMessage


async def find_promise(session: AsyncSession, mark: str) -> OutboxRow | None:
    """The row whose message travels with this mark."""
    return await session.scalar(select(OutboxRow).where(OutboxRow.mark == mark))


async def find_waiting(session: AsyncSession, key: str, kinds: Collection[str]) -> OutboxRow | None:
    """The newest row for a message that is still to be sent, also one that is parked for its place, and that nobody is
    sending. Held until the transaction ends: nobody begins to send what is about to be written anew."""
    return await session.scalar(
        select(OutboxRow)
        .where(OutboxRow.key == key, _is_promised(), OutboxRow.kind.in_(kinds), OutboxRow.lease_until.is_(None))
        .order_by(OutboxRow.id.desc())
        .limit(1)
        .with_for_update()
    )


async def find_waiting_in(session: AsyncSession, lane: str) -> OutboxRow | None:
    """The newest row of a lane that is still to be sent and that nobody is sending; held like one of `find_waiting`."""
    return await session.scalar(
        select(OutboxRow)
        .where(OutboxRow.lane == lane, OutboxRow.state == OutboxState.PENDING, OutboxRow.lease_until.is_(None))
        .order_by(OutboxRow.id.desc())
        .limit(1)
        .with_for_update()
    )


async def has_pending_post(session: AsyncSession, key: str) -> bool:
    found = await session.scalar(
        select(OutboxRow.id).where(
            OutboxRow.key == key, OutboxRow.state == OutboxState.PENDING, OutboxRow.kind.in_(("post", "direct"))
        )
    )
    return found is not None


async def has_promised_post(session: AsyncSession, key: str) -> bool:
    """Whether the message is still to be posted, be it when the bot can write in its place again."""
    found = await session.scalar(
        select(OutboxRow.id).where(OutboxRow.key == key, _is_promised(), OutboxRow.kind.in_(("post", "direct")))
    )
    return found is not None


def _is_promised() -> ColumnElement[bool]:
    return or_(OutboxRow.state == OutboxState.PENDING, _is_parked(Trouble.PLACE))


def _is_parked(trouble: Trouble) -> ColumnElement[bool]:
    return and_(OutboxRow.state == OutboxState.PARKED, OutboxRow.trouble == trouble)


async def retry_parked(session: AsyncSession, home: tuple[str, str], now: dt.datetime, lane: str = "") -> None:
    """Let the oldest row of each lane (of this one where it is given) that was parked for its place be sent once more.

    Args:
        home: the platform and its workspace.
    """
    oldest = select(func.min(OutboxRow.id)).where(_is_parked(Trouble.PLACE), *_is_of(home)).group_by(OutboxRow.lane)
    if lane:
        oldest = oldest.where(OutboxRow.lane == lane)
    await _return(session, OutboxRow.id.in_(oldest), now)


async def take_back_parked(session: AsyncSession, group_id: int, key: str) -> dt.datetime | None:
    """Promise no more to post the messages of a group whose keys begin so, as far as they are parked for their place.
    Returns when the first of them was promised, `None` where there is none."""
    rows = await session.scalars(
        select(OutboxRow)
        .where(
            OutboxRow.key.startswith(f"{group_id}:{key}", autoescape=True),
            OutboxRow.kind == "post",
            _is_parked(Trouble.PLACE),
        )
        .order_by(OutboxRow.created_at)
        .with_for_update()
    )
    found = list(rows)
    for row in found:
        await session.delete(row)
    return found[0].created_at if found else None


async def bring_back(session: AsyncSession, sent: OutboxRow, channel: str, now: dt.datetime) -> None:
    """After a row was sent: what was parked because the bot could not write there, and what was parked because this
    message was not there, is to be sent as well.

    Args:
        sent: the row.
        channel: where its message is, empty for none.
    """
    there = select(SentMessage.key).where(
        SentMessage.platform == sent.platform, SentMessage.workspace == sent.workspace, SentMessage.channel == channel
    )
    found = [_is_parked(Trouble.PLACE) & or_(OutboxRow.lane == sent.lane, OutboxRow.key.in_(there))]
    if sent.key:
        below = OutboxRow.target["thread"].as_string() == sent.key
        found.append(_is_parked(Trouble.POST) & or_(OutboxRow.key == sent.key, below))
    await _return(session, and_(or_(*found), *_is_of((sent.platform, sent.workspace))), now)


def _is_of(home: tuple[str, str]) -> tuple[ColumnElement[bool], ...]:
    return OutboxRow.platform == home[0], OutboxRow.workspace == home[1]


async def _return(session: AsyncSession, wanted: ColumnElement[bool], now: dt.datetime) -> None:
    await session.execute(
        update(OutboxRow).where(wanted).values(state=OutboxState.PENDING, due_at=now),
        execution_options={"synchronize_session": False},
    )


async def list_ready(
    session: AsyncSession, platforms: Collection[str], now: dt.datetime, limit: int = 20
) -> list[OutboxRow]:
    """The rows to send now: the first of each lane, due, leased to nobody, and not of a message that is itself still to
    be posted. Held until the transaction ends."""
    found = await session.scalars(
        select(OutboxRow)
        .where(
            OutboxRow.state == OutboxState.PENDING,
            OutboxRow.platform.in_(platforms),
            OutboxRow.due_at <= now,
            (OutboxRow.lease_until.is_(None)) | (OutboxRow.lease_until <= now),
            *_behind_nothing(),
        )
        .order_by(OutboxRow.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return list(found)


def _behind_nothing() -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """The first row of its lane, and not of a message that is itself still to be posted. A file that could not be sent
    holds nobody up: it may want for a permission of its own."""
    earlier, post = aliased(OutboxRow), aliased(OutboxRow)
    return (
        ~exists().where(
            earlier.lane == OutboxRow.lane,
            earlier.state == OutboxState.PENDING,
            earlier.id < OutboxRow.id,
            or_(earlier.kind != "attach", earlier.trouble.is_(None)),
        ),
        ~exists().where(
            post.key == OutboxRow.key,
            post.key != "",
            post.kind.in_(("post", "direct")),
            post.state == OutboxState.PENDING,
            post.id < OutboxRow.id,
        ),
    )


async def next_outbox_moment(
    session: AsyncSession, platforms: Collection[str], in_hand: Collection[int] = ()
) -> dt.datetime | None:
    """When the first row can be sent that waits for the clock alone: for its time, or for another's lease to be over.

    A row behind another waits for that one. `in_hand` are the rows that the asker is sending, and hears of himself."""
    leased = case((OutboxRow.lease_until > OutboxRow.due_at, OutboxRow.lease_until), else_=OutboxRow.due_at)
    moment: dt.datetime | None = await session.scalar(
        select(func.min(leased)).where(
            OutboxRow.state == OutboxState.PENDING,
            OutboxRow.platform.in_(platforms),
            OutboxRow.id.not_in(in_hand),
            *_behind_nothing(),
        )
    )
    return moment


async def list_parked(session: AsyncSession) -> list[OutboxRow]:
    return list(
        await session.scalars(select(OutboxRow).where(OutboxRow.state == OutboxState.PARKED).order_by(OutboxRow.id))
    )


async def count_unsent(session: AsyncSession) -> dict[OutboxState, int]:
    """How many messages wait to be sent, and how many are parked."""
    rows = await session.execute(
        select(OutboxRow.state, func.count())
        .where(OutboxRow.state.in_((OutboxState.PENDING, OutboxState.PARKED)))
        .group_by(OutboxRow.state)
    )
    return {row[0]: row[1] for row in rows}


async def list_held(session: AsyncSession) -> list[OutboxRow]:
    """The messages that wait because a try failed, the oldest first."""
    return list(
        await session.scalars(
            select(OutboxRow)
            .where(OutboxRow.state == OutboxState.PENDING, OutboxRow.trouble.is_not(None))
            .order_by(OutboxRow.id)
        )
    )


async def release_all_leases(session: AsyncSession, platform: str) -> None:
    """Take every row of a platform out of the hands of processes that are no more; only where there is one process."""
    await session.execute(
        update(OutboxRow)
        .where(OutboxRow.platform == platform, OutboxRow.state == OutboxState.PENDING)
        .values(lease_until=None)
    )
