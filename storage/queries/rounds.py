"""Finds what groups have chosen about their rounds."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from storage.models.members import Setting


async def list_newest(session: AsyncSession, names: Collection[str]) -> list[Setting]:
    """The newest value of each of these settings in each group, those of one group together."""
    newest = select(func.max(Setting.id)).where(Setting.name.in_(names)).group_by(Setting.group_id, Setting.name)
    found = await session.scalars(select(Setting).where(Setting.id.in_(newest)).order_by(Setting.group_id, Setting.id))
    return list(found)
