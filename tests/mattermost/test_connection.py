"""What a server says about waiting is understood, and what it sends is read for what it is."""

from __future__ import annotations

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.platforms.mattermost.connection import LONGEST_ASKED, Connection, ServerRefused
from bot.platforms.mattermost.payloads import read_command

NOW = "Wed, 21 Oct 2026 07:28:00 GMT"


@pytest.mark.parametrize(
    ("asked", "seconds"),
    [
        ("7", 7),
        ("Wed, 21 Oct 2026 07:28:20 GMT", 20),
        ("Wed, 21 Oct 2026 07:27:00 GMT", 0),
        ("Fri, 23 Oct 2026 07:28:00 GMT", LONGEST_ASKED),
        ("9" * 400, LONGEST_ASKED),
        ("inf", 0),
        ("-1", 0),
        ("soon", 0),
        ("", 0),
        ("²", 0),
    ],
)
async def test_how_long_to_wait_may_be_told_as_a_moment(asked: str, seconds: float) -> None:
    async def refuse(_request: web.Request) -> web.Response:
        return web.Response(status=400, headers={"Retry-After": asked, "Date": NOW})

    app = web.Application()
    app.add_routes([web.post("/api/v4/posts", refuse)])
    async with TestServer(app) as server:
        connection = Connection(str(server.make_url("")), "t")
        with pytest.raises(ServerRefused) as caught:
            await connection.post("/posts")
        await connection.close()
    assert caught.value.retry_after == seconds


@pytest.mark.parametrize(
    ("channel", "direct"),
    [(f"{'a' * 26}__{'1' * 26}", True), ("os2__styring", False), ("koordinationsgruppe", False), ("__", False)],
)
def test_a_conversation_of_two_is_named_by_both_ids(channel: str, direct: bool) -> None:
    call = {
        "token": "t",
        "user_id": "u",
        "channel_id": "c",
        "channel_name": channel,
        "command": "/x",
        "trigger_id": "t",
    }
    assert read_command(call).direct == direct
