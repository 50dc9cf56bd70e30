"""What a person decides for themselves: to be left in peace, and to see everything that is kept about them."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

from handlers.capability import Ask
from handlers.chat.messages import Facts, Heading, Message, Note, Text, message
from handlers.chat.replies import Attach, Replies, Whisper
from handlers.context import Context
from locales import number, translate
from storage.queries import personal

FILE_NAME = "mine-data.json"

SUMMARISED = ("memberships", "wishes", "backers", "ballots", "emojis", "notices", "log")
"""Tables whose number of rows the summary names one by one; the others are one sum."""


QUIET_WORDS = {"ja": True, "til": True, "on": True, "yes": True, "nej": False, "fra": False, "off": False, "no": False}
"""What may be written after `/gruppe stille`: said twice, it changes nothing."""


async def toggle_mute(context: Context, ask: Ask) -> Replies:
    """`/gruppe stille`: no unprompted direct messages from now on, or again; a word after it says which."""
    context.me.muted = QUIET_WORDS.get(ask.text.strip().casefold(), not context.me.muted)
    key = "members.muted" if context.me.muted else "members.unmuted"
    return [Whisper(message(Text(translate(key))))]


async def show_my_data(context: Context, ask: Ask) -> Replies:
    """`/gruppe mine-data`: a file with all of it to the person alone, and what it says in short."""
    found = await personal.collect_about(context.session, context.me)
    content = json.dumps(found, ensure_ascii=False, indent=2, default=_plain).encode()
    file = Attach(FILE_NAME, "application/json", content, translate("members.data.file"), person=context.me.id)
    return [Whisper(_summary(context, found)), file]


def _summary(context: Context, found: dict[str, list[dict[str, Any]]]) -> Message:
    counts = {name: len(rows) for name, rows in found.items() if name != "people"}
    others = sum(count for name, count in counts.items() if name not in SUMMARISED)
    facts = [
        (translate("members.data.name"), context.me.name),
        (translate("members.data.muted"), _yes(context.me.muted)),
    ]
    facts += [(translate(f"members.data.{name}"), number(counts.get(name, 0))) for name in SUMMARISED]
    facts.append((translate("members.data.others"), number(others)))
    return message(
        Heading(translate("members.data.heading")),
        Facts(tuple(facts)),
        Text(translate("members.data.where")),
        Note(translate("members.data.note")),
    )


def _yes(value: bool) -> str:
    return translate("members.yes" if value else "members.no")


def _plain(value: object) -> str:
    return value.isoformat() if isinstance(value, dt.datetime | dt.date) else str(value)
