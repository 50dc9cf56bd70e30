"""Reads what Slack says that people did: its payloads become interactions, and no other file knows their shape."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Mapping
from typing import Any

from bot.platforms.slack.controls import read_choice, read_token
from bot.platforms.slack.directory import Directory
from bot.platforms.slack.forms import read_values
from bot.platforms.slack.text import list_mentioned, read_marked, read_typed
from handlers.chat.interactions import (
    Command,
    Lookup,
    OpenBoard,
    Place,
    Press,
    React,
    Sender,
    Shortcut,
    Submit,
)

NAME = "slack"
SHORTCUT = "make_wish"
CLICK_PATIENCE = 2.0
"""Seconds to find out whether somebody who clicked is a bot, before Slack is asked to deliver the click again."""

Payload = Mapping[str, Any]


class SenderUnknown(Exception):
    """Slack could not be asked in time whether this is a person; it delivers again what is not acknowledged."""


class Receiver:
    """The payloads of one workspace.

    Args:
        workspace: its id.
        address: its address, such as `https://example.slack.com/`, which links begin with.
        directory: who people are.
    """

    def __init__(self, workspace: str, address: str, directory: Directory) -> None:
        self.workspace = workspace
        self._address = address
        self._directory = directory

    async def command(self, body: Payload) -> Command:
        """A slash command."""
        channel, name = str(body["channel_id"]), str(body.get("channel_name") or "")
        text = str(body.get("text") or "")
        sender, place, names = await asyncio.gather(
            self._sender(body["user_id"], str(body.get("user_name") or "")),
            self._place(channel, name),
            self._directory.map_names(list_mentioned(text)),
        )
        return Command(
            sender=sender,
            place=place,
            command=read_typed(str(body["command"])).lstrip("/"),
            text=read_marked(text, names).strip(),
            once=self._once(body.get("trigger_id")),
        )

    async def presses(self, body: Payload) -> list[Press]:
        """A button that was pressed or a select that was used; none where it is not one of ours."""
        sender, place = await self._who_and_where(body)
        return [
            Press(
                sender=sender,
                place=place,
                token=token,
                value=read_typed(read_choice(action)),
                once=self._once(body.get("trigger_id"), number),
            )
            for number, action in enumerate(body["actions"])
            if (token := read_token(action))
        ]

    async def submission(self, body: Payload) -> Submit:
        """A modal that was sent."""
        sender, place = await self._who_and_where(body)
        view = body["view"]
        return Submit(
            sender=sender, place=place, token=str(view.get("private_metadata") or ""), values=read_values(view)
        )

    async def lookup(self, body: Payload) -> Lookup:
        """Letters typed in a search field."""
        sender, place = await self._who_and_where(body)
        return Lookup(
            sender=sender,
            place=place,
            token=str((body.get("view") or {}).get("private_metadata") or ""),
            field=str(body["block_id"]),
            query=read_typed(str(body.get("value") or "")).strip(),
        )

    async def reaction(self, body: Payload) -> React | None:
        """An emoji that was put on or taken off a message; `None` for one on anything else.

        Raises:
            SenderUnknown: it can't be told now whether a person did it.
        """
        event = body["event"]
        item = event.get("item") or {}
        if item.get("type") != "message":
            return None
        known = await self._directory.find_person(str(event["user"]), CLICK_PATIENCE)
        if known is None:
            raise SenderUnknown(event["user"])
        mark, at = read_moment(str(event["event_ts"]))
        return React(
            sender=self._known_sender(str(event["user"]), known.name, known.locale, guest=known.guest, bot=known.bot),
            place=_bare_place(str(item["channel"])),
            message=str(item["ts"]),
            emoji=str(event["reaction"]),
            on=event["type"] == "reaction_added",
            mark=mark,
            at=at,
            once=self._once(body.get("event_id")),
        )

    async def shortcut(self, body: Payload) -> Shortcut:
        """A message that somebody wants to make something of."""
        message = body["message"]
        text = str(message.get("text") or "")
        (sender, place), names = await asyncio.gather(
            self._who_and_where(body), self._directory.map_names(list_mentioned(text))
        )
        return Shortcut(
            sender=sender,
            place=place,
            shortcut=str(body["callback_id"]),
            text=read_marked(text, names).strip(),
            link=self._link(place.channel, message),
            once=self._once(body.get("trigger_id")),
        )

    async def home(self, body: Payload) -> OpenBoard | None:
        """A person opened the bot's home page; `None` for its other pages."""
        event = body["event"]
        if event.get("tab") != "home":
            return None
        user = str(event["user"])
        return OpenBoard(
            sender=await self._sender(user), place=Place(user, direct=True), once=self._once(body.get("event_id"))
        )

    async def _who_and_where(self, body: Payload) -> tuple[Sender, Place]:
        user, channel = body["user"], body.get("channel") or {}
        asked = self._sender(str(user["id"]), str(user.get("name") or user.get("username") or ""))
        if not channel.get("id"):
            sender = await asked
            return sender, Place(sender.user, direct=True)
        return await asyncio.gather(asked, self._place(str(channel["id"]), str(channel.get("name") or "")))

    async def _sender(self, user: str, hint: str = "") -> Sender:
        known = await self._directory.find_person(user)
        if known is None:
            return self._known_sender(user, hint)
        return self._known_sender(user, known.name or hint, known.locale, guest=known.guest, bot=known.bot)

    def _known_sender(
        self, user: str, name: str, locale: str = "", *, guest: bool = False, bot: bool = False
    ) -> Sender:
        return Sender(NAME, self.workspace, user, name, locale, guest=guest, bot=bot)

    async def _place(self, channel: str, name: str) -> Place:
        if name == "directmessage" or is_direct(channel):
            return Place(channel, direct=True)
        if name in ("", "privategroup"):
            name = await self._directory.find_channel_name(channel)
        return Place(channel, name)

    def _once(self, delivery: object, number: int = 0) -> str:
        if not delivery:
            return ""
        return f"{NAME}:{self.workspace}:{delivery}" + (f"/{number}" if number else "")

    def _link(self, channel: str, message: Payload) -> str:
        ts, thread = str(message["ts"]), message.get("thread_ts")
        within = f"?thread_ts={thread}&cid={channel}" if thread and thread != ts else ""
        return link_to(self._address, channel, ts) + within


def read_moment(ts: str) -> tuple[str, dt.datetime]:
    """Slack's `1360782400.498405` as a mark that orders as text does, and as a moment."""
    seconds, _, fraction = ts.partition(".")
    micro = int(f"{fraction:0<6}"[:6])
    at = dt.datetime.fromtimestamp(int(seconds), dt.UTC) + dt.timedelta(microseconds=micro)
    return f"{int(seconds):012d}.{micro:06d}", at


def link_to(address: str, channel: str, ts: str) -> str:
    """Where a message is shown, in the workspace with this address."""
    return f"{address}archives/{channel}/p{ts.replace('.', '')}"


def is_direct(channel: str) -> bool:
    """Whether the id is one of a conversation of two, or of a person."""
    return channel[:1] in ("D", "U", "W")


def _bare_place(channel: str) -> Place:
    return Place(channel, direct=is_direct(channel))
