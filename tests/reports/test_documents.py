"""The group's document as every kind of file, opened by other programs than those that wrote it."""

from __future__ import annotations

import io
import zipfile
from xml.etree import ElementTree

import pytest
from icalendar import Calendar
from pypdf import PdfReader

import locales
from bot.clock import MovableClock
from bot.ids import new_id
from handlers.chat.messages import Facts, Heading, Item, Listing, Note, Quote, Table, Text
from handlers.context import Context
from handlers.reports.document import Document, all_writable
from handlers.reports.exports import export_group
from handlers.reports.markdown import to_markdown
from handlers.reports.pdf import to_pdf
from handlers.reports.word import to_word
from storage.enums import MeetingStatus
from storage.models.meetings import Meeting
from storage.models.members import Group, Person
from storage.models.wishes import Wish
from storage.queries import wishes
from storage.session import Storage
from tests.conftest import START
from tests.polls.rooms import PollRoom

WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
NASTY = "# |*b*| <x> #sys.inputs `c`\x0b\x01 [d](e) 1. =SUM(A1)"
"""What every kind of file would read as its own markup, or can't hold."""

DOCUMENT = all_writable(
    Document(
        "Om æøå & »gåseøjne«",
        "da",
        (
            Heading(NASTY),
            Text(f"{NASTY}\n- næste linje"),
            Note(NASTY),
            Quote(f"{NASTY}\n\n{NASTY}"),
            Facts((("Ramme", "250.000\N{NO-BREAK SPACE}kr."),)),
            Listing((Item(NASTY, "3 kommuner", mark="1."), Item("uden mærke"))),
            Table(("a", "b"), ((NASTY, ""), ("x", "y"))),
        ),
    )
)


@pytest.fixture
async def room(storage: Storage, clock: MovableClock) -> PollRoom:
    """A poll that one unit did not vote in, two meetings with and without minutes."""
    made = PollRoom(storage, clock)
    await made.begin()
    await made.open(3)
    await made.react("anna", "one")
    await made.react("bo", "two")
    await made.close()
    async with storage.write() as session:
        found = await wishes.find_wish(session, made.group_id, 1)
        assert found is not None
        found.title = "Streger | og *stjerner*"
        for number, status in ((1, MeetingStatus.HELD), (2, MeetingStatus.CANCELLED)):
            session.add(
                Meeting(
                    group_id=made.group_id,
                    number=number,
                    title="Kvartalsmøde",
                    starts_at=START.replace(month=number + 2),
                    minutes_long=60,
                    minutes="Vi talte om #1." if status is MeetingStatus.HELD else "",
                    status=status,
                    uid=f"{number}@oenskebot",
                    created_at=START,
                )
            )
    return made


async def exported(room: PollRoom, kind: str) -> bytes:
    nobody = Person(id="", platform="test", workspace="w", user="", name="", locale="", muted=False)
    async with room.storage.read() as session:
        group = await session.get(Group, room.group_id)
        context = Context(
            session=session, now=START, new_id=new_id, locale=locales.language(), me=nobody, known_group=group
        )
        return await export_group(context, kind)


def word_text(content: bytes) -> str:
    """The document's paragraphs, read from the XML itself."""
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        root = ElementTree.fromstring(packed.read("word/document.xml"))
    return "\n".join("".join(one.text or "" for one in part.iter(f"{WORD}t")) for part in root.iter(f"{WORD}p"))


def pdf_text(content: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)


READERS = {".md": bytes.decode, ".docx": word_text, ".pdf": pdf_text}


@pytest.mark.parametrize("kind", READERS)
@pytest.mark.parametrize(
    ("spoken", "sentences"),
    [
        (
            "da",
            (
                "Koordinationsgruppen for OS2test",
                "Økonomi 2026",
                "Resultat af afstemning 1: Prioritering",
                "2 af 3 kommuner har stemt.",
                "Har ikke stemt: Bornholm.",
                "Møde 2: Kvartalsmøde",
                "Aflyst",
                "Vi talte om #1.",
                "Loggens kontrolkode",
            ),
        ),
        (
            "en",
            (
                "The coordination group for OS2test",
                "Result of poll 1: Prioritering",
                "Did not vote: Bornholm.",
                "Cancelled",
                "Vi talte om #1.",
            ),
        ),
    ],
)
async def test_the_document_says_what_the_group_has(
    room: PollRoom, kind: str, spoken: str, sentences: tuple[str, ...]
) -> None:
    with locales.speaking(spoken):
        text = READERS[kind](await exported(room, kind))
    said = " ".join(text.split())
    assert [sentence for sentence in sentences if sentence not in said] == []
    assert "reports." not in said


async def test_the_calendar_has_every_meeting_and_says_which_is_cancelled(room: PollRoom) -> None:
    with locales.speaking("da"):
        calendar = Calendar.from_ical(await exported(room, ".ics"))
    events = [(str(one["uid"]), str(one["status"]), str(one["summary"])) for one in calendar.walk("VEVENT")]
    assert events == [
        ("1@oenskebot", "CONFIRMED", "OS2test: Kvartalsmøde"),
        ("2@oenskebot", "CANCELLED", "OS2test: Kvartalsmøde"),
    ]
    assert str(calendar["method"]) == "PUBLISH"


def test_markdown_reads_nothing_of_what_people_wrote_as_its_own() -> None:
    lines = to_markdown(DOCUMENT).decode().splitlines()
    safe = r"# \|\*b\*\| \<x\> #sys.inputs \`c\` \[d\](e) 1. =SUM(A1)"
    assert f"## \\{safe}" in lines
    assert rf"- 1\. {safe} – 3 kommuner" in lines
    assert f"| \\{safe} |  |" in lines
    assert r"\- næste linje" in lines
    assert lines.count(f"> \\{safe}") == 2


def test_word_has_headings_lists_and_tables_and_the_language() -> None:
    content = to_word(DOCUMENT)
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        body = packed.read("word/document.xml").decode()
        assert 'w:val="da-DK"' in packed.read("word/styles.xml").decode()
    assert [style in body for style in ('"Heading1"', '"ListBullet"', '"Quote"', "w:tblHeader")] == [True] * 4
    assert "# |*b*| <x> #sys.inputs `c` [d](e) 1. =SUM(A1)" in word_text(content)
    assert to_word(DOCUMENT) == content


def test_a_pdf_is_tagged_and_takes_no_text_for_its_own_markup() -> None:
    read = PdfReader(io.BytesIO(to_pdf(DOCUMENT)))
    catalog = read.trailer["/Root"]
    assert (catalog["/Lang"], catalog["/MarkInfo"]["/Marked"]) == ("da", True)  # type: ignore[index] # untyped objects
    assert read.metadata is not None
    assert read.metadata.title == DOCUMENT.title
    assert "#sys.inputs" in pdf_text(to_pdf(DOCUMENT))


@pytest.mark.parametrize("kind", [*READERS, ".ics"])
async def test_a_group_that_has_nothing_has_a_document_too(storage: Storage, clock: MovableClock, kind: str) -> None:
    room = PollRoom(storage, clock)
    await room.begin()
    with locales.speaking("da"):
        assert await exported(room, kind)
    async with storage.read() as session:
        assert await session.get(Wish, 1) is None


@pytest.mark.parametrize("sign", ["\N{PARTY POPPER}", "\N{CUNEIFORM SIGN A}", "\U000f0000"])
def test_a_sign_that_no_font_shows_keeps_no_pdf_back(sign: str) -> None:
    made = to_pdf(Document(f"Ønske {sign}", "da", (Text(f"før {sign} efter"),)))
    assert "efter" in pdf_text(made)
