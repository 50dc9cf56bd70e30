"""Gives people their answer at once: lines that only they see, the form that opens, the sentences at its fields."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import structlog

from bot.ids import new_id
from bot.platforms.slack.calls import Calls
from bot.platforms.slack.forms import FormTooLarge, errors_answer, to_view
from bot.platforms.slack.pieces import Element
from bot.platforms.slack.render import Rendered, to_messages
from bot.platforms.slack.send import SlackSender
from bot.port import Answer, Located, PlatformError
from handlers.chat.messages import Form, Text, message
from locales import translate

TRIGGER_LIFE = 2.5
"""Seconds that opening a form may take; Slack lets a trigger live for three."""

USES = 5
"""Answers that Slack takes at the address that came with a command or a press."""

_USED = {"exchanged_trigger_id", "trigger_exchanged"}

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Way:
    """How a person can be answered: where they are, and what Slack gave for answering them."""

    user: str
    channel: str
    trigger: str = ""
    address: str = ""
    thread: str = ""


def way_back(body: Mapping[str, Any]) -> Way:
    """The way to answer a command, a press, a form or a shortcut."""
    user, channel = body.get("user") or {}, body.get("channel") or {}
    message, container = body.get("message") or {}, body.get("container") or {}
    thread = str(message.get("thread_ts") or container.get("thread_ts") or "")
    return Way(
        user=str(body.get("user_id") or user.get("id") or ""),
        channel=str(body.get("channel_id") or channel.get("id") or ""),
        trigger=str(body.get("trigger_id") or ""),
        address=str(body.get("response_url") or ""),
        thread="" if thread == message.get("ts") else thread,
    )


class Responder:
    """Gives answers.

    Args:
        calls: calls Slack.
        sender: speaks to a person where Slack gave no address for answering.
    """

    def __init__(self, calls: Calls, sender: SlackSender) -> None:
        self._calls = calls
        self._sender = sender

    async def meet(self, body: Mapping[str, Any]) -> None:
        """Look whether the message that was pressed stands twice."""
        message = body.get("message") or {}
        await self._sender.twins.pressed(Located(way_back(body).channel, str(message.get("ts") or "")), message)

    async def notice(self, event: Mapping[str, Any]) -> None:
        """Look whether a message of the bot's that was clicked on is one that it knows."""
        item = event["item"]
        where = Located(str(item["channel"]), str(item["ts"]))
        await self._sender.twins.clicked(self._sender.workspace, where, str(event["user"]))

    async def give(self, answer: Answer, way: Way) -> None:
        """Open the form, and say the lines. Best effort: what fails is logged, and said where it can be."""
        whispers = list(answer.whispers)
        if answer.form is not None and (sentence := await self._open(answer.form, way)):
            whispers.append(message(Text(sentence)))
        parts = [part for shown in whispers for part in to_messages(shown)]
        given = await self._answer(parts[:USES], way) if way.address else 0
        await self._whisper(parts[given:], way, answer.channel)

    def to_submission(self, answer: Answer, view: Mapping[str, Any]) -> Element | None:
        """What a modal that was sent gets in its acknowledgement; `None` lets it close."""
        if answer.errors:
            return errors_answer(view, answer.errors)
        if answer.form is None:
            return None
        try:
            return {"response_action": "update", "view": to_view(answer.form)}
        except FormTooLarge as error:
            log.error("slack_form_too_large", form=str(error))
            return errors_answer(view, [("", translate("slack.form_too_large"))])

    async def _open(self, form: Form, way: Way) -> str:
        """Open the form; returns the sentence that the person gets if that failed."""
        try:
            await self._calls.call(
                "views.open", trigger_id=way.trigger, view=to_view(form), within=TRIGGER_LIFE, patience=0
            )
        except FormTooLarge as error:
            log.error("slack_form_too_large", form=str(error))
            return translate("slack.form_too_large")
        except PlatformError as error:
            log.warning("slack_form_not_opened", reason=error.reason)
            return "" if error.reason in _USED else translate("slack.form_late")
        return ""

    async def _whisper(self, parts: Sequence[Rendered], way: Way, channel: str) -> None:
        if not parts:
            return
        try:
            await self._sender.say_parts(channel or way.channel, way.user, parts, mark=new_id(), thread=way.thread)
        except PlatformError as error:
            log.warning("slack_whisper_lost", reason=error.reason)

    async def _answer(self, parts: Sequence[Rendered], way: Way) -> int:
        """How many of the parts Slack took at the address that it gave."""
        thread = {"thread_ts": way.thread} if way.thread else {}
        for number, part in enumerate(parts):
            body = {"response_type": "ephemeral", "replace_original": False, "text": part.text, "blocks": part.blocks}
            if not await self._calls.respond(way.address, body | thread):
                log.warning("slack_response_refused")
                return number
        return len(parts)
