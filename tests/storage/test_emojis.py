"""What is stored of emojis when events and lists of the chat cross."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from storage.changes import Change, pack
from storage.models.exchange import Emoji
from storage.models.members import Person
from storage.queries import exchange
from storage.session import Storage
from tests.conftest import START

ASKED = START + dt.timedelta(seconds=1)
CLICKED = START + dt.timedelta(seconds=2)


def row(mark: str, heard_at: dt.datetime, *, on: bool) -> dict[str, Any]:
    """What an event told, or a list where it has no mark."""
    told = Change(on, heard_at, bool(mark), mark)
    return {
        **{"key": "1:poll:1/1", "person_id": "bo", "emoji": "one", "on": on, "mark": mark, "changed_at": told.at},
        **{"dated": told.dated, "changes": pack(told), "heard_at": heard_at, "uncounted": True, "renewed": True},
    }


@pytest.mark.parametrize(("asked_at", "stands"), [(ASKED, True), (CLICKED + dt.timedelta(seconds=1), False)])
async def test_a_list_that_was_asked_for_before_a_click_does_not_undo_it(
    storage: Storage, asked_at: dt.datetime, stands: bool
) -> None:
    """The click may be stored between the question and its answer, and at any moment while the answer is taken in."""
    async with storage.write() as session:
        bo = {"platform": "twin", "workspace": "w", "user": "bo", "name": "Bo Lind", "locale": "da", "muted": False}
        session.add(Person(id="bo", created_at=START, **bo))
    for one in (row("1", START, on=False), row("2", CLICKED, on=True), row("", asked_at, on=False)):
        async with storage.write() as session:
            await (await session.connection()).run_sync(exchange.store_clicks, [one])
    async with storage.read() as session:
        found = await session.get_one(Emoji, ("1:poll:1/1", "bo", "one"))
    assert found.on is stands
