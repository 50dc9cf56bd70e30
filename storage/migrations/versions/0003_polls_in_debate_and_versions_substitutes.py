"""Candidates may come to an open poll, as a new version of it; somebody may speak in a colleague's place."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("candidates", schema=None) as batch_op:
        batch_op.add_column(sa.Column("version", sa.Integer(), server_default="1", nullable=False))
        batch_op.add_column(sa.Column("added_at", sa.DateTime(timezone=True), nullable=True))

    with op.batch_alter_table("memberships", schema=None) as batch_op:
        batch_op.add_column(sa.Column("stands_in_for", sa.String(length=40), server_default="", nullable=False))
        batch_op.add_column(sa.Column("until", sa.DateTime(timezone=True), nullable=True))

    with op.batch_alter_table("polls", schema=None) as batch_op:
        batch_op.add_column(sa.Column("version", sa.Integer(), server_default="1", nullable=False))


def downgrade() -> None:
    with op.batch_alter_table("polls", schema=None) as batch_op:
        batch_op.drop_column("version")

    with op.batch_alter_table("memberships", schema=None) as batch_op:
        batch_op.drop_column("until")
        batch_op.drop_column("stands_in_for")

    with op.batch_alter_table("candidates", schema=None) as batch_op:
        batch_op.drop_column("added_at")
        batch_op.drop_column("version")
