"""Does one deed within one transaction: hands the context in, puts the replies into the outbox, gathers the answer."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field

import locales
from bot.office import Office
from bot.outbox import Outbox
from bot.port import Answer
from bot.seals import FORM_LIFE, PRIVATE_LIFE, FormSeal
from handlers.capability import Ask, Perform
from handlers.chat.messages import Form, Message, Option
from handlers.chat.replies import Choices, FormErrors, Happening, NextForm, OpenForm, Refresh, Replies, Whisper
from handlers.context import Context
from handlers.members.prepared import is_only_prepared, prepare
from handlers.members.rights import authorise
from handlers.members.standing import find_standing
from storage.queries import members

Stale = dict[str, None]
"""Subjects (`poll:7`) whose messages are to be drawn anew, in the order in which they changed."""


class BrokenHappening(Exception):
    """A happening caused another: they go one level deep."""


@dataclass(slots=True)
class _Gathered:
    whispers: list[Message] = field(default_factory=list)
    form: Form | None = None
    errors: tuple[tuple[str, str], ...] = ()
    options: tuple[Option, ...] | None = None


class Desk:
    """One person's work within one transaction.

    Args:
        office: what it works with.
        context: who asks; its group may be set by the deed itself.
        speaks_at_once: whether the chat gives a way to answer the person now; whispers go through the outbox if not.
        stale: where it is noted what is to be drawn anew, shared where several desks work in one transaction.
    """

    def __init__(
        self, office: Office, context: Context, *, speaks_at_once: bool = True, stale: Stale | None = None
    ) -> None:
        self._office = office
        self._context = context
        self._speaks_at_once = speaks_at_once
        self._stale: Stale = {} if stale is None else stale
        self._gathered = _Gathered()

    async def perform(self, name: str, ask: Ask) -> Answer:
        """Do the deed if its doer may, and gather what it leads to."""
        await self.hand_out(await self._do(self._context, name, ask))
        return self.answer()

    async def hand_out(self, replies: Replies, *, deep: bool = False) -> None:
        """Put each reply where it belongs."""
        outbox = self._outbox()
        for reply in replies:
            if isinstance(reply, Happening):
                if deep:
                    raise BrokenHappening(type(reply).__name__)
                await self._spread(reply)
            elif isinstance(reply, Refresh):
                self._stale[reply.subject] = None
            elif isinstance(reply, Whisper):
                await self._whisper(outbox, reply.message)
            elif isinstance(reply, OpenForm | NextForm):
                self._gathered.form = self._sealed_form(reply.form)
            elif isinstance(reply, FormErrors):
                self._gathered.errors = reply.errors
            elif isinstance(reply, Choices):
                self._gathered.options = reply.options
            else:
                await outbox.put(reply)

    async def finish(self) -> None:
        """At the end of the transaction: draw what has changed, each once."""
        while self._stale:
            subject = next(iter(self._stale))
            del self._stale[subject]
            await self.hand_out(await self._office.contents.shows[subject.partition(":")[0]](self._context, subject))

    def answer(self) -> Answer:
        """What the person gets at once."""
        found = self._gathered
        return Answer(
            tuple(found.whispers),
            found.form,
            found.errors,
            found.options,
            channel=self._context.place.channel,
            language=locales.language(),
        )

    async def _spread(self, happening: Happening) -> None:
        if isinstance(happening, Perform):
            await self._go_on(happening)
            return
        for listener in self._office.contents.listeners(happening):
            await self.hand_out(await listener(self._context, happening), deep=True)

    async def _go_on(self, further: Perform) -> None:
        context = self._context
        if further.prepared_by:
            leader = await members.get_person(context.session, further.prepared_by)
            standing = await find_standing(context.session, context.group, leader)
            context = dataclasses.replace(context, me=leader, standing=standing, confirmed_by=context.me)
        await self.hand_out(await self._do(context, further.deed, further.ask))

    async def _do(self, context: Context, name: str, ask: Ask) -> Replies:
        deed = self._office.contents.deeds[name]
        if not deed.anywhere:
            _ = context.group
        authorise(name, context.standing)
        if not is_only_prepared(deed, context):
            return await deed.do(context, ask)
        if deed.check is not None:
            await deed.check(context, ask)
        if deed.what is not None:
            with context.speaking_to_group():
                ask = dataclasses.replace(ask, value=await deed.what(context, ask))
        return await prepare(context, name, ask)

    async def _whisper(self, outbox: Outbox, shown: Message) -> None:
        context = self._context
        if not self._speaks_at_once:
            await outbox.whisper(context.place.channel, shown)
            return
        until = int((context.now + PRIVATE_LIFE).timestamp())
        group_id = context.known_group.id if context.known_group else 0
        self._gathered.whispers.append(self._office.seals.seal_message(shown, group_id, "", self._identity(), until))

    def _sealed_form(self, form: Form) -> Form:
        context = self._context
        seal = FormSeal(
            number=context.new_id(),
            group_id=context.known_group.id if context.known_group else 0,
            deed=form.deed,
            subject=form.subject,
            person=self._identity(),
            channel=context.place.channel,
            direct=context.place.direct,
            until=int((context.now + FORM_LIFE).timestamp()),
            carry=form.carry,
        )
        return self._office.seals.seal_form(form, seal)

    def _identity(self) -> str:
        me = self._context.me
        return f"{me.platform}/{me.workspace}/{me.user}"

    def _outbox(self) -> Outbox:
        context = self._context
        return Outbox(
            context.session,
            group=context.known_group,
            person=context.me,
            now=context.now,
            new_id=context.new_id,
        )
