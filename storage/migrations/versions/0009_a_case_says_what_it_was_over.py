"""A case says whether it was over the ceiling, outside the frame, or both."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_CASES = sa.table(
    "cases",
    sa.column("amount", sa.BigInteger()),
    sa.column("free", sa.BigInteger()),
    sa.column("excess", sa.BigInteger()),
    sa.column("over_ceiling", sa.BigInteger()),
    sa.column("over_room", sa.BigInteger()),
)


def upgrade() -> None:
    with op.batch_alter_table("cases", schema=None) as batch_op:
        batch_op.add_column(sa.Column("over_ceiling", sa.BigInteger(), server_default="0", nullable=False))
        batch_op.add_column(sa.Column("over_room", sa.BigInteger(), server_default="0", nullable=False))
    op.execute(_told_apart())
    with op.batch_alter_table("cases", schema=None) as batch_op:
        batch_op.drop_column("excess")


def _told_apart() -> sa.Update:
    """What was kept was the larger of the two: more than what the money fell short by can only be the ceiling's."""
    free = sa.case((_CASES.c.free > 0, _CASES.c.free), else_=0)
    of_room = sa.and_(_CASES.c.free.is_not(None), _CASES.c.excess <= _CASES.c.amount - free)
    return sa.update(_CASES).values(
        over_room=sa.case((of_room, _CASES.c.excess), else_=0),
        over_ceiling=sa.case((of_room, 0), else_=_CASES.c.excess),
    )


def downgrade() -> None:
    with op.batch_alter_table("cases", schema=None) as batch_op:
        batch_op.add_column(sa.Column("excess", sa.BigInteger(), server_default="0", nullable=False))
    most = sa.case((_CASES.c.over_room > _CASES.c.over_ceiling, _CASES.c.over_room), else_=_CASES.c.over_ceiling)
    op.execute(sa.update(_CASES).values(excess=most))
    with op.batch_alter_table("cases", schema=None) as batch_op:
        batch_op.drop_column("over_room")
        batch_op.drop_column("over_ceiling")
