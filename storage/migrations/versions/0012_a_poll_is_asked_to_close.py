"""A poll keeps who asked to close it before its deadline, and when: its count comes when the chat has been read."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("polls", schema=None) as batch_op:
        batch_op.add_column(sa.Column("close_asked_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("close_asked_by", sa.String(length=40), server_default="", nullable=False))


def downgrade() -> None:
    with op.batch_alter_table("polls", schema=None) as batch_op:
        batch_op.drop_column("close_asked_by")
        batch_op.drop_column("close_asked_at")
