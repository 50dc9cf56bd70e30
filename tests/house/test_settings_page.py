"""`docs/settings.md` is true: every setting stands there, in Danish and in English, with its default."""

from __future__ import annotations

import pathlib
import re

import pytest

from bot.settings import PREFIX, Settings

PAGE = (pathlib.Path(__file__).parents[2] / "docs/settings.md").read_text(encoding="utf-8")
DANISH, ENGLISH = PAGE.split("\n# Settings\n")


@pytest.mark.parametrize("part", [DANISH, ENGLISH], ids=["da", "en"])
def test_every_setting_stands_on_the_page_with_its_default(part: str) -> None:
    told = {}
    for names, defaults, said in re.findall(r"^\| (`.+?) \| (.+?) \| (.+) \|$", part, re.MULTILINE):
        assert said
        found = re.findall(r"`(.+?)`", names)
        told |= dict(zip(found, re.findall(r"`(.+?)`", defaults) or [""] * len(found), strict=True))
    known = {f"{PREFIX}{name.upper()}": str(field.default) for name, field in Settings.model_fields.items()}
    assert told == known
