"""What was taken off a message in the local workspace stays as a row, so that events are numbered upwards for ever."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("local_reactions", schema=None) as batch_op:
        batch_op.add_column(sa.Column("on", sa.Boolean(), server_default=sa.true(), nullable=False))
        batch_op.create_index("ix_local_reactions_position", ["position"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("local_reactions", schema=None) as batch_op:
        batch_op.drop_index("ix_local_reactions_position")
        batch_op.drop_column("on")
