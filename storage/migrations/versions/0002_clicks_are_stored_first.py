"""Clicks are stored first and counted after."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("emojis", schema=None) as batch_op:
        batch_op.add_column(sa.Column("dated", sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(sa.Column("heard_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("uncounted", sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.create_index(
            "ix_emojis_uncounted",
            ["key"],
            unique=False,
            sqlite_where=sa.text("uncounted"),
            postgresql_where=sa.text("uncounted"),
        )


def downgrade() -> None:
    with op.batch_alter_table("emojis", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_emojis_uncounted", sqlite_where=sa.text("uncounted"), postgresql_where=sa.text("uncounted")
        )
        batch_op.drop_column("uncounted")
        batch_op.drop_column("heard_at")
        batch_op.drop_column("dated")
