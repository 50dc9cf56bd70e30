"""Finds everything that is stored about one person, in every table that any room has."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement, String, Table, Text, and_, cast, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from storage.base import Base
from storage.models.members import Person

FOREIGN = "local_"
"""What the local workspace's own tables begin with: they are what a chat server would keep, not the bot."""


async def collect_about(session: AsyncSession, person: Person) -> dict[str, list[dict[str, Any]]]:
    """Table → its rows that are about this person; tables without any are left out.

    A row is about somebody where a text of it is our id of them, where it is kept under the chat's id of them, where
    the log tells something of them, or where it waits to be sent to them alone. An id is random, so that to look for it
    in every column that could hold it finds what a room added since, and nothing else."""
    found: dict[str, list[dict[str, Any]]] = {}
    for table in Base.metadata.sorted_tables:
        conditions = list(_conditions(table, person))
        if table.name.startswith(FOREIGN) or not conditions:
            continue
        order = list(table.primary_key.columns)
        rows = (await session.execute(select(table).where(or_(*conditions)).order_by(*order))).mappings()
        if listed := [_without_files(dict(row)) for row in rows]:
            found[table.name] = listed
    return found


def _without_files(row: dict[str, Any]) -> dict[str, Any]:
    """A row with a file shows how large the file is: a file of everything would else hold all those before it, and be
    more than twice as large each time."""
    body = row.get("body")
    if not isinstance(body, dict) or "content" not in body:
        return row
    return row | {"body": body | {"content": f"{len(body['content'])} B"}}


def _conditions(table: Table, person: Person) -> Iterable[ColumnElement[bool]]:
    columns = table.columns
    for column in columns:
        if isinstance(column.type, String) and (column.type.length or 0) >= len(person.id):
            yield column == person.id
    if "user_id" in columns and "platform" in columns:
        yield and_(columns["user_id"] == person.user, columns["platform"] == person.platform)
    if table.name == "log":
        yield columns["subject"] == f"person:{person.id}"
        yield cast(columns["facts"], Text).contains(person.id, autoescape=True)
    if table.name == "outbox":
        yield columns["lane"] == f"{person.platform}/{person.workspace}/user:{person.user}"
