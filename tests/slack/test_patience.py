"""The double is patient with a busy machine, and with nobody else."""

from __future__ import annotations

import asyncio
import time

import pytest

from bot.port import Answer
from handlers.chat.interactions import Interaction
from tests.doubles.patience import TICK, FairClock
from tests.promises.slack import SlackDriver


async def _wait(seconds: float) -> str:
    await asyncio.sleep(seconds)
    return "done"


async def _work(seconds: float) -> str:
    until = time.process_time() + seconds
    while time.process_time() < until:
        pass
    return "done"


async def _stand_still(seconds: float) -> str:
    """As the whole process does while the machine gives it no time."""
    time.sleep(seconds)  # noqa: ASYNC251 - nothing else may run meanwhile
    return "done"


async def test_who_is_quick_is_in_time() -> None:
    async with FairClock().running() as clock:
        assert await clock.wait_for(_wait(0), 0.3) == "done"


@pytest.mark.parametrize("late", [_wait, _work])
async def test_who_waits_or_works_too_long_is_late(late: object) -> None:
    async with FairClock().running() as clock:
        with pytest.raises(TimeoutError):
            await clock.wait_for(late(0.6), 0.3)  # type: ignore[operator]


async def test_time_that_nobody_had_does_not_count() -> None:
    async with FairClock().running() as clock:
        assert await clock.wait_for(_stand_still(0.6), 0.3) == "done"


async def test_a_pause_is_measured_the_same_way() -> None:
    async with FairClock().running() as clock:
        began = clock.now()
        time.sleep(0.3)  # noqa: ASYNC251 - see above
        await asyncio.sleep(0)
        assert clock.since(began) < 0.1
        await asyncio.sleep(10 * TICK)
        assert clock.since(began) > 3 * TICK


async def test_a_bot_that_is_late_with_its_acknowledgement_fails_the_double(
    slack: SlackDriver, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def late(interaction: Interaction) -> Answer:
        await asyncio.sleep(3.5)
        return Answer()

    monkeypatch.setattr(slack.runtime.app, "_answer", late)
    await slack.say("bo", "group", "/ønske")
    (offence,) = slack.double.offences
    assert "operation_timeout" in offence
    slack.double.offences.clear()
