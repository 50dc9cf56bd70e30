"""A handler's surroundings for tests of the members: the test group, and a context of one of its people."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from handlers.chat.interactions import Place
from handlers.context import Context
from handlers.members.standing import find_standing
from storage.queries import members
from storage.session import Storage
from tests.conftest import START, Counter
from tests.groups import make_group

CHANNEL = "koordinationsgruppe"


async def small_group(storage: Storage) -> int:
    """The test group, with its steering committee's channel."""
    return await make_group(storage, platform="test", workspace="w", channel=CHANNEL, steering="styregruppe")


@asynccontextmanager
async def acting(storage: Storage, group_id: int, user: str = "anna") -> AsyncIterator[Context]:
    """A transaction in which this person acts; it is committed at the end."""
    async with storage.write() as session:
        group = await members.lock_group(session, group_id)
        me = await members.get_person(session, f"person-{user}")
        yield Context(
            session=session,
            now=START,
            new_id=Counter(),
            locale="da",
            me=me,
            place=Place(group.channel),
            known_group=group,
            standing=await find_standing(session, group, me),
        )
