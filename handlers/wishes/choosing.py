"""Chooses a wish in a form, by its number or by some letters of its title, for whoever does not know the number."""

from __future__ import annotations

from handlers.capability import Ask, Deed, Perform
from handlers.chat.messages import Field, Form, Option
from handlers.chat.refusals import FieldRefusal
from handlers.chat.replies import OpenForm, Replies
from handlers.context import Context
from handlers.members.municipalities import MOST_SHOWN, search
from handlers.wishes.lists import folded
from handlers.wishes.rules import OPEN
from locales import translate
from storage.models.wishes import Wish
from storage.queries import wishes

FIELD = "wish"

GOES_ON_WITH = frozenset({"wish.estimate", "wish.edit_form", "case.open_form"})
"""The deeds that open a form about one wish, and ask for it in this one where none is named."""


def wish_field(name: str, label: str, *, required: bool = False) -> Field:
    """A field that one of the group's open wishes is chosen in."""
    return Field(
        name,
        label,
        "search",
        required=required,
        hint=translate("wishes.field.wish_hint"),
        placeholder=translate("wishes.field.wish_placeholder"),
    )


def names_none(ask: Ask) -> bool:
    """Whether no wish was named, in whatever way it was asked."""
    return not (ask.subject or ask.text.strip() or ask.values)


def which_wish(deed: str) -> OpenForm:
    """Asks which wish is meant; then it goes on with the deed."""
    assert deed in GOES_ON_WITH
    form = Form(
        deed="wish.choose",
        title=translate("wishes.which.title"),
        submit=translate("wishes.which.submit"),
        carry=(("deed", deed),),
        fields=(wish_field(FIELD, translate("wishes.field.wish"), required=True),),
    )
    return OpenForm(form)


async def choose_wish(context: Context, ask: Ask) -> Replies:
    """The form was sent: it goes on as if the number had been written."""
    wish = await read_wish(context, ask, FIELD)
    return [Perform(ask.carry["deed"], Ask(text=str(wish.number)))]


async def read_wish(context: Context, ask: Ask, field: str) -> Wish:
    """The wish that was chosen in a field.

    Raises:
        FieldRefusal: none was, or there is none of that number.
    """
    typed = ask.typed(field)
    bare = typed.removeprefix("#")
    if not (bare.isascii() and bare.isdigit() and len(bare) < 10):
        raise FieldRefusal(field, "wishes.which_unknown", typed=typed[:40] or "–")
    wish = await wishes.find_wish(context.session, context.group.id, int(bare))
    if wish is None:
        raise FieldRefusal(field, "wishes.no_such", number=int(bare))
    return wish


async def look_up_wishes(context: Context, query: str) -> tuple[Option, ...]:
    """The open wishes whose number begins with what is typed, else those whose title has it, else those whose title has
    all of its words."""
    every = await wishes.list_wishes(context.session, context.group.id, OPEN)
    number = query.strip().removeprefix("#")
    found = [wish for wish in every if number and str(wish.number).startswith(number)]
    if not found:
        found = search(every, query, lambda wish: wish.title)
    if not found:
        words = folded(query).split()
        found = [wish for wish in every if all(word in folded(wish.title) for word in words)]
    return tuple(
        Option(str(one.number), translate("wishes.named", number=one.number, title=one.title))
        for one in found[:MOST_SHOWN]
    )


DEEDS = (Deed("wish.choose", choose_wish),)
