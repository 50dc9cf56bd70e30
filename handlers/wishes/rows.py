"""Reads the rows of somebody's list of wishes: each is a wish, or is refused with what is wrong with it."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeVar

from handlers.chat.refusals import FieldRefusal
from handlers.inputs import read_amount, read_guess
from handlers.members.municipalities import find_municipality, fold, nearest_municipality
from handlers.wishes.rules import LONGEST_TEXT, LONGEST_TITLE
from locales import LANGUAGES, speaking, translate
from storage.enums import Urgency, WishStatus

W = TypeVar("W", bound=StrEnum)

BOARD_COLUMNS = {
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

COLUMNS = {
    "number": ("nummer", "number", "nr", "id", "#"),
    "title": ("titel", "title", "ønske", "navn"),
    "unit": ("kommune", "municipality"),
    "status": ("status", "state"),
    "urgency": ("prioritet", "hast", "urgency", "priority"),
    "estimate": ("estimat", "estimat (kr.)", "estimate", "estimate (dkk)", "pris"),
    "guess": ("skøn", "skøn (kr.)", "guess", "guess (dkk)"),
    "topics": ("emner", "topics", "labels"),
    "need": ("behov", "forretningsbehov", "need", "business need", "body"),
    "example": ("eksempel", "example"),
}
"""Our name of a column → the headings that it may have, those of our own export among them."""

BACKERS = ("støttes af", "supported by")
"""What our own export has that no list can give: support comes from each municipality itself."""

_RISKY = ("'=", "'+", "'-", "'@", "'\t", "'\r", "'\uff1d", "'\uff0b", "'\uff0d", "'\uff20")
"""How our own export begins a cell that a spreadsheet would run as a formula."""


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
    guess: int | None
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
    """`remarks` are sentences about what was taken otherwise than it was written."""

    taken: list[Row] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Known:
    """What rows are held against.

    Args:
        numbers: those that are taken.
        titles: title and municipality of each wish that is there → its number.
        units: the names of the group's units.
    """

    numbers: frozenset[int] = frozenset()
    titles: Mapping[tuple[str, str], int] = field(default_factory=dict)
    units: tuple[str, ...] = ()


def find_status(typed: str) -> WishStatus | None:
    """The status that a public board's column or the bot's own word for it means, in any of our languages."""
    return BOARD_COLUMNS.get(typed.casefold()) or _words("status", WishStatus).get(typed.casefold())


@functools.cache
def _words(kind: str, of: type[W]) -> dict[str, W]:
    found: dict[str, W] = {}
    for spoken in LANGUAGES:
        with speaking(spoken):
            found |= {translate(f"wishes.{kind}.{one}").casefold(): one for one in of}
    return found


def check_rows(rows: Iterable[tuple[int, Mapping[str, str]]], known: Known) -> Report:
    """Sort rows into those that can be taken and those that can't.

    Args:
        rows: line number and cells by heading.
        known: what the group has already.
    """
    return _Check(known).check(rows)


class _Check:
    """One file's rows against what is there and against one another."""

    def __init__(self, known: Known) -> None:
        self._known = known
        self._numbers = set(known.numbers)
        self._titles = {_same(title, unit): number for (title, unit), number in known.titles.items()}
        self._lines: dict[tuple[str, str], int] = {}
        self._units = {fold(unit): unit for unit in known.units}
        self._report = Report()
        self._said: set[str] = set()

    def check(self, rows: Iterable[tuple[int, Mapping[str, str]]]) -> Report:
        for line, cells in rows:
            self._look_at_headings(cells)
            try:
                row = self._read(line, {heading.strip().casefold(): _bare(text) for heading, text in cells.items()})
                self._refuse_repeated(row)
            except FieldRefusal as problem:
                self._report.refused.append(Refused(line, translate(problem.key, **problem.parameters)))
            else:
                self._numbers.add(row.number)
                self._lines[_same(row.title, row.unit)] = line
                self._report.taken.append(row)
        return self._report

    def _look_at_headings(self, cells: Mapping[str, str]) -> None:
        known = {heading for headings in COLUMNS.values() for heading in headings}
        for heading in cells:
            bare = heading.strip().casefold()
            if bare and bare not in known:
                key = "wishes.import.backers_left_out" if bare in BACKERS else "wishes.import.unknown_column"
                self._remark(translate(key, column=heading.strip()[:60]))

    def _remark(self, sentence: str) -> None:
        if sentence not in self._said:
            self._said.add(sentence)
            self._report.remarks.append(sentence)

    def _refuse_repeated(self, row: Row) -> None:
        if row.number and row.number in self._numbers:
            raise FieldRefusal("number", "wishes.import.number_taken", number=row.number)
        same = _same(row.title, row.unit)
        if same in self._lines:
            raise FieldRefusal("title", "wishes.import.twice", line=self._lines[same])
        if same in self._titles:
            key = "wishes.import.there_already_from" if row.unit else "wishes.import.there_already"
            raise FieldRefusal("title", key, unit=row.unit, number=self._titles[same])

    def _read(self, line: int, cells: Mapping[str, str]) -> Row:
        estimate, guess = _cell(cells, "estimate"), _cell(cells, "guess")
        return Row(
            line=line,
            number=_number(cells),
            title=_title(cells),
            unit=self._unit(_cell(cells, "unit")),
            status=_status(cells),
            urgency=_urgency(cells),
            estimate=read_amount(estimate, "estimate") if estimate else None,
            guess=read_guess(guess, "guess") if guess else None,
            topics=_cell(cells, "topics"),
            need=self._need(line, _cell(cells, "need")),
            example=_cell(cells, "example").casefold() in ("ja", "yes", "1", "eksempel"),
        )

    def _need(self, line: int, typed: str) -> str:
        """What is longer than the form of a wish takes could never be changed there again."""
        if len(typed) <= LONGEST_TEXT:
            return typed
        self._remark(translate("wishes.import.need_cut", line=line, length=len(typed), maximum=LONGEST_TEXT))
        return typed[: LONGEST_TEXT - 1].rstrip() + "…"

    def _unit(self, typed: str) -> str:
        """Whose wish it is: a municipality by its one name, or another organisation as it is written."""
        found = find_municipality(typed)
        if not typed or found is not None:
            return found.name if found else ""
        if fold(typed) in self._units:
            return self._units[fold(typed)]
        nearest = nearest_municipality(typed)
        if nearest is not None:
            raise FieldRefusal("unit", "wishes.import.unknown_unit", typed=typed[:60], nearest=nearest.name)
        self._remark(translate("wishes.import.other_unit", typed=typed[:60]))
        return typed


def _title(cells: Mapping[str, str]) -> str:
    title = " ".join(_cell(cells, "title").split())
    if not title:
        raise FieldRefusal("title", "wishes.import.no_title")
    if len(title) > LONGEST_TITLE:
        raise FieldRefusal("title", "inputs.text_too_long", maximum=LONGEST_TITLE, length=len(title))
    return title


def _number(cells: Mapping[str, str]) -> int:
    number = _cell(cells, "number").removeprefix("#")
    if number and not re.fullmatch(r"[1-9]\d{0,8}", number):
        raise FieldRefusal("number", "wishes.import.bad_number", typed=number[:40])
    return int(number or 0)


def _status(cells: Mapping[str, str]) -> WishStatus:
    typed = _cell(cells, "status")
    status = find_status(typed) if typed else WishStatus.SUBMITTED
    if status is None:
        raise FieldRefusal("status", "wishes.import.unknown_status", typed=typed[:60])
    return status


def _urgency(cells: Mapping[str, str]) -> Urgency | None:
    typed = _cell(cells, "urgency").casefold()
    urgency = _words("urgency", Urgency).get(typed)
    if typed and urgency is None:
        raise FieldRefusal("urgency", "wishes.import.unknown_urgency", typed=typed[:40])
    return urgency


def _cell(cells: Mapping[str, str], name: str) -> str:
    return next((cells[heading] for heading in COLUMNS[name] if cells.get(heading)), "")


def _bare(cell: str) -> str:
    return cell.strip().removeprefix("'") if cell.startswith(_RISKY) else cell.strip()


def _same(title: str, unit: str) -> tuple[str, str]:
    return fold(title), fold(unit)
