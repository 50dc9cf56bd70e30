"""What the Mattermost double remembers, and how it says no: as a server of version 5.37 does."""

from __future__ import annotations

import hashlib
import hmac
from base64 import b64decode, b64encode
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.doubles.patience import FairClock, Moment

Json = dict[str, Any]

TRIGGER_LIFE = 3_000
"""Milliseconds."""

SECRET = b"the server's own key"


class AppError(Exception):
    """An answer other than 200, in the server's form."""

    def __init__(self, status: int, error: str, message: str = "") -> None:
        super().__init__(error)
        self.status = status
        self.error = error
        self.message = message or "Something is wrong."


class ConnectionDropped(Exception):
    """The handler panicked: the connection is cut without an answer."""


def forbidden() -> AppError:
    return AppError(403, "api.context.permissions.app_error", "You do not have the appropriate permissions.")


def bad_parameter(name: str) -> AppError:
    return AppError(400, "api.context.invalid_body_param.app_error", f"Invalid or missing {name} in request body.")


@dataclass
class Account:
    """A person or a bot, with the roles `system_user`, `system_admin` and the like."""

    id: str
    username: str
    first_name: str = ""
    last_name: str = ""
    locale: str = "en"
    roles: str = "system_user"
    is_bot: bool = False
    deleted_at: int = 0

    @property
    def is_admin(self) -> bool:
        return "system_admin" in self.roles.split()


@dataclass
class Room:
    """A channel; `kind` is O (open), P (private) or D (two people)."""

    id: str
    team: str
    kind: str
    name: str
    display_name: str
    members: set[str] = field(default_factory=set)
    deleted_at: int = 0


@dataclass
class Settings:
    """What an administrator can set, and what a test can break."""

    site_url: str = ""
    version: tuple[int, int, int] = (5, 37, 0)
    allows_internal: bool = True
    longest_props: int = 8_000


@dataclass
class State:
    """All that the server keeps. `now` gives milliseconds; `ids` are made in order, so that a test can be repeated."""

    clock: Callable[[], int]
    settings: Settings = field(default_factory=Settings)
    accounts: dict[str, Account] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)
    token_rows: list[Json] = field(default_factory=list)
    teams: dict[str, Json] = field(default_factory=dict)
    team_members: dict[str, dict[str, str]] = field(default_factory=dict)
    rooms: dict[str, Room] = field(default_factory=dict)
    posts: dict[str, Json] = field(default_factory=dict)
    reactions: dict[str, list[Json]] = field(default_factory=dict)
    files: dict[str, Json] = field(default_factory=dict)
    commands: dict[str, Json] = field(default_factory=dict)
    hooks: dict[str, Json] = field(default_factory=dict)
    cookies: dict[str, Json] = field(default_factory=dict)
    pending: dict[str, tuple[str, int]] = field(default_factory=dict)
    requests: deque[tuple[str, str]] = field(default_factory=lambda: deque(maxlen=50_000))
    fair: FairClock = field(default_factory=FairClock)
    made_triggers: dict[str, Moment] = field(default_factory=dict)
    _count: int = 0
    _last: int = 0

    def now(self) -> int:
        """Milliseconds, never the same twice, so that order is clear."""
        self._last = max(self._last + 1, self.clock())
        return self._last

    def new_id(self) -> str:
        """26 letters and digits."""
        self._count += 1
        raw = hashlib.sha256(f"id {self._count}".encode()).hexdigest()
        return f"{int(raw, 16):x}"[:26]

    def account_of(self, token: str) -> Account:
        """Whose token it is."""
        user = self.tokens.get(token)
        if user is None or self.accounts[user].deleted_at:
            raise AppError(401, "api.context.session_expired.app_error", "Invalid or expired session, please login.")
        return self.accounts[user]

    def room(self, room_id: str) -> Room:
        if room_id not in self.rooms:
            raise AppError(404, "app.channel.get.existing.app_error")
        return self.rooms[room_id]

    def member_room(self, room_id: str, user: str) -> Room:
        """The channel, for one of its members."""
        room = self.rooms.get(room_id)
        if room is None or user not in room.members:
            raise forbidden()
        return room

    def visible_room(self, room_id: str, user: str) -> Room:
        """The channel, for its members; an open one for everybody in its team."""
        room = self.room(room_id)
        if user in room.members or (room.kind == "O" and user in self.team_members.get(room.team, {})):
            return room
        raise forbidden()

    def post(self, post_id: str) -> Json:
        found = self.posts.get(post_id)
        if found is None or found["delete_at"]:
            raise AppError(404, "app.post.get.app_error", "Unable to get the post.")
        return found

    def readable_post(self, post_id: str, user: str) -> Json:
        """The post, for somebody who may read it."""
        found = self.post(post_id)
        self.visible_room(found["channel_id"], user)
        return found

    def may_manage_commands(self, account: Account, team: str) -> bool:
        role = self.team_members.get(team, {}).get(account.id, "")
        return account.is_admin or (role == "team_admin" and not account.is_bot)

    def make_trigger(self, user: str) -> tuple[str, str]:
        """A signed permission to open a dialog for this person; returns the client's id of it and the whole."""
        client_id = self.new_id()
        self.made_triggers[client_id] = self.fair.now()
        body = f"{client_id}:{user}:{self.clock()}"
        return client_id, b64encode(f"{body}:{_signature(body)}".encode()).decode()

    def open_trigger(self, trigger: str) -> tuple[str, str]:
        """The client's id and the person. A trigger grows old by the server's clock, which a test may move, and by the
        time that really goes by.

        Raises:
            AppError: it is none of ours, or older than three seconds.
        """
        stem = "interactive_message.decode_trigger_id"
        try:
            text = b64decode(trigger, validate=True).decode()
        except ValueError as error:
            raise AppError(400, f"{stem}.base64_decode_failed") from error
        parts = text.split(":")
        if len(parts) != 4:
            raise AppError(400, f"{stem}.missing_data")
        waited = self.fair.since(self.made_triggers.get(parts[0], self.fair.now())) * 1000
        if max(waited, self.clock() - int(parts[2])) > TRIGGER_LIFE:
            raise AppError(
                400, f"{stem}.expired", "Trigger ID for interactive dialog is expired: maximum of 3 seconds."
            )
        if not hmac.compare_digest(parts[3], _signature(":".join(parts[:3]))):
            raise AppError(400, f"{stem}.signature_decode_failed")
        return parts[0], parts[1]


def _signature(body: str) -> str:
    return b64encode(hmac.new(SECRET, body.encode(), hashlib.sha256).digest()).decode()
