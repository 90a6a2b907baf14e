"""What people corrected, and the daily reports on how texts and answers drift."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0007"
down_revision = "0006"

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def needed(kind: Any, *names: str) -> list[sa.Column[Any]]:
    """Columns that always hold a value."""
    return [sa.Column(name, kind, nullable=False) for name in names]


def upgrade() -> None:
    """Creates the two tables."""
    op.create_table(
        "correction",
        *needed(KEY, "id", "post"),
        *needed(sa.Text, "field"),
        *needed(JSON, "before", "after"),
        *needed(sa.Text, "why", "by"),
        *needed(MOMENT, "at"),
        *needed(sa.Text, "content_hash"),
        sa.PrimaryKeyConstraint("id", name="pk_correction"),
        sa.ForeignKeyConstraint(["post"], ["post.id"], name="fk_correction_post", ondelete="CASCADE"),
    )
    op.create_index("ix_correction_post", "correction", ["post"])
    op.create_table(
        "drift_report",
        *needed(sa.Date, "day"),
        *needed(MOMENT, "made_at"),
        *needed(sa.Text, "model"),
        *needed(JSON, "content"),
        sa.PrimaryKeyConstraint("day", name="pk_drift_report"),
    )
