"""What stands in the steering committee's channel about who it is."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from handlers.chat.messages import Actions, Button, Facts, Heading, Message, Note, Text, message
from handlers.members.roster import Roster, Seat
from locales import join_words, translate
from storage.enums import Role

MOST_BUTTONS = 8


def ask_message(product: str, name: str) -> Message:
    """Is this the committee's channel?"""
    return message(
        Heading(translate("members.steering.heading", product=product)),
        Text(translate("members.steering.ask", product=product, name=name)),
        Actions((Button(translate("members.button.bind"), "members.bind_steering", style="primary"),)),
    )


def committee_message(product: str, roster: Roster, now: dt.datetime) -> Message:
    """Who sits in the committee, who says so, and the button for those who do."""
    chair = roster.chair
    waiting = roster.awaiting(Role.STEERING)
    members = join_words(seat.name for seat in roster.committee if not seat.chair) or "–"
    return message(
        Heading(translate("members.steering.heading", product=product)),
        Text(translate("members.steering.is_bound", product=product)),
        Facts(
            (
                (translate("members.label.chair"), chair.name if chair else "–"),
                (translate("members.label.members"), members),
            )
        ),
        Note(translate("members.steering.waiting", names=join_words(seat.name for seat in waiting)))
        if waiting
        else None,
        Actions((Button(translate("members.button.sit"), "members.sit_in_steering"), *_confirm_buttons(waiting, now))),
    )


def _confirm_buttons(waiting: Sequence[Seat], now: dt.datetime) -> list[Button]:
    found = [
        Button(translate("members.button.confirm", name=seat.name), "members.confirm_seats", str(seat.id))
        for seat in waiting[:MOST_BUTTONS]
    ]
    if len(waiting) > 1:
        label = translate("members.button.confirm_all", count=len(waiting))
        found.insert(0, Button(label, "members.confirm_seats", f"all:{now.isoformat()}"))
    return found
