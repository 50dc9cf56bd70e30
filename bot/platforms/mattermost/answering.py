"""Finds out whether the bot answers its commands and forms: it gives itself each of them, and the server calls it."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from bot.platforms.mattermost.client import Channel, Client
from bot.platforms.mattermost.connection import ServerRefused
from bot.platforms.mattermost.receive import PING
from bot.platforms.mattermost.send import dialog_address
from bot.port import PlatformError
from handlers.chat.router import COMMANDS

_STEM = "api.command.execute_command"


class Outcome(Enum):
    """What becomes of a word. `MISSING`: the team has no such command. `FOREIGN`: something else answers. `REFUSED`:
    what is there refuses it, as the bot does where it does not know the command's token. `SILENT`: nothing answers."""

    OURS = "ours"
    MISSING = f"{_STEM}.not_found.app_error"
    FOREIGN = "foreign"
    REFUSED = f"{_STEM}.failed_resp.app_error"
    SILENT = f"{_STEM}.failed.app_error"


@dataclass(frozen=True, slots=True)
class Answered:
    """What became of each word in one team; `reason` is what the server said of the first that did not work."""

    outcomes: dict[str, Outcome]
    reason: str

    @property
    def all_silent(self) -> bool:
        return set(self.outcomes.values()) == {Outcome.SILENT}

    def words(self, *outcomes: Outcome) -> list[str]:
        return [word for word, outcome in self.outcomes.items() if outcome in outcomes]


@dataclass(frozen=True, slots=True)
class Places:
    """The teams that are looked at, and a channel of each that the bot is in. `all_matter`: they are those of groups;
    as long as there is no group, they are all of the bot's, and one that works will do."""

    teams: list[str]
    channels: list[Channel]
    all_matter: bool


async def find_places(client: Client, channels: Sequence[str]) -> Places:
    """Where the commands matter.

    Args:
        channels: the ids of the channels that groups have.
    """
    teams = await client.list_my_teams()
    mine = [channel for team in teams for channel in await client.list_my_channels(team)]
    own = [channel for channel in mine if channel.team and not channel.archived]
    of_groups = {channel.team: channel for channel in own if channel.id in channels}
    if of_groups:
        return Places(list(of_groups), list(of_groups.values()), all_matter=True)
    return Places(teams, list({channel.team: channel for channel in own}.values()), all_matter=False)


async def ask_all(client: Client, channel: Channel) -> Answered:
    """Give every word, the aliases too: each is a command of its own, with a token of its own."""
    words = [word for some in COMMANDS.values() for word in some]
    found = await asyncio.gather(*(_ask(client, channel, word) for word in words))
    outcomes = {word: outcome for word, (outcome, _) in zip(words, found, strict=True)}
    return Answered(outcomes, next((reason for _, reason in found if reason), ""))


async def ask_form(client: Client, channel: Channel, callback_url: str) -> tuple[Outcome, str]:
    """Send a form to where the bot's buttons and forms say that the server finds it, which is another address than that
    of the commands where the settings have changed since those were registered.

    Returns:
        What became of it, and what the server said where it did not work.
    """
    try:
        answer = await client.send_dialog(dialog_address(callback_url), channel.id, channel.team, PING)
    except PlatformError as error:
        return Outcome.SILENT, error.reason
    return (Outcome.OURS if answer.get("error") == PING else Outcome.FOREIGN), ""


async def _ask(client: Client, channel: Channel, word: str) -> tuple[Outcome, str]:
    try:
        answer = await client.execute_command(channel.id, channel.team, f"/{word} {PING}")
    except PlatformError as error:
        known = {one.value: one for one in Outcome}
        named = error.error if isinstance(error, ServerRefused) else ""
        return known.get(named, Outcome.SILENT), error.reason
    return (Outcome.OURS if str(answer.get("text", "")).startswith(PING) else Outcome.FOREIGN), ""
