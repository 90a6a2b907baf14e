"""Schedules, job runs, workers and the freshness of posts."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def needed(kind: Any, *names: str) -> list[sa.Column[Any]]:
    """Columns that always hold a value."""
    return [sa.Column(name, kind, nullable=False) for name in names]


def upgrade() -> None:
    """Creates the tables of the job engine."""
    op.create_table(
        "schedule",
        *needed(sa.Text, "name", "job", "argument", "cron", "timezone", "quiet"),
        *needed(sa.Integer, "jitter_s"),
        *needed(sa.Text, "catch_up"),
        *needed(sa.Boolean, "paused"),
        *needed(MOMENT, "decided_to"),
        *needed(sa.Text, "edited_by"),
        *needed(MOMENT, "edited_at"),
        sa.PrimaryKeyConstraint("name", name="pk_schedule"),
    )
    create_runs()
    op.create_table(
        "worker",
        *needed(sa.Text, "id", "token"),
        *needed(sa.Integer, "beats"),
        *needed(MOMENT, "started_at", "seen_at"),
        sa.PrimaryKeyConstraint("id", name="pk_worker"),
    )
    op.create_table(
        "freshness",
        sa.Column("post", KEY, autoincrement=False, nullable=False),
        *needed(MOMENT, "visible_at"),
        *needed(sa.Float, "collect_s", "visible_s"),
        sa.PrimaryKeyConstraint("post", name="pk_freshness"),
        sa.ForeignKeyConstraint(["post"], ["post.id"], name="fk_freshness_post", ondelete="CASCADE"),
    )
    op.create_index("ix_freshness_visible_at", "freshness", ["visible_at"])


def create_runs() -> None:
    """Every run of a job, asked for, running and over."""
    op.create_table(
        "job_run",
        *needed(sa.Text, "id", "job", "argument", "schedule"),
        sa.Column("slot", MOMENT),
        *needed(sa.Text, "by", "state"),
        sa.Column("holds", sa.Text),
        *needed(MOMENT, "asked_at", "due_at"),
        sa.Column("started_at", MOMENT),
        sa.Column("ended_at", MOMENT),
        *needed(sa.Integer, "attempt", "failures", "crashes"),
        *needed(sa.Text, "worker"),
        *needed(sa.Integer, "done", "total"),
        *needed(JSON, "counts"),
        *needed(sa.Float, "cost_usd"),
        *needed(sa.Text, "reason", "log"),
        sa.PrimaryKeyConstraint("id", name="pk_job_run"),
        sa.UniqueConstraint("holds", name="uq_job_run_holds"),
    )
    op.create_index("ix_job_run_state_due_at", "job_run", ["state", "due_at"])
    op.create_index("ix_job_run_schedule_asked_at", "job_run", ["schedule", "asked_at"])
    op.create_index("ix_job_run_job_argument_asked_at", "job_run", ["job", "argument", "asked_at"])
    op.create_index("ix_job_run_asked_at", "job_run", ["asked_at"])
