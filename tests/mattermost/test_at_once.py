"""Many press and vote at once: presses on one message are served one after the other, and forms still open in time."""

from __future__ import annotations

import asyncio

import pytest

from bot.port import Answer
from handlers.chat.interactions import Interaction
from handlers.chat.messages import Actions, Button, Text, message
from tests.mattermost.forging import action, context_of, put_message, send
from tests.promises.mattermost import MattermostDriver


class Slow:
    """A bot that answers a press when it is let. `most` is how many it was at, at the same time; `full` is set when
    they are as many as `expected`."""

    def __init__(self, expected: int) -> None:
        self.expected = expected
        self.inside = self.most = 0
        self.let, self.full = asyncio.Event(), asyncio.Event()

    async def __call__(self, asked: Interaction) -> Answer:
        self.inside += 1
        self.most = max(self.most, self.inside)
        if self.inside == self.expected:
            self.full.set()
        await self.let.wait()
        self.inside -= 1
        return Answer()


async def _messages(driver: MattermostDriver, *subjects: str) -> list[str]:
    shown = [message(Text(one), Actions((Button("Støt", "wish.support", one),))) for one in subjects]
    return [await put_message(driver, one, f"1:wish:{name}/card") for one, name in zip(shown, subjects, strict=True)]


async def _press_all(driver: MattermostDriver, slow: Slow, posts: list[str]) -> None:
    """Each of three people presses on each of the messages, all at once."""
    calls = [
        asyncio.create_task(
            send(driver, "action", action(driver, post, context_of(driver, post, "Støt"), who) | {"trigger_id": who})
        )
        for post in posts
        for who in ("anna", "bo", "carla")
    ]
    await asyncio.wait_for(slow.full.wait(), 30)
    while driver.bot.calls < len(calls):
        await driver.people["anna"].up_to_date()
    for _ in range(20):  # those that have come in could go on, if something let them
        await driver.people["anna"].up_to_date()
    slow.let.set()
    assert {status for status, _ in await asyncio.gather(*calls)} == {200}


@pytest.mark.parametrize(("subjects", "most"), [(("1",), 1), (("1", "2"), 2)], ids=["one message", "two messages"])
async def test_presses_on_one_message_are_served_one_after_the_other(
    driver: MattermostDriver, monkeypatch: pytest.MonkeyPatch, subjects: tuple[str, ...], most: int
) -> None:
    posts = await _messages(driver, *subjects)
    slow = Slow(most)
    monkeypatch.setattr(driver.bot.platform.presses, "_answer", slow)
    await _press_all(driver, slow, posts)
    assert slow.most == most
