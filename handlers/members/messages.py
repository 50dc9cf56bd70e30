"""What the members' room shows: the welcome, who awaits confirmation, who may decide what, and who is who."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from handlers.chat.messages import (
    Actions,
    Block,
    Button,
    Heading,
    Item,
    Listing,
    Message,
    Note,
    Text,
    message,
)
from handlers.members.roster import Roster, Seat
from locales import plural, translate

WELCOME = "welcome"
"""Our name for the welcome in a group's channel."""

MOST_BUTTONS = 8
"""Single *Bekræft* buttons under one list; the rest are confirmed with *Bekræft alle*."""

PAGE = 40
"""Representatives on one page of `/gruppe medlemmer`."""


def join_button(*, primary: bool = True) -> Button:
    return Button(translate("members.button.join"), "members.open_join", style="primary" if primary else "plain")


def welcome_message(product: str, roster: Roster) -> Message:
    """The first message in a new group's channel."""
    return message(
        Heading(translate("members.welcome.heading", product=product)),
        Text(translate("members.welcome.text")),
        Note(leader_line(roster)),
        Actions(
            (
                join_button(),
                Button(translate("members.button.new_wish"), "wish.open_form"),
                Button(translate("members.button.help"), "help.show"),
                *confirm_leader_buttons(roster),
            )
        ),
    )


def leader_line(roster: Roster) -> str:
    """Who leads, and how surely."""
    leader = roster.leader
    if leader is None:
        return translate("members.leader.nobody")
    name = roster.label_of(leader)
    if roster.is_group_of_one:
        return translate("members.leader.group_of_one", name=name)
    if roster.leader_awaits:
        return translate("members.leader.unconfirmed", name=name)
    return translate("members.leader.is", name=name)


def confirm_leader_buttons(roster: Roster) -> tuple[Button, ...]:
    """For another unit's representative, as long as nobody has stood behind the leader."""
    leader = roster.leader
    if leader is None or not roster.leader_awaits:
        return ()
    label = translate("members.button.confirm_leader", name=leader.name)
    return (Button(label, "members.confirm_leader", str(leader.id)),)


def awaiting_blocks(waiting: Sequence[Seat], now: dt.datetime) -> tuple[Block, ...]:
    """Who says to speak for whom, with a button for each and one for all that are shown at `now`."""
    if not waiting:
        return (Note(translate("members.awaiting.nobody")),)
    shown = waiting[:MOST_BUTTONS]
    single = [
        Button(
            translate("members.button.confirm", name=seat.name),
            "members.confirm",
            f"{seat.id}:{seat.unit_id}",
            value=seat.label,
            style="primary" if len(waiting) == 1 else "plain",
        )
        for seat in shown
    ]
    return (
        Text(plural("members.awaiting.text", len(waiting))),
        Listing(tuple(Item(seat.label) for seat in waiting[:PAGE])),
        Actions((*_confirm_all(waiting, now), *single)),
        Note(translate("members.awaiting.how")),
    )


def awaiting_message(waiting: Sequence[Seat], now: dt.datetime, *, product: str) -> Message:
    """The same as a message of its own to a leader."""
    return message(Heading(translate("members.awaiting.heading", product=product)), *awaiting_blocks(waiting, now))


def _confirm_all(waiting: Sequence[Seat], now: dt.datetime) -> list[Button]:
    if len(waiting) < 2:
        return []
    names = ", ".join(seat.label for seat in waiting[:MOST_BUTTONS])
    more = f" +{len(waiting) - MOST_BUTTONS}" if len(waiting) > MOST_BUTTONS else ""
    label = translate("members.button.confirm_all", count=len(waiting))
    return [Button(label, "members.confirm", f"all:{now.isoformat()}", value=f"{names}{more}", style="primary")]
