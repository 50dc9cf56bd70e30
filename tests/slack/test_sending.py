"""What goes out to Slack: each message once, in its place, whatever goes wrong on the way."""

from __future__ import annotations

import pytest

from bot.clock import MovableClock
from bot.port import File, Located, PlatformError, ThreadGone
from handlers.chat.messages import Actions, Button, Chart, Heading, Message, Text, message
from storage.queries import outbox
from storage.session import Storage
from tests.doubles.slack import Fault
from tests.doubles.slack_reading import list_controls, read_message
from tests.doubles.slack_state import Posted
from tests.promises.slack import CHANNELS, SlackDriver, slack_world, user_id

GROUP = CHANNELS["group"]
HELLO = message(Text("Hej med jer"))


def _posts(slack: SlackDriver, channel: str = GROUP) -> list[Posted]:
    return [post for post in slack.double.workspace.posts if post.channel == channel]


async def test_a_post_an_update_a_thread_and_a_direct_message(slack: SlackDriver) -> None:
    bot = slack.slack
    card = await bot.post(GROUP, message(Heading("Kort")), mark="m1")
    reply = await bot.post(GROUP, HELLO, mark="m2", thread=card.message)
    await bot.update(card, message(Heading("Nyt kort")))
    direct = await bot.direct(user_id("bo"), HELLO, mark="m3")
    first, second = _posts(slack)
    assert (read_message(first.shown()), first.ts) == ("Nyt kort", card.message)
    assert (second.thread, second.ts) == (card.message, reply.message)
    assert direct.channel == "D0BO"
    assert first.metadata == {"event_type": "oenskebot_message", "event_payload": {"mark": "m1"}}


@pytest.mark.parametrize("name", ["styregruppe", "#styregruppe", "Styregruppe", "C0STEERING"])
async def test_a_channel_is_found_by_the_name_that_people_see(slack: SlackDriver, name: str) -> None:
    where = await slack.slack.post(name, HELLO, mark="m1")
    assert where.channel == CHANNELS["steering"]


async def test_a_channel_of_no_such_name_is_never_tried_again(slack: SlackDriver) -> None:
    with pytest.raises(PlatformError) as failed:
        await slack.slack.post("findes-ikke", HELLO, mark="m1")
    assert (failed.value.reason, failed.value.permanent) == ("channel_not_found", True)


async def test_a_message_too_long_for_one_goes_on_in_its_thread(slack: SlackDriver) -> None:
    long = message(*(Text(f"linje {number} " + "ord " * 200) for number in range(60)))
    where = await slack.slack.post(GROUP, long, mark="m1")
    first, *rest = _posts(slack)
    assert first.ts == where.message
    assert rest
    assert all(post.thread == where.message for post in rest)
    said = "\n".join(read_message(post.shown()) for post in _posts(slack))
    assert all(f"linje {number} " in said for number in range(60))
    await slack.slack.update(where, long)


async def test_an_update_of_a_message_in_several_parts_leaves_no_old_button(slack: SlackDriver) -> None:
    lines = [Text(f"linje {number} " + "ord " * 200) for number in range(60)]
    where = await slack.slack.post(GROUP, message(*lines, Actions((Button("Støt", "x.do", token="b"),))), mark="m1")
    assert len(_posts(slack)) > 1
    await slack.slack.update(where, message(*lines, Actions((Button("Luk", "x.do", token="b"),))))
    assert [label for post in _posts(slack) for label, _ in list_controls(post.shown())] == ["Luk"]


async def test_a_long_message_that_failed_half_way_goes_on_where_it_was(slack: SlackDriver) -> None:
    long = message(*(Text(f"linje {number} " + "ord " * 200) for number in range(60)))
    slack.double.faults["chat.postMessage"].extend([Fault(), Fault(), Fault(status=500)])
    with pytest.raises(PlatformError):
        await slack.slack.post(GROUP, long, mark="m1")
    await slack.slack.post(GROUP, long, mark="m1")
    said = "\n".join(read_message(post.shown()) for post in _posts(slack))
    assert all(said.count(f"linje {number} ") == 1 for number in range(60))


CHART = message(Text("Sådan gik det"), Chart("Resultat", (("#1 Vis mail", 2.0, "2 kommuner"),), "Kommuner"))


async def test_a_chart_is_drawn_by_slack(slack: SlackDriver) -> None:
    where = await slack.slack.post(GROUP, CHART, mark="m1")
    await slack.slack.update(where, CHART)
    (post,) = _posts(slack)
    assert [block["type"] for block in post.blocks] == ["rich_text", "data_visualization"]
    assert "#1 Vis mail (2 kommuner)" in post.text


async def test_where_slack_draws_no_charts_a_picture_stands_in_the_thread(slack: SlackDriver) -> None:
    slack.double.methods.draws = False
    slack.double.tolerated.add("invalid_blocks")
    where = await slack.slack.post(GROUP, CHART, mark="m1")
    post, picture = _posts(slack)
    assert (post.ts, picture.thread, picture.files) == (where.message, where.message, ["resultat.png"])
    assert "Resultat: #1 Vis mail (2 kommuner)" in read_message(post.shown())
    assert slack.double.calls["chat.postMessage"] == 2
    await slack.slack.update(where, CHART)
    await slack.slack.post(GROUP, CHART, mark="m2")
    assert slack.double.calls["chat.postMessage"] == 3, "what was refused once is not tried again"


async def test_a_message_that_slack_refuses_also_without_its_chart_says_nothing_of_charts(
    slack: SlackDriver, monkeypatch: pytest.MonkeyPatch
) -> None:
    slack.double.tolerated.add("invalid_blocks")
    monkeypatch.setattr("tests.doubles.slack_api.check_message", lambda _: ["something else is wrong"])
    with pytest.raises(PlatformError) as failed:
        await slack.slack.post(GROUP, CHART, mark="m1")
    assert failed.value.reason == "invalid_blocks"
    monkeypatch.undo()
    await slack.slack.post(GROUP, CHART, mark="m2")
    (post,) = _posts(slack)
    assert [block["type"] for block in post.blocks] == ["rich_text", "data_visualization"]


async def test_a_whisper_is_seen_by_one_person_only(slack: SlackDriver) -> None:
    await slack.slack.whisper(GROUP, user_id("bo"), HELLO, mark="w1")
    assert [one.text for one in await slack.messages("bo", "group")] == ["Hej med jer"]
    assert await slack.messages("anna", "group") == []


async def test_a_whisper_to_somebody_who_is_elsewhere_becomes_a_direct_message(slack: SlackDriver) -> None:
    slack.double.tolerated.add("user_not_in_channel")
    slack.double.workspace.channels[GROUP].members.remove(user_id("bo"))
    await slack.slack.whisper(GROUP, user_id("bo"), HELLO, mark="w1")
    assert [one.text for one in await slack.messages("bo", "dm")] == ["Hej med jer"]


async def test_files_go_to_a_channel_a_thread_and_a_person(slack: SlackDriver) -> None:
    file = File("referat.pdf", "application/pdf", b"%PDF" * 300, "Referatet <af> i dag")
    card = await slack.slack.post(GROUP, HELLO, mark="m1")
    await slack.slack.attach(GROUP, "", file, mark="f1", thread=card.message)
    await slack.slack.attach("", user_id("bo"), file, mark="f2")
    posted = _posts(slack)[-1]
    assert (posted.files, posted.thread, posted.text) == (["referat.pdf"], card.message, "Referatet &lt;af&gt; i dag")
    assert [one.files for one in await slack.messages("bo", "dm")] == [("referat.pdf",)]


async def test_seeds_stand_in_order_and_are_put_once(slack: SlackDriver) -> None:
    where = await slack.slack.post(GROUP, HELLO, mark="m1")
    slack.double.faults["reactions.add"].extend([Fault(), Fault(status=503)])
    with pytest.raises(PlatformError):
        await slack.slack.seed(where, ("one", "two", "three"))
    await slack.slack.seed(where, ("one", "two", "three"))
    assert list(_posts(slack)[0].reactions) == ["one", "two", "three"]
    assert slack.double.calls["reactions.add"] == 4


async def test_emojis_are_read_with_everybody_behind_them(slack: SlackDriver) -> None:
    where = await slack.slack.post(GROUP, HELLO, mark="m1")
    await slack.slack.seed(where, ("one",))
    post = _posts(slack)[0]
    for person in ("bo", "carla", "dan", "eva", "finn"):
        slack.double.people.change_reaction(user_id(person), post, "one")
    found = await slack.slack.emojis(where)
    assert found is not None
    assert sorted(found) == sorted((user_id(one), "one") for one in ("bo", "carla", "dan", "eva", "finn"))


async def test_the_emojis_of_a_message_that_is_gone_are_unreadable(slack: SlackDriver) -> None:
    slack.double.tolerated |= {"message_not_found", "not_in_channel", "channel_not_found"}
    where = await slack.slack.post(GROUP, HELLO, mark="m1")
    slack.double.workspace.posts.clear()
    assert await slack.slack.emojis(where) is None
    slack.double.workspace.channels[GROUP].members.remove("U0BOT")
    assert await slack.slack.emojis(where) is None


@pytest.mark.parametrize(
    ("fault", "permanent", "arrived", "retry_after"),
    [
        (Fault(status=429, retry_after=12), False, False, 12),
        (Fault(status=500), False, True, 0),
        (Fault(lost=True), False, True, 0),
    ],
)
async def test_what_goes_wrong_is_told_apart(
    slack: SlackDriver, fault: Fault, permanent: bool, arrived: bool, retry_after: float
) -> None:
    slack.double.faults["chat.postMessage"].append(fault)
    with pytest.raises(PlatformError) as failed:
        await slack.slack.post(GROUP, HELLO, mark="m1")
    assert (failed.value.permanent, failed.value.arrived) == (permanent, arrived)
    assert retry_after <= failed.value.retry_after <= retry_after + 1
    assert len(_posts(slack)) == (1 if fault.lost else 0)


@pytest.mark.parametrize("reason", ["channel_not_found", "not_in_channel", "is_archived", "message_not_found"])
async def test_what_can_never_be_sent_is_said_so(slack: SlackDriver, reason: str) -> None:
    slack.double.tolerated.add(reason)
    channel = slack.double.workspace.channels[CHANNELS["other"]]
    channel.archived = reason == "is_archived"
    if reason == "not_in_channel":
        channel.members.clear()
    there = "C0NOWHERE" if reason == "channel_not_found" else channel.id
    with pytest.raises(PlatformError) as failed:
        if reason == "message_not_found":
            await slack.slack.update(Located(there, "1.000000"), HELLO)
        else:
            await slack.slack.post(there, HELLO, mark="m1")
    assert (failed.value.reason, failed.value.permanent) == (reason, True)


async def test_a_refused_token_keeps_messages_waiting_for_the_administrator(slack: SlackDriver, kept: Storage) -> None:
    slack.double.tolerated.add("invalid_auth")
    slack.double.tokens.clear()
    with pytest.raises(PlatformError) as failed:
        await slack.slack.post(GROUP, HELLO, mark="m1")
    assert not failed.value.permanent
    assert failed.value.trouble.passes, "delivery lets it wait and gives nothing up"


async def test_what_hangs_is_given_up_and_may_have_arrived(kept: Storage, clock: MovableClock) -> None:
    async with slack_world(kept, clock, call=0.3) as slack:
        slack.double.faults["chat.postMessage"].append(Fault(hangs=True))
        with pytest.raises(PlatformError) as failed:
            await slack.slack.post(GROUP, HELLO, mark="m1")
        assert (failed.value.reason, failed.value.permanent, failed.value.arrived) == ("TimeoutError", False, True)
        assert _posts(slack) == []
        slack.double.faults["chat.postMessage"].append(Fault(hangs=True))
        await _send_wish(slack)
        await slack.forward(0.02)
        assert len(await slack.messages("anna", "group")) == 1


@pytest.fixture(params=[False, True], ids=["slack un-threads it", "slack refuses it"])
def threads(slack: SlackDriver, request: pytest.FixtureRequest) -> SlackDriver:
    """One where messages are deleted; it is not documented what Slack does with what is to stand under them."""
    slack.double.methods.refuses_deleted_threads = request.param
    slack.double.tolerated.add("thread_not_found")
    return slack


async def test_a_line_that_belongs_under_a_deleted_message_does_not_stand_loose(threads: SlackDriver) -> None:
    threads.double.tolerated.add("message_not_found")
    await _send_wish(threads)
    threads.double.workspace.posts.remove(_posts(threads)[0])
    await threads.say("anna", "group", "/ønske status 1 hold")
    await threads.forward(0.5)
    assert await threads.messages("carla", "group") == []


async def test_an_answer_to_a_message_that_was_deleted_stands_by_itself(threads: SlackDriver) -> None:
    with pytest.raises(ThreadGone):
        await threads.slack.post(GROUP, HELLO, mark="m1", thread="1.000000")
    assert _posts(threads) == []
    await threads.slack.post(GROUP, HELLO, mark="m1")
    assert len(_posts(threads)) == 1


async def test_of_a_long_message_that_was_deleted_half_way_the_rest_is_left_out(threads: SlackDriver) -> None:
    long = message(*(Text(f"linje {number} " + "ord " * 200) for number in range(60)))
    threads.double.faults["chat.postMessage"].extend([Fault(), Fault(status=500)])
    with pytest.raises(PlatformError):
        await threads.slack.post(GROUP, long, mark="m1")
    first = _posts(threads)[0]
    threads.double.workspace.posts.remove(first)
    assert (await threads.slack.post(GROUP, long, mark="m1")).message == first.ts
    assert _posts(threads) == []


async def test_a_file_that_belongs_under_a_deleted_message_does_not_stand_loose(slack: SlackDriver) -> None:
    """Slack says neither that the message is gone nor where the file came to stand."""
    slack.double.tolerated.add("message_not_found")
    file = File("kalender.ics", "text/calendar", b"BEGIN", "Kalenderfil")
    card = await slack.slack.post(GROUP, HELLO, mark="m1")
    slack.double.workspace.posts.clear()
    with pytest.raises(ThreadGone):
        await slack.slack.attach(GROUP, "", file, mark="f1", thread=card.message)
    assert _posts(slack) == []


async def test_the_calendar_file_of_a_meeting_whose_card_was_deleted_is_left_out(
    slack: SlackDriver, kept: Storage
) -> None:
    slack.double.tolerated.add("message_not_found")
    await slack.say("anna", "group", "/møde")
    assert await slack.submit("anna", {"title": "Efterårsmøde", "date": "2026-09-10", "time": "10:00"}) == {}
    assert [bool(one.thread) for one in await slack.messages("anna", "group") if one.files] == [True]
    slack.double.workspace.posts.clear()
    await slack.say("anna", "group", "/møde aflys 1 For få kan komme")
    assert await slack.submit("anna", {}) == {}
    shown = await slack.messages("anna", "group")
    assert [one.text.splitlines()[0] for one in shown] == [
        "Møde 1 er aflyst: Efterårsmøde. Begrundelse: For få kan komme"
    ]
    async with kept.read() as session:
        waiting = [*await outbox.list_held(session), *await outbox.list_parked(session)]
        assert "attach" not in [row.kind for row in waiting]


async def test_nobody_there_is_no_arrival(slack: SlackDriver) -> None:
    address = slack.slack._client.base_url
    slack.slack._client.base_url = "http://127.0.0.1:9/api/"
    with pytest.raises(PlatformError) as failed:
        await slack.slack.post(GROUP, HELLO, mark="m1")
    slack.slack._client.base_url = address
    assert (failed.value.permanent, failed.value.arrived) == (False, False)


async def _send_wish(slack: SlackDriver) -> None:
    await slack.say("bo", "group", "/ønske")
    assert await slack.submit("bo", {"title": "Vis mailadresse", "need": "Hver dag."}) == {}


async def test_a_rate_limit_delays_a_message_and_loses_none(slack: SlackDriver, clock: MovableClock) -> None:
    slack.double.faults["chat.postMessage"].extend([Fault(status=429, retry_after=7)] * 2)
    await _send_wish(slack)
    await slack.forward(0.02)
    assert len(await slack.messages("anna", "group")) == 1
    assert len(await slack.messages("bo", "dm")) == 1


async def test_an_answer_that_was_lost_is_at_most_one_message_twice(slack: SlackDriver) -> None:
    slack.double.faults["chat.postMessage"].append(Fault(lost=True))
    await _send_wish(slack)
    await slack.forward(0.02)
    assert len(_posts(slack)) + len(_posts(slack, "D0BO")) == 3


async def test_with_the_history_scopes_nothing_is_sent_twice(kept: Storage, clock: MovableClock) -> None:
    async with slack_world(kept, clock, history=True) as slack:
        assert slack.slack.traits.looks_for_marks
        slack.double.faults["chat.postMessage"].extend([Fault(lost=True), Fault(lost=True)])
        await _send_wish(slack)
        await slack.forward(0.02)
        assert len(_posts(slack)) == 1
        assert len(_posts(slack, "D0BO")) == 1


async def test_with_the_history_scopes_nothing_stands_twice_in_a_thread(kept: Storage, clock: MovableClock) -> None:
    async with slack_world(kept, clock, history=True) as slack:
        await _send_wish(slack)
        for number in range(5):
            await slack.say("carla", "group", f"snak {number}")
            _posts(slack)[-1].thread = _posts(slack)[0].ts
        slack.double.faults["chat.postMessage"].append(Fault(lost=True))
        await slack.say("anna", "group", "/ønske status 1 hold")
        await slack.forward(0.02)
        assert [read_message(post.shown()) for post in _posts(slack)].count("Anna Holm har sat ønsket på hold.") == 1
        assert slack.double.calls["conversations.replies"] > 1


@pytest.mark.parametrize("lost", [1, 2, 3])
async def test_a_long_message_is_whole_and_stands_once_though_the_program_was_started_anew(
    kept: Storage, clock: MovableClock, lost: int
) -> None:
    long = message(*(Text(f"linje {number} " + "ord " * 200) for number in range(60)))
    async with slack_world(kept, clock, history=True) as slack:
        slack.double.faults["chat.postMessage"].extend([Fault()] * (lost - 1) + [Fault(lost=True)])
        with pytest.raises(PlatformError):
            await slack.slack.post(GROUP, long, mark="m1")
        slack.slack._progress._reached.clear()
        assert await slack.slack.find_mark(GROUP, "", "m1") is None
        first = await slack.slack.post(GROUP, long, mark="m1")
        assert await slack.slack.find_mark(GROUP, "", "m1") == first
        said = "\n".join(read_message(post.shown()) for post in _posts(slack))
    assert all(said.count(f"linje {number} ") == 1 for number in range(60))


async def test_a_board_is_published_and_its_buttons_work(slack: SlackDriver) -> None:
    await slack.slack.board(user_id("bo"), Message((Heading("Din tavle"), Actions((Button("Nyt", "x"),)))))
    home = slack.double.workspace.homes[user_id("bo")]
    assert read_message(home) == "Din tavle"
