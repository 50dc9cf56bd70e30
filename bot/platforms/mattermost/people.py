"""Who somebody on the server is: their name, whether they are a bot, and the language they ask for."""

from __future__ import annotations

import asyncio
import datetime as dt
import re
from collections.abc import Iterable

import structlog

from bot.clock import Clock
from bot.platforms.mattermost.client import Client, User
from bot.port import PlatformError
from handlers.chat.interactions import Sender

NAME = "mattermost"
WORKSPACE = "server"
"""One server per installation; its people and channels have ids of their own across all its teams."""

PATIENCE = 1.0
"""Seconds to wait for people's names before a form is opened without them: the click lives three."""

NAME_KEPT = dt.timedelta(minutes=10)
"""How long a name is believed where nobody tells of its change: only one of several processes hears the server."""

MOST_KNOWN = 5000

MOST_NAMED = 5
"""People who are mentioned in one command."""

_MENTION = re.compile(r"(?<![\w.@])@([A-Za-z0-9][A-Za-z0-9._-]*)")

log = structlog.get_logger()


def identity(user: str) -> str:
    """Somebody as seals name them."""
    return f"{NAME}/{WORKSPACE}/{user}"


class People:
    """Remembers whom the server has told of."""

    def __init__(self, client: Client, clock: Clock) -> None:
        self._client = client
        self._clock = clock
        self._known: dict[str, tuple[User, dt.datetime]] = {}

    async def introduce(self, user: str, text: str) -> tuple[Sender, str]:
        """Who acts, and their text as `name_mentioned` gives it: both are asked for at once, since a form may wait."""
        return await asyncio.gather(self.sender(user), self.name_mentioned(text))

    async def sender(self, user: str) -> Sender:
        """The person as one who acts. Without a name where the server is slow: the one that is stored stands then."""
        found = self._fresh(user) or await self._ask(user)
        if found is None:
            return Sender(NAME, WORKSPACE, user)
        return Sender(NAME, WORKSPACE, user, found.name, _language(found), guest=found.guest, bot=found.bot)

    async def name_mentioned(self, text: str) -> str:
        """The text with people by their names instead of their accounts: `@bo.lind` as `@Bo Lind`. Where the server is
        slow, or has no such account, it stays as it was typed."""
        accounts = {found.rstrip("._-").lower() for found in _MENTION.findall(text)}
        if not accounts:
            return text
        try:
            async with asyncio.timeout(PATIENCE):
                found = await asyncio.gather(*(self._client.find_user(one) for one in sorted(accounts)[:MOST_NAMED]))
        except (PlatformError, TimeoutError) as error:
            log.warning("mention_unknown", reason=str(error))
            return text
        names = {one.username: one.name for one in found if one is not None}

        def named(typed: re.Match[str]) -> str:
            account = typed[1].rstrip("._-")
            return f"@{names.get(account.lower(), account)}{typed[1][len(account) :]}"

        return _MENTION.sub(named, text)

    async def list_bots(self, users: Iterable[str]) -> set[str]:
        """Those of them that are bots."""
        wanted = set(users)
        await self.learn(wanted)
        return {user for user in wanted if user in self._known and self._known[user][0].bot}

    async def learn(self, users: Iterable[str]) -> None:
        """Ask for all of them at once.

        Raises:
            PlatformError: the server does not say who somebody is that it has never told of.
        """
        wanted = {user for user in users if self._fresh(user) is None}
        if not wanted:
            return
        try:
            self._remember(await self._client.users(wanted))
        except PlatformError:
            if wanted - self._known.keys():
                raise

    def forget(self, user: str) -> None:
        """The person has changed: the server is asked again."""
        self._known.pop(user, None)

    def _fresh(self, user: str) -> User | None:
        found, until = self._known.get(user, (None, self._clock.now()))
        return found if until > self._clock.now() else None

    async def _ask(self, user: str) -> User | None:
        """The person; as the server told of them before where it does not now."""
        try:
            async with asyncio.timeout(PATIENCE):
                found = await self._client.user(user)
        except (PlatformError, TimeoutError) as error:
            log.warning("name_unknown", user=user, reason=str(error))
            return self._known[user][0] if user in self._known else None
        self._remember([found])
        return found

    def _remember(self, users: Iterable[User]) -> None:
        if len(self._known) > MOST_KNOWN:
            self._known.clear()
        until = self._clock.now() + NAME_KEPT
        self._known.update({found.id: (found, until) for found in users})


def _language(user: User) -> str:
    """The server offers no Danish, so that every Dane there has English: only a language that somebody has chosen
    against that says anything."""
    return "da" if user.locale.startswith("da") else ""
