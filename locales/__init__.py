"""What the bot says: texts from the catalogs in the reader's language, and numbers, money and dates as they are written
there. The language and the time zone belong to the running task; whoever speaks to somebody else changes them."""

from __future__ import annotations

import contextlib
import datetime as dt
import functools
import gettext
import pathlib
import zoneinfo
from collections.abc import Iterable, Iterator
from contextvars import ContextVar

from babel import dates as babel_dates
from babel import lists as babel_lists
from babel import numbers as babel_numbers

LANGUAGES = ("da", "en")
DEFAULT = "da"
NO_BREAK = "\u00a0"
FOLDER = pathlib.Path(__file__).parent

_language: ContextVar[str] = ContextVar("language", default=DEFAULT)
_zone: ContextVar[zoneinfo.ZoneInfo] = ContextVar("zone", default=zoneinfo.ZoneInfo("Europe/Copenhagen"))  # noqa: B039 - immutable


class MissingText(LookupError):
    """A text is asked for that the catalogs do not have."""


def known_language(wanted: str, otherwise: str = DEFAULT) -> str:
    """The language of ours that fits a locale such as `da-DK` or `en_US`, else `otherwise`."""
    short = wanted.replace("_", "-").split("-")[0].lower()
    return short if short in LANGUAGES else otherwise


@contextlib.contextmanager
def speaking(language: str, zone: zoneinfo.ZoneInfo | None = None) -> Iterator[None]:
    """Texts within are in this language, and times in this zone."""
    was_language = _language.set(known_language(language))
    was_zone = _zone.set(zone) if zone else None
    try:
        yield
    finally:
        _language.reset(was_language)
        if was_zone:
            _zone.reset(was_zone)


def language() -> str:
    """The language that is spoken now."""
    return _language.get()


def zone() -> zoneinfo.ZoneInfo:
    """The time zone that is spoken of now."""
    return _zone.get()


def translate(key: str, /, **parameters: object) -> str:
    """The text with this key, its `{names}` filled in.

    Raises:
        MissingText: no catalog of the language has it.
    """
    return _fill(_catalog(_language.get()).gettext(key), key, parameters)


def plural(key: str, count: int, /, **parameters: object) -> str:
    """The text with this key in the form for `count`, which is `{count}` in it.

    Raises:
        MissingText: no catalog of the language has it.
    """
    found = _catalog(_language.get()).ngettext(key, key, count)
    return _fill(found, key, {"count": number(count)} | parameters)


def _fill(found: str, key: str, parameters: dict[str, object]) -> str:
    if found == key:
        raise MissingText(f"{key} ({_language.get()})")
    return found.format_map(parameters) if parameters else found


@functools.cache
def _catalog(spoken: str) -> gettext.NullTranslations:
    """All catalogs of one language as one; there is a file per room, so that each room owns its texts."""
    merged: gettext.GNUTranslations | None = None
    for path in sorted((FOLDER / spoken / "LC_MESSAGES").glob("*.mo")):
        with path.open("rb") as file:
            part = gettext.GNUTranslations(file)
        if merged is None:
            merged = part
        else:
            merged._catalog.update(part._catalog)  # type: ignore[attr-defined]
    if merged is None:
        raise MissingText(f"the catalogs of {spoken!r} are not compiled: run `make setup`")
    return merged


def number(value: int) -> str:
    """A whole number with the language's thousands mark."""
    return babel_numbers.format_decimal(value, locale=_language.get())


def money(ore: int) -> str:
    """Whole øre as `20.000 kr.` (`DKK 20,000` in English); øre are shown only where there are any."""
    decimals = "#,##0.00" if ore % 100 else "#,##0"
    amount = babel_numbers.format_decimal(
        abs(ore) / 100 if ore % 100 else abs(ore) // 100, decimals, locale=_language.get()
    )
    minus = "−" if ore < 0 else ""
    return f"{minus}{amount}{NO_BREAK}kr." if _language.get() == "da" else f"{minus}DKK{NO_BREAK}{amount}"


def long_date(day: dt.date | dt.datetime) -> str:
    """`3. august 2026`."""
    pattern = "d. MMMM y" if _language.get() == "da" else "d MMMM y"
    return babel_dates.format_date(_local_day(day), pattern, locale=_language.get())


def short_date(day: dt.date | dt.datetime) -> str:
    """`03.08.2026`."""
    pattern = "dd.MM.y" if _language.get() == "da" else "dd/MM/y"
    return babel_dates.format_date(_local_day(day), pattern, locale=_language.get())


def weekday(day: dt.date | dt.datetime) -> str:
    """`mandag`."""
    return babel_dates.format_date(_local_day(day), "EEEE", locale=_language.get())


def clock_time(moment: dt.datetime) -> str:
    """`kl. 13.05` (`13:05` in English), in the zone that is spoken of."""
    local = moment.astimezone(_zone.get())
    return f"kl.{NO_BREAK}{local:%H.%M}" if _language.get() == "da" else f"{local:%H:%M}"


def long_moment(moment: dt.datetime) -> str:
    """`mandag 3. august 2026 kl. 13.05`."""
    between = " " if _language.get() == "da" else " at "
    return f"{weekday(moment)} {long_date(moment)}{between}{clock_time(moment)}"


def join_words(words: Iterable[str]) -> str:
    """`Favrskov, Tønder og Bornholm`."""
    return babel_lists.format_list(list(words), locale=_language.get())


def join_choices(words: Iterable[str]) -> str:
    """`Favrskov, Tønder eller Bornholm`."""
    return babel_lists.format_list(list(words), style="or", locale=_language.get())


def local_day(moment: dt.datetime) -> dt.date:
    """The calendar day of a moment in the zone that is spoken of."""
    return moment.astimezone(_zone.get()).date()


def _local_day(day: dt.date | dt.datetime) -> dt.date:
    return local_day(day) if isinstance(day, dt.datetime) else day
