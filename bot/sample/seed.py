"""Puts the sample group into an empty local workspace: people, roles, frame, one meeting held, and 72 real wishes."""

from __future__ import annotations

import csv
import datetime as dt
import pathlib
from collections.abc import Callable

from sqlalchemy.ext.asyncio import AsyncSession

import locales
from bot.outbox import Outbox
from bot.sample.people import CHANNELS, PEOPLE, SamplePerson
from handlers.context import Context
from handlers.decisions.chain import record
from handlers.economy.ledger import Booking, book
from handlers.meetings.deeds import store_held_meeting
from handlers.wishes.importing import facts_of, import_message, import_wishes, read_file
from handlers.wishes.rows import Report
from storage.enums import EntryKind, Role, UnitKind, WishStatus
from storage.models.members import Group, Membership, Person, Unit
from storage.models.workspace import LocalChannel, LocalPerson
from storage.queries import wishes, workspace
from storage.session import Storage

FOLDER = pathlib.Path(__file__).parent
WISHES = FOLDER / "os2sofd_wishes.csv"
EXAMPLES = FOLDER / "examples.csv"
SOURCE = "OS2sofds offentlige overblik"
FRAME = 250_000_00
CEILING = 50_000_00
LOCAL = "local"


class Seeding:
    """Fills an empty workspace.

    Args:
        storage: an upgraded database.
        now: the moment; the group was founded at the start of the year before.
        new_id: makes random ids.
        language: the group's.
    """

    def __init__(self, storage: Storage, now: dt.datetime, new_id: Callable[[], str], language: str) -> None:
        self._storage = storage
        self._now = now
        self._new_id = new_id
        self._language = language

    async def run(self, file: pathlib.Path | None = None, *, empty: bool = False) -> Report | None:
        """Store the group, and the wishes of `file` (the sample's where `None`) unless `empty`; does nothing where the
        workspace has people already. Returns what was imported, `None` for nothing."""
        async with self._storage.write() as session:
            if await workspace.list_people(session):
                return None
            self._add_workspace(session)
            context = await self._add_group(session)
            await self._add_money_and_meeting(context)
            if empty:
                return None
            return await self._add_wishes(context, file)

    def _add_workspace(self, session: AsyncSession) -> None:
        for position, one in enumerate(PEOPLE):
            guest = Role.GUEST in one.roles
            session.add(LocalPerson(id=one.id, position=position, name=one.name, locale=self._language, guest=guest))
        for position, (channel, name) in enumerate(CHANNELS):
            session.add(LocalChannel(id=channel, position=position, name=name))

    async def _add_group(self, session: AsyncSession) -> Context:
        founded = dt.datetime(self._now.year - 1, 1, 2, 8, tzinfo=dt.UTC)
        group = Group(
            short_name="os2sofd",
            product="OS2sofd",
            platform=LOCAL,
            workspace=LOCAL,
            channel="koordinationsgruppe",
            channel_name="koordinationsgruppe",
            steering_channel="styregruppe",
            steering_bound=True,
            locale=self._language,
            founded_at=founded,
            created_at=self._now,
        )
        session.add(group)
        await session.flush()
        people = await self._add_people(session, group, founded)
        context = Context(
            session=session,
            now=self._now,
            new_id=self._new_id,
            locale=self._language,
            me=people[0],
            known_group=group,
        )
        await record(context, "group.founded", "group", {"product": group.product, "sample": True})
        return context

    async def _add_people(self, session: AsyncSession, group: Group, founded: dt.datetime) -> list[Person]:
        units = {one.code: one.municipality for one in PEOPLE if one.code}
        stored = {
            code: Unit(group_id=group.id, kind=UnitKind.MUNICIPALITY, code=code, name=name, joined_at=founded)
            for code, name in units.items()
        }
        session.add_all(stored.values())
        people = [self._person(one) for one in PEOPLE]
        session.add_all(people)
        await session.flush()
        for one, person in zip(PEOPLE, people, strict=True):
            session.add_all(_memberships(one, person, group, stored.get(one.code), founded))
        await session.flush()
        return people

    def _person(self, one: SamplePerson) -> Person:
        return Person(
            id=self._new_id(),
            platform=LOCAL,
            workspace=LOCAL,
            user=one.id,
            name=one.name,
            locale=self._language,
            muted=False,
            created_at=self._now,
        )

    async def _add_money_and_meeting(self, context: Context) -> None:
        await book(context, Booking(EntryKind.FRAME, FRAME))
        await book(context, Booking(EntryKind.CEILING, CEILING))
        year = self._now.year
        spring = dt.datetime(year, 3, 12, 12, tzinfo=dt.UTC)
        start_of_year = dt.datetime(year, 1, 1, 12, tzinfo=dt.UTC)
        held = spring if spring < self._now else start_of_year + (self._now - start_of_year) / 2
        await store_held_meeting(context, held, units_present=6)

    async def _add_wishes(self, context: Context, file: pathlib.Path | None) -> Report:
        source = SOURCE if file is None else file.name
        report = await import_wishes(context, read_file(file or WISHES), source)
        if file is None:
            await _add_examples(context)
        await _commit_started(context)
        outbox = Outbox(
            context.session, group=context.known_group, person=context.me, now=self._now, new_id=self._new_id
        )
        with locales.speaking(self._language):
            for reply in import_message(context, report, source):
                await outbox.put(reply)  # type: ignore[arg-type] # an import only posts
        return report


def _memberships(
    one: SamplePerson, person: Person, group: Group, unit: Unit | None, since: dt.datetime
) -> list[Membership]:
    return [
        Membership(
            group_id=group.id,
            person_id=person.id,
            role=role,
            unit_id=unit.id if unit is not None and role is Role.REPRESENTATIVE else None,
            leads=role is Role.CONVENER,
            deputy=False,
            chair=role is Role.STEERING and one.id == "birgit",
            since=since,
            confirmed_at=since,
        )
        for role in one.roles
    ]


async def _add_examples(context: Context) -> None:
    """Twenty estimates made up for the demonstration, and marked so; some of the wishes are ready with them."""
    with EXAMPLES.open(encoding="utf-8") as file:
        rows = {int(row["nummer"]): row for row in csv.DictReader(file)}
    found = await wishes.list_wishes(context.session, context.group.id, numbers=list(rows))
    for wish in found:
        row = rows[wish.number]
        wish.estimate = int(row["estimat"].replace(".", "")) * 100
        wish.estimate_is_example = True
        if row["klar"] == "ja":
            wish.status = WishStatus.READY
    await record(
        context, "wish.examples_added", "wishes", {"count": len(rows), "wishes": [facts_of(wish) for wish in found]}
    )


async def _commit_started(context: Context) -> None:
    """What was ordered before the group came to the bot is committed money."""
    for wish in await wishes.list_wishes(context.session, context.group.id, [WishStatus.STARTED]):
        if wish.estimate is not None:
            await book(context, Booking(EntryKind.COMMITTED, wish.estimate, subject=f"wish:{wish.number}"))
