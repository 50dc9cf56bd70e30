"""Wishes that are ready to be prioritised, put into the database as if all that comes before had happened."""

from __future__ import annotations

from collections.abc import Sequence

from storage.enums import WishStatus
from storage.models.wishes import Wish
from storage.queries import wishes
from storage.session import Storage
from tests.conftest import START


async def make_ready(
    storage: Storage, *titles: str, estimates: Sequence[int | None] = (), group_id: int = 1
) -> list[int]:
    """Store one ready wish per title; returns their numbers. `estimates` are in whole kroner, `None` for none."""
    costs = [*estimates, *[20_000] * (len(titles) - len(estimates))]
    async with storage.write() as session:
        first = await wishes.next_number(session, group_id)
        for number, (title, cost) in enumerate(zip(titles, costs, strict=True), first):
            session.add(
                Wish(
                    group_id=group_id,
                    number=number,
                    title=title,
                    need="Et behov i hverdagen.",
                    estimate=None if cost is None else cost * 100,
                    status=WishStatus.READY,
                    status_since=START,
                    created_at=START,
                )
            )
    return list(range(first, first + len(titles)))
