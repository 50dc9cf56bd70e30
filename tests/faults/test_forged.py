"""Calls to the local workspace that are no part of its contract: each is refused, and nothing happens."""

from __future__ import annotations

import asyncio
import gzip
import io
from typing import Any

import pytest
import structlog
from aiohttp.web import AppRunner, TCPSite

from bot import web
from bot.clock import MovableClock
from bot.platforms.local.send import LocalSender
from bot.port import File
from tests.conftest import START
from tests.conversations.conftest import chat
from tests.promises.local import LocalDriver

__all__ = ["chat"]
GROUP = "koordinationsgruppe"
_HEADERS = b"Host: localhost\r\nContent-Type: application/json\r\nContent-Length: 9\r\nExpect: 100-continue"
HALF = b"POST /api/say HTTP/1.1\r\n" + _HEADERS + b"\r\n\r\n{"
"""A call whose end does not come."""


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("/api/say", [], 400),
        ("/api/say", {"as": 1}, 400),
        ("/api/say", {"as": "nobody", "channel": GROUP, "text": "hej"}, 400),
        ("/api/say", {"as": "anna", "channel": "dm:bo", "text": "hej"}, 400),
        ("/api/say", {"as": "anna", "channel": GROUP, "text": "x" * 20_000}, 400),
        ("/api/say", {"as": "anna", "channel": GROUP, "text": " "}, 400),
        ("/api/react", {"as": "anna", "message": "999", "emoji": "one", "on": True}, 400),
        ("/api/react", {"as": "anna", "message": "1", "emoji": "", "on": True}, 400),
        ("/api/react", {"as": "anna", "message": "9" * 30, "emoji": "one", "on": True}, 400),
        ("/api/press", {"as": "anna", "message": "1", "button": "b.x.y"}, 400),
        ("/api/submit", {"as": "anna", "form": "f.W10.AAAA", "values": {}}, 400),
        ("/api/submit", {"as": "anna", "form": "f.W10.AAAA", "values": []}, 400),
        ("/api/clock", {"forward_hours": -1}, 400),
        ("/api/clock", {"to": "i morgen"}, 400),
        ("/api/clock", {"to": "9999-12-31T23:59:59"}, 400),
    ],
)
async def test_a_call_that_is_not_of_the_contract_is_refused(
    chat: LocalDriver, path: str, body: Any, status: int
) -> None:
    response = await chat.client.post(path, json=body)
    answer = await response.json()
    assert response.status == status
    assert answer["ok"] is False
    assert answer["error"]
    assert await chat.messages("anna", "group") == []


@pytest.mark.parametrize(
    "headers", [{"Origin": "http://evil.example"}, {"Content-Type": "text/plain"}], ids=["origin", "content type"]
)
async def test_another_page_can_not_speak_for_anybody(chat: LocalDriver, headers: dict[str, str]) -> None:
    body = b'{"as": "anna", "channel": "koordinationsgruppe", "text": "hej"}'
    sent = {"Content-Type": "application/json"} | headers
    response = await chat.client.post("/api/say", data=body, headers=sent)
    assert response.status == 403
    assert await chat.messages("anna", "group") == []


async def test_a_name_that_somebody_pointed_at_this_machine_reads_nothing(chat: LocalDriver) -> None:
    for host in ("evil.example", "evil.example:8765", "127.0.0.1.evil.example"):
        response = await chat.client.get("/api/state", headers={"Host": host})
        assert response.status == 403
    for host in ("localhost:8765", "127.0.0.1", "[::1]:8765"):
        assert (await chat.client.get("/api/state", headers={"Host": host})).status == 200


async def test_the_refusal_is_in_the_pages_language(chat: LocalDriver) -> None:
    body = {"as": "anna", "channel": GROUP, "text": " "}
    said = [
        (await (await chat.client.post("/api/say", json=body, headers={"Accept-Language": one})).json())["error"]
        for one in ("da-DK,da;q=0.9", "en-GB", "fr")
    ]
    danish = "Der står ikke noget i beskeden. Skriv lidt tekst først."
    assert said == [danish, "There is nothing in the message. Write some text first.", danish]


async def test_nobody_reads_anothers_direct_messages(chat: LocalDriver) -> None:
    response = await chat.client.get("/api/channels/dm:bo/messages?as=anna")
    assert response.status == 403


@pytest.mark.parametrize(
    "path",
    [
        "/page/..%2freceive.py",
        "/page/index.html%00",
        "/files/nothing",
        "/page/__init__.py",
        "/files/%00",
        "/api/channels/x/messages?as=%00",
        f"/page/{'a' * 5_000}.svg",
    ],
)
async def test_only_the_page_is_served(chat: LocalDriver, path: str) -> None:
    assert (await chat.client.get(path)).status == 404


@pytest.mark.parametrize(
    "body",
    [b"[" * 100_000 + b"]" * 100_000, b"1" * 5000, b"\xff\xfe", b"", b"null", b'{"as": "anna"'],
    ids=["deep", "long number", "no text", "nothing", "null", "half"],
)
async def test_what_can_not_be_read_is_refused(chat: LocalDriver, body: bytes) -> None:
    response = await chat.client.post("/api/say", data=body, headers={"Content-Type": "application/json"})
    assert response.status == 400
    assert (await response.json())["error"].startswith("Kaldet kunne ikke læses")


@pytest.mark.parametrize(
    ("body", "headers", "status", "begins"),
    [
        (b"no gzip", {"Content-Encoding": "gzip"}, 400, "Kaldet kunne ikke læses"),
        (gzip.compress(b"0" * 50_000_000), {"Content-Encoding": "gzip"}, 413, "Kaldet er for stort"),
        (b"0" * 1_100_000, {}, 413, "Kaldet er for stort"),
    ],
    ids=["no gzip", "much in little", "large"],
)
async def test_what_is_not_taken_in_at_all_is_refused(
    chat: LocalDriver, body: bytes, headers: dict[str, str], status: int, begins: str
) -> None:
    sent = {"Content-Type": "application/json"} | headers
    with structlog.testing.capture_logs():
        response = await chat.client.post("/api/say", data=io.BytesIO(body), headers=sent)
    assert response.status == status
    assert (await response.json())["error"].startswith(begins)


async def test_who_never_ends_is_not_waited_for(
    chat: LocalDriver, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(web, "BODY_PATIENCE", 0.1)
    with structlog.testing.capture_logs() as logged:
        reader, writer = await asyncio.open_connection(chat.client.host, chat.client.port)
        writer.write(HALF)
        assert b"408" in await reader.read()
        writer.close()
    assert [line["kind"] for line in logged] == ["TimeoutError"]
    assert caplog.records == []


async def test_who_breaks_off_is_one_line_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    """On a server as it is run: that of the other tests forgets a call with its caller."""
    app = web.make_callbacks([])
    runner = AppRunner(app, access_log=None)
    await runner.setup()
    await TCPSite(runner, "127.0.0.1", 0).start()
    with structlog.testing.capture_logs() as logged:
        reader, writer = await asyncio.open_connection(*runner.addresses[0][:2])
        writer.write(HALF)
        assert b"100" in await reader.readline()
        writer.close()
        await writer.wait_closed()
        await runner.cleanup()  # ends when every call has
    assert [line["kind"] for line in logged] == ["ConnectionResetError"]
    assert caplog.records == []


async def test_a_file_is_attached_once_however_often_it_is_sent(chat: LocalDriver) -> None:
    sender = LocalSender(chat.runtime.storage, MovableClock(START))
    file = File("liste.csv", "text/csv", b"a;b", "Listen")
    for _ in range(2):
        await sender.attach("", "anna", file, mark="mark")
    found = [one for one in await chat.messages("anna", "dm") if one.files]
    assert [one.files for one in found] == [("liste.csv",)]
