"""The double's emojis on messages."""

from __future__ import annotations

import json
import re

from tests.doubles.mattermost_state import Account, AppError, Json, State, forbidden
from tests.doubles.mattermost_stream import Hub

_EMOJI_NAME = re.compile(r"[a-zA-Z0-9\-+_]+")


class Reactions:
    """The emojis on all messages; people who leave leave theirs behind."""

    def __init__(self, state: State, hub: Hub) -> None:
        self._state = state
        self._hub = hub
        self._first: dict[tuple[str, str, str], int] = {}

    def react(self, account: Account, body: Json) -> Json:
        """`POST /reactions`: the same one twice is told twice, and kept once. When it was made, its client may say, and
        the first word stands; when it was last made, the server says."""
        if body.get("user_id") != account.id:
            raise AppError(403, "api.reaction.save_reaction.user_id.app_error")
        emoji, post_id = body.get("emoji_name", ""), body.get("post_id", "")
        if not 1 <= len(emoji) <= 64 or len(post_id) != 26:
            raise AppError(400, "api.reaction.save_reaction.invalid.app_error")
        post = self._living(account, post_id)
        if not _EMOJI_NAME.fullmatch(emoji):
            raise AppError(400, "model.reaction.is_valid.emoji_name.app_error")
        now = self._state.now()
        reaction = {
            "user_id": account.id,
            "post_id": post["id"],
            "emoji_name": emoji,
            "create_at": body.get("create_at") or now,
            "update_at": now,
            "delete_at": 0,
            "remote_id": "",
        }
        first = self._first.setdefault((post["id"], account.id, emoji), reaction["create_at"])
        if (known := self._reaction(post["id"], account.id, emoji)) is None:
            self._state.reactions[post["id"]].append(known := reaction.copy())
        known |= {"create_at": first, "update_at": now}
        post["update_at"] = now
        self._tell_reaction("reaction_added", post, reaction)
        return reaction

    def unreact(self, account: Account, user: str, post_id: str, emoji: str) -> None:
        """`DELETE /users/{u}/posts/{p}/reactions/{e}`: one that is not there is taken away all the same."""
        if user != account.id:
            raise forbidden()
        post = self._living(account, post_id)
        known = self._reaction(post_id, user, emoji)
        if known is not None:
            self._state.reactions[post_id].remove(known)
        post["update_at"] = self._state.now()
        told = {"user_id": user, "post_id": post_id, "emoji_name": emoji}
        blank = {"create_at": 0, "update_at": self._state.now(), "delete_at": 0, "remote_id": ""}
        self._tell_reaction("reaction_removed", post, told | blank)

    def reactions(self, account: Account, post_id: str) -> list[Json]:
        """Those of people who have left are there too, and those on a message that was deleted."""
        self._reactable(account, post_id)
        return list(self._state.reactions[post_id])

    def _reactable(self, account: Account, post_id: str) -> Json:
        post = self._state.posts.get(post_id)
        if post is None or account.id not in self._state.rooms[post["channel_id"]].members:
            raise forbidden()
        return post

    def _living(self, account: Account, post_id: str) -> Json:
        self._reactable(account, post_id)
        return self._state.post(post_id)

    def _reaction(self, post_id: str, user: str, emoji: str) -> Json | None:
        found = self._state.reactions[post_id]
        return next((one for one in found if (one["user_id"], one["emoji_name"]) == (user, emoji)), None)

    def _tell_reaction(self, event: str, post: Json, reaction: Json) -> None:
        self._hub.tell(event, {"reaction": json.dumps(reaction)}, channel=post["channel_id"])
