"""A committee's channel is bound in that channel, and nowhere else."""

from __future__ import annotations

import dataclasses

import pytest

from handlers.capability import Ask
from handlers.chat.interactions import Place
from handlers.chat.refusals import Refusal
from handlers.members.steering import bind_channel, sit_in_committee
from storage.session import Storage
from tests.members.rooms import CHANNEL, acting, small_group


@pytest.mark.parametrize(
    ("place", "key"),
    [
        (Place(CHANNEL), "steering:1"),
        (Place("dm:gry", direct=True), "steering:1"),
        (Place("styregruppe"), "welcome"),
    ],
)
async def test_it_is_not_bound_elsewhere(storage: Storage, place: Place, key: str) -> None:
    group_id = await small_group(storage)
    async with acting(storage, group_id, "gry") as context:
        context.group.steering_bound = False
        with pytest.raises(Refusal, match=r"members\.steering\.not_here"):
            await bind_channel(dataclasses.replace(context, place=place), Ask(key=key))
        assert not context.group.steering_bound


async def test_the_channel_is_the_one_that_the_button_stands_in(storage: Storage) -> None:
    group_id = await small_group(storage)
    async with acting(storage, group_id, "gry") as context:
        context.group.steering_bound, context.group.steering_channel = False, "styregruppe"
        await bind_channel(dataclasses.replace(context, place=Place("C0123")), Ask(key="steering:1"))
        assert context.group.steering_channel == "C0123"
        assert context.group.steering_bound


async def test_nobody_takes_a_seat_from_another_channel(storage: Storage) -> None:
    group_id = await small_group(storage)
    async with acting(storage, group_id, "hans") as context:
        with pytest.raises(Refusal, match=r"members\.steering\.not_here"):
            await sit_in_committee(context, Ask(key="steering:1"))
