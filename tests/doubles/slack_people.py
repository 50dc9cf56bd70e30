"""What people do in Slack, as the payloads that Slack delivers to the bot for it."""

from __future__ import annotations

import asyncio
import re
from typing import Any

from tests.doubles.slack_limits import check_found, check_view
from tests.doubles.slack_state import BOT, TEAM, OpenView, Posted, Thing, Workspace
from tests.doubles.slack_transport import NotAcknowledged, NotWanted, Transport

RETRIES = 3

EVENT_SCOPES = {
    "app_home_opened": "",
    "reaction_added": "reactions:read",
    "reaction_removed": "reactions:read",
    "member_joined_channel": "{kind}:read",
    "channel_unarchive": "channels:read",
    "group_unarchive": "groups:read",
}
"""Event → the scope without which Slack delivers none; `{kind}` is `channels` or `groups`, as the channel is."""


class People:
    """The people of a workspace at their keyboards. `lost` are the events that the bot never took: at the end there
    may be none, unless the test says that some may be (`may_lose`).

    Args:
        workspace: where they are.
        manifest: what the app registered; nothing else reaches it.
        transport: how it is delivered.
    """

    def __init__(self, workspace: Workspace, manifest: Thing, transport: Transport) -> None:
        self.workspace = workspace
        self.offences: list[str] = []
        self.address = ""
        self.lost: list[Thing] = []
        self.may_lose = False
        self.event_seconds = 3.0
        self.group_labels: list[str] = []
        self.last: tuple[str, Thing] | None = None
        self._transport = transport
        self._commands = {one["command"] for one in manifest["features"]["slash_commands"]}
        self._escapes = all(one["should_escape"] for one in manifest["features"]["slash_commands"])
        self._events = set(manifest["settings"]["event_subscriptions"]["bot_events"])
        self._scopes = {"", *manifest["oauth_config"]["scopes"]["bot"]}
        self._shortcuts = {one["callback_id"] for one in manifest["features"]["shortcuts"]}

    async def command(self, user: str, channel: str, text: str) -> None:
        """A slash command. Slack itself says so where the app has none of that name."""
        name, _, rest = text.partition(" ")
        assert name in self._commands, f"Slack: {name} is not a valid command"
        assert "commands" in self._scopes
        there = self.workspace.channels[channel]
        body = {
            "token": "unused",
            "team_id": TEAM,
            "team_domain": "test",
            "channel_id": channel,
            "channel_name": there.told_name,
            "user_id": user,
            "user_name": self._name(user),
            "command": name,
            "text": self._escaped(rest.strip()) if self._escapes else rest.strip(),
            "api_app_id": "A0TEST",
            "is_enterprise_install": "false",
            "response_url": self._response(user, channel),
            "trigger_id": self.workspace.make_trigger(user),
        }
        answer = await self._interact("slash_commands", body)
        if answer and answer.get("text"):
            self.offences.append(f"an answer in the acknowledgement that nobody planned: {answer}")

    def _escaped(self, text: str) -> str:
        """The text with markup where Slack finds people in it."""
        marked = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        for one in self.workspace.people.values():
            handle = one.shown()["name"]
            marked = re.sub(rf"@{re.escape(handle)}(?![\w.-])", f"<@{one.id}|{handle}>", marked)
        return marked

    async def press(self, user: str, post: Posted, element: Thing, value: str = "") -> None:
        """Press a button, confirming where it asks, or choose in a select."""
        there = self.workspace.channels[post.channel]
        container = {"type": "message", "message_ts": post.ts, "channel_id": post.channel}
        body: Thing = self._interaction(user, "block_actions") | {
            "container": container | {"is_ephemeral": bool(post.ephemeral_to)},
            "channel": {"id": post.channel, "name": there.told_name},
            "state": {"values": {}},
            "response_url": self._response(user, post.channel),
            "actions": [_action(element, value)],
        }
        if post.thread:
            container["thread_ts"] = post.thread
        if not post.ephemeral_to:
            body["message"] = post.shown()
        await self._interact("interactive", body)

    async def press_home(self, user: str, element: Thing, value: str = "") -> None:
        """Press a button on the bot's home page."""
        view = {"id": "V0HOME", "private_metadata": ""} | self.workspace.homes[user]
        body = self._interaction(user, "block_actions") | {
            "container": {"type": "view", "view_id": "V0HOME"},
            "view": view,
            "actions": [_action(element, value)],
        }
        await self._interact("interactive", body)

    async def submit(self, user: str, values: Thing) -> dict[str, str]:
        """Send the modal on top; returns the sentences at its fields."""
        stack = self.workspace.views[user]
        top = stack[-1]
        body = self._interaction(user, "view_submission") | {"view": top.shown(values), "response_urls": []}
        answer = await self._interact("interactive", body) or {}
        action = answer.get("response_action")
        if action == "errors":
            inputs = {block["block_id"] for block in top.view["blocks"] if block["type"] == "input"}
            if not answer["errors"] or not set(answer["errors"]) <= inputs:
                self.offences.append(f"errors at no field: {answer['errors']}")
            return dict(answer["errors"])
        stack.pop()
        if action in ("update", "push"):
            self.offences += check_view(answer["view"])
            made = OpenView(top.id, user, answer["view"])
            self.workspace.views[user] = [*stack, top, made] if action == "push" else [*stack, made]
        elif action is not None or answer:
            self.offences.append(f"an answer to a form that Slack does not know: {answer}")
        return {}

    async def options(self, user: str, block_id: str, query: str) -> list[Thing]:
        """What a search field offers for these letters."""
        top = self.workspace.views[user][-1]
        element = next(block["element"] for block in top.view["blocks"] if block.get("block_id") == block_id)
        body = self._interaction(user, "block_suggestion") | {
            "container": {"type": "view", "view_id": top.id},
            "view": top.shown(),
            "action_id": element["action_id"],
            "block_id": block_id,
            "value": query,
        }
        answer = await self._interact("interactive", body) or {"options": []}
        self.offences += check_found(answer)
        groups = answer.get("option_groups") or [answer]
        self.group_labels = [group["label"]["text"] for group in groups if "label" in group]
        return [option for group in groups for option in group["options"]]

    async def shortcut(self, user: str, post: Posted, callback: str) -> None:
        """Choose the app's shortcut on a message."""
        assert callback in self._shortcuts
        assert "commands" in self._scopes
        body = self._interaction(user, "message_action") | {
            "callback_id": callback,
            "channel": {"id": post.channel, "name": self.workspace.channels[post.channel].told_name},
            "message_ts": post.ts,
            "message": post.shown(),
            "response_url": self._response(user, post.channel),
        }
        await self._interact("interactive", body)

    async def react(self, user: str, post: Posted, emoji: str, *, on: bool = True) -> None:
        """Put an emoji on a message or take it off."""
        body = self.change_reaction(user, post, emoji, on=on)
        if body is not None:
            await self.deliver_event(body)

    def change_reaction(self, user: str, post: Posted, emoji: str, *, on: bool = True) -> Thing | None:
        """The change itself; returns the event that Slack would deliver for it, `None` for no change."""
        users = post.reactions.setdefault(emoji, [])
        if on == (user in users):
            return None
        users.append(user) if on else users.remove(user)
        if not users:
            del post.reactions[emoji]
        item = {"type": "message", "channel": post.channel, "ts": post.ts}
        kind = "reaction_added" if on else "reaction_removed"
        return self._event(kind, {"user": user, "reaction": emoji, "item": item, "item_user": post.author})

    async def open_home(self, user: str, tab: str = "home") -> None:
        """Open the bot's page."""
        channel = self.workspace.direct(user).id
        await self.deliver_event(self._event("app_home_opened", {"user": user, "channel": channel, "tab": tab}))

    async def deliver_event(self, body: Thing) -> None:
        """Deliver an event, and again until it is acknowledged or Slack gives up."""
        if not self._is_subscribed(body["event"]):
            return
        channel = body["event"].get("item", {}).get("channel")
        if channel and BOT not in self.workspace.channels[channel].members:
            return
        self.last = ("events_api", body)
        for attempt in range(RETRIES + 1):
            try:
                await self._transport.deliver("events_api", body, attempt=attempt, seconds=self.event_seconds)
            except NotWanted:
                break
            except NotAcknowledged:
                await asyncio.sleep(0.01)
            else:
                return
        self.lost.append(body)

    def _is_subscribed(self, event: Thing) -> bool:
        """Whether the app asked for such events, and has the scope that they take."""
        channel = self.workspace.channels.get(str(event.get("channel")))
        kind = "groups" if channel and channel.private else "channels"
        return event["type"] in self._events and EVENT_SCOPES[event["type"]].format(kind=kind) in self._scopes

    async def repeat_last(self) -> None:
        """The last delivery once more, in a new envelope."""
        assert self.last is not None
        kind, body = self.last
        await self._transport.deliver(kind, body, attempt=1)

    async def _interact(self, kind: str, body: Thing) -> Thing | None:
        self.last = (kind, body)
        try:
            return await self._transport.deliver(kind, body)
        except NotAcknowledged as error:
            self.offences.append(f"operation_timeout: {error} {body.get('type') or body.get('command')}")
            return None

    def _event(self, kind: str, told: Thing) -> Thing:
        stamp = self.workspace.stamp()
        return {
            "token": "unused",
            "team_id": TEAM,
            "api_app_id": "A0TEST",
            "type": "event_callback",
            "event_id": f"Ev{self.workspace.number()}",
            "event_time": int(float(stamp)),
            "authorizations": [{"team_id": TEAM, "user_id": BOT, "is_bot": True, "enterprise_id": None}],
            "event": {"type": kind, "event_ts": stamp} | told,
        }

    def _interaction(self, user: str, kind: str) -> Thing:
        return {
            "type": kind,
            "token": "unused",
            "api_app_id": "A0TEST",
            "team": {"id": TEAM, "domain": "test"},
            "enterprise": None,
            "is_enterprise_install": False,
            "user": {"id": user, "name": self._name(user), "username": self._name(user), "team_id": TEAM},
            "trigger_id": self.workspace.make_trigger(user),
            "action_ts": self.workspace.stamp(),
        }

    def _name(self, user: str) -> str:
        return str(self.workspace.people[user].shown()["name"])

    def _response(self, user: str, channel: str) -> str:
        name = f"r{self.workspace.number()}"
        made_at = self.workspace.now()
        self.workspace.responses[name] = {"user": user, "channel": channel, "uses": 0, "made_at": made_at}
        return f"{self.address}/response/{name}"


def _action(element: Thing, value: str) -> Thing:
    kept = ("type", "action_id", "text", "value")
    told: dict[str, Any] = {name: element[name] for name in kept if name in element}
    told |= {"block_id": element.get("block_id", "auto"), "action_ts": "1.1"}
    if element["type"] == "static_select":
        groups = element.get("option_groups") or [element]
        options = [option for group in groups for option in group["options"]]
        told["selected_option"] = next(
            option for option in options if value in (option["value"], option["text"]["text"])
        )
    return told
