"""Finds the channel that somebody means who writes its name as they see it, among those that the bot is in."""

from __future__ import annotations

import re
import unicodedata

from bot.platforms.mattermost.client import Channel, Client
from bot.port import PlatformError
from storage.enums import Trouble

_ID = re.compile(r"[a-z0-9]{26}")


async def get_channel_id(client: Client, typed: str) -> str:
    """The id of a channel that is given by its id or by a name.

    Raises:
        PlatformError: the bot is in none of that name, or in several.
    """
    if _ID.fullmatch(typed):
        return typed
    found = await find_channels(client, typed)
    if len(found) != 1:
        raise PlatformError("channel_not_found", Trouble.PLACE, permanent=True)
    return found[0].id


async def find_channels(client: Client, typed: str, team: str = "") -> list[Channel]:
    """The channels that the bot is in and that are called so; none is told of that it is not in.

    Args:
        typed: the name in people's lists or the one in the address, in any case, or the id.
        team: only that team's; empty for all of the bot's teams.
    """
    wanted = _folded(typed)
    teams = [team] if team else await client.list_my_teams()
    mine = {one.id: one for each in teams for one in await client.list_my_channels(each) if one.team}
    if wanted in mine:
        return [mine[wanted]]
    by_address = [one for one in mine.values() if _folded(one.name) == wanted]
    return by_address or [one for one in mine.values() if _folded(one.shown) == wanted]


def _folded(name: str) -> str:
    return " ".join(unicodedata.normalize("NFC", name).strip().lstrip("~#").casefold().split())
