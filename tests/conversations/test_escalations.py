"""Conversations about recommendations: a wish that is too dear goes to the committee, and its answer comes back."""

from __future__ import annotations

import pytest

from bot.clock import MovableClock
from storage.enums import CaseStatus, Role, WishStatus
from storage.models.members import Group, Membership
from storage.models.wishes import Backer
from storage.queries import escalations, members, wishes
from tests.conftest import START, make_storage
from tests.promises.driver import SeenMessage
from tests.promises.local import LocalDriver, local_world
from tests.ready import make_ready

NB = "\u00a0"
TITLE = "Ny integration til ESDH"


@pytest.fixture
async def world(chat: LocalDriver) -> LocalDriver:
    """A frame of 250.000 kr., a ceiling of 50.000 kr., and a wish of Bo's for 80.000 kr. that Carla backs."""
    storage = chat.runtime.storage
    await make_ready(storage, TITLE, "Hurtigere søgning", estimates=[80_000, 30_000])
    async with storage.write() as session:
        wish = await wishes.find_wish(session, 1, 1)
        assert wish is not None
        wish.submitter_id, wish.unit_name = "person-bo", "Tønder"
        wish.benefit, wish.benefit_measure, wish.benefit_owner = "Sparer tid", "minutter pr. sag", "Tønder"
        session.add(Backer(wish_id=wish.id, person_id="person-carla", unit_id=3, at=START))
    await chat.say("gry", "group", "/gruppe økonomi")
    await chat.press("gry", (await chat.messages("gry", "private"))[-1], "Sæt ramme")
    assert await chat.submit("gry", {"frame": "250.000", "ceiling": "50.000"}) == {}
    return chat


async def told(world: LocalDriver, person: str) -> str:
    return (await world.messages(person, "private"))[-1].text


async def bot_messages(world: LocalDriver, channel: str, person: str = "anna") -> list[SeenMessage]:
    return [one for one in await world.messages(person, channel) if one.author == "Ønskebot" and not one.private]


async def case_of(world: LocalDriver, channel: str = "steering", number: int = 1) -> SeenMessage:
    found = [one for one in await bot_messages(world, channel) if f"Indstilling {number} fra" in one.text]
    assert len(found) == 1
    return found[0]


async def recommend(world: LocalDriver, number: int = 1, **values: str | list[str]) -> dict[str, str]:
    await world.say("anna", "group", f"/ønske indstil {number}")
    return await world.submit("anna", dict(values))


async def answer(world: LocalDriver, label: str, person: str = "gry", **values: str | list[str]) -> dict[str, str]:
    await world.press(person, await case_of(world), label)
    return await world.submit(person, dict(values))


async def status_of(world: LocalDriver, number: int = 1) -> WishStatus:
    async with world.runtime.storage.read() as session:
        wish = await wishes.find_wish(session, 1, number)
    assert wish is not None
    return wish.status


async def books(world: LocalDriver) -> str:
    await world.say("anna", "group", "/gruppe økonomi")
    return await told(world, "anna")


async def answers(world: LocalDriver) -> list[str]:
    return [one.text for one in await bot_messages(world, "group") if "tyregruppen har" in one.text]


async def test_the_form_knows_what_the_bot_knows(world: LocalDriver) -> None:
    await world.say("anna", "group", "/ønske indstil 1")
    form = await world.form("anna")
    assert form is not None
    values = {name: field.value for name, field in form.fields.items()}
    assert values["need"] == "Et behov i hverdagen."
    assert values["background"] == (
        "Ønsket er indsendt den 1. september 2026 af Tønder.\nBeløbet er leverandørens estimat."
    )
    assert values["benefit"] == "Sparer tid\nMåles ved: minutter pr. sag\nGevinstejer: Tønder"
    assert values["amount"] == "80.000"
    assert values["backing"] == "Bornholm og Tønder"
    assert values["recommendation"] == (
        f"Det indstilles, at styregruppen godkender, at ønske #1 »{TITLE}« sættes i gang for 80.000{NB}kr. "
        f"ekskl. moms, som er 30.000{NB}kr. mere, end koordinationsgruppen selv kan beslutte."
    )


async def test_the_case_stands_once_in_the_committees_channel(world: LocalDriver) -> None:
    assert await recommend(world) == {}
    await world.repeat_last()
    case = await case_of(world)
    assert "Det indstilles, at styregruppen godkender, at ønske #1" in case.text
    assert f"Beløbet er 80.000{NB}kr., og der er 250.000{NB}kr. til rådighed i 2026." in case.text
    assert f"Det er 30.000{NB}kr. over loftet for, hvad koordinationsgruppen selv kan beslutte." in case.text
    assert f"Over loftet: 30.000{NB}kr." in case.text
    assert "Uden for rammen" not in case.text
    assert "Kommuner bag ønsket: Bornholm og Tønder" in case.text
    assert "Afstemning: har ikke været til afstemning" in case.text
    assert list(case.buttons) == ["Godkend", "Afvis", "Udsæt", "Stem om det"]
    assert "er sendt til styregruppen" in await told(world, "anna")
    assert await status_of(world) is WishStatus.RECOMMENDED
    async with world.runtime.storage.read() as session:
        assert [one.wish_number for one in await escalations.list_open_cases(session, 1)] == [1]


async def test_what_the_frame_has_no_money_for_is_said_and_nobody_is_led_to_give_more(world: LocalDriver) -> None:
    await world.say("anna", "group", "/ønske indstil 1")
    assert await world.submit("anna", {"amount": "260.000"}) == {}
    case = await case_of(world)
    assert f"Det er 210.000{NB}kr. over loftet for, hvad koordinationsgruppen selv kan beslutte." in case.text
    assert f"Det er 10.000{NB}kr. mere, end rammen rækker til." in case.text
    assert f"Over loftet: 210.000{NB}kr.\nUden for rammen: 10.000{NB}kr." in case.text
    errors = await answer(world, "Godkend")
    assert errors == {"source": "Vælg, om pengene tages inden for rammen eller kommer oven i den."}
    assert await world.submit("gry", {"source": "extra"}) == {}
    assert f"Bevilget: 260.000{NB}kr. (ekstra, oven i rammen)" in (await case_of(world)).text


async def test_the_committee_approves_and_everybody_concerned_hears_it(world: LocalDriver) -> None:
    await recommend(world)
    await world.press("gry", await case_of(world), "Godkend")
    form = await world.form("gry")
    assert form is not None
    assert (form.fields["granted"].value, form.fields["source"].value) == ("80.000", "inside")
    assert (form.fields["date"].value, form.fields["participants"].value) == ("2026-09-01", "Gry Toft")
    typed = {"date": "31.8.2026", "conditions": "Afsluttes i år", "source": "inside", "granted": "70.000"}
    assert await world.submit("gry", typed) == {}
    case = await case_of(world)
    assert f"Styregruppen har godkendt ønske #1 »{TITLE}«." in case.text
    assert "Registreret af Gry Toft den 1. september 2026." in case.text
    assert list(case.buttons) == ["Ret"]
    news = (await bot_messages(world, "group"))[-1]
    assert f"Styregruppen har godkendt ønske #1 »{TITLE}«." in news.text
    assert f"Bevilget: 70.000{NB}kr. (inden for rammen)" in news.text
    assert "Betingelser: Afsluttes i år" in news.text
    assert "Besluttet: 31. august 2026 (møde)" in news.text
    assert f"Der er 180.000{NB}kr. til rådighed i 2026." in news.text
    for person in ("bo", "carla"):
        direct = [one.text for one in await world.messages(person, "dm") if "har godkendt" in one.text]
        assert len(direct) == 1
    assert await status_of(world) is WishStatus.APPROVED


async def test_who_heard_the_answer_does_not_hear_it_again_in_the_bundle(world: LocalDriver) -> None:
    await recommend(world)
    await answer(world, "Godkend")
    await world.forward(48)
    about = [
        one.text for one in await world.messages("bo", "dm") if "#1" in one.text and "godkendt" in one.text.lower()
    ]
    assert len(about) == 1
    assert "Styregruppen har godkendt" in about[0]


async def test_an_approved_wish_can_be_started_and_uses_its_grant(world: LocalDriver) -> None:
    await recommend(world)
    assert await answer(world, "Godkend", source="extra") == {}
    news = (await bot_messages(world, "group"))[-1]
    await world.press("anna", news, "Sæt i gang")
    assert await world.submit("anna", {"basis": "meeting"}) == {}
    assert await status_of(world) is WishStatus.STARTED
    text = await books(world)
    assert f"Der er 250.000{NB}kr. til rådighed" in text
    assert f"Bevilget til enkelte ønsker: 80.000{NB}kr." in text
    assert f"#1 {TITLE} | 80.000{NB}kr. | 0{NB}kr." in text


@pytest.mark.parametrize(
    ("label", "word", "status"),
    [("Afvis", "afvist", WishStatus.DECLINED), ("Udsæt", "udsat", WishStatus.POSTPONED)],
)
async def test_the_committee_says_no_or_not_yet(world: LocalDriver, label: str, word: str, status: WishStatus) -> None:
    await recommend(world)
    assert list(await answer(world, label)) == ["reason"]
    assert await world.submit("gry", {"reason": "Vi venter på den nye kontrakt."}) == {}
    news = (await bot_messages(world, "group"))[-1].text
    assert f"Styregruppen har {word} ønske #1" in news
    assert "Begrundelse: Vi venter på den nye kontrakt." in news
    assert await status_of(world) is status
    assert "Bevilget" not in await books(world)
    assert f"har {word} ønske #1" in (await world.messages("bo", "dm"))[-1].text


async def test_a_declined_wish_comes_back_as_a_new_case(world: LocalDriver) -> None:
    await recommend(world)
    await answer(world, "Afvis", reason="Nej")
    await world.say("anna", "group", "/ønske indstil 1")
    assert "Tag det op igen, før du indstiller det: skriv /ønske status 1 screening." in await told(world, "anna")
    await world.say("anna", "group", "/ønske status 1 screening")
    assert await recommend(world) == {}
    assert "Indstilling 2 fra OS2test" in (await case_of(world, number=2)).text
    await world.press("gry", await case_of(world), "Ret")
    assert "Svaret kan ikke rettes længere" in await told(world, "gry")


async def test_of_two_answers_the_first_wins_and_the_second_is_told_who(world: LocalDriver) -> None:
    await _seat(world, "hans")
    await recommend(world)
    case = await case_of(world)
    await world.press("gry", case, "Godkend")
    await world.press("hans", case, "Afvis")
    assert await world.submit("gry", {}) == {}
    errors = await world.submit("hans", {"reason": "For dyrt"})
    sentence = "Gry Toft har allerede registreret svaret »godkendt« (01.09.2026). Er det forkert, så tryk Ret"
    assert sentence in errors[""]
    await world.press("hans", case, "Udsæt")
    assert sentence in await told(world, "hans")
    assert len(await answers(world)) == 1
    assert await status_of(world) is WishStatus.APPROVED


async def test_a_form_sent_twice_answers_once(world: LocalDriver) -> None:
    await recommend(world)
    await answer(world, "Godkend")
    await world.repeat_last()
    assert len(await answers(world)) == 1
    assert f"Bevilget til enkelte ønsker: 80.000{NB}kr." in await books(world)


async def test_a_correction_replaces_what_was_registered(world: LocalDriver) -> None:
    await recommend(world)
    await answer(world, "Godkend", granted="80.000", source="inside", reason="Vigtigt")
    await world.press("gry", await case_of(world), "Ret")
    form = await world.form("gry")
    assert form is not None
    assert (form.fields["outcome"].value, form.fields["reason"].value) == ("approved", "Vigtigt")
    assert await world.submit("gry", {"granted": "60.000", "source": "extra"}) == {}
    assert f"Bevilget: 60.000{NB}kr. (ekstra, oven i rammen)" in (await case_of(world)).text
    assert "Rettelse: det her gælder" in (await bot_messages(world, "group"))[-1].text
    text = await books(world)
    assert f"Bevilget til enkelte ønsker: 60.000{NB}kr." in text
    assert f"Der er 250.000{NB}kr. til rådighed" in text


async def test_a_correction_can_turn_the_answer(world: LocalDriver) -> None:
    await recommend(world)
    await answer(world, "Godkend", source="inside")
    await world.press("gry", await case_of(world), "Ret")
    assert await world.submit("gry", {"outcome": "declined", "reason": "Forkert punkt"}) == {}
    assert await status_of(world) is WishStatus.DECLINED
    assert "Styregruppen har afvist ønske #1" in (await case_of(world)).text
    assert "Bevilget" not in await books(world)
    await world.say("anna", "group", "/ønske status 1 screening")
    await world.say("anna", "group", "/ønske status 1 klar")
    await world.say("anna", "group", "/ønske status 1 start")
    assert f"uden styregruppen må et ønske højst koste 50.000{NB}kr." in await told(world, "anna")


async def test_of_two_corrections_the_first_wins(world: LocalDriver) -> None:
    await _seat(world, "hans")
    await recommend(world)
    await answer(world, "Godkend")
    case = await case_of(world)
    await world.press("gry", case, "Ret")
    await world.press("hans", case, "Ret")
    assert await world.submit("hans", {"granted": "60.000"}) == {}
    assert "Hans Vang har allerede registreret" in (await world.submit("gry", {"granted": "10.000"}))[""]
    assert f"Bevilget til enkelte ønsker: 60.000{NB}kr." in await books(world)


async def test_a_started_wish_keeps_its_approval(world: LocalDriver) -> None:
    await recommend(world)
    await answer(world, "Godkend")
    await world.say("anna", "group", "/ønske status 1 start")
    await world.submit("anna", {"basis": "meeting"})
    await world.press("gry", await case_of(world), "Ret")
    errors = await world.submit("gry", {"outcome": "declined", "reason": "Nej"})
    assert "så svaret kan ikke blive et andet" in errors[""]
    assert await world.submit("gry", {"outcome": "approved", "conditions": "Kun i år"}) == {}
    assert "Betingelser: Kun i år" in (await case_of(world)).text


@pytest.mark.parametrize(
    ("values", "field", "sentence"),
    [
        ({"granted": "16.5"}, "granted", "kan betyde to ting"),
        ({"granted": "-1"}, "granted", "kan ikke være negativt"),
        ({"granted": "mange"}, "granted", "»mange« er ikke et beløb"),
        ({"granted": ""}, "granted", "Skriv, hvor meget der er bevilget"),
        ({"date": "2.9.2026"}, "date", "»2.9.2026« ligger ude i fremtiden"),
        ({"date": "2. september"}, "date", "ligger ude i fremtiden"),
        ({"date": "31. februar"}, "date", "findes ikke"),
        ({"date": "snart"}, "date", "»snart« er ikke en dato"),
        ({"date": ""}, "date", "Skriv datoen for beslutningen"),
        ({"basis": "poll"}, "basis", "Vælg et fra listen"),
        ({"source": "heaven"}, "source", "Vælg et fra listen"),
        ({"reason": "x" * 3001}, "reason", "Der er plads til 3000"),
        ({"participants": "x" * 501}, "participants", "Der er plads til 500"),
    ],
)
async def test_an_answer_that_can_not_be_registered(
    world: LocalDriver, values: dict[str, str], field: str, sentence: str
) -> None:
    await recommend(world)
    errors = await answer(world, "Godkend", **values)
    assert list(errors) == [field]
    assert sentence in errors[field]
    form = await world.form("gry")
    assert form is not None
    assert form.fields[field].value == values[field]
    assert await status_of(world) is WishStatus.RECOMMENDED
    assert await answers(world) == []


@pytest.mark.parametrize(
    ("values", "field", "sentence"),
    [
        ({"amount": "16.5"}, "amount", "kan betyde to ting"),
        ({"amount": "-1"}, "amount", "kan ikke være negativt"),
        ({"amount": "mange"}, "amount", "»mange« er ikke et beløb"),
        ({"amount": "0"}, "amount", "Beløbet er 0"),
        ({"amount": ""}, "amount", "Skriv beløbet"),
        ({"recommendation": "Vi vil gerne"}, "recommendation", "skal begynde med »Det indstilles, at styregruppen"),
        ({"recommendation": ""}, "recommendation", "skal begynde med"),
        ({"need": "x" * 3001}, "need", "Der er plads til 3000"),
    ],
)
async def test_a_recommendation_that_can_not_be_sent(
    world: LocalDriver, values: dict[str, str], field: str, sentence: str
) -> None:
    errors = await recommend(world, **values)
    assert list(errors) == [field]
    assert sentence in errors[field]
    assert await bot_messages(world, "steering") == []
    assert await status_of(world) is WishStatus.READY


async def test_the_form_has_the_last_polls_result(world: LocalDriver) -> None:
    await world.say("anna", "group", "/afstemning")
    assert await world.submit("anna", {"title": "Efterår", "date": "2026-09-08", "time": "12.00"}) == {}
    await world.say("bo", "group", "/afstemning stem 1 1")
    await world.say("carla", "group", "/afstemning stem 1 2,1")
    await world.forward(24 * 8)
    await world.say("anna", "group", "/ønske indstil 1")
    form = await world.form("anna")
    assert form is not None
    said = "Afstemning 1 (8. september 2026): nr. 1 af 2, ønsket af 2 kommuner. 2 af 3 kommuner stemte."
    assert form.fields["poll"].value == said


async def test_a_recommendation_in_english_is_still_in_the_groups_language(world: LocalDriver) -> None:
    await world._post("/api/language", {"as": "anna", "language": "en"}, once=False)
    await world.say("anna", "group", "/ønske indstil 1")
    form = await world.form("anna")
    assert form is not None
    assert form.title == "Recommendation"
    assert str(form.fields["recommendation"].value).startswith("Det indstilles, at styregruppen godkender, at")
    assert await world.submit("anna", {}) == {}
    assert "Det indstilles, at styregruppen godkender, at" in (await case_of(world)).text


async def test_who_sits_in_no_committee_can_not_answer(world: LocalDriver) -> None:
    await recommend(world)
    await world.press("bo", await case_of(world), "Godkend")
    assert "Det kan kun styregruppens medlemmer gøre" in await told(world, "bo")
    await world.press("hans", await case_of(world), "Godkend")
    assert "Det kan kun" in await told(world, "hans")
    assert await world.form("bo") is None


async def test_what_can_not_be_recommended(world: LocalDriver) -> None:
    await recommend(world)
    await world.say("anna", "group", "/ønske indstil 1")
    assert "Ønske #1 er allerede indstillet (1. september 2026) og venter på svar." in await told(world, "anna")
    await world.say("bo", "group", "/ønske indstil 2")
    assert "Det kan kun gruppens leder gøre" in await told(world, "bo")
    await world.say("anna", "group", "/ønske indstil 99")
    assert "Der er intet ønske #99" in await told(world, "anna")
    async with world.runtime.storage.write() as session:
        wish = await wishes.find_wish(session, 1, 2)
        assert wish is not None
        wish.estimate = None
    await world.say("anna", "group", "/ønske indstil 2")
    assert "har hverken estimat eller skøn" in await told(world, "anna")


async def test_two_forms_for_one_wish_make_one_case(world: LocalDriver) -> None:
    await _lead(world, "carla")
    await world.say("anna", "group", "/ønske indstil 1")
    await world.say("carla", "group", "/ønske indstil 1")
    assert await world.submit("anna", {}) == {}
    assert "allerede indstillet" in (await world.submit("carla", {}))[""]
    await case_of(world)


async def test_a_guess_is_enough_to_recommend(world: LocalDriver) -> None:
    async with world.runtime.storage.write() as session:
        wish = await wishes.find_wish(session, 1, 1)
        assert wish is not None
        wish.estimate, wish.guess = None, 120_000_00
    await world.say("anna", "group", "/ønske indstil 1")
    form = await world.form("anna")
    assert form is not None
    assert form.fields["amount"].value == "120.000"
    assert "der er ikke noget estimat endnu" in str(form.fields["background"].value)


async def test_an_unbound_channel_is_told_how_to_be_bound(world: LocalDriver) -> None:
    async with world.runtime.storage.write() as session:
        group = await session.get_one(Group, 1)
        group.steering_bound = False
    await world.say("anna", "group", "/ønske indstil 1")
    assert "Styregruppens kanal er ikke bundet endnu" in await told(world, "anna")
    assert "/gruppe styregruppe os2test" in await told(world, "anna")


async def test_without_a_committee_the_group_decides_in_its_own_channel(world: LocalDriver) -> None:
    async with world.runtime.storage.write() as session:
        group = await session.get_one(Group, 1)
        group.steering_channel, group.steering_bound = "", False
    assert await recommend(world) == {}
    case = await case_of(world, "group")
    assert "Det indstilles, at koordinationsgruppen godkender, at" in case.text
    await world.press("finn", case, "Godkend")
    assert "Det kan kun" in await told(world, "finn")
    await world.press("carla", case, "Godkend")
    assert await world.submit("carla", {}) == {}
    assert "Koordinationsgruppen har godkendt ønske #1" in (await bot_messages(world, "group"))[-1].text


async def test_a_leader_without_a_vote_only_prepares(world: LocalDriver) -> None:
    await _lead(world, "eva", Role.SUPPLIER)
    await world.say("eva", "group", "/ønske indstil 1")
    assert list(await world.submit("eva", {"amount": "mange"})) == ["amount"]
    assert await world.submit("eva", {"amount": "75.000"}) == {}
    prepared = (await bot_messages(world, "group"))[-1]
    assert "Eva Sommer har forberedt: Indstil ønske #1 til styregruppen for »75.000«." in prepared.text
    assert await bot_messages(world, "steering") == []
    await world.press("bo", prepared, "Bekræft for kommunerne")
    assert f"Beløbet er 75.000{NB}kr." in (await case_of(world)).text


async def test_a_withdrawn_wish_takes_its_case_off_the_table(world: LocalDriver) -> None:
    await recommend(world)
    case = await case_of(world)
    await world.say("bo", "group", "/ønske træk 1")
    again = await case_of(world)
    assert "er taget af bordet" in again.text
    assert again.buttons == {}
    await world.press("gry", case, "Godkend")
    assert "er taget af bordet" in await told(world, "gry")


async def test_a_case_waits_while_its_wish_is_on_hold(world: LocalDriver) -> None:
    await recommend(world)
    await world.say("anna", "group", "/ønske status 1 hold")
    assert (await case_of(world)).buttons == {}
    await world.say("anna", "group", "/ønske status 1 genoptag")
    assert "Godkend" in (await case_of(world)).buttons
    assert await answer(world, "Godkend") == {}


async def test_the_committee_is_reminded_once_and_the_leader_gets_a_line(world: LocalDriver) -> None:
    await recommend(world)
    await world.forward(14 * 24)
    assert len(await bot_messages(world, "steering")) == 1
    await world.forward(24)
    reminder = (await bot_messages(world, "steering"))[-1]
    assert "Venter på styregruppens svar" in reminder.text
    assert f"Ønske #1 »{TITLE}« har ventet på svar siden 1. september 2026." in reminder.text
    await world.forward(30 * 24)
    assert len(await bot_messages(world, "steering")) == 2
    await world.press("gry", reminder, "Godkend")
    assert await world.submit("gry", {}) == {}
    assert await status_of(world) is WishStatus.APPROVED


async def test_an_answered_case_is_not_reminded_of(world: LocalDriver) -> None:
    await recommend(world)
    await answer(world, "Godkend")
    await world.forward(40 * 24)
    assert len(await bot_messages(world, "steering")) == 1


async def test_the_committee_may_vote_first(world: LocalDriver) -> None:
    await _seat(world, "hans")
    await recommend(world)
    await world.press("gry", await case_of(world), "Stem om det")
    vote = (await bot_messages(world, "steering"))[-1]
    assert "Afstemning i styregruppen om ønske #1" in vote.text
    assert list(vote.reactions) == ["white_check_mark", "x", "question"]
    await world.press("hans", await case_of(world), "Stem om det")
    assert "allerede sat i gang" in await told(world, "hans")
    await world.react("gry", vote, "white_check_mark")
    await world.react("hans", vote, "x")
    await world.forward(0.1)
    await world.react("hans", vote, "question")
    await world.react("bo", vote, "x")
    await world.react("bo", vote, "question")
    assert len([one for one in await world.messages("bo", "private") if "stemmer kun styregruppen" in one.text]) == 1
    vote = (await bot_messages(world, "steering"))[-1]
    assert "✅ godkendt Gry Toft" in vote.text
    assert "❌ afvist ingen endnu" in vote.text
    assert "❓ udsat Hans Vang" in vote.text
    await world.press("gry", vote, "Godkend")
    form = await world.form("gry")
    assert form is not None
    assert form.fields["participants"].value == "Gry Toft og Hans Vang"
    assert await world.submit("gry", {}) == {}
    vote = (await bot_messages(world, "steering"))[-1]
    assert "er slut" in vote.text
    await world.react("hans", vote, "x")
    assert (await bot_messages(world, "steering"))[-1].text == vote.text


async def test_another_case_status_stands_in_the_table(world: LocalDriver) -> None:
    await recommend(world)
    await answer(world, "Udsæt", reason="Senere")
    async with world.runtime.storage.read() as session:
        case = await escalations.find_case(session, 1, 1)
        answered = await escalations.list_answers_since(session, 1, START)
        assert await escalations.list_open_cases(session, 1) == []
    assert case is not None
    assert case.status is CaseStatus.POSTPONED
    assert [(one.number, given.reason) for one, given in answered] == [(1, "Senere")]


async def _seat(world: LocalDriver, person: str) -> None:
    """This person sits in the committee as well."""
    async with world.runtime.storage.write() as session:
        session.add(
            Membership(group_id=1, person_id=f"person-{person}", role=Role.STEERING, since=START, confirmed_at=START)
        )


async def _lead(world: LocalDriver, person: str, role: Role = Role.CONVENER) -> None:
    """This person leads the group as well."""
    async with world.runtime.storage.write() as session:
        held = await members.find_membership(session, 1, f"person-{person}", role)
        if held is None:
            held = Membership(group_id=1, person_id=f"person-{person}", role=role, since=START)
            session.add(held)
        held.leads, held.confirmed_at, held.confirmed_by = True, START, "person-bo"


async def test_the_whole_way_from_a_new_group_to_an_answer(sqlite_url: str, clock: MovableClock) -> None:
    storage = await make_storage(sqlite_url)
    async with local_world(storage, clock, with_group=False) as world:
        await world.say("anna", "group", "/gruppe opret")
        founding = {"product": "OS2sofd", "municipality": "710", "steering": "styregruppe"}
        money = {"frame": "250.000", "ceiling": "50.000", "spent": "12.000", "committed": "30.000"}
        assert await world.submit("anna", {**founding, **money}) == {}
        text = await books(world)
        assert f"Der er 208.000{NB}kr. til rådighed" in text
        assert f"Bestilt, før gruppen kom i gang | 30.000{NB}kr. | 0{NB}kr." in text
        await world.say("anna", "group", "/ønske Ny integration")
        assert await world.submit("anna", {"need": "Vi taster alt to gange.", "estimate": "80.000"}) == {}
        await world.say("anna", "group", "/ønske indstil 1")
        assert "Styregruppens kanal er ikke bundet endnu" in await told(world, "anna")
        await world.press("gry", (await bot_messages(world, "steering"))[-1], "Bekræft")
        assert await recommend(world) == {}
        assert f"Beløbet er 80.000{NB}kr., og der er 208.000{NB}kr. til rådighed" in (await case_of(world)).text
        assert await answer(world, "Godkend") == {}
        assert "Styregruppen har godkendt ønske #1 »Ny integration«." in (await bot_messages(world, "group"))[-1].text
    await storage.dispose()
