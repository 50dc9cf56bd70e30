"""Co-financing: a municipality pledges an amount to a wish, and the leader can share a wish's cost between several."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from handlers.capability import Ask, Deed
from handlers.chat.messages import Form, Message, Note, Table, Text, message
from handlers.chat.refusals import FieldRefusal, Refusal
from handlers.chat.replies import Notice, OpenForm, Post, Replies, Whisper
from handlers.chat.router import Word
from handlers.context import Context
from handlers.economy import forms, messages
from handlers.economy.invoices import ENDED, read_amount_above_zero
from handlers.economy.ledger import Booking, book, wish_subject
from handlers.economy.rules import share_by_weight, share_equally
from handlers.inputs import read_amount, read_count
from handlers.members.rights import may
from locales import money, translate
from storage.enums import EntryKind, Role
from storage.models.economy import LedgerEntry
from storage.models.members import Person, Unit
from storage.models.wishes import Wish
from storage.queries import economy, members, wishes

MOST_CITIZENS = 10_000_000

Shares = list[tuple[Unit, int]]
"""Each municipality's part, in øre."""


async def pledge(context: Context, ask: Ask) -> Replies:
    """`/ønske tilsagn 43 10.000`; without an amount the form for it opens."""
    wish = await _open_wish(context, ask.number())
    typed = ask.typed("amount") or ask.rest()
    if not typed and may("economy.split", context.standing):
        return [OpenForm(await _split_form(context, wish))]
    unit = context.standing.unit
    if unit is None or not context.standing.votes:
        raise Refusal("members.only_confirmed_representatives")
    before = (await _map_pledges(context, wish)).get(unit.id)
    if not typed:
        return [OpenForm(forms.pledge_form(wish.number, wish.title, before.amount if before else None))]
    amount = read_amount(typed, "amount")
    if (before.amount if before else 0) == amount:
        raise Refusal("economy.pledged_already", number=wish.number, amount=money(amount), unit=unit.name)
    await _book_share(context, wish, (unit, amount), before)
    with context.speaking_to_group():
        key = "economy.pledged" if amount else "economy.pledge_withdrawn"
        said = translate(key, unit=unit.name, amount=money(amount), number=wish.number, title=wish.title)
        shown = message(Text(said), await _all_pledges(context, wish))
    told = Whisper(message(Note(translate("economy.pledge_told", number=wish.number, amount=money(amount)))))
    return [_post(context, wish, shown), told]


async def open_split_form(context: Context, ask: Ask) -> Replies:
    """Opens the form that shares a wish's cost."""
    return [OpenForm(await _split_form(context, await _open_wish(context, ask.number())))]


async def _split_form(context: Context, wish: Wish) -> Form:
    units = await members.list_units(context.session, context.group.id)
    backers = await wishes.list_backers(context.session, wish.id)
    amount = wish.estimate if wish.estimate is not None else wish.guess
    return forms.split_form(wish.number, wish.title, amount, units, {backer.unit_id for backer in backers})


async def check_split(context: Context, ask: Ask) -> None:
    """Refuse what can't be shared."""
    await _open_wish(context, ask.number())
    _read_shares(ask, await members.list_units(context.session, context.group.id))


async def split(context: Context, ask: Ask) -> Replies:
    """The shares become the municipalities' pledges, and their representatives hear it at once."""
    wish = await _open_wish(context, ask.number())
    shares = _read_shares(ask, await members.list_units(context.session, context.group.id))
    standing = await _map_pledges(context, wish)
    for share in shares:
        await _book_share(context, wish, share, standing.get(share[0].id))
    with context.speaking_to_group():
        said = translate("economy.split_done", name=context.me.name, number=wish.number, title=wish.title)
        shown = message(Text(said), await _all_pledges(context, wish), Note(translate("economy.split_note")))
    return [_post(context, wish, shown), *await _tell_representatives(context, wish, shares)]


async def _open_wish(context: Context, number: int) -> Wish:
    wish = await wishes.find_wish(context.session, context.group.id, number)
    if wish is None:
        raise Refusal("wishes.no_such", number=number)
    if wish.status in ENDED:
        raise Refusal("wishes.ended", number=number)
    return wish


async def _map_pledges(context: Context, wish: Wish) -> dict[int | None, LedgerEntry]:
    """The pledges that stand for the wish, by unit."""
    pledges = await economy.list_pledges(context.session, context.group.id, wish_subject(wish.number))
    return {entry.unit_id: entry for entry, _ in pledges}


async def _book_share(context: Context, wish: Wish, share: tuple[Unit, int], before: LedgerEntry | None) -> None:
    unit, amount = share
    if (before.amount if before else 0) != amount:
        subject = wish_subject(wish.number)
        await book(context, Booking(EntryKind.PLEDGE, amount, subject=subject, unit_id=unit.id, replaces=before))


async def _all_pledges(context: Context, wish: Wish) -> Table | None:
    pledges = await economy.list_pledges(context.session, context.group.id, wish_subject(wish.number))
    given = [(name, entry.amount) for entry, name in pledges if entry.amount]
    return messages.pledges_table(given) if given else None


def _post(context: Context, wish: Wish, shown: Message) -> Post:
    """In the wish's thread, where its news stand."""
    key = f"pledge:{wish.number}/{context.new_id()[:12]}"
    return Post(key, context.group.channel, shown, thread=f"wish:{wish.number}/card")


def _read_shares(ask: Ask, units: Sequence[Unit]) -> Shares:
    way = ask.typed("way")
    if way == "by_hand":
        return [(unit, read_amount(typed, "lines")) for unit, typed in _read_lines(ask, units)]
    if not ask.typed("amount"):
        raise FieldRefusal("amount", "economy.amount_missing")
    amount = read_amount_above_zero(ask.typed("amount"), "amount")
    if way == "citizens":
        lines = _read_lines(ask, units)
        weights = [read_count(re.sub(r"[. ]", "", typed), "lines", 1, MOST_CITIZENS) for _, typed in lines]
        return list(zip((unit for unit, _ in lines), share_by_weight(amount, weights), strict=True))
    if way != "equal":
        raise FieldRefusal("way", "inputs.choice_unknown")
    chosen = [unit for unit in units if str(unit.id) in ask.chosen("units")]
    if not chosen:
        raise FieldRefusal("units", "economy.no_units_chosen")
    return list(zip(chosen, share_equally(amount, len(chosen)), strict=True))


def _read_lines(ask: Ask, units: Sequence[Unit]) -> list[tuple[Unit, str]]:
    """`Tønder 10.000` on each line: the municipality, and what stands after its name."""
    by_name = {unit.name.casefold(): unit for unit in units}
    found: dict[int, tuple[Unit, str]] = {}
    for line in filter(None, (" ".join(line.split()) for line in ask.typed("lines").splitlines())):
        unit = _unit_of(line, by_name)
        if unit is None:
            raise FieldRefusal("lines", "economy.line_unreadable", line=line[:60])
        if unit.id in found:
            raise FieldRefusal("lines", "economy.line_twice", name=unit.name)
        found[unit.id] = (unit, line[len(unit.name) :].strip(" :=;\t"))
    if not found:
        raise FieldRefusal("lines", "economy.lines_missing")
    return list(found.values())


def _unit_of(line: str, by_name: Mapping[str, Unit]) -> Unit | None:
    folded = line.casefold()
    fitting = [name for name in by_name if re.match(re.escape(name) + r"[\s:=;]", folded)]
    return by_name[max(fitting, key=len)] if fitting else None


async def _tell_representatives(context: Context, wish: Wish, shares: Shares) -> Replies:
    """Each municipality's confirmed representatives hear what was put down for them, and how to change it."""
    amounts = {unit.id: (unit, amount) for unit, amount in shares}
    held = [
        one
        for one in await members.list_memberships(context.session, context.group.id)
        if one.role is Role.REPRESENTATIVE and one.confirmed_at and one.unit_id in amounts
    ]
    people = await members.map_people(context.session, [one.person_id for one in held])
    told: Replies = []
    for one in held:
        person: Person = people[one.person_id]
        if person.id == context.me.id or one.unit_id is None:
            continue
        unit, amount = amounts[one.unit_id]
        with context.speaking_to(person):
            text = translate(
                "economy.split_told",
                name=context.me.name,
                unit=unit.name,
                amount=money(amount),
                number=wish.number,
                title=wish.title,
            )
        told.append(Notice(text, f"wish:{wish.number}/split", "money", person.id))
    return told


DEEDS = (
    Deed("economy.pledge", pledge),
    Deed("economy.split_form", open_split_form, writes=False),
    Deed("economy.split", split, prepared=True, check=check_split),
)
WORDS = (Word("wish", "economy.pledge", ("tilsagn", "pledge"), numbered=True),)
