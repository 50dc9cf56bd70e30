"""What wishes look like: the card, the form and the lists."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from handlers.chat.messages import (
    Actions,
    Button,
    Facts,
    Field,
    Form,
    Heading,
    Item,
    Link,
    Listing,
    Message,
    Note,
    Option,
    Quote,
    Text,
    message,
)
from handlers.wishes.rules import LONGEST_TEXT, LONGEST_TITLE, OPEN, Move
from locales import join_words, money, translate
from storage.enums import Urgency, WishKind
from storage.models.wishes import Wish

PAGE = 10
"""Wishes in one page of a list."""


def card_key(wish: Wish) -> str:
    """Our name for the wish's card in the group's channel."""
    return f"wish:{wish.number}/card"


def wish_card(
    wish: Wish, submitter: str, backing: Sequence[str], *, offers_recommendation: bool = False, whole: bool = False
) -> Message:
    """The wish as everybody sees it, with its buttons while it is open; a very long text is cut unless it is asked for
    `whole`."""
    cut = len(wish.need) > LONGEST_TEXT and not whole
    return message(
        Heading(translate("wishes.named", number=wish.number, title=wish.title)),
        Quote(wish.need[:LONGEST_TEXT].rstrip() + "…" if cut else wish.need) if wish.need else None,
        Note(translate("wishes.shortened", number=wish.number)) if cut else None,
        Facts(tuple(_facts(wish, submitter, backing))),
        Link(translate("wishes.from_message"), wish.source) if is_link(wish.source) else None,
        Note(translate("wishes.outside_frame")) if offers_recommendation else None,
        _card_buttons(wish, offers_recommendation=offers_recommendation) if wish.status in OPEN else None,
    )


def is_link(source: str) -> bool:
    """Whether the wish came from a message in the chat, and not from a list."""
    return source.startswith(("https://", "http://"))


def _facts(wish: Wish, submitter: str, backing: Sequence[str]) -> list[tuple[str, str]]:
    facts = [(translate("wishes.label.status"), translate(f"wishes.status.{wish.status}"))]
    if submitter or wish.unit_name:
        facts.append((translate("wishes.label.from"), ", ".join(part for part in (submitter, wish.unit_name) if part)))
    facts.append((translate("wishes.label.amount"), amount_text(wish)))
    facts.append(
        (translate("wishes.label.backing"), join_words(backing) if backing else translate("wishes.nobody_yet"))
    )
    return facts


def amount_text(wish: Wish) -> str:
    """What it costs, and how surely that is known."""
    if wish.estimate is not None:
        key = "wishes.amount.example" if wish.estimate_is_example else "wishes.amount.estimate"
        return translate(key, amount=money(wish.estimate))
    if wish.guess is not None:
        return translate("wishes.amount.guess", amount=money(wish.guess))
    return translate("wishes.amount.missing")


def _card_buttons(wish: Wish, *, offers_recommendation: bool) -> Actions:
    number = str(wish.number)
    buttons = [
        Button(translate("wishes.button.support"), "wish.support", number, style="primary"),
        Button(translate("wishes.button.edit"), "wish.edit_form", number),
        Button(translate("wishes.button.show"), "wish.show", number),
    ]
    if offers_recommendation:
        buttons.append(recommend_button(wish))
    return Actions(tuple(buttons))


def recommend_button(wish: Wish) -> Button:
    """Opens the recommendation to the steering committee; the deed is the room's above."""
    return Button(translate("wishes.button.recommend"), "case.open_form", str(wish.number))


def wish_form(
    title: str = "", similar: Sequence[Wish] = (), need: str = "", *, link: str = "", meant: str = ""
) -> Form:
    """The form for a new wish; `similar` are wishes that it may repeat, `link` leads back to where it came from, and
    `meant` is the command that the title may have been meant as."""
    other = [translate("wishes.form.meant", command=meant)] if meant else []
    lines = [translate("wishes.named", number=wish.number, title=wish.title) for wish in similar]
    origin = [f"{translate('wishes.from_message')}: {link}"] if link else []
    alike = [translate("wishes.form.similar"), *lines] if lines else []
    return Form(
        deed="wish.submit",
        title=translate("wishes.form.title"),
        intro="\n".join([*other, *origin, *alike, translate("wishes.form.warning")]),
        submit=translate("wishes.form.submit"),
        carry=_carried(link, similar),
        fields=wish_fields(title, need),
    )


def _carried(link: str, similar: Sequence[Wish]) -> tuple[tuple[str, str], ...]:
    """What the form brings back: where it came from, and which wishes it has shown as similar."""
    carried = (("link", link), ("shown", ",".join(str(wish.number) for wish in similar)))
    return tuple((name, value) for name, value in carried if value)


def similar_message(similar: Sequence[Wish], *, can_support: bool, mine: Wish | None = None) -> Message:
    """Wishes that may be the same, each to be supported instead by who may; `mine` has been submitted already, and can
    be withdrawn."""
    items = tuple(Item(_named(wish), translate(f"wishes.status.{wish.status}")) for wish in similar)
    buttons = tuple(
        Button(translate("wishes.button.support_number", number=wish.number), "wish.support", str(wish.number))
        for wish in similar
    )
    said = translate("wishes.similar_to_mine", number=mine.number) if mine else translate("wishes.similar")
    actions = (*(buttons if can_support else ()), *((withdraw_button(mine),) if mine else ()))
    return message(Text(said), Listing(items), Actions(actions) if actions else None)


def withdraw_button(wish: Wish) -> Button:
    """Its submitter takes the wish back, after a question."""
    label = translate("wishes.button.withdraw_mine", number=wish.number)
    question = translate("wishes.withdraw_question", number=wish.number)
    return Button(label, "wish.withdraw", str(wish.number), confirm=question)


def wish_fields(title: str = "", need: str = "") -> tuple[Field, ...]:
    return (
        Field("title", translate("wishes.field.title"), "text", required=True, value=title, maximum=LONGEST_TITLE),
        Field(
            "need",
            translate("wishes.field.need"),
            "long",
            required=True,
            value=need,
            maximum=LONGEST_TEXT,
            hint=translate("wishes.field.need_hint"),
        ),
        Field("description", translate("wishes.field.description"), "long", maximum=LONGEST_TEXT),
        Field("benefit", translate("wishes.field.benefit"), "long", maximum=LONGEST_TEXT),
        Field(
            "kind",
            translate("wishes.field.kind"),
            "choice",
            value=WishKind.DEVELOPMENT,
            options=tuple(Option(kind, translate(f"wishes.kind.{kind}")) for kind in WishKind),
        ),
        Field(
            "urgency",
            translate("wishes.field.urgency"),
            "choice",
            options=tuple(Option(urgency, translate(f"wishes.urgency.{urgency}")) for urgency in Urgency),
        ),
        Field(
            "reason",
            translate("wishes.field.reason"),
            "text",
            maximum=LONGEST_TEXT,
            hint=translate("wishes.field.reason_hint"),
        ),
        Field(
            "estimate",
            translate("wishes.field.estimate"),
            "amount",
            hint=translate("wishes.field.estimate_hint"),
        ),
        Field("stakeholders", translate("wishes.field.stakeholders"), "text", maximum=LONGEST_TEXT),
    )


def moved_message(wish: Wish, move: Move, name: str, reason: str, confirmer: str = "") -> Message:
    """What somebody did to the wish just now, for its thread."""
    return message(
        Text(translate(f"wishes.moved.{move}", name=name, into=wish.merged_into)),
        Quote(reason) if reason else None,
        Note(translate("wishes.moved_confirmed", name=confirmer)) if confirmer else None,
    )


def submitted_note(wish: Wish) -> Message:
    """What the submitter hears."""
    return message(Note(translate("wishes.submitted_told", number=wish.number)))


def _named(wish: Wish) -> str:
    return translate("wishes.named", number=wish.number, title=wish.title)


@dataclass(frozen=True, slots=True)
class ListPage:
    """One page of a list.

    Args:
        found: all that is in the list.
        at: which page, from 0.
        deed: shows another page, of the list of `what`.
    """

    found: Sequence[Wish]
    at: int
    deed: str
    what: str


def wish_list(title: str, page: ListPage) -> Message:
    """One page of a list, with buttons to the others."""
    pages, shown = max(1, -(-len(page.found) // PAGE)), page.found[page.at * PAGE : (page.at + 1) * PAGE]
    items = tuple(
        Item(_named(wish), " · ".join(part for part in (_status(wish), wish.unit_name, amount_text(wish)) if part))
        for wish in shown
    )
    numbers = Note(translate("wishes.list.count", count=len(page.found), page=page.at + 1, pages=pages))
    return message(
        Heading(title),
        Listing(items) if items else Text(translate("wishes.list.empty")),
        numbers if page.found else None,
        _turn_buttons(page, pages),
    )


def _turn_buttons(page: ListPage, pages: int) -> Actions | None:
    buttons = []
    if page.at > 0:
        buttons.append(Button(translate("wishes.list.earlier"), page.deed, page.what, value=str(page.at - 1)))
    if page.at + 1 < pages:
        buttons.append(Button(translate("wishes.list.further"), page.deed, page.what, value=str(page.at + 1)))
    return Actions(tuple(buttons)) if buttons else None


def _status(wish: Wish) -> str:
    return translate(f"wishes.status.{wish.status}")


def backed_already(wish: Wish) -> Message:
    """Pressed twice: nothing happened, and it can be taken back."""
    back = Button(translate("wishes.button.unsupport"), "wish.unsupport", str(wish.number))
    return message(Text(translate("wishes.backed_already", number=wish.number)), Actions((back,)))
