"""The calls that the bot makes to a Mattermost server, each with its types."""

from __future__ import annotations

import datetime as dt
import urllib.parse
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

from bot.platforms.mattermost.connection import Connection, ServerRefused


@dataclass(frozen=True, slots=True)
class User:
    """Somebody on the server; `name` is what people call them."""

    id: str
    username: str
    name: str
    locale: str = ""
    bot: bool = False
    guest: bool = False


@dataclass(frozen=True, slots=True)
class Channel:
    """`name` stands in its address, `shown` is what people see in their list of channels."""

    id: str
    name: str
    team: str
    shown: str = ""
    archived: bool = False


@dataclass(frozen=True, slots=True)
class NewPost:
    """A message to be posted. `pending` makes a repetition harmless, `root` is the message that it answers, `files` are
    ids of what was uploaded."""

    channel: str
    text: str
    props: dict[str, Any]
    pending: str = ""
    root: str = ""
    files: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PostSeen:
    """A message as it is read back; what its buttons carry is never told."""

    id: str
    channel: str
    author: str
    created: int
    props: dict[str, Any] = field(default_factory=dict)
    pinned: bool = False


@dataclass(frozen=True, slots=True)
class Reaction:
    """`at` is when it was last put on."""

    user: str
    emoji: str
    at: dt.datetime


class Client(Connection):
    """The bot's calls."""

    async def me(self) -> User:
        return read_user(await self.get("/users/me"))

    async def user(self, user: str) -> User:
        return read_user(await self.get(f"/users/{_quoted(user)}"))

    async def find_user(self, username: str) -> User | None:
        """The person with this account name, `None` where there is none that the bot may see."""
        try:
            return read_user(await self.get(f"/users/username/{_quoted(username)}"))
        except ServerRefused as error:
            if error.status in (400, 403, 404):
                return None
            raise

    async def users(self, ids: Collection[str]) -> list[User]:
        return [read_user(found) for found in await self.post("/users/ids", sorted(ids))]

    async def create_post(self, post: NewPost) -> str:
        """Post a message; returns its id. A second one with the same `pending` within half a minute is the first."""
        body = {
            "channel_id": post.channel,
            "message": post.text,
            "props": post.props,
            "pending_post_id": post.pending,
            "root_id": post.root,
            "file_ids": list(post.files),
        }
        return str((await self.post("/posts", body))["id"])

    async def patch_post(self, post: str, text: str, props: dict[str, Any]) -> None:
        """Let a message look so now; what is not given, such as its files, stays."""
        await self.put(f"/posts/{_quoted(post)}/patch", {"message": text, "props": props})

    async def find_post(self, post: str) -> PostSeen | None:
        """The message, `None` where there is none that the bot may see."""
        try:
            return read_post(await self.get(f"/posts/{_quoted(post)}"))
        except ServerRefused as error:
            if error.status in (400, 403, 404):
                return None
            raise

    async def pin_post(self, post: str) -> None:
        await self.post(f"/posts/{_quoted(post)}/pin")

    async def list_posts(self, channel: str, page: int = 0, size: int = 200) -> list[PostSeen]:
        """The channel's messages, newest first."""
        return _listed(await self.get(f"/channels/{_quoted(channel)}/posts", page=page, per_page=size))

    async def list_pinned(self, channel: str) -> list[PostSeen]:
        return _listed(await self.get(f"/channels/{_quoted(channel)}/pinned"))

    async def direct_channel(self, one: str, other: str) -> str:
        """The id of the two's conversation, which is made where there is none."""
        return str((await self.post("/channels/direct", [one, other]))["id"])

    async def channel(self, channel: str) -> Channel:
        return read_channel(await self.get(f"/channels/{_quoted(channel)}"))

    async def is_member(self, channel: str, user: str) -> bool:
        try:
            await self.get(f"/channels/{_quoted(channel)}/members/{_quoted(user)}")
        except ServerRefused as error:
            if error.status in (403, 404):
                return False
            raise
        return True

    async def add_reaction(self, user: str, post: str, emoji: str) -> None:
        await self.post("/reactions", {"user_id": user, "post_id": post, "emoji_name": emoji})

    async def list_reactions(self, post: str) -> list[Reaction] | None:
        """All emojis on a message, `None` where it is gone or can't be read."""
        try:
            found = await self.get(f"/posts/{_quoted(post)}/reactions")
        except ServerRefused as error:
            if error.status in (400, 403, 404):
                return None
            raise
        return [Reaction(one["user_id"], one["emoji_name"], last_changed(one)) for one in found or ()]

    async def open_dialog(self, trigger: str, url: str, dialog: dict[str, Any]) -> None:
        """Show a dialog to whom the trigger belongs; it lives three seconds from the click on."""
        await self.post("/actions/dialogs/open", {"trigger_id": trigger, "url": url, "dialog": dialog})

    async def upload(self, channel: str, name: str, content: bytes) -> str:
        """A file that can be put on one message; returns its id."""
        query = {"channel_id": channel, "filename": name}
        answer = await self.call("POST", "/files", query=query, content=content, media_type="application/octet-stream")
        return str(answer["file_infos"][0]["id"])

    async def execute_command(self, channel: str, team: str, command: str) -> dict[str, Any]:
        """Give a slash command, as the bot itself; returns what was answered to it."""
        body = {"channel_id": channel, "team_id": team, "command": command}
        answer: dict[str, Any] = await self.post("/commands/execute", body)
        return answer

    async def send_dialog(self, url: str, channel: str, team: str, state: str) -> dict[str, Any]:
        """Send an empty dialog, as the bot itself and without one having been opened; returns what the sender's client
        is told of the answer."""
        where = {"url": url, "channel_id": channel, "team_id": team}
        body = where | {"callback_id": "form", "state": state, "submission": {}, "cancelled": False}
        answer: dict[str, Any] = await self.post("/actions/dialogs/submit", body)
        return answer

    async def list_command_words(self, team: str) -> set[str]:
        """The words that the team has slash commands for."""
        found = await self.get(f"/teams/{_quoted(team)}/commands/autocomplete")
        return {one["trigger"] for one in found}

    async def list_my_channels(self, team: str) -> list[Channel]:
        """The channels that the bot is in, conversations of two included."""
        return [read_channel(one) for one in await self.get(f"/users/me/teams/{_quoted(team)}/channels")]

    async def list_my_teams(self) -> list[str]:
        return [one["id"] for one in await self.get("/users/me/teams")]


def read_user(found: dict[str, Any]) -> User:
    """Somebody, from what the server says of them."""
    called = " ".join(part for part in (found.get("first_name", ""), found.get("last_name", "")) if part)
    return User(
        id=found["id"],
        username=found["username"],
        name=called or found.get("nickname") or found["username"],
        locale=found.get("locale", ""),
        bot=bool(found.get("is_bot")),
        guest="system_guest" in found.get("roles", "").split(),
    )


def last_changed(reaction: dict[str, Any]) -> dt.datetime:
    """When an emoji was last put on or taken off, by the server's own word: `create_at` is what the client of whoever
    clicked said, if it said anything, and stays as it is when the emoji is taken off and put on again [measured]."""
    return dt.datetime.fromtimestamp(reaction["update_at"] / 1000, dt.UTC)


def read_post(found: dict[str, Any]) -> PostSeen:
    props, pinned = found.get("props") or {}, bool(found.get("is_pinned"))
    return PostSeen(found["id"], found["channel_id"], found["user_id"], found["create_at"], props, pinned)


def read_channel(found: dict[str, Any]) -> Channel:
    archived = bool(found.get("delete_at"))
    return Channel(found["id"], found["name"], found.get("team_id", ""), found.get("display_name", ""), archived)


def _listed(found: dict[str, Any]) -> list[PostSeen]:
    return [read_post(found["posts"][post]) for post in dict.fromkeys(found["order"])]


def _quoted(part: str) -> str:
    return urllib.parse.quote(part, safe="")
