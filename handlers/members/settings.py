"""A group's settings: what it has chosen for itself, each value kept with who chose it and when."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy.ext.asyncio import AsyncSession

from handlers.context import Context
from handlers.decisions.chain import record
from storage.enums import BallotRule, Cadence, ProductLevel, RoundDay
from storage.models.members import Setting
from storage.queries import members

DEFAULT_MINIMUM = 4
"""Meetings in a calendar year; no source fixes a number [choice]."""


@dataclass(frozen=True, slots=True)
class GroupSettings:
    """What holds in a group now.

    Args:
        minimum: meetings per calendar year, 0 for none.
        quorum: share of the units, in percent, that must vote or be represented; 0 for none.
        ballot_rule: what a unit's ballot is where several of its representatives have voted.
        least_units: units that must come for a held meeting to count; 0 for any number.
        level: the shared product's level, `None` where nobody has said.
        notice_minutes: so many minutes before a meeting the channel is reminded of it; 0 for not at all.
        held_before: meetings held before the group was made, in the year `held_before_year`.
        held_before_year: a calendar year, 0 where nobody has said.
        round_every: how often the group prioritises.
        round_first: the day of the first such round as `2026-11-02`, empty where nobody has said.
        round_by: whether the date comes again, or the weekday of the month.
        round_debate: working days of debate before each round's poll opens, 0 for none.
        round_days: working days that each round's poll is open.
        language: `da` or `en`, for what everybody sees.
        product: the name of what the group steers.
    """

    minimum: int = DEFAULT_MINIMUM
    quorum: int = 0
    ballot_rule: BallotRule = BallotRule.LATEST
    least_units: int = 0
    notice_minutes: int = 0
    level: ProductLevel | None = None
    held_before: int = 0
    held_before_year: int = 0
    round_every: Cadence = Cadence.NEVER
    round_first: str = ""
    round_by: RoundDay = RoundDay.WEEKDAY
    round_debate: int = 0
    round_days: int = 5
    language: str = "da"
    product: str = ""

    def held_before_in(self, year: int) -> int:
        """The meetings that this year brought before the group was made."""
        return self.held_before if year == self.held_before_year else 0


Value = int | str | None
Changes = dict[str, dict[str, Value]]
"""A setting's name → its `old` and its `new` value."""

_ENUMS: dict[str, type[StrEnum]] = {
    "ballot_rule": BallotRule,
    "level": ProductLevel,
    "round_every": Cadence,
    "round_by": RoundDay,
}
_WORDS = frozenset({"language", "product", "round_first"})
NAMES = tuple(field.name for field in dataclasses.fields(GroupSettings))


async def read_settings(session: AsyncSession, group_id: int) -> GroupSettings:
    """What the group has chosen, and the default where it has not."""
    rows = await members.list_current_settings(session, group_id)
    chosen = {name: stored_value(name, text) for _, _, name, text in rows if name in NAMES and text is not None}
    if rows:
        chosen["language"], chosen["product"] = rows[0][:2]
    return GroupSettings(**chosen)  # type: ignore[arg-type] # each value is made for its name


async def change_settings(context: Context, **values: Value) -> Changes:
    """Give settings other values from now on; the old ones stay as history, and the log says who changed what.

    Args:
        values: names of `GroupSettings` and their new values; the group is held by the transaction.

    Returns: what is different now, empty for nothing.
    """
    unknown = set(values) - set(NAMES)
    if unknown:
        raise ValueError(f"no such settings: {', '.join(sorted(unknown))}")
    before = await read_settings(context.session, context.group.id)
    changed = {name: value for name, value in values.items() if getattr(before, name) != value}
    if not changed:
        return {}
    await write_settings(context, changed)
    changes: Changes = {name: {"old": getattr(before, name), "new": value} for name, value in changed.items()}
    await record(context, "group.settings_changed", "group", {"changes": changes}, decision=True)
    return changes


async def write_settings(context: Context, values: Mapping[str, Value]) -> None:
    """Store values from now on, without a word in the log: for what is logged as something greater."""
    group = context.group
    for name, value in values.items():
        text = "" if value is None else str(value)
        context.session.add(Setting(group_id=group.id, name=name, value=text, at=context.now, by=context.me.id))
    group.locale, group.product = str(values.get("language", group.locale)), str(values.get("product", group.product))
    await context.session.flush()


def stored_value(name: str, text: str) -> Value:
    """A stored text as the kind of value that the setting has."""
    if name in _ENUMS:
        return _ENUMS[name](text) if text else None
    return text if name in _WORDS else int(text)
