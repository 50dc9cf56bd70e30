"""What arrives from Slack: once each, whatever is repeated, forged, unknown or out of order."""

from __future__ import annotations

import json
import time
from typing import Any
from urllib.parse import urlencode

import pytest
from sqlalchemy import select
from structlog.testing import capture_logs

from storage.models.exchange import Emoji
from storage.models.wishes import Wish
from storage.session import Storage
from tests.doubles.slack_people import _action
from tests.doubles.slack_reading import list_controls
from tests.doubles.slack_state import Someone
from tests.promises.driver import SeenMessage
from tests.promises.slack import CHANNELS, SlackDriver, user_id
from tests.ready import make_ready


async def _card(slack: SlackDriver) -> SeenMessage:
    await slack.say("bo", "group", "/ønske")
    assert await slack.submit("bo", {"title": "Vis mailadresse", "need": "Hver dag."}) == {}
    return (await slack.messages("bo", "group"))[-1]


async def _poll(slack: SlackDriver, kept: Storage) -> SeenMessage:
    await make_ready(kept, "Vis mailadresse", "Hurtigere søgning")
    await slack.say("anna", "group", "/afstemning")
    assert await slack.submit("anna", {"title": "Efteråret"}) == {}
    return (await slack.messages("anna", "group"))[-1]


async def _emojis(kept: Storage) -> set[tuple[str, str]]:
    async with kept.read() as session:
        return {(row.person_id, row.emoji) for row in await session.scalars(select(Emoji)) if row.on}


@pytest.mark.parametrize("command", ["/ønske", "/onske", "/oenske", "/ønske"])
async def test_every_alias_opens_the_form(slack: SlackDriver, command: str) -> None:
    slack.double.people._commands.add(command)
    await slack.say("bo", "group", f"{command} Hurtigere søgning")
    form = await slack.form("bo")
    assert form is not None
    assert form.fields["title"].value == "Hurtigere søgning"


async def test_a_command_repeated_in_a_new_envelope_happens_once(slack: SlackDriver) -> None:
    await _card(slack)
    await slack.say("carla", "group", "/ønske støt 1")
    await slack.repeat_last()
    (card,) = await slack.messages("anna", "group")
    assert card.text.count("Bornholm") == 1
    told = {one.text for one in await slack.messages("carla", "private")}
    assert told == {"Tak, I støtter nu ønske #1."}, "the repetition gets the first one's answer"


async def test_a_form_opened_twice_by_a_repeated_command_is_no_trouble(slack: SlackDriver) -> None:
    slack.double.tolerated.add("exchanged_trigger_id")
    await slack.say("bo", "group", "/ønske")
    await slack.repeat_last()
    assert await slack.form("bo") is not None
    assert await slack.messages("bo", "private") == []


async def test_a_request_without_a_right_signature_gets_nothing(slack_http: SlackDriver) -> None:
    card = await _card(slack_http)
    requests = slack_http.double.requests
    raw = _press_of(slack_http, card)
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    assert await requests.post(raw, form) == 401
    assert await requests.post(raw, form | requests.signed(raw + b"x")) == 401
    assert await requests.post(raw, form | requests.signed(raw, at=time.time() - 301)) == 401
    bad = {"X-Slack-Request-Timestamp": "soon", "X-Slack-Signature": "v0=ø"}
    assert (
        await requests.post(b"\xff\xfe", form | {name: value.encode().decode("latin-1") for name, value in bad.items()})
        == 401
    )
    good = requests.signed(raw)
    assert await requests.post(raw, form | good | {"X-Slack-Request-Timestamp": "9" * 4000}) == 401
    assert await requests.post(raw, form | good | {"X-Slack-Signature": "v0=ææ"}) == 401
    assert (await slack_http.messages("carla", "group"))[-1].text == card.text
    assert await requests.post(raw, form | requests.signed(raw)) == 200
    await slack_http.settle()
    assert "Bornholm" in (await slack_http.messages("anna", "group"))[-1].text


async def test_a_replayed_request_changes_nothing(slack_http: SlackDriver) -> None:
    card = await _card(slack_http)
    requests = slack_http.double.requests
    raw = _press_of(slack_http, card)
    headers = {"Content-Type": "application/x-www-form-urlencoded"} | requests.signed(raw)
    assert [await requests.post(raw, headers) for _ in range(3)] == [200, 200, 200]
    await slack_http.settle()
    (card,) = await slack_http.messages("anna", "group")
    assert card.text.count("Bornholm") == 1
    told = {one.text for one in await slack_http.messages("carla", "private")}
    assert told == {"Tak, I støtter nu ønske #1."}


async def test_slack_finds_out_that_the_address_is_the_bots(slack_http: SlackDriver) -> None:
    requests = slack_http.double.requests
    raw = json.dumps({"type": "url_verification", "challenge": "3eZbrw1aB", "token": "unused"}).encode()
    assert (await requests.deliver("events_api", json.loads(raw))) in (
        {"challenge": "3eZbrw1aB"},
        {"text": "3eZbrw1aB"},
    )
    assert await requests.post(raw, {"Content-Type": "application/json"}) == 401


def _press_of(slack: SlackDriver, card: SeenMessage) -> bytes:
    """The request for carla pressing the first button of a card."""
    people = slack.double.people
    post = slack._find(card)
    element = next(one for label, one in list_controls(post.shown()) if "Støt" in label)
    body = people._interaction(user_id("carla"), "block_actions") | {
        "channel": {"id": post.channel, "name": "privategroup"},
        "container": {"type": "message"},
        "message": post.shown(),
        "actions": [_action(element, "")],
    }
    return urlencode({"payload": json.dumps(body)}).encode()


async def test_an_action_that_is_none_of_ours_is_logged(slack: SlackDriver) -> None:
    card = await _card(slack)
    element: dict[str, Any] = {"type": "button", "action_id": "zzz", "text": {"text": "?"}, "value": "x"}
    with capture_logs() as logs:
        await slack.double.people.press(user_id("carla"), slack._find(card), element)
        await slack.settle()
    assert "slack_unknown_action" in [one["event"] for one in logs]


async def test_a_form_that_was_tampered_with_gets_nothing(slack: SlackDriver) -> None:
    await slack.say("bo", "group", "/ønske")
    view = slack.double.workspace.views[user_id("bo")][-1].view
    view["private_metadata"] = view["private_metadata"][:-3] + "AAA"
    with capture_logs() as logs:
        await slack.submit("bo", {"title": "Snyd", "need": "Ja"})
    assert "forged_interaction" in [one["event"] for one in logs]
    assert await slack.messages("bo", "group") == []


async def test_a_form_of_another_person_is_refused(slack: SlackDriver) -> None:
    await slack.say("bo", "group", "/ønske")
    workspace = slack.double.workspace
    workspace.views[user_id("carla")] = workspace.views[user_id("bo")]
    errors = await slack.submit("carla", {"title": "Snyd", "need": "Ja"})
    assert list(errors) == ["title"]
    assert await slack.messages("bo", "group") == []


async def test_a_bot_has_no_vote(slack: SlackDriver, kept: Storage) -> None:
    poll = await _poll(slack, kept)
    robot = Someone("U0ROBOT", "Robot", bot=True)
    slack.double.workspace.people[robot.id] = robot
    slack.double.workspace.channels[CHANNELS["group"]].members.add(robot.id)
    await slack.double.people.react(robot.id, slack._find(poll), "one")
    await slack.runtime.reconcile("slack")
    await slack.settle()
    assert await _emojis(kept) == set()
    assert "0 af 3 kommuner har stemt" in (await slack.messages("anna", "group"))[-1].text


async def test_the_bots_own_emojis_are_no_votes(slack: SlackDriver, kept: Storage) -> None:
    poll = await _poll(slack, kept)
    assert poll.reactions["one"] == ["bot"]
    await slack.runtime.reconcile("slack")
    assert await _emojis(kept) == set()


async def test_skin_tones_and_aliases_are_one_emoji(slack: SlackDriver, kept: Storage) -> None:
    poll = await _poll(slack, kept)
    await slack.react("bo", poll, "one")
    await slack.react("bo", poll, "+1::skin-tone-3")
    assert await _emojis(kept) == {("person-bo", "one"), ("person-bo", "+1::skin-tone-3")}


async def test_an_older_event_that_comes_last_changes_nothing(slack: SlackDriver, kept: Storage) -> None:
    poll = await _poll(slack, kept)
    people, post = slack.double.people, slack._find(poll)
    put = people.change_reaction(user_id("bo"), post, "one")
    taken = people.change_reaction(user_id("bo"), post, "one", on=False)
    assert put and taken
    await people.deliver_event(taken)
    await people.deliver_event(put)
    await slack.settle()
    assert await _emojis(kept) == set()


async def test_a_click_that_could_not_be_stored_is_delivered_again(
    slack: SlackDriver, kept: Storage, monkeypatch: pytest.MonkeyPatch
) -> None:
    poll = await _poll(slack, kept)
    answer, failures = slack.runtime.app._answer_click, 1

    async def failing(interaction: Any) -> Any:
        nonlocal failures
        if failures:
            failures -= 1
            raise OSError("the disk is full")
        return await answer(interaction)

    monkeypatch.setattr(slack.runtime.app, "_answer_click", failing)
    slack.double.people.event_seconds = 0.5
    await slack.react("bo", poll, "one")
    assert failures == 0
    assert slack.double.people.lost == []
    assert await _emojis(kept) == {("person-bo", "one")}
    assert await slack.messages("bo", "private") == []


async def test_the_shortcut_on_a_message_opens_the_form_with_its_text_and_the_link_back_stays_with_the_wish(
    slack: SlackDriver, kept: Storage
) -> None:
    await slack.say("carla", "group", "Kan <@U0BO> ikke få &lt;mailadressen&gt; vist?")
    post = slack.double.workspace.posts[-1]
    await slack.double.people.shortcut(user_id("bo"), post, "make_wish")
    await slack.settle()
    form = await slack.form("bo")
    assert form is not None
    assert form.fields["need"].value == "Kan @Bo Lind ikke få <mailadressen> vist?"
    link = f"https://test.slack.com/archives/{post.channel}/p{post.ts.replace('.', '')}"
    blocks = slack.double.workspace.views[user_id("bo")][-1].view["blocks"]
    intro = "\n".join(block["text"]["text"] for block in blocks if block["type"] == "section")
    assert f"Beskeden, det kom fra: {link}" in intro
    assert await slack.submit("bo", {}) == {}
    async with kept.read() as session:
        wish = await session.scalar(select(Wish))
    assert wish is not None
    assert wish.source == link
    card = (await slack.messages("carla", "group"))[-1]
    assert f"Beskeden, det kom fra: {link}" in card.text
    assert "Drøft det i tråden" in (await slack.messages("bo", "dm"))[-1].text
    await slack.press("carla", card, "Vis")
    assert (await slack.messages("carla", "private"))[-1].text.count(link) == 1


async def test_people_in_denmark_have_an_english_slack_and_are_spoken_to_in_danish(slack: SlackDriver) -> None:
    await slack.say("bo", "group", "/ønske")
    form = await slack.form("bo")
    assert form is not None
    assert form.title == "Nyt ønske"


async def test_a_command_in_the_conversation_with_the_bot(slack: SlackDriver) -> None:
    await slack.say("bo", "dm", "/ønske")
    assert await slack.submit("bo", {"title": "Fra en besked", "need": "Ja"}) == {}
    assert "Fra en besked" in (await slack.messages("bo", "group"))[-1].text


async def test_a_person_whose_name_slack_does_not_say_in_time_is_heard_all_the_same(slack: SlackDriver) -> None:
    stranger = Someone("U0NY", "Nina Yde")
    slack.double.workspace.people[stranger.id] = stranger
    slack.double.workspace.direct(stranger.id)
    slack.double.workspace.channels[CHANNELS["group"]].members.add(stranger.id)
    slack.double.slow["users.info"] = 1.5
    await slack.double.people.command(stranger.id, CHANNELS["group"], "/ønske Et ønske")
    await slack.settle()
    assert slack.double.workspace.views[stranger.id]


async def test_all_that_is_not_known_is_asked_for_at_once(slack: SlackDriver) -> None:
    """Slack gives three seconds for the acknowledgement, and a command may name a person, a place and others."""
    slack.double.slow |= {"users.info": 1.5, "conversations.info": 1.5}
    slack.slack._directory._people.clear()
    began = slack.double.clock.now()
    await slack.double.people.command(user_id("bo"), CHANNELS["group"], "/gruppe stedfortræder @hans.vang")
    assert slack.double.clock.since(began) < 1.5
    await slack.settle()
    slack.slack._directory._people.clear()
    slack.double.methods.put(CHANNELS["group"], user_id("carla"), {"text": "Kan <@U0HANS> se mailen?"})
    began = slack.double.clock.now()
    await slack.double.people.shortcut(user_id("bo"), slack.double.workspace.posts[-1], "make_wish")
    assert slack.double.clock.since(began) < 1.5
