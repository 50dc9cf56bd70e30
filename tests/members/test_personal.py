"""What is stored about one person is found in whatever table it is, and nothing of the others."""

from __future__ import annotations

from itertools import pairwise

from bot.outbox import Outbox
from handlers.capability import Ask
from handlers.chat.replies import Attach
from handlers.decisions.chain import record
from handlers.members.personal import show_my_data
from storage.base import Base
from storage.enums import WishStatus
from storage.models.exchange import Emoji, NoticeRow, OutboxRow
from storage.models.members import Setting
from storage.models.wishes import Backer, Wish
from storage.queries import log, members, personal
from storage.session import Storage
from tests.conftest import START, Counter
from tests.members.rooms import acting, small_group


def test_our_ids_of_people_fit_in_every_column_that_holds_one() -> None:
    """The search looks in every text column that is wide enough for an id: so each that holds one must be."""
    holding = ("person_id", "person", "submitter_id", "by", "confirmed_by", "settled_by", "opened_by", "entered_by")
    for table in Base.metadata.sorted_tables:
        if table.name.startswith(personal.FOREIGN):
            continue
        for name in holding:
            if name in table.columns:
                assert getattr(table.columns[name].type, "length", 0) >= 32, f"{table.name}.{name}"


async def test_every_kind_of_trace_is_found(storage: Storage) -> None:
    group_id = await small_group(storage)
    async with acting(storage, group_id, "bo") as context:
        session = context.session
        for number, submitter in ((1, "person-bo"), (2, "person-anna")):
            session.add(
                Wish(
                    group_id=group_id,
                    number=number,
                    title=f"Ønske {number}",
                    submitter_id=submitter,
                    status=WishStatus.SUBMITTED,
                    status_since=START,
                    created_at=START,
                )
            )
        await session.flush()
        unit = context.standing.unit
        assert unit is not None
        session.add(Backer(wish_id=2, person_id="person-bo", unit_id=unit.id, at=START))
        session.add(Emoji(key="1:poll:1/1", person_id="person-bo", emoji="one", on=True, changed_at=START))
        session.add(Setting(group_id=group_id, name="minimum", value="4", at=START, by="person-bo"))
        session.add(
            NoticeRow(group_id=group_id, person_id="person-bo", about="x", topic="people", text="Hej", created_at=START)
        )
        for user in ("bo", "anna"):
            session.add(
                OutboxRow(
                    group_id=group_id,
                    platform="test",
                    workspace="w",
                    lane=f"test/w/user:{user}",
                    kind="direct",
                    target={},
                    body={},
                    mark=f"mark-{user}",
                    created_at=START,
                    due_at=START,
                )
            )
        await record(context, "wish.submitted", "wish:1", {"title": "Ønske 1"})
    async with acting(storage, group_id, "anna") as context:
        await record(context, "member.confirmed", "person:person-bo", {})
        await record(context, "member.ended", "x", {"person": "person-bo"})
        await record(context, "wish.submitted", "wish:2", {"title": "Ønske 2"})
    async with storage.read() as session:
        found = await personal.collect_about(session, await members.get_person(session, "person-bo"))
        everything = await log.list_entries(session, group_id)
    assert len(everything) == 4
    assert {name: len(rows) for name, rows in found.items()} == {
        "people": 1,
        "memberships": 1,
        "wishes": 1,
        "backers": 1,
        "emojis": 1,
        "settings": 1,
        "notices": 1,
        "outbox": 1,
        "log": 3,
    }
    assert found["wishes"][0]["title"] == "Ønske 1"
    assert found["outbox"][0]["lane"] == "test/w/user:bo"


async def test_the_files_that_were_sent_before_are_not_in_it_again(storage: Storage) -> None:
    group_id, new_id, sizes = await small_group(storage), Counter(), []
    for _ in range(5):
        async with acting(storage, group_id, "bo") as context:
            (file,) = [one for one in await show_my_data(context, Ask()) if isinstance(one, Attach)]
            outbox = Outbox(context.session, group=context.group, person=context.me, now=context.now, new_id=new_id)
            await outbox.put(file)
        sizes.append(len(file.content))
    steps = [later - earlier for earlier, later in pairwise(sizes)]
    assert 0 < max(steps) < 2 * min(steps), sizes
