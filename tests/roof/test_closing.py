"""Closing a poll where the chat takes its time: the press is answered at once, and the count is right."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator

import pytest

from bot.clock import MovableClock
from storage.session import Storage
from tests.conftest import make_storage
from tests.promises.driver import SeenMessage
from tests.promises.slack import SlackDriver, slack_world, user_id
from tests.ready import make_ready


@pytest.fixture
async def kept(sqlite_url: str) -> AsyncIterator[Storage]:
    storage = await make_storage(sqlite_url)
    yield storage
    await storage.dispose()


@pytest.fixture
async def slack(kept: Storage, clock: MovableClock) -> AsyncIterator[SlackDriver]:
    async with slack_world(kept, clock) as driver:
        yield driver


async def _open(slack: SlackDriver, kept: Storage, count: int) -> list[SeenMessage]:
    """A poll on so many wishes; returns its messages."""
    await make_ready(kept, *(f"Ønske nr. {number}" for number in range(1, count + 1)))
    await slack.say("anna", "group", "/afstemning")
    form = await slack.form("anna")
    assert form is not None
    assert await slack.submit("anna", {"title": "Prioritering", "wishes": list(form.fields["wishes"].options)}) == {}
    pages = -(-count // 10)
    while len(found := [one for one in await slack.messages("anna", "group") if "one" in one.reactions]) < pages:
        await slack.forward(0.05)
    return found


async def _press_close(slack: SlackDriver) -> None:
    """The leader closes, and Slack waits for the bot to acknowledge it: three seconds and no longer."""
    await slack.say("anna", "group", "/afstemning luk 1")
    asked = (await slack.messages("anna", "private"))[-1]
    element = json.loads(next(one for label, one in asked.buttons.items() if "Luk" in label))
    await slack.double.people.press(user_id("anna"), slack._find(asked), element)


async def _heard(slack: SlackDriver) -> str:
    return "\n".join(one.text for one in await slack.messages("anna", "group"))


async def test_a_slow_chat_keeps_nobody_waiting_and_the_count_follows(slack: SlackDriver, kept: Storage) -> None:
    messages = await _open(slack, kept, 50)
    assert len(messages) == 5
    slack.double.slow["reactions.get"] = 0.7
    slack.double.people.change_reaction(user_id("bo"), slack._find(messages[4]), "one")
    await _press_close(slack)
    assert slack.double.offences == []
    await slack.double.people.react(user_id("carla"), slack._find(messages[0]), "one")
    assert "Resultat" not in await _heard(slack)
    assert (await slack.messages("anna", "private"))[-1].text == (
        "Afstemning 1 tager ikke imod flere svar. Jeg tæller op; resultatet kommer om lidt."
    )
    await slack.settle()
    heard = await _heard(slack)
    assert "Resultat" in heard
    assert "1 af 3 kommuner har stemt" in heard, "Bo's click was found, and Carla's came after the press"


async def test_a_vote_that_was_taken_back_while_its_event_was_lost_is_not_in_the_result(
    slack: SlackDriver, kept: Storage
) -> None:
    (poll,) = await _open(slack, kept, 2)
    await slack.react("bo", poll, "one")
    slack.double.people.change_reaction(user_id("bo"), slack._find(poll), "one", on=False)
    await _press_close(slack)
    await slack.settle()
    assert "0 af 3 kommuner har stemt" in await _heard(slack)


async def test_a_vote_that_was_taken_back_while_the_websocket_was_away_leaves_the_tally(
    slack: SlackDriver, kept: Storage
) -> None:
    (poll,) = await _open(slack, kept, 2)
    await slack.react("bo", poll, "one")
    slack.double.people.change_reaction(user_id("bo"), slack._find(poll), "one", on=False)
    await slack.double.sockets.cut()
    await asyncio.wait_for(slack.reconciled.wait(), 30)
    await slack.settle()
    assert "0 af 3 kommuner har stemt" in await _heard(slack)
