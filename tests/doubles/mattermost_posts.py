"""The double's messages: what a server does with their properties, changes, files and emojis."""

from __future__ import annotations

import json
from copy import deepcopy
from typing import Any

from tests.doubles.mattermost_props import as_go_writes, has_damaged_action, mentioned, normal_attachments, normal_props
from tests.doubles.mattermost_state import (
    Account,
    AppError,
    ConnectionDropped,
    Json,
    State,
    bad_parameter,
    forbidden,
)
from tests.doubles.mattermost_stream import Hub

LONGEST_MESSAGE = 16_383
MOST_FILES = 10
PENDING_LIFE = 30_000


class Posts:
    """The messages of all channels."""

    def __init__(self, state: State, hub: Hub) -> None:
        self._state = state
        self._hub = hub

    def create(self, account: Account, body: Json) -> Json:
        """`POST /posts`; a repetition of `pending_post_id` within half a minute gives the first."""
        room = self._state.member_room(body.get("channel_id", ""), account.id)
        if room.deleted_at:
            raise AppError(403, "api.post.create_post.can_not_post_to_deleted.error")
        if known := self._repeated(body.get("pending_post_id", "")):
            return self.shown(known)
        post = self._made(account, body)
        self._state.posts[post["id"]] = post
        self._state.reactions[post["id"]] = []
        if post["pending_post_id"]:
            self._state.pending[post["pending_post_id"]] = (post["id"], self._state.clock())
        self._tell_posted(account, post)
        return self.shown(post)

    def system_post(self, user: str, channel: str, kind: str, text: str) -> None:
        """What the server itself writes, such as that somebody has joined."""
        post = self._blank(user, channel, text) | {"type": kind}
        self._state.posts[post["id"]] = post
        self._state.reactions[post["id"]] = []
        self._tell_posted(self._state.accounts[user], post)

    def ephemeral(
        self, user: str, channel: str, text: str, attachments: list[Json], *, root: str = "", hook: bool = False
    ) -> None:
        """A line that only one person gets, over their websocket: it is not stored, and its buttons carry a cookie.
        `hook`: it answers a command."""
        post = self._blank(user, channel, text) | {"type": "system_ephemeral", "root_id": root}
        for attachment in (made := normal_attachments(attachments, self._state)):
            for action in attachment.get("actions") or ():
                if action.get("integration"):
                    cookie = self._state.new_id()
                    self._state.cookies[cookie] = {
                        "post_id": post["id"],
                        "channel_id": channel,
                        "root_id": root,
                        "action": action,
                    }
                    action["cookie"] = cookie
        post["props"] = ({"attachments": made} if made else {}) | ({"from_webhook": "true"} if hook else {})
        self._hub.tell("ephemeral_message", {"post": json.dumps(self.shown(post))}, only=user, channel=channel)

    def change(self, account: Account, post_id: str, body: Json, *, whole: bool) -> Json:
        """`PUT /posts/{id}` (whole: what is not given is lost) and `PUT /posts/{id}/patch`."""
        post = self._state.posts.get(post_id)
        if post is None or post["delete_at"] or not (post["user_id"] == account.id or account.is_admin):
            raise forbidden()
        self._state.member_room(post["channel_id"], account.id)
        message = body.get("message", "" if whole else post["message"])
        given = body.get("props", {} if whole else None)
        props = post["props"] if given is None else self._checked_props(given)
        self._check_message(message)
        if message == post["message"] and has_damaged_action(post["props"], props):
            raise ConnectionDropped
        if message != post["message"] or props.get("attachments") != post["props"].get("attachments"):
            post["edit_at"] = self._state.now()
        post["message"], post["props"], post["update_at"] = message, props, self._state.now()
        self.tell_edited(post)
        return self.shown(post)

    def apply_update(self, post: Json, update: Json) -> None:
        """The `update` of an answer to a click: properties that are given replace all, and none given are kept."""
        props = update.get("props")
        if props is not None:
            post["props"] = normal_props(props, self._state)
        post["message"] = update.get("message", "")
        post["update_at"] = post["edit_at"] = self._state.now()
        self.tell_edited(post)

    def pin(self, account: Account, post_id: str) -> None:
        post = self._state.readable_post(post_id, account.id)
        if has_damaged_action(post["props"], post["props"]):
            raise ConnectionDropped
        post["is_pinned"], post["update_at"] = True, self._state.now()
        self.tell_edited(post)

    def delete(self, account: Account, post_id: str) -> None:
        post = self._state.posts.get(post_id)
        if post is None or post["delete_at"] or not (post["user_id"] == account.id or account.is_admin):
            raise forbidden()
        told = self.shown(post) | {"metadata": {}}
        post["delete_at"] = post["update_at"] = self._state.now()
        self._hub.tell("post_deleted", {"post": json.dumps(told)}, channel=post["channel_id"])

    def list_room(self, account: Account, channel: str, query: Json) -> Json:
        """`GET /channels/{id}/posts`, newest first."""
        self._state.member_room(channel, account.id)
        posts = [post for post in self._state.posts.values() if post["channel_id"] == channel]
        if since := int(query.get("since", 0)):
            found = [self._deleted(post) for post in posts if post["update_at"] > since]
        else:
            living = sorted((post for post in posts if not post["delete_at"]), key=_by_age, reverse=True)
            size = min(200, int(query.get("per_page", 60)))
            start = int(query.get("page", 0)) * size
            found = [self.shown(post) for post in living[start : start + size]]
        return _listing(sorted(found, key=_by_age, reverse=True))

    def list_pinned(self, account: Account, channel: str) -> Json:
        self._state.member_room(channel, account.id)
        posts = [post for post in self._state.posts.values() if post["channel_id"] == channel]
        return _listing([self.shown(post) for post in posts if post["is_pinned"] and not post["delete_at"]])

    def shown(self, post: Json) -> Json:
        """As anybody reads it: what buttons carry is left out."""
        read = deepcopy(post)
        for attachment in read["props"].get("attachments") or ():
            for action in attachment.get("actions") or ():
                action.pop("integration", None)
        reactions = self._state.reactions.get(post["id"], [])
        read["metadata"] = {"embeds": [{"type": "message_attachment"}]} if "attachments" in read["props"] else {}
        if reactions:
            read["metadata"]["reactions"] = deepcopy(reactions)
            read["has_reactions"] = True
        read["pending_post_id"] = ""
        if not post["file_ids"]:
            del read["file_ids"]
        else:
            read["metadata"]["files"] = [_file_info(self._state.files[one]) for one in post["file_ids"]]
        return read

    def tell_edited(self, post: Json) -> None:
        self._hub.tell("post_edited", {"post": json.dumps(self.shown(post))}, channel=post["channel_id"])

    def _made(self, account: Account, body: Json) -> Json:
        self._check_message(body.get("message", ""))
        if str(body.get("type", "")).startswith("system_"):
            raise AppError(400, "api.context.invalid_param.app_error")
        root = body.get("root_id", "")
        if root and not self._can_be_answered(root):
            raise AppError(400, "api.post.create_post.root_id.app_error")
        props = self._checked_props(body.get("props"), {"from_bot": "true"} if account.is_bot else {})
        blank = self._blank(account.id, body["channel_id"], body.get("message", ""))
        files = self._taken_files(account, blank["id"], body.get("file_ids") or [])
        given = {"root_id": root, "props": props, "file_ids": files, "type": body.get("type", "")}
        return blank | given | {"pending_post_id": body.get("pending_post_id", "")}

    def _blank(self, user: str, channel: str, text: str) -> Json:
        now = self._state.now()
        return {
            "id": self._state.new_id(),
            "create_at": now,
            "update_at": now,
            "edit_at": 0,
            "delete_at": 0,
            "is_pinned": False,
            "user_id": user,
            "channel_id": channel,
            "root_id": "",
            "parent_id": "",
            "original_id": "",
            "message": text,
            "type": "",
            "props": {},
            "hashtags": "",
            "pending_post_id": "",
            "file_ids": [],
            "reply_count": 0,
            "last_reply_at": 0,
            "participants": None,
        }

    def _taken_files(self, account: Account, post_id: str, wanted: list[str]) -> list[str]:
        if len(wanted) > MOST_FILES:
            raise AppError(400, "model.post.is_valid.file_ids.app_error")
        taken = []
        for one in wanted:
            file = self._state.files.get(one)
            if file is not None and not file["post_id"] and file["user_id"] == account.id:
                file["post_id"] = post_id
                taken.append(one)
        return taken

    def _repeated(self, pending: str) -> Json | None:
        post_id, at = self._state.pending.get(pending, ("", 0))
        return self._state.posts[post_id] if post_id and self._state.clock() - at < PENDING_LIFE else None

    def _can_be_answered(self, root: str) -> bool:
        post = self._state.posts.get(root)
        return post is not None and not post["root_id"] and not post["delete_at"]

    def _checked_props(self, props: Any, own: Json | None = None) -> Json:
        """What is not an object is passed over; `own` is what the server adds, which counts too."""
        normal = normal_props(props if isinstance(props, dict) else {}, self._state) | (own or {})
        if len(as_go_writes(normal)) > self._state.settings.longest_props:
            raise AppError(400, "model.post.is_valid.props.app_error")
        return normal

    def _check_message(self, text: Any) -> None:
        if not isinstance(text, str):
            raise bad_parameter("post")
        if len(text) > LONGEST_MESSAGE:
            raise AppError(400, "model.post.is_valid.msg.app_error")

    def _deleted(self, post: Json) -> Json:
        return self.shown(post) | ({"message": "", "props": {}} if post["delete_at"] else {})

    def _tell_posted(self, account: Account, post: Json) -> None:
        room = self._state.rooms[post["channel_id"]]
        data = {
            "channel_display_name": room.display_name,
            "channel_name": room.name,
            "channel_type": room.kind,
            "post": json.dumps(self.shown(post)),
            "sender_name": "System" if post["type"].startswith("system_") else f"@{account.username}",
            "set_online": True,
            "team_id": room.team,
        }
        if called := mentioned(post["message"], self._state, room.members):
            data["mentions"] = json.dumps(called)
        self._hub.tell("posted", data, channel=post["channel_id"])


def _file_info(file: Json) -> Json:
    return {name: file[name] for name in ("id", "name", "size", "mime_type", "extension", "post_id", "user_id")}


def _by_age(post: Json) -> int:
    return int(post["create_at"])


def _listing(posts: list[Json]) -> Json:
    return {
        "order": [post["id"] for post in posts],
        "posts": {post["id"]: post for post in posts},
        "next_post_id": "",
        "prev_post_id": "",
    }
