"""Every call to Slack's web interface: in its turn, and with what went wrong in the words that delivery knows."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import aiohttp
import structlog
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from bot.platforms.slack.pace import Pace
from bot.port import PlatformError
from storage.enums import Trouble

TIMEOUT = 10.0
"""Seconds that a call may take."""

PATIENCE = 20.0
"""Seconds that delivery waits for a turn before it lets other messages go first."""

_PASSING = {"fatal_error", "internal_error"}
"""What may work at another try, although nobody knows what went wrong."""

_MAY_HAVE_WORKED = {"fatal_error", "internal_error", "request_timeout"}
REFUSED_TOKEN = {"account_inactive", "invalid_auth", "not_authed", "token_expired", "token_revoked"}
_TROUBLES = {
    Trouble.PLACE: {"channel_is_archived", "channel_not_found", "is_archived", "not_in_channel", "restricted_action"},
    Trouble.MESSAGE: {"cant_update_message", "edit_window_closed", "message_not_found", "thread_not_found"},
    Trouble.PERSON: {"account_deactivated", "cannot_dm_bot", "user_disabled", "user_not_found", "users_not_found"},
    Trouble.TOKEN: REFUSED_TOKEN,
    Trouble.SCOPE: {"access_denied", "missing_scope", "no_permission", "not_allowed_token_type"},
    Trouble.CONNECTION: {
        "accesslimited",
        "org_login_required",
        "ratelimited",
        "rate_limited",
        "request_timeout",
        "service_unavailable",
        "team_added_to_org",
    },
}
"""What stands in the way, for the reasons about which people can do something."""

BOT_TOKEN = "OENSKEBOT_SLACK_BOT_TOKEN"  # noqa: S105 - the setting's name
"""The setting that every call but the opening of websockets is made with."""

BLIP = 60.0
"""Seconds; a token that is refused for less is nothing to tell people of."""

log = structlog.get_logger()


class Calls:
    """Slack's methods by their names.

    Args:
        client: Slack's own client, with the bot's token.
        pace: gives each call its turn.
        seconds: how long a call may take.

    `on_refused` is called when Slack has not taken the bot's token for a while, with the seconds; and once more, with
    `True`, when it takes it again.
    """

    def __init__(self, client: AsyncWebClient, pace: Pace, seconds: float = TIMEOUT) -> None:
        self.client = client
        self._seconds = seconds
        self.on_refused: Callable[[float, bool], Awaitable[None]] | None = None
        self._pace = pace
        self._refused_at: float | None = None
        self._told = False

    @property
    def refused(self) -> bool:
        """Whether Slack refused the bot's token when it was last used."""
        return self._refused_at is not None

    def now(self) -> float:
        """Seconds on the clock that the rate limits go by."""
        return self._pace.now()

    async def call(
        self, method: str, *, patience: float = PATIENCE, within: float | None = None, **arguments: Any
    ) -> Mapping[str, Any]:
        """Call a method such as `chat.postMessage`; returns what it answers (`auth.test` with the `headers`).

        Args:
            patience: seconds to wait for a turn.
            within: seconds that this call may take, where it is fewer than others may.

        Raises:
            PlatformError: it failed, or its turn is too far off.
        """
        channel = str(arguments.get("channel", ""))
        await self._pace.turn(method, channel, patience)
        function = getattr(self.client, method.replace(".", "_"))
        try:
            async with asyncio.timeout(within or self._seconds):
                answer = await function(**arguments)
        except (SlackClientError, aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
            problem = _problem(error)
            if problem.retry_after and problem.reason in ("ratelimited", "rate_limited"):
                self._pace.rest(method, channel, problem.retry_after)
            if problem.reason in REFUSED_TOKEN and "app_token" not in arguments:
                await self._note_refused(problem.reason)
            raise problem from error
        if self._refused_at is not None and "app_token" not in arguments:
            await self._note_taken(self._refused_at)
        data: dict[str, Any] = answer.data
        return data | {"headers": answer.headers} if method == "auth.test" else data

    async def _note_refused(self, reason: str) -> None:
        if self._refused_at is None:
            self._refused_at = self._pace.now()
            log.error("slack_token_refused", reason=reason, setting=BOT_TOKEN)
        elif not self._told and self._pace.now() - self._refused_at >= BLIP:
            self._told = True
            await self._tell(self._refused_at, over=False)

    async def _note_taken(self, refused_at: float) -> None:
        told, self._told, self._refused_at = self._told, False, None
        log.info("slack_token_taken_again", seconds=round(self._pace.now() - refused_at))
        if told:
            await self._tell(refused_at, over=True)

    async def _tell(self, refused_at: float, *, over: bool) -> None:
        if self.on_refused is None:
            return
        try:
            await self.on_refused(self._pace.now() - refused_at, over)
        except Exception:
            log.exception("slack_outage_not_told")

    async def upload(self, url: str, content: bytes) -> None:
        """Hand a file's content in at the address that Slack gave for it.

        Raises:
            PlatformError: it was not taken.
        """
        session = self.client.session
        assert session is not None
        try:
            async with session.post(url, data=content, proxy=self.client.proxy) as answer:
                status = answer.status
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise PlatformError(type(error).__name__, Trouble.CONNECTION) from error
        if status != 200:
            raise PlatformError(f"upload_http_{status}", Trouble.CONNECTION if status >= 500 else Trouble.OTHER)

    async def respond(self, url: str, body: Mapping[str, Any]) -> bool:
        """Answer a command or a press at the address that came with it; returns whether Slack took it."""
        session = self.client.session
        assert session is not None
        try:
            async with session.post(url, json=body, proxy=self.client.proxy) as answer:
                return answer.status == 200
        except (aiohttp.ClientError, TimeoutError, OSError):
            return False


def _problem(error: Exception) -> PlatformError:
    if isinstance(error, SlackApiError):
        return _refused(error.response)
    never_left = isinstance(error, aiohttp.ClientConnectorError | aiohttp.InvalidURL)
    return PlatformError(type(error).__name__, Trouble.CONNECTION, arrived=not never_left)


def _refused(response: Any) -> PlatformError:
    """What Slack said no to. An answer that can't be read may mean that it was done."""
    data = getattr(response, "data", None)
    reason = str(data.get("error") or "") if isinstance(data, dict) else ""
    status = int(getattr(response, "status_code", 0) or 0)
    headers = getattr(response, "headers", None) or {}
    if status == 429 or reason in ("ratelimited", "rate_limited"):
        return PlatformError(reason or "ratelimited", Trouble.CONNECTION, retry_after=_retry_after(headers))
    if not reason:
        return PlatformError(f"http_{status or 'unreadable'}", Trouble.CONNECTION, arrived=True)
    if status >= 500:
        return PlatformError(reason, trouble_of(reason), arrived=True)
    arrived, trouble = reason in _MAY_HAVE_WORKED, trouble_of(reason)
    passing = reason in _PASSING or trouble in (Trouble.TOKEN, Trouble.CONNECTION)
    return PlatformError(reason, trouble, permanent=not passing, arrived=arrived)


def trouble_of(reason: str) -> Trouble:
    """What Slack's reason means to people."""
    return next((trouble for trouble, reasons in _TROUBLES.items() if reason in reasons), Trouble.OTHER)


def _retry_after(headers: Mapping[str, str]) -> float:
    with contextlib.suppress(ValueError):
        return max(1.0, float(next((value for name, value in headers.items() if name.lower() == "retry-after"), 30)))
    return 30.0
