"""The forms of a recommendation: what the leader sends, and what the committee answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from handlers.chat.messages import Field, Form, Option
from handlers.escalations.messages import PROSE
from handlers.escalations.rules import BASES, EXTRA, INSIDE, LONGEST_LINE, OUTCOMES
from handlers.wishes.rules import LONGEST_TEXT
from locales import translate
from storage.enums import CaseStatus
from storage.models.escalations import Case


def case_form(number: int, title: str, values: dict[str, str], intro: str) -> Form:
    """The recommendation of a wish, filled in beforehand with what the bot knows.

    Args:
        number: the wish's.
        values: field → what stands in it, in the group's language.
        intro: the money that there is.
    """
    return Form(
        deed="case.recommend",
        subject=str(number),
        title=translate("escalations.form.title"),
        intro=f"#{number} {title}\n{intro}",
        submit=translate("escalations.form.submit"),
        fields=(
            *(_long_field(name, values) for name in PROSE),
            Field(
                "amount",
                translate("escalations.field.amount"),
                "amount",
                required=True,
                value=values["amount"],
                hint=translate("economy.field.amount_hint"),
            ),
            _long_field("poll", values),
            _long_field("backing", values),
            _long_field("recommendation", values, required=True),
        ),
    )


def _long_field(name: str, values: dict[str, str], *, required: bool = False) -> Field:
    text = values.get(name, "")[:LONGEST_TEXT]
    label = translate(f"escalations.field.{name}")
    return Field(name, label, "long", required=required, value=text, maximum=LONGEST_TEXT)


def answer_form(case: Case, outcome: CaseStatus, values: dict[str, str], *, replaces: int | None) -> Form:
    """What the committee decided, filled in beforehand.

    Args:
        outcome: what was pressed, or what is being corrected.
        values: field → what stands in it.
        replaces: the answer that this one corrects, `None` for the first.
    """
    corrects = replaces is not None
    kind = "correct" if corrects else outcome
    return Form(
        deed="case.answer",
        subject=str(case.number),
        title=translate(f"escalations.answer_form.{kind}"),
        intro="\n".join(
            (
                translate("escalations.answer_form.intro", number=case.wish_number, title=case.title),
                translate("wishes.form.warning"),
            )
        ),
        submit=translate("escalations.answer_form.submit"),
        carry=(("outcome", outcome), ("replaces", str(replaces or ""))),
        fields=tuple(_answer_fields(outcome, values, corrects=corrects)),
    )


def _answer_fields(outcome: CaseStatus, values: dict[str, str], *, corrects: bool) -> Sequence[Field]:
    approved = outcome is CaseStatus.APPROVED
    outcomes = {str(one): translate(f"escalations.outcome.{one}") for one in OUTCOMES}
    bases = {str(one): translate(f"escalations.basis.{one}") for one in BASES}
    fields = [
        _choice("outcome", outcomes, outcome) if corrects else None,
        Field("date", translate("escalations.field.date"), "date", required=True, value=values["date"]),
        _choice("basis", bases, values["basis"]),
        Field(
            "participants",
            translate("escalations.field.participants"),
            value=values["participants"][:LONGEST_LINE],
            maximum=LONGEST_LINE,
        ),
    ]
    if approved or corrects:
        granted = translate("escalations.field.granted")
        hint = translate("economy.field.amount_hint")
        sources = {one: translate(f"escalations.source.{one}") for one in (INSIDE, EXTRA)}
        fields += [
            Field("granted", granted, "amount", required=approved and not corrects, value=values["granted"], hint=hint),
            _choice("source", sources, values["source"]),
        ]
    needs_reason = not approved and not corrects
    return [
        *(field for field in fields if field is not None),
        _answer_text("conditions", values, required=False),
        _answer_text("reason", values, required=needs_reason),
    ]


def _answer_text(name: str, values: dict[str, str], *, required: bool) -> Field:
    label = translate(f"escalations.field.{name}")
    return Field(name, label, "long", required=required, value=values[name], maximum=LONGEST_TEXT)


def _choice(name: str, options: Mapping[str, str], value: str) -> Field:
    shown = tuple(Option(word, label) for word, label in options.items())
    return Field(name, translate(f"escalations.field.{name}"), "choice", required=True, value=value, options=shown)
