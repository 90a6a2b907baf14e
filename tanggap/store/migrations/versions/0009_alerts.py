"""Alerts, and the most urgent class an issue has had, by which its clocks run."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def needed(kind: Any, *names: str) -> list[sa.Column[Any]]:
    """Columns that always hold a value."""
    return [sa.Column(name, kind, nullable=False) for name in names]


def upgrade() -> None:
    """Adds the column, filled with the present class, and creates the tables."""
    op.add_column("issue", sa.Column("highest", sa.Text(), nullable=False, server_default="P4"))
    op.execute("UPDATE issue SET highest = priority")
    op.create_table(
        "alert",
        *needed(KEY, "id"),
        *needed(sa.Text, "key", "kind", "subject", "priority"),
        *needed(MOMENT, "at"),
        *needed(sa.Text, "title", "body"),
        sa.PrimaryKeyConstraint("id", name="pk_alert"),
        sa.UniqueConstraint("key", name="uq_alert_key"),
    )
    op.create_index("ix_alert_at", "alert", ["at"])
    op.create_table(
        "alert_sending",
        sa.Column("alert", KEY, autoincrement=False, nullable=False),
        *needed(sa.Text, "channel"),
        *needed(MOMENT, "at"),
        sa.PrimaryKeyConstraint("alert", "channel", name="pk_alert_sending"),
        sa.ForeignKeyConstraint(["alert"], ["alert.id"], name="fk_alert_sending_alert", ondelete="CASCADE"),
    )
    op.create_index("ix_alert_sending_channel_at", "alert_sending", ["channel", "at"])
    op.create_table(
        "alert_channel",
        *needed(sa.Text, "name"),
        *needed(sa.Integer, "failures"),
        *needed(MOMENT, "next_at"),
        sa.PrimaryKeyConstraint("name", name="pk_alert_channel"),
    )
