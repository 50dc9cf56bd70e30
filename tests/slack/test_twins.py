"""A message that stands twice, since nobody could know whether its first try arrived: it is removed when it is met."""

from __future__ import annotations

import pytest

from bot.clock import MovableClock
from bot.outbox import Outbox
from bot.port import Located
from handlers.chat.messages import Actions, Button, Text, message
from handlers.chat.replies import DirectMessage, Post
from storage.queries import members
from storage.session import Storage
from tests.doubles.slack import Fault
from tests.doubles.slack_reading import list_controls
from tests.doubles.slack_state import Posted
from tests.promises.driver import SeenMessage
from tests.promises.slack import CHANNELS, SlackDriver, user_id
from tests.ready import make_ready

GROUP = CHANNELS["group"]
MOVED = "En af mine beskeder stod her to gange"


def _forget(slack: SlackDriver) -> None:
    """As after a restart."""
    slack.slack._progress._reached.clear()


async def _poll_twice(slack: SlackDriver, kept: Storage, *, wishes: int = 2) -> list[SeenMessage]:
    """A poll whose first message stands twice: the one that nobody knows of, and the other ones."""
    await make_ready(kept, *(f"Ønske nr. {number}" for number in range(1, wishes + 1)))
    await slack.say("anna", "group", "/afstemning")
    form = await slack.form("anna")
    assert form is not None
    slack.double.faults["chat.postMessage"].append(Fault(lost=True))
    everything = {"title": "Prioritering", "wishes": list(form.fields["wishes"].options)}
    assert await slack.submit("anna", everything) == {}
    await slack.forward(0.02)
    return await _polls(slack)


SHOWN = message(Text("Fristen er flyttet"), Actions((Button("Vis", "poll.list"),)))


async def _put(slack: SlackDriver, kept: Storage, clock: MovableClock, reply: Post | DirectMessage) -> None:
    """Decide to send it."""
    async with kept.write() as session:
        group = await members.get_group(session, 1)
        anna = await members.get_person(session, "person-anna")
        outbox = Outbox(session, group=group, person=anna, now=clock.now(), new_id=slack.runtime.app.new_id)
        await outbox.put(reply)
    await slack.settle()


async def _polls(slack: SlackDriver) -> list[SeenMessage]:
    return [one for one in await slack.messages("anna", "group") if "Afstemning 1" in one.text]


async def _heard(slack: SlackDriver, person: str) -> list[str]:
    return [one.text for one in await slack.messages(person, "private") if MOVED in one.text]


@pytest.mark.parametrize("restarted", [False, True])
async def test_who_clicks_on_the_wrong_one_is_told_to_click_on_the_other(
    slack: SlackDriver, kept: Storage, restarted: bool
) -> None:
    twice, poll = await _poll_twice(slack, kept)
    if restarted:
        _forget(slack)
    await slack.react("bo", twice, "one")
    assert [one.id for one in await _polls(slack)] == [poll.id]
    (heard,) = await _heard(slack, "bo")
    assert f"https://test.slack.com/archives/{GROUP}/p{poll.id.replace('.', '')}" in heard
    await slack.react("bo", poll, "one")
    assert "1 af 3 kommuner har stemt" in (await _polls(slack))[0].text
    assert len(await _heard(slack, "bo")) == 1


async def test_everybody_who_had_clicked_on_it_hears_it_once(slack: SlackDriver, kept: Storage) -> None:
    twice, _ = await _poll_twice(slack, kept)
    people, post = slack.double.people, slack._find(twice)
    events = [
        people.change_reaction(user_id(person), post, emoji) for person in ("bo", "dan") for emoji in ("one", "two")
    ]
    for event in events:
        assert event
        await people.deliver_event(event)
    await slack.settle()
    assert [len(await _heard(slack, person)) for person in ("bo", "dan", "carla")] == [1, 1, 0]


async def test_a_message_without_buttons_is_told_apart_as_well(slack: SlackDriver, kept: Storage) -> None:
    await make_ready(kept, *(f"Ønske nr. {number}" for number in range(1, 15)))
    await slack.say("anna", "group", "/afstemning")
    form = await slack.form("anna")
    assert form is not None
    slack.double.faults["chat.postMessage"].extend([Fault(), Fault(lost=True)])
    everything = {"title": "Prioritering", "wishes": list(form.fields["wishes"].options)}
    assert await slack.submit("anna", everything) == {}
    await slack.forward(0.02)
    first, twice, last = await _polls(slack)
    assert not twice.buttons
    _forget(slack)
    await slack.react("bo", twice, "one")
    assert [one.id for one in await _polls(slack)] == [first.id, last.id]
    assert len(await _heard(slack, "bo")) == 1


async def test_who_clicked_before_the_second_try_hears_it_when_that_has_arrived(
    slack: SlackDriver, kept: Storage
) -> None:
    await make_ready(kept, "Vis mailadresse", "Slet en konsulent")
    await slack.say("anna", "group", "/afstemning")
    slack.double.faults["chat.postMessage"].append(Fault(lost=True))
    assert await slack.submit("anna", {"title": "Prioritering"}) == {}
    (early,) = await _polls(slack)
    await slack.react("bo", early, "one")
    assert await _heard(slack, "bo") == []
    await slack.forward(0.02)
    (poll,) = await _polls(slack)
    assert poll.id != early.id
    assert len(await _heard(slack, "bo")) == 1


@pytest.mark.parametrize("restarted", [False, True])
async def test_a_press_counts_and_removes_the_wrong_one(slack: SlackDriver, restarted: bool) -> None:
    slack.double.faults["chat.postMessage"].append(Fault(lost=True))
    await slack.say("bo", "group", "/ønske")
    assert await slack.submit("bo", {"title": "Vis mailadresse", "need": "Hver dag."}) == {}
    await slack.forward(0.02)
    twice, card = await slack.messages("carla", "group")
    if restarted:
        _forget(slack)
    await slack.press("carla", twice, "Støt")
    (left,) = await slack.messages("anna", "group")
    assert left.id == card.id
    assert "Bornholm" in left.text


async def test_what_was_posted_twice_on_purpose_stays(slack: SlackDriver, kept: Storage, clock: MovableClock) -> None:
    """One key may name several posts, as each time that a deadline is moved."""
    for _ in range(2):
        await _put(slack, kept, clock, Post("poll-extended:1", GROUP, SHOWN))
    _forget(slack)
    for post in await slack.messages("bo", "group"):
        await slack.react("bo", post, "tada")
        await slack.press("bo", post, "Vis")
    assert len(await slack.messages("carla", "group")) == 2


@pytest.mark.parametrize("restarted", [False, True])
@pytest.mark.parametrize("met", ["press", "click"])
async def test_a_direct_message_without_a_key_that_stands_twice_is_removed_when_it_is_met(
    slack: SlackDriver, kept: Storage, clock: MovableClock, restarted: bool, met: str
) -> None:
    slack.double.faults["chat.postMessage"].append(Fault(lost=True))
    await _put(slack, kept, clock, DirectMessage("person-bo", SHOWN))
    await slack.forward(0.02)
    twice, there = await slack.messages("bo", "dm")
    if restarted:
        _forget(slack)
    await (slack.press("bo", twice, "Vis") if met == "press" else slack.react("bo", twice, "tada"))
    left = [one.id for one in await slack.messages("bo", "dm") if one.text.startswith("Fristen")]
    assert left == [there.id]


async def test_the_later_parts_of_a_long_message_stay(slack: SlackDriver) -> None:
    long = message(
        *(Text(f"linje {number} " + "ord " * 200) for number in range(60)), Actions((Button("Vis", "poll.list"),))
    )
    where = await slack.slack.post(GROUP, long, mark="m1")
    parts: list[Posted] = [post for post in slack.double.workspace.posts if post.channel == GROUP]
    for part in parts:
        controls = list(list_controls(part.shown()))
        for _, element in controls:
            await slack.double.people.press(user_id("bo"), part, element | {"value": "x"})
        await slack.double.people.react(user_id("bo"), part, "tada")
    await slack.settle()
    left = [post.ts for post in slack.double.workspace.posts if post.channel == GROUP and not post.ephemeral_to]
    assert left == [part.ts for part in parts]
    assert Located(GROUP, left[0]) == where


async def test_emojis_on_what_people_wrote_are_none_of_the_bots_business(slack: SlackDriver) -> None:
    await slack.say("carla", "group", "Godmorgen")
    await slack.react("bo", (await slack.messages("bo", "group"))[-1], "tada")
    assert slack.double.calls["reactions.get"] == 0


async def test_an_unknown_message_is_looked_at_once_in_a_while(slack: SlackDriver) -> None:
    await slack.slack.post(GROUP, message(Text("Hej")), mark="m1")
    (post,) = await slack.messages("bo", "group")
    for emoji in ("one", "two", "three"):
        await slack.react("bo", post, emoji)
    assert slack.double.calls["reactions.get"] == 1
