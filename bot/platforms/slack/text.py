"""Makes people's words safe for Slack and fits them into its limits: nothing in them can call anybody."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

ELLIPSIS = "…"
_ESCAPES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
_BLANKS = re.compile(r"[ \t\n\v\f\r]+")
_MARKED = re.compile(r"<([^<>|]*)(?:\|([^<>]*))?>")


def clean(text: str) -> str:
    """The text without what no chat and no database takes: NUL, halves of letters, and foreign line ends."""
    whole = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return whole.replace("\0", "").replace("\r\n", "\n").replace("\r", "\n")


def size(text: str) -> int:
    """Letters as Slack may count them: one outside the basic plane counts as two."""
    return len(text) + sum(letter > "\uffff" for letter in text)


def one_line(text: str) -> str:
    """The text without line ends and double spaces; a no-break space, as before `kr.`, is kept."""
    return _BLANKS.sub(" ", text).strip()


def cut(text: str, limit: int) -> str:
    """As much of the beginning as fits in `limit`."""
    if size(text) <= limit:
        return text
    kept, room = limit, limit
    for place, letter in enumerate(text):
        room -= size(letter)
        if room < 0:
            kept = place
            break
    return text[:kept]


def shorten(text: str, limit: int) -> str:
    """The text, or its beginning with `…` where it is longer than `limit`."""
    return text if size(text) <= limit else cut(text, limit - 1).rstrip() + ELLIPSIS


def split(text: str, limit: int) -> list[str]:
    """The text in pieces of at most `limit`, cut at a line end or a space where there is one in the last half."""
    pieces = []
    while size(text) > limit:
        piece = cut(text, limit)
        place = max(piece.rfind("\n"), piece.rfind(" ")) + 1
        place = place if place > len(piece) // 2 else len(piece)
        pieces.append(text[:place])
        text = text[place:]
    return [*pieces, text]


def escape(text: str) -> str:
    """The text as Slack's markup shows it letter for letter: no `<!channel>` in it is live."""
    return "".join(_ESCAPES.get(letter, letter) for letter in text)


def escape_within(text: str, limit: int) -> str:
    """The escaped text in at most `limit` letters; no entity is cut in two."""
    escaped = escape(text)
    if size(escaped) <= limit:
        return escaped
    room = limit - 1
    kept = []
    for letter in text:
        part = escape(letter)
        room -= size(part)
        if room < 0:
            break
        kept.append(part)
    return "".join(kept).rstrip() + ELLIPSIS


def unescape(text: str) -> str:
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def read_typed(text: str) -> str:
    """What a person typed after a command or in a form, in one Unicode form."""
    return unicodedata.normalize("NFC", clean(text))


def read_marked(text: str, names: Mapping[str, str]) -> str:
    """What people wrote as plain text: mentions by name, links by label and address, or as they were typed.

    Args:
        names: a person's id in the chat → their name.
    """

    def plain(found: re.Match[str]) -> str:
        target, label = found[1], found[2]
        if target.startswith("@"):
            return "@" + (names.get(target[1:]) or label or target[1:])
        if target.startswith("#"):
            return "#" + (label or target[1:])
        if target.startswith("!"):
            return label or "@" + target[1:].partition("^")[0]
        address = target.removeprefix("mailto:")
        if label and label in (address, address.partition("://")[2]):
            return label
        return f"{label} ({address})" if label else address

    return read_typed(unescape(_MARKED.sub(plain, text)))


def list_mentioned(text: str) -> list[str]:
    """The ids of the people that a message of people mentions."""
    return [found[1][1:] for found in _MARKED.finditer(text) if found[1].startswith("@")]
