"""Calls to the local workspace that can't be meant: each gets a 4xx and one sentence, as JSON."""

from __future__ import annotations

import pytest

from bot.clicks import Clicks
from handlers.chat.interactions import React
from storage.session import StorageBusy
from tests.promises.local import LocalDriver


@pytest.mark.parametrize(
    ("path", "status", "sentence"),
    [
        ("/api/nothing", 404, "Der er intet kald, der hedder GET /api/nothing."),
        ("/api/say", 405, "Der er intet kald, der hedder GET /api/say."),
        ("/api/forms", 400, "Der er ingen person med id'et »«."),
        ("/api/forms?as=nobody", 400, "Der er ingen person med id'et »nobody«."),
        ("/api/channels/nowhere/messages?as=anna", 404, "Der er ingen kanal, der hedder »nowhere«."),
        ("/api/channels/dm:bo/messages?as=anna", 403, "De beskeder er en anden persons. Kun personen selv kan se dem."),
    ],
)
async def test_a_refused_call_says_why(chat: LocalDriver, path: str, status: int, sentence: str) -> None:
    answer = await chat.client.get(path)
    assert (answer.status, await answer.json()) == (status, {"ok": False, "error": sentence})


async def test_true_is_no_number_of_hours(chat: LocalDriver) -> None:
    answer = await chat.client.post("/api/clock", json={"forward_hours": True})
    assert answer.status == 400


async def test_metrics_say_what_has_not_come_out(chat: LocalDriver) -> None:
    answer = await chat.client.get("/metrics")
    lines = (await answer.text()).splitlines()
    assert "oenskebot_messages_waiting 0.0" in lines
    assert "oenskebot_messages_parked 0.0" in lines


@pytest.mark.parametrize("header", ["X-Forwarded-For", "forwarded"])
async def test_metrics_are_not_shown_through_a_proxy_on_this_machine(chat: LocalDriver, header: str) -> None:
    assert (await chat.client.get("/metrics", headers={header: "203.0.113.7"})).status == 404


async def test_a_click_that_could_not_be_stored_is_told_again(
    chat: LocalDriver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It stands on the message already; as any chat does, the workspace delivers it until it is taken."""
    await chat.say("anna", "group", "Hej")
    (message,) = await chat.messages("anna", "group")
    taken: list[str] = []

    async def take(_clicks: Clicks, click: React) -> bool:
        taken.append(click.mark)
        if len(taken) < 3:
            raise StorageBusy
        return False

    monkeypatch.setattr(Clicks, "take", take)
    await chat.react("bo", message, "one")
    assert taken == ["000000000001"] * 3


KINDS = {"text", "long", "amount", "number", "date", "time", "choice", "multi", "search", "switch"}
"""What a field may be, by the contract; the page knows no other."""


@pytest.mark.parametrize("command", ["/gruppe indstillinger", "/ønske", "/afstemning", "/møde", "/møde dato"])
async def test_a_field_is_of_a_kind_that_the_page_knows(chat: LocalDriver, command: str) -> None:
    await chat.say("anna", "group", command)
    form = await chat.form("anna")
    assert form is not None
    assert {field.kind for field in form.fields.values()} <= KINDS


async def test_a_group_is_founded_with_fields_that_the_page_knows(chat: LocalDriver) -> None:
    await chat.say("anna", "other", "/gruppe opret")
    form = await chat.form("anna")
    assert form is not None
    assert {field.kind for field in form.fields.values()} <= KINDS
