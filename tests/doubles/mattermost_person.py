"""A person at a Mattermost server: what their client sends, shows and keeps, over HTTP and its own websocket."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import aiohttp

from tests.doubles.mattermost_state import Json

Value = str | bool | None


@dataclass
class OpenDialog:
    """A dialog on the person's screen, with what stands in it."""

    url: str
    dialog: Json
    channel: str
    values: dict[str, Value] = field(default_factory=dict)

    @property
    def elements(self) -> list[Json]:
        return self.dialog.get("elements") or []


class Refused(Exception):
    """The server said no; `error` is its name."""

    def __init__(self, status: int, error: str) -> None:
        super().__init__(f"{error} ({status})")
        self.status = status
        self.error = error


class Person:
    """One person, logged in.

    `channel` is the one that they look at, where a dialog's answer is sent from; `name` is what others call them, and
    `account` what they type after @.
    `reactions` is the news of emojis that their client has got: (event, message, who, emoji).
    """

    def __init__(self, session: aiohttp.ClientSession, address: str, user: str, token: str, team: str) -> None:
        self.id = user
        self.name = ""
        self.account = ""
        self.reactions: list[tuple[str, str, str, str]] = []
        self.channel = ""
        self.dialog: OpenDialog | None = None
        self.private: list[Json] = []
        self._session = session
        self._address = address
        self._team = team
        self._headers = {"Authorization": f"Bearer {token}"}
        self._socket: aiohttp.ClientWebSocketResponse | None = None
        self._pings = 0
        self._pong = asyncio.Event()

    @asynccontextmanager
    async def online(self) -> AsyncIterator[Person]:
        """With a websocket, as long as this lasts."""
        address = f"{self._address}/api/v4/websocket"
        async with self._session.ws_connect(address, headers=self._headers) as socket:
            self._socket = socket
            reading = asyncio.create_task(self._read(socket))
            yield self
            reading.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await reading

    async def up_to_date(self) -> None:
        """Everything that the server had told this person has arrived."""
        assert self._socket is not None
        self._pong.clear()
        self._pings += 1
        await self._socket.send_json({"seq": self._pings, "action": "ping"})
        await asyncio.wait_for(self._pong.wait(), 10)

    async def call(self, method: str, path: str, body: object = None) -> Any:
        """A call of the person's client.

        Raises:
            Refused: the server's answer is an error.
        """
        url = f"{self._address}/api/v4{path}"
        async with self._session.request(method, url, json=body, headers=self._headers) as response:
            raw = await response.text()
            if response.status >= 400:
                error = json.loads(raw)["id"] if raw.startswith("{") else raw
                raise Refused(response.status, error)
            return json.loads(raw)

    async def command(self, channel: str, text: str) -> None:
        self.channel = channel
        body = {"channel_id": channel, "team_id": self._team, "root_id": "", "command": text}
        await self.call("POST", "/commands/execute", body)

    async def write(self, channel: str, text: str, props: Json | None = None) -> Json:
        body = {"channel_id": channel, "message": text, "props": props or {}}
        made: Json = await self.call("POST", "/posts", body)
        return made

    async def click(self, post: Json, action: str, option: str = "") -> None:
        """Press a button, or choose in a select."""
        self.channel = post["channel_id"]
        body: Json = {"selected_option": option} if option else {}
        for attachment in post["props"].get("attachments") or ():
            for one in attachment.get("actions") or ():
                if one["id"] == action and one.get("cookie"):
                    body["cookie"] = one["cookie"]
        await self.call("POST", f"/posts/{post['id']}/actions/{action}", body)

    async def react(self, post: str, emoji: str, *, on: bool) -> None:
        if on:
            await self.call("POST", "/reactions", {"user_id": self.id, "post_id": post, "emoji_name": emoji})
        else:
            await self.call("DELETE", f"/users/{self.id}/posts/{post}/reactions/{emoji.replace('+', '%2B')}")

    async def download(self, file: str) -> bytes:
        """What is in a file."""
        url = f"{self._address}/api/v4/files/{file}"
        async with self._session.get(url, headers=self._headers) as response:
            assert response.status == 200, await response.text()
            return await response.read()

    async def read(self, channel: str) -> list[Json]:
        """The channel's messages, oldest first, with the lines that only this person got there."""
        found = await self.call("GET", f"/channels/{channel}/posts?per_page=200")
        posts = [found["posts"][one] for one in found["order"]]
        mine = [post for post in self.private if post["channel_id"] == channel]
        return sorted([*posts, *mine], key=lambda post: post["create_at"])

    async def send_dialog(self) -> Json:
        """Press the dialog's button; returns the sentences that the client shows, none where it closes.

        The client itself asks for what must be filled in before it sends anything.
        """
        assert self.dialog is not None, "no dialog is open"
        missing = [
            one["name"]
            for one in self.dialog.elements
            if not one.get("optional") and self.dialog.values.get(one["name"]) in ("", None)
        ]
        if missing:
            return {"errors": dict.fromkeys(missing, "This field is required.")}
        answer = await self.submit(self.dialog, self.dialog.dialog.get("state", ""), self.dialog.values)
        if not answer.get("errors") and not answer.get("error"):
            self.dialog = None
        return answer

    async def submit(self, shown: OpenDialog, state: str, values: dict[str, Any]) -> Json:
        """What goes over the line when a dialog is sent; a client may put anything in it."""
        body = {
            "url": shown.url,
            "callback_id": shown.dialog.get("callback_id", ""),
            "state": state,
            "channel_id": shown.channel,
            "team_id": self._team,
            "submission": values,
            "cancelled": False,
        }
        answer: Json = await self.call("POST", "/actions/dialogs/submit", body)
        return answer

    async def _read(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        async for frame in socket:
            told = json.loads(frame.data)
            if "seq_reply" in told:
                self._pong.set()
            elif told["event"] == "open_dialog":
                opened = json.loads(told["data"]["dialog"])
                values = {one["name"]: _start(one) for one in opened["dialog"].get("elements") or ()}
                self.dialog = OpenDialog(opened["url"], opened["dialog"], self.channel, values)
            elif told["event"] in ("reaction_added", "reaction_removed"):
                one = json.loads(told["data"]["reaction"])
                self.reactions.append((told["event"], one["post_id"], one["user_id"], one["emoji_name"]))
            elif told["event"] == "ephemeral_message":
                self.private.append(json.loads(told["data"]["post"]))


def _start(element: Json) -> Value:
    """What stands in an element when the dialog opens."""
    if element["type"] == "bool":
        return element.get("default") == "true"
    return element.get("default") or None
