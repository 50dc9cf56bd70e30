"""Gives and ends roles: the one place where somebody's seat in a group changes."""

from __future__ import annotations

from handlers.context import Context
from storage.enums import Role
from storage.models.members import Membership
from storage.queries import members

NON_VOTERS = (Role.SUPPLIER, Role.SECRETARIAT)
"""Roles that nobody can have together with a municipality's vote: they take no part in its decisions [K]."""


async def give_role(
    context: Context, person_id: str, role: Role, *, confirmed_by: str = "", unit_id: int | None = None
) -> Membership:
    """The person has this role from now on; one that they had before is taken up again.

    Args:
        confirmed_by: our id of who stands behind it; empty: it awaits confirmation.
        unit_id: for whom a representative speaks.
    """
    held = await members.find_membership(context.session, context.group.id, person_id, role)
    if held is None:
        held = Membership(group_id=context.group.id, person_id=person_id, role=role)
        context.session.add(held)
    held.unit_id = unit_id
    held.since, held.ended_at = context.now, None
    held.leads = held.deputy = held.chair = False
    held.stands_in_for, held.until = "", None
    confirm(context, held, confirmed_by)
    await context.session.flush()
    return held


def confirm(context: Context, held: Membership, confirmed_by: str) -> None:
    """Somebody stands behind it; nobody does where `confirmed_by` is empty."""
    held.confirmed_at = context.now if confirmed_by else None
    held.confirmed_by = confirmed_by or None


async def end_role(context: Context, held: Membership) -> None:
    """The person no longer has it."""
    held.ended_at = context.now
    held.leads = held.deputy = held.chair = False
    await context.session.flush()
