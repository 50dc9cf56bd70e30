"""Answers to a date search that are given in a form."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "date_answers",
        sa.Column("search_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.String(length=40), nullable=False),
        sa.Column("can", sa.JSON(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_date_answers_person_id_people")),
        sa.ForeignKeyConstraint(["search_id"], ["date_searches.id"], name=op.f("fk_date_answers_search_id_date_searches")),
        sa.PrimaryKeyConstraint("search_id", "person_id", name=op.f("pk_date_answers")),
    )


def downgrade() -> None:
    op.drop_table("date_answers")
