"""The board: everything that is a person's own on one page, with a button for everything that one can write."""

from __future__ import annotations

from handlers.board.gathering import gather
from handlers.board.messages import ASKED, ask_form, board_message, no_group_message
from handlers.capability import Ask, Capability, Deed, Perform
from handlers.chat.messages import Message
from handlers.chat.refusals import FieldRefusal
from handlers.chat.replies import Board, OpenForm, Replies, Whisper
from handlers.chat.router import Word
from handlers.context import Context


async def show_board(context: Context, ask: Ask) -> Replies:
    """`/gruppe`."""
    return [Whisper(await _board(context))]


async def open_board(context: Context, ask: Ask) -> Replies:
    """The person opened the page that is theirs in this chat."""
    return [Board(context.me.id, await _board(context))]


async def _board(context: Context) -> Message:
    if context.known_group is None:
        return no_group_message()
    return board_message(context, await gather(context))


async def open_ask(context: Context, ask: Ask) -> Replies:
    """*Mere …*: the form for what needs a number or a few words."""
    return [OpenForm(ask_form(context.standing))]


async def do_asked(context: Context, ask: Ask) -> Replies:
    """The form was sent: it goes on as if the words had been written."""
    deed = ask.typed("deed")
    if deed not in ASKED:
        raise FieldRefusal("deed", "inputs.choice_unknown")
    return [Perform(deed, Ask(text=ask.typed("words")))]


CAPABILITY = Capability(
    name="board",
    deeds=(
        Deed("board.show", show_board, writes=False, anywhere=True),
        Deed("board.open", open_board, anywhere=True),
        Deed("board.ask", open_ask, writes=False),
        Deed("board.do", do_asked),
    ),
    words=(Word("group", "board.show", takes_text=False),),
)
