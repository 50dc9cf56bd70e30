"""A group with a transaction open, for tests of the ledger itself."""

from __future__ import annotations

import datetime as dt
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

import pytest

import locales
from bot.clock import MovableClock
from handlers.chat.interactions import Place
from handlers.context import Context
from handlers.members.standing import find_standing
from storage.queries import members
from storage.session import Storage
from tests.conftest import ZONE, Counter
from tests.groups import make_group

Acting = Callable[..., AbstractAsyncContextManager[Context]]


@pytest.fixture
async def acting(storage: Storage, clock: MovableClock) -> Acting:
    """`async with acting("anna") as context:` is one transaction of Anna's in the test group."""
    group_id = await make_group(
        storage, platform="local", workspace="local", channel="koordinationsgruppe", steering="styregruppe"
    )
    new_id = Counter()

    @asynccontextmanager
    async def act(user: str = "anna", at: dt.datetime | None = None) -> AsyncIterator[Context]:
        async with storage.write() as session:
            group = await members.lock_group(session, group_id)
            person = await members.get_person(session, f"person-{user}")
            standing = await find_standing(session, group, person)
            with locales.speaking("da", ZONE):
                yield Context(
                    session=session,
                    now=at or clock.now(),
                    new_id=new_id,
                    locale="da",
                    me=person,
                    place=Place(group.channel),
                    known_group=group,
                    standing=standing,
                )

    return act
