"""Writes the group's document as PDF that a screen reader can read (PDF/UA-1)."""

from __future__ import annotations

import json
from collections.abc import Iterable

from handlers.chat.messages import Block, Facts, Heading, Listing, Note, Quote, Table, Text
from handlers.reports.document import Document, item_text

_TEMPLATE = """
#let given = json(bytes(sys.inputs.document))
#set document(title: given.title)
#set page(paper: "a4", margin: 2.2cm, numbering: "1 / 1")
#set text(font: ("DejaVu Sans", "Liberation Sans", "Noto Sans", "Libertinus Serif"), size: 9.5pt, lang: given.language)
#show heading.where(level: 1): set text(size: 17pt)
#show heading.where(level: 2): it => block(above: 1.8em, below: 0.9em, text(size: 12.5pt, it.body))
#show table: set text(size: 8.5pt, hyphenate: true)
#show table.cell.where(y: 0): set text(weight: "bold", hyphenate: false)
#heading(level: 1, given.title)
#for part in given.parts {
  if part.kind == "heading" { heading(level: 2, part.text) }
  else if part.kind == "text" { par(part.text) }
  else if part.kind == "note" { par(emph(part.text)) }
  else if part.kind == "quote" { quote(block: true, part.text) }
  else if part.kind == "list" { list(..part.items) }
  else if part.kind == "places" { for item in part.items { par(item) } }
  else if part.kind == "table" {
    table(
      columns: part.widths.map(width => width * 1fr),
      stroke: 0.4pt + luma(120),
      table.header(..part.header),
      ..part.rows.flatten(),
    )
  }
}
"""


_WRAPPING = 2.5
"""A text of n letters asks for room for so many times the square root of n."""


def to_pdf(document: Document) -> bytes:
    """The document as PDF/UA-1, or as a common PDF where it holds a sign that no font of this machine can show. What
    people wrote is handed over as data, so that it is never read as markup."""
    import typst  # noqa: PLC0415 - it weighs much, and most programs never draw

    given = {
        "title": document.title,
        "language": document.language,
        "parts": [part for block in document.blocks for part in _parts(block)],
    }
    data = json.dumps(given, ensure_ascii=False)
    try:
        return _compile(data, for_readers=True)
    except typst.TypstError as error:
        if "could not be displayed" not in str(error):
            raise
        return _compile(data, for_readers=False)


def _compile(data: str, *, for_readers: bool) -> bytes:
    import typst  # noqa: PLC0415 - as above

    made = typst.compile(
        _TEMPLATE.encode(),
        format="pdf",
        pdf_standards=["ua-1"] if for_readers else [],
        sys_inputs={"document": data},
    )
    assert isinstance(made, bytes), "one file"
    return made


def _parts(block: Block) -> Iterable[dict[str, object]]:
    match block:
        case Heading(text):
            yield {"kind": "heading", "text": text}
        case Text(text):
            yield {"kind": "text", "text": text}
        case Note(text):
            yield {"kind": "note", "text": text}
        case Quote(text):
            yield {"kind": "quote", "text": text}
        case Facts(items):
            yield {"kind": "list", "items": [f"{label}: {value}" for label, value in items]}
        case Listing(items):
            kind = "places" if any(item.mark for item in items) else "list"
            yield {"kind": kind, "items": [item_text(item) for item in items]}
        case Table(header, rows):
            yield {"kind": "table", "header": header, "rows": rows, "widths": _widths((header, *rows))}
        case _:
            return


def _widths(rows: tuple[tuple[str, ...], ...]) -> list[float]:
    """How wide each column is, as shares: room for its longest word, and more for long texts, which wrap."""
    return [
        max(_longest(column, " ") + 3.0, _WRAPPING * _longest(column, "\n") ** 0.5)
        for column in zip(*rows, strict=True)
    ]


def _longest(texts: Iterable[str], between: str) -> int:
    return max(len(part) for text in texts for part in text.split(between))
