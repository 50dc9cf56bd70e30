"""Writes the group's document for Word: real headings, lists and tables, so that it can be edited and read aloud."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Sequence

import docx
from docx.document import Document as WordFile
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from handlers.chat.messages import Block, Facts, Heading, Listing, Note, Quote, Table, Text
from handlers.reports.document import Document, item_text

LANGUAGES = {"da": "da-DK", "en": "en-GB"}
LONG_AGO = dt.datetime(1980, 1, 1, tzinfo=dt.UTC)
"""When the file says that it was made, so that the same content is the same file."""


def to_word(document: Document) -> bytes:
    """The document as a .docx file (ECMA-376), its language set for the spelling check."""
    written = docx.Document()
    properties = written.core_properties
    properties.title, properties.author, properties.comments = document.title, "Ønskebot", ""
    properties.language = LANGUAGES[document.language]
    properties.created = properties.modified = LONG_AGO
    _set_language(written, LANGUAGES[document.language])
    written.add_heading(document.title, 0)
    for block in document.blocks:
        _write(written, block)
    file = io.BytesIO()
    written.save(file)
    return file.getvalue()


def _write(written: WordFile, block: Block) -> None:
    match block:
        case Heading(text):
            written.add_heading(text, 1)
        case Text(text):
            written.add_paragraph(text)
        case Note(text):
            written.add_paragraph().add_run(text).italic = True
        case Quote(text):
            written.add_paragraph(text, "Quote")
        case Facts(items):
            for label, value in items:
                paragraph = written.add_paragraph(style="List Bullet")
                paragraph.add_run(f"{label}: ").bold = True
                paragraph.add_run(value)
        case Listing(items):
            for item in items:
                written.add_paragraph(item_text(item), "List Paragraph" if item.mark else "List Bullet")
        case Table(header, rows):
            _write_table(written, [header, *rows])
        case _:
            return


def _write_table(written: WordFile, rows: Sequence[Sequence[str]]) -> None:
    """With a first row that is repeated on every page and known as the heading."""
    table = written.add_table(len(rows), len(rows[0]), "Table Grid")
    for row, cells in zip(table.rows, rows, strict=True):
        for cell, text in zip(row.cells, cells, strict=True):
            cell.text = text
    first = table.rows[0]
    first._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
    for cell in first.cells:
        cell.paragraphs[0].runs[0].bold = True


def _set_language(written: WordFile, code: str) -> None:
    for found in written.styles.element.iter(qn("w:lang")):
        found.set(qn("w:val"), code)
