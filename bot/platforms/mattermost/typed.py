"""Reads what was typed in one step of a form: searches find, and what is unclear is said at its field."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from bot.platforms.mattermost.channels import find_channels
from bot.platforms.mattermost.elements import box_name, boxes
from bot.platforms.mattermost.forms import Typed
from bot.platforms.mattermost.payloads import DialogCall
from bot.platforms.mattermost.send import MattermostSender
from bot.platforms.mattermost.submission import Unclear, read_fields, read_numbers, read_search
from bot.port import Answer
from handlers.chat.interactions import Interaction, Lookup, Place
from handlers.chat.messages import Field, Option
from locales import translate


@dataclass
class Read:
    """What was typed in a step, the words of its searches, and the sentences at what can't be understood."""

    typed: Typed
    shown: dict[str, str] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Step:
    """A step that was sent: its fields, the form's token, and the channel that the form was opened in."""

    call: DialogCall
    token: str
    channel: str
    fields: tuple[Field, ...]


class Reader:
    """Reads steps.

    Args:
        sender: knows the server's people and channels.
        answer: the bot, which knows what may be searched for.
    """

    def __init__(self, sender: MattermostSender, answer: Callable[[Interaction], Awaitable[Answer]]) -> None:
        self._sender = sender
        self._answer = answer

    async def read(self, step: Step) -> Read:
        """What was typed in each field, as the form's values stand for it."""
        read = Read(read_fields(step.fields, step.call.submission))
        for one in step.fields:
            try:
                await self._read_field(step, one, read)
            except Unclear as error:
                read.errors[one.name] = error.sentence
                continue
            if one.required and one.kind != "switch" and not read.typed.get(one.name, one.value):
                read.errors[element_name(one)] = translate("dialogs.missing")
        return read

    async def _read_field(self, step: Step, one: Field, read: Read) -> None:
        raw = read.typed.get(one.name)
        if not isinstance(raw, str):
            return
        if one.kind == "search":
            read.shown[one.name] = raw.strip()
            read.typed[one.name] = await read_search(one, raw, self._looking(step, one))
        elif one.kind == "channel" and raw.strip():
            read.shown[one.name] = raw.strip()
            read.typed[one.name] = await self._read_channel(step.channel, raw)
        elif one.kind == "multi":
            read.typed[one.name] = read_numbers(one, raw)

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

    def _looking(self, step: Step, one: Field) -> Callable[[str], Awaitable[tuple[Option, ...]]]:
        async def look(query: str) -> tuple[Option, ...]:
            sender = await self._sender.people.sender(step.call.user)
            place = Place(step.call.channel)
            lookup = Lookup(sender=sender, place=place, token=step.token, field=one.name, query=query)
            return (await self._answer(lookup)).options or ()

        return look


def element_name(one: Field) -> str:
    """The element of a dialog that a sentence about this field stands at."""
    return box_name(one, 0) if boxes(one) else one.name
