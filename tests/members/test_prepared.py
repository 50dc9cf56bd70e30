"""Who only prepares, and who may confirm what somebody else has prepared."""

from __future__ import annotations

import datetime as dt

import pytest

from handlers.capability import Ask, Deed, Perform
from handlers.chat.refusals import Refusal
from handlers.chat.replies import Replies
from handlers.context import Capacity, Context, Standing
from handlers.members.prepared import confirm_prepared, drop_prepared, is_only_prepared, prepare
from storage.enums import Role, UnitKind
from storage.models.members import Person, Unit
from storage.queries import members
from storage.session import Storage
from tests.conftest import START
from tests.members.rooms import acting, small_group

UNIT = Unit(id=1, group_id=1, kind=UnitKind.MUNICIPALITY, code="550", name="Tønder", joined_at=START)
ME = Person(id="p", platform="t", workspace="w", user="p", name="P", locale="da", muted=False, created_at=START)


async def nothing(context: Context, ask: Ask) -> Replies:
    return []


WEIGHTY = Deed("members.confirm", nothing, prepared=True)
LIGHT = Deed("members.mute", nothing)
LEADS = frozenset({Capacity.LEADER})


@pytest.mark.parametrize(
    ("standing", "deed", "confirmed", "prepares"),
    [
        (Standing(LEADS), WEIGHTY, False, True),
        (Standing(LEADS), LIGHT, False, False),
        (Standing(LEADS), WEIGHTY, True, False),
        (Standing(LEADS, UNIT, confirmed=True), WEIGHTY, False, False),
        (Standing(LEADS, UNIT, confirmed=False), WEIGHTY, False, True),
        (Standing(LEADS, UNIT, confirmed=True, provisional=True), WEIGHTY, False, True),
        (Standing(LEADS, UNIT, confirmed=True, provisional=True), WEIGHTY, True, False),
        (Standing(frozenset({Capacity.SECRETARIAT})), WEIGHTY, False, False),
    ],
)
def test_who_only_prepares(standing: Standing, deed: Deed, *, confirmed: bool, prepares: bool) -> None:
    context = Context(
        session=None,  # type: ignore[arg-type] # the rule does not look
        now=dt.datetime(2026, 9, 1, tzinfo=dt.UTC),
        new_id=lambda: "1",
        locale="da",
        me=ME,
        standing=standing,
        confirmed_by=ME if confirmed else None,
    )
    assert is_only_prepared(deed, context) is prepares


async def prepared_by(storage: Storage, user: str, deed: str = "wish.start") -> int:
    group_id = await small_group(storage)
    async with acting(storage, group_id, user) as context:
        await prepare(context, deed, Ask(subject="43", value="Bo Lind"))
    return group_id


async def unconfirm(storage: Storage, group_id: int, *users: str) -> None:
    async with storage.write() as session:
        for user in users:
            held = await members.find_membership(session, group_id, f"person-{user}", Role.REPRESENTATIVE)
            assert held is not None
            held.confirmed_at = None


async def confirming(storage: Storage, group_id: int, user: str) -> Replies:
    async with acting(storage, group_id, user) as context:
        return await confirm_prepared(context, Ask(subject="1"))


async def test_a_confirmed_representative_stands_behind_it(storage: Storage) -> None:
    group_id = await prepared_by(storage, "eva")
    replies = await confirming(storage, group_id, "bo")
    assert Perform("wish.start", Ask(subject="43", value="Bo Lind"), "person-eva") in replies
    with pytest.raises(Refusal, match=r"members\.prepared_settled"):
        await confirming(storage, group_id, "carla")


@pytest.mark.parametrize(
    ("preparer", "user", "refusal"),
    [
        ("anna", "anna", "members.another_unit_confirms"),
        ("anna", "dan", "members.another_unit_confirms"),
        ("eva", "carla", "members.only_confirmed_representatives"),
        ("eva", "finn", "members.only_confirmed_representatives"),
    ],
)
async def test_who_can_not_confirm(storage: Storage, preparer: str, user: str, refusal: str) -> None:
    group_id = await prepared_by(storage, preparer)
    await unconfirm(storage, group_id, "carla")
    with pytest.raises(Refusal) as refused:
        await confirming(storage, group_id, user)
    assert refused.value.key == refusal
    assert await confirming(storage, group_id, "bo")


async def test_where_nobody_is_confirmed_a_claim_is_enough_to_say_who_the_members_are(storage: Storage) -> None:
    group_id = await prepared_by(storage, "eva", "members.confirm")
    await unconfirm(storage, group_id, "anna", "bo", "carla", "dan")
    assert await confirming(storage, group_id, "bo")


async def test_but_not_to_decide_anything_else(storage: Storage) -> None:
    group_id = await prepared_by(storage, "eva", "wish.start")
    await unconfirm(storage, group_id, "anna", "bo", "carla", "dan")
    with pytest.raises(Refusal, match=r"members\.only_confirmed_representatives"):
        await confirming(storage, group_id, "bo")


async def test_what_was_dropped_can_not_be_confirmed(storage: Storage) -> None:
    group_id = await prepared_by(storage, "eva")
    async with acting(storage, group_id, "anna") as context:
        await drop_prepared(context, Ask(subject="1"))
    with pytest.raises(Refusal, match=r"members\.prepared_settled"):
        await confirming(storage, group_id, "bo")


async def test_another_groups_deed_is_not_found(storage: Storage) -> None:
    group_id = await small_group(storage)
    with pytest.raises(Refusal, match=r"chat\.stale"):
        await confirming(storage, group_id, "bo")
