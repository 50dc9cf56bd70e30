"""Who is asking, in which group, in which language, at what time, with which session: all that a handler may know."""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from sqlalchemy.ext.asyncio import AsyncSession

import locales
from handlers.chat.interactions import Place
from handlers.chat.refusals import Refusal
from storage.models.members import Group, Person, Unit


class Capacity(StrEnum):
    """What rights are given to: the stored roles, and the leader, who may be a convener, a supplier or a deputy."""

    LEADER = "leader"
    REPRESENTATIVE = "representative"
    SUPPLIER = "supplier"
    SECRETARIAT = "secretariat"
    STEERING = "steering"
    GUEST = "guest"


@dataclass(frozen=True, slots=True)
class Standing:
    """What a person is in a group. `confirmed`: their claim to speak for `unit` counts. `chair`: of the committee.
    `stands_in_for`: the colleague (our id) in whose place a substitute speaks for it, empty for nobody's.
    `provisional`: leads, and no other unit has confirmed it, although another one votes here."""

    capacities: frozenset[Capacity] = frozenset({Capacity.GUEST})
    unit: Unit | None = None
    confirmed: bool = False
    chair: bool = False
    provisional: bool = False
    stands_in_for: str = ""

    @property
    def leads(self) -> bool:
        return Capacity.LEADER in self.capacities

    @property
    def votes(self) -> bool:
        """Whether the person speaks for a unit in decisions now."""
        return self.unit is not None and self.confirmed


@dataclass(slots=True)
class Context:
    """Handed to every handler. `confirmed_by` is the representative who confirmed a deed that a leader without a vote
    had prepared; `at` is when the chat says that it happened, else `now`; `guest` whether the chat calls the person a
    guest of its workspace."""

    session: AsyncSession
    now: dt.datetime
    new_id: Callable[[], str]
    locale: str
    me: Person
    place: Place = field(default_factory=lambda: Place(channel=""))
    known_group: Group | None = None
    standing: Standing = field(default_factory=Standing)
    at: dt.datetime | None = None
    confirmed_by: Person | None = None
    guest: bool = False

    @property
    def group(self) -> Group:
        """The group that it is about.

        Raises:
            Refusal: there is none here.
        """
        if self.known_group is None:
            raise Refusal("members.no_group_here")
        return self.known_group

    @property
    def happened_at(self) -> dt.datetime:
        return self.at or self.now

    @property
    def today(self) -> dt.date:
        """The calendar day in the zone that is spoken of."""
        return locales.local_day(self.now)

    @contextlib.contextmanager
    def speaking_to_group(self) -> Iterator[None]:
        """Texts within are in the group's language: for what everybody in its channels sees."""
        with locales.speaking(self.group.locale):
            yield

    @contextlib.contextmanager
    def speaking_to(self, person: Person) -> Iterator[None]:
        """Texts within are in this person's language, or the group's where they have said none."""
        with locales.speaking(person.locale or (self.known_group.locale if self.known_group else self.locale)):
            yield
