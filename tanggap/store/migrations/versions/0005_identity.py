"""The identity of issues: its log, what people taught, and what is suggested to them."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def needed(kind: Any, *names: str) -> list[sa.Column[Any]]:
    """Columns that always hold a value."""
    return [sa.Column(name, kind, nullable=False) for name in names]


def issue_key(table: str, column: str) -> sa.ForeignKeyConstraint:
    """A column that names an issue."""
    return sa.ForeignKeyConstraint([column], ["issue.id"], name=f"fk_{table}_{column}")


def upgrade() -> None:
    """Creates the three tables."""
    op.create_table(
        "issue_event",
        *needed(KEY, "id"),
        *needed(sa.Text, "kind", "issue"),
        sa.Column("other", sa.Text),
        *needed(JSON, "posts"),
        *needed(MOMENT, "at"),
        *needed(sa.Text, "by", "before", "after", "note"),
        sa.Column("undoes", KEY),
        sa.PrimaryKeyConstraint("id", name="pk_issue_event"),
        sa.UniqueConstraint("undoes", name="uq_issue_event_undoes"),
        sa.ForeignKeyConstraint(["undoes"], ["issue_event.id"], name="fk_issue_event_undoes"),
        issue_key("issue_event", "issue"),
        issue_key("issue_event", "other"),
    )
    op.create_index("ix_issue_event_issue", "issue_event", ["issue"])
    op.create_index("ix_issue_event_other", "issue_event", ["other"])
    keep_as_written("issue_event")
    create_bonds()
    create_suggestions()


def create_bonds() -> None:
    """What people said belongs together or apart."""
    op.create_table(
        "issue_bond",
        *needed(KEY, "id"),
        *needed(sa.Text, "kind", "issue"),
        sa.Column("other", sa.Text),
        sa.Column("post", KEY),
        *needed(KEY, "event"),
        sa.PrimaryKeyConstraint("id", name="pk_issue_bond"),
        sa.ForeignKeyConstraint(["post"], ["post.id"], name="fk_issue_bond_post", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["event"], ["issue_event.id"], name="fk_issue_bond_event"),
        issue_key("issue_bond", "issue"),
        issue_key("issue_bond", "other"),
    )
    op.create_index("ix_issue_bond_post", "issue_bond", ["post"])
    op.create_index("ix_issue_bond_event", "issue_bond", ["event"])


def create_suggestions() -> None:
    """What the machine would do."""
    op.create_table(
        "issue_suggestion",
        *needed(KEY, "id"),
        *needed(sa.Text, "kind", "issue"),
        sa.Column("other", sa.Text),
        *needed(JSON, "posts"),
        *needed(sa.Float, "likeness"),
        *needed(sa.Text, "reason"),
        *needed(MOMENT, "at"),
        *needed(sa.Text, "state"),
        sa.Column("decided_by", sa.Text),
        sa.Column("decided_at", MOMENT),
        *needed(sa.Text, "about"),
        sa.PrimaryKeyConstraint("id", name="pk_issue_suggestion"),
        sa.UniqueConstraint("about", name="uq_issue_suggestion_about"),
        issue_key("issue_suggestion", "issue"),
        issue_key("issue_suggestion", "other"),
    )
    op.create_index("ix_issue_suggestion_issue", "issue_suggestion", ["issue"])
    op.create_index("ix_issue_suggestion_state_issue", "issue_suggestion", ["state", "issue"])


def keep_as_written(table: str) -> None:
    """Makes the database refuse changes of a table."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            f"""CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}
            FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"""
        )
        return
    for act in ("UPDATE", "DELETE"):
        op.execute(
            f"""CREATE TRIGGER {table}_no_{act.lower()} BEFORE {act} ON {table} BEGIN
            SELECT RAISE(ABORT, '{table} is append-only'); END"""
        )
