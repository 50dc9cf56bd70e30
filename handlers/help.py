"""Says what one can write: every command with one line, in the order that people need them."""

from __future__ import annotations

from handlers.capability import Ask, Capability, Deed
from handlers.chat.messages import Actions, Button, Heading, Item, Listing, Message, Note, message
from handlers.chat.replies import Replies, Whisper
from handlers.chat.router import Word
from handlers.context import Context
from locales import translate

LINES: dict[str, tuple[str, ...]] = {
    "wish": (
        "wish.open_form",
        "wish.list",
        "wish.show",
        "wish.mine",
        "wish.support",
        "wish.search",
        "wish.edit_form",
        "wish.withdraw",
        "wish.merge",
        "wish.estimate",
        "economy.pledge",
        "wish.status",
        "case.open_form",
    ),
    "poll": (
        "poll.open_form",
        "poll.vote",
        "poll.status",
        "poll.result",
        "poll.receipt",
        "poll.log",
        "poll.list",
        "poll.open_change",
        "poll.add",
        "poll.ask_close",
        "poll.open_extend",
        "poll.open_ratify",
        "poll.open_annul",
        "poll.open_entry",
        "round.show",
        "round.open",
    ),
    "meeting": (
        "meeting.open_form",
        "meeting.dates_form",
        "meeting.list",
        "meeting.status",
        "meeting.coming",
        "meeting.apology",
        "meeting.agenda",
        "meeting.minutes",
        "meeting.held_form",
        "meeting.cancel_form",
    ),
    "group": (
        "board.show",
        "members.open_founding",
        "members.open_join",
        "members.show_members",
        "members.show_rights",
        "economy.show",
        "economy.report",
        "decisions.list",
        "charter.show",
        "charter.health",
        "members.open_settings",
        "members.open_appoint",
        "members.substitute",
        "members.propose_steering",
        "members.ask_leave",
        "members.mute",
        "members.my_data",
        "help.show",
    ),
}
"""The four commands, and for each the deeds that its words ask for; each has a line in the catalogs."""


async def show_help(context: Context, ask: Ask) -> Replies:
    """`/gruppe hjælp`, and the same after the other three commands."""
    return [Whisper(help_message())]


def help_message() -> Message:
    """All commands, and the way to do without them."""
    blocks = [
        block
        for command, deeds in LINES.items()
        for block in (
            Heading(translate(f"help.heading.{command}")),
            Listing(tuple(Item(translate(f"help.{deed}")) for deed in deeds)),
        )
    ]
    return message(
        Note(translate("help.intro")),
        *blocks,
        Actions((Button(translate("help.button.board"), "board.show", style="primary"),)),
    )


CAPABILITY = Capability(
    name="help",
    deeds=(Deed("help.show", show_help, writes=False, anywhere=True),),
    words=tuple(
        Word(command, "help.show", ("hjælp", "hjaelp", "help")) for command in ("wish", "poll", "meeting", "group")
    ),
)
