"""Takes over a list of wishes from elsewhere: every row is either taken or reported with what is wrong with it."""

from __future__ import annotations

import csv
import io
import json
import pathlib
import re
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from openpyxl import load_workbook

from handlers.chat.messages import Text, message
from handlers.chat.refusals import FieldRefusal
from handlers.chat.replies import Post, Replies
from handlers.context import Context
from handlers.decisions.chain import record
from handlers.inputs import read_amount
from handlers.wishes.rules import LONGEST_TITLE
from locales import plural, translate
from storage.enums import Urgency, WishStatus
from storage.models.wishes import Wish
from storage.queries import wishes

STATUSES = {
    "nye ændringsønsker": WishStatus.SUBMITTED,
    "screening": WishStatus.SCREENING,
    "afventer løsningsbeskrivelse": WishStatus.NEEDS_ESTIMATE,
    "klar til prioritering": WishStatus.READY,
    "bestilt hos leverandør": WishStatus.STARTED,
    "igangværende": WishStatus.STARTED,
    "løsninger i test": WishStatus.STARTED,
    "løsninger i review": WishStatus.STARTED,
    "afsluttet": WishStatus.CLOSED,
    "won't fix": WishStatus.REJECTED,
}
"""What a real product's public board calls its columns → our statuses."""

URGENCIES = {
    "lav": Urgency.LOW,
    "mellem": Urgency.MEDIUM,
    "høj": Urgency.HIGH,
    "kritisk": Urgency.CRITICAL,
}

COLUMNS = {
    "number": ("nummer", "number", "nr", "id", "#"),
    "title": ("titel", "title", "ønske", "navn"),
    "unit": ("kommune", "municipality"),
    "status": ("status", "state"),
    "urgency": ("prioritet", "urgency", "priority"),
    "estimate": ("estimat", "estimate", "pris"),
    "topics": ("emner", "topics", "labels"),
    "need": ("behov", "forretningsbehov", "need", "body"),
    "example": ("eksempel", "example"),
}
"""Our name of a column → the headings that it may have."""


@dataclass(frozen=True, slots=True)
class Row:
    """One wish to take over; `number` is 0 where it gets the next one."""

    line: int
    number: int
    title: str
    unit: str
    status: WishStatus
    urgency: Urgency | None
    estimate: int | None
    topics: str
    need: str
    example: bool


@dataclass(frozen=True, slots=True)
class Refused:
    """A row that was not taken: its line in the file, and why, in the language that is spoken."""

    line: int
    why: str


@dataclass(frozen=True, slots=True)
class Report:
    taken: list[Row]
    refused: list[Refused]


class UnreadableFile(Exception):
    """The file is not one of the kinds that can be imported; the text says what is wrong."""


def read_file(path: pathlib.Path) -> list[tuple[int, dict[str, str]]]:
    """The rows of a CSV, XLSX or GitHub-issue JSON file, each with its line number.

    Raises:
        UnreadableFile: it is none of these, or can't be read as what its ending says.
    """
    try:
        match path.suffix.lower():
            case ".csv":
                return _read_csv(path.read_text(encoding="utf-8-sig"))
            case ".xlsx":
                return _read_xlsx(path)
            case ".json":
                return _read_issues(json.loads(path.read_text(encoding="utf-8")))
    except (ValueError, KeyError, TypeError, OSError, csv.Error, zipfile.BadZipFile) as error:
        raise UnreadableFile(translate("wishes.import.unreadable", file=path.name)) from error
    raise UnreadableFile(translate("wishes.import.kind", file=path.name))


def _read_csv(text: str) -> list[tuple[int, dict[str, str]]]:
    first = text.partition("\n")[0]
    delimiter = ";" if first.count(";") > first.count(",") else ","
    reader = csv.DictReader(io.StringIO(text), delimiter=delimiter)
    return [(reader.line_num, {name: value or "" for name, value in row.items() if name}) for row in reader]


def _read_xlsx(path: pathlib.Path) -> list[tuple[int, dict[str, str]]]:
    book = load_workbook(path, read_only=True, data_only=True)
    try:
        rows = list(book.worksheets[0].iter_rows(values_only=True))
    finally:
        book.close()
    if not rows:
        return []
    heading = ["" if cell is None else str(cell) for cell in rows[0]]
    return [
        (line, {name: "" if cell is None else str(cell) for name, cell in zip(heading, row, strict=False) if name})
        for line, row in enumerate(rows[1:], 2)
        if any(cell is not None for cell in row)
    ]


def _read_issues(issues: list[Mapping[str, Any]]) -> list[tuple[int, dict[str, str]]]:
    rows = []
    for line, issue in enumerate(issues, 1):
        labels = [label["name"] if isinstance(label, Mapping) else str(label) for label in issue.get("labels", [])]
        closed = str(issue.get("state", "")).lower() == "closed"
        status = next((label for label in labels if label.lower() in STATUSES), "Afsluttet" if closed else "Screening")
        topics = ", ".join(label for label in labels if label.lower() not in STATUSES)
        rows.append(
            (
                line,
                {
                    "nummer": str(issue["number"]),
                    "titel": str(issue["title"]),
                    "status": status,
                    "emner": topics,
                    "behov": str(issue.get("body") or "")[:3000],
                },
            )
        )
    return rows


def check_rows(rows: Iterable[tuple[int, Mapping[str, str]]], known: set[int]) -> Report:
    """Sort rows into those that can be taken and those that can't.

    Args:
        rows: line number and cells by heading.
        known: the numbers that the group has already.
    """
    report, numbers = Report([], []), set(known)
    for line, cells in rows:
        try:
            row = _read_row(line, {heading.strip().casefold(): text.strip() for heading, text in cells.items()})
            if row.number and row.number in numbers:
                raise FieldRefusal("number", "wishes.import.number_taken", number=row.number)
        except FieldRefusal as problem:
            report.refused.append(Refused(line, translate(problem.key, **problem.parameters)))
        else:
            numbers.add(row.number)
            report.taken.append(row)
    return report


def _read_row(line: int, cells: Mapping[str, str]) -> Row:
    title = " ".join(_cell(cells, "title").split())
    if not title:
        raise FieldRefusal("title", "wishes.import.no_title")
    if len(title) > LONGEST_TITLE:
        raise FieldRefusal("title", "inputs.text_too_long", maximum=LONGEST_TITLE, length=len(title))
    number, status = _cell(cells, "number").removeprefix("#"), _cell(cells, "status").casefold()
    if number and not re.fullmatch(r"[1-9]\d{0,8}", number):
        raise FieldRefusal("number", "wishes.import.bad_number", typed=number[:40])
    if status and status not in STATUSES:
        raise FieldRefusal("status", "wishes.import.unknown_status", typed=_cell(cells, "status")[:60])
    urgency, estimate = _cell(cells, "urgency").casefold(), _cell(cells, "estimate")
    if urgency and urgency not in URGENCIES:
        raise FieldRefusal("urgency", "wishes.import.unknown_urgency", typed=urgency[:40])
    return Row(
        line=line,
        number=int(number or 0),
        title=title,
        unit=_cell(cells, "unit"),
        status=STATUSES.get(status, WishStatus.SUBMITTED),
        urgency=URGENCIES.get(urgency),
        estimate=read_amount(estimate, "estimate") if estimate else None,
        topics=_cell(cells, "topics"),
        need=_cell(cells, "need"),
        example=_cell(cells, "example").casefold() in ("ja", "yes", "1", "eksempel"),
    )


def _cell(cells: Mapping[str, str], name: str) -> str:
    return next((cells[heading] for heading in COLUMNS[name] if cells.get(heading)), "")


async def import_wishes(context: Context, rows: Iterable[tuple[int, Mapping[str, str]]], source: str) -> Report:
    """Store the rows that can be taken, as wishes of the group; what happened is one entry in the log.

    Args:
        source: where they come from, as people call it.
    """
    known = {wish.number for wish in await wishes.list_wishes(context.session, context.group.id)}
    report = check_rows(rows, known)
    following = max([*known, *(row.number for row in report.taken)], default=0)
    for row in report.taken:
        following += 0 if row.number else 1
        context.session.add(_wish_of(context, row, row.number or following, source))
    await context.session.flush()
    facts = {"source": source, "taken": len(report.taken), "refused": len(report.refused)}
    await record(context, "wish.imported", "wishes", facts)
    return report


def _wish_of(context: Context, row: Row, number: int, source: str) -> Wish:
    return Wish(
        group_id=context.group.id,
        number=number,
        title=row.title,
        need=row.need,
        unit_name=row.unit,
        urgency=row.urgency,
        topics=row.topics,
        estimate=row.estimate,
        estimate_is_example=row.example,
        status=row.status,
        status_since=context.now,
        source=source,
        created_at=context.now,
    )


def import_message(context: Context, report: Report, source: str) -> Replies:
    """One message for the whole import."""
    with context.speaking_to_group():
        text = plural("wishes.import.told", len(report.taken), source=source)
    return [Post(f"wishes/import/{context.new_id()[:12]}", context.group.channel, message(Text(text)))]
