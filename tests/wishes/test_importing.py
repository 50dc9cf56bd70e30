"""Real lists are taken over row by row, and every row refused says why."""

from __future__ import annotations

import json
import pathlib

import pytest
from openpyxl import Workbook

import locales
from bot.sample.seed import WISHES
from handlers.wishes.importing import UnreadableFile, check_rows, read_file
from storage.enums import Urgency, WishStatus


def test_the_sample_is_taken_whole() -> None:
    report = check_rows(read_file(WISHES), set())
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
        ({"nummer": "1", "titel": "A" * 201}, "Der er plads til 200."),
    ],
)
def test_a_bad_row_is_refused_with_its_reason(cells: dict[str, str], why: str) -> None:
    with locales.speaking("da"):
        report = check_rows([(2, cells)], {7})
    assert report.taken == []
    assert report.refused[0].line == 2
    assert why in report.refused[0].why


def test_a_number_can_stand_only_once_in_a_file() -> None:
    report = check_rows([(2, {"nummer": "1", "titel": "A"}), (3, {"nummer": "1", "titel": "B"})], set())
    assert (len(report.taken), len(report.refused)) == (1, 1)


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
    sheet_row = check_rows(read_file(tmp_path / "a.xlsx"), set()).taken[0]
    issue_row = check_rows(read_file(tmp_path / "b.json"), set()).taken[0]
    csv_row = check_rows(read_file(tmp_path / "c.csv"), set()).taken[0]
    assert (sheet_row.number, sheet_row.title, sheet_row.unit) == (12, "Vis mail", "Tønder")
    assert (issue_row.number, issue_row.status, issue_row.need) == (5, WishStatus.CLOSED, "Se her")
    assert (csv_row.number, csv_row.title, csv_row.status) == (0, "Et ønske", WishStatus.SCREENING)


@pytest.mark.parametrize(("name", "content"), [("a.xlsx", b"not a workbook"), ("b.json", b"{"), ("c.pdf", b"%PDF")])
def test_a_file_that_is_something_else(tmp_path: pathlib.Path, name: str, content: bytes) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(UnreadableFile):
        read_file(tmp_path / name)
