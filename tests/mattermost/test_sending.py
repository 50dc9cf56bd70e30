"""What the bot sends arrives once, is changed whole, and private answers find the way that there is."""

from __future__ import annotations

import datetime as dt

import pytest

from bot.clock import MovableClock
from bot.platforms.mattermost.connection import ServerRefused, ServerSilent
from bot.port import Answer, File, Located, PlatformError, ThreadGone
from bot.seals import StaleSeal
from handlers.chat.interactions import Press
from handlers.chat.messages import Actions, Button, Chart, Field, Form, Heading, Message, Text, message
from storage.enums import Trouble
from storage.queries import outbox
from tests.doubles import mattermost_posts
from tests.doubles.mattermost_state import Json
from tests.mattermost.forging import put_message
from tests.mattermost.scripted import SEALS, script, sealed
from tests.promises.mattermost import MattermostDriver


def _said(text: str) -> Message:
    return message(Heading("#1 Vis"), Text(text))


def _buttons(driver: MattermostDriver, *buttons: Button) -> Message:
    person = f"mattermost/server/{driver.people['bo'].id}"
    return SEALS.seal_message(message(Text("Vælg"), Actions(buttons)), 1, "", person)


def _posts(driver: MattermostDriver, channel: str = "group") -> list[Json]:
    posts = driver.server.state.posts.values()
    return [one for one in posts if one["channel_id"] == driver.channels[channel] and not one["delete_at"]]


async def test_an_answer_that_was_lost_posts_nothing_twice(driver: MattermostDriver) -> None:
    platform, group = driver.bot.platform, driver.channels["group"]
    driver.server.faults.lose = ["POST /posts"]
    with pytest.raises(ServerSilent) as caught:
        await platform.post(group, _said("Hej"), mark="m1")
    assert caught.value.arrived
    again = await platform.post(group, _said("Hej"), mark="m1")
    assert [one["id"] for one in _posts(driver)] == [again.message]
    assert await platform.find_mark(group, "", "m1") == again
    assert await platform.find_mark(group, "", "m2") is None


CHART = message(Text("Sådan gik det"), Chart("Resultat", (("#1 Vis", 2, "2 kommuner"),)))


async def test_a_chart_is_a_picture_on_the_message_and_stands_in_its_words(driver: MattermostDriver) -> None:
    where = await driver.bot.platform.post(driver.channels["group"], CHART, mark="m1")
    (seen,) = [one for one in await driver.messages("bo", "group") if one.id == where.message]
    assert seen.files == ("resultat.png",)
    assert "Resultat: #1 Vis (2 kommuner)" in seen.text


async def test_a_server_that_takes_no_files_gets_the_words(
    driver: MattermostDriver, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def refuse(*_: object) -> str:
        raise ServerRefused(403, "api.file.attachments.disabled.app_error")

    monkeypatch.setattr(driver.bot.platform.client, "upload", refuse)
    where = await driver.bot.platform.post(driver.channels["group"], CHART, mark="m1")
    (seen,) = [one for one in await driver.messages("bo", "group") if one.id == where.message]
    assert (seen.files, "#1 Vis (2 kommuner)" in seen.text) == ((), True)


async def test_after_more_than_half_a_minute_the_mark_finds_it(
    driver: MattermostDriver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The server forgets `pending_post_id` soon; the outbox looks for the mark before it tries again."""
    monkeypatch.setattr(mattermost_posts, "PENDING_LIFE", -1)
    driver.server.state.settings.version = (9, 5, 0)
    await driver.bot.restart()
    await driver.say("bo", "group", "/ønske")
    driver.server.faults.lose = ["POST /posts", "POST /posts"]
    assert await driver.submit("bo", {"title": "Vis", "need": "Hver dag."}) == {}
    assert driver.server.faults.lose == []
    assert len([one for one in _posts(driver) if "Vis" in one["message"]]) == 1
    assert len(await driver.messages("bo", "dm")) == 1


@pytest.mark.parametrize("lost", [1, 2, 3])
async def test_a_message_whose_change_was_lost_too_is_found_by_its_mark(
    driver: MattermostDriver, monkeypatch: pytest.MonkeyPatch, lost: int
) -> None:
    """Every change repeats the mark: else the try after it would find nothing, and post anew."""
    monkeypatch.setattr(mattermost_posts, "PENDING_LIFE", -1)
    driver.server.state.settings.version = (9, 5, 0)
    await driver.bot.restart()
    await driver.say("bo", "group", "/ønske")
    driver.server.faults.lose = ["POST /posts", *["PUT /posts"] * lost]
    assert await driver.submit("bo", {"title": "Vis", "need": "Hver dag."}) == {}
    assert driver.server.faults.lose == []
    assert len([one for one in _posts(driver) if "Vis" in one["message"]]) == 1


async def test_the_mark_stays_over_changes_and_restarts(driver: MattermostDriver) -> None:
    group = driver.channels["group"]
    where = await driver.bot.platform.post(group, _said("Hej"), mark="m1")
    await driver.bot.platform.update(where, _said("Hej igen"))
    await driver.bot.restart()
    await driver.bot.platform.update(where, _said("Hej endnu en gang"))
    assert await driver.bot.platform.find_mark(group, "", "m1") == where


@pytest.mark.parametrize(("status", "tries"), [(429, 3), (500, 1), (403, 1)])
async def test_too_many_calls_are_made_again_and_others_left_to_the_outbox(
    driver: MattermostDriver, status: int, tries: int
) -> None:
    driver.server.faults.refuse = [("POST /posts", status)]
    before = len(driver.server.state.requests)
    if status == 429:
        await driver.bot.platform.post(driver.channels["group"], _said("Hej"), mark="m")
        assert len(_posts(driver)) == 1
        return
    with pytest.raises(ServerRefused) as caught:
        await driver.bot.platform.post(driver.channels["group"], _said("Hej"), mark="m")
    assert caught.value.permanent == (status == 403)
    calls = list(driver.server.state.requests)[before:]
    assert sum(path.endswith("/posts") for _, path in calls) == tries


async def test_a_revoked_token_parks_nothing_and_is_named(driver: MattermostDriver) -> None:
    del driver.server.state.tokens[driver.bot.token]
    with pytest.raises(PlatformError, match="session_expired") as caught:
        await driver.bot.platform.post(driver.channels["group"], _said("Hej"), mark="m")
    assert not caught.value.permanent


async def test_a_change_renders_everything_anew_and_keeps_the_buttons_working(driver: MattermostDriver) -> None:
    platform = driver.bot.platform
    shown = SEALS.seal_message(message(Text("En"), Actions((Button("Støt", "wish.support", "1"),))), 1, "1:x")
    where = await platform.post(driver.channels["group"], shown, mark="m")
    await platform.update(where, shown)
    stored = driver.server.state.posts[where.message]
    assert stored["props"]["attachments"][0]["actions"][0]["integration"]["context"]["t"]
    assert stored["edit_at"] == 0
    await platform.update(where, _said("uden knapper"))
    assert "attachments" not in stored["props"]
    with pytest.raises(PlatformError) as caught:
        await platform.update(Located(where.channel, "nosuchpost"), _said("x"))
    assert caught.value.permanent


async def test_a_conversation_that_the_server_does_not_let_the_bot_into_yet_is_no_lost_place(
    driver: MattermostDriver,
) -> None:
    """Of several that are begun at once, a real server forgot for a while that the bot was in one."""
    platform, bo = driver.bot.platform, driver.people["bo"].id
    members = driver.server.state.rooms[await platform.direct_channel(bo)].members
    members.discard(driver.bot.user)
    for work in (platform.direct(bo, _said("Hej"), mark="m1"), platform.find_mark("", bo, "m1")):
        with pytest.raises(PlatformError) as caught:
            await work
        assert not caught.value.permanent
        assert caught.value.trouble.passes
    members.add(driver.bot.user)
    await platform.direct(bo, _said("Hej"), mark="m1")
    assert [one.text for one in await driver.messages("bo", "dm")] == ["#1 Vis\n\nHej"]
    driver.server.state.rooms[driver.channels["group"]].members.discard(driver.bot.user)
    with pytest.raises(ServerRefused) as refused:
        await platform.post(driver.channels["group"], _said("Hej"), mark="m2")
    assert (refused.value.permanent, refused.value.trouble) == (True, Trouble.PLACE)


async def test_a_long_message_is_shortened_and_still_sent(driver: MattermostDriver) -> None:
    where = await driver.bot.platform.post(driver.channels["group"], _said("<&>\n" * 9000), mark="m")
    assert driver.server.state.posts[where.message]["message"].endswith("…")


async def test_a_reply_stands_in_its_thread(driver: MattermostDriver) -> None:
    first = await driver.bot.platform.post(driver.channels["group"], _said("Først"), mark="a")
    second = await driver.bot.platform.post(driver.channels["group"], _said("Så"), mark="b", thread=first.message)
    assert driver.server.state.posts[second.message]["root_id"] == first.message


async def test_a_file_is_sent_once_with_its_name_as_it_is(driver: MattermostDriver) -> None:
    file = File("referat æøå.csv", "text/csv", b"a;b\n1;2\n", "Referatet")
    for _ in range(2):
        await driver.bot.platform.attach(driver.channels["group"], "", file, mark="f")
    await driver.bot.platform.attach("", driver.people["bo"].id, file, mark="g")
    [seen] = [one for one in await driver.messages("bo", "group") if one.files]
    assert (seen.files, seen.text) == (("referat æøå.csv",), "Referatet")
    assert [one.files for one in await driver.messages("bo", "dm")] == [("referat æøå.csv",)]
    assert {one["content"] for one in driver.server.state.files.values()} == {b"a;b\n1;2\n"}


async def test_a_file_whose_answer_was_lost_is_looked_for_and_not_before(
    driver: MattermostDriver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mattermost_posts, "PENDING_LIFE", -1)
    driver.server.state.settings.version = (9, 5, 0)
    await driver.bot.restart()
    meeting: dict[str, str | list[str]] = {"date": "2026-10-01", "time": "10:00", "place": "Odense"}
    for lost in (0, 2):
        await driver.say("anna", "group", "/møde")
        driver.server.faults.lose = ["POST /posts"] * lost
        before = len(driver.server.state.requests)
        assert await driver.submit("anna", meeting) == {}
        calls = list(driver.server.state.requests)[before:]
        looked = [
            path for method, path in calls if method == "GET" and path.endswith(f"{driver.channels['group']}/posts")
        ]
        assert bool(looked) == bool(lost)
        assert driver.server.faults.lose == []
        meeting["date"] = "2026-10-08"
    assert len([one for one in await driver.messages("bo", "group") if one.files]) == 2


async def test_the_board_is_one_pinned_message_that_is_kept_up_to_date(driver: MattermostDriver) -> None:
    platform, bo = driver.bot.platform, driver.people["bo"].id
    await platform.board(bo, _said("Et"))
    await platform.board(bo, _said("To"))
    await driver.bot.restart()
    await driver.bot.platform.board(bo, _said("Tre"))
    [board] = await driver.messages("bo", "dm")
    assert "Tre" in board.text
    stored = driver.server.state.posts[board.id]
    assert stored["is_pinned"]
    driver.server.posts.delete(driver.server.state.accounts[driver.bot.user], board.id)
    await driver.bot.platform.board(bo, _said("Fire"))
    [anew] = await driver.messages("bo", "dm")
    assert "Fire" in anew.text
    assert anew.id != board.id
    assert driver.server.state.posts[anew.id]["is_pinned"]


@pytest.mark.parametrize("restarts", [False, True])
async def test_a_board_that_could_not_be_pinned_or_told_of_is_found_again(
    driver: MattermostDriver, monkeypatch: pytest.MonkeyPatch, restarts: bool
) -> None:
    bo = driver.people["bo"].id
    driver.server.faults.lose = ["POST /posts"]
    with pytest.raises(ServerSilent):
        await driver.bot.platform.board(bo, _said("Et"))
    driver.server.faults.refuse = [("POST /posts/", 500)]
    with pytest.raises(ServerRefused):
        await driver.bot.platform.board(bo, _said("To"))
    monkeypatch.setattr(mattermost_posts, "PENDING_LIFE", -1)
    if restarts:
        await driver.bot.restart()
    await driver.bot.platform.board(bo, _said("Tre"))
    [board] = await driver.messages("bo", "dm")
    assert "Tre" in board.text
    assert driver.server.state.posts[board.id]["is_pinned"]


async def test_whoever_writes_to_the_bot_gets_their_board(driver: MattermostDriver) -> None:
    await driver.say("bo", "dm", "Hej, hvad kan du?")
    assert any(driver.server.state.posts[one.id]["is_pinned"] for one in await driver.messages("bo", "dm"))


async def test_seeds_and_the_emojis_of_people_are_told_apart(driver: MattermostDriver, clock: MovableClock) -> None:
    where = await driver.bot.platform.post(driver.channels["group"], _said("Vælg"), mark="m")
    await driver.bot.platform.seed(where, ("one", "keycap_ten"))
    await driver.people["bo"].react(where.message, "one", on=True)
    clicked = dt.datetime.fromtimestamp(driver.server.state.reactions[where.message][-1]["update_at"] / 1000, dt.UTC)
    assert abs(clicked - clock.now()) < dt.timedelta(seconds=1)
    assert await driver.bot.platform.emojis(where) == {(driver.people["bo"].id, "one"): clicked}
    driver.server.posts.delete(driver.server.state.accounts[driver.bot.user], where.message)
    assert await driver.bot.platform.emojis(where) == {(driver.people["bo"].id, "one"): clicked}
    driver.server.state.rooms[driver.channels["group"]].members.discard(driver.bot.user)
    assert await driver.bot.platform.emojis(where) is None


async def _card(driver: MattermostDriver) -> str:
    """A wish's card, which is deleted at once; returns its id."""
    await driver.say("bo", "group", "/ønske")
    assert await driver.submit("bo", {"title": "Vis", "need": "Hver dag."}) == {}
    card = (await driver.messages("bo", "group"))[-1].id
    driver.server.posts.delete(driver.server.state.accounts[driver.bot.user], card)
    return card


async def test_a_line_that_belongs_under_a_deleted_message_is_not_posted(driver: MattermostDriver) -> None:
    """By itself it would be a message in the channel that nobody asked for."""
    await _card(driver)
    before = [one["id"] for one in _posts(driver)]
    await driver.say("bo", "group", "/ønske træk 1")
    assert [one["id"] for one in _posts(driver)] == before
    async with driver.runtime.storage.read() as session:
        assert [row.kind for row in await outbox.list_parked(session)] == ["update"]


async def test_an_answer_to_a_message_that_was_deleted_stands_by_itself(driver: MattermostDriver) -> None:
    card = await _card(driver)
    await driver.say("bo", "group", "/ønske tilsagn 1 10.000")
    [line] = _posts(driver)
    assert (line["root_id"], "10.000" in line["message"]) == ("", True)
    with pytest.raises(ThreadGone):
        await driver.bot.platform.post(driver.channels["group"], _said("Svar"), mark="n", thread=card)
    file = File("møde.ics", "text/calendar", b"BEGIN", "Kalenderfil")
    await driver.bot.platform.attach(driver.channels["group"], "", file, mark="f", thread=card)
    newest = (await driver.messages("bo", "group"))[-1]
    assert (newest.files, newest.thread) == (("møde.ics",), "")


async def _posted(driver: MattermostDriver, *buttons: Button) -> None:
    await put_message(driver, message(Text("Afstemning"), Actions(buttons)), "1:poll:7/1")


async def test_a_button_with_a_question_asks_it_first_and_only_the_asked_can_answer(
    driver: MattermostDriver, monkeypatch: pytest.MonkeyPatch
) -> None:
    await _posted(driver, Button("Luk", "poll.close", "7", confirm="Luk *nu*?"))
    bot = script(driver, Answer(whispers=(_said("Den er lukket."),)), monkeypatch)
    poll = (await driver.messages("bo", "group"))[-1]
    await driver.press_unasked("bo", poll, "Luk")
    bo = driver.people["bo"]
    assert bo.dialog is not None
    assert bot.asked == []
    assert bo.dialog.dialog["introduction_text"] == "Luk \\*nu\\*?"
    stolen = bo.dialog
    assert await bo.send_dialog() == {}
    await driver.settle("bo")
    [press] = bot.asked
    assert isinstance(press, Press)
    assert SEALS.open_button(press.token, f"mattermost/server/{bo.id}", driver._clock.now()).deed == "poll.close"
    assert "Den er lukket." in (await driver.messages("bo", "dm"))[-1].text
    await driver.people["carla"].submit(stolen, stolen.dialog["state"], {})
    press = bot.asked[-1]
    assert isinstance(press, Press)
    with pytest.raises(StaleSeal):
        SEALS.open_button(press.token, f"mattermost/server/{driver.people['carla'].id}", driver._clock.now())


async def test_a_private_answer_with_buttons_is_a_direct_message_and_says_so(
    driver: MattermostDriver, monkeypatch: pytest.MonkeyPatch
) -> None:
    await _posted(driver, Button("Vis", "wish.show", "1"))
    script(driver, Answer(whispers=(_buttons(driver, Button("Støt", "wish.support", "1")),)), monkeypatch)
    await driver.press("bo", (await driver.messages("bo", "group"))[-1], "Vis")
    line = driver.people["bo"].private[-1]
    assert line["message"] == "Vælg\n\nKnapperne til det ligger i vores direkte samtale."
    direct = (await driver.messages("bo", "dm"))[-1]
    assert list(direct.buttons) == ["Støt"]
    count = len(driver.people["bo"].private)
    await driver.press("bo", direct, "Støt")
    assert len(driver.people["bo"].private) == count
    assert len(await driver.messages("bo", "dm")) == 2


async def test_a_command_is_answered_where_it_was_given_buttons_and_all(
    driver: MattermostDriver, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = _buttons(driver, Button("Støt", "wish.support", "1"))
    bot = script(driver, Answer(whispers=(_said("Et"), shown)), monkeypatch)
    await driver.say("bo", "group", "/ønske vis 1")
    line = (await driver.messages("bo", "group"))[-1]
    assert line.private
    assert line.text == "#1 Vis\n\nEt\n\nVælg"
    await driver.press("bo", line, "Støt")
    assert isinstance(bot.asked[-1], Press)


async def test_what_comes_of_a_form_is_told_where_the_command_was_given_else_directly(
    driver: MattermostDriver, monkeypatch: pytest.MonkeyPatch
) -> None:
    form = sealed(driver, Form("a", "Kort", (Field("x", "X"),)))
    bot = script(driver, Answer(form=form), monkeypatch)
    await driver.say("bo", "group", "/ønske")
    bot.given = Answer(whispers=(_said("Tak."),))
    assert await driver.submit("bo", {"x": "1"}) == {}
    await driver.people["bo"].up_to_date()
    assert "Tak." in driver.people["bo"].private[-1]["message"]
    bot.given = Answer(form=form)
    await driver.say("bo", "group", "/ønske")
    for hook in driver.server.state.hooks.values():
        hook["uses"] = 5
    bot.given = Answer(whispers=(_said("Tak igen."),))
    assert await driver.submit("bo", {"x": "1"}) == {}
    assert "Tak igen." in (await driver.messages("bo", "dm"))[-1].text


async def test_a_form_that_follows_another_is_opened_by_a_button(
    driver: MattermostDriver, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = sealed(driver, Form("a", "Kort", (Field("x", "X"),)))
    second = sealed(driver, Form("b", "Den *næste*", (Field("y", "Y", value="fra før"),)), "2")
    bot = script(driver, Answer(form=first), monkeypatch)
    await driver.say("bo", "group", "/ønske")
    bot.given = Answer(form=second)
    assert await driver.submit("bo", {"x": "1"}) == {}
    assert "Det næste er »Den *næste*«." in (await driver.messages("bo", "dm"))[-1].text
    form = await driver.form("bo")
    assert form is not None
    assert form.fields["y"].value == "fra før"


async def test_the_pinned_board_follows_what_others_do(driver: MattermostDriver) -> None:
    await driver.say("bo", "dm", "hej")
    board = next(one for one in await driver.messages("bo", "dm") if "Du repræsenterer Tønder." in one.text)
    await driver.say("anna", "group", "/møde")
    assert await driver.submit("anna", {"date": "2026-10-01", "time": "10:00", "place": "Odense"}) == {}
    (now,) = [one for one in await driver.messages("bo", "dm") if one.id == board.id]
    assert now.text != board.text
    assert "1. oktober" in now.text
