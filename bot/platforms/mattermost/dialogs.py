"""Leads a person through a form: opens its steps as dialogs, keeps what was typed, and hands the whole to the bot."""

from __future__ import annotations

import datetime as dt
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import structlog

import locales
from bot.platforms.mattermost.channels import find_channels
from bot.platforms.mattermost.drafts import Drafts, Kept, digest, filled
from bot.platforms.mattermost.elements import box_name, boxes
from bot.platforms.mattermost.forms import Steps, Typed, needs_memory, split, to_dialog
from bot.platforms.mattermost.house import House
from bot.platforms.mattermost.markdown import literal
from bot.platforms.mattermost.payloads import DialogCall
from bot.platforms.mattermost.people import identity
from bot.platforms.mattermost.render import Rendered, button
from bot.platforms.mattermost.send import MattermostSender
from bot.platforms.mattermost.submission import Unclear, plain_values, read_fields, read_numbers, read_search
from bot.port import Answer, PlatformError
from bot.seals import FORM_LIFE, BadSeal, StaleSeal
from handlers.chat.interactions import Command, Interaction, Lookup, Place, Press, Submit
from handlers.chat.messages import Field, Form, Option
from locales import translate

OPENED_ANEW_AFTER = FORM_LIFE - dt.timedelta(hours=1)
"""A form that is nearly too old to be sent is opened anew, with what was typed."""

SIMPLE = 0
"""The step of a form that needs no memory."""

log = structlog.get_logger()

Reply = dict[str, Any]


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

    async def open(self, form: Form, user: str, trigger: str, origin: Interaction) -> bool:
        """Show a form's first step; where the trigger was too old, a private message with a button is sent instead
        and false is returned."""
        steps = self._steps(form)
        remembered = needs_memory(form, steps)
        state = f"{1 if remembered else SIMPLE}.{form.token}"
        try:
            await self._show(trigger, to_dialog(form, steps, 1, state))
        except PlatformError as error:
            log.warning("form_not_opened", user=user, reason=error.reason)
            await self._keep(form, user, origin)
            await self.offer(form, user, 1, translate("dialogs.too_late", title=literal(form.title)))
            return False
        if remembered:
            await self._keep(form, user, origin)
        return True

    async def follow(self, form: Form, user: str) -> None:
        """A form that follows another: what is sent from a dialog can open none, so a button does."""
        await self._keep(form, user, None)
        await self.offer(form, user, 1, translate("dialogs.next_form", title=literal(form.title)))

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
        if not self._is_ours(token, user) or not (on_its_message or await self._sender.find_own(post)):
            log.warning("forged_interaction", kind="continue", user=user)
            return ""
        if kept is None or kept.user != user or kept.done:
            log.info("stale_interaction", kind="draft", user=user)
            return translate("dialogs.gone")
        with locales.speaking(kept.language):
            form = kept.form
            if self._clock.now() - kept.opened_at > OPENED_ANEW_AFTER:
                renewed = await self._renew(kept, user)
                if isinstance(renewed, str):
                    return renewed
                form = renewed
            steps = self._steps(form)
            step = min(max(step, 1), len(steps))
            try:
                await self._show(trigger, to_dialog(form, steps, step, f"{step}.{form.token}"))
            except PlatformError as error:
                log.warning("form_not_opened", user=user, reason=error.reason)
                return translate("dialogs.again")
        return ""

    async def sent(self, call: DialogCall) -> tuple[Reply, Answer | None]:
        """A dialog was sent: what its client is told, and the bot's answer where the form is whole.

        Anybody on the server can send anything here in their own name: what is not sealed by us gets nothing, and a
        step that is not remembered for this person gets one sentence. The bot itself judges the seal of a whole form.
        """
        step, token = _read_state(call.state)
        if not self._is_ours(token, call.user):
            log.warning("forged_interaction", kind="form", user=call.user)
            return {}, None
        if step == SIMPLE:
            return await self._hand_in(call, token, plain_values(call.submission))
        kept = await self._drafts.find(token)
        if kept is None or kept.user != call.user:
            log.info("stale_interaction", kind="draft", user=call.user)
            return {"error": translate("dialogs.gone")}, None
        with locales.speaking(kept.language):
            return await self._take_step(call, kept, step)

    def _is_ours(self, token: str, user: str) -> bool:
        try:
            self._seals.open_form(token, identity(user), self._clock.now())
        except BadSeal:
            return False
        except StaleSeal:
            log.info("stale_interaction", kind="form", user=user)
        return True

    async def _take_step(self, call: DialogCall, kept: Kept, step: int) -> tuple[Reply, Answer | None]:
        steps = self._steps(kept.form)
        step = min(max(step, 1), len(steps))
        fields = steps.fields[step - 1]
        typed, shown, errors = await self._read(call, kept, fields)
        if errors:
            return {"errors": errors}, None
        now = await self._drafts.fill(kept.form.token, typed, shown) or kept
        if step < len(steps):
            if not now.done:
                sentence = translate("dialogs.kept", title=literal(now.form.title))
                await self.offer(now.form, call.user, step + 1, sentence)
            return {}, None
        reply, answer = await self._hand_in(call, now.form.token, now.values)
        if answer is not None and answer.errors:
            return await self._correct(call.user, now.form, steps, step, answer), None
        if now.done:
            return reply, None
        await self._finish(now)
        return reply, answer

    async def _read(
        self, call: DialogCall, kept: Kept, fields: tuple[Field, ...]
    ) -> tuple[Typed, dict[str, str], dict[str, str]]:
        """What was typed, the words of its searches, and the sentences at what can't be understood."""
        typed, shown, errors = read_fields(fields, call.submission), {}, {}
        for field in fields:
            raw = typed.get(field.name)
            try:
                if field.kind == "search" and isinstance(raw, str):
                    shown[field.name] = raw.strip()
                    typed[field.name] = await read_search(field, raw, self._looking(call, kept.form, field))
                elif field.kind == "channel" and isinstance(raw, str) and raw.strip():
                    shown[field.name] = raw.strip()
                    typed[field.name] = await self._read_channel(kept.origin.get("channel", call.channel), raw)
                elif field.kind == "multi" and isinstance(raw, str):
                    typed[field.name] = read_numbers(field, raw)
            except Unclear as error:
                errors[field.name] = error.sentence
                continue
            if field.required and field.kind != "switch" and not typed.get(field.name, field.value):
                errors[_element(field)] = translate("dialogs.missing")
        return typed, shown, errors

    async def _read_channel(self, here: str, typed: str) -> str:
        """The name, where it means one channel of the team that the form was opened in. Where another team has one of
        that name too, or it is the channel they are in, the id: a name would not be known.

        Raises:
            Unclear: the bot is in no such channel there.
        """
        client = self._sender.client
        team = (await client.channel(here)).team
        found = await find_channels(client, typed, team)
        if not found:
            raise Unclear(
                translate("dialogs.channel_unknown", typed=typed.strip()[:60], bot=await self._sender.handle())
            )
        if len(found) > 1:
            raise Unclear(translate("dialogs.channel_several", typed=typed.strip()[:60]))
        is_here = found[0].id == here
        return typed if not is_here and len(await find_channels(client, typed)) == 1 else found[0].id

    def _looking(self, call: DialogCall, form: Form, field: Field) -> Callable[[str], Awaitable[tuple[Option, ...]]]:
        async def look(query: str) -> tuple[Option, ...]:
            sender = await self._sender.people.sender(call.user)
            lookup = Lookup(sender=sender, place=Place(call.channel), token=form.token, field=field.name, query=query)
            return (await self._answer(lookup)).options or ()

        return look

    async def _hand_in(
        self, call: DialogCall, token: str, values: Mapping[str, str | list[str]]
    ) -> tuple[Reply, Answer | None]:
        sender = await self._sender.people.sender(call.user)
        answer = await self._answer(Submit(sender=sender, place=Place(call.channel), token=token, values=values))
        return _errors_reply(answer.errors), answer

    async def _correct(self, user: str, form: Form, steps: Steps, step: int, answer: Answer) -> Reply:
        """Sentences at fields of this step are shown in the dialog; those of an earlier one in a private message."""
        here = {field.name for field in steps.fields[step - 1]}
        elsewhere = [(name, said) for name, said in answer.errors if name and name not in here]
        if not elsewhere:
            elements = {field.name: _element(field) for field in form.fields}
            return _errors_reply(tuple((elements.get(name, name), said) for name, said in answer.errors))
        labels = {field.name: field.label for field in form.fields}
        lines = [f"- {literal(labels.get(name, name))}: {literal(said)}" for name, said in answer.errors]
        first = min(steps.of(name) for name, _ in elsewhere)
        sentence = translate("dialogs.correct", title=literal(form.title))
        await self.offer(form, user, first, "\n".join([sentence, *lines]))
        return {}

    async def _finish(self, kept: Kept) -> None:
        await self._drafts.finish(kept.form.token)
        if not kept.post:
            return
        try:
            done = Rendered(translate("dialogs.sent", title=literal(kept.form.title)), [])
            await self._sender.change(kept.post, done)
        except PlatformError as error:  # the form was taken: its message may go on offering what is answered "gone"
            log.warning("form_message_not_changed", reason=error.reason)

    async def _renew(self, kept: Kept, user: str) -> Form | str:
        """The form opened anew with what was typed, or what the person is told where it can't be."""
        origin = await self._read_origin(kept.origin, user)
        answer = await self._answer(origin) if origin is not None else Answer()
        if answer.form is None or origin is None:
            return translate("dialogs.gone")
        old = {field.name: field.shown for field in kept.form.fields}
        names = {field.name for field in answer.form.fields}
        form = filled(answer.form, {name: value for name, value in kept.values.items() if name in names}, old)
        await self._keep(form, user, origin)
        await self._drafts.note_post(form.token, kept.post)
        return form

    async def _keep(self, form: Form, user: str, origin: Interaction | None) -> None:
        await self._drafts.keep(form, user, _packed_origin(origin), locales.language())

    async def _read_origin(self, packed: dict[str, Any], user: str) -> Interaction | None:
        if not packed:
            return None
        sender = await self._sender.people.sender(user)
        place = Place(packed["channel"], direct=packed["direct"])
        if "command" in packed:
            return Command(sender=sender, place=place, command=packed["command"], text=packed["text"])
        return Press(sender=sender, place=place, token=packed["token"], value=packed["value"])

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


def _element(field: Field) -> str:
    """The element of a dialog that a sentence about this field stands at."""
    return box_name(field, 0) if boxes(field) else field.name


def _packed_origin(origin: Interaction | None) -> dict[str, Any]:
    if origin is None:
        return {}
    place = {"channel": origin.place.channel, "direct": origin.place.direct}
    if isinstance(origin, Command):
        return place | {"command": origin.command, "text": origin.text}
    if isinstance(origin, Press):
        return place | {"token": origin.token, "value": origin.value}
    return {}
