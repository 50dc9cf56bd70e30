"""Hears what Slack delivers, has it decided and stored, and only then acknowledges it."""

from __future__ import annotations

import asyncio
import dataclasses
import logging
import re
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass
from typing import Any, TypeVar

import structlog
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.response import BoltResponse
from slack_sdk.web.async_client import AsyncWebClient

from bot.platforms.slack.controls import found_options
from bot.platforms.slack.forms import CALLBACK
from bot.platforms.slack.manifest import LET_IN
from bot.platforms.slack.receive import SHORTCUT, Payload, Receiver
from bot.platforms.slack.respond import Responder, Way, way_back
from bot.port import Answer
from handlers.chat.interactions import Interaction
from locales import known_language, speaking

CLICKS_AT_ONCE = 4
"""The other clicks of a rush wait, so that whoever writes a command gets their form before its trigger expires."""

log = structlog.get_logger()


UNREADABLE = (AttributeError, IndexError, KeyError, OverflowError, RecursionError, TypeError, ValueError)
"""What reading a payload comes to that lacks something, or has another kind of thing in its place."""

T = TypeVar("T")


class Malformed(Exception):
    """A delivery that is not as Slack writes it."""


class NotStored(Exception):
    """A click could not be stored; Slack is not told that it came, and delivers it again."""


@dataclass(frozen=True, slots=True)
class Errands:
    """What is done with what is heard.

    Args:
        answer: hands an interaction to the bot.
        let_in: the bot was let into a channel, or one was opened again.
    """

    answer: Callable[[Interaction], Awaitable[Answer]]
    let_in: Callable[[], Awaitable[None]]


class Listener:
    """Slack's deliveries, each acknowledged when what it asked for is committed, and answered after that.

    Args:
        receiver: reads them.
        responder: gives the answers.
        errands: does what they ask for.
        language: spoken to those who have said none.
    """

    def __init__(self, receiver: Receiver, responder: Responder, errands: Errands, *, language: str) -> None:
        self._receiver = receiver
        self._responder = responder
        self._answer = errands.answer
        self._let_in = errands.let_in
        self._me = ""
        self._language = language
        self._clicks = asyncio.Semaphore(CLICKS_AT_ONCE)
        self._tasks: set[asyncio.Task[None]] = set()

    def make_app(self, client: AsyncWebClient, me: str, signing_secret: str) -> AsyncApp:
        """Bolt, with everything that is listened to. It acknowledges after a listener, not before: what fails is
        delivered again, instead of lost. Who the bot is (`me`) is known from the start: Bolt would ask Slack at the
        first delivery, and keep it waiting."""

        self._me = me

        async def authorize() -> AuthorizeResult:
            return AuthorizeResult(
                enterprise_id=None, team_id=self._receiver.workspace, bot_user_id=me, bot_token=client.token
            )

        app = AsyncApp(
            name="oenskebot",
            client=AsyncWebClient(base_url=client.base_url, session=client.session, logger=client.logger),
            authorize=authorize,
            signing_secret=signing_secret,
            request_verification_enabled=bool(signing_secret),
            process_before_response=True,
            logger=logging.getLogger("slack_bolt"),
        )
        anything = re.compile(".*", re.DOTALL)
        # Bolt asks them in this order, and clicks come in rushes.
        app.event("reaction_added")(self._on_reaction)
        app.event("reaction_removed")(self._on_reaction)
        app.command(anything)(self._on_command)
        app.block_action(anything)(self._on_press)
        app.view_submission(CALLBACK)(self._on_submission)
        app.view_closed(anything)(self._on_nothing)
        app.block_suggestion(anything)(self._on_lookup)
        app.message_shortcut(SHORTCUT)(self._on_shortcut)
        app.event("app_home_opened")(self._on_home)
        for name in LET_IN:
            app.event(name)(self._on_let_in)
        app.error(_on_error)
        return app

    async def answered(self) -> None:
        """Wait until every answer that is on its way has been given."""
        while self._tasks:
            await asyncio.gather(*self._tasks)

    async def _on_command(self, ack: AsyncAck, body: Payload) -> None:
        answer = await self._answer(await _read(self._receiver.command(body)))
        await ack()
        self._give(answer, way_back(body))

    async def _on_press(self, ack: AsyncAck, body: Payload) -> None:
        presses = await _read(self._receiver.presses(body))
        if not presses:
            log.warning("slack_unknown_action", user=way_back(body).user)
        answers = [await self._answer(press) for press in presses]
        await ack()
        for answer in answers:
            self._give(answer, way_back(body))
        self._start(self._responder.meet(body))

    async def _on_submission(self, ack: AsyncAck, body: Payload) -> None:
        submit = await _read(self._receiver.submission(body))
        answer = await self._answer(submit)
        with speaking(answer.language or known_language(submit.sender.locale, self._language)):
            response = self._responder.to_submission(answer, body["view"])
        await ack(response or "")
        if answer.whispers:
            self._give(dataclasses.replace(answer, form=None), way_back(body))

    async def _on_lookup(self, ack: AsyncAck, body: Payload) -> None:
        asked = await _read(self._receiver.lookup(body))
        answer = await self._answer(asked)
        with speaking(answer.language or known_language(asked.sender.locale, self._language)):
            await ack(**found_options(answer.options or ()))

    async def _on_shortcut(self, ack: AsyncAck, body: Payload) -> None:
        answer = await self._answer(await _read(self._receiver.shortcut(body)))
        await ack()
        self._give(answer, way_back(body))

    async def _on_reaction(self, body: Payload) -> None:
        click = await _read(self._receiver.reaction(body))
        if click is None:
            return
        async with self._clicks:
            answer = await self._answer(click)
        if answer.whispers:
            raise NotStored(click.once)
        if click.on and body["event"].get("item_user") == self._me:
            self._start(self._responder.notice(body["event"]))

    async def _on_home(self, body: Payload) -> None:
        opened = await _read(self._receiver.home(body))
        if opened is not None:
            self._give(await self._answer(opened), Way(opened.sender.user, ""))

    async def _on_let_in(self, body: Payload) -> None:
        event = body["event"]
        if event["type"] != "member_joined_channel" or event.get("user") == self._me:
            await self._let_in()

    async def _on_nothing(self, ack: AsyncAck) -> None:
        await ack()

    def _give(self, answer: Answer, way: Way) -> None:
        """Answer without keeping Slack waiting for its acknowledgement."""
        if answer.whispers or answer.form:
            self._start(self._responder.give(answer, way), answer.language)

    def _start(self, work: Coroutine[Any, Any, None], language: str = "") -> None:
        with speaking(language or self._language):
            task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()):
            log.error("slack_answer_failed", exc_info=error)


async def _read(reading: Awaitable[T]) -> T:
    try:
        return await reading
    except UNREADABLE as error:
        raise Malformed(f"{type(error).__name__}") from error


async def _on_error(error: Exception) -> BoltResponse | None:
    """What is not as it should be will not be so when it is delivered again; anything else is."""
    if isinstance(error, Malformed):
        return refuse(error)
    log.error("slack_not_acknowledged", exc_info=error)
    return None


def refuse(error: Exception) -> BoltResponse:
    """Refuse a delivery that makes no sense, with one line in the log."""
    log.warning("slack_malformed", reason=str(error)[:80])
    return BoltResponse(status=400, headers={"x-slack-no-retry": "1"})
