"""Fields that are searched in: what fits the letters is shown as one types, and what Slack can't show is told of."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import locales
from bot.clock import MovableClock
from bot.platforms.slack.controls import found_options
from handlers.chat.messages import Option
from handlers.members.municipalities import all_municipalities
from storage.session import Storage
from tests.doubles.slack_limits import check_found
from tests.promises.slack import SlackDriver, slack_world
from tests.ready import make_ready


@pytest.fixture
async def many(slack: SlackDriver, kept: Storage) -> SlackDriver:
    await make_ready(
        kept, *(f"Ønske om {word} på side {n}" for n in range(1, 61) for word in ("søgning", "mailadresse"))
    )
    return slack


async def test_of_more_wishes_than_slack_shows_the_first_are_shown_and_it_says_so(many: SlackDriver) -> None:
    await many.say("anna", "group", "/ønske flet 3")
    found = await many.options("anna", "into", "")
    assert list(found)[:2] == ["1", "2"]
    assert len(found) == 100
    assert many.double.people.group_labels == ["De første 100 af 120: skriv mere for at finde resten"]


async def test_a_wish_is_found_by_its_number_by_the_beginning_of_its_title_and_by_its_words(many: SlackDriver) -> None:
    await many.say("anna", "group", "/ønske flet 3")
    assert list(await many.options("anna", "into", "#120")) == ["120"]
    assert list(await many.options("anna", "into", "11")) == ["11", *(str(number) for number in range(110, 120))]
    assert many.double.people.group_labels == []
    assert len(await many.options("anna", "into", "mailadr")) == 60
    assert list(await many.options("anna", "into", "side 60 soegning")) == ["119"]
    assert await many.options("anna", "into", "findes ikke") == {}


async def test_all_municipalities_are_shown(kept: Storage, clock: MovableClock) -> None:
    async with slack_world(kept, clock, with_group=False) as slack:
        await slack.say("anna", "group", "/gruppe opret")
        assert len(await slack.options("anna", "municipality", "")) == len(all_municipalities()) == 98
        assert slack.double.people.group_labels == []


async def test_what_is_chosen_is_merged(many: SlackDriver) -> None:
    await many.say("anna", "group", "/ønske flet")
    (wish,) = await many.options("anna", "wish", "#119")
    assert await many.submit("anna", {"wish": wish, "into": wish}) == {
        "into": "Et ønske kan ikke flettes ind i sig selv. Vælg et andet."
    }
    assert await many.submit("anna", {"wish": wish, "into": "120"}) == {}
    told = (await many.messages("anna", "private"))[-1].text
    assert told.startswith("Ønske #119 er flettet ind i #120")


options = st.lists(
    st.builds(Option, st.text(alphabet="abc123:", max_size=160), st.text(alphabet="ab æøå<&>\n:", max_size=220)),
    max_size=350,
).map(tuple)


@settings(max_examples=80, deadline=None)
@given(options, st.sampled_from(locales.LANGUAGES))
def test_slack_takes_every_answer_to_a_search(found: tuple[Option, ...], language: str) -> None:
    with locales.speaking(language):
        assert check_found(found_options(found)) == []
