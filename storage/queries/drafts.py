"""Finds forms that are being filled in."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession

from storage.models.drafts import Draft


async def find_draft(session: AsyncSession, key: str) -> Draft | None:
    return await session.get(Draft, key)


async def lock_draft(session: AsyncSession, key: str) -> Draft | None:
    """The form, which nobody else changes until this transaction ends."""
    return await session.get(Draft, key, with_for_update=True)


async def prune_drafts(session: AsyncSession, platform: str, before: dt.datetime) -> None:
    """Forget what was opened on a platform before a moment."""
    await session.execute(delete(Draft).where(Draft.platform == platform, Draft.opened_at < before))
