"""The desk: hand-overs, answers, promises, evidence, disputes, receipts, webhooks; the area a person is tied to."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0008"
down_revision = "0007"

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def needed(kind: Any, *names: str) -> list[sa.Column[Any]]:
    """Columns that always hold a value."""
    return [sa.Column(name, kind, nullable=False) for name in names]


def decided() -> list[sa.Column[Any]]:
    """Who decided, and when; empty until then."""
    return [sa.Column("decided_at", MOMENT), sa.Column("decided_by", sa.Text)]


def create(table: str, *parts: Any, key: str = "id", issue: bool = True) -> None:
    """A table with its key, tied to an issue unless told otherwise."""
    bound = [sa.ForeignKeyConstraint(["issue"], ["issue.id"], name=f"fk_{table}_issue")] if issue else []
    op.create_table(table, *parts, sa.PrimaryKeyConstraint(key, name=f"pk_{table}"), *bound)


def upgrade() -> None:
    """Creates the tables and widens accounts."""
    op.add_column("person", sa.Column("area", sa.Text(), nullable=False, server_default=""))
    create_hand_overs()
    create_proofs()
    create_outside()
    create("public_issue", *needed(sa.Text, "issue"), *needed(MOMENT, "at"), *needed(sa.Text, "by"), key="issue")
    create("fixed_place", *needed(sa.Text, "issue", "area"), key="issue")
    for table, *columns in (
        ("assignment", "issue"),
        ("assignment", "at"),
        ("commitment", "issue"),
        ("commitment", "state", "due"),
        ("evidence", "issue"),
        ("evidence", "sha256"),
        ("dispute", "issue"),
        ("dispute", "post"),
        ("receipt", "at"),
        ("delivery", "state", "next_at"),
    ):
        op.create_index(f"ix_{table}_{'_'.join(columns)}", table, columns)


def create_hand_overs() -> None:
    """Who was given an issue, what was said to the public, what was promised."""
    create(
        "assignment",
        *needed(KEY, "id"),
        *needed(sa.Text, "issue"),
        sa.Column("origin", sa.Text),
        *needed(sa.Text, "target", "way", "contact", "reference"),
        *needed(MOMENT, "at"),
        *needed(sa.Text, "by", "note", "state"),
        *decided(),
        *needed(sa.Text, "reason"),
    )
    create(
        "response",
        *needed(KEY, "id"),
        *needed(sa.Text, "issue"),
        *needed(sa.Integer, "number", "version"),
        *needed(sa.Text, "kind", "text", "state"),
        *needed(MOMENT, "at"),
        *needed(sa.Text, "by"),
        *decided(),
        *needed(sa.Text, "note"),
        sa.Column("url", sa.Text),
        sa.Column("published_at", MOMENT),
        *needed(JSON, "threads"),
        sa.UniqueConstraint("issue", "number", "version", name="uq_response_issue"),
    )
    create(
        "commitment",
        *needed(KEY, "id"),
        *needed(sa.Text, "issue", "text", "source"),
        sa.Column("due", MOMENT),
        sa.Column("owner", sa.Text),
        *needed(sa.Text, "state"),
        *needed(MOMENT, "at"),
        *needed(sa.Text, "by"),
        *decided(),
        *needed(sa.Text, "note"),
    )


def create_proofs() -> None:
    """What shows that work was done, and who says it was not."""
    create(
        "evidence",
        *needed(KEY, "id"),
        *needed(sa.Text, "issue"),
        *needed(MOMENT, "at"),
        *needed(sa.Text, "by", "note", "sha256", "dhash"),
        sa.Column("taken_at", MOMENT),
        sa.Column("lat", sa.Float),
        sa.Column("lon", sa.Float),
        *needed(sa.Text, "doubt"),
        sa.Column("cleared_by", sa.Text),
        *needed(sa.Text, "cleared_note"),
    )
    create(
        "dispute",
        *needed(KEY, "id"),
        *needed(sa.Text, "issue"),
        *needed(KEY, "post"),
        *needed(MOMENT, "at"),
        *needed(sa.Text, "reason", "state"),
        *decided(),
        sa.UniqueConstraint("issue", "post", name="uq_dispute_issue"),
        sa.ForeignKeyConstraint(["post"], ["post.id"], name="fk_dispute_post", ondelete="CASCADE"),
    )


def create_outside() -> None:
    """Receipts of the counters, and who is told of changes."""
    create(
        "receipt",
        *needed(sa.Text, "number", "source", "native_id", "desk"),
        *needed(MOMENT, "at"),
        *needed(sa.Text, "by"),
        key="number",
        issue=False,
    )
    create(
        "webhook",
        *needed(KEY, "id"),
        *needed(sa.Text, "url", "secret"),
        *needed(JSON, "states"),
        *needed(sa.Boolean, "enabled"),
        *needed(MOMENT, "at"),
        *needed(sa.Text, "by"),
        issue=False,
    )
    create(
        "delivery",
        *needed(KEY, "id", "hook"),
        *needed(sa.Text, "event", "body"),
        *needed(sa.Integer, "attempts"),
        *needed(MOMENT, "next_at"),
        *needed(sa.Text, "state"),
        sa.Column("done_at", MOMENT),
        *needed(sa.Text, "error"),
        sa.UniqueConstraint("event", name="uq_delivery_event"),
        sa.ForeignKeyConstraint(["hook"], ["webhook.id"], name="fk_delivery_hook"),
        issue=False,
    )
