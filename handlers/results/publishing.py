"""Hands out the public log with all that is needed to count it again: one file for an auditor to download."""

from __future__ import annotations

import asyncio
import io
import pathlib
import zipfile

import locales
from handlers.context import Context
from handlers.decisions.chain import HEAD_SIGNS, START
from handlers.results.public_log import Public
from locales import long_moment
from storage.models.log import LogEntry
from storage.queries import log, members

_FOLDER = pathlib.Path(__file__).parent / "auditor"

SCRIPT, README, LOG, RECEIPTS = "recount.py", "LAESMIG.txt", "log.json", "kvitteringer.csv"


async def read_public(context: Context) -> Public:
    """The group's log, ready to be handed out, with the names that no text in it may hold."""
    group = context.group
    entries = await log.list_entries(context.session, group.id)
    ids = {one for entry in entries for one in _people_of(entry)}
    ids |= {held.person_id for held in await members.list_memberships(context.session, group.id)}
    people = await members.map_people(context.session, ids)
    return Public(group.short_name, group.product, context.now, entries, {one.name for one in people.values()})


def _people_of(entry: LogEntry) -> set[str]:
    """Our ids of the people in an entry."""
    told = {str(entry.facts.get(name) or "") for name in ("person", "chair", "confirmed_by")}
    return (told | {entry.person}) - {""}


async def bundle(context: Context) -> bytes:
    """The public log, its receipts, the script and what to do with them, as one zip file."""
    public = await read_public(context)
    return await asyncio.to_thread(_pack, public)


def _pack(public: Public) -> bytes:
    contents = {
        README: _fill((_FOLDER / README).read_text(encoding="utf-8"), public).encode(),
        LOG: public.to_json(),
        RECEIPTS: public.to_receipts(),
        SCRIPT: (_FOLDER / SCRIPT).read_bytes(),
    }
    file = io.BytesIO()
    stamp = public.at.astimezone(locales.zone()).timetuple()[:6]
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in contents.items():
            about = zipfile.ZipInfo(name, stamp)
            about.external_attr = 0o644 << 16  # readable for all on the machine where it is unpacked
            made.writestr(about, content, zipfile.ZIP_DEFLATED)
    return file.getvalue()


def _fill(readme: str, public: Public) -> str:
    """The readme in both languages, with line ends that every editor shows."""
    moments = {}
    for name, language in (("moment", "da"), ("moment_english", "en")):
        with locales.speaking(language):
            moments[name] = long_moment(public.at)
    head = (public.entries[-1].hash if public.entries else START)[:HEAD_SIGNS]
    return readme.format(product=public.product, head=head, **moments).replace("\n", "\r\n")
