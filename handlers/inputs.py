"""Reads what people type: amounts, dates, times; what may mean two things is asked about, never guessed."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from decimal import Decimal

from handlers.chat.letters import is_seen
from handlers.chat.refusals import FieldRefusal

LARGEST_KRONER = 10**10
"""Ten billion kroner: more is a slip of the finger."""

MONTHS = (
    ("januar", "january", "jan"),
    ("februar", "february", "feb"),
    ("marts", "march", "mar"),
    ("april", "apr"),
    ("maj", "may"),
    ("juni", "june", "jun"),
    ("juli", "july", "jul"),
    ("august", "aug"),
    ("september", "sep", "sept"),
    ("oktober", "october", "okt", "oct"),
    ("november", "nov"),
    ("december", "dec"),
)

_VAT = re.compile(r"[\s,(]*(ekskl|eksklusive|excl|excluding|ex)\.?\s*(moms|vat)[.)]*\s*$", re.IGNORECASE)
"""Every amount is without VAT here, so it may be said; `inkl. moms` is another amount and is not read."""

_UNIT = re.compile(r"\s*(kr\.?|kroner|dkk|,-|\.-)\s*$", re.IGNORECASE)
_LEADING_UNIT = re.compile(r"^\s*(kr\.?|dkk)\s*", re.IGNORECASE)
_SCALES = {
    "t.": 1_000,
    "t": 1_000,
    "mio": 1_000_000,
    "mio.": 1_000_000,
    "mill": 1_000_000,
    "mill.": 1_000_000,
    "mia": 1_000_000_000,
    "mia.": 1_000_000_000,
}
_ONE_POINT = re.compile(r"(?P<whole>\d{1,10})\.(?P<part>\d{1,9})", re.ASCII)
_ENGLISH = re.compile(r"\d{1,3}(,\d{3})+(\.\d{1,2})?", re.ASCII)
_MAYBE_HOURS = re.compile(r"([\d., ]*\d)\s*t\.?", re.IGNORECASE | re.ASCII)
"""Thousands of kroner, or hours to a supplier; `25 t.kr.` says which."""

_ABOUT = re.compile(r"^\s*(?:ca\.?|cirka|circa|omkring|about|approx\.?|around|~)\s*", re.IGNORECASE)
_SCALE = re.compile(r"\s*(t\.?|mio\.?|mill\.?|mia\.?)$", re.IGNORECASE)
_WHOLE = re.compile(r"\d+|\d{1,3}(\.\d{3})+|\d{1,3}( \d{3})+", re.ASCII)
_DECIMALS = re.compile(r"(?P<whole>\d+|\d{1,3}(\.\d{3})+|\d{1,3}( \d{3})+),(?P<part>\d{1,2})", re.ASCII)


def read_amount(typed: str, field: str) -> int:
    """An amount of money as it is written in Danish, in whole øre.

    `16.500kr`, `16.500 DKK`, `16 500 kr`, `16500`, `16.500,50` and `1,2 mio.` are understood; `16.500` is
    sixteen thousand five hundred. `16.5` may mean two things and is refused with an example.

    Args:
        typed: what a person wrote.
        field: the field that a refusal is shown at.

    Raises:
        FieldRefusal: it is no amount, is negative, or may mean two things.
    """
    text = " ".join(unicodedata.normalize("NFKC", typed).replace("\u202f", " ").split())
    text = _VAT.sub("", text)
    _check_hours(text, field)
    text = _LEADING_UNIT.sub("", text)
    if re.match(r"^[-−–]\s*\d", text):
        raise FieldRefusal(field, "inputs.amount_negative")
    scale, text = _scale_of(_UNIT.sub("", text))
    text = _UNIT.sub("", text).strip()
    kroner = _number(text)
    if kroner is None or (scale > 1 and _ONE_POINT.fullmatch(text)):
        raise _misread(text, scale, typed.strip()[:40], field)
    ore = kroner * scale * 100
    if ore != int(ore):
        raise FieldRefusal(field, "inputs.amount_unreadable", typed=typed.strip()[:40])
    if kroner * scale > LARGEST_KRONER:
        raise FieldRefusal(field, "inputs.amount_too_large")
    return int(ore)


def read_guess(typed: str, field: str) -> int:
    """An amount that is said to be a guess: `ca. 20.000` too.

    Raises:
        FieldRefusal: as `read_amount`.
    """
    return read_amount(_ABOUT.sub("", typed), field)


def _check_hours(text: str, field: str) -> None:
    found = _MAYBE_HOURS.fullmatch(text)
    kroner = _number(found[1]) if found else None
    if found and kroner is not None:
        thousands = _grouped(int(kroner * 1000))
        raise FieldRefusal(field, "inputs.amount_or_hours", typed=text[:40], hours=found[1], kroner=thousands)


def _misread(text: str, scale: int, typed: str, field: str) -> FieldRefusal:
    """What is wrong with an amount that can't be read, with the person's own number as it could be written."""
    readings = _scaled_readings(text, scale, typed) if scale > 1 else _readings(text)
    if not readings:
        return FieldRefusal(field, "inputs.amount_unreadable", typed=typed)
    if len(readings) == 1:
        return FieldRefusal(field, "inputs.amount_misleading", typed=typed, right=readings[0])
    return FieldRefusal(field, "inputs.amount_ambiguous", typed=typed, one=readings[0], other=readings[1])


def _scaled_readings(text: str, scale: int, typed: str) -> tuple[str, ...]:
    """`1.2 mio.` is 1,2 of them; `1.250 mio.` is that, or a thousand times as much."""
    found = _ONE_POINT.fullmatch(text.replace(",", "."))
    if found is None:
        return ()
    exact = Decimal(f"{found['whole']}.{found['part']}") * scale
    if len(found["part"]) < 3:
        return (typed.replace(".", ",", 1).rstrip("."),)
    if exact != int(exact):
        return ()
    return (_grouped(int(exact) * 1000), _grouped(int(exact))) if len(found["part"]) == 3 else (_grouped(int(exact)),)


def _readings(text: str) -> tuple[str, ...]:
    """What a number with its points and commas in the wrong places may mean, as it is written in Danish."""
    if _ENGLISH.fullmatch(text) and (text.count(",") > 1 or "." in text):
        return (text.translate(str.maketrans(",.", ".,")),)
    found = _ONE_POINT.fullmatch(text.replace(",", "."))
    if found is None:
        return ()
    whole, part = found["whole"], found["part"]
    thousands = f"{whole}.{part:0<3}" if len(whole) <= 3 and whole != "0" and len(part) <= 3 else ""
    if "." in text and (len(part) > 3 or (len(part) == 3 and len(whole) > 3)):
        thousands = _grouped(int(whole + part))
    decimals = f"{_grouped(int(whole))},{part[:2]:0<2}" if len(part) <= 2 or part[2:] == "0" else ""
    return tuple(reading for reading in (thousands, decimals) if reading)


def _grouped(kroner: int) -> str:
    return f"{kroner:,}".replace(",", ".")


def _scale_of(text: str) -> tuple[int, str]:
    found = _SCALE.search(text)
    if found is None:
        return 1, text
    return _SCALES[found.group(1).lower()], text[: found.start()]


def _number(text: str) -> Decimal | None:
    if _WHOLE.fullmatch(text):
        return Decimal(re.sub(r"[. ]", "", text))
    found = _DECIMALS.fullmatch(text)
    if found is None:
        return None
    return Decimal(re.sub(r"[. ]", "", found["whole"]) + "." + found["part"])


def read_date(typed: str, field: str, today: dt.date) -> dt.date:
    """A calendar day: `2026-08-03`, `3.8.2026`, `3/8`, `3. august`, `3. august 2026`. Without a year it is the next
    such day from `today` on.

    Raises:
        FieldRefusal: it is no date, or there is no such day.
    """
    text = typed.strip().lower()
    try:
        if found := re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})", text):
            return dt.date(int(found[1]), int(found[2]), int(found[3]))
        if found := re.fullmatch(r"(\d{1,2})[./-]\s?(\d{1,2})(?:[./-]\s?(\d{4}))?\.?", text):
            return _day(int(found[1]), int(found[2]), found[3], today)
        if found := re.fullmatch(r"(\d{1,2})\.?\s+([a-zæøå]+)\.?(?:\s+(\d{4}))?", text):
            month = next((number for number, names in enumerate(MONTHS, 1) if found[2] in names), 0)
            return _day(int(found[1]), month, found[3], today)
    except ValueError as error:
        raise FieldRefusal(field, "inputs.no_such_day", typed=typed.strip()[:40]) from error
    raise FieldRefusal(field, "inputs.date_unreadable", typed=typed.strip()[:40])


def _day(day: int, month: int, year: str | None, today: dt.date) -> dt.date:
    if year:
        return dt.date(int(year), month, day)
    this_year = dt.date(today.year, month, day)
    return this_year if this_year >= today else dt.date(today.year + 1, month, day)


def read_time(typed: str, field: str) -> dt.time:
    """A time of day: `13.05`, `13:05`, `kl. 13`, `9`.

    Raises:
        FieldRefusal: it is none.
    """
    found = re.fullmatch(r"(?:kl\.?\s*)?(\d{1,2})(?:[.:](\d{2}))?", typed.strip().lower())
    if found is None or int(found[1]) > 23 or int(found[2] or 0) > 59:
        raise FieldRefusal(field, "inputs.time_unreadable", typed=typed.strip()[:40])
    return dt.time(int(found[1]), int(found[2] or 0))


def read_text(typed: str, field: str, maximum: int, *, required: bool = False) -> str:
    """A text without blanks around it; one that shows nothing is empty.

    Raises:
        FieldRefusal: it is empty where something is needed, or longer than `maximum` letters.
    """
    text = typed.strip() if is_seen(typed) else ""
    if required and not text:
        raise FieldRefusal(field, "inputs.text_missing")
    if len(text) > maximum:
        raise FieldRefusal(field, "inputs.text_too_long", maximum=maximum, length=len(text))
    return text


def read_count(typed: str, field: str, least: int, most: int) -> int:
    """A whole number within bounds.

    Raises:
        FieldRefusal: it is none, or outside them.
    """
    text = typed.strip()
    if not re.fullmatch(r"[0-9]{1,9}", text) or not least <= int(text) <= most:
        raise FieldRefusal(field, "inputs.count_wrong", typed=text[:40] or "–", least=least, most=most)
    return int(text)
