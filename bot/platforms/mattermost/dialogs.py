"""Leads a person through a form: opens its steps as dialogs, keeps what was typed, and hands the whole to the bot."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Mapping
from contextlib import AbstractContextManager
from typing import Any

import structlog
from sqlalchemy.exc import SQLAlchemyError

import locales
from bot.platforms.mattermost.drafts import Drafts, Kept, digest
from bot.platforms.mattermost.forms import Steps, needs_memory, split, to_dialog
from bot.platforms.mattermost.house import House
from bot.platforms.mattermost.markdown import literal
from bot.platforms.mattermost.payloads import DialogCall
from bot.platforms.mattermost.people import identity
from bot.platforms.mattermost.render import Rendered, button
from bot.platforms.mattermost.send import MattermostSender
from bot.platforms.mattermost.submission import plain_values
from bot.platforms.mattermost.typed import Reader, Step, element_name
from bot.port import Answer, PlatformError
from bot.seals import FORM_LIFE, BadSeal, FormSeal, StaleSeal
from handlers.chat.interactions import Place, Submit
from handlers.chat.messages import Form, Message, Text, message
from locales import translate
from storage.session import StorageBusy

SIMPLE = 0
"""The step of a form that needs no memory."""

HOWEVER_OLD = dt.datetime.fromtimestamp(0, dt.UTC)
"""At this moment no seal has grown too old."""

FAILURES = (PlatformError, StorageBusy, SQLAlchemyError)
"""The server or the database did not do its part."""

log = structlog.get_logger()

Reply = dict[str, Any]


def in_language_of(answer: Answer) -> AbstractContextManager[None]:
    """What is said around an answer is in its language: the bot knows the person's group, and what is spoken there."""
    return locales.speaking(answer.language or locales.language())


class Dialogs:
    """The forms of one server.

    Args:
        sender: posts the private messages that go on with a form, and opens dialogs.
        drafts: keeps what was typed.
        house: the bot.
    """

    def __init__(self, sender: MattermostSender, drafts: Drafts, house: House) -> None:
        self._sender = sender
        self._drafts = drafts
        self._seals = house.seals
        self._answer = house.answer
        self._clock = house.clock
        self._reader = Reader(sender, house.answer)

    async def open(self, answer: Answer, user: str, trigger: str) -> Answer:
        """Show the first step of the form that an answer opens, if any; returns the answer with what the person is told
        besides. Where the trigger was too old, a private message with a button is sent instead."""
        if answer.form is None:
            return answer
        with in_language_of(answer):
            besides = await self._open(answer.form, user, trigger)
        return dataclasses.replace(answer, whispers=answer.whispers + besides)

    async def _open(self, form: Form, user: str, trigger: str) -> tuple[Message, ...]:
        steps = self._steps(form)
        remembered = needs_memory(form, steps)
        try:
            await self._show(trigger, to_dialog(form, steps, 1, f"{1 if remembered else SIMPLE}.{form.token}"))
        except PlatformError as error:
            log.warning("form_not_opened", user=user, reason=error.reason)
            await self._drafts.keep(form, user, locales.language())
            await self.offer(form, user, 1, translate("dialogs.too_late", title=literal(form.title)))
            return ()
        if not remembered:
            return ()
        try:
            await self._drafts.keep(form, user, locales.language())
        except (StorageBusy, SQLAlchemyError) as error:
            log.warning("form_not_kept", user=user, reason=type(error).__name__)
            return (message(Text(translate("dialogs.not_kept", title=form.title))),)
        return ()

    async def led_on(self, reply: Reply, answer: Answer, user: str) -> tuple[Reply, Answer | None]:
        """What a dialog's client is told, and the bot's answer where nothing is left to be done in the dialog.

        A form that follows is opened by a button in a private message, since what is sent from a dialog can open none.
        What came before it is done: where the button can't be sent, the dialog stays, and sending it once more does
        nothing but that.
        """
        if not reply and answer.form is not None:
            with in_language_of(answer):
                reply = await self._follow(answer.form, user)
        return reply, None if reply else answer

    async def offer(self, form: Form, user: str, step: int, sentence: str) -> None:
        """A private message with the button that opens a step of the form; there is one such message per form."""
        steps = len(self._steps(form))
        label = translate("dialogs.continue", step=step, steps=steps) if steps > 1 else translate("dialogs.open")
        shown = [button(label, self._sender.action_url, {"d": f"{step}.{form.token}"})]
        kept = await self._drafts.find(form.token)
        if kept is not None and kept.post and await self._sender.change(kept.post, Rendered(sentence, shown)):
            return
        deleted = kept is not None and bool(kept.post)  # with its mark, the server would give the deleted one again
        mark = "" if deleted else digest(form.token)[:32]
        channel = await self._sender.direct_channel(user)
        made = await self._sender.create(channel, Rendered(sentence, shown), mark=mark)
        await self._drafts.note_post(form.token, made.message)

    async def go_on(self, state: str, user: str, trigger: str, post: str) -> str:
        """The button of such a message was pressed: open the step; returns what the person is told, empty if it
        opened. A button that is not ours, or stands on a message that is not, is told nothing."""
        step, token = _read_state(state)
        kept = await self._drafts.find(token)
        on_its_message = kept is not None and kept.post == post
        if not self._is_ours(token, user, HOWEVER_OLD) or not (on_its_message or await self._sender.find_own(post)):
            log.warning("forged_interaction", kind="continue", user=user)
            return ""
        if kept is None or kept.user != user or kept.done:
            log.info("stale_interaction", kind="draft", user=user)
            return translate("dialogs.gone")
        with locales.speaking(kept.language):
            steps = self._steps(kept.form)
            step = min(max(step, 1), len(steps))
            try:
                await self._show(trigger, to_dialog(kept.form, steps, step, f"{step}.{token}"))
            except PlatformError as error:
                log.warning("form_not_opened", user=user, reason=error.reason)
                return translate("dialogs.again")
        return ""

    async def sent(self, call: DialogCall) -> tuple[Reply, Answer | None]:
        """A dialog was sent: what its client is told, and the bot's answer where the form is taken.

        Anybody on the server can send anything here in their own name: what is not sealed by us gets nothing, and a
        step that is not remembered for this person gets one sentence. The bot itself judges the seal of a whole form.
        """
        step, token = _read_state(call.state)
        if not self._is_ours(token, call.user, self._clock.now() if step == SIMPLE else HOWEVER_OLD):
            log.warning("forged_interaction", kind="form", user=call.user)
            return {}, None
        if step == SIMPLE:
            answer = await self._hand_in(call, token, plain_values(call.submission))
            return await self.led_on(_errors_reply(answer.errors), answer, call.user)
        kept = await self._drafts.find(token)
        if kept is None or kept.user != call.user:
            log.info("stale_interaction", kind="draft", user=call.user)
            return {"error": translate("dialogs.gone")}, None
        with locales.speaking(kept.language):
            return await self._take_step(call, kept, step)

    def _is_ours(self, token: str, user: str, now: dt.datetime) -> bool:
        try:
            self._opened(token, user, now)
        except BadSeal:
            return False
        except StaleSeal:
            log.info("stale_interaction", kind="form", user=user)
        return True

    def _opened(self, token: str, user: str, now: dt.datetime) -> FormSeal:
        return self._seals.open_form(token, identity(user), now)

    async def _take_step(self, call: DialogCall, kept: Kept, step: int) -> tuple[Reply, Answer | None]:
        steps = self._steps(kept.form)
        step = min(max(step, 1), len(steps))
        token, channel = self._renewed(kept.form.token, call.user)
        read = await self._reader.read(Step(call, token, channel, steps.fields[step - 1]))
        if read.errors:
            return {"errors": read.errors}, None
        now = await self._drafts.fill(kept.form.token, read.typed, read.shown) or kept
        if step < len(steps):
            if not now.done:
                sentence = translate("dialogs.kept", title=literal(now.form.title))
                await self.offer(now.form, call.user, step + 1, sentence)
            return {}, None
        answer = await self._hand_in(call, token, now.values)
        if answer.errors:
            return await self._correct(call.user, now.form, steps, step, answer), None
        if now.done:
            return {}, None
        reply, taken = await self.led_on({}, answer, call.user)
        if taken is not None:
            await self._finish(now)
        return reply, taken

    def _renewed(self, token: str, user: str) -> tuple[str, str]:
        """A form that is remembered, sealed as if it had been opened just now, and the channel that it was opened in.
        It can act as often as before: its number is used up by the deed that acts on it."""
        seal = self._opened(token, user, HOWEVER_OLD)
        until = int((self._clock.now() + FORM_LIFE).timestamp())
        return self._seals.form(dataclasses.replace(seal, until=until)), seal.channel

    async def _hand_in(self, call: DialogCall, token: str, values: Mapping[str, str | list[str]]) -> Answer:
        sender = await self._sender.people.sender(call.user)
        return await self._answer(Submit(sender=sender, place=Place(call.channel), token=token, values=values))

    async def _follow(self, form: Form, user: str) -> Reply:
        try:
            await self._drafts.keep(form, user, locales.language())
            await self.offer(form, user, 1, translate("dialogs.next_form", title=literal(form.title)))
        except FAILURES as error:
            log.warning("form_not_offered", user=user, reason=type(error).__name__)
            return {"error": translate("dialogs.next_failed", title=form.title)}
        return {}

    async def _correct(self, user: str, form: Form, steps: Steps, step: int, answer: Answer) -> Reply:
        """Sentences at fields of this step are shown in the dialog; those of an earlier one in a private message."""
        here = {field.name for field in steps.fields[step - 1]}
        elsewhere = [(name, said) for name, said in answer.errors if name and name not in here]
        if not elsewhere:
            elements = {field.name: element_name(field) for field in form.fields}
            return _errors_reply(tuple((elements.get(name, name), said) for name, said in answer.errors))
        labels = {field.name: field.label for field in form.fields}
        lines = [f"- {literal(labels.get(name, name))}: {literal(said)}" for name, said in answer.errors]
        first = min(steps.of(name) for name, _ in elsewhere)
        sentence = translate("dialogs.correct", title=literal(form.title))
        await self.offer(form, user, first, "\n".join([sentence, *lines]))
        return {}

    async def _finish(self, kept: Kept) -> None:
        """The form was taken, whatever becomes of its message: a press on it is answered as the first time."""
        try:
            await self._drafts.finish(kept.form.token)
            if kept.post:
                said = translate("dialogs.sent", title=literal(kept.form.title))
                await self._sender.change(kept.post, Rendered(said, []))
        except FAILURES as error:
            log.warning("form_message_not_changed", reason=type(error).__name__)

    async def _show(self, trigger: str, dialog: dict[str, Any]) -> None:
        await self._sender.client.open_dialog(trigger, self._sender.dialog_url, dialog)

    def _steps(self, form: Form) -> Steps:
        return split(form, self._sender.client.server_version)


def _read_state(state: str) -> tuple[int, str]:
    step, _, token = state.partition(".")
    return (int(step), token) if step.isascii() and step.isdigit() and len(step) < 3 else (1, "")


def _errors_reply(errors: tuple[tuple[str, str], ...]) -> Reply:
    at_fields = {name: said for name, said in errors if name}
    whole = " ".join(said for name, said in errors if not name)
    return ({"errors": at_fields} if at_fields else {}) | ({"error": whole} if whole else {})
