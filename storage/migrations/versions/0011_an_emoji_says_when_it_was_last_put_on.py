"""An emoji says when it was last put on."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("emojis", schema=None) as batch_op:
        batch_op.add_column(sa.Column("put_on_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("emojis", schema=None) as batch_op:
        batch_op.drop_column("put_on_at")
