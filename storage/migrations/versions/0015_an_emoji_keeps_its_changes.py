"""An emoji keeps all that the chat told of it, and a wish in a poll says when it was back."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

EMOJIS = sa.table(
    "emojis",
    *(sa.column(name, sa.String) for name in ("key", "person_id", "emoji", "mark", "changes")),
    *(sa.column(name, sa.Boolean) for name in ("on", "dated", "uncounted", "renewed")),
    *(sa.column(name, sa.DateTime(timezone=True)) for name in ("changed_at", "put_on_at")),
)


def upgrade() -> None:
    with op.batch_alter_table("emojis", schema=None) as batch_op:
        batch_op.add_column(sa.Column("changes", sa.Text(), server_default="", nullable=False))
        batch_op.add_column(sa.Column("renewed", sa.Boolean(), server_default=sa.false(), nullable=False))
    with op.batch_alter_table("candidates", schema=None) as batch_op:
        batch_op.add_column(sa.Column("returned_at", sa.DateTime(timezone=True), nullable=True))
    connection = op.get_bind()
    for row in connection.execute(sa.select(EMOJIS)).all():
        this = (EMOJIS.c.key == row.key) & (EMOJIS.c.person_id == row.person_id) & (EMOJIS.c.emoji == row.emoji)
        kept = sa.update(EMOJIS).where(this).values(changes=_changes(row), renewed=row.uncounted)
        connection.execute(kept)
    with op.batch_alter_table("emojis", schema=None) as batch_op:
        batch_op.drop_column("put_on_at")


def _changes(row: sa.Row) -> str:  # type: ignore[type-arg]
    """What the row knew, as `storage/changes.py` writes it: when it was last put on, and when it was taken off."""
    put_on_at = row.changed_at if row.on else row.put_on_at
    put_on = _told("+", put_on_at, row.dated, row.mark if row.on else "") if put_on_at else ""
    return put_on if row.on else f"{put_on}{_told('-', row.changed_at, row.dated, row.mark)}"


def _told(sign: str, at: dt.datetime, dated: bool, mark: str) -> str:
    moment = at.replace(tzinfo=dt.UTC) if at.tzinfo is None else at.astimezone(dt.UTC)
    return f"{sign}{moment.isoformat()}{'' if dated else '?'}|{mark};"


def downgrade() -> None:
    with op.batch_alter_table("emojis", schema=None) as batch_op:
        batch_op.add_column(sa.Column("put_on_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.drop_column("renewed")
        batch_op.drop_column("changes")
    with op.batch_alter_table("candidates", schema=None) as batch_op:
        batch_op.drop_column("returned_at")
