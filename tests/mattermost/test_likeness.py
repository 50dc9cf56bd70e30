"""The double answers as a server does: what was measured on version 5.37.0, tried on the double, and on a real server
where the settings name one (see `tests/promises/mattermost_real.py`)."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest

from tests.doubles.patience import TICK
from tests.mattermost.likeness import Lab, Told, double_lab, real_lab
from tests.promises.mattermost_real import ADMIN_TOKEN, URL

NO = (403, "api.context.permissions.app_error")
OK = (200, "")
MADE = (201, "")
UNKNOWN = "a" * 26
BAD_ID = (400, "api.context.invalid_url_param.app_error")
BAD_REACTION = (400, "api.reaction.save_reaction.invalid.app_error")
TAKEN = (400, "api.command.duplicate_trigger.app_error")
BAD_START = (400, "api.command.execute_command.start.app_error")
FAILED = (500, "api.command.execute_command.failed.app_error")
NO_POST = (404, "app.post.get.app_error")
NO_ACTION = (404, "api.post.do_action.action_id.app_error")
BAD_ACTION = (400, "api.post.do_action.action_integration.app_error")
TOO_LONG = (400, "model.post.is_valid.msg.app_error")
TOO_MUCH = (400, "model.post.is_valid.props.app_error")
TRIGGER = "interactive_message.decode_trigger_id"
JSON = "application/json"


@pytest.fixture(params=["double", *(["real"] if URL and ADMIN_TOKEN else [])])
async def lab(request: pytest.FixtureRequest) -> AsyncIterator[Lab]:
    async with double_lab() if request.param == "double" else real_lab(URL, ADMIN_TOKEN) as made:
        yield made


async def _tell_all(*told: tuple[str, Any, tuple[int, str]]) -> None:
    """Every call is answered as expected; all that are not are told at once."""
    found = {name: (await call).short for name, call, _ in told}
    assert found == {name: expected for name, _, expected in told}


async def test_who_may_read_and_do_what(lab: Lab) -> None:
    post = (await lab.post()).body["id"]
    here, team, anna = f"/channels/{lab.channel}", f"/teams/{lab.team}", lab.ids["anna"]
    tokens = f"/users/{lab.ids['bot']}/tokens"
    private = {"user_id": anna, "post": {"channel_id": lab.channel, "message": "x"}}
    await _tell_all(
        ("no token", lab.ask("", "GET", "/users/me"), (401, "api.context.session_expired.app_error")),
        ("a post of somebody in the team only", lab.post("eve"), NO),
        ("reading the channel from the team", lab.ask("eve", "GET", f"{here}/posts"), NO),
        ("a message of an open channel from the team", lab.ask("eve", "GET", f"/posts/{post}"), OK),
        ("an open channel from the team", lab.ask("eve", "GET", here), OK),
        ("an open channel from elsewhere", lab.ask("ivan", "GET", here), NO),
        ("a message from elsewhere", lab.ask("ivan", "GET", f"/posts/{post}"), NO),
        ("a channel that is not there", lab.ask("bot", "GET", f"/channels/{UNKNOWN}"), (404, _EXISTING)),
        ("its messages", lab.ask("bot", "GET", f"/channels/{UNKNOWN}/posts"), NO),
        ("who is a member", lab.ask("bot", "GET", f"{here}/members/{anna}"), OK),
        ("who is none", lab.ask("bot", "GET", f"{here}/members/{lab.ids['ivan']}"), (404, _NO_MEMBER)),
        ("asked by no member", lab.ask("ivan", "GET", f"{here}/members/{anna}"), NO),
        ("a bot makes a bot", lab.ask("bot", "POST", "/bots", {"username": "zz1", "display_name": "z"}), NO),
        ("a bot reads the settings", lab.ask("bot", "GET", "/config"), NO),
        ("a bot reads its tokens", lab.ask("bot", "GET", tokens), NO),
        ("a bot makes a token", lab.ask("bot", "POST", tokens, {"description": "x"}), NO),
        ("a bot tells one person", lab.ask("bot", "POST", "/posts/ephemeral", private), NO),
        ("a bot lists commands", lab.ask("bot", "GET", f"/commands?team_id={lab.team}&custom_only=true"), NO),
        ("channels of a foreign team", lab.ask("ivan", "GET", f"/users/me/teams/{lab.team}/channels"), NO),
        ("commands of a foreign team", lab.ask("ivan", "GET", f"{team}/commands/autocomplete"), NO),
        ("a conversation with a stranger", lab.ask("bot", "POST", "/channels/direct", [lab.ids["bot"], anna]), MADE),
        ("a conversation of others", lab.ask("bot", "POST", "/channels/direct", [anna, lab.ids["bo"]]), NO),
        ("somebody unknown", lab.ask("bot", "GET", f"/users/{UNKNOWN}"), (404, "app.user.missing_account.const")),
        ("nobody's id", lab.ask("bot", "GET", "/users/x"), BAD_ID),
    )


_EXISTING = "app.channel.get.existing.app_error"
_NO_MEMBER = "app.channel.get_member.missing.app_error"


async def test_what_a_message_may_hold(lab: Lab) -> None:
    post = (await lab.post()).body["id"]
    own = len('{"a":"","from_bot":"true"}')
    await _tell_all(
        ("all letters", lab.post(text="æ" * 16_383), MADE),
        ("one more", lab.post(text="æ" * 16_384), TOO_LONG),
        ("one more, changed", _patch(lab, post, "æ" * 16_384), TOO_LONG),
        ("no text", lab.post(text=""), MADE),
        ("all properties", lab.post(props={"a": "x" * (8_000 - own)}), MADE),
        ("one more property", lab.post(props={"a": "x" * (8_001 - own)}), TOO_MUCH),
        ("too many, changed", _patch(lab, post, "x", {"a": "x" * 8_001}), TOO_MUCH),
        ("properties that are none", lab.post(props="x"), MADE),
        ("a type of the server's", lab.post(type="system_x"), (400, "api.context.invalid_param.app_error")),
        ("in no channel", lab.ask("bot", "POST", "/posts", {"channel_id": UNKNOWN, "message": "x"}), NO),
    )


async def test_as_many_buttons_as_the_properties_have_room_for(lab: Lab) -> None:
    """No number of buttons or options is too great in itself: only the letters are counted."""
    for number, expected in ((25, MADE), (60, MADE), (80, MADE), (100, TOO_MUCH)):
        short = {"type": "button", "name": "N", "integration": {"url": "http://x/", "context": {"t": "x"}}}
        props = {"attachments": [{"text": "", "actions": [short | {"id": f"a{at}"} for at in range(number)]}]}
        assert (number, (await lab.post(props=props)).short) == (number, expected)
    options = [{"text": f"o{at}", "value": str(at)} for at in range(250)]
    made = await lab.post(props=lab.button(type="select", options=options))
    assert len(made.body["props"]["attachments"][0]["actions"][0]["options"]) == 250
    assert (await _click(lab, made, selected_option="249")).short == OK
    assert json.loads(lab.calls[-1]["body"])["context"]["selected_option"] == "249"


async def test_a_repeated_mark_gives_the_first_message(lab: Lab) -> None:
    mark = f"{lab.ids['bot']}:m1"
    first, second = await lab.post(pending_post_id=mark), await lab.post(text="anden", pending_post_id=mark)
    assert (second.status, second.body["id"], second.body["message"]) == (201, first.body["id"], "hej")


async def test_answers_to_messages(lab: Lab) -> None:
    root = (await lab.post()).body["id"]
    reply = (await lab.post(root_id=root)).body["id"]
    bad_root = (400, "api.post.create_post.root_id.app_error")
    assert (await lab.post(root_id=reply)).short == bad_root
    assert (await lab.post(root_id=UNKNOWN)).short == bad_root
    assert (await lab.ask("admin", "DELETE", f"/posts/{root}")).short == OK
    assert (await lab.post(root_id=root)).short == bad_root


async def test_what_is_left_of_a_deleted_message(lab: Lab) -> None:
    made = await lab.post(props=lab.button())
    post = made.body["id"]
    await _react(lab, "anna", post, "one")
    await _tell_all(
        ("deleting another's", lab.ask("anna", "DELETE", f"/posts/{post}"), NO),
        ("pinning another's", lab.ask("anna", "POST", f"/posts/{post}/pin"), OK),
        ("changing another's", lab.ask("anna", "PUT", f"/posts/{post}/patch", {"message": "x"}), NO),
        ("an administrator deletes", lab.ask("admin", "DELETE", f"/posts/{post}"), OK),
        ("reading", lab.ask("bot", "GET", f"/posts/{post}"), NO_POST),
        ("changing", _patch(lab, post, "x"), NO),
        ("clicking", _click(lab, made), NO_POST),
        ("reacting", _react(lab, "anna", post, "two"), NO_POST),
        ("deleting again", lab.ask("bot", "DELETE", f"/posts/{post}"), NO),
    )
    left = await lab.ask("bot", "GET", f"/posts/{post}/reactions")
    assert [one["emoji_name"] for one in left.body] == ["one"]


async def test_emojis(lab: Lab) -> None:
    post = (await lab.post()).body["id"]
    assert (await lab.ask("bot", "GET", f"/posts/{post}/reactions")).body == []
    other = {"user_id": lab.ids["bo"], "post_id": post, "emoji_name": "one"}
    await _tell_all(
        ("one", _react(lab, "anna", post, "one"), OK),
        ("again", _react(lab, "anna", post, "one"), OK),
        ("in another's name", lab.ask("anna", "POST", "/reactions", other), (403, _NOT_OWN)),
        ("from the team only", _react(lab, "eve", post, "one"), NO),
        ("with colons", _react(lab, "anna", post, ":one:"), (400, "model.reaction.is_valid.emoji_name.app_error")),
        ("the emoji itself", _react(lab, "anna", post, "👍"), (400, "model.reaction.is_valid.emoji_name.app_error")),
        ("64 letters", _react(lab, "anna", post, "x" * 64), OK),
        ("65 letters", _react(lab, "anna", post, "x" * 65), BAD_REACTION),
        ("none", _react(lab, "anna", post, ""), BAD_REACTION),
        ("on nothing", _react(lab, "anna", UNKNOWN, "one"), NO),
        ("on no id", _react(lab, "anna", "x", "one"), BAD_REACTION),
        ("off", _unreact(lab, "anna", post, "one"), OK),
        ("off again", _unreact(lab, "anna", post, "one"), OK),
        ("the list of nothing", lab.ask("bot", "GET", f"/posts/{UNKNOWN}/reactions"), NO),
    )


async def test_when_an_emoji_was_first_made_is_its_clients_word_and_when_it_was_last_made_is_the_servers(
    lab: Lab,
) -> None:
    """The event and the answer repeat what the client said this time, and the list what it said at first."""
    post = (await lab.post()).body["id"]
    listed = []
    for said in (1_000, 2_000):
        made = await _react(lab, "anna", post, "one", create_at=said)
        assert (made.status, made.body["create_at"]) == (200, said)
        assert made.body["update_at"] > 1_000_000_000_000
        [one] = (await lab.ask("bot", "GET", f"/posts/{post}/reactions")).body
        assert (one["create_at"], one["update_at"]) == (1_000, made.body["update_at"])
        listed.append(one["update_at"])
        assert (await _unreact(lab, "anna", post, "one")).short == OK
    assert listed[0] < listed[1]


_NOT_OWN = "api.reaction.save_reaction.user_id.app_error"


async def test_the_emojis_of_those_who_leave_stay(lab: Lab) -> None:
    post = (await lab.post()).body["id"]
    await _react(lab, "bo", post, "two")
    member = f"/channels/{lab.channel}/members/{lab.ids['bo']}"
    assert (await lab.ask("admin", "DELETE", member)).short == OK
    assert len((await lab.ask("bot", "GET", f"/posts/{post}/reactions")).body) == 1
    assert (await _unreact(lab, "bo", post, "two")).short == NO


async def test_buttons_carry_what_nobody_reads(lab: Lab) -> None:
    made = await lab.post(props=lab.button())
    read = await lab.ask("bot", "GET", f"/posts/{made.body['id']}")
    for told in (made, read):
        assert sorted(told.body["props"]["attachments"][0]["actions"][0]) == ["id", "name", "type"]
    lab.answer = (200, JSON, '{"ephemeral_text": "Tak <!channel>"}')
    assert (await _click(lab, made)).short == OK
    call = json.loads(lab.calls[-1]["body"])
    assert (call["user_id"], call["post_id"], call["context"]) == (lab.ids["anna"], made.body["id"], {"a": 1})
    assert "Authorization" not in lab.calls[-1]["headers"]
    line = await _line_of(lab, "anna")
    assert (line["message"], line["type"], line["root_id"]) == ("Tak <!channel>", "system_ephemeral", made.body["id"])
    named = await lab.post(props=lab.button("has_underscore"))
    unknown = lab.ask("anna", "POST", f"/posts/{UNKNOWN}/actions/go", {})
    await _tell_all(
        ("no such button", lab.ask("anna", "POST", f"/posts/{made.body['id']}/actions/no", {}), NO_ACTION),
        ("an underscore", _click(lab, named, "has_underscore"), (404, "api.context.404.app_error")),
        ("from the team only", lab.ask("eve", "POST", f"/posts/{made.body['id']}/actions/go", {}), NO),
        ("on nothing", unknown, NO),
        ("by the bot itself", lab.ask("bot", "POST", f"/posts/{made.body['id']}/actions/go", {}), OK),
    )


@pytest.mark.parametrize(
    ("answer", "told", "after"),
    [
        ((200, JSON, ""), BAD_ACTION, "hej"),
        ((200, JSON, "[]"), BAD_ACTION, "hej"),
        ((200, "text/plain", "hej"), BAD_ACTION, "hej"),
        ((200, JSON, "null"), OK, "hej"),
        ((400, JSON, "{}"), BAD_ACTION, "hej"),
        ((200, JSON, '{"update": {"message": "ny"}}'), OK, "ny"),
    ],
)
async def test_answers_to_clicks(lab: Lab, answer: tuple[int, str, str], told: tuple[int, str], after: str) -> None:
    made = await lab.post(props=lab.button())
    lab.answer = answer
    assert (await _click(lab, made)).short == told
    read = (await lab.ask("anna", "GET", f"/posts/{made.body['id']}")).body
    assert (read["message"], "attachments" in read["props"]) == (after, True)


async def test_buttons_are_lost_by_reading_and_writing_back(lab: Lab) -> None:
    made = await lab.post(props=lab.button())
    post = made.body["id"]
    assert (await _patch(lab, post, "ny")).short == OK
    assert (await _click(lab, made)).short == OK
    assert (await _patch(lab, post, "nyere", made.body["props"])).short == OK
    assert (await _click(lab, made)).short == NO_ACTION
    with pytest.raises(aiohttp.ClientError):
        await _patch(lab, post, "nyere", made.body["props"])
    with pytest.raises(aiohttp.ClientError):
        await lab.ask("bot", "POST", f"/posts/{post}/pin")
    assert (await _patch(lab, post, "nyest", lab.button())).short == OK
    assert (await _click(lab, made)).short == OK
    await lab.ask("bot", "PUT", f"/posts/{post}", {"id": post, "message": "uden"})
    assert "attachments" not in (await lab.ask("bot", "GET", f"/posts/{post}")).body["props"]


async def test_files(lab: Lab) -> None:
    file = await _upload(lab, "r%C3%A5.csv")
    assert file.body["file_infos"][0]["name"] == "rå.csv"
    one = [file.body["file_infos"][0]["id"]]
    assert (await lab.post(file_ids=one)).body["file_ids"] == one
    assert "file_ids" not in (await lab.post(file_ids=one)).body
    ten = [(await _upload(lab, f"f{at}.txt")).body["file_infos"][0]["id"] for at in range(10)]
    assert len((await lab.post(file_ids=ten)).body["file_ids"]) == 10
    eleven = [(await _upload(lab, f"f{at}.txt")).body["file_infos"][0]["id"] for at in range(11)]
    assert (await lab.post(file_ids=eleven)).short == (400, "model.post.is_valid.file_ids.app_error")
    assert (await _upload(lab, "tom.txt", b"")).short == (400, "api.file.upload_file.read_request.app_error")


async def test_commands_are_made_by_administrators(lab: Lab) -> None:
    made = await _command(lab, "ønske")
    assert (made.short, len(made.body["token"])) == (MADE, 26)
    trigger = (400, "model.command.is_valid.trigger.app_error")
    path = f"/commands/{made.body['id']}"
    await _tell_all(
        ("again", _command(lab, "ønske"), TAKEN),
        ("in capitals", _command(lab, "ØNSKE"), TAKEN),
        ("the server's own", _command(lab, "help"), TAKEN),
        ("a blank", _command(lab, "a b"), trigger),
        ("a stroke", _command(lab, "/x"), trigger),
        ("128 bytes", _command(lab, "æ" * 64), MADE),
        ("130 bytes", _command(lab, "æ" * 65), trigger),
        ("by a bot", _command(lab, "q", "bot"), NO),
        ("changed", lab.ask("admin", "PUT", path, made.body | {"auto_complete_desc": "d"}), OK),
        ("changed by another", lab.ask("anna", "PUT", path, made.body), (404, "store.sql_command.save.get.app_error")),
    )
    offered = {row["trigger"]: row for row in (await _autocomplete(lab)).body}
    assert (offered["ønske"]["token"], offered["ønske"]["url"]) == ("", "")
    assert "help" in offered


async def test_commands_are_given(lab: Lab) -> None:
    token = (await _command(lab, "ønske")).body["token"]
    assert (await _give(lab, "/ØNSKE  en ny\ncykel ")).short == OK
    call = lab.calls[-1]
    assert (call["form"]["text"], call["form"]["command"]) == (" en ny\ncykel ", "/ønske")
    assert (call["form"]["token"], call["headers"]["Authorization"]) == (token, f"Token {token}")
    direct = (await lab.ask("anna", "POST", "/channels/direct", [lab.ids["anna"], lab.ids["bot"]])).body["id"]
    unknown = (404, "api.command.execute_command.not_found.app_error")
    await _tell_all(
        ("another word", _give(lab, "/ønskeseddel"), unknown),
        ("no stroke", _give(lab, "ønske"), BAD_START),
        ("from the team only", _give(lab, "/ønske", "eve"), NO),
        ("by a bot", _give(lab, "/ønske", "bot"), OK),
        ("no channel", _give(lab, "/ønske", channel_id="x"), BAD_START),
        ("a channel that is not there", _give(lab, "/ønske", channel_id=UNKNOWN), NO),
        ("in a conversation", _give(lab, "/ønske", channel_id=direct), OK),
        ("in a conversation of no team", _give(lab, "/ønske", channel_id=direct, team_id=""), NO),
    )
    assert "__" in lab.calls[-1]["form"]["channel_name"]


@pytest.mark.parametrize(
    ("answer", "told", "line"),
    [
        ((200, JSON, ""), FAILED, None),
        ((200, JSON, "[]"), FAILED, None),
        ((200, JSON, "null"), OK, None),
        ((200, "text/plain", ""), OK, None),
        ((200, "text/plain", "hej"), OK, "hej"),
        ((400, JSON, "{}"), (500, "api.command.execute_command.failed_resp.app_error"), None),
        ((200, JSON, '{"text": "<http://x|y> <!channel>"}'), OK, "[y](http://x) @channel"),
        ((200, JSON, '{"text": "<http://x|y>", "skip_slack_parsing": true}'), OK, "<http://x|y>"),
        ((200, JSON, json.dumps({"text": "æ" * 20_000})), OK, "æ" * 20_000),
    ],
)
async def test_answers_to_commands(
    lab: Lab, answer: tuple[int, str, str], told: tuple[int, str], line: str | None
) -> None:
    await _command(lab, "ønske")
    lab.answer = answer
    assert (await _give(lab, "/ønske")).short == told
    if line is not None:
        assert (await _line_of(lab, "anna"))["message"] == line


async def test_buttons_of_a_line_that_one_person_sees(lab: Lab) -> None:
    """Their cookie is nobody's: another member who gets hold of it may use it."""
    await _command(lab, "ønske")
    lab.answer = (200, JSON, json.dumps({"text": "", "attachments": lab.button()["attachments"]}))
    await _give(lab, "/ønske")
    line = await _line_of(lab, "anna")
    path = f"/posts/{line['id']}/actions/go"
    cookie = line["props"]["attachments"][0]["actions"][0]["cookie"]
    lab.answer = (200, JSON, '{"ephemeral_text": "x"}')
    await _tell_all(
        ("its person", lab.ask("anna", "POST", path, {"cookie": cookie}), OK),
        ("another", lab.ask("bo", "POST", path, {"cookie": cookie}), OK),
        ("no member", lab.ask("ivan", "POST", path, {"cookie": cookie}), NO),
        ("without", lab.ask("anna", "POST", path, {}), NO),
        ("another cookie", lab.ask("anna", "POST", path, {"cookie": "x" + cookie}), BAD_ACTION),
    )
    lab.answer = (200, JSON, '{"update": {"message": "ny"}}')
    assert (await lab.ask("anna", "POST", path, {"cookie": cookie})).short == NO_POST


async def test_the_address_of_a_command_takes_five_answers(lab: Lab) -> None:
    await _command(lab, "ønske")
    await _give(lab, "/ønske")
    told = []
    for number in range(6):
        async with lab.session.post(lab.calls[-1]["form"]["response_url"], json={"text": str(number)}) as response:
            told.append(response.status)
    assert told == [200] * 5 + [400]


async def test_dialogs_are_opened_by_a_trigger(lab: Lab) -> None:
    await _click(lab, await lab.post(props=lab.button()))
    trigger = json.loads(lab.calls[-1]["body"])["trigger_id"]
    text = {"display_name": "A", "name": "a", "type": "text"}
    await _tell_all(
        ("a dialog", _open(lab, trigger, elements=[text]), OK),
        ("again, and with forty fields", _open(lab, trigger, elements=[text] * 40), OK),
        ("with none", _open(lab, trigger, elements=[]), OK),
        ("a truth for a text", _open(lab, trigger, elements=[text | {"default": True}]), (400, _BAD_DIALOG)),
        ("no trigger", _open(lab, "x!"), (400, f"{TRIGGER}.base64_decode_failed")),
        ("half a trigger", _open(lab, "eDp5"), (400, f"{TRIGGER}.missing_data")),
        ("a made-up one", _open(lab, "YTpiOjk5OTk5OTk5OTk5OTk6YzJsbg=="), (400, f"{TRIGGER}.signature_decode_failed")),
    )


async def test_a_trigger_can_be_used_again_and_again_for_three_seconds(lab: Lab) -> None:
    began = time.monotonic()
    await _click(lab, await lab.post(props=lab.button()))
    trigger = json.loads(lab.calls[-1]["body"])["trigger_id"]
    for _ in range(300):
        if (told := await _open(lab, trigger)).short != OK:
            break
        await asyncio.sleep(0.1)
    assert told.short == (400, f"{TRIGGER}.expired")
    assert time.monotonic() - began > 3 - 2 * TICK  # the double counts by ticks


_BAD_DIALOG = "api.context.invalid_body_param.app_error"


async def test_dialogs_are_sent_with_whatever_the_client_says(lab: Lab) -> None:
    sent = {"a": 1, "b": None, "c": True, "d": "x"}
    assert (await _send(lab, submission=sent)).short == OK
    call = json.loads(lab.calls[-1]["body"])
    assert (call["submission"], call["state"], call["user_id"]) == (sent, "s", lab.ids["anna"])
    assert "trigger_id" not in call
    assert (await _send(lab, submission=None)).short == OK
    assert json.loads(lab.calls[-1]["body"])["submission"] is None
    await _tell_all(
        ("from the team only", _send(lab, "eve"), NO),
        ("of no team", _send(lab, team_id=""), NO),
        ("to nobody", _send(lab, url="http://127.0.0.1:9/x"), BAD_ACTION),
        ("cancelled", _send(lab, cancelled=True, submission={}), OK),
    )


@pytest.mark.parametrize(
    ("answer", "told", "shown"),
    [
        ((200, JSON, ""), 200, {}),
        ((200, "text/plain", "hej"), 200, {}),
        ((200, JSON, '{"errors": {"a": "x"}, "error": "y", "update": 1}'), 200, {"errors": {"a": "x"}, "error": "y"}),
        ((400, JSON, "{}"), 400, None),
    ],
)
async def test_answers_to_dialogs(lab: Lab, answer: tuple[int, str, str], told: int, shown: Any) -> None:
    lab.answer = answer
    found = await _send(lab)
    assert found.status == told
    if shown is not None:
        assert found.body == shown


@pytest.mark.parametrize(("missed", "kept"), [(3, True), (250, True), (300, False)])
async def test_a_stream_that_is_taken_up_again_tells_what_was_missed_unless_it_is_too_much(
    lab: Lab, missed: int, kept: bool
) -> None:
    """Named is the next number that is expected; texts within events are texts of JSON."""
    async with _stream(lab) as first:
        hello = await first.receive_json()
    assert (hello["event"], hello["seq"]) == ("hello", 0)
    for number in range(missed):
        assert (await lab.post("anna", str(number))).short == MADE
    name = hello["data"]["connection_id"]
    async with _stream(lab, connection_id=name, sequence_number="1") as again:
        told = await _told(again, missed if kept else 1)
    if kept:
        posted = [json.loads(one["data"]["post"])["message"] for one in told if one["event"] == "posted"]
        assert posted == [str(number) for number in range(missed)]
        assert [one["seq"] for one in told] == list(range(1, len(told) + 1))
    else:
        assert (told[0]["event"], told[0]["seq"]) == ("hello", 0)
        assert told[0]["data"]["connection_id"] != name


def _stream(lab: Lab, **query: str) -> Any:
    address = f"{lab.address.replace('http', 'ws', 1)}/api/v4/websocket"
    return lab.session.ws_connect(address, params=query, headers={"Authorization": f"Bearer {lab.tokens['bot']}"})


async def _told(stream: aiohttp.ClientWebSocketResponse, wanted: int) -> list[Any]:
    """What comes until so many messages have, or a new connection is begun."""
    told: list[Any] = []
    async with asyncio.timeout(30):
        while sum(one["event"] in ("posted", "hello") for one in told) < wanted:
            told.append(await stream.receive_json())
    return told


def _patch(lab: Lab, post: str, text: str, props: Any = None) -> Any:
    body = {"message": text} | ({} if props is None else {"props": props})
    return lab.ask("bot", "PUT", f"/posts/{post}/patch", body)


def _click(lab: Lab, made: Told, action: str = "go", **more: str) -> Any:
    return lab.ask("anna", "POST", f"/posts/{made.body['id']}/actions/{action}", more)


def _react(lab: Lab, who: str, post: str, emoji: str, **more: int) -> Any:
    return lab.ask(who, "POST", "/reactions", {"user_id": lab.ids[who], "post_id": post, "emoji_name": emoji} | more)


def _unreact(lab: Lab, who: str, post: str, emoji: str) -> Any:
    return lab.ask(who, "DELETE", f"/users/{lab.ids[who]}/posts/{post}/reactions/{emoji}")


def _upload(lab: Lab, name: str, content: bytes = b"a,b") -> Any:
    return lab.ask("bot", "POST", f"/files?channel_id={lab.channel}&filename={name}", raw=content)


def _command(lab: Lab, word: str, who: str = "admin") -> Any:
    row = {"team_id": lab.team, "trigger": word, "method": "P", "url": lab.url, "auto_complete": True}
    return lab.ask(who, "POST", "/commands", row | {"display_name": "Ø"})


def _autocomplete(lab: Lab) -> Any:
    return lab.ask("bot", "GET", f"/teams/{lab.team}/commands/autocomplete")


def _give(lab: Lab, command: str, who: str = "anna", **more: str) -> Any:
    body = {"channel_id": lab.channel, "team_id": lab.team, "root_id": "", "command": command}
    return lab.ask(who, "POST", "/commands/execute", body | more)


def _open(lab: Lab, trigger: str, **dialog: Any) -> Any:
    shown = {"callback_id": "c", "title": "T", "state": "s", "notify_on_cancel": False, "elements": []} | dialog
    return lab.ask("", "POST", "/actions/dialogs/open", {"trigger_id": trigger, "url": lab.url, "dialog": shown})


def _send(lab: Lab, who: str = "anna", **more: Any) -> Any:
    where = {"channel_id": lab.channel, "team_id": lab.team, "url": lab.url}
    body = {"callback_id": "c", "state": "s", "submission": {}, "cancelled": False}
    return lab.ask(who, "POST", "/actions/dialogs/submit", where | body | more)


async def _line_of(lab: Lab, who: str) -> Any:
    """The newest line that only this person got; a real server tells of it in its own time."""
    async with asyncio.timeout(10):
        while not lab.people[who].private:
            await lab.people[who].up_to_date()
    return lab.people[who].private[-1]
