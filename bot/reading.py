"""Reads what an interaction asks for: which deed, on what, in which group; seals are opened here and nowhere else."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from bot.intake import identity
from bot.outbox import unqualified
from bot.seals import Seals
from handlers.capability import Ask
from handlers.chat.interactions import Command, Interaction, Lookup, OpenBoard, Press, Shortcut, Submit
from handlers.chat.letters import storable
from handlers.chat.refusals import Refusal
from handlers.chat.router import Unknown, Word, find_command, find_deed, nearest_command

BOARD = "board.open"
SHORTCUTS = {"make_wish": "wish.from_message"}


@dataclass(frozen=True, slots=True)
class Opened:
    """The deed that is asked for. `group_id` is 0 where the place decides it; `once` is the key that the deed uses up,
    empty for none; `form_channel` is where a form was opened from, empty for no form."""

    deed: str
    ask: Ask
    group_id: int = 0
    once: str = ""
    form_channel: str = ""
    form_direct: bool = False


def open_interaction(interaction: Interaction, words: Iterable[Word], seals: Seals, now: dt.datetime) -> Opened:
    """What is asked for.

    Raises:
        Refusal: words that nobody declared.
        BadSeal, StaleSeal: what came back is not ours, or no longer.
    """
    person = identity(interaction.sender)
    match interaction:
        case Command(command=command, text=text):
            return _open_command(command, text, words, interaction.once)
        case Press(token=token, value=value):
            button = seals.open_button(token, person, now)
            ask = Ask(subject=button.subject, value=storable(value) or button.value, key=unqualified(button.key))
            return Opened(button.deed, ask, button.group_id, interaction.once)
        case Submit(token=token, values=values):
            form = seals.open_form(token, person, now)
            ask = Ask(subject=form.subject, values=_storable_values(values), carry=dict(form.carry))
            return Opened(form.deed, ask, form.group_id, f"form:{form.number}", form.channel, form.direct)
        case Lookup(token=token, query=query):
            form = seals.open_form(token, person, now)
            ask = Ask(text=storable(query), subject=form.subject, carry=dict(form.carry))
            return Opened(form.deed, ask, form.group_id, "", form.channel, form.direct)
        case Shortcut(shortcut=shortcut, text=text, link=link):
            return Opened(SHORTCUTS[shortcut], Ask(text=storable(text), value=link), 0, interaction.once)
        case OpenBoard():
            return Opened(BOARD, Ask())
    raise AssertionError(f"no way to read a {type(interaction).__name__}")


def _open_command(command: str, text: str, words: Iterable[Word], once: str) -> Opened:
    known = find_command(command)
    if known is None:
        nearest = nearest_command(command)
        key = "chat.unknown_command_nearest" if nearest else "chat.unknown_command"
        raise Refusal(key, command=command, nearest=nearest)
    found = find_deed(words, known, storable(text))
    if isinstance(found, Unknown):
        key = "chat.unknown_word_nearest" if found.nearest else "chat.unknown_word"
        raise Refusal(key, command=found.command, word=found.word, nearest=found.nearest)
    written = " ".join(part for part in (f"/{command.lstrip('/')}", found.word) if part)
    meant = f"{written} {found.meant}" if found.meant else ""
    return Opened(found.deed, Ask(text=found.text, command=written, meant=meant), once=once)


def _storable_values(values: Mapping[str, str | Sequence[str]]) -> dict[str, str | list[str]]:
    return {
        storable(name): storable(value) if isinstance(value, str) else [storable(one) for one in value]
        for name, value in values.items()
    }
