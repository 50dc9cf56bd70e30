"""An emoji that is put on and taken off again after an answer in words means the same, however often the bot counts."""

from __future__ import annotations

import datetime as dt

import pytest

from bot.clock import MovableClock
from tests.conftest import START
from tests.polls.rooms import PollRoom


@pytest.mark.parametrize("counted", [True, False], ids=["counted in between", "counted afterwards"])
async def test_on_and_off_again_replaces_the_words_by_what_is_there(room: PollRoom, counted: bool) -> None:
    clock = room.runtime.clock
    assert isinstance(clock, MovableClock)
    await room.open(4)

    async def click(emoji: str, *, on: bool) -> None:
        clock.move_to(clock.now() + dt.timedelta(seconds=1))
        at = clock.now()
        await room.react("anna", emoji, on=on, mark=at.isoformat(), at=at, counted=counted)

    await click("one", on=True)
    await click("two", on=True)
    clock.move_to(START + dt.timedelta(minutes=1))
    await room.say("anna", "stem 1 2,3")
    await click("two", on=False)
    await room.runtime.app.counting.count_all()
    assert await room.votes() == {"Favrskov": {"2", "3"}}
    await click("four", on=True)
    await click("four", on=False)
    await room.runtime.app.counting.count_all()
    assert await room.votes() == {"Favrskov": {"1"}}
