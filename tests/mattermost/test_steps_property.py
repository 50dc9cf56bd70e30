"""However the steps of a form are sent, at once, again, backwards, what was typed last is what is handed in."""

from __future__ import annotations

import asyncio
import itertools
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.port import Answer
from handlers.chat.interactions import Submit
from handlers.chat.messages import Field, Form, Option
from tests.mattermost.scripted import script, sealed
from tests.promises.mattermost import GOES_ON, MattermostDriver

THEMES = Field("themes", "Temaer", "multi", options=(Option("a", "Log ind"), Option("b", "Søgning")))
FIELDS = (
    *(Field(f"f{number}", f"Felt {number}", "long") for number in range(5)),
    *(Field(f"f{number}", f"Felt {number}") for number in range(5, 8)),
    THEMES,
    Field("f8", "Felt 8", "switch"),
)
STEPS = ((0, 1, 2, 3, 4), (5, 6, 7, "themes"), (8,))
"""What stands on each page on an old server."""

NUMBERS = itertools.count()
WORDS = st.text('aæ *<&\n"\\', max_size=12) | st.just("æ" * 400)
Typed = dict[str, Any]


@st.composite
def _pages(draw: st.DrawFn) -> tuple[int, Typed]:
    """One page as a client sends it, with the fields that somebody has changed since it was opened."""
    step = draw(st.integers(1, len(STEPS)))
    typed: Typed = {}
    for one in STEPS[step - 1]:
        if not draw(st.booleans()):
            continue
        if one == "themes":
            typed |= {"themes.0": draw(st.booleans()), "themes.1": draw(st.booleans())}
        else:
            typed[f"f{one}"] = draw(st.booleans()) if one == 8 else draw(WORDS)
    return step, typed


ACTS = st.one_of(
    _pages().map(lambda page: [page]),
    st.tuples(_pages(), _pages()).filter(lambda two: two[0][0] != two[1][0]).map(list),
    st.just("again"),
    st.just("button"),
)


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(st.lists(ACTS, max_size=7))
async def test_what_was_typed_last_is_handed_in(driver: MattermostDriver, acts: list[Any]) -> None:
    with pytest.MonkeyPatch.context() as patched:
        form = sealed(driver, Form("a", "Et langt skema", FIELDS), str(next(NUMBERS)))
        bot = script(driver, Answer(form=form), patched)
        await driver.say("bo", "group", "/ønske")
        bot.given = Answer(errors=(("f0", "Det mangler noget."),))
        meant: Typed = {}
        for act in acts:
            await _act(driver, form, act, meant)
        bot.given = Answer()
        await _send(driver, form, (3, {}), meant)
        handed_in = bot.asked[-1]
        assert isinstance(handed_in, Submit)
        assert {name: handed_in.values[name] for name in meant} == meant


async def _act(driver: MattermostDriver, form: Form, act: Any, meant: Typed) -> None:
    if act == "again":
        await driver.server.integrations.repeat()
    elif act == "button":
        if offers := await driver._goes_on("bo"):
            newest = driver._seen(offers[-1], "")
            await driver.press("bo", newest, next(label for label in newest.buttons if GOES_ON.search(label)))
    else:
        await asyncio.gather(*(_send(driver, form, page, meant) for page in act))


async def _send(driver: MattermostDriver, form: Form, page: tuple[int, Typed], meant: Typed) -> None:
    """Send a page of the form; a client sends all of its fields, as they stood or as they were changed."""
    step, typed = page
    bo = driver.people["bo"]
    shown = bo.dialog
    assert shown is not None
    kept = await driver.bot.platform.dialogs._drafts.find(form.token)
    assert kept is not None
    standing = {
        one.name: one.value
        for one in kept.form.fields
        if one.name[1:].isdigit() and int(one.name[1:]) in STEPS[step - 1]
    }
    values = {name: value == "true" if name == "f8" else value for name, value in standing.items()}
    if step == 2:
        values |= {f"themes.{at}": option.value in kept.values["themes"] for at, option in enumerate(THEMES.options)}
    answer = await bo.submit(shown, f"{step}.{form.token}", values | typed)
    assert "error" not in answer
    meant |= {name: value for name, value in typed.items() if not name.startswith("themes") and name != "f8"}
    if "f8" in typed:
        meant["f8"] = "true" if typed["f8"] else ""
    if "themes.0" in typed:
        meant["themes"] = [one.value for at, one in enumerate(THEMES.options) if typed[f"themes.{at}"]]
