"""`/gruppe indstillinger`: what the group has chosen, what it had before, and the leader's form for changing it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from handlers.capability import Ask
from handlers.chat.messages import Facts, Field, Form, Heading, Item, Listing, Message, Note, Option, Text, message
from handlers.chat.replies import OpenForm, Post, Replies, Whisper
from handlers.context import Context
from handlers.decisions.words import changes_in_words, value_in_words
from handlers.inputs import read_count, read_text
from handlers.members.filling import Filling
from handlers.members.founding_form import LONGEST_CHANNEL, LONGEST_PRODUCT, MOST_MEETINGS, level_field
from handlers.members.settings import Changes, GroupSettings, Value, change_settings, read_settings, stored_value
from handlers.members.steering import propose_channel
from locales import LANGUAGES, long_date, translate
from storage.enums import BallotRule, ProductLevel
from storage.models.members import Person, Setting
from storage.queries import members

SHOWN = ("product", "level", "minimum", "least_units", "notice_minutes", "quorum", "ballot_rule", "language")
"""The settings that the form asks for, in its order."""

HISTORY = 10
"""Changes that are shown, the newest first."""

MOST_UNITS = 98
MOST_NOTICE_MINUTES = 240


async def open_settings(context: Context, ask: Ask) -> Replies:
    """What holds and what held before, for everybody; and the form, for the leader."""
    now = await read_settings(context.session, context.group.id)
    rows = await members.list_settings(context.session, context.group.id)
    people = await members.map_people(context.session, [row.by for row in rows])
    shown = Whisper(_settings_message(context, now, rows, people))
    return [OpenForm(_settings_form(context, now)), shown] if context.standing.leads else [shown]


async def change_group(context: Context, ask: Ask) -> Replies:
    """The form was sent: what is different now is said to everybody."""
    before = await read_settings(context.session, context.group.id)
    values, channel = _read(context, ask, before)
    changes = await change_settings(context, **values)
    steering = await propose_channel(context, channel) if channel != context.group.steering_channel else []
    if not changes and not steering:
        return [Whisper(message(Text(translate("members.settings.unchanged"))))]
    told: Replies = [Whisper(message(Text(translate("members.settings.saved"))))]
    if changes:
        told.append(_announcement(context, changes))
    return [*told, *steering]


def _read(context: Context, ask: Ask, before: GroupSettings) -> tuple[dict[str, Value], str]:
    form = Filling(ask)
    values: dict[str, Value] = {
        "product": form.take("product", lambda typed, name: read_text(typed, name, LONGEST_PRODUCT), ""),
        "level": form.word("level", ProductLevel, ProductLevel.SANDBOX) if ask.typed("level") else None,
        "minimum": form.take("minimum", _counted(MOST_MEETINGS), 0),
        "least_units": form.take("least_units", _counted(MOST_UNITS), 0),
        "notice_minutes": form.take("notice_minutes", _counted(MOST_NOTICE_MINUTES), 0),
        "quorum": form.take("quorum", _counted(100), 0),
        "ballot_rule": form.word("ballot_rule", BallotRule, before.ballot_rule),
        "language": ask.typed("language") or before.language,
    }
    if not values["product"]:
        form.refuse("product", "members.product_missing")
    if values["language"] not in LANGUAGES:
        form.refuse("language", "inputs.choice_unknown")
    channel = form.take("steering", lambda typed, name: read_text(typed, name, LONGEST_CHANNEL), "").lstrip("#~ ")
    if channel == context.group.channel:
        form.refuse("steering", "members.steering_is_here")
    if context.group.steering_bound and channel != context.group.steering_channel and not context.standing.chair:
        form.refuse("steering", "members.steering.only_chair_moves")
    form.check()
    return values, channel


def _counted(most: int) -> Callable[[str, str], int]:
    return lambda typed, field: read_count(typed.removesuffix("%").strip(), field, 0, most)


def _announcement(context: Context, changes: Changes) -> Post:
    """One message for everybody, with what was and what is."""
    with context.speaking_to_group():
        lines = tuple(Item(line) for line in changes_in_words(changes))
        shown = message(Text(translate("members.settings.told", name=context.me.name)), Listing(lines))
    return Post(f"settings:{context.new_id()[-8:]}", context.group.channel, shown)


def _settings_form(context: Context, now: GroupSettings) -> Form:
    fields = (
        Field("product", translate("members.field.product"), required=True, value=now.product, maximum=LONGEST_PRODUCT),
        level_field(now.level),
        _number("minimum", now.minimum),
        _number("least_units", now.least_units),
        _number("notice_minutes", now.notice_minutes),
        _number("quorum", now.quorum),
        _choice("ballot_rule", now.ballot_rule, [(rule, f"members.ballot_rule.{rule}") for rule in BallotRule]),
        _choice("language", now.language, [(one, f"members.language.{one}") for one in LANGUAGES]),
        Field(
            "steering",
            translate("members.field.steering"),
            value=context.group.steering_channel,
            maximum=LONGEST_CHANNEL,
            hint=translate("members.field.steering_hint"),
        ),
    )
    return Form(
        deed="members.change_settings",
        title=translate("members.settings.title"),
        intro=translate("members.settings.intro"),
        submit=translate("members.settings.submit"),
        fields=fields,
    )


def _number(name: str, value: int) -> Field:
    hint = translate(f"members.field.{name}_hint")
    return Field(name, translate(f"members.field.{name}"), "number", value=str(value), hint=hint)


def _choice(name: str, value: str, options: Sequence[tuple[str, str]]) -> Field:
    shown = tuple(Option(option, translate(key)) for option, key in options)
    return Field(name, translate(f"members.field.{name}"), "choice", required=True, value=value, options=shown)


def _settings_message(
    context: Context, now: GroupSettings, rows: Sequence[Setting], people: Mapping[str, Person]
) -> Message:
    facts = tuple((translate(f"members.field.{name}"), value_in_words(name, getattr(now, name))) for name in SHOWN)
    short_name = (translate("members.label.short_name"), context.group.short_name)
    history = [row for row in rows if row.name in SHOWN][::-1][:HISTORY]
    return message(
        Heading(translate("members.settings.heading", product=context.group.product)),
        Facts((*facts, short_name)),
        Text(translate("members.settings.history")) if history else None,
        Listing(tuple(_history_line(row, people) for row in history)) if history else None,
        None if context.standing.leads else Note(translate("members.settings.who")),
    )


def _history_line(row: Setting, people: Mapping[str, Person]) -> Item:
    name = people[row.by].name if row.by in people else ""
    text = f"{translate(f'members.field.{row.name}')}: {value_in_words(row.name, stored_value(row.name, row.value))}"
    return Item(text, ", ".join(part for part in (long_date(row.at), name) if part))
