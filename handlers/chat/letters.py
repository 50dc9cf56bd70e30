"""What of a text is kept: what people can see and mean, and what every chat, database and file takes."""

from __future__ import annotations

import re
import unicodedata

_LINE_END = re.compile("\r\n?|[\u2028\u2029]")

_UNSEEN = re.compile("[\0-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufffe\uffff]")
"""Signs for machines; and those that turn the direction of what stands after them, so that an amount of ours behind
somebody's title would be read backwards. What is written from right to left needs none of them."""


def storable(text: str) -> str:
    """The text in one Unicode form, so that an `å` is found however it was typed, and without what nobody sees and no
    database keeps: the sign of number zero and its like, halves of signs, and signs that turn what stands after them.
    Line ends are of one kind."""
    whole = text.encode(errors="ignore").decode()
    return unicodedata.normalize("NFC", _UNSEEN.sub("", _LINE_END.sub("\n", whole)))


def is_seen(text: str) -> bool:
    """Whether there is anything in it that shows: more than blanks and signs without width."""
    return any(unicodedata.category(sign)[0] not in "CZ" for sign in text)
