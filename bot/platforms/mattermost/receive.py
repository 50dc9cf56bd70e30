"""The callbacks that a Mattermost server calls: slash commands, buttons and dialogs become interactions."""

from __future__ import annotations

import hmac
from collections.abc import Awaitable, Callable
from typing import Any

import structlog
from aiohttp import web

import locales
from bot.platforms.mattermost.dialogs import FAILURES, in_language_of
from bot.platforms.mattermost.markdown import literal
from bot.platforms.mattermost.payloads import (
    ActionCall,
    CommandCall,
    DialogCall,
    Malformed,
    read_action,
    read_command,
    read_dialog,
)
from bot.platforms.mattermost.platform import MattermostPlatform
from bot.platforms.mattermost.presses import CONFIRM, Forged, once_key
from bot.platforms.mattermost.render import as_text, has_buttons, joined
from bot.port import PlatformError
from handlers.chat.interactions import Command, Place
from handlers.chat.messages import Message
from handlers.chat.router import find_command
from locales import translate

PING = "ping"
"""What the bot answers to itself, so that `doctor` sees whether the server reaches it."""

UNREADABLE = (Malformed, ValueError, LookupError, RecursionError)
"""What comes of a body that no server sends; among it letters of a kind that nobody has heard of."""

log = structlog.get_logger()

Reply = dict[str, Any]


def routes(platform: MattermostPlatform) -> list[web.RouteDef]:
    """The three callbacks; they may be served at an address of their own."""
    calls = _Calls(platform)
    return [
        web.post("/mattermost/command", calls.command),
        web.post("/mattermost/action", calls.action),
        web.post("/mattermost/dialog", calls.dialog),
    ]


class _Calls:
    def __init__(self, platform: MattermostPlatform) -> None:
        self._platform = platform

    async def command(self, request: web.Request) -> web.Response:
        """`/ønske …`: authenticated by the command's token."""
        try:
            call = read_command(dict(await request.post()))
        except UNREADABLE as error:
            return _malformed("command", error)
        if not self._is_known(call.token):
            log.warning("forged_interaction", kind="command", user=call.user)
            return web.json_response({}, status=401)
        return await self._guarded(call.user, lambda: self._give_command(call), _ephemeral)

    async def action(self, request: web.Request) -> web.Response:
        """A button or a select."""
        try:
            call = read_action(await request.json())
        except UNREADABLE as error:
            return _malformed("action", error)
        async with self._platform.locks.hold(f"press:{call.post}"):
            return await self._guarded(call.user, lambda: self._press(call), _told)

    async def dialog(self, request: web.Request) -> web.Response:
        """A form, or a question that was answered with yes."""
        try:
            call = read_dialog(await request.json())
        except UNREADABLE as error:
            return _malformed("dialog", error)
        if call.cancelled:
            return web.json_response({})
        if self._platform.is_me(call.user):
            return web.json_response({"error": PING})
        return await self._guarded(call.user, lambda: self._send_dialog(call), lambda said: {"error": said})

    async def _guarded(
        self, user: str, work: Callable[[], Awaitable[Reply]], said: Callable[[str], Reply]
    ) -> web.Response:
        """What the work answers, or one sentence where the server or the database did not do its part. The body is
        never empty: servers take that for an error."""
        with locales.speaking(await self._platform.language_of(user), self._platform.house.zone):
            try:
                reply = await work()
            except Forged:
                log.warning("forged_interaction", kind="press", user=user)
                reply = {}
            except FAILURES as error:
                log.warning("callback_failed", kind=type(error).__name__, reason=_reason(error))
                reply = said(translate("dialogs.again"))
        self._platform.house.wake()
        return web.json_response(reply)

    async def _give_command(self, call: CommandCall) -> Reply:
        if self._platform.is_me(call.user):
            return _ephemeral(f"{PING} {literal(call.text)}")
        if find_command(call.word) is None:
            log.warning("command_under_another_word", word=call.word, user=call.user)
        sender, text = await self._platform.people.introduce(call.user, call.text.strip())
        command = Command(
            sender=sender,
            place=Place(call.channel, call.channel_name, direct=call.direct),
            once=once_key(call.trigger),
            command=call.word,
            text=text,
        )
        answer = await self._platform.house.answer(command)
        if answer.form is not None:
            self._platform.lines.keep(answer.form.token, call.response_url)
        told = (await self._platform.dialogs.open(answer, call.user, call.trigger)).whispers
        return self._ephemeral_message(told) if told else {}

    async def _press(self, call: ActionCall) -> Reply:
        if state := call.carried("d"):
            return _told(await self._platform.dialogs.go_on(state, call.user, call.trigger, call.post))
        answer = await self._platform.presses.press(call)
        told = answer.whispers
        if not has_buttons(told):
            return _told(as_text(told)) if told else {}
        # A line that only one person sees can carry no buttons here.
        if not await self._tell_directly(call.user, told, call.trigger):
            return _told(as_text(told))
        if call.direct:
            return {}
        with in_language_of(answer):
            return _told(as_text(told) + "\n\n" + translate("dialogs.buttons_elsewhere"))

    async def _send_dialog(self, call: DialogCall) -> Reply:
        if call.state.startswith(CONFIRM):
            reply, taken = await self._platform.presses.confirmed(call)
        else:
            reply, taken = await self._platform.dialogs.sent(call)
        if taken is not None:
            await self._tell(call, taken.whispers, self._platform.lines.take(call.state.partition(".")[2]))
        return reply

    async def _tell(self, call: DialogCall, whispers: tuple[Message, ...], line: str) -> None:
        """No text can answer a dialog: it goes where the command was given, or is a direct message."""
        if not whispers:
            return
        if line:
            try:
                await self._platform.client.post_to(line, self._ephemeral_message(whispers))
            except PlatformError as error:
                log.info("line_not_taken", reason=error.reason)
            else:
                return
        await self._tell_directly(call.user, whispers, call.state)

    async def _tell_directly(self, user: str, whispers: tuple[Message, ...], caused: str) -> bool:
        """What it is about is done by now: where the server does not take the message, nothing is to be tried again.
        Returns whether it did."""
        try:
            await self._platform.direct(user, joined(whispers), mark=once_key(caused)[-32:])
        except PlatformError as error:
            log.warning("whisper_lost", user=user, reason=error.reason)
            return False
        return True

    def _ephemeral_message(self, whispers: tuple[Message, ...]) -> Reply:
        shown = self._platform.rendered(joined(whispers))
        return _ephemeral(shown.text, shown.attachments)

    def _is_known(self, token: str) -> bool:
        """Whether it is the token of one of our commands; all are compared, however early one fits."""
        given = token.encode()
        return bool(sum(hmac.compare_digest(given, known.encode()) for known in self._platform.command_tokens))


def _ephemeral(text: str, attachments: list[dict[str, Any]] | None = None) -> Reply:
    reply = {"response_type": "ephemeral", "text": text, "skip_slack_parsing": True}
    return reply | ({"attachments": attachments} if attachments else {})


def _told(text: str) -> Reply:
    return {"ephemeral_text": text, "skip_slack_parsing": True} if text else {}


def _reason(error: Exception) -> str:
    """Without what a database repeats of a statement."""
    return error.reason if isinstance(error, PlatformError) else ""


def _malformed(kind: str, error: Exception) -> web.Response:
    log.warning("malformed_callback", kind=kind, reason=str(error)[:80])
    return web.json_response({}, status=400)
