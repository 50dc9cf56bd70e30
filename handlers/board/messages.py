"""What a person's board looks like: first what waits for them, then what is theirs, then everything one can do."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from handlers.board.gathering import Gathered
from handlers.chat.messages import (
    Actions,
    Block,
    Button,
    Facts,
    Field,
    Form,
    Heading,
    Item,
    Listing,
    Message,
    Note,
    Option,
    Style,
    Text,
    message,
)
from handlers.context import Context, Standing
from handlers.meetings.messages import pace_text
from handlers.members.joining import confirmable_by
from handlers.members.messages import confirm_leader_buttons, join_button, leader_line
from handlers.members.rights import RIGHTS, may
from handlers.wishes.rules import OPEN
from locales import long_moment, money, plural, translate
from storage.models.polls import Poll

SHOWN = 5
"""Lines of each kind; the rest are a press away."""

COMMANDS: dict[str, tuple[str, ...]] = {
    "wishes": ("wish.open_form", "wish.list", "wish.mine"),
    "polls": ("poll.open_form", "poll.list", "round.show", "poll.log"),
    "meetings": ("meeting.open_form", "meeting.dates_form", "meeting.list", "meeting.status"),
    "group": (
        "members.show_members",
        "members.show_rights",
        "economy.show",
        "economy.report",
        "decisions.list",
        "charter.show",
        "charter.health",
        "members.open_settings",
        "members.mute",
        "members.my_data",
        "help.show",
    ),
}
"""What can be done at a press, as the buttons stand; each has a label in the catalogs."""

ASKED = (
    "wish.search",
    "wish.show",
    "wish.support",
    "wish.edit_form",
    "wish.withdraw",
    "wish.merge",
    "wish.estimate",
    "economy.pledge",
    "wish.status",
    "case.open_form",
    "poll.vote",
    "poll.status",
    "poll.result",
    "poll.receipt",
    "poll.open_change",
    "poll.add",
    "poll.ask_close",
    "poll.open_extend",
    "poll.open_ratify",
    "poll.open_annul",
    "poll.open_entry",
    "meeting.coming",
    "meeting.apology",
    "meeting.agenda",
    "meeting.minutes",
    "meeting.held_form",
    "meeting.cancel_form",
)
"""What needs a number or a few words: asked for in a form."""


def board_message(context: Context, gathered: Gathered) -> Message:
    """The whole board."""
    group = gathered.group
    return message(
        Heading(translate("board.heading", product=group.product)),
        Note(f"{leader_line(gathered.roster)} {translate('board.short_name', name=group.short_name)}"),
        *_about_me(context, gathered),
        *_waiting(context, gathered),
        *_debates(gathered),
        *_my_wishes(gathered),
        *_meetings(context, gathered),
        *_money(gathered),
        *_commands(context.standing),
        Actions(_switches(gathered)) if gathered.others else None,
    )


def no_group_message() -> Message:
    """What `/gruppe` says where there is no group: how to get one, and what can be done without."""
    deeds = ("members.open_founding", "members.mute", "members.my_data", "help.show")
    return message(
        Text(translate("members.no_group_here")),
        Actions(tuple(_button(deed, style="primary" if deed == deeds[0] else "plain") for deed in deeds)),
    )


def _about_me(context: Context, gathered: Gathered) -> Iterator[Block]:
    """For whom the person speaks, or the button for saying it."""
    standing = context.standing
    if standing.unit is None:
        if not gathered.roster.seats_of(context.me.id):
            yield Text(translate("board.say_whom"))
            yield Actions((join_button(),))
        return
    yield Text(translate(_how_i_speak(standing), unit=standing.unit.name))
    if standing.unit.id != gathered.roster.leader_unit and (buttons := confirm_leader_buttons(gathered.roster)):
        yield Actions(buttons)


def _how_i_speak(standing: Standing) -> str:
    if standing.stands_in_for:
        return "board.i_stand_in"
    return "board.i_speak_for" if standing.confirmed else "board.i_await"


def _waiting(context: Context, gathered: Gathered) -> Iterator[Block]:
    """The polls that nobody has answered for the person's unit, and for the leader who awaits confirmation."""
    unit = context.standing.unit
    if gathered.waiting and unit is not None:
        shown = gathered.waiting[:SHOWN]
        yield Text(translate("board.polls_wait", unit=unit.name))
        yield Listing(
            tuple(
                Item(
                    translate("board.poll", number=poll.number, title=poll.title),
                    translate("board.until", moment=long_moment(poll.deadline)),
                )
                for poll in shown
            )
        )
        yield Actions(tuple(_vote_button(poll) for poll in shown))
    waiting = confirmable_by(gathered.roster, context.me.id) if context.standing.leads else []
    if waiting:
        yield Text(plural("members.awaiting.text", len(waiting)))
        yield Actions((_button("members.show_members", style="primary"),))


def _debates(gathered: Gathered) -> Iterator[Block]:
    """The polls that are discussed before they open."""
    if gathered.debates:
        yield Text(translate("board.debates"))
        yield Listing(
            tuple(
                Item(
                    translate("board.poll", number=poll.number, title=poll.title),
                    translate("board.opens", moment=long_moment(poll.opened_at)),
                )
                for poll in gathered.debates[:SHOWN]
            )
        )


def _vote_button(poll: Poll) -> Button:
    label = translate("board.button.vote", number=poll.number)
    return Button(label, "poll.open_ballot", str(poll.number), style="primary")


def _my_wishes(gathered: Gathered) -> Iterator[Block]:
    still_open = [wish for wish in gathered.mine if wish.status in OPEN][::-1]
    if not still_open:
        return
    yield Text(plural("board.my_wishes", len(still_open)))
    yield Listing(
        tuple(
            Item(
                translate("wishes.named", number=wish.number, title=wish.title),
                translate(f"wishes.status.{wish.status}"),
            )
            for wish in still_open[:SHOWN]
        )
    )


def _meetings(context: Context, gathered: Gathered) -> Iterator[Block]:
    """The next meeting, and how the year stands against the minimum."""
    year, coming = gathered.year, gathered.next_meeting
    when = translate("board.no_meeting")
    if coming is not None:
        when = (
            f"{translate('meetings.named', number=coming.number, title=coming.title)}, {long_moment(coming.starts_at)}"
        )
    key = "board.meetings_before" if year.begins_next else "board.meetings_held"
    counted = translate(key, held=year.held, owed=year.owed)
    yield Facts(
        ((translate("board.next_meeting"), when), (translate("board.meetings", year=year.year), counted)),
    )
    yield Note(pace_text(year, context.today))
    if coming is not None:
        number = str(coming.number)
        yield Actions(
            (
                Button(translate("board.button.coming", number=number), "meeting.coming", number, style="primary"),
                Button(translate("board.button.apology", number=number), "meeting.apology_form", number),
            )
        )


def _money(gathered: Gathered) -> Iterator[Block]:
    balance = gathered.balance
    if balance.frame is None or balance.free is None:
        return
    label = translate("board.money", year=balance.year)
    yield Facts(((label, translate("board.free", free=money(balance.free), frame=money(balance.frame))),))


def _commands(standing: Standing) -> Iterator[Block]:
    """The buttons for what this person may do."""
    for section, deeds in COMMANDS.items():
        buttons = [_button(deed) for deed in deeds if may(deed, standing)]
        if section == "group":
            buttons += _own_buttons(standing)
        yield Text(translate(f"board.section.{section}"))
        yield Actions(tuple(buttons))


def _own_buttons(standing: Standing) -> list[Button]:
    change = [join_button(primary=False)] if standing.unit is not None else []
    return [*change, Button(translate("board.button.more"), "board.ask")]


def _switches(gathered: Gathered) -> tuple[Button, ...]:
    """The way to the person's other groups here."""
    return tuple(
        Button(
            translate("board.button.switch", product=other.product),
            "members.choose_group",
            str(other.id),
            value="board.show",
        )
        for other in gathered.others
    )


def _button(deed: str, *, style: Style = "plain") -> Button:
    return Button(translate(f"board.do.{deed}"), deed, style=style)


def ask_form(standing: Standing, chosen: str = "") -> Form:
    """Everything that needs a number or a few words, and that this person may do."""
    options = tuple(Option(deed, translate(f"board.ask.{deed}")) for deed in _askable(standing))
    return Form(
        deed="board.do",
        title=translate("board.ask.title"),
        submit=translate("board.ask.submit"),
        fields=(
            Field("deed", translate("board.ask.deed"), "choice", required=True, value=chosen, options=options),
            Field("words", translate("board.ask.words"), hint=translate("board.ask.words_hint"), maximum=500),
        ),
    )


def _askable(standing: Standing) -> Sequence[str]:
    return [deed for deed in ASKED if deed in RIGHTS and may(deed, standing)]
