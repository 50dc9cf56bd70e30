"""What `/gruppe medlemmer` and `/gruppe hvem` look like."""

from __future__ import annotations

from collections.abc import Sequence

from handlers.chat.messages import (
    Actions,
    Button,
    Divider,
    Facts,
    Heading,
    Item,
    Listing,
    Message,
    Note,
    Text,
    message,
)
from handlers.context import Capacity, Context
from handlers.members.messages import awaiting_blocks, confirm_leader_buttons, join_button, leader_line
from handlers.members.rights import EVERYBODY, names_of
from handlers.members.roster import Roster, Seat
from handlers.members.standing_in import last_day
from locales import join_words, plural, short_date, translate
from storage.enums import Role
from storage.models.members import Group

PAGE = 40
"""Units on one page of `/gruppe medlemmer`."""

NOBODY = "–"


def members_message(context: Context, roster: Roster, waiting: Sequence[Seat], page: int) -> Message:
    """Everybody and what they are; what a leader may do about it stands below."""
    lines = _unit_lines(roster)
    pages = max(1, -(-len(lines) // PAGE))
    page = min(max(page, 1), pages)
    shown = lines[(page - 1) * PAGE : page * PAGE]
    return message(
        Heading(translate("members.members.heading", product=context.group.product)),
        Note(leader_line(roster)),
        Facts(role_facts(roster)),
        Text(plural("members.members.votes", len(roster.voting_units))),
        Listing(tuple(shown)) if shown else None,
        Note(translate("members.page", page=page, pages=pages)) if pages > 1 else None,
        *((Divider(), *awaiting_blocks(waiting, context.now)) if context.standing.leads else ()),
        Actions(_buttons(context, roster, page, pages)),
    )


def role_facts(roster: Roster) -> tuple[tuple[str, str], ...]:
    """The roles that single people have, and who has them."""
    leader = roster.leader
    committee = [seat.name + (translate("members.chair_mark") if seat.chair else "") for seat in roster.committee]
    facts = (
        ("leader", [roster.label_of(leader)] if leader else []),
        ("deputy", [roster.label_of(seat) for seat in roster.deputies]),
        ("supplier", [seat.name for seat in roster.of(Role.SUPPLIER)]),
        ("secretariat", [seat.name for seat in roster.of(Role.SECRETARIAT)]),
        ("committee", committee),
    )
    return tuple((translate(f"members.label.{name}"), join_words(names) or NOBODY) for name, names in facts)


def _unit_lines(roster: Roster) -> list[Item]:
    """A line per unit, with those who speak for it and whether that is confirmed."""
    by_unit: dict[str, list[str]] = {}
    for seat in roster.representatives:
        mark = _substitute_mark(seat) if seat.confirmed else translate("members.awaits_mark")
        by_unit.setdefault(seat.unit_name, []).append(f"{seat.name}{mark}")
    return [Item(unit, ", ".join(names)) for unit, names in by_unit.items()]


def _substitute_mark(seat: Seat) -> str:
    if not seat.stands_in_for:
        return ""
    last = last_day(seat.until)
    key = "members.substitute_mark_until" if last else "members.substitute_mark"
    return translate(key, date=short_date(last) if last else "")


def _buttons(context: Context, roster: Roster, page: int, pages: int) -> tuple[Button, ...]:
    found = [join_button(primary=context.standing.unit is None)]
    if page < pages:
        found.append(Button(translate("members.button.more"), "members.show_members", str(page + 1)))
    if context.standing.unit is not None and context.standing.unit.id != roster.leader_unit:
        found += confirm_leader_buttons(roster)
    if context.standing.votes and not context.standing.stands_in_for:
        found.append(Button(translate("members.button.substitute"), "members.substitute"))
    if context.standing.leads:
        found.append(Button(translate("members.button.appoint"), "members.open_appoint"))
    if context.standing.leads or context.standing.chair:
        found.append(Button(translate("members.button.end_role"), "members.open_end_role"))
    if context.standing.votes and not context.standing.leads:
        found.append(
            Button(
                translate("members.button.take_lead"),
                "members.take_lead",
                confirm=translate("members.take_lead_question"),
            )
        )
    if roster.seats_of(context.me.id):
        key = "members.leave_leader_question" if context.standing.leads else "members.leave_question"
        question = translate(key, product=context.group.product)
        found.append(Button(translate("members.button.leave"), "members.leave", style="danger", confirm=question))
    return tuple(found)


def rights_message(group: Group, roster: Roster, rows: Sequence[tuple[str, frozenset[Capacity]]]) -> Message:
    """Per matter: who may decide it, and who that is."""
    lines = [Item(translate(f"members.matter.{matter}"), _who(roster, who)) for matter, who in rows]
    committee_key = "members.matter.committee_is_bound" if group.steering_bound else "members.matter.no_committee"
    return message(
        Heading(translate("members.rights.heading", product=group.product)),
        Note(leader_line(roster)),
        Listing((*lines, Item(translate("members.matter.outside_frame"), translate(committee_key)))),
        Facts(role_facts(roster)),
        Note(translate("members.rights.prepared")),
        Actions((Button(translate("members.button.members"), "members.show_members"),)),
    )


def _who(roster: Roster, capacities: frozenset[Capacity]) -> str:
    if capacities == EVERYBODY:
        return translate("members.everybody")
    named = _names(roster, capacities)
    return f"{names_of(capacities)} ({named})" if named else names_of(capacities)


def _names(roster: Roster, capacities: frozenset[Capacity]) -> str:
    """Who that is; representatives are counted, because they are many."""
    seats: dict[Capacity, list[Seat]] = {
        Capacity.LEADER: [*filter(None, (roster.leader,)), *roster.deputies],
        Capacity.SUPPLIER: roster.of(Role.SUPPLIER),
        Capacity.SECRETARIAT: roster.of(Role.SECRETARIAT),
        Capacity.STEERING: roster.committee,
    }
    found = dict.fromkeys(seat.name for one in Capacity if one in capacities for seat in seats.get(one, []))
    counted = [plural("members.units", len(roster.voting_units))] if Capacity.REPRESENTATIVE in capacities else []
    return ", ".join([*found, *counted])
