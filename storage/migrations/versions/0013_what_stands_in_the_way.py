"""A message keeps what stood in its way at the last try, and how many tries failed for no known reason."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.add_column(sa.Column("trouble", sa.String(length=40), nullable=True))
        batch_op.add_column(sa.Column("unexplained", sa.Integer(), server_default="0", nullable=False))


def downgrade() -> None:
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.drop_column("unexplained")
        batch_op.drop_column("trouble")
