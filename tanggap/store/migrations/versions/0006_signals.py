"""Voices per hour, how much of each hour was read, and the signals found in them."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0006"
down_revision = "0005"

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def needed(kind: Any, *names: str) -> list[sa.Column[Any]]:
    """Columns that always hold a value."""
    return [sa.Column(name, kind, nullable=False) for name in names]


def upgrade() -> None:
    """Creates the three tables."""
    op.create_table(
        "voice_count",
        *needed(MOMENT, "hour"),
        *needed(sa.Text, "topic", "kota"),
        *needed(sa.Integer, "posts", "voices", "reports", "positive", "negative"),
        sa.PrimaryKeyConstraint("hour", "topic", "kota", name="pk_voice_count"),
    )
    op.create_table(
        "hour_cover",
        *needed(MOMENT, "hour"),
        *needed(sa.Float, "share"),
        *needed(JSON, "down"),
        sa.PrimaryKeyConstraint("hour", name="pk_hour_cover"),
    )
    op.create_table(
        "signal",
        *needed(KEY, "id"),
        *needed(sa.Text, "kind", "subject"),
        *needed(MOMENT, "since", "seen_at"),
        sa.Column("ended_at", MOMENT),
        *needed(sa.Float, "strength"),
        *needed(sa.Text, "told", "withheld"),
        *needed(JSON, "evidence"),
        sa.PrimaryKeyConstraint("id", name="pk_signal"),
    )
    op.create_index("ix_signal_kind_ended_at", "signal", ["kind", "ended_at"])
    op.create_index("ix_signal_subject", "signal", ["subject"])
