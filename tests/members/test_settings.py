"""A group's settings: their defaults, and that every change is kept with its history."""

from __future__ import annotations

import pytest

from handlers.members.settings import GroupSettings, change_settings, read_settings
from storage.enums import BallotRule, ProductLevel
from storage.queries import log, members
from storage.session import Storage
from tests.members.rooms import acting, small_group


async def test_a_group_that_has_chosen_nothing_has_the_defaults(storage: Storage) -> None:
    group_id = await small_group(storage)
    async with storage.read() as session:
        found = await read_settings(session, group_id)
    assert found == GroupSettings(
        minimum=4,
        quorum=0,
        ballot_rule=BallotRule.LATEST,
        least_units=0,
        notice_minutes=0,
        level=None,
        held_before=0,
        held_before_year=0,
        language="da",
        product="OS2test",
    )


async def test_the_newest_value_counts_and_the_others_are_kept(storage: Storage) -> None:
    group_id = await small_group(storage)
    async with acting(storage, group_id) as context:
        assert await change_settings(context, minimum=6, ballot_rule=BallotRule.AVERAGE)
        assert await change_settings(context, minimum=3, level=ProductLevel.TWO, language="en")
    async with storage.read() as session:
        found = await read_settings(session, group_id)
        history = [(one.name, one.value, one.by) for one in await members.list_settings(session, group_id)]
        group = await members.get_group(session, group_id)
    assert (found.minimum, found.ballot_rule, found.level) == (3, BallotRule.AVERAGE, ProductLevel.TWO)
    assert found.language == group.locale == "en"
    assert ("minimum", "6", "person-anna") in history
    assert ("minimum", "3", "person-anna") in history


async def test_the_log_says_what_was_and_what_is(storage: Storage) -> None:
    group_id = await small_group(storage)
    async with acting(storage, group_id) as context:
        await change_settings(context, minimum=6, quorum=0)
    async with storage.read() as session:
        entries = await log.list_decisions(session, group_id, limit=5)
    assert [one.kind for one in entries] == ["group.settings_changed"]
    assert entries[0].facts == {"changes": {"minimum": {"old": 4, "new": 6}}}


async def test_what_is_as_it_was_is_no_change(storage: Storage) -> None:
    group_id = await small_group(storage)
    async with acting(storage, group_id) as context:
        assert not await change_settings(context, minimum=4)
    async with storage.read() as session:
        assert await members.list_settings(session, group_id) == []


async def test_a_level_can_be_taken_back_and_a_product_renamed(storage: Storage) -> None:
    group_id = await small_group(storage)
    async with acting(storage, group_id) as context:
        await change_settings(context, level=ProductLevel.ONE)
        await change_settings(context, level=None, product="OS2prøve")
    async with storage.read() as session:
        found = await read_settings(session, group_id)
    assert found.level is None
    assert found.product == "OS2prøve"


async def test_a_setting_that_does_not_exist_is_a_mistake_in_the_program(storage: Storage) -> None:
    group_id = await small_group(storage)
    with pytest.raises(ValueError, match="minimun"):
        async with acting(storage, group_id) as context:
            await change_settings(context, minimun=3)


@pytest.mark.parametrize(("year", "held"), [(2025, 0), (2026, 2), (2027, 0)])
def test_meetings_before_the_group_count_in_their_year_only(year: int, held: int) -> None:
    assert GroupSettings(held_before=2, held_before_year=2026).held_before_in(year) == held
