"""Corrections that were taken back, and what the machine had said where a person's label stands."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0012"
down_revision = "0011"

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    """Adds the columns; corrections made before hold, and their machine labels stand in `before`."""
    op.add_column("correction", sa.Column("undone_by", sa.Text))
    op.add_column("correction", sa.Column("undone_at", sa.DateTime(timezone=True)))
    op.add_column("score", sa.Column("machine", JSON, nullable=False, server_default="{}"))
