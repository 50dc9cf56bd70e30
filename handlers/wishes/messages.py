"""What wishes look like: the card, the form and the lists."""

from __future__ import annotations

from collections.abc import Sequence

from handlers.chat.messages import Actions, Button, Facts, Field, Form, Heading, Message, Note, Option, Quote, message
from handlers.wishes.rules import LONGEST_TEXT, LONGEST_TITLE, OPEN
from locales import join_words, money, translate
from storage.enums import Urgency, WishKind
from storage.models.wishes import Wish


def card_key(wish: Wish) -> str:
    """Our name for the wish's card in the group's channel."""
    return f"wish:{wish.number}/card"


def wish_card(wish: Wish, submitter: str, backing: Sequence[str]) -> Message:
    """The wish as everybody sees it, with its buttons while it is open."""
    return message(
        Heading(translate("wishes.named", number=wish.number, title=wish.title)),
        Quote(wish.need) if wish.need else None,
        Facts(tuple(_facts(wish, submitter, backing))),
        _card_buttons(wish) if wish.status in OPEN else None,
    )


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


def _card_buttons(wish: Wish) -> Actions:
    number = str(wish.number)
    return Actions(
        (
            Button(translate("wishes.button.support"), "wish.support", number, style="primary"),
            Button(translate("wishes.button.edit"), "wish.edit_form", number),
            Button(translate("wishes.button.show"), "wish.show", number),
        )
    )


def wish_form(title: str = "", similar: str = "") -> Form:
    """The form for a new wish."""
    return Form(
        deed="wish.submit",
        title=translate("wishes.form.title"),
        intro="\n".join(part for part in (similar, translate("wishes.form.warning")) if part),
        submit=translate("wishes.form.submit"),
        fields=wish_fields(title),
    )


def wish_fields(title: str = "") -> tuple[Field, ...]:
    return (
        Field("title", translate("wishes.field.title"), "text", required=True, value=title, maximum=LONGEST_TITLE),
        Field(
            "need",
            translate("wishes.field.need"),
            "long",
            required=True,
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


def submitted_note(wish: Wish) -> Message:
    """What the submitter hears."""
    return message(Note(translate("wishes.submitted_told", number=wish.number)))
