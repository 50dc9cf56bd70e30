"""What only one person sees: all of it, once, however long it is and wherever they are."""

from __future__ import annotations

import pytest

from bot.platforms.slack.respond import Responder, Way
from bot.port import Answer
from handlers.chat.messages import Message, Text, message
from tests.promises.slack import CHANNELS, SlackDriver, user_id

GROUP = CHANNELS["group"]
LINES = 110
LONG = message(*(Text(f"linje {number} " + "ord " * 200) for number in range(LINES)))


async def _give(slack: SlackDriver, *whispers: Message, uses: int = 0) -> list[str]:
    """What the person has seen of an answer to something they did in the group's channel."""
    address = slack.double.people._response(user_id("bo"), GROUP)
    slack.double.workspace.responses[address.rpartition("/")[2]]["uses"] = uses
    await Responder(slack.slack._calls, slack.slack).give(Answer(whispers), Way(user_id("bo"), GROUP, address=address))
    return [one.text for one in await slack.messages("bo", "private")]


async def test_an_answer_of_many_parts_is_said_once_and_in_order(slack: SlackDriver) -> None:
    parts = await _give(slack, LONG)
    assert len(parts) > 6
    said = "\n".join(parts)
    assert [said.count(f"linje {number} ") for number in range(LINES)] == [1] * LINES
    assert sorted(said.index(f"linje {number} ") for number in range(LINES)) == [
        said.index(f"linje {number} ") for number in range(LINES)
    ]


async def test_an_answer_goes_on_where_slack_took_no_more(slack: SlackDriver) -> None:
    slack.double.tolerated.add("used_url")
    said = "\n".join(await _give(slack, LONG, uses=3))
    assert [said.count(f"linje {number} ") for number in range(LINES)] == [1] * LINES


async def test_several_answers_are_all_said(slack: SlackDriver) -> None:
    assert await _give(slack, *(message(Text(f"svar {number}")) for number in range(8))) == [
        f"svar {number}" for number in range(8)
    ]


@pytest.mark.parametrize("refused", [0, 2])
async def test_an_address_that_slack_knows_no_more_is_done_without(slack: SlackDriver, refused: int) -> None:
    slack.double.tolerated.add("used_url")
    assert await _give(slack, *(message(Text(f"svar {number}")) for number in range(4)), uses=5 - refused) == [
        f"svar {number}" for number in range(4)
    ]
