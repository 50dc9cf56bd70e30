"""The composition root: the table of capabilities, and the walk of one interaction through one transaction."""

from __future__ import annotations

import contextlib
import datetime as dt
import zoneinfo
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

import locales
from bot import intake
from bot.clock import Clock
from bot.desk import Desk, Listeners
from bot.intake import Click
from bot.outbox import unqualified
from bot.port import Answer
from bot.reading import Opened, open_interaction
from bot.seals import BadSeal, Seals, StaleSeal
from handlers import help as help_room
from handlers.board import commands as board_room
from handlers.capability import Ask, BallotKeys, Capability, Deed, Due, Reading, Timer
from handlers.charter import commands as charter_room
from handlers.chat.emoji import fold
from handlers.chat.interactions import Interaction, Lookup, Place, React, Sender, Submit
from handlers.chat.messages import Actions, Button, Text, message
from handlers.chat.refusals import FieldRefusal, Misfilled, Refusal
from handlers.chat.replies import Happening
from handlers.context import Context, Standing
from handlers.decisions import commands as decisions_room
from handlers.economy import commands as economy_room
from handlers.escalations import commands as escalations_room
from handlers.meetings import commands as meetings_room
from handlers.members import commands as members_room
from handlers.members.rights import RIGHTS
from handlers.members.standing import find_standing
from handlers.notices import commands as notices_room
from handlers.polls import commands as polls_room
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
    voting_room.CAPABILITY,
    meetings_room.CAPABILITY,
    escalations_room.CAPABILITY,
    charter_room.CAPABILITY,
    board_room.CAPABILITY,
    help_room.CAPABILITY,
    notices_room.CAPABILITY,  # last: what the other timers say at the same moment goes with its bundle
)
"""The table of contents: one line per room."""

log = structlog.get_logger()


class ContentsWrong(Exception):
    """The table of contents does not fit together: two rooms with the same deed, or a deed that has no right."""


class App:
    """The bot without a chat: interactions in, answers out, and promises in the outbox.

    Args:
        storage: the database.
        seals: opens what comes back from a chat.
        clock: the time.
        new_id: makes random ids.
        zone: the zone that people's times are in.
        language: spoken to those who have said none.
        capabilities: the table of contents.

    `read` reads the emojis of messages from the chats; it is set where chats run.
    """

    def __init__(
        self,
        storage: Storage,
        seals: Seals,
        clock: Clock,
        new_id: Callable[[], str],
        *,
        zone: zoneinfo.ZoneInfo,
        language: str = locales.DEFAULT,
        capabilities: tuple[Capability, ...] = CAPABILITIES,
    ) -> None:
        self.storage = storage
        self.seals = seals
        self.clock = clock
        self.new_id = new_id
        self.zone = zone
        self.language = language
        self.deeds = _table_of_deeds(capabilities)
        self.words = tuple(word for one in capabilities for word in one.words)
        self.timers = tuple(timer for one in capabilities for timer in one.timers)
        self._listeners = _table_of_listeners(capabilities)
        self._lookups = {name: look for one in capabilities for name, look in one.lookups.items()}
        self._ballots = {name: deed for one in capabilities for name, deed in one.ballots.items()}
        self.read: Callable[[list[str]], Awaitable[list[Reading]]] = _read_nothing

    async def answer(self, interaction: Interaction) -> Answer:
        """Do what the interaction asks for, and say what the person gets at once.

        What is forged gets an empty answer and a line in the log; a refusal and a defect get one sentence each. When
        this returns, everything that was decided is committed.
        """
        language = locales.known_language(interaction.sender.locale, self.language)
        with locales.speaking(language, self.zone):
            try:
                return await self._answer(interaction)
            except Misfilled as error:
                return self._misfilled(error.refusals, interaction)
            except FieldRefusal as error:
                return self._misfilled([error], interaction)
            except Refusal as error:
                return self._refused(error, interaction)
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

    async def take_reading(self, reading: Reading, *, certain: bool = False) -> None:
        """Bring what we know of a message's emojis in line with the chat's own list.

        A list that could not be read changes nothing. `certain`: see `intake.compare_emojis`."""
        if reading.emojis is None:
            log.warning("ballot_unreadable", key=reading.key)
            return
        async with self.storage.write() as session:
            sent = await exchange.find_sent(session, reading.key)
            if sent is None or sent.group_id is None:
                return
            group = await members.lock_group(session, sent.group_id)
            now = self.clock.now()
            people: dict[str, Person] = {}
            told: set[tuple[str, str]] = set()
            for user, name in reading.emojis:
                sender = Sender(group.platform, group.workspace, user)
                person = await intake.know_person(session, sender, now, self.new_id, keep=True)
                people[person.id] = person
                told.add((person.id, name))
            differences = await intake.compare_emojis(session, reading.key, told, now, certain=certain)
            people |= await members.map_people(session, [one for one, _ in differences if one not in people])
            if differences:
                log.info("ballots_reconciled", key=reading.key, differences=len(differences))
            for person_id, click in differences:
                await self._click(session, group, people[person_id], click, Place(sent.channel), at=None)

    async def run_due(self, timer: Timer, due: Due) -> bool:
        """Do one piece of a timer's work, if nobody has; returns whether it was done here."""
        key = f"timer:{timer.kind}:{due.group_id}:{due.subject}:{due.moment.isoformat()}"
        async with self.storage.write() as session:
            now = self.clock.now()
            if not await exchange.claim(session, key, now):
                return False
            group = await members.lock_group(session, due.group_id)
            with locales.speaking(group.locale, self.zone):
                context = self._context(session, self._bot_person(group), Place(group.channel), group)
                await self._desk(context, speaks_at_once=False).hand_out(await timer.run(context, due))
        return True

    async def _answer(self, interaction: Interaction) -> Answer:
        if isinstance(interaction, React):
            return await self._answer_click(interaction)
        opened = open_interaction(interaction, self.words, self.seals, self.clock.now())
        if isinstance(interaction, Lookup):
            return await self._answer_lookup(interaction, opened)
        deed = self.deeds[opened.deed]
        if deed.ballots is not None and opened.group_id:
            await self._read_before(deed.ballots, opened)
        async with self._transaction(writes=deed.writes) as session:
            once = opened.once if deed.writes else ""
            if once and (given := await intake.take_once(session, once, self.clock.now())) is not None:
                return given
            answer = await self._do(session, interaction, opened, deed)
            if once:
                await intake.remember_answer(session, once, answer)
        return answer

    async def _read_before(self, keys_of: BallotKeys, opened: Opened) -> None:
        """Bring the ballots that a deed counts in line with the chat, outside any transaction."""
        async with self.storage.read() as session:
            keys = await keys_of(session, opened.group_id, opened.ask)
        for reading in await self.read(keys):
            await self.take_reading(reading)

    async def _do(self, session: AsyncSession, interaction: Interaction, opened: Opened, deed: Deed) -> Answer:
        now = self.clock.now()
        me = await intake.know_person(session, interaction.sender, now, self.new_id, keep=deed.writes)
        place = Place(opened.form_channel, direct=opened.form_direct) if opened.form_channel else interaction.place
        groups = await self._find_groups(session, me, place, opened)
        with locales.speaking(self._language_of(me, interaction)):
            if len(groups) > 1 and not deed.anywhere:
                return self._ask_which(groups, opened, me)
            group = groups[0] if groups else None
            if group is not None and deed.writes:
                group = await members.lock_group(session, group.id)
            standing = await find_standing(session, group, me) if group else Standing()
            context = self._context(session, me, place, group, standing)
            context.at, context.guest = interaction.at, interaction.sender.guest
            return await self._desk(context).perform(opened.deed, opened.ask)

    async def _answer_lookup(self, interaction: Lookup, opened: Opened) -> Answer:
        look = self._lookups[interaction.field]
        async with self.storage.read() as session:
            me = await intake.know_person(session, interaction.sender, self.clock.now(), self.new_id, keep=False)
            group = await members.get_group(session, opened.group_id) if opened.group_id else None
            standing = await find_standing(session, group, me) if group else Standing()
            context = self._context(session, me, interaction.place, group, standing)
            with locales.speaking(self._language_of(me, interaction)):
                return Answer(options=await look(context, interaction.query))

    async def _answer_click(self, interaction: React) -> Answer:
        if interaction.sender.bot:
            return Answer()
        async with self.storage.read() as session:
            if await intake.find_click(session, interaction) is None:
                return Answer()
        async with self.storage.write() as session:
            click = await intake.find_click(session, interaction)
            assert click is not None
            sent = await exchange.find_sent(session, click.key)
            assert sent is not None and sent.group_id is not None
            group = await members.lock_group(session, sent.group_id)
            me = await intake.know_person(session, interaction.sender, self.clock.now(), self.new_id, keep=True)
            await self._click(session, group, me, click, interaction.place, at=interaction.at)
        return Answer()

    async def _click(
        self, session: AsyncSession, group: Group, me: Person, click: Click, place: Place, *, at: dt.datetime | None
    ) -> None:
        if not await intake.take_click(session, click, me, at or self.clock.now()):
            return
        key = unqualified(click.key)
        deed = self._ballots[key.partition(":")[0]]
        with locales.speaking(me.locale or group.locale, self.zone):
            context = self._context(session, me, place, group, await find_standing(session, group, me))
            context.at = at
            ask = Ask(key=key, value=fold(click.emoji), text="on" if click.on else "off")
            await self._desk(context, speaks_at_once=False).perform(deed, ask)

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

    def _context(
        self,
        session: AsyncSession,
        me: Person,
        place: Place,
        group: Group | None,
        standing: Standing | None = None,
    ) -> Context:
        return Context(
            session=session,
            now=self.clock.now(),
            new_id=self.new_id,
            locale=locales.language(),
            me=me,
            place=place,
            known_group=group,
            standing=standing or Standing(),
        )

    def _desk(self, context: Context, *, speaks_at_once: bool = True) -> Desk:
        return Desk(self.deeds, self._listeners, self.seals, context, speaks_at_once=speaks_at_once)

    @contextlib.asynccontextmanager
    async def _transaction(self, *, writes: bool) -> AsyncIterator[AsyncSession]:
        async with self.storage.write(INTERACTIVE_PATIENCE) if writes else self.storage.read() as session:
            yield session

    def _language_of(self, me: Person, interaction: Interaction) -> str:
        return locales.known_language(interaction.sender.locale or me.locale, self.language)

    def _bot_person(self, group: Group) -> Person:
        return Person(
            id="", platform=group.platform, workspace=group.workspace, user="", name="", locale="", muted=False
        )

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


async def _read_nothing(keys: list[str]) -> list[Reading]:
    """What is read of ballots where no chat runs."""
    return []


def _table_of_deeds(capabilities: Iterable[Capability]) -> dict[str, Deed]:
    table: dict[str, Deed] = {}
    for capability in capabilities:
        for deed in capability.deeds:
            if deed.name in table or deed.name not in RIGHTS:
                raise ContentsWrong(deed.name)
            table[deed.name] = deed
    return table


def _table_of_listeners(capabilities: Iterable[Capability]) -> Listeners:
    table: dict[type[Happening], tuple[object, ...]] = {}
    for capability in capabilities:
        for kind, listener in capability.listens.items():
            table[kind] = (*table.get(kind, ()), listener)
    return table  # type: ignore[return-value] # the values are listeners, gathered from typed capabilities
