"""What the group has, as files: wishes for a spreadsheet, everything as JSON for filing, a document to read and sign,
the meetings for a calendar, and the public log."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

from openpyxl import Workbook

from handlers.context import Context
from handlers.decisions.chain import head
from handlers.meetings.calendar import calendar_of
from handlers.reports.document import writable
from handlers.reports.gathering import gather
from handlers.reports.markdown import to_markdown
from handlers.reports.pdf import to_pdf
from handlers.reports.word import to_word
from handlers.results.publishing import bundle, read_public
from locales import translate, zone
from storage.models.log import LogEntry
from storage.models.wishes import Wish
from storage.queries import log, meetings, wishes

KINDS = (".csv", ".xlsx", ".json", ".md", ".docx", ".pdf", ".ics", ".zip")
PUBLIC_KINDS = (".json", ".zip")
"""The kinds that there is a public log in."""

WRITERS = {".md": to_markdown, ".docx": to_word, ".pdf": to_pdf}
"""The kinds that the group's document is written as."""

COLUMNS = ("number", "title", "municipality", "status", "urgency", "estimate", "guess", "topics", "backers", "need")
NUMBERS = frozenset({"number", "estimate", "guess"})
_RISKY = ("=", "+", "-", "@", "\t", "\r", "\uff1d", "\uff0b", "\uff0d", "\uff20")  # the last four are the first, wide


async def export_group(context: Context, kind: str, *, public: bool = False) -> bytes:
    """The group's file of this kind; `kind` is one of `KINDS`. A `.zip` is always
    the public log with all that counts it again, a `.json` only the public log where `public`."""
    if kind == ".zip":
        return await bundle(context)
    if public:
        return (await read_public(context)).to_json()
    if kind == ".ics":
        held = await meetings.list_all_meetings(context.session, context.group.id)
        return calendar_of(held, context.group.product, zone(), context.now)
    if kind in WRITERS:
        return WRITERS[kind](await gather(context))
    found = await wishes.list_wishes(context.session, context.group.id)
    if kind in (".csv", ".xlsx"):
        backing = await wishes.map_backing_units(context.session, [wish.id for wish in found])
        return (_csv if kind == ".csv" else _xlsx)(found, backing)
    entries = await log.list_entries(context.session, context.group.id)
    content = {
        "group": {"short_name": context.group.short_name, "product": context.group.product},
        "exported_at": context.now.isoformat(),
        "chain_head": await head(context.session, context.group.id),
        "wishes": [_wish_data(wish) for wish in found],
        "log": [_entry_data(entry) for entry in entries],
    }
    return json.dumps(content, ensure_ascii=False, indent=1).encode()


def _csv(found: list[Wish], backing: dict[int, list[str]]) -> bytes:
    """With a byte-order mark and semicolons, as a Danish spreadsheet opens it by itself."""
    file = io.StringIO()
    writer = csv.writer(file, delimiter=";", lineterminator="\r\n")
    writer.writerow([translate(f"reports.column.{name}") for name in COLUMNS])
    for wish in found:
        writer.writerow([harmless(cell) for cell in _cells(wish, backing.get(wish.id, []))])
    return b"\xef\xbb\xbf" + file.getvalue().encode()


def _xlsx(found: list[Wish], backing: dict[int, list[str]]) -> bytes:
    """The same rows as a workbook, where whole numbers and whole kroner are numbers."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(translate("reports.sheet"))
    sheet.append([translate(f"reports.column.{name}") for name in COLUMNS])
    for wish in found:
        cells = _cells(wish, backing.get(wish.id, []))
        sheet.append([_typed(name, writable(cell)) for name, cell in zip(COLUMNS, cells, strict=True)])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _typed(column: str, cell: str) -> str | int:
    return int(cell) if column in NUMBERS and cell.isdigit() else harmless(cell)


def _cells(wish: Wish, backers: list[str]) -> list[str]:
    return [
        str(wish.number),
        wish.title,
        wish.unit_name,
        translate(f"wishes.status.{wish.status}"),
        translate(f"wishes.urgency.{wish.urgency}") if wish.urgency else "",
        kroner(wish.estimate),
        kroner(wish.guess),
        wish.topics,
        ", ".join(backers),
        wish.need,
    ]


def kroner(ore: int | None) -> str:
    """Øre as kroner with a decimal comma, as a Danish spreadsheet counts with; empty for none."""
    if ore is None:
        return ""
    return str(ore // 100) if ore % 100 == 0 else f"{ore // 100},{ore % 100:02d}"


def harmless(cell: str) -> str:
    """A cell that no spreadsheet runs as a formula: OWASP's advice, an apostrophe before what begins like one."""
    return f"'{cell}" if cell.startswith(_RISKY) else cell


def _wish_data(wish: Wish) -> dict[str, Any]:
    return {
        "number": wish.number,
        "title": wish.title,
        "need": wish.need,
        "description": wish.description,
        "benefit": wish.benefit,
        "kind": wish.kind,
        "urgency": wish.urgency,
        "municipality": wish.unit_name,
        "status": wish.status,
        "status_since": wish.status_since.isoformat(),
        "estimate_ore": wish.estimate,
        "estimate_is_example": wish.estimate_is_example,
        "guess_ore": wish.guess,
        "topics": wish.topics,
        "merged_into": wish.merged_into,
        "submitter": wish.submitter_id,
        "source": wish.source,
    }


def _entry_data(entry: LogEntry) -> dict[str, Any]:
    return {
        "number": entry.number,
        "at": entry.at.isoformat(timespec="microseconds"),
        "kind": entry.kind,
        "subject": entry.subject,
        "person": entry.person,
        "decision": entry.decision,
        "facts": entry.facts,
        "before": entry.before,
        "hash": entry.hash,
        "form": entry.form,
        "salt": entry.salt,
    }
