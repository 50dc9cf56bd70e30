"""Reads what came back from a dialog: whatever its client sent becomes the texts that the form's fields stand for."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from rapidfuzz import fuzz, process

from bot.platforms.mattermost.elements import box_name, boxes, numbers_of
from bot.platforms.mattermost.forms import Typed
from bot.platforms.mattermost.payloads import clean
from handlers.chat.messages import Field, Option
from locales import join_words, translate

Look = Callable[[str], Awaitable[tuple[Option, ...]]]

MOST_NAMED = 4
"""So many options are named in a sentence about a text that fits several or none."""

_LIKE_ENOUGH = 55

_WITHOUT_DANISH = str.maketrans({"æ": "ae", "ø": "oe", "å": "aa"})


class Unclear(Exception):
    """What was written in a field means no option, or several; the text is the sentence for its writer."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


def plain_values(submission: Mapping[str, Any]) -> Typed:
    """What was sent where nothing is known of the form: each value as text."""
    return {clean(str(name)): _text(value) for name, value in submission.items()}


def read_fields(fields: Sequence[Field], submission: Mapping[str, Any]) -> Typed:
    """What was typed in these fields; a field that was not sent is left out."""
    found: Typed = {}
    for field in fields:
        if options := boxes(field):
            ticked = [submission.get(box_name(field, position)) for position in range(len(options))]
            if any(one is not None for one in ticked):
                found[field.name] = [one.value for one, on in zip(options, ticked, strict=True) if _text(on) == "true"]
        elif field.name in submission:
            found[field.name] = _text(submission[field.name])
    return found


def read_numbers(field: Field, typed: str) -> list[str]:
    """The options of a long choice that are meant by numbers or names with commas between.

    Raises:
        Unclear: something in it is not on the list.
    """
    numbers = numbers_of(field)
    names = {_folded(option.label): option for option in field.options}
    chosen = []
    for word in _words(typed):
        option = numbers.get(word.removeprefix("#")) or names.get(_folded(word))
        if option is None:
            example = ", ".join(list(numbers)[:2])
            raise Unclear(translate("dialogs.multi_unknown", typed=word[:60], example=example))
        chosen.append(option.value)
    return list(dict.fromkeys(chosen))


async def read_search(field: Field, typed: str, look: Look) -> str:
    """The value of the one option that a text means.

    Args:
        field: with what stood in it from the start.
        look: finds the options for a text.

    Raises:
        Unclear: it means none, or several.
    """
    text = typed.strip()
    if not text:
        return ""
    if field.value and _folded(text) in (_folded(field.shown), _folded(str(field.value))):
        return str(field.value)
    offered = await look(text)
    exact = {one.value for one in offered if _folded(one.label) == _folded(text) or one.value == text}
    if len(exact) == 1:
        return exact.pop()
    fitting = [one for one in offered if _folded(text) in _folded(one.label)]
    if len(fitting) == 1:
        return fitting[0].value
    if not fitting and len(offered) == 1 and _nearest(text, offered):
        return offered[0].value  # spelt otherwise, as `toender` for Tønder
    if fitting:
        raise Unclear(translate("dialogs.search_several", typed=text[:60], nearest=_named(fitting)))
    nearest = _nearest(text, offered or await _offered_for_less(text, look))
    key = "dialogs.search_unknown" if nearest else "dialogs.search_nothing"
    raise Unclear(translate(key, typed=text[:60], nearest=_named(nearest)))


async def _offered_for_less(text: str, look: Look) -> list[Option]:
    """What there is for the beginning of a text that nothing fits: the slip may stand anywhere after it."""
    beginnings = dict.fromkeys((text.split(maxsplit=1)[0], text[:4], text[:2], text[:1], ""))
    found = {one.value: one for beginning in beginnings for one in await look(beginning)}
    return list(found.values())


def _nearest(text: str, options: Sequence[Option]) -> list[Option]:
    labels = [option.label for option in options]
    found = process.extract(
        text, labels, scorer=fuzz.WRatio, processor=_as_keyed, limit=MOST_NAMED, score_cutoff=_LIKE_ENOUGH
    )
    return [options[place] for _, _, place in found]


def _as_keyed(text: str) -> str:
    """As it is typed on a keyboard without æ, ø and å, so that `aeroe` is near Ærø."""
    return text.casefold().translate(_WITHOUT_DANISH)


def _named(options: Sequence[Option]) -> str:
    return join_words(f"»{option.label}«" for option in options[:MOST_NAMED])


def _words(typed: str) -> list[str]:
    """Names are parted by commas; numbers by anything."""
    if re.fullmatch(r"[\d#\s,;]*", typed):
        return re.findall(r"\d+", typed)
    return [word for part in re.split(r"[,;\n]", typed) if (word := part.strip())]


def _folded(text: str) -> str:
    return " ".join(text.split()).casefold()


def _text(value: object) -> str:
    """A client may send a number, a truth or nothing where a text is meant."""
    if isinstance(value, bool):
        return "true" if value else ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, str | int | float):
        return clean(str(value))
    return ""
