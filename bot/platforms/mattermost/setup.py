"""Makes a Mattermost server ready for the bot: its account, its channels and its commands; twice changes nothing."""

from __future__ import annotations

import itertools
import urllib.parse
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.platforms.mattermost.connection import Connection, ServerRefused
from bot.platforms.mattermost.reach import Resolve, reach_of, resolve
from bot.port import PlatformError
from bot.settings import PREFIX
from handlers.chat.router import COMMANDS, ENGLISH
from locales import translate

USERNAME = "oenskebot"
DISPLAY_NAME = "Ønskebot"
CALLBACK = "/mattermost/command"
LIKELY_CHANNELS = ("koordinationsgruppe", "styregruppe")
"""A channel whose name begins so is one that the bot is wanted in; others invite it."""

PAGE = 200
"""The most channels that the server lists at once."""

_COMPARED = ("trigger", "url", "method", "auto_complete", "auto_complete_desc", "auto_complete_hint")


class SetupFailed(Exception):
    """The server can't be made ready; the text is one line for the administrator."""


@dataclass
class Prepared:
    """What was prepared: the settings to give the bot, as names of environment variables and their values; what was
    changed; and what is left for the administrator."""

    settings: dict[str, str]
    changed: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the administrator asks for.

    Args:
        callback_url: the bot's address as the server reaches it.
        team: the team's name, empty for the only one.
        channels: names of channels to add the bot to; none for those whose name begins as a group's usually does.
        english: whether the English commands are wanted too.
        known_token: the bot's token where the settings have it already.
        known_command_tokens: the commands' tokens that the settings have already, of this team and of others.
        callback_setting: the name of the setting that `callback_url` belongs in.
    """

    callback_url: str
    team: str = ""
    channels: tuple[str, ...] = ()
    english: bool = False
    known_token: str = ""
    known_command_tokens: tuple[str, ...] = ()
    callback_setting: str = "PUBLIC_URL"


async def set_up(address: str, admin_token: str, wanted: Wanted, look_up: Resolve = resolve) -> Prepared:
    """Make the server ready. What is there already stays as it is. `look_up` says what names stand for.

    Raises:
        SetupFailed: the token is no administrator's, the team is unclear, or the server can't be reached.
    """
    admin = Connection(address, admin_token)
    try:
        return await _Setup(admin, wanted, look_up).run()
    except ServerRefused as error:
        key = "mattermost.setup.not_admin" if error.status in (401, 403) else "mattermost.setup.refused"
        raise SetupFailed(translate(key, reason=error.reason)) from error
    except PlatformError as error:
        raise SetupFailed(translate("mattermost.setup.silent", address=address, reason=error.reason)) from error
    finally:
        await admin.close()


class _Setup:
    def __init__(self, admin: Connection, wanted: Wanted, look_up: Resolve) -> None:
        self._admin = admin
        self._wanted = wanted
        self._look_up = look_up
        self._done = Prepared({})

    async def run(self) -> Prepared:
        team = await self._find_team()
        bot = await self._make_bot()
        await self._admin.post(f"/teams/{team['id']}/members", {"team_id": team["id"], "user_id": bot})
        await self._join_channels(team["id"], bot)
        token = await self._make_token(bot)
        tokens = await self._register_commands(team["id"])
        await self._note_reach()
        settings = {
            "MATTERMOST_URL": self._admin.address,
            "MATTERMOST_TOKEN": token,
            "MATTERMOST_COMMAND_TOKENS": ",".join(dict.fromkeys((*self._wanted.known_command_tokens, *tokens))),
            self._wanted.callback_setting: self._wanted.callback_url.rstrip("/"),
        }
        self._done.settings = {f"{PREFIX}{name}": value for name, value in settings.items() if value}
        return self._done

    async def _find_team(self) -> dict[str, Any]:
        teams: list[dict[str, Any]] = await self._admin.get("/users/me/teams")
        if not self._wanted.team and len(teams) == 1:
            return teams[0]
        for team in teams:
            if self._wanted.team.casefold() in (team["name"].casefold(), team["display_name"].casefold()):
                return team
        if self._wanted.team and (found := await self._find_foreign_team(self._wanted.team)):
            return found
        names = ", ".join(sorted(team["name"] for team in teams)) or "–"
        raise SetupFailed(translate("mattermost.setup.which_team", teams=names))

    async def _find_foreign_team(self, name: str) -> dict[str, Any] | None:
        """A team that the administrator is not a member of."""
        try:
            found: dict[str, Any] = await self._admin.get(f"/teams/name/{urllib.parse.quote(name, safe='')}")
        except ServerRefused as error:
            if error.status in (400, 404):
                return None
            raise
        return found

    async def _make_bot(self) -> str:
        try:
            found = await self._admin.get(f"/users/username/{USERNAME}")
        except ServerRefused as error:
            if error.status != 404:
                raise
        else:
            if not found.get("is_bot"):
                raise SetupFailed(translate("mattermost.setup.name_taken", name=USERNAME))
            return str(found["id"])
        body = {"username": USERNAME, "display_name": DISPLAY_NAME, "description": translate("mattermost.bot")}
        made = await self._admin.post("/bots", body)
        self._done.changed.append(translate("mattermost.setup.made_bot", name=USERNAME))
        return str(made["user_id"])

    async def _join_channels(self, team: str, bot: str) -> None:
        seen = await self._list_channels(team)
        chosen = _chosen(seen, self._wanted.channels)
        for channel in chosen:
            if await self._is_member(channel["id"], bot):
                continue
            await self._admin.post(f"/channels/{channel['id']}/members", {"user_id": bot})
            shown = channel["display_name"] or channel["name"]
            self._done.changed.append(translate("mattermost.setup.joined", channel=shown))
        for name in self._wanted.channels:
            if not _chosen(chosen, [name]):
                self._done.notes.append(translate("mattermost.setup.unknown_channel", channel=name, name=USERNAME))
        if not chosen and not self._wanted.channels:
            self._done.notes.append(translate("mattermost.setup.no_channel", name=USERNAME))

    async def _list_channels(self, team: str) -> list[dict[str, Any]]:
        """The team's open channels, and the administrator's own."""
        own = await self._admin.get(f"/users/me/teams/{team}/channels")
        found = {channel["id"]: channel for channel in own if channel["type"] in ("O", "P")}
        for page in itertools.count():
            some = await self._admin.get(f"/teams/{team}/channels", page=page, per_page=PAGE)
            found |= {channel["id"]: channel for channel in some}
            if len(some) < PAGE:
                break
        return list(found.values())

    async def _is_member(self, channel: str, user: str) -> bool:
        """Whether the bot is in the channel already. Who may not look is told so as if it were not."""
        try:
            await self._admin.get(f"/channels/{channel}/members/{user}")
        except ServerRefused as error:
            if error.status in (403, 404):
                return False
            raise
        return True

    async def _make_token(self, bot: str) -> str:
        """The bot's token; empty where it has one whose secret nobody can be told again."""
        if self._wanted.known_token and await self._belongs_to(self._wanted.known_token, bot):
            return self._wanted.known_token
        tokens = await self._admin.get(f"/users/{bot}/tokens")
        if any(token["description"] == DISPLAY_NAME and token.get("is_active", True) for token in tokens or ()):
            self._done.notes.append(translate("mattermost.setup.token_known", name=USERNAME))
            return ""
        made = await self._admin.post(f"/users/{bot}/tokens", {"description": DISPLAY_NAME})
        self._done.changed.append(translate("mattermost.setup.made_token"))
        return str(made["token"])

    async def _belongs_to(self, token: str, bot: str) -> bool:
        connection = Connection(self._admin.address, token)
        try:
            return bool((await connection.get("/users/me"))["id"] == bot)
        except ServerRefused:
            return False
        finally:
            await connection.close()

    async def _note_reach(self) -> None:
        """Tell where the server would not call the bot. A server that does not show its settings is believed to."""
        reach = await reach_of(self._wanted.callback_url, self._look_up)
        if not reach.is_internal:
            return
        if reach.is_own_machine and not (await reach_of(self._admin.address, self._look_up)).is_own_machine:
            setting = f"{PREFIX}{self._wanted.callback_setting}"
            self._done.notes.append(translate("mattermost.mend.own_machine", host=reach.host, setting=setting))
        try:
            config = await self._admin.get("/config")
        except ServerRefused:
            return
        setting = (config.get("ServiceSettings") or {}).get("AllowedUntrustedInternalConnections") or ""
        if not reach.is_allowed(setting):
            self._done.notes.append(translate("mattermost.mend.internal", host=reach.host))

    async def _register_commands(self, team: str) -> list[str]:
        listed = await self._admin.get("/commands", team_id=team, custom_only="true")
        known = {row["trigger"]: row for row in listed}
        tokens = []
        for row in _rows(team, self._wanted):
            if token := await self._register(row, known.get(row["trigger"])):
                tokens.append(token)
        return tokens

    async def _register(self, row: dict[str, Any], known: dict[str, Any] | None) -> str:
        """One command; another program's of the same word is left alone. Returns its token, empty for none."""
        word = f"/{row['trigger']}"
        if known is None:
            try:
                made = await self._admin.post("/commands", row)
            except ServerRefused as error:
                if error.status != 400:
                    raise
                self._done.notes.append(translate("mattermost.setup.command_refused", word=word, reason=error.reason))
                return ""
            self._done.changed.append(translate("mattermost.setup.made_command", word=word))
            return str(made["token"])
        if not urllib.parse.urlsplit(known["url"]).path.endswith(CALLBACK):
            self._done.notes.append(translate("mattermost.setup.command_taken", word=word))
            return ""
        if any(known.get(name) != row[name] for name in _COMPARED):
            await self._admin.put(f"/commands/{known['id']}", known | row)
            self._done.changed.append(translate("mattermost.setup.changed_command", word=word))
        return str(known["token"])


def _rows(team: str, wanted: Wanted) -> list[dict[str, Any]]:
    """The commands as they are to be; only the first word of each is offered while typing."""
    url = wanted.callback_url.rstrip("/") + CALLBACK
    rows = []
    for command, words in COMMANDS.items():
        english = (ENGLISH[command],) if wanted.english else ()
        for word in (*words, *english):
            rows.append(
                {
                    "team_id": team,
                    "trigger": word,
                    "method": "P",
                    "url": url,
                    "auto_complete": word in (words[0], *english),
                    "auto_complete_desc": translate(f"mattermost.command.{command}"),
                    "auto_complete_hint": translate(f"mattermost.usage.{command}"),
                    "display_name": DISPLAY_NAME,
                    "description": translate(f"mattermost.command.{command}"),
                }
            )
    return rows


def _chosen(channels: Sequence[dict[str, Any]], names: Collection[str]) -> list[dict[str, Any]]:
    wanted = {name.lstrip("~#").casefold() for name in names}
    return [
        channel
        for channel in channels
        if _called(channel) & wanted
        or (not wanted and any(name.startswith(LIKELY_CHANNELS) for name in _called(channel)))
    ]


def _called(channel: dict[str, Any]) -> set[str]:
    return {channel["name"].casefold(), channel["display_name"].casefold()}
