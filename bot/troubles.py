"""What stopped a command, in one line for the administrator; a traceback is for what nobody foresaw."""

from __future__ import annotations

from sqlalchemy.exc import ArgumentError, DatabaseError, InterfaceError, NoSuchModuleError, OperationalError

from bot.upkeep import Failed
from locales import translate
from storage.schema import NewerSchema
from storage.session import UnknownDatabase

LONGEST_REASON = 200
"""Letters of what the database said that are told."""


def told(error: Exception) -> str | None:
    """The line, `None` for a defect."""
    if isinstance(error, Failed):
        return str(error)
    if isinstance(error, ArgumentError | NoSuchModuleError | UnknownDatabase):
        return translate("cli.database_address")
    if isinstance(error, NewerSchema):
        return translate("cli.schema_newer")
    if type(error) in (OperationalError, InterfaceError, DatabaseError):  # not those that say that a statement is wrong
        return translate("cli.database_failed", reason=_reason(error))
    if isinstance(error, OSError):
        denied = isinstance(error, PermissionError)
        return translate("cli.no_access", file=error.filename) if denied else error.strerror or str(error)
    return None


def _reason(error: Exception) -> str:
    """The first line of what the database itself said; the address with its password is never in it."""
    said = str(getattr(error, "orig", error)).strip().splitlines()
    return said[0][:LONGEST_REASON] if said else type(error).__name__
