"""The home page: a person's board, with buttons that work, kept true while somebody looks at it."""

from __future__ import annotations

import datetime as dt
import time

from bot.clock import MovableClock
from storage.session import Storage
from tests.doubles.slack_reading import list_controls, read_message
from tests.promises.slack import CHANNELS, SlackDriver, user_id
from tests.ready import make_ready


def _home(slack: SlackDriver, person: str) -> str:
    return read_message(slack.double.workspace.homes[user_id(person)])


async def _open(slack: SlackDriver, person: str) -> None:
    await slack.double.people.open_home(user_id(person))
    await slack.settle()


async def _press(slack: SlackDriver, person: str, label: str) -> None:
    home = slack.double.workspace.homes[user_id(person)]
    element = next(one for shown, one in list_controls(home) if label in shown)
    await slack.double.people.press_home(user_id(person), element)
    await slack.settle()


async def test_the_home_page_is_the_persons_board(slack: SlackDriver) -> None:
    await _open(slack, "bo")
    assert "Du repræsenterer Tønder." in _home(slack, "bo")
    assert await slack.messages("bo", "private") == []


async def test_its_buttons_open_forms_and_answer_in_the_conversation_with_the_bot(slack: SlackDriver) -> None:
    await _open(slack, "bo")
    await _press(slack, "bo", "Nyt ønske")
    assert await slack.submit("bo", {"title": "Fra forsiden", "need": "Ja"}) == {}
    assert "Fra forsiden" in (await slack.messages("bo", "group"))[-1].text
    await _press(slack, "bo", "Medlemmer")
    assert "Tønder" in (await slack.messages("bo", "dm"))[-1].text


async def test_it_is_made_anew_when_something_happens_and_only_then(slack: SlackDriver) -> None:
    await _open(slack, "bo")
    published = slack.double.calls["views.publish"]
    await slack.say("carla", "group", "/gruppe hvem")
    assert slack.double.calls["views.publish"] == published
    await slack.double.people.command(user_id("bo"), CHANNELS["group"], "/ønske")
    await slack.settle()
    assert await slack.submit("bo", {"title": "Vis mailadresse", "need": "Ja"}) == {}
    await slack.settle()
    assert "#1 Vis mailadresse" in _home(slack, "bo")
    assert slack.double.calls["views.publish"] > published


async def test_a_poll_comes_and_goes_on_every_open_page_by_another_ones_deed_and_by_the_clock(
    slack: SlackDriver, kept: Storage
) -> None:
    await make_ready(kept, "Vis mailadresse", "Slet en konsulent")
    for person in ("bo", "carla"):
        await _open(slack, person)
    assert "Prioritering" not in _home(slack, "bo")
    await slack.say("anna", "group", "/afstemning")
    assert await slack.submit("anna", {"title": "Prioritering"}) == {}
    assert "Prioritering" in _home(slack, "bo")
    assert "Prioritering" in _home(slack, "carla")
    poll = next(one for one in await slack.messages("bo", "group") if "one" in one.reactions)
    await slack.react("bo", poll, "one")
    assert "Prioritering" not in _home(slack, "bo")
    assert "Prioritering" in _home(slack, "carla")
    await slack.forward(24 * 8)
    await _open(slack, "anna")
    assert "Prioritering" not in _home(slack, "carla")


async def test_a_page_that_was_closed_long_ago_is_left_alone(slack: SlackDriver) -> None:
    await _open(slack, "bo")
    slack.runtime.boards._now = lambda: time.monotonic() + 1801
    published = slack.double.calls["views.publish"]
    await slack.say("bo", "group", "/ønske")
    assert await slack.submit("bo", {"title": "Vis mailadresse", "need": "Ja"}) == {}
    assert slack.double.calls["views.publish"] == published


async def test_the_other_page_of_the_bot_asks_for_nothing(slack: SlackDriver) -> None:
    await slack.double.people.open_home(user_id("bo"), tab="messages")
    await slack.settle()
    assert slack.double.workspace.homes == {}


async def test_a_page_that_looks_the_same_is_published_again_before_its_buttons_grow_old(
    slack: SlackDriver, clock: MovableClock
) -> None:
    await _open(slack, "bo")
    published = slack.double.calls["views.publish"]
    clock.move_to(clock.now() + dt.timedelta(days=29))
    await _open(slack, "bo")
    assert slack.double.calls["views.publish"] == published
    for _ in range(5):
        clock.move_to(clock.now() + dt.timedelta(days=31))
        await _open(slack, "bo")
    assert slack.double.calls["views.publish"] == published + 5
    await _press(slack, "bo", "Nyt ønske")
    assert await slack.form("bo") is not None
