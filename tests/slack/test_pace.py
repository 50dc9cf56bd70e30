"""The bot keeps within the rate limits by itself, in order, and waits where Slack says so."""

from __future__ import annotations

import asyncio

import pytest

from bot.platforms.slack.pace import Pace
from bot.port import PlatformError


class Time:
    def __init__(self) -> None:
        self.at = 1000.0

    def now(self) -> float:
        return self.at

    async def sleep(self, seconds: float) -> None:
        self.at += seconds
        await asyncio.sleep(0)


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def pace(time: Time) -> Pace:
    return Pace(time.now, time.sleep)


async def test_one_channel_gets_one_post_a_second(pace: Pace, time: Time) -> None:
    moments = []
    for _ in range(60):
        await pace.turn("chat.postMessage", "C1", 100)
        moments.append(time.now())
    assert moments[2] == moments[0], "a short burst goes at once"
    for start in range(60):
        assert sum(moments[start] <= moment < moments[start] + 60 for moment in moments) <= 60
    assert 55 < moments[-1] - moments[0] < 70


async def test_many_channels_do_not_wait_for_one_another_but_for_the_workspace(pace: Pace, time: Time) -> None:
    began = time.now()
    for number in range(98):
        await pace.turn("chat.postMessage", f"D{number}", 100)
    assert 15 < time.now() - began < 40


async def test_a_turn_too_far_off_says_how_far(pace: Pace) -> None:
    for _ in range(3):
        await pace.turn("chat.postMessage", "C1", 0)
    with pytest.raises(PlatformError) as refused:
        await pace.turn("chat.postMessage", "C1", 0.5)
    assert 0.5 < refused.value.retry_after < 2
    await pace.turn("chat.postMessage", "C2", 0)


async def test_slacks_wish_to_wait_is_kept_for_the_method(pace: Pace, time: Time) -> None:
    pace.rest("chat.update", "C1", 30)
    began = time.now()
    await pace.turn("chat.postMessage", "C1", 0)
    await pace.turn("chat.update", "C2", 60)
    assert time.now() - began == pytest.approx(30)


async def test_slacks_wish_to_wait_is_kept_for_the_channel_of_a_post(pace: Pace, time: Time) -> None:
    pace.rest("chat.postMessage", "C1", 30)
    await pace.turn("chat.postMessage", "C2", 0)
    began = time.now()
    await pace.turn("chat.postMessage", "C1", 60)
    assert time.now() - began == pytest.approx(30)


async def test_turns_are_first_come_first_served(pace: Pace) -> None:
    order: list[int] = []

    async def one(number: int) -> None:
        await pace.turn("chat.update", "", 100)
        order.append(number)

    await asyncio.gather(*(one(number) for number in range(40)))
    assert order == sorted(order)
