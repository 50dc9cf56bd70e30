"""A flood of messages: within Slack's rate limits from the start, in order, and every one of them."""

from __future__ import annotations

import asyncio

import pytest

from bot.clock import MovableClock
from bot.outbox import Outbox
from handlers.chat.messages import NUMBERED, Text, message
from handlers.chat.replies import DirectMessage, Post, Seed, Sent
from storage.models.members import Person
from storage.queries import members
from storage.session import Storage
from tests.conftest import START
from tests.doubles.slack_reading import read_message
from tests.doubles.slack_state import Someone as SlackPerson
from tests.groups import PEOPLE, Someone
from tests.promises.slack import CHANNELS, SlackDriver, slack_world, user_id


async def _promise(slack: SlackDriver, kept: Storage, clock: MovableClock, replies: list[Sent]) -> None:
    async with kept.write() as session:
        group = await members.get_group(session, 1)
        anna = await members.get_person(session, "person-anna")
        outbox = Outbox(session, group=group, person=anna, now=clock.now(), new_id=slack.runtime.app.new_id)
        for reply in replies:
            await outbox.put(reply)


async def test_sixty_candidates_are_posted_in_order_with_their_emojis(
    slack: SlackDriver, kept: Storage, clock: MovableClock
) -> None:
    pages: list[Sent] = []
    for page in range(6):
        pages.append(Post(f"poll:1/{page}", CHANNELS["group"], message(Text(f"side {page}")), ballot=True))
        pages.append(Seed(f"poll:1/{page}", NUMBERED))
    lines = [Post(f"wish:{number}/card", CHANNELS["group"], message(Text(f"ønske {number}"))) for number in range(60)]
    await _promise(slack, kept, clock, [*pages, *lines])
    await slack.settle()
    for _ in range(5):
        await slack.forward(0.1)
    said = [post.text for post in slack.double.workspace.posts]
    assert said == [*(f"side {page}" for page in range(6)), *(f"ønske {number}" for number in range(60))]
    for post in slack.double.workspace.posts[:6]:
        assert list(post.reactions) == list(NUMBERED)
    assert slack.double.limited == {}


async def test_ninety_eight_reminders_reach_everybody_once(
    slack: SlackDriver, kept: Storage, clock: MovableClock
) -> None:
    people = [f"U0K{number}" for number in range(98)]
    for user in people:
        slack.double.workspace.people[user] = SlackPerson(user, f"Kommune {user}")
    async with kept.write() as session:
        for user in people:
            session.add(Person(id=user, platform="slack", workspace="T0TEST", user=user, name=user, created_at=START))
    await _promise(slack, kept, clock, [DirectMessage(user, message(Text("Husk at stemme"))) for user in people])
    await slack.settle()
    for _ in range(5):
        await slack.forward(0.1)
    for user in people:
        (only,) = slack.double.workspace.seen_by(user, slack.double.workspace.direct(user).id)
        assert read_message(only.shown()) == "Husk at stemme"
    assert slack.double.limited == {}


@pytest.mark.parametrize("many", [60, 98])
async def test_as_many_forms_open_at_once_as_slack_allows(kept: Storage, clock: MovableClock, many: int) -> None:
    everybody = tuple(Someone(f"k{number}", f"Kaj {number}", ()) for number in range(many))
    async with slack_world(kept, clock, (*PEOPLE, *everybody)) as slack:
        people = slack.double.people
        await asyncio.gather(*(people.command(user_id(one.user), CHANNELS["group"], "/ønske") for one in everybody))
        await slack.settle()
        assert [one.user for one in everybody if await slack.form(one.user) is None] == []
        assert slack.double.limited == {}


async def test_a_form_that_slack_has_no_room_for_is_said_so_and_the_next_one_waits_as_long_as_slack_asks(
    slack: SlackDriver,
) -> None:
    slack.double.limits["views.open"] = 1
    slack.double.tolerated.add("ratelimited")
    for person in ("bo", "carla", "dan"):
        await slack.say(person, "group", "/ønske")
    assert await slack.form("bo") is not None
    for person in ("carla", "dan"):
        assert "Prøv igen" in (await slack.messages(person, "private"))[-1].text
    assert slack.double.calls["views.open"] == 2
    await slack.forward(0.02)
    await slack.say("dan", "group", "/ønske")
    assert await slack.form("dan") is not None
