"""What goes wrong around the bot while it runs: it survives, says so in its log, and asks for a hand where needed.

Forged, old and repeated requests stand in `test_arriving`, as do bots that vote; broken deliveries in `test_faults`."""

from __future__ import annotations

import pytest
from structlog.testing import capture_logs

from storage.queries import outbox
from storage.session import Storage
from tests.doubles.slack import BOT_TOKEN
from tests.promises.driver import SeenMessage
from tests.promises.slack import CHANNELS, SlackDriver, user_id
from tests.ready import make_ready

GROUP = CHANNELS["group"]


async def _wish(slack: SlackDriver, title: str = "Vis mailadresse") -> None:
    await slack.say("bo", "group", "/ønske")
    assert await slack.submit("bo", {"title": title, "need": "Hver dag."}) == {}


async def _poll(slack: SlackDriver, kept: Storage) -> SeenMessage:
    await make_ready(kept, "Vis mailadresse", "Slet en konsulent")
    await slack.say("anna", "group", "/afstemning")
    assert await slack.submit("anna", {"title": "Prioritering"}) == {}
    return next(one for one in await slack.messages("anna", "group") if "one" in one.reactions)


async def _told(slack: SlackDriver, person: str) -> str:
    """What the person hears in the next bundle."""
    before = len(await slack.messages(person, "dm"))
    await slack.forward(24)
    return "\n".join(one.text for one in (await slack.messages(person, "dm"))[before:])


@pytest.mark.parametrize(
    ("trouble", "reason"),
    [("archived", "is_archived"), ("removed", "channel_not_found"), ("gone", "channel_not_found")],
)
async def test_a_channel_that_takes_nothing_more_is_told_to_the_leader_once_a_week(
    slack: SlackDriver, kept: Storage, trouble: str, reason: str
) -> None:
    slack.double.tolerated.add(reason)
    channel = slack.double.workspace.channels[GROUP]
    if trouble == "archived":
        channel.archived = True
    elif trouble == "removed":
        channel.members.discard("U0BOT")
    else:
        del slack.double.workspace.channels[GROUP]
        slack.double.workspace.channels["C0NEW"] = channel
    with capture_logs() as logs:
        for title in ("Vis mailadresse", "Slet en konsulent"):
            await slack.say("bo", "dm", "/ønske")
            assert await slack.submit("bo", {"title": title, "need": "Hver dag."}) == {}
    assert ("send_failed", reason) in [(one["event"], one.get("reason")) for one in logs]
    async with kept.read() as session:
        assert [one.reason for one in await outbox.list_parked(session)] == [reason, reason]
    assert len(await slack.messages("bo", "dm")) == 2, "what can be sent is sent"
    told = await _told(slack, "anna")
    assert told.count("Jeg kan ikke skrive i gruppens kanal.") == 1


async def test_a_poll_whose_channel_is_gone_keeps_its_ballots_and_the_leader_is_told(
    slack: SlackDriver, kept: Storage
) -> None:
    poll = await _poll(slack, kept)
    await slack.react("bo", poll, "one")
    slack.double.tolerated |= {"channel_not_found", "not_in_channel"}
    slack.double.workspace.channels[GROUP].members.discard("U0BOT")
    await slack.forward(24 * 8)
    slack.double.workspace.channels[GROUP].members.add("U0BOT")
    heard = "\n".join(one.text for one in await slack.messages("anna", "dm"))
    assert "afstemning 1" in heard.lower()
    await slack.say("carla", "group", "/afstemning resultat 1")
    assert "1 af 3 kommuner har stemt" in (await slack.messages("carla", "private"))[-1].text


async def test_the_ballot_of_a_deactivated_account_still_counts(slack: SlackDriver, kept: Storage) -> None:
    poll = await _poll(slack, kept)
    await slack.react("bo", poll, "one")
    slack.double.workspace.people[user_id("bo")].deleted = True
    await slack.runtime.reconcile("slack")
    await slack.settle()
    assert "1 af 3 kommuner har stemt" in "\n".join(one.text for one in await slack.messages("anna", "group"))


async def test_a_deactivated_account_is_written_to_no_more_and_the_leader_is_told(
    slack: SlackDriver, kept: Storage
) -> None:
    await _wish(slack)
    slack.double.workspace.people[user_id("bo")].deleted = True
    before = len(await slack.messages("bo", "dm"))
    await slack.say("anna", "group", "/ønske status 1 screening")
    await slack.forward(48)
    await slack.say("anna", "group", "/ønske status 1 hold")
    await slack.forward(24)
    assert len(await slack.messages("bo", "dm")) == before
    heard = "\n".join(one.text for one in await slack.messages("anna", "dm"))
    assert heard.count("Mine beskeder når ikke frem til Bo Lind: kontoen er lukket.") == 1, "once a week"


async def test_with_a_revoked_token_the_log_says_so_and_afterwards_all_goes_on(slack: SlackDriver) -> None:
    slack.double.tolerated.add("invalid_auth")
    slack.double.tokens.clear()
    with capture_logs() as logs:
        for _ in range(2):
            await slack.say("carla", "group", "/ønske")
    told = [(one["reason"], one["setting"]) for one in logs if one["event"] == "slack_token_refused"]
    assert told == [("invalid_auth", "OENSKEBOT_SLACK_BOT_TOKEN")]
    assert await slack.form("carla") is None
    assert not slack.slack.connected
    slack.double.tokens.add(BOT_TOKEN)
    await _wish(slack)
    assert [one.text.splitlines()[0] for one in await slack.messages("anna", "group")] == ["#1 Vis mailadresse"]


async def test_for_how_long_the_token_was_refused_is_told_to_the_leader_when_it_works_again(slack: SlackDriver) -> None:
    slack.double.tolerated |= {"invalid_auth"}
    await slack.say("bo", "group", "/ønske")
    slack.double.tokens.clear()
    assert await slack.submit("bo", {"title": "Vis mailadresse", "need": "Hver dag."}) == {}
    await slack.forward(0.2)
    assert slack.outages.get_nowait().over is False
    slack.double.tokens.add(BOT_TOKEN)
    await slack.forward(0.2)
    assert slack.outages.get_nowait().over is True
    told = await _told(slack, "anna")
    assert "Slack afviste min nøgle fra" in told
    assert "Slack har afvist" not in told
    assert slack.slack.connected


async def test_a_token_that_was_refused_for_a_moment_is_nothing_to_tell_of(slack: SlackDriver) -> None:
    slack.double.tolerated |= {"invalid_auth"}
    slack.double.tokens.clear()
    await slack.say("carla", "group", "/ønske")
    slack.double.tokens.add(BOT_TOKEN)
    await slack.say("carla", "group", "/ønske")
    assert slack.outages.empty()


async def test_a_message_waits_for_its_token_and_is_sent_once(slack: SlackDriver) -> None:
    slack.double.tolerated |= {"invalid_auth"}
    await slack.say("bo", "group", "/ønske")
    slack.double.tokens.clear()
    assert await slack.submit("bo", {"title": "Vis mailadresse", "need": "Hver dag."}) == {}
    assert await slack.messages("anna", "group") == []
    slack.double.tokens.add(BOT_TOKEN)
    await slack.forward(1)
    assert [one.text.splitlines()[0] for one in await slack.messages("anna", "group")] == ["#1 Vis mailadresse"]
    assert len(await slack.messages("bo", "dm")) == 1
