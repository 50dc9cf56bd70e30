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

SLACKS_LIMITS = {
    "chat.postMessage/*": 60,
    "chat.postMessage": 300,
    "chat.update": 50,
    "reactions.add": 50,
    "reactions.get": 50,
    "users.info": 100,
    "users.list": 20,
    "conversations.open": 50,
    "views.open": 100,
}


async def _promise(slack: SlackDriver, kept: Storage, clock: MovableClock, replies: list[Sent]) -> None:
    async with kept.write() as session:
        group = await members.get_group(session, 1)
        anna = await members.get_person(session, "person-anna")
        outbox = Outbox(session, group=group, person=anna, now=clock.now(), new_id=slack.runtime.app.new_id)
        for reply in replies:
            await outbox.put(reply)


@pytest.fixture
def limited(slack: SlackDriver) -> SlackDriver:
    slack.double.limits = dict(SLACKS_LIMITS)
    return slack


async def test_sixty_candidates_are_posted_in_order_with_their_emojis(
    limited: SlackDriver, kept: Storage, clock: MovableClock
) -> None:
    pages: list[Sent] = []
    for page in range(6):
        pages.append(Post(f"poll:1/{page}", CHANNELS["group"], message(Text(f"side {page}")), ballot=True))
        pages.append(Seed(f"poll:1/{page}", NUMBERED))
    lines = [Post(f"wish:{number}/card", CHANNELS["group"], message(Text(f"ønske {number}"))) for number in range(60)]
    await _promise(limited, kept, clock, [*pages, *lines])
    await limited.settle()
    for _ in range(5):
        await limited.forward(0.1)
    said = [post.text for post in limited.double.workspace.posts]
    assert said == [*(f"side {page}" for page in range(6)), *(f"ønske {number}" for number in range(60))]
    for post in limited.double.workspace.posts[:6]:
        assert list(post.reactions) == list(NUMBERED)
    assert limited.double.limited == {}


async def test_ninety_eight_reminders_reach_everybody_once(
    limited: SlackDriver, kept: Storage, clock: MovableClock
) -> None:
    people = [f"U0K{number}" for number in range(98)]
    for user in people:
        limited.double.workspace.people[user] = SlackPerson(user, f"Kommune {user}")
    async with kept.write() as session:
        for user in people:
            session.add(Person(id=user, platform="slack", workspace="T0TEST", user=user, name=user, created_at=START))
    await _promise(limited, kept, clock, [DirectMessage(user, message(Text("Husk at stemme"))) for user in people])
    await limited.settle()
    for _ in range(5):
        await limited.forward(0.1)
    for user in people:
        (only,) = limited.double.workspace.seen_by(user, limited.double.workspace.direct(user).id)
        assert read_message(only.shown()) == "Husk at stemme"
    assert limited.double.limited == {}


@pytest.mark.parametrize("many", [60, 98])
async def test_as_many_forms_open_at_once_as_slack_allows(kept: Storage, clock: MovableClock, many: int) -> None:
    everybody = tuple(Someone(f"k{number}", f"Kaj {number}", ()) for number in range(many))
    async with slack_world(kept, clock, (*PEOPLE, *everybody)) as slack:
        slack.double.limits = dict(SLACKS_LIMITS)
        people = slack.double.people
        await asyncio.gather(*(people.command(user_id(one.user), CHANNELS["group"], "/ønske") for one in everybody))
        await slack.settle()
        assert [one.user for one in everybody if await slack.form(one.user) is None] == []
        assert slack.double.limited == {}


async def test_a_form_that_slack_has_no_room_for_is_said_so_and_the_next_one_waits_as_long_as_slack_asks(
    limited: SlackDriver,
) -> None:
    limited.double.limits["views.open"] = 1
    for person in ("bo", "carla", "dan"):
        await limited.say(person, "group", "/ønske")
    assert await limited.form("bo") is not None
    for person in ("carla", "dan"):
        assert "Prøv igen" in (await limited.messages(person, "private"))[-1].text
    assert limited.double.calls["views.open"] == 2
    await limited.forward(0.02)
    await limited.say("dan", "group", "/ønske")
    assert await limited.form("dan") is not None
