"""Gathering: sources edited in the store, costs, waits, quarantine, hosts, alarms, leads, syndicated copies."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    """Widens sources, runs and posts, and creates what gathering remembers."""
    widen_sources()
    widen_runs()
    op.add_column("post", sa.Column("copy_of", KEY))
    op.create_index("ix_post_copy_of", "post", ["copy_of"])
    op.add_column("post", sa.Column("blanked_at", MOMENT))
    create_accounts()
    create_observations()
    create_erasures()


def filled(name: str, kind: Any, default: Any) -> sa.Column[Any]:
    """A column that old rows get with `default`."""
    return sa.Column(name, kind, nullable=False, server_default=default)


def widen_sources() -> None:
    """What a declaration may say since."""
    for column in (
        filled("area", sa.Text(), ""),
        filled("topic_guard", JSON, "[]"),
        filled("schedule", sa.Text(), ""),
        filled("price_usd", sa.Float(), "0"),
        filled("budget_items", sa.Integer(), "0"),
        filled("budget_usd", sa.Float(), "0"),
        filled("retention_days", sa.Integer(), "0"),
        filled("verified", sa.Boolean(), sa.false()),
        filled("display", sa.Text(), ""),
        sa.Column("edited_by", sa.Text()),
        sa.Column("edited_at", MOMENT),
    ):
        op.add_column("source", column)


def widen_runs() -> None:
    """What a run tells since."""
    for column in (
        filled("changed", sa.Integer(), "0"),
        filled("removed", sa.Integer(), "0"),
        filled("refused", JSON, "{}"),
        filled("cost_usd", sa.Float(), "0"),
    ):
        op.add_column("crawl_run", column)


def create_accounts() -> None:
    """Waits, spending, quarantine and hosts."""
    op.create_table(
        "source_wait",
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("until", MOMENT, nullable=False),
        sa.Column("failure", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("source", name="pk_source_wait"),
    )
    op.create_table(
        "spending",
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("items", sa.Integer(), nullable=False),
        sa.Column("usd", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("source", "day", name="pk_spending"),
    )
    op.create_table(
        "quarantine",
        sa.Column("id", KEY, nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("run", KEY, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("told", sa.Text(), nullable=False),
        sa.Column("sample", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_quarantine"),
    )
    op.create_index("ix_quarantine_source_id", "quarantine", ["source", "id"])
    op.create_table(
        "host",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("next_at", MOMENT, nullable=False),
        sa.Column("strikes", sa.Integer(), nullable=False),
        sa.Column("closed_until", MOMENT),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("robots", sa.Text()),
        sa.Column("robots_status", sa.Integer()),
        sa.Column("robots_at", MOMENT),
        sa.PrimaryKeyConstraint("name", name="pk_host"),
    )


def create_observations() -> None:
    """Alarms and leads."""
    op.create_table(
        "alarm",
        sa.Column("id", KEY, nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("since", MOMENT, nullable=False),
        sa.Column("seen_at", MOMENT, nullable=False),
        sa.Column("cleared_at", MOMENT),
        sa.Column("message", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_alarm"),
    )
    op.create_index("ix_alarm_source_cleared_at", "alarm", ["source", "cleared_at"])
    op.create_table(
        "lead",
        sa.Column("id", KEY, nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("native_id", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("publisher", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("published_at", MOMENT, nullable=False),
        sa.Column("post", KEY),
        sa.PrimaryKeyConstraint("id", name="pk_lead"),
        sa.UniqueConstraint("source", "native_id", name="uq_lead_source"),
    )
    op.create_index("ix_lead_published_at", "lead", ["published_at"])


def create_erasures() -> None:
    """What was erased, and what a network is asked to check."""
    op.create_table(
        "erased",
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("hash", name="pk_erased"),
    )
    op.create_table(
        "compliance_job",
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("job", sa.Text(), nullable=False),
        sa.Column("begun_at", MOMENT, nullable=False),
        sa.Column("ids", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("source", name="pk_compliance_job"),
    )
