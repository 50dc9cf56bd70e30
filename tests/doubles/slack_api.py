"""Slack's web interface: each method checks what Slack checks, changes the workspace, and answers in Slack's words."""

from __future__ import annotations

import json
import re
from typing import Any

from tests.doubles.slack_limits import check_message, check_view
from tests.doubles.slack_state import (
    BOT,
    RESPONSE_SECONDS,
    RESPONSE_USES,
    TEAM,
    TRIGGER_SECONDS,
    OpenView,
    Posted,
    Thing,
    Workspace,
)


class Refused(Exception):
    """Slack's `ok: false`; `detail` says more to whoever reads the test's failure."""

    def __init__(self, error: str, detail: str = "") -> None:
        super().__init__(f"{error} {detail}".strip())
        self.error = error


SCOPES = {
    "chat.postMessage": "chat:write",
    "chat.postEphemeral": "chat:write",
    "chat.update": "chat:write",
    "chat.delete": "chat:write",
    "reactions.add": "reactions:write",
    "reactions.get": "reactions:read",
    "users.info": "users:read",
    "users.list": "users:read",
    "conversations.open": "im:write",
    "files.getUploadURLExternal": "files:write",
    "files.completeUploadExternal": "files:write",
    "views.open": "",
    "views.publish": "",
    "auth.test": "",
}
KINDS = {
    "conversations.info": "read",
    "conversations.members": "read",
    "conversations.history": "history",
    "conversations.replies": "history",
}
REPLIES_PAGE = 3
"""Slack may return fewer replies than were asked for: this one always does."""


class Methods:
    """The methods that the bot may call.

    Args:
        workspace: what they change.
        scopes: those that the app was given.
        address: where this Slack is reached.
    """

    def __init__(self, workspace: Workspace, scopes: set[str], address: str) -> None:
        self.workspace = workspace
        self.scopes = scopes
        self.address = address
        self.draws = True
        self.messages_tab = True
        self.refuses_deleted_threads = False

    def call(self, method: str, given: Thing) -> Thing:
        """What the method answers.

        Raises:
            Refused: Slack says no.
        """
        function = getattr(self, "_" + re.sub(r"[.]", "_", method), None)
        if function is None:
            raise Refused("unknown_method", method)
        self._check_scope(method, given)
        answer: Thing = function({name: value for name, value in given.items() if value is not None})
        return {"ok": True} | answer

    def _check_scope(self, method: str, given: Thing) -> None:
        needed = SCOPES.get(method, "")
        if method in KINDS:
            channel = self.workspace.channels.get(str(given.get("channel")))
            family = (
                "im" if channel and channel.direct_with else "groups" if channel and channel.private else "channels"
            )
            needed = f"{family}:{KINDS[method]}"
        if needed and needed not in self.scopes:
            raise Refused("missing_scope", needed)

    def _auth_test(self, _given: Thing) -> Thing:
        return {
            "url": "https://test.slack.com/",
            "team": "Test",
            "user": "bot",
            "team_id": TEAM,
            "user_id": BOT,
            "bot_id": "B0",
        }

    def _users_info(self, given: Thing) -> Thing:
        found = self.workspace.people.get(given["user"])
        if found is None:
            raise Refused("user_not_found", given["user"])
        return {"user": found.shown()}

    def _users_list(self, given: Thing) -> Thing:
        people = list(self.workspace.people.values())
        start, most = int(given.get("cursor") or 0), min(int(given.get("limit", 200)), 3)
        rest = str(start + most) if start + most < len(people) else ""
        members = [someone.shown() for someone in people[start : start + most]]
        return {"members": members, "response_metadata": {"next_cursor": rest}}

    def _users_conversations(self, given: Thing) -> Thing:
        kinds = {"private_channel": "groups:read", "public_channel": "channels:read"}
        wanted = str(given["types"]).split(",")
        for kind in wanted:
            if kinds[kind] not in self.scopes:
                raise Refused("missing_scope", kinds[kind])
        joined = [one for one in self.workspace.channels.values() if BOT in one.members and not one.direct_with]
        shown = [one for one in joined if ("private_channel" if one.private else "public_channel") in wanted]
        start = int(given.get("cursor") or 0)
        rest = str(start + 2) if start + 2 < len(shown) else ""
        page = [{"id": one.id, "name": one.name} for one in shown[start : start + 2]]
        return {"channels": page, "response_metadata": {"next_cursor": rest}}

    def _conversations_info(self, given: Thing) -> Thing:
        channel = self._channel(given["channel"], joined=False)
        told = {"id": channel.id, "name": channel.name, "is_private": channel.private, "is_archived": channel.archived}
        return {"channel": told | {"is_member": BOT in channel.members}}

    def _conversations_open(self, given: Thing) -> Thing:
        if given["users"] not in self.workspace.people:
            raise Refused("user_not_found")
        return {"channel": {"id": self.workspace.direct(given["users"]).id}}

    def _conversations_history(self, given: Thing) -> Thing:
        channel = self._channel(given["channel"])
        kept = [post for post in self.workspace.posts if post.channel == channel.id and not post.ephemeral_to]
        newest = [post for post in reversed(kept) if not post.thread][: int(given.get("limit", 100))]
        metadata = given.get("include_all_metadata") in (True, "1", "true")
        return {"messages": [post.shown(metadata=metadata) for post in newest], "has_more": False}

    def _conversations_replies(self, given: Thing) -> Thing:
        channel = self._channel(given["channel"])
        first = self.workspace.find_post(channel.id, str(given["ts"]))
        if first is None:
            raise Refused("thread_not_found", given["ts"])
        kept = [post for post in self.workspace.posts if post.channel == channel.id and not post.ephemeral_to]
        replies = [post for post in kept if post.thread == first.ts]
        start, most = int(given.get("cursor") or 0), min(int(given.get("limit", 1000)), REPLIES_PAGE)
        metadata = given.get("include_all_metadata") in (True, "1", "true")
        shown = [post.shown(metadata=metadata) for post in (first, *replies[start : start + most])]
        rest = str(start + most) if start + most < len(replies) else ""
        return {"messages": shown, "has_more": bool(rest), "response_metadata": {"next_cursor": rest}}

    def _chat_postMessage(self, given: Thing) -> Thing:  # noqa: N802 - Slack's name
        channel = self._channel(given["channel"])
        if channel.direct_with and not self.messages_tab:
            raise Refused("messages_tab_disabled")
        self._check_shown(given)
        thread = str(given.get("thread_ts") or "")
        if thread and not self._is_thread(channel.id, thread):
            if self.refuses_deleted_threads:
                raise Refused("thread_not_found", thread)
            thread = ""  # https://github.com/slack-go/slack/issues/1571
        metadata = given.get("metadata")
        metadata = json.loads(metadata) if isinstance(metadata, str) else metadata
        if metadata and not (metadata.get("event_type") and isinstance(metadata.get("event_payload"), dict)):
            raise Refused("invalid_metadata_format")
        post = self.put(channel.id, BOT, given, thread=thread, metadata=metadata)
        return {"channel": channel.id, "ts": post.ts, "message": post.shown()}

    def _chat_postEphemeral(self, given: Thing) -> Thing:  # noqa: N802 - Slack's name
        channel = self._channel(given["channel"])
        self._check_shown(given)
        if given["user"] not in channel.members:
            raise Refused("user_not_in_channel")
        post = self.put(channel.id, BOT, given, thread=str(given.get("thread_ts") or ""), ephemeral_to=given["user"])
        return {"message_ts": post.ts}

    def _chat_update(self, given: Thing) -> Thing:
        channel = self._channel(given["channel"])
        self._check_shown(given)
        post = self._post(channel.id, given["ts"])
        if post.author != BOT:
            raise Refused("cant_update_message")
        post.text, post.blocks = given.get("text", ""), _blocks(given)
        return {"channel": channel.id, "ts": post.ts}

    def _chat_delete(self, given: Thing) -> Thing:
        post = self._post(self._channel(given["channel"]).id, given["ts"])
        if post.author != BOT:
            raise Refused("cant_delete_message")
        self.workspace.posts.remove(post)
        return {}

    def _reactions_add(self, given: Thing) -> Thing:
        post = self._post(self._channel(given["channel"]).id, given["timestamp"])
        if not re.fullmatch(r"[a-z0-9_+'-]+(::skin-tone-[2-6])?", given["name"]):
            raise Refused("invalid_name", given["name"])
        users = post.reactions.setdefault(given["name"], [])
        if BOT in users:
            raise Refused("already_reacted")
        users.append(BOT)
        return {}

    def _reactions_get(self, given: Thing) -> Thing:
        post = self._post(self._channel(given["channel"]).id, given["timestamp"])
        shown = post.shown(metadata=False)
        if str(given.get("full")) not in ("True", "true", "1"):
            for one in shown.get("reactions", []):
                one["users"] = one["users"][:3]
        return {"type": "message", "channel": post.channel, "message": shown}

    def _views_open(self, given: Thing) -> Thing:
        trigger = self.workspace.triggers.get(given["trigger_id"])
        if trigger is None:
            raise Refused("invalid_trigger_id")
        if trigger.used:
            raise Refused("exchanged_trigger_id")
        if self.workspace.clock.since(trigger.made_at) > TRIGGER_SECONDS:
            raise Refused("expired_trigger_id")
        view = _object(given["view"])
        self._check(check_view(view))
        if view["type"] != "modal":
            raise Refused("invalid_arguments", "only modals are opened")
        trigger.used = True
        made = OpenView(f"V{self.workspace.number()}", trigger.user, view)
        self.workspace.views[trigger.user] = [made]
        return {"view": made.shown()}

    def _views_publish(self, given: Thing) -> Thing:
        view = _object(given["view"])
        self._check(check_view(view))
        if view["type"] != "home" or given["user_id"] not in self.workspace.people:
            raise Refused("invalid_arguments")
        self.workspace.homes[given["user_id"]] = view
        return {"view": {"id": f"V{self.workspace.number()}"} | view}

    def _files_getUploadURLExternal(self, given: Thing) -> Thing:  # noqa: N802 - Slack's name
        file = f"F{self.workspace.number()}"
        if not given.get("filename") or int(given["length"]) <= 0:
            raise Refused("invalid_arguments")
        self.workspace.uploads[file] = {"name": given["filename"], "length": int(given["length"]), "content": None}
        return {"upload_url": f"{self.address}/upload/{file}", "file_id": file}

    def _files_completeUploadExternal(self, given: Thing) -> Thing:  # noqa: N802 - Slack's name
        files = _object(given["files"])
        names = []
        for one in files:
            upload = self.workspace.uploads.get(one["id"])
            if upload is None or upload["content"] is None or len(upload["content"]) != upload["length"]:
                raise Refused("file_not_found", "it was not uploaded whole")
            names.append(upload["name"])
        if given["channel_id"][0] not in "CDG":
            raise Refused("channel_not_found", "a file is shared in a channel, not with a person's id")
        channel = self._channel(given["channel_id"])
        said = {"text": given.get("initial_comment", "")}
        uploads = [one["id"] for one in files]
        thread = str(given.get("thread_ts") or "")
        thread = thread if self._is_thread(channel.id, thread) else ""
        self.put(channel.id, BOT, said, thread=thread, files=names, uploads=uploads)
        return {"files": files}

    def respond(self, address: str, body: Thing) -> None:
        """What is posted to the address that came with a command or a press."""
        response = self.workspace.responses.get(address)
        if response is None:
            raise Refused("used_url")
        if self.workspace.now() - response["made_at"] > RESPONSE_SECONDS:
            raise Refused("expired_url", "older than half an hour")
        response["uses"] += 1
        if response["uses"] > RESPONSE_USES:
            self.workspace.responses.pop(address)
            raise Refused("used_url", "more than five answers")
        self._check(check_message(body))
        private = response["user"] if body.get("response_type", "ephemeral") == "ephemeral" else ""
        self.put(response["channel"], BOT, body, thread=body.get("thread_ts", ""), ephemeral_to=private)

    def _is_thread(self, channel: str, ts: str) -> bool:
        """Of a message that was deleted, what stands under it is left, with a line that something was here."""
        there = (post for post in self.workspace.posts if post.channel == channel and not post.ephemeral_to)
        return any(ts in (post.ts, post.thread) for post in there)

    def put(self, channel: str, author: str, said: Thing, **more: Any) -> Posted:
        """A message in a channel."""
        post = Posted(channel, self.workspace.stamp(), author, said.get("text", ""), _blocks(said), **more)
        self.workspace.posts.append(post)
        return post

    def _channel(self, given: str, *, joined: bool = True) -> Any:
        if given in self.workspace.people:
            return self.workspace.direct(given)
        found = self.workspace.channels.get(given)
        if found is None or (found.private and BOT not in found.members):
            raise Refused("channel_not_found", given)
        if joined and BOT not in found.members:
            raise Refused("not_in_channel", given)
        if joined and found.archived:
            raise Refused("is_archived", given)
        return found

    def _post(self, channel: str, ts: str) -> Posted:
        found = self.workspace.find_post(channel, ts)
        if found is None:
            raise Refused("message_not_found", ts)
        return found

    def _check_shown(self, given: Thing) -> None:
        """Charts came in the summer of 2026, workspace by workspace: one that has none refuses them."""
        shown = given | {"blocks": _blocks(given)}
        if not self.draws and any(block.get("type") == "data_visualization" for block in shown["blocks"]):
            raise Refused("invalid_blocks", "no charts here")
        self._check(check_message(shown))

    @staticmethod
    def _check(problems: list[str]) -> None:
        if problems:
            raise Refused("invalid_blocks", "; ".join(problems))


def _blocks(given: Thing) -> list[Thing]:
    found: list[Thing] = _object(given.get("blocks") or [])
    return found


def _object(given: Any) -> Any:
    return json.loads(given) if isinstance(given, str) else given
