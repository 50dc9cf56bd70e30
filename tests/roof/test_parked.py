"""What could not be sent: the leader hears in plain words what is in the way and what to do."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from bot.clock import MovableClock
from bot.parked import Parked
from storage.enums import Trouble
from storage.models.exchange import NoticeRow, OutboxRow
from storage.queries import members
from storage.session import Storage
from tests.conftest import START, make_runtime
from tests.groups import make_group

GROUP = "c1"
STEERING = "s1"

CASES = [
    ("post", {"channel": GROUP}, Trouble.PLACE, "Jeg kan ikke skrive i gruppens kanal."),
    ("post", {"channel": STEERING}, Trouble.PLACE, "Jeg kan ikke skrive i styregruppens kanal."),
    ("attach", {"channel": "c9", "user": ""}, Trouble.PLACE, "Jeg kan ikke skrive i en kanal, hvor I har brugt mig."),
    ("post", {"channel": GROUP}, Trouble.OTHER, "En besked kunne ikke sendes og er lagt til side."),
    ("update", {"tally": False}, Trouble.MESSAGE, "En af mine beskeder kan ikke opdateres mere"),
    ("update", {"tally": False}, Trouble.PLACE, "En af mine beskeder kan ikke opdateres mere"),
    ("update", {"tally": False}, Trouble.OTHER, "En besked kunne ikke sendes og er lagt til side."),
    ("seed", {}, Trouble.MESSAGE, "En af mine beskeder kan ikke opdateres mere"),
    ("direct", {"user": "bo"}, Trouble.PERSON, "Mine beskeder når ikke frem til Bo Lind: kontoen er lukket."),
    ("direct", {"user": "bo"}, Trouble.OTHER, "En besked til Bo Lind kunne ikke sendes og er lagt til side."),
]


@pytest.mark.parametrize(("kind", "target", "trouble", "sentence"), CASES)
async def test_the_leader_hears_once_a_week_what_to_do(
    storage: Storage, clock: MovableClock, kind: str, target: dict[str, str], trouble: Trouble, sentence: str
) -> None:
    group_id = await make_group(storage, platform="twin", workspace="w", channel=GROUP)
    async with storage.write() as session:
        (await members.get_group(session, group_id)).steering_channel = STEERING
    parked = Parked(make_runtime(storage, clock).app)
    for number in (1, 2):
        await parked.tell(_row(group_id, number, kind, target), trouble)
    async with storage.read() as session:
        [told] = (await session.scalars(select(NoticeRow.text))).all()
    assert told.startswith(sentence)


@pytest.mark.parametrize("trouble", [Trouble.PLACE, Trouble.OTHER])
async def test_who_named_the_channel_hears_at_once_and_every_time(
    storage: Storage, clock: MovableClock, trouble: Trouble
) -> None:
    group_id = await make_group(storage, platform="twin", workspace="w", channel=GROUP)
    async with storage.read() as session:
        [leader] = await members.list_leaders(session, group_id)
    parked = Parked(make_runtime(storage, clock).app)
    for number in (1, 2):
        await parked.tell(_row(group_id, number, "post", {"channel": "c9", "named_by": leader.id}), trouble)
    async with storage.read() as session:
        rows = (await session.scalars(select(OutboxRow).where(OutboxRow.kind == "direct"))).all()
        assert [row.target for row in rows] == [{"user": leader.user}] * 2
        assert "Jeg kan ikke finde en kanal, der hedder »c9«" in str(rows[0].body)
        assert (await session.scalars(select(NoticeRow.text))).all() == []


async def test_what_is_of_no_group_is_told_to_nobody(storage: Storage, clock: MovableClock) -> None:
    await Parked(make_runtime(storage, clock).app).tell(_row(None, 1, "direct", {"user": "bo"}), Trouble.PERSON)
    async with storage.read() as session:
        assert (await session.scalars(select(NoticeRow.text))).all() == []


def _row(group_id: int | None, number: int, kind: str, target: dict[str, str]) -> OutboxRow:
    lane = f"twin/w/{target}"
    return OutboxRow(
        id=number,
        group_id=group_id,
        platform="twin",
        workspace="w",
        lane=lane,
        kind=kind,
        key="",
        target=target,
        body={},
        mark=f"m{number}",
        created_at=START,
        due_at=START,
    )
