"""What a receipt looks like: the code, what was counted, and how to find it in the public log."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from handlers.ballots.codes import code_of
from handlers.chat.messages import Actions, Button, Facts, Heading, Item, Listing, Message, Note, Text, message
from handlers.polls.words import answer_text, named
from handlers.receipts.rules import Receipts
from handlers.results.lines import Why
from handlers.results.replay import Given
from locales import join_words, money, translate
from storage.enums import Visibility
from storage.models.polls import Candidate, Poll


@dataclass(frozen=True, slots=True)
class Slip:
    """A poll with what one person sees of it. `unit` is the municipality that their answer was given for, `units` all
    by their id, `averages` whether several answers of it count together."""

    poll: Poll
    candidates: Sequence[Candidate]
    found: Receipts
    unit: str
    units: Mapping[int, str]
    averages: bool


def receipt_message(slip: Slip) -> Message:
    """The person's receipt, for them alone."""
    mine = slip.found.mine
    return message(
        Heading(named(slip.poll)),
        *(_own_blocks(slip, mine) if mine else ()),
        Listing(tuple(_item(slip, one, "receipts.of_unit") for one in slip.found.of_unit))
        if slip.found.of_unit
        else None,
        Listing(tuple(_item(slip, one, "receipts.elsewhere") for one in slip.found.elsewhere))
        if slip.found.elsewhere
        else None,
        Listing(tuple(_item(slip, one, "receipts.earlier") for one in slip.found.earlier))
        if slip.found.earlier
        else None,
        _share(slip),
        Note(translate("receipts.secret")) if slip.poll.visibility is Visibility.SECRET and mine else None,
        *_how_to_find(slip),
        Actions((Button(translate("receipts.button.log"), "poll.log", str(slip.poll.number)),)),
    )


def _share(slip: Slip) -> Text | None:
    """What the municipality's equal share was spent on."""
    if not slip.found.paid:
        return None
    paid = [translate("receipts.paid", wish=wish, amount=money(ore)) for wish, ore in slip.found.paid.items()]
    return Text(translate("receipts.share", unit=slip.unit, spent=join_words(paid)))


def _own_blocks(slip: Slip, mine: Given) -> tuple[Text | Facts, ...]:
    answer = _answer(slip, mine)
    return (
        Text(translate("receipts.mine", code=code_of(mine.receipt))),
        Text(f"{answer} {_status(slip)}"),
        Facts(((translate("receipts.key"), mine.key),)),
    )


def _answer(slip: Slip, given: Given) -> str:
    if given.cast.is_empty:
        return translate("receipts.taken_back")
    return translate("receipts.answered", names=answer_text(slip.poll, slip.candidates, given.cast.marks))


def _status(slip: Slip) -> str:
    """Whether the answer counts, or will if nothing more happens."""
    if slip.found.why is None:
        how, when = "together" if slip.averages else "counted", "open" if _is_open(slip.poll) else "closed"
        return translate(f"receipts.{how}_{when}", unit=slip.unit)
    return "" if slip.found.why is Why.EMPTY else translate(f"receipts.why.{slip.found.why}", unit=slip.unit)


def _is_open(poll: Poll) -> bool:
    return poll.result is None


def _item(slip: Slip, given: Given, key: str) -> Item:
    unit = slip.units[given.cast.unit]
    return Item(translate(key, code=code_of(given.receipt), unit=unit), _answer(slip, given))


def _how_to_find(slip: Slip) -> tuple[Note, ...]:
    """Where the code stands: of an open poll at once, of the others when it has closed."""
    shown = slip.poll.visibility is Visibility.OPEN or not _is_open(slip.poll)
    return (Note(translate("receipts.find" if shown else "receipts.find_later")),)
