"""A bot that gives one answer to everything and remembers what it was asked: what the platform makes of answers."""

from __future__ import annotations

import dataclasses

import pytest

from bot.port import Answer
from bot.seals import FormSeal, Seals
from handlers.chat.interactions import Interaction
from handlers.chat.messages import Form
from tests.conftest import KEY
from tests.promises.mattermost import MattermostDriver

SEALS = Seals((KEY,))


class Scripted:
    """`given` is the answer, `asked` what it was asked so far."""

    def __init__(self, answer: Answer) -> None:
        self.given = answer
        self.asked: list[Interaction] = []

    async def __call__(self, interaction: Interaction) -> Answer:
        self.asked.append(interaction)
        return self.given


def script(driver: MattermostDriver, answer: Answer, monkeypatch: pytest.MonkeyPatch) -> Scripted:
    """Such a bot in the place of ours."""
    scripted = Scripted(answer)
    platform = driver.bot.platform
    monkeypatch.setattr(platform, "house", dataclasses.replace(platform.house, answer=scripted))
    for part in (platform.dialogs, platform.dialogs._reader, platform.presses):
        monkeypatch.setattr(part, "_answer", scripted)
    return scripted


def sealed(driver: MattermostDriver, form: Form, number: str = "1", person: str = "bo") -> Form:
    """The form as it is opened for somebody in the group's channel."""
    user = f"mattermost/server/{driver.people[person].id}"
    return SEALS.seal_form(form, FormSeal(number, 1, form.deed, "", user, driver.channels["group"], False, 2**40))
