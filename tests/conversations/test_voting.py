"""Conversations about whose answer it is: who may see it, change it, enter it, and who hears of it in time."""

from __future__ import annotations

import pytest

from tests.conversations.test_polls import DEADLINE_HOURS, open_poll, own_answer, poll, result, setting, told, wishes
from tests.promises.driver import SeenForm
from tests.promises.local import LocalDriver


async def enter(chat: LocalDriver, municipality: str, *choices: str, leader: str = "anna") -> dict[str, str]:
    """The leader enters an answer that came by mail; returns what was wrong with it."""
    await chat.say(leader, "group", "/afstemning modtaget 1")
    form = await chat.form(leader)
    assert form is not None
    return await chat.submit(leader, {"unit": unit_in(form, municipality), "choices": list(choices)})


def unit_in(form: SeenForm, municipality: str) -> str:
    """The form's value for a municipality."""
    options = form.fields["unit"].options
    return next(value for value, label in options.items() if label.split(" (")[0] == municipality)


async def heard(chat: LocalDriver, person: str, hours: float = 24) -> str:
    """What the person has been told directly when so much time has passed."""
    await chat.forward(hours)
    return "\n".join(one.text for one in await chat.messages(person, "dm"))


# Who may see it


async def claim_toender(chat: LocalDriver) -> None:
    """Hans says that he speaks for Tønder, and nobody has confirmed it."""
    await chat.say("hans", "group", "/gruppe repræsenterer")
    assert await chat.submit("hans", {"municipality": "550"}) == {}


async def test_who_only_says_to_speak_for_a_municipality_sees_nothing_of_its_hidden_answer(chat: LocalDriver) -> None:
    await wishes(chat)
    await open_poll(chat, visibility="hidden")
    await chat.say("bo", "group", "/afstemning stem 1 2")
    await claim_toender(chat)
    await chat.say("hans", "group", "/afstemning kvittering 1")
    assert await told(chat, "hans") == (
        "Du har ikke svaret på afstemning 1. Hvad kommunen har svaret, kan du se, når det er bekræftet, at du taler "
        "for den."
    )
    await chat.say("hans", "group", "/afstemning status 1")
    assert "Din stemme: ingen endnu\n" in f"{await told(chat, 'hans')}\n"
    await chat.say("hans", "group", "/afstemning stem 1 1")
    await chat.say("hans", "group", "/afstemning kvittering 1")
    assert "Hurtigere" not in await told(chat, "hans")
    await chat.say("anna", "group", "/gruppe medlemmer")
    await chat.press("anna", (await chat.messages("anna", "private"))[-1], "Bekræft Hans Vang")
    await chat.say("bo", "group", "/afstemning stem 1 2")
    await chat.say("hans", "group", "/afstemning kvittering 1")
    assert "Tæller for Tønder: " in await told(chat, "hans")


async def test_an_entered_answer_is_told_to_those_alone_who_surely_speak_for_the_municipality(
    chat: LocalDriver,
) -> None:
    await wishes(chat)
    await open_poll(chat, visibility="hidden")
    await claim_toender(chat)
    assert await enter(chat, "Tønder", "3") == {}
    assert "har skrevet et svar ind for Tønder" in await heard(chat, "bo")
    assert "Tønder i afstemning 1" not in await heard(chat, "hans", 0.01)


# Entering it, and taking it back


async def test_an_entered_answer_is_taken_back_and_the_municipalitys_own_counts_again(chat: LocalDriver) -> None:
    await wishes(chat)
    await open_poll(chat)
    await chat.say("bo", "group", "/afstemning stem 1 2")
    await chat.forward(0.1)
    assert await enter(chat, "Tønder", "3") == {}
    assert "#3 Mørk tilstand 20.000\u00a0kr. · 1 kommune\n" in (await poll(chat)).text
    await chat.say("anna", "group", "/afstemning modtaget 1")
    form = await chat.form("anna")
    assert form is not None
    assert "Tønder (svar skrevet ind)" in form.fields["unit"].options.values()
    assert await chat.submit("anna", {"unit": unit_in(form, "Tønder"), "choices": []}) == {}
    assert await told(chat, "anna") == (
        "Det svar, der var skrevet ind for Tønder i afstemning 1, er taget tilbage. Har kommunen selv svaret, gælder "
        "dens eget svar nu."
    )
    text = (await poll(chat)).text
    assert "#2 Hurtigere søgning 20.000\u00a0kr. · 1 kommune\n" in text
    assert "pr. mail" not in text
    assert await own_answer(chat, "bo") == "#2 Hurtigere søgning"
    bo = await heard(chat, "bo")
    assert "Anna Holm har taget det svar tilbage, der var skrevet ind for Tønder i afstemning 1." in bo
    assert "har skrevet et svar ind" not in bo


@pytest.mark.parametrize("again", [False, True])
async def test_where_nothing_is_entered_nothing_can_be_taken_back(chat: LocalDriver, again: bool) -> None:
    await wishes(chat)
    await open_poll(chat)
    await chat.say("bo", "group", "/afstemning stem 1 2")
    if again:
        assert await enter(chat, "Tønder", "3") == {}
        assert await enter(chat, "Tønder") == {}
    assert await enter(chat, "Tønder") == {
        "choices": "Vælg mindst ét ønske. Der er ikke skrevet noget svar ind for Tønder, som kan tages tilbage."
    }
    assert "1 af 3 kommuner har stemt." in (await poll(chat)).text


# A leader without a vote


async def test_a_leader_without_a_vote_only_prepares_an_entered_answer(supplier_led: LocalDriver) -> None:
    chat = supplier_led
    await wishes(chat)
    await open_poll(chat, leader="eva")
    assert "Vælg mindst ét ønske." in (await enter(chat, "Tønder", leader="eva"))["choices"]
    assert await enter(chat, "Tønder", "3", leader="eva") == {}
    prepared = (await chat.messages("bo", "group"))[-1]
    assert (
        "Eva Sommer har forberedt: Skriv svaret fra Tønder ind i afstemning 1: #3 Mørk tilstand. Det træder i kraft"
    ) in prepared.text
    assert "0 af 3 kommuner har stemt." in (await poll(chat)).text
    await chat.press("eva", prepared, "Bekræft for kommunerne")
    assert "0 af 3 kommuner har stemt." in (await poll(chat)).text
    await chat.press("carla", prepared, "Bekræft for kommunerne")
    text = (await poll(chat)).text
    assert "1 af 3 kommuner har stemt. 1 svar er modtaget pr. mail eller på et møde." in text
    assert "Eva Sommer har skrevet et svar ind for Tønder i afstemning 1" in await heard(chat, "bo")
    assert await enter(chat, "Tønder", leader="eva") == {}
    prepared = (await chat.messages("bo", "group"))[-1]
    assert "har forberedt: Tag det svar tilbage, der er skrevet ind for Tønder i afstemning 1." in prepared.text
    await chat.press("bo", prepared, "Bekræft for kommunerne")
    assert "0 af 3 kommuner har stemt." in (await poll(chat)).text


async def test_what_is_entered_in_a_hidden_poll_is_seen_neither_in_the_channel_nor_by_who_confirms(
    supplier_led: LocalDriver,
) -> None:
    chat = supplier_led
    await wishes(chat)
    await open_poll(chat, leader="eva", visibility="hidden")
    assert await enter(chat, "Tønder", "3", leader="eva") == {}
    prepared = (await chat.messages("bo", "group"))[-1]
    assert "Skriv svaret fra Tønder ind i afstemning 1. Det træder i kraft" in prepared.text
    await chat.press("carla", prepared, "Bekræft for kommunerne")
    assert await told(chat, "carla") == "Svaret fra Tønder er gemt i afstemning 1."
    assert "Mørk" not in (await chat.messages("bo", "group"))[-1].text
    assert "#3 Mørk tilstand" in await heard(chat, "bo")


async def test_a_leader_without_a_vote_only_prepares_closing_early(supplier_led: LocalDriver) -> None:
    chat = supplier_led
    await wishes(chat)
    await chat.react("bo", await open_poll(chat, leader="eva"), "one")
    await chat.say("eva", "group", "/afstemning luk 1")
    await chat.press("eva", (await chat.messages("eva", "private"))[-1], "Luk nu")
    prepared = (await chat.messages("bo", "group"))[-1]
    assert "Eva Sommer har forberedt: Luk afstemning 1 før fristen." in prepared.text
    await chat.react("carla", await poll(chat), "one")
    await chat.press("bo", prepared, "Bekræft for kommunerne")
    assert "2 af 3 kommuner har stemt." in (await chat.messages("bo", "group"))[-1].text
    await chat.say("eva", "group", "/afstemning luk 1")
    assert "Afstemning 1 er lukket." in await told(chat, "eva")


# What others gave, said openly


async def test_the_result_says_how_many_answers_others_gave_for_the_municipalities(chat: LocalDriver) -> None:
    await wishes(chat)
    shown = await open_poll(chat, quorum="60")
    await chat.say("bo", "group", "/gruppe stedfortræder @hans")
    await chat.react("hans", shown, "one")
    await chat.react("anna", shown, "one")
    assert await enter(chat, "Bornholm", "3") == {}
    assert (
        "3 af 3 kommuner har stemt. 1 svar er modtaget pr. mail eller på et møde. 1 svar er givet af en stedfortræder."
    ) in (await poll(chat)).text
    await chat.forward(DEADLINE_HOURS)
    assert (
        "3 af 3 kommuner har stemt. 1 svar er skrevet ind af lederen efter en mail eller et møde. 1 svar er givet af "
        "en stedfortræder. Afstemningen er beslutningsdygtig (mindst 60 procent)."
    ) in (await result(chat)).text


async def test_where_answers_are_averaged_each_that_counts_is_told(chat: LocalDriver) -> None:
    await wishes(chat)
    await setting(chat, "ballot_rule", "average")
    shown = await open_poll(chat)
    assert await enter(chat, "Bornholm", "3") == {}
    await chat.react("carla", shown, "one")
    assert "1 af 3 kommuner har stemt. 1 svar er modtaget pr. mail eller på et møde." in (await poll(chat)).text
    await chat.forward(DEADLINE_HOURS)
    assert "1 svar er skrevet ind af lederen efter en mail eller et møde." in (await result(chat)).text


# What a form can't show


async def test_a_ranking_of_twelve_goes_through_the_form_of_ten_places_unharmed(chat: LocalDriver) -> None:
    await wishes(chat, *(f"Ønske nr. {number}" for number in range(1, 13)))
    await open_poll(chat, method="ranking", wishes=[str(number) for number in range(1, 13)])
    await chat.say("bo", "group", "/afstemning stem 1 12>11>10>9>8>7>6>5>4>3>2>1")
    before = await told(chat, "bo")
    await chat.say("bo", "group", "/afstemning stem 1")
    assert "De andre bliver stående efter nr. 10, når alle pladserne her er udfyldt." in await chat.intro("bo")
    assert await chat.submit("bo", {}) == {}
    assert await told(chat, "bo") == before
    await chat.say("bo", "group", "/afstemning stem 1")
    assert await chat.submit("bo", {"place_1": "1", "place_2": "12", "place_3": "", "place_4": ""}) == {}
    assert (await told(chat, "bo")).endswith("8. #3 Ønske nr. 3.")


async def test_an_answer_given_while_a_wish_is_on_hold_keeps_what_was_said_of_it(chat: LocalDriver) -> None:
    await wishes(chat)
    await open_poll(chat)
    await chat.say("bo", "group", "/afstemning stem 1 1,2")
    await chat.say("anna", "group", "/ønske status 1 hold venter")
    await chat.say("bo", "group", "/afstemning stem 1")
    assert await chat.submit("bo", {"choices": ["2", "3"]}) == {}
    assert await told(chat, "bo") == (
        "Dit svar i afstemning 1: #2 Hurtigere søgning og #3 Mørk tilstand. Det, du før har svaret om #1 Vis "
        "mailadresse, er gemt og tæller, hvis ønsket kommer med igen."
    )
    await chat.say("bo", "group", "/afstemning stem 1 3")
    await chat.say("anna", "group", "/ønske status 1 genoptag")
    text = (await poll(chat)).text
    assert "#1 Vis mailadresse 20.000\u00a0kr. · 1 kommune\n" in text
    assert "#2 Hurtigere søgning 20.000\u00a0kr. · 0 kommuner" in text
    assert "er med igen, og din stemme på det tæller." in await heard(chat, "bo")


async def test_in_a_ranking_a_wish_that_comes_back_has_its_place(chat: LocalDriver) -> None:
    await wishes(chat)
    await open_poll(chat, method="ranking")
    await chat.say("bo", "group", "/afstemning stem 1 1>2>3")
    await chat.say("anna", "group", "/ønske status 1 hold venter")
    await chat.say("bo", "group", "/afstemning stem 1")
    form = await chat.form("bo")
    assert form is not None
    assert [field.value for field in form.fields.values()] == ["2", "3"]
    assert await chat.submit("bo", {"place_1": "3", "place_2": "2"}) == {}
    assert "Dit svar i afstemning 1: 1. #3 Mørk tilstand og 2. #2 Hurtigere søgning." in await told(chat, "bo")
    await chat.say("anna", "group", "/ønske status 1 genoptag")
    assert await own_answer(chat, "bo") == "1. #1 Vis mailadresse, 2. #3 Mørk tilstand og 3. #2 Hurtigere søgning"


# How it goes


async def test_an_open_ranking_shows_its_points_as_they_come(chat: LocalDriver) -> None:
    await wishes(chat)
    shown = await open_poll(chat, method="ranking")
    assert "#1 Vis mailadresse 20.000\u00a0kr. · 0 point\n" in shown.text
    await chat.say("bo", "group", "/afstemning stem 1 2>1")
    await chat.say("carla", "group", "/afstemning stem 1 1>2>3")
    text = (await poll(chat)).text
    assert "#1 Vis mailadresse 20.000\u00a0kr. · 3 point\n" in text
    assert "#2 Hurtigere søgning 20.000\u00a0kr. · 3 point\n" in text
    assert "#3 Mørk tilstand 20.000\u00a0kr. · 0 point\n" in text
    assert "Pointene viser, hvordan det går indtil nu" in text
    await chat.say("hans", "group", "/afstemning status 1")
    assert "· 3 point\n" in await told(chat, "hans")


@pytest.mark.parametrize("visibility", ["hidden", "secret"])
async def test_a_ranking_that_is_not_open_shows_none(chat: LocalDriver, visibility: str) -> None:
    await wishes(chat)
    await open_poll(chat, method="ranking", visibility=visibility)
    await chat.say("bo", "group", "/afstemning stem 1")
    assert await chat.submit("bo", {"place_1": "2", "place_2": "1"}) == {}
    text = (await poll(chat)).text
    assert "1 af 3 kommuner har stemt." in text
    assert "oint" not in text


@pytest.mark.parametrize(("dots", "visibility", "says"), [("20", "open", 1), ("10", "open", 0), ("20", "hidden", 0)])
async def test_how_to_give_more_points_than_there_are_emojis_for_is_said(
    chat: LocalDriver, dots: str, visibility: str, says: int
) -> None:
    await wishes(chat)
    shown = await open_poll(chat, method="points", dots=dots, visibility=visibility)
    hint = "Med klik kan et ønske få op til 10; vil I give det flere, så gør det i formularen eller i ord."
    assert shown.text.count(hint) == says
    await chat.say("bo", "group", "/afstemning stem 1 1=10")
    assert "Dit svar i afstemning 1: #1 Vis mailadresse (10)." in await told(chat, "bo")


@pytest.mark.parametrize("rule", ["latest", "average"])
async def test_the_status_says_where_answers_are_averaged(chat: LocalDriver, rule: str) -> None:
    await wishes(chat)
    await setting(chat, "ballot_rule", rule)
    await open_poll(chat)
    await chat.say("bo", "group", "/afstemning status 1")
    said = "Flere svar fra én kommune: gennemsnittet af dem tæller" in await told(chat, "bo")
    assert said is (rule == "average")
