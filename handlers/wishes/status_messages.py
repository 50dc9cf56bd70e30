"""What people see when a wish changes: what can be done, the forms, the decision, and the whole story."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from handlers.chat.messages import (
    Actions,
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
    Quote,
    Text,
    message,
)
from handlers.context import Standing
from handlers.economy.forms import amount_as_typed
from handlers.members.rights import may
from handlers.wishes.choosing import wish_field
from handlers.wishes.messages import is_link, recommend_button, wish_fields
from handlers.wishes.rules import DECISIONS, LONGEST_TEXT, OPEN, Grounds, Move, can, may_be_recommended
from locales import money, short_date, translate
from storage.enums import Basis, Urgency
from storage.models.log import LogEntry
from storage.models.wishes import Wish

BASES = (Basis.MEETING, Basis.POLL, Basis.WRITTEN)
LEADS_ON = (
    Move.TAKE_UP,
    Move.ASK_ESTIMATE,
    Move.MAKE_READY,
    Move.PRIORITISE,
    Move.START,
    Move.DELIVER,
    Move.CLOSE,
    Move.REOPEN,
    Move.RESUME,
    Move.HOLD,
    Move.REJECT,
)
"""The moves that have a button, in the order that they stand in."""


def move_button(wish: Wish, move: Move) -> Button:
    """Does the move, or opens the form that its decision is recorded in."""
    deed = f"wish.{move}_form" if move in DECISIONS else f"wish.{move}"
    style = "danger" if move is Move.REJECT else "plain"
    return Button(translate(f"wishes.move_button.{move}"), deed, str(wish.number), style=style)  # type: ignore[arg-type]


def allowed(buttons: Iterable[Button], standing: Standing) -> tuple[Button, ...]:
    """Those of the buttons that somebody with this standing may press."""
    return tuple(button for button in buttons if may(button.deed, standing))


def status_message(wish: Wish, moves: Sequence[Move], standing: Standing) -> Message:
    """Where the wish stands, and what the one who asks can do to it."""
    buttons = allowed((move_button(wish, move) for move in moves), standing)
    others = Note(translate("wishes.no_moves")) if not moves else None
    return message(
        Heading(translate("wishes.named", number=wish.number, title=wish.title)),
        Facts(
            (
                (translate("wishes.label.status"), translate(f"wishes.status.{wish.status}")),
                (translate("wishes.label.since"), short_date(wish.status_since)),
            )
        ),
        Actions(buttons) if buttons else others,
    )


def whole_wish(wish: Wish, card: Message, standing: Standing, *, mine: bool, amount: int | None) -> Message:
    """Everything that is known of a wish, and the buttons of the one who reads it."""
    seen = tuple(block for block in card.blocks if not isinstance(block, Actions))
    buttons = _reader_buttons(wish, standing, mine=mine, amount=amount)
    facts = tuple((translate(f"wishes.label.{name}"), text) for name, text in _long_facts(wish) if text)
    return Message((*seen, *((Facts(facts),) if facts else ()), Actions(buttons)))


def _long_facts(wish: Wish) -> list[tuple[str, str]]:
    urgency = translate(f"wishes.urgency.{wish.urgency}") if wish.urgency else ""
    return [
        ("description", wish.description),
        ("benefit", wish.benefit),
        ("benefit_measure", wish.benefit_measure),
        ("benefit_owner", wish.benefit_owner),
        ("kind", translate(f"wishes.kind.{wish.kind}")),
        ("urgency", " – ".join(part for part in (urgency, wish.urgency_reason) if part)),
        ("stakeholders", wish.stakeholders),
        ("topics", wish.topics),
        ("source", "" if is_link(wish.source) else wish.source),
        ("merged_into", f"#{wish.merged_into}" if wish.merged_into else ""),
        ("since", short_date(wish.status_since)),
    ]


def _reader_buttons(wish: Wish, standing: Standing, *, mine: bool, amount: int | None) -> tuple[Button, ...]:
    number = str(wish.number)
    buttons = []
    if wish.status in OPEN:
        buttons.append(Button(translate("wishes.button.support"), "wish.support", number, style="primary"))
        if mine or standing.leads:
            buttons.append(Button(translate("wishes.button.edit"), "wish.edit_form", number))
    if mine and can(Move.WITHDRAW, wish.status):
        question = translate("wishes.withdraw_question", number=wish.number)
        buttons.append(Button(translate("wishes.button.withdraw"), "wish.withdraw", number, confirm=question))
    if wish.status in OPEN:
        buttons.append(Button(translate("wishes.button.estimate"), "wish.estimate_form", number))
    buttons += [move_button(wish, move) for move in LEADS_ON if can(move, wish.status)]
    if can(Move.RECOMMEND, wish.status) and amount is not None:
        buttons.append(recommend_button(wish))
    if can(Move.MERGE, wish.status):
        buttons.append(Button(translate("wishes.button.merge"), "wish.merge", number))
    if can(Move.UNMERGE, wish.status):
        buttons.append(Button(translate("wishes.button.unmerge"), "wish.unmerge", number))
    buttons.append(Button(translate("wishes.button.history"), "wish.history", number))
    return allowed(buttons, standing)


def edit_form(wish: Wish) -> Form:
    """The form of a wish that is there, with the two fields that only matter later."""
    form = Form(
        deed="wish.edit",
        subject=str(wish.number),
        title=translate("wishes.edit_form.title", number=wish.number),
        intro=translate("wishes.form.warning"),
        submit=translate("wishes.edit_form.submit"),
        fields=(
            *wish_fields(wish.title, wish.need),
            Field("benefit_measure", translate("wishes.field.benefit_measure"), maximum=LONGEST_TEXT),
            Field("benefit_owner", translate("wishes.field.benefit_owner"), maximum=LONGEST_TEXT),
        ),
    )
    return form.with_values(
        {
            "description": wish.description,
            "benefit": wish.benefit,
            "kind": wish.kind.value,
            "urgency": wish.urgency.value if isinstance(wish.urgency, Urgency) else "",
            "reason": wish.urgency_reason,
            "estimate": amount_as_typed(wish.guess),
            "stakeholders": wish.stakeholders,
            "benefit_measure": wish.benefit_measure,
            "benefit_owner": wish.benefit_owner,
        }
    )


def estimate_form(wish: Wish) -> Form:
    """An amount, or hours with a rate."""
    return Form(
        deed="wish.estimate",
        subject=str(wish.number),
        title=translate("wishes.estimate_form.title", number=wish.number),
        intro=translate("wishes.estimate_form.intro", title=wish.title),
        submit=translate("wishes.estimate_form.submit"),
        fields=(
            Field("estimate", translate("wishes.field.amount"), "amount", hint=translate("wishes.field.amount_hint")),
            Field("hours", translate("wishes.field.hours"), "number", hint=translate("wishes.field.hours_hint")),
            Field("rate", translate("wishes.field.rate"), "amount"),
        ),
    )


def estimated_message(wish: Wish, standing: Standing, *, beyond: bool) -> Message:
    """The estimate is noted; what is beyond the frame can be put to the committee by who may."""
    assert wish.estimate is not None
    shown = translate("wishes.estimated", number=wish.number, amount=money(wish.estimate))
    if not beyond:
        return message(Text(shown))
    buttons = allowed((recommend_button(wish),), standing)
    return message(Text(shown), Note(translate("wishes.outside_frame")), Actions(buttons) if buttons else None)


def beyond_frame_message(wish: Wish, why: str) -> Message:
    """A wish beyond the frame is not started; it can be put to the committee."""
    return message(Text(why), Actions((recommend_button(wish),)) if may_be_recommended(wish.status) else None)


def decision_form(wish: Wish, move: Move, reason: str, *, needs_reason: bool) -> Form:
    """What a decision rests on, and why."""
    return Form(
        deed=f"wish.{move}",
        subject=str(wish.number),
        title=translate(f"wishes.move_button.{move}"),
        intro=translate("wishes.decision_form.intro", number=wish.number, title=wish.title),
        submit=translate("wishes.decision_form.submit"),
        fields=(
            Field(
                "basis",
                translate("wishes.field.basis"),
                "choice",
                required=True,
                value=Basis.MEETING,
                options=tuple(Option(basis, translate(f"wishes.basis.{basis}")) for basis in BASES),
            ),
            Field(
                "basis_text",
                translate("wishes.field.basis_text"),
                hint=translate("wishes.field.basis_text_hint"),
                maximum=200,
            ),
            Field(
                "reason",
                translate("wishes.field.why"),
                "long",
                required=needs_reason,
                value=reason[:LONGEST_TEXT],
                maximum=LONGEST_TEXT,
            ),
        ),
    )


def decision_message(wish: Wish, move: Move, name: str, grounds: Grounds) -> Message:
    """A decision, for everybody in the group."""
    rests = ": ".join(part for part in (translate(f"wishes.basis.{grounds.basis}"), grounds.basis_text) if part)
    text = translate(f"wishes.decided.{move}", number=wish.number, title=wish.title, name=name)
    reason = Quote(grounds.reason) if grounds.reason else None
    return message(Text(text), reason, Note(translate("wishes.decision_basis", basis=rests)))


def merge_form(wish: Wish | None) -> Form:
    """Which wish goes into which; `None` where neither is named yet."""
    first = (wish_field("wish", translate("wishes.field.merged"), required=True),) if wish is None else ()
    return Form(
        deed="wish.merge",
        subject=str(wish.number) if wish is not None else "",
        title=translate("wishes.merge_form.title"),
        intro=translate("wishes.named", number=wish.number, title=wish.title) if wish is not None else "",
        submit=translate("wishes.merge_form.submit"),
        fields=(*first, wish_field("into", translate("wishes.field.into"), required=True)),
    )


def merged_message(wish: Wish, into: Wish) -> Message:
    """The merge is done, and how to undo it."""
    text = translate("wishes.merged_told", number=wish.number, into=into.number)
    undo = Button(translate("wishes.button.unmerge"), "wish.unmerge", str(wish.number))
    return message(Text(text), Actions((undo,)))


def history_message(wish: Wish, entries: Sequence[LogEntry]) -> Message:
    """What happened to the wish, oldest first."""
    items = tuple(
        Item(f"{short_date(entry.at)} {translate(f'wishes.history.{entry.kind}')}", _history_detail(entry))
        for entry in entries
    )
    heading = Heading(translate("wishes.history_of", number=wish.number))
    return message(heading, Listing(items) if items else Text(translate("wishes.no_history")))


def _history_detail(entry: LogEntry) -> str:
    facts = entry.facts
    if entry.kind == "wish.edited":
        return ", ".join(translate(f"wishes.changed.{name}") for name in facts["changes"])
    if entry.kind == "wish.estimated":
        return money(facts["after"])
    if entry.kind == "wish.took_in":
        return f"#{facts['merged']}"
    return str(facts.get("reason", ""))
