"""SQLite finds the clicks that are not counted by their index: it must say what the queries say, word for word."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

NAME, TABLE = "ix_emojis_uncounted", "emojis"


def upgrade() -> None:
    _replace("uncounted = 1")


def downgrade() -> None:
    _replace("uncounted")


def _replace(condition: str) -> None:
    """PostgreSQL knows that both mean the same; there the index is only made anew."""
    op.drop_index(NAME, table_name=TABLE)
    op.create_index(
        NAME, TABLE, ["key"], unique=False, sqlite_where=sa.text(condition), postgresql_where=sa.text("uncounted")
    )
