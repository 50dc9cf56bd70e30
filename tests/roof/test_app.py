"""One interaction, one transaction: repeated, forged, busy and broken ones included."""

from __future__ import annotations

import asyncio
import dataclasses

import pytest

from bot.app import App
from bot.clock import MovableClock
from bot.contents import ContentsWrong
from bot.office import Given
from bot.port import Answer
from handlers.capability import Ask, Capability, Deed
from handlers.chat.interactions import Command, Place, Press, Sender
from handlers.chat.messages import Text, message, plain_text
from handlers.chat.refusals import Refusal
from handlers.chat.replies import Post, Replies, Whisper
from handlers.chat.router import Word
from handlers.context import Context
from storage.models.exchange import OutboxRow
from storage.session import Storage
from tests.conftest import KEY, ZONE, Counter
from tests.groups import make_group

SENDER = Sender("twin", "w", "bo", "Bo Lind", "da")
PLACE = Place("c1")


async def _shout(context: Context, ask: Ask) -> Replies:
    if ask.text == "fejl":
        raise RuntimeError("a defect")
    if ask.text == "nej":
        context.me.name = "Changed"
        await context.session.flush()
        raise Refusal("wishes.no_such", number=9)
    return [Post(f"k:{ask.text}", context.group.channel, message(Text(ask.text))), Whisper(message(Text("hørt")))]


ROOM = Capability("wishes", deeds=(Deed("wish.open_form", _shout),), words=(Word("wish", "wish.open_form"),))


@pytest.fixture
async def app(storage: Storage, clock: MovableClock) -> App:
    from bot.seals import Seals

    await make_group(storage, platform="twin", workspace="w", channel="c1")
    return App(storage, Seals([KEY]), Given(clock, Counter(), ZONE), (ROOM,))


def command(text: str, once: str = "") -> Command:
    return Command(sender=SENDER, place=PLACE, command="ønske", text=text, once=once)


def said(answer: Answer) -> list[str]:
    return [plain_text(shown) for shown in answer.whispers]


async def posts(app: App) -> list[str]:
    async with app.storage.read() as session:
        rows = await session.scalars(OutboxRow.__table__.select().with_only_columns(OutboxRow.key))
        return list(rows)


async def test_a_repetition_changes_nothing_and_gets_the_first_answer(app: App) -> None:
    first = await app.answer(command("hej", once="e1"))
    again = await app.answer(command("hej", once="e1"))
    assert said(first) == ["hørt"]
    assert again == first
    assert len(await posts(app)) == 1


async def test_the_same_delivered_many_times_at_once_happens_once(app: App) -> None:
    answers = await asyncio.gather(*(app.answer(command("hej", once="e1")) for _ in range(8)))
    assert len(await posts(app)) == 1
    assert {tuple(said(answer)) for answer in answers} <= {("hørt",), tuple(said(answers[0]))}


async def test_signs_that_no_database_keeps_are_left_out(app: App) -> None:
    await app.answer(command("a\0b \ud800ø 👍 a\u030a"))
    assert await posts(app) == ["1:k:ab ø 👍 å"]


async def test_a_refusal_keeps_nothing(app: App) -> None:
    answer = await app.answer(command("nej", once="e1"))
    assert said(answer) == ["Der er intet ønske #9. Skriv /ønske liste for at se dem alle."]
    assert said(await app.answer(command("hej", once="e1"))) == ["hørt"]


async def test_a_defect_gets_one_sentence_with_a_reference(app: App) -> None:
    answer = await app.answer(command("fejl"))
    assert "intet er gemt" in said(answer)[0]
    assert "nummeret" in said(answer)[0]
    assert await posts(app) == []


async def test_a_person_who_waits_too_long_is_told_to_try_again(app: App) -> None:
    async with app.storage.write() as session:
        if app.storage.is_sqlite:
            answer = await app.answer(command("hej"))
        else:
            from storage.queries.members import lock_group

            await lock_group(session, 1)
            answer = await app.answer(command("hej"))
    assert said(answer) == ["Der er travlt lige nu, og intet er gemt. Prøv igen om lidt."]
    assert await posts(app) == []


async def test_what_is_forged_gets_nothing(app: App) -> None:
    assert await app.answer(Press(sender=SENDER, place=PLACE, token="b.W10.AAAA")) == Answer()


async def test_everybody_is_told_in_their_own_language(app: App) -> None:
    english = dataclasses.replace(SENDER, locale="en-GB", user="other")
    answer = await app.answer(dataclasses.replace(command("nej"), sender=english))
    assert said(answer) == ["There is no wish #9. Write /ønske list to see them all."]


@pytest.mark.parametrize(
    "rooms", [(ROOM, ROOM), (Capability("x", deeds=(Deed("x.nobody_may", _shout),)),)], ids=["twice", "without a right"]
)
def test_a_table_of_contents_that_does_not_fit_stops_the_start(
    rooms: tuple[Capability, ...], clock: MovableClock
) -> None:
    from bot.seals import Seals

    with pytest.raises(ContentsWrong):
        App(None, Seals([KEY]), Given(clock, Counter(), ZONE), rooms)  # type: ignore[arg-type]
