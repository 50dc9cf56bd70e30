"""What a person sees of a message on the double: its markdown as the server's clients show it, as plain text."""

from __future__ import annotations

import re

from tests.doubles.mattermost_state import Json

_INLINE = re.compile(
    r"\\(?P<escaped>[\\`*{}\[\]()#+\-.!_>~|])"
    r"|(?P<address>https?://[^\s<]+[^<.,:;\"')\]\s])"
    r"|!?\[(?P<label>(?:\\.|[^\]\\])*)\]\((?P<target>[^)\s]*)\)"
    r"|\*\*(?P<strong>[\s\S]+?)\*\*(?!\*)"
    r"|__(?P<under>[\s\S]+?)__(?!_)"
    r"|_(?P<em>(?:__|[\s\S])+?)_\b"
    r"|\*(?P<star>(?:\*\*|[\s\S])+?)\*(?!\*)"
    r"|(?P<ticks>`+)(?P<code>[\s\S]*?[^`])(?P=ticks)(?!`)"
    r"|~~(?P<deleted>\S[\s\S]*?\S)~~"
)
_HEADING = re.compile(r" {0,3}#{1,6} +(?P<text>[^\n]+?) *#* *$")
_RULE = re.compile(r" *([-*_]) *(?:\1 *){2,}$")
_SEPARATOR = re.compile(r"[\s|:\-]*-[\s|:\-]*$")
_CODE = re.compile(r"(?: {4}|\t)")


def as_seen(text: str) -> str:
    """The text without its markup; what markup hides, such as an indented block's marks, is shown as such."""
    return "\n".join(_line(line) for line in text.split("\n") if not (_SEPARATOR.match(line) and "|" in line))


def everything_in(post: Json) -> str:
    """All that a message says: its text and its attachments'."""
    parts = [as_seen(post["message"])]
    for attachment in post["props"].get("attachments") or ():
        parts += [as_seen(attachment.get(name) or "") for name in ("pretext", "title", "text", "footer")]
        parts += [f"{one['title']}: {as_seen(str(one['value']))}" for one in attachment.get("fields") or ()]
    return "\n".join(part for part in parts if part)


def _line(line: str) -> str:
    if _CODE.match(line):
        return f"[code]{line.strip()}"
    if _RULE.match(line):
        return ""
    if heading := _HEADING.match(line):
        return inline(heading["text"])
    if line.startswith(">"):
        return "> " + inline(line[1:].strip())
    if line.startswith(("- ", "* ", "+ ")):
        return "• " + inline(line[2:])
    if line.startswith("| ") and line.endswith(" |"):
        return inline(line[2:-2])
    return inline(line)


def inline(text: str) -> str:
    """One line without its inline markup, in the order that the clients look for it."""
    out, at = [], 0
    while (found := _INLINE.search(text, at)) is not None:
        out.append(text[at : found.start()])
        out.append(_shown(found))
        at = found.end()
    return "".join([*out, text[at:]])


def _shown(found: re.Match[str]) -> str:
    if found["escaped"]:
        return found["escaped"]
    if found["label"] is not None:
        return f"{inline(found['label'])}: {found['target']}"
    for name in ("strong", "under", "em", "star", "deleted"):
        if found[name] is not None:
            return inline(found[name])
    return found["address"] or found["code"] or ""
