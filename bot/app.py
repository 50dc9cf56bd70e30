"""The composition root: the table of capabilities, and the walk of one interaction through one transaction."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Callable, Iterable

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

import locales
from bot import intake
from bot.clicks import Clicks
from bot.contents import Contents
from bot.counting import Counting
from bot.desk import Desk
from bot.office import Given, Office
from bot.port import Answer
from bot.reading import Opened, open_interaction
from bot.seals import BadSeal, Seals, StaleSeal
from handlers import help as help_room
from handlers.board import commands as board_room
from handlers.capability import Capability, Deed, Due, Timer
from handlers.charter import commands as charter_room
from handlers.chat.interactions import Interaction, Lookup, OpenBoard, Place, React, Submit
from handlers.chat.messages import Actions, Button, Text, message
from handlers.chat.refusals import FieldRefusal, Misfilled, Refusal
from handlers.chat.replies import Board
from handlers.context import Standing
from handlers.decisions import commands as decisions_room
from handlers.economy import commands as economy_room
from handlers.escalations import commands as escalations_room
from handlers.meetings import commands as meetings_room
from handlers.members import commands as members_room
from handlers.members.standing import find_standing
from handlers.notices import commands as notices_room
from handlers.outcomes import commands as outcomes_room
from handlers.polls import commands as polls_room
from handlers.receipts import commands as receipts_room
from handlers.rounds import commands as rounds_room
from handlers.voting import commands as voting_room
from handlers.wishes import commands as wishes_room
from locales import translate
from storage.models.members import Group, Person
from storage.queries import exchange, members
from storage.session import INTERACTIVE_PATIENCE, Storage, StorageBusy

CAPABILITIES: tuple[Capability, ...] = (
    decisions_room.CAPABILITY,
    members_room.CAPABILITY,
    economy_room.CAPABILITY,
    wishes_room.CAPABILITY,
    polls_room.CAPABILITY,
    outcomes_room.CAPABILITY,
    voting_room.CAPABILITY,
    receipts_room.CAPABILITY,
    rounds_room.CAPABILITY,
    meetings_room.CAPABILITY,
    escalations_room.CAPABILITY,
    charter_room.CAPABILITY,
    board_room.CAPABILITY,
    help_room.CAPABILITY,
    notices_room.CAPABILITY,  # last: what the other timers say at the same moment goes with its bundle
)
"""The table of contents: one line per room."""

log = structlog.get_logger()


class App:
    """The bot without a chat: interactions in, answers out, and promises in the outbox.

    Args:
        storage: the database.
        seals: opens what comes back from a chat.
        given: time, ids, zone and language.
        capabilities: the table of contents.

    `on_click` is called when a click was stored, `on_due` when something was left to a timer, `on_board` when somebody
    was shown their board; all three are set where chats run.
    """

    def __init__(
        self, storage: Storage, seals: Seals, given: Given, capabilities: tuple[Capability, ...] = CAPABILITIES
    ) -> None:
        self.storage, self.seals, self.given = storage, seals, given
        self.clock, self.new_id, self.zone, self.language = given.clock, given.new_id, given.zone, given.language
        self._contents = Contents(capabilities)
        self.words, self.timers = self._contents.words, self._contents.timers
        self._office = Office(given, self._contents, seals)
        self._clicks = Clicks(storage, given)
        self.counting = Counting(storage, self._office)
        self.on_click: Callable[[], None] = _do_nothing
        self.on_due: Callable[[], None] = _do_nothing
        self.on_board: Callable[[OpenBoard], None] = _forget

    async def answer(self, interaction: Interaction) -> Answer:
        """Do what the interaction asks for, and say what the person gets at once.

        What is forged gets an empty answer and a line in the log; a refusal and a defect get one sentence each. When
        this returns, everything that was decided is committed.
        """
        language = locales.known_language(interaction.sender.locale, self.language)
        with locales.speaking(language, self.zone):
            try:
                return await self._answer(interaction)
            except (Misfilled, Refusal) as error:
                with locales.speaking(error.language or language):
                    return self._said(error, interaction)
            except BadSeal:
                log.warning("forged_interaction", kind=type(interaction).__name__, user=interaction.sender.user)
                return Answer()
            except StaleSeal:
                return self._refused(Refusal("chat.stale"), interaction)
            except StorageBusy:
                log.warning("storage_busy", kind=type(interaction).__name__)
                return self._refused(Refusal("chat.busy"), interaction)
            except Exception:
                reference = self.new_id()[:8]
                log.exception("defect", reference=reference, kind=type(interaction).__name__)
                return self._refused(Refusal("chat.defect", reference=reference), interaction)

    async def draw_board(self, page: OpenBoard) -> tuple[Group | None, Board]:
        """A person's board as it is now, and the group that it is of; nothing is stored or sent."""
        opened = open_interaction(page, self.words, self.seals, self.clock.now())
        async with self.storage.read() as session:
            me = await intake.know_person(session, page.sender, self.clock.now(), self.new_id, keep=False)
            found = await self._find_groups(session, me, page.place, opened)
            group = found[0] if found else None
            standing = await find_standing(session, group, me) if group else Standing()
            context = self._office.context(session, me, page.place, group, standing)
            with locales.speaking(self._language_of(me, page, group), self.zone):
                context.locale = locales.language()
                replies = await self._contents.deeds[opened.deed].do(context, opened.ask)
        return group, next(reply for reply in replies if isinstance(reply, Board))

    async def run_due(self, timer: Timer, due: Due) -> bool:
        """Do one piece of a timer's work, if nobody has; returns whether it was done here."""
        async with self.storage.write() as session:
            now = self.clock.now()
            if not await exchange.claim(session, claim_of(timer, due), now):
                return False
            group = await members.lock_group(session, due.group_id)
            with locales.speaking(group.locale, self.zone):
                context = self._office.context_of_bot(session, group)
                await self.counting.count(session, group)
                desk = Desk(self._office, context, speaks_at_once=False)
                await desk.hand_out(await timer.run(context, due))
                await desk.finish()
        return True

    async def _answer(self, interaction: Interaction) -> Answer:
        if isinstance(interaction, React):
            return await self._answer_click(interaction)
        opened = open_interaction(interaction, self.words, self.seals, self.clock.now())
        if isinstance(interaction, Lookup):
            return await self._answer_lookup(interaction, opened)
        deed = self._contents.deeds[opened.deed]
        async with self._transaction(writes=deed.writes) as session:
            once = opened.once if deed.writes else ""
            if once and (given := await intake.take_once(session, once, self.clock.now())) is not None:
                return given
            answer = await self._do(session, interaction, opened, deed)
            if once:
                await intake.remember_answer(session, once, answer)
        if deed.wakes:
            self.on_due()
        if isinstance(interaction, OpenBoard):
            self.on_board(interaction)
        return answer

    async def _do(self, session: AsyncSession, interaction: Interaction, opened: Opened, deed: Deed) -> Answer:
        now = self.clock.now()
        me = await intake.know_person(session, interaction.sender, now, self.new_id, keep=deed.writes)
        place = Place(opened.form_channel, direct=opened.form_direct) if opened.form_channel else interaction.place
        groups = await self._find_groups(session, me, place, opened)
        group = groups[0] if groups else None
        with locales.speaking(self._language_of(me, interaction, group)):
            if len(groups) > 1 and not deed.anywhere:
                return self._ask_which(groups, opened, me)
            if group is not None and deed.writes:
                group = await members.lock_group(session, group.id)
                await self.counting.count(session, group)
            standing = await find_standing(session, group, me) if group else Standing()
            context = self._office.context(session, me, place, group, standing)
            context.at, context.guest = interaction.at, interaction.sender.guest
            desk = Desk(self._office, context)
            try:
                answer = await desk.perform(opened.deed, opened.ask)
            except (Refusal, Misfilled) as error:
                error.language = locales.language()
                raise
            await desk.finish()
            return answer

    async def _answer_lookup(self, interaction: Lookup, opened: Opened) -> Answer:
        look = self._contents.lookups[interaction.field]
        async with self.storage.read() as session:
            me = await intake.know_person(session, interaction.sender, self.clock.now(), self.new_id, keep=False)
            group = await members.get_group(session, opened.group_id) if opened.group_id else None
            standing = await find_standing(session, group, me) if group else Standing()
            context = self._office.context(session, me, interaction.place, group, standing)
            with locales.speaking(self._language_of(me, interaction, group)):
                return Answer(options=await look(context, interaction.query), language=locales.language())

    async def _answer_click(self, interaction: React) -> Answer:
        if not interaction.sender.bot and await self._clicks.take(interaction):
            self.on_click()
        return Answer()

    async def _find_groups(self, session: AsyncSession, me: Person, place: Place, opened: Opened) -> list[Group]:
        """The group that was sealed in, else the channel's, else the one chosen, else all of the person's."""
        if opened.group_id:
            return [await members.get_group(session, opened.group_id)]
        if not place.direct:
            found = await members.list_groups_of_channel(session, me.platform, me.workspace, place.channel)
        else:
            found = await members.list_groups_of_person(session, me.id)
        return [group for group in found if group.id == me.chosen_group_id] or found

    def _ask_which(self, groups: list[Group], opened: Opened, me: Person) -> Answer:
        """Which group is meant? Asked once: the choice is remembered, and what was asked for goes on."""
        said = f"{opened.deed} {opened.ask.text}"
        buttons = tuple(Button(group.product, "members.choose_group", str(group.id), value=said) for group in groups)
        shown = message(Text(translate("members.which_group")), Actions(buttons))
        person = f"{me.platform}/{me.workspace}/{me.user}"
        return Answer(whispers=(self.seals.seal_message(shown, 0, "", person),))

    @contextlib.asynccontextmanager
    async def _transaction(self, *, writes: bool) -> AsyncIterator[AsyncSession]:
        async with self.storage.write(INTERACTIVE_PATIENCE) if writes else self.storage.read() as session:
            yield session

    def _language_of(self, me: Person, interaction: Interaction, group: Group | None) -> str:
        """The person's language; where nothing tells it, as in chats that speak no Danish themselves, their group's."""
        otherwise = group.locale if group is not None else self.language
        return locales.known_language(interaction.sender.locale or me.locale, otherwise)

    def _said(self, error: Misfilled | Refusal, interaction: Interaction) -> Answer:
        if isinstance(error, Misfilled):
            return self._misfilled(error.refusals, interaction)
        if isinstance(error, FieldRefusal):
            return self._misfilled([error], interaction)
        return self._refused(error, interaction)

    def _misfilled(self, refusals: Iterable[FieldRefusal], interaction: Interaction) -> Answer:
        said = tuple((one.field, translate(one.key, **one.parameters)) for one in refusals)
        if isinstance(interaction, Submit):
            return Answer(errors=said)
        return Answer(whispers=tuple(message(Text(sentence)) for _, sentence in said))

    def _refused(self, refusal: Refusal, interaction: Interaction) -> Answer:
        sentence = translate(refusal.key, **refusal.parameters)
        if isinstance(interaction, Submit):
            return Answer(errors=(("", sentence),))
        if isinstance(interaction, Lookup):
            return Answer(options=())
        return Answer(whispers=(message(Text(sentence)),))


def claim_of(timer: Timer, due: Due) -> str:
    """The key that one piece of a timer's work is claimed by."""
    return f"timer:{timer.kind}:{due.group_id}:{due.subject}:{due.moment.isoformat()}"


def _do_nothing() -> None:
    """What follows where nobody works on the side: the next deed counts a click, the next look finds what is due."""


def _forget(page: OpenBoard) -> None:
    """What follows an open board where nobody keeps it true: it is drawn when it is asked for again."""
