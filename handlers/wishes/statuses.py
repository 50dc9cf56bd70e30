"""Moves wishes along: the words after `/ønske status 43`, the buttons, and the form that a decision is recorded in."""

from __future__ import annotations

from handlers.capability import Ask, Deed, Handler, Perform
from handlers.chat.messages import Text, message
from handlers.chat.refusals import FieldRefusal, Refusal
from handlers.chat.replies import OpenForm, Post, Replies, Whisper
from handlers.context import Context
from handlers.inputs import read_text
from handlers.wishes import status_messages as messages
from handlers.wishes.deeds import fit_of, get_wish, move_wish
from handlers.wishes.rules import DECISIONS, LONGEST_TEXT, Grounds, Move, can
from locales import translate
from storage.enums import Basis
from storage.models.wishes import Wish

WORDS: dict[Move, tuple[str, ...]] = {
    Move.TAKE_UP: ("screening", "optag", "optaget", "take-up"),
    Move.ASK_ESTIMATE: ("estimat", "afventer", "løsningsbeskrivelse", "loesningsbeskrivelse", "estimate"),
    Move.MAKE_READY: ("klar", "ready"),
    Move.PRIORITISE: ("prioriteret", "prioriter", "prioritér", "prioritised"),
    Move.START: ("start", "igangsat", "gang", "igang", "started"),
    Move.DELIVER: ("leveret", "delivered"),
    Move.CLOSE: ("luk", "lukket", "afsluttet", "close", "closed"),
    Move.REJECT: ("afvis", "afvist", "reject", "rejected"),
    Move.HOLD: ("hold", "on-hold"),
    Move.RESUME: ("genoptag", "fortsæt", "fortsaet", "resume"),
    Move.REOPEN: ("genåbn", "genaabn", "reopen"),
}
"""What may be written after `/ønske status 43`, the first being the word that texts show."""

OTHER_WAYS: dict[str, tuple[str, ...]] = {
    "submitted": ("modtaget", "submitted"),
    "recommend": ("indstil", "indstillet", "recommend", "recommended"),
    "answer": ("godkendt", "godkend", "udsat", "udsæt", "udsaet", "approved", "postponed", "declined"),
    "withdraw": ("træk", "trukket", "traek", "withdraw", "withdrawn"),
    "merge": ("flet", "flettet", "merge", "merged"),
}
"""Statuses that a wish gets in another way than by this command, and which is told."""

SMALL_WORDS = frozenset({"i", "på", "paa", "on"})
"""`i gang`, `i screening`, `på hold`: the word after it says which."""

NEEDS_REASON = frozenset({Move.REJECT, Move.REOPEN})


async def ask_status(context: Context, ask: Ask) -> Replies:
    """`/ønske status 43` shows it with what can be done; with a word after it, that is done."""
    wish = await get_wish(context, ask.number())
    word, _, rest = ask.rest().partition(" ")
    if word.casefold() in SMALL_WORDS and rest:
        word, _, rest = rest.strip().partition(" ")
    if not word:
        moves = [move for move in WORDS if can(move, wish.status)]
        return [Whisper(messages.status_message(wish, moves, context.standing))]
    move = next((move for move, words in WORDS.items() if word.casefold() in words), None)
    if move is None:
        if way := next((way for way, words in OTHER_WAYS.items() if word.casefold() in words), ""):
            raise Refusal(f"wishes.other_way.{way}", number=wish.number)
        known = ", ".join(words[0] for words in WORDS.values())
        raise Refusal("wishes.unknown_status", word=word[:40], known=known)
    text = rest.strip()
    suffix = "_form" if move in DECISIONS else ""
    return [Perform(f"wish.{move}{suffix}", Ask(subject=str(wish.number), text=text))]


def open_move(move: Move) -> Handler:
    """What opens the form that this decision is recorded in."""

    async def open_form(context: Context, ask: Ask) -> Replies:
        wish = await get_wish(context, ask.number())
        _check_before(wish, move)
        fit = await fit_of(context, wish) if move is Move.START else None
        if fit is not None and not fit.may_start:
            refusal = fit.refusal(wish.number)
            return [Whisper(messages.beyond_frame_message(wish, translate(refusal.key, **refusal.parameters)))]
        return [OpenForm(messages.decision_form(wish, move, ask.rest(), needs_reason=move in NEEDS_REASON))]

    return open_form


def do_move(move: Move) -> Handler:
    """What does this move; a decision comes from its form, with basis and reason."""

    async def do(context: Context, ask: Ask) -> Replies:
        wish = await get_wish(context, ask.number())
        _check_before(wish, move)
        fit = await fit_of(context, wish) if move is Move.START else None
        if fit is not None and not fit.may_start:
            raise fit.refusal(wish.number)
        if move not in DECISIONS:
            return [*await move_wish(context, wish, move, Grounds(ask.rest())), _told(wish)]
        return await _decide(context, wish, move, ask)

    return do


async def _decide(context: Context, wish: Wish, move: Move, ask: Ask) -> Replies:
    reason = read_text(ask.typed("reason"), "reason", LONGEST_TEXT, required=move in NEEDS_REASON)
    typed = ask.typed("basis")
    if typed not in (Basis.POLL, Basis.MEETING, Basis.WRITTEN):
        raise FieldRefusal("basis", "inputs.choice_unknown")
    basis_text = read_text(ask.typed("basis_text"), "basis_text", 200)
    grounds = Grounds(reason, Basis(typed), basis_text)
    replies = await move_wish(context, wish, move, grounds)
    with context.speaking_to_group():
        said = messages.decision_message(wish, move, context.me.name, grounds)
    key = f"wish:{wish.number}/decision/{context.new_id()[:12]}"
    return [*replies, Post(key, context.group.channel, said)]


def _check_before(wish: Wish, move: Move) -> None:
    """Refuse at once what the form would only refuse later."""
    if not can(move, wish.status):
        raise Refusal(
            "wishes.cannot_move",
            number=wish.number,
            status=translate(f"wishes.status.{wish.status}"),
            move=translate(f"wishes.move.{move}"),
        )
    if move is Move.START and wish.estimate is None:
        raise Refusal("wishes.estimate_missing", number=wish.number)


def _told(wish: Wish) -> Whisper:
    status = translate(f"wishes.status.{wish.status}")
    return Whisper(message(Text(translate("wishes.status_now", number=wish.number, status=status))))


PREPARED = frozenset({Move.PRIORITISE, Move.START, Move.REJECT})
"""What a leader without a vote only prepares."""

DEEDS = (
    Deed("wish.status", ask_status),
    *(Deed(f"wish.{move}", do_move(move), prepared=move in PREPARED) for move in WORDS),
    *(Deed(f"wish.{move}_form", open_move(move), writes=False) for move in WORDS if move in DECISIONS),
)
