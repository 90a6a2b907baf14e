"""What a post says of each body or place, where it speaks of several."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0010"
down_revision = "0009"

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    """Adds the column; scores of older models told nothing apart."""
    op.add_column("score", sa.Column("toward", JSON, nullable=False, server_default="{}"))
