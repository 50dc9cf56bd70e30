"""What reaches the bot's port without passing the server, as whoever can reach it might send it."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlencode

import aiohttp

from bot.seals import Seals
from handlers.chat.messages import Actions, Button, Message, Text, message
from storage.models.exchange import SentMessage
from tests.conftest import KEY, START
from tests.promises.mattermost import MattermostDriver


async def send(driver: MattermostDriver, path: str, body: Any, *, form: bool = False) -> tuple[int, str]:
    """Returns the status and the body of the answer."""
    content = urlencode(body) if form else json.dumps(body)
    media_type = "application/x-www-form-urlencoded" if form else "application/json"
    async with aiohttp.ClientSession() as session:
        url = f"{driver.bot.address}/mattermost/{path}"
        async with session.post(url, data=content, headers={"Content-Type": media_type}) as response:
            return response.status, await response.text()


def command(driver: MattermostDriver, **changes: str) -> dict[str, str]:
    call = {
        "token": driver.bot.command_tokens[0],
        "user_id": driver.people["bo"].id,
        "user_name": "bo",
        "channel_id": driver.channels["group"],
        "channel_name": "koordinationsgruppe",
        "command": "/ønske",
        "text": "",
        "trigger_id": "x",
        "response_url": "",
    }
    return call | changes


def action(driver: MattermostDriver, post: str, context: Any, person: str = "carla") -> dict[str, Any]:
    return {
        "user_id": driver.people[person].id,
        "user_name": person,
        "channel_id": driver.channels["group"],
        "channel_name": "koordinationsgruppe",
        "team_id": driver.server.team,
        "post_id": post,
        "trigger_id": "made up",
        "type": "button",
        "context": context,
    }


def context_of(driver: MattermostDriver, post: str, label: str) -> dict[str, Any]:
    """What a button carries: only the server knows, and whoever may look into its database."""
    actions = driver.server.state.posts[post]["props"]["attachments"][0]["actions"]
    context: dict[str, Any] = next(one for one in actions if label in one["name"])["integration"]["context"]
    return context


async def put_menu(driver: MattermostDriver) -> str:
    """A message of the bot for everybody with so many buttons that some are choices of a menu; returns its id."""
    buttons = tuple(Button(f"Ønske {number}", "wish.show", str(number)) for number in range(60))
    return await put_message(driver, message(Text("Vælg"), Actions(buttons)), "1:poll:9/1")


async def put_message(driver: MattermostDriver, shown: Message, key: str) -> str:
    """A message of the bot for everybody, which it knows as its own; returns its id."""
    sealed = Seals((KEY,)).seal_message(shown, 1, key)
    made = await driver.bot.platform.post(driver.channels["group"], sealed, mark=key)
    async with driver.runtime.storage.write() as session:
        place = {"platform": "mattermost", "workspace": "server", "channel": made.channel, "message": made.message}
        session.add(SentMessage(key=key, group_id=1, sent_at=START, updated_at=START, **place))
    return made.message
