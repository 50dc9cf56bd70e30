"""The double's people, teams and channels, and what only an administrator may do with them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from tests.doubles.mattermost_posts import Posts
from tests.doubles.mattermost_state import Account, AppError, Json, Room, State, bad_parameter, forbidden
from tests.doubles.mattermost_stream import Hub

_USERNAME = re.compile(r"[a-z][a-z0-9.\-_]{2,21}")
BUILT_IN = frozenset(
    ("away", "code", "collapse", "echo", "help", "invite", "join", "kick", "leave", "logout", "me", "msg")
)
BUILT_IN |= {"online", "open", "search", "settings", "shrug"}


@dataclass
class Places:
    state: State
    hub: Hub
    posts: Posts

    def user_json(self, account: Account) -> Json:
        return {
            "id": account.id,
            "username": account.username,
            "first_name": account.first_name,
            "last_name": account.last_name,
            "nickname": "",
            "email": f"{account.username}@localhost",
            "locale": account.locale,
            "roles": account.roles,
            "delete_at": account.deleted_at,
        } | ({"is_bot": True} if account.is_bot else {})

    def user(self, user: str) -> Account:
        if user not in self.state.accounts:
            raise AppError(404, "app.user.missing_account.const")
        return self.state.accounts[user]

    def user_named(self, username: str) -> Account:
        for account in self.state.accounts.values():
            if account.username == username:
                return account
        raise AppError(404, "app.user.get_by_username.app_error")

    def users(self, ids: Any) -> list[Json]:
        if not isinstance(ids, list) or not ids:
            raise bad_parameter("user_ids")
        return [self.user_json(self.state.accounts[one]) for one in ids if one in self.state.accounts]

    def teams_of(self, user: str) -> list[Json]:
        return [team for team in self.state.teams.values() if user in self.state.team_members[team["id"]]]

    def join_team(self, account: Account, team: str, user: str) -> Json:
        if not account.is_admin and account.id not in self.state.team_members.get(team, {}):
            raise forbidden()
        self.state.team_members[team].setdefault(user, "team_user")
        return {"team_id": team, "user_id": user, "roles": "team_user"}

    def channel_json(self, room: Room) -> Json:
        return {
            "id": room.id,
            "team_id": room.team,
            "type": room.kind,
            "name": room.name,
            "display_name": room.display_name,
            "delete_at": room.deleted_at,
        }

    def channels_of_team(self, account: Account, team: str) -> list[Json]:
        """The open ones that are not archived."""
        if not account.is_admin and account.id not in self.state.team_members.get(team, {}):
            raise forbidden()
        rooms = [room for room in self.state.rooms.values() if room.team == team and room.kind == "O"]
        return [self.channel_json(room) for room in rooms if not room.deleted_at]

    def my_channels(self, account: Account, team: str) -> list[Json]:
        if not account.is_admin and account.id not in self.state.team_members.get(team, {}):
            raise forbidden()
        rooms = [room for room in self.state.rooms.values() if account.id in room.members and room.team in (team, "")]
        return [self.channel_json(room) for room in rooms if not room.deleted_at]

    def join_channel(self, account: Account, channel: str, user: str) -> Json:
        """Members may add others; an open channel may be joined by oneself."""
        room = self.state.room(channel)
        may = account.is_admin or account.id in room.members or (room.kind == "O" and user == account.id)
        if not may or user not in self.state.team_members.get(room.team, {}):
            raise forbidden()
        if user not in room.members:
            room.members.add(user)
            self.hub.tell("user_added", {"team_id": room.team, "user_id": user}, channel=channel)
            self.posts.system_post(account.id, channel, "system_add_to_channel", f"{user} added to the channel.")
        return {"channel_id": channel, "user_id": user, "roles": "channel_user"}

    def leave_channel(self, account: Account, channel: str, user: str) -> None:
        """What the person has posted and clicked stays."""
        room = self.state.room(channel)
        if user != account.id and not account.is_admin and account.id not in room.members:
            raise forbidden()
        room.members.discard(user)
        self.hub.tell("user_removed", {"user_id": user, "remover_id": account.id}, channel=channel)
        self.hub.tell("user_removed", {"channel_id": channel, "remover_id": account.id}, only=user)

    def archive(self, account: Account, channel: str) -> None:
        """What is in the channel stays, and nobody writes there."""
        room = self._managed(account, channel)
        room.deleted_at = self.state.now()
        self._tell_team("channel_deleted", room)

    def restore(self, account: Account, channel: str) -> Json:
        """An archived channel is opened again: its team hears of it, and the channel has a line about it."""
        room = self._managed(account, channel)
        room.deleted_at = 0
        self._tell_team("channel_restored", room)
        self.posts.system_post(account.id, channel, "system_channel_restored", "unarchived the channel.")
        return self.channel_json(room)

    def _managed(self, account: Account, channel: str) -> Room:
        if not account.is_admin:
            raise forbidden()
        return self.state.room(channel)

    def _tell_team(self, event: str, room: Room) -> None:
        self.hub.tell(event, {"channel_id": room.id}, users=self.state.team_members[room.team], team=room.team)

    def direct(self, account: Account, ids: Any) -> Json:
        """`POST /channels/direct`: with anybody, and the same every time."""
        if not isinstance(ids, list) or len(ids) != 2 or any(one not in self.state.accounts for one in ids):
            raise bad_parameter("user_ids")
        if account.id not in ids and not account.is_admin:
            raise forbidden()
        name = "__".join(sorted(ids))
        for room in self.state.rooms.values():
            if room.name == name:
                return self.channel_json(room)
        room = Room(self.state.new_id(), "", "D", name, "", set(ids))
        self.state.rooms[room.id] = room
        self.hub.tell("direct_added", {"teammate_id": ids[1]}, channel=room.id)
        return self.channel_json(room)

    def create_team(self, account: Account, body: Json) -> Json:
        """Whoever makes a team is its administrator."""
        if account.is_bot:
            raise forbidden()
        team = {"id": self.state.new_id(), "name": body["name"], "display_name": body["display_name"], "type": "O"}
        self.state.teams[team["id"]] = team
        self.state.team_members[team["id"]] = {account.id: "team_user team_admin"}
        return team

    def create_channel(self, account: Account, body: Json) -> Json:
        if account.id not in self.state.team_members.get(body["team_id"], {}) and not account.is_admin:
            raise forbidden()
        shown = body["display_name"]
        room = Room(self.state.new_id(), body["team_id"], body["type"], body["name"], shown, {account.id})
        self.state.rooms[room.id] = room
        return self.channel_json(room)

    def create_person(self, account: Account, body: Json) -> Json:
        if not account.is_admin:
            raise forbidden()
        made = Account(self.state.new_id(), body["username"], body.get("first_name", ""), body.get("last_name", ""))
        self.state.accounts[made.id] = made
        return self.user_json(made)

    def create_bot(self, account: Account, body: Json) -> Json:
        if account.is_bot or not account.is_admin:
            raise forbidden()
        username = body.get("username", "")
        if not _USERNAME.fullmatch(username):
            raise AppError(400, "model.bot.is_valid.username.app_error")
        if any(one.username == username for one in self.state.accounts.values()):
            raise AppError(400, "app.user.save.username_exists.app_error")
        made = Account(self.state.new_id(), username, body.get("display_name", ""), is_bot=True)
        self.state.accounts[made.id] = made
        return {"user_id": made.id, "username": username, "display_name": made.first_name, "owner_id": account.id}

    def create_token(self, account: Account, user: str, body: Json) -> Json:
        """The secret is told this once."""
        if not account.is_admin:
            raise forbidden()
        row = {"id": self.state.new_id(), "user_id": user, "description": body.get("description", "")}
        token = self.state.new_id()
        self.state.token_rows.append(row)
        self.state.tokens[token] = user
        return row | {"token": token, "is_active": True}

    def list_tokens(self, account: Account, user: str) -> list[Json]:
        if not account.is_admin:
            raise forbidden()
        return [row | {"is_active": True} for row in self.state.token_rows if row["user_id"] == user]

    def list_commands(self, account: Account, team: str) -> list[Json]:
        """The team's own commands, with tokens and addresses, are told only to those who may manage them."""
        if not self.state.may_manage_commands(account, team):
            raise forbidden()
        return [row for row in self.state.commands.values() if row["team_id"] == team]

    def autocomplete(self, account: Account, team: str) -> list[Json]:
        if account.id not in self.state.team_members.get(team, {}):
            raise forbidden()
        rows = [row for row in self.state.commands.values() if row["team_id"] == team and row["auto_complete"]]
        built_in = [{"trigger": word, "token": "", "url": ""} for word in sorted(BUILT_IN)]
        return [*(row | {"token": "", "url": ""} for row in rows), *built_in]

    def create_command(self, account: Account, body: Json) -> Json:
        if not self.state.may_manage_commands(account, body.get("team_id", "")):
            raise forbidden()
        row = _checked_command(body)
        taken = {one["trigger"] for one in self.state.commands.values() if one["team_id"] == row["team_id"]}
        if row["trigger"] in taken | BUILT_IN:
            raise AppError(400, "api.command.duplicate_trigger.app_error")
        row |= {"id": self.state.new_id(), "token": self.state.new_id(), "creator_id": account.id}
        self.state.commands[row["id"]] = row
        return row

    def update_command(self, account: Account, command: str, body: Json) -> Json:
        """`PUT /commands/{id}` wants the whole; the token stays. Here a word that is taken is not refused."""
        known = self.state.commands.get(command)
        if known is None or not self.state.may_manage_commands(account, known["team_id"]):
            raise AppError(404, "store.sql_command.save.get.app_error")
        row = _checked_command(body)
        known |= row | {"id": command, "token": known["token"], "creator_id": known["creator_id"]}
        return known


def _checked_command(body: Json) -> Json:
    trigger = str(body.get("trigger", "")).lower()
    if not 1 <= len(trigger.encode()) <= 128 or trigger.startswith("/") or " " in trigger:
        raise AppError(400, "model.command.is_valid.trigger.app_error")
    if not str(body.get("url", "")).startswith(("http://", "https://")):
        raise AppError(400, "model.command.is_valid.url_http.app_error")
    if body.get("method") not in ("P", "G"):
        raise AppError(400, "model.command.is_valid.method.app_error")
    names = ("auto_complete_desc", "auto_complete_hint", "display_name", "description", "username", "icon_url")
    texts = {name: body.get(name, "") for name in names}
    common = {"team_id": body["team_id"], "trigger": trigger, "url": body["url"], "method": body["method"]}
    return texts | common | {"auto_complete": bool(body.get("auto_complete")), "delete_at": 0}
