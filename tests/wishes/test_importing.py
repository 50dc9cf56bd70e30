"""Real lists are taken over row by row, and every row refused says why."""

from __future__ import annotations

import json
import pathlib
import zipfile

import pytest
from openpyxl import Workbook

import locales
from bot.sample.seed import WISHES
from handlers.wishes.importing import UnreadableFile, read_file
from handlers.wishes.rows import Known, check_rows
from storage.enums import Urgency, WishStatus

KNOWN = Known(frozenset({7, 8}), {("Vis mail", "Tønder"): 7, ("Log ind", ""): 8}, ("Region Nordjylland",))


def test_the_sample_is_taken_whole() -> None:
    report = check_rows(read_file(WISHES), Known())
    assert len(report.taken) == 72
    assert report.refused == []
    by_number = {row.number: row for row in report.taken}
    assert by_number[58].status is WishStatus.READY
    assert by_number[58].estimate == 325_000
    assert by_number[94].urgency is Urgency.CRITICAL
    assert by_number[61].status is WishStatus.STARTED
    assert by_number[6].status is WishStatus.REJECTED


@pytest.mark.parametrize(
    ("cells", "why"),
    [
        ({"nummer": "1", "titel": ""}, "Titlen mangler."),
        ({"nummer": "x", "titel": "A"}, "»x« er ikke et nummer."),
        ({"nummer": "7", "titel": "A"}, "Nummer 7 er optaget."),
        ({"nummer": "1", "titel": "A", "status": "Flyver"}, "Jeg kender ikke status »Flyver«."),
        ({"nummer": "1", "titel": "A", "prioritet": "Mega"}, "Jeg kender ikke prioritet »mega«."),
        ({"nummer": "1", "titel": "A", "estimat": "16.5"}, "»16.5« kan betyde to ting."),
        ({"titel": "A", "kommune": "Favskov"}, "Jeg kender ingen kommune, der hedder »Favskov«. Mente du Favrskov?"),
        ({"titel": "A", "kommune": "Lyngby"}, "Mente du Lyngby-Taarbæk?"),
        ({"titel": "vis  MAIL", "kommune": "toender kommune"}, "et ønske med den titel fra Tønder (#7)."),
        ({"titel": "Log ind"}, "Der er allerede et ønske med den titel (#8)."),
        ({"nummer": "1", "titel": "A" * 201}, "Der er plads til 200."),
    ],
)
def test_a_bad_row_is_refused_with_its_reason(cells: dict[str, str], why: str) -> None:
    with locales.speaking("da"):
        report = check_rows([(2, cells)], KNOWN)
    assert report.taken == []
    assert report.refused[0].line == 2
    assert why in report.refused[0].why


def test_a_need_longer_than_a_wish_takes_is_cut_and_said_so() -> None:
    with locales.speaking("da"):
        report = check_rows(
            [(2, {"titel": "A", "behov": "ord " * 2_500}), (3, {"titel": "B", "behov": "x" * 3_000})], KNOWN
        )
    assert [len(row.need) for row in report.taken] == [3_000, 3_000]
    assert report.taken[0].need.endswith("…")
    assert report.remarks == [
        "Række 2: behovet er på 9999 tegn. De første 3000 er taget med; mere er der ikke plads til i et ønske."
    ]


def test_a_number_can_stand_only_once_in_a_file() -> None:
    report = check_rows([(2, {"nummer": "1", "titel": "A"}), (3, {"nummer": "1", "titel": "B"})], Known())
    assert (len(report.taken), len(report.refused)) == (1, 1)


def test_a_wish_can_stand_only_once_in_a_file() -> None:
    rows = [(2, {"titel": "A", "kommune": "Tønder"}), (3, {"titel": "a", "kommune": "Toender"}), (4, {"titel": "A"})]
    report = check_rows(rows, KNOWN)
    assert [row.line for row in report.taken] == [2, 4]
    assert [(one.line, one.why) for one in report.refused] == [(3, "Det samme ønske står i række 2.")]


@pytest.mark.parametrize("spoken", locales.LANGUAGES)
def test_every_word_that_the_bot_writes_is_read_again(spoken: str) -> None:
    with locales.speaking(spoken):
        statuses = [locales.translate(f"wishes.status.{one}") for one in WishStatus]
        urgencies = [locales.translate(f"wishes.urgency.{one}") for one in Urgency]
    rows = [(line, {"title": f"{line}", "status": word}) for line, word in enumerate(statuses)]
    assert [row.status for row in check_rows(rows, KNOWN).taken] == list(WishStatus)
    rows = [(line, {"title": f"{line}", "urgency": word}) for line, word in enumerate(urgencies)]
    assert [row.urgency for row in check_rows(rows, KNOWN).taken] == list(Urgency)


def test_what_is_taken_otherwise_than_it_is_written_is_said_once() -> None:
    cells = {"titel": "A", "Hvem": "Bo", "Kommune": "Ikke kommune"}
    report = check_rows([(2, cells), (3, cells | {"titel": "B"}), (4, {"titel": "C", "Kommune": "KL"})], KNOWN)
    assert [row.unit for row in report.taken] == ["Ikke kommune", "Ikke kommune", "KL"]
    assert report.remarks == [
        "Kolonnen »Hvem« kender jeg ikke; den er ikke taget med.",
        "»Ikke kommune« er ingen kommune, jeg kender. Det står, som det er skrevet.",
        "»KL« er ingen kommune, jeg kender. Det står, som det er skrevet.",
    ]


def test_a_unit_of_the_group_is_taken_by_its_own_name() -> None:
    report = check_rows([(2, {"titel": "A", "kommune": "region nordjylland"})], KNOWN)
    assert (report.taken[0].unit, report.remarks) == ("Region Nordjylland", [])


def test_a_spreadsheet_and_a_list_of_issues_are_read_too(tmp_path: pathlib.Path) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["Nummer", "Titel", "Kommune"])
    sheet.append([12, "Vis mail", "Tønder"])
    book.save(tmp_path / "a.xlsx")
    issues = [{"number": 5, "title": "Fejl", "state": "closed", "labels": [{"name": "ui"}], "body": "Se her"}]
    (tmp_path / "b.json").write_text(json.dumps(issues), encoding="utf-8")
    (tmp_path / "c.csv").write_bytes("\ufeffTitel;Status\nEt ønske;Screening\n".encode())
    sheet_row = check_rows(read_file(tmp_path / "a.xlsx"), Known()).taken[0]
    issue_row = check_rows(read_file(tmp_path / "b.json"), Known()).taken[0]
    csv_row = check_rows(read_file(tmp_path / "c.csv"), Known()).taken[0]
    assert (sheet_row.number, sheet_row.title, sheet_row.unit) == (12, "Vis mail", "Tønder")
    assert (issue_row.number, issue_row.status, issue_row.need) == (5, WishStatus.CLOSED, "Se her")
    assert (csv_row.number, csv_row.title, csv_row.status) == (0, "Et ønske", WishStatus.SCREENING)


def test_an_issue_that_lacks_something_is_a_row_of_its_own(tmp_path: pathlib.Path) -> None:
    issues = [{"number": 5, "title": "Fejl", "labels": None}, {"number": 6, "labels": [{"color": "f00"}]}, "tekst"]
    (tmp_path / "b.json").write_text(json.dumps(issues), encoding="utf-8")
    (tmp_path / "one.json").write_text(json.dumps(issues[0]), encoding="utf-8")
    report = check_rows(read_file(tmp_path / "b.json"), Known())
    assert [row.number for row in report.taken] == [5]
    assert [(row.line, row.why) for row in report.refused] == [(2, "Titlen mangler."), (3, "Titlen mangler.")]
    assert [row.number for row in check_rows(read_file(tmp_path / "one.json"), Known()).taken] == [5]


@pytest.mark.parametrize(("name", "content"), [("a.xlsx", b"not a workbook"), ("b.json", b"{"), ("c.pdf", b"%PDF")])
def test_a_file_that_is_something_else(tmp_path: pathlib.Path, name: str, content: bytes) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(UnreadableFile):
        read_file(tmp_path / name)


@pytest.mark.parametrize(
    ("part", "content"),
    [
        ("xl/worksheets/sheet1.xml", b"<worksheet><a"),
        ("xl/worksheets/sheet1.xml", None),
        ("xl/workbook.xml", b"\0"),
        ("[Content_Types].xml", None),
    ],
)
def test_a_workbook_that_is_damaged_within(tmp_path: pathlib.Path, part: str, content: bytes | None) -> None:
    book = Workbook()
    book.active.append(["titel", "behov"])  # type: ignore[union-attr] # a new book has a sheet
    book.save(tmp_path / "whole.xlsx")
    with zipfile.ZipFile(tmp_path / "whole.xlsx") as whole, zipfile.ZipFile(tmp_path / "a.xlsx", "w") as damaged:
        for name in whole.namelist():
            if name != part:
                damaged.writestr(name, whole.read(name))
        if content is not None:
            damaged.writestr(part, content)
    with locales.speaking("da"), pytest.raises(UnreadableFile, match=r"a\.xlsx kan ikke læses"):
        read_file(tmp_path / "a.xlsx")


def test_a_list_of_lists_without_end(tmp_path: pathlib.Path) -> None:
    (tmp_path / "deep.json").write_text("[" * 100_000, encoding="utf-8")
    with locales.speaking("da"), pytest.raises(UnreadableFile, match=r"deep\.json kan ikke læses"):
        read_file(tmp_path / "deep.json")


def test_letters_that_no_database_keeps_are_left_out(tmp_path: pathlib.Path) -> None:
    (tmp_path / "a.csv").write_text("titel;behov\nVis\0 mail\u202e;Ha\u030and\x1b\n", encoding="utf-8")
    (tmp_path / "b.json").write_text(json.dumps([{"title": "Vis \ud83dmail"}]), encoding="utf-8")
    assert read_file(tmp_path / "a.csv") == [(2, {"titel": "Vis mail", "behov": "Hånd"})]
    assert read_file(tmp_path / "b.json")[0][1]["titel"] == "Vis mail"
