"""One emoji has several names in the chats: skin tones and aliases are folded into one before anything is counted."""

from __future__ import annotations

import re

_TONES = re.compile(r"(::skin-tone-[2-6]|_(light|medium_light|medium|medium_dark|dark)_skin_tone)$")
_ALIASES = {
    "thumbsup": "+1",
    "thumbsdown": "-1",
    "heavy_check_mark": "white_check_mark",
    "ten": "keycap_ten",
    "1": "one",
}


def fold(emoji: str) -> str:
    """The one short name of an emoji: without colons and skin tone, and aliases as the name that the bot uses."""
    name = _TONES.sub("", emoji.strip(":"))
    return _ALIASES.get(name, name)
