"""Finds wishes for people: the list by status and municipality, one's own, and by words."""

from __future__ import annotations

import unicodedata

from handlers.capability import Ask, Deed
from handlers.chat.messages import Message
from handlers.chat.refusals import Refusal
from handlers.chat.replies import Replies, Whisper
from handlers.context import Context
from handlers.wishes import messages
from handlers.wishes.rules import OPEN
from locales import translate
from storage.enums import WishStatus
from storage.models.wishes import Wish
from storage.queries import wishes

STATUS_WORDS: dict[str, frozenset[WishStatus]] = {
    "klar": frozenset({WishStatus.READY}),
    "igang": frozenset({WishStatus.STARTED}),
    "i gang": frozenset({WishStatus.STARTED}),
    "lukkede": frozenset({WishStatus.CLOSED}),
    "lukket": frozenset({WishStatus.CLOSED}),
    "afviste": frozenset({WishStatus.REJECTED, WishStatus.DECLINED}),
    "alle": frozenset(WishStatus),
    "åbne": OPEN,
    "all": frozenset(WishStatus),
    "open": OPEN,
}


async def list_wishes(context: Context, ask: Ask) -> Replies:
    """`/ønske liste`, narrowed by a status or a municipality; `ask.value` is the page that a button asks for."""
    what = ask.subject or ask.text.strip()
    statuses, place = _narrowed(what)
    found = await wishes.list_wishes(context.session, context.group.id, statuses)
    if place:
        found = [wish for wish in found if folded(place) in folded(wish.unit_name)]
        if not found:
            raise Refusal("wishes.list_unknown", what=what[:40])
    title = translate("wishes.list.narrowed", what=what) if what else translate("wishes.list.open")
    return [Whisper(_page(title, found, ask.value, "wish.list", what))]


async def list_mine(context: Context, ask: Ask) -> Replies:
    """What I have submitted, whatever became of it."""
    found = await wishes.list_wishes_of(context.session, context.group.id, context.me.id)
    return [Whisper(_page(translate("wishes.list.mine"), found, ask.value, "wish.mine", ""))]


async def search_wishes(context: Context, ask: Ask) -> Replies:
    """`/ønske søg ord`: every word must stand in the title, the need, the description or the topics."""
    what = ask.subject or ask.text.strip()
    if not what:
        raise Refusal("wishes.search_empty")
    words = folded(what).split()
    every = await wishes.list_wishes(context.session, context.group.id)
    found = [wish for wish in every if all(word in _searched(wish) for word in words)]
    title = translate("wishes.list.found", what=what[:80])
    return [Whisper(_page(title, found, ask.value, "wish.search", what[:80]))]


def folded(text: str) -> str:
    """Letters as they are compared: small, and æ, ø, å also found as ae, oe, aa."""
    small = unicodedata.normalize("NFC", text).casefold()
    return small.replace("æ", "ae").replace("ø", "oe").replace("å", "aa")


def _searched(wish: Wish) -> str:
    return folded(" ".join((f"#{wish.number}", wish.title, wish.need, wish.description, wish.topics, wish.unit_name)))


def _narrowed(what: str) -> tuple[frozenset[WishStatus], str]:
    if not what:
        return OPEN, ""
    by_word = STATUS_WORDS.get(what.casefold())
    if by_word is not None:
        return by_word, ""
    by_name = [one for one in WishStatus if folded(translate(f"wishes.status.{one}")).startswith(folded(what))]
    return (frozenset(by_name), "") if by_name else (frozenset(WishStatus), what)


def _page(title: str, found: list[Wish], page: str, deed: str, what: str) -> Message:
    at = int(page) if page.isascii() and page.isdigit() else 0
    return messages.wish_list(title, messages.ListPage(found, at, deed, what))


DEEDS = (
    Deed("wish.list", list_wishes, writes=False),
    Deed("wish.mine", list_mine, writes=False),
    Deed("wish.search", search_wishes, writes=False),
)
