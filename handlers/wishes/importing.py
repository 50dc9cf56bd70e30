"""Takes over a list of wishes from elsewhere: every row is either taken or reported with what is wrong with it."""

from __future__ import annotations

import csv
import io
import json
import pathlib
import zipfile
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from openpyxl import load_workbook
from sqlalchemy.ext.asyncio import AsyncSession

from handlers.chat.letters import storable
from handlers.chat.messages import Text, message
from handlers.chat.replies import Post, Replies
from handlers.context import Context
from handlers.decisions.chain import record
from handlers.wishes.rows import Known, Report, Row, check_rows, find_status
from locales import plural, translate
from storage.models.wishes import Wish
from storage.queries import members, wishes

Rows = list[tuple[int, dict[str, str]]]
"""Each with its line number."""


class UnreadableFile(Exception):
    """The file is not one of the kinds that can be imported; the text says what is wrong."""


def read_file(path: pathlib.Path) -> Rows:
    """The rows of a CSV, XLSX or GitHub-issue JSON file, each with its line number.

    Raises:
        UnreadableFile: it is none of these, or can't be read as what its ending says.
    """
    reader = _READERS.get(path.suffix.lower())
    if reader is None:
        raise UnreadableFile(translate("wishes.import.kind", file=path.name))
    try:
        rows = reader(path)
    except _UNREADABLE as error:
        raise UnreadableFile(translate("wishes.import.unreadable", file=path.name)) from error
    return [(line, {name: storable(value) for name, value in row.items()}) for line, row in rows]


def _read_csv(path: pathlib.Path) -> Rows:
    text = path.read_text(encoding="utf-8-sig")
    first = text.partition("\n")[0]
    delimiter = ";" if first.count(";") > first.count(",") else ","
    reader = csv.DictReader(io.StringIO(text), delimiter=delimiter)
    return [(reader.line_num, {name: value or "" for name, value in row.items() if name}) for row in reader]


def _read_xlsx(path: pathlib.Path) -> Rows:
    whole = io.BytesIO(path.read_bytes())  # a file that can't be read would be left open
    book = load_workbook(whole, read_only=True, data_only=True)
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


def _read_issues(path: pathlib.Path) -> Rows:
    """An issue that lacks something is a row like the others: the report says what is wrong with it."""
    read: Any = json.loads(path.read_text(encoding="utf-8"))
    rows = []
    for line, one in enumerate(read if isinstance(read, list) else [read], 1):
        issue: Mapping[str, Any] = one if isinstance(one, Mapping) else {}
        given = (label.get("name") if isinstance(label, Mapping) else label for label in issue.get("labels") or ())
        labels = [str(label) for label in given if label]
        closed = str(issue.get("state", "")).lower() == "closed"
        status = next((label for label in labels if find_status(label)), "Afsluttet" if closed else "Screening")
        topics = ", ".join(label for label in labels if find_status(label) is None)
        rows.append(
            (
                line,
                {
                    "nummer": str(issue.get("number") or ""),
                    "titel": str(issue.get("title") or ""),
                    "status": status,
                    "emner": topics,
                    "behov": str(issue.get("body") or ""),
                },
            )
        )
    return rows


_READERS: dict[str, Callable[[pathlib.Path], Rows]] = {".csv": _read_csv, ".xlsx": _read_xlsx, ".json": _read_issues}

_UNREADABLE = (ValueError, LookupError, TypeError, OSError, RecursionError, SyntaxError, csv.Error, zipfile.BadZipFile)
"""What reading a file comes to that is not what its ending says; what is no XML in a workbook is a `SyntaxError`."""


async def what_is_known(session: AsyncSession, group_id: int) -> Known:
    """What the group has already, which rows are held against."""
    there = await wishes.list_wishes(session, group_id)
    units = await members.list_units(session, group_id)
    return Known(
        numbers=frozenset(wish.number for wish in there),
        titles={(wish.title, wish.unit_name): wish.number for wish in there},
        units=tuple(unit.name for unit in units),
    )


async def import_wishes(context: Context, rows: Iterable[tuple[int, Mapping[str, str]]], source: str) -> Report:
    """Store the rows that can be taken, as wishes of the group; what happened is one entry in the log.

    Args:
        source: where they come from, as people call it.
    """
    known = await what_is_known(context.session, context.group.id)
    report = check_rows(rows, known)
    following = max([*known.numbers, *(row.number for row in report.taken)], default=0)
    stored: list[Wish] = []
    for row in report.taken:
        following += 0 if row.number else 1
        stored.append(_wish_of(context, row, row.number or following, source))
    context.session.add_all(stored)
    await context.session.flush()
    facts = {"source": source, "taken": len(report.taken), "refused": len(report.refused)}
    facts |= {"wishes": [facts_of(wish) for wish in stored]}
    await record(context, "wish.imported", "wishes", facts)
    return report


def facts_of(wish: Wish) -> dict[str, Any]:
    """What the log keeps of a wish that came in with others: enough to see whether somebody changed it since."""
    told = {"number": wish.number, "title": wish.title, "guess": wish.guess}
    return told | {"estimate": wish.estimate, "status": str(wish.status)}


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
        guess=row.guess,
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
