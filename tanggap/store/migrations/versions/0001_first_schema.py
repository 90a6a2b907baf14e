"""The first schema."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")

#: Full text search: on SQLite an index beside the table, kept by triggers; on PostgreSQL an index of the words.
SEARCH = {
    "sqlite": (
        """CREATE VIRTUAL TABLE post_fts USING fts5(
            terms, content='post', content_rowid='id', tokenize='unicode61 remove_diacritics 2')""",
        """CREATE TRIGGER post_fts_insert AFTER INSERT ON post BEGIN
            INSERT INTO post_fts(rowid, terms) VALUES (new.id, new.terms);
        END""",
        """CREATE TRIGGER post_fts_delete AFTER DELETE ON post BEGIN
            INSERT INTO post_fts(post_fts, rowid, terms) VALUES ('delete', old.id, old.terms);
        END""",
        """CREATE TRIGGER post_fts_update AFTER UPDATE OF terms ON post WHEN old.terms <> new.terms BEGIN
            INSERT INTO post_fts(post_fts, rowid, terms) VALUES ('delete', old.id, old.terms);
            INSERT INTO post_fts(rowid, terms) VALUES (new.id, new.terms);
        END""",
    ),
    "postgresql": ("CREATE INDEX ix_post_fts ON post USING gin (array_to_tsvector(string_to_array(terms, ' ')))",),
}

#: What happened stays as it was written.
APPEND_ONLY = ("audit", "status_change")


def upgrade() -> None:
    """Creates everything."""
    create_sources()
    create_posts()
    create_scores()
    create_issues()
    create_members()
    create_people()
    create_records()
    dialect = op.get_bind().dialect.name
    for statement in SEARCH[dialect]:
        op.execute(statement)
    protect(dialect)


def protect(dialect: str) -> None:
    """Makes the database refuse to change or delete rows of the append-only tables."""
    if dialect == "postgresql":
        op.execute(
            """CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$"""
        )
    for table in APPEND_ONLY:
        if dialect == "postgresql":
            op.execute(
                f"""CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}
                FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"""
            )
            continue
        for act in ("UPDATE", "DELETE"):
            op.execute(
                f"""CREATE TRIGGER {table}_no_{act.lower()} BEFORE {act} ON {table} BEGIN
                SELECT RAISE(ABORT, '{table} is append-only'); END"""
            )


def needed(kind: Any, *names: str) -> list[sa.Column[Any]]:
    """Columns that always hold a value."""
    return [sa.Column(name, kind, nullable=False) for name in names]


def optional(kind: Any, *names: str) -> list[sa.Column[Any]]:
    """Columns that may hold nothing."""
    return [sa.Column(name, kind) for name in names]


def create_sources() -> None:
    """Sources and their crawl runs."""
    op.create_table(
        "source",
        *needed(sa.Text, "id", "kind", "title", "address", "query", "licence", "agreement"),
        *needed(sa.Boolean, "enabled"),
        *needed(sa.Float, "pace_s"),
        *needed(sa.Integer, "limit", "expected_per_day"),
        *needed(JSON, "columns"),
        sa.PrimaryKeyConstraint("id", name="pk_source"),
    )
    op.create_table(
        "crawl_run",
        *needed(KEY, "id"),
        *needed(sa.Text, "source"),
        *needed(MOMENT, "started_at"),
        *optional(MOMENT, "ended_at"),
        *needed(sa.Integer, "fetched", "new", "duplicate", "failed"),
        *needed(sa.Text, "cursor"),
        *optional(sa.Text, "failure"),
        *needed(sa.Text, "message"),
        sa.PrimaryKeyConstraint("id", name="pk_crawl_run"),
    )
    op.create_index("ix_crawl_run_source_id", "crawl_run", ["source", "id"])


def create_posts() -> None:
    """Posts and the older versions of edited ones."""
    op.create_table(
        "post",
        *needed(KEY, "id"),
        *needed(sa.Text, "source", "native_id", "kind"),
        *optional(sa.Text, "title"),
        *needed(sa.Text, "text"),
        *optional(sa.Text, "url"),
        *needed(MOMENT, "published_at", "collected_at"),
        *optional(sa.Text, "author"),
        *needed(sa.BigInteger, "likes", "replies", "reposts", "views"),
        *optional(sa.Float, "lat", "lon"),
        *optional(sa.Text, "reply_to", "status"),
        *needed(JSON, "extra"),
        *needed(sa.Text, "content_hash", "terms"),
        *needed(MOMENT, "hour"),
        *needed(sa.Text, "model", "topic", "area", "sentiment"),
        sa.PrimaryKeyConstraint("id", name="pk_post"),
        sa.UniqueConstraint("source", "native_id", name="uq_post_source"),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_post_hour_source_topic_area_sentiment", "post", ["hour", "source", "topic", "area", "sentiment"]
    )
    op.create_index("ix_post_model_published_at", "post", ["model", "published_at"])
    op.create_index("ix_post_published_at_source", "post", ["published_at", "source"])
    op.create_table(
        "post_version",
        *needed(KEY, "id", "post"),
        *optional(sa.Text, "title"),
        *needed(sa.Text, "text"),
        *needed(MOMENT, "replaced_at"),
        sa.PrimaryKeyConstraint("id", name="pk_post_version"),
        sa.ForeignKeyConstraint(["post"], ["post.id"], name="fk_post_version_post", ondelete="CASCADE"),
    )
    op.create_index("ix_post_version_post", "post_version", ["post"])


def create_scores() -> None:
    """Scores and the hourly rollup."""
    op.create_table(
        "score",
        *needed(KEY, "post"),
        *needed(sa.Text, "model"),
        *optional(sa.Boolean, "relevant"),
        *optional(sa.Float, "relevance"),
        *optional(sa.Text, "sentiment"),
        *needed(JSON, "sentiment_probs"),
        *optional(sa.Text, "topic"),
        *needed(JSON, "topic_probs"),
        *optional(sa.Boolean, "complaint"),
        *optional(sa.Integer, "urgency"),
        *needed(JSON, "urgency_probs", "places"),
        *optional(sa.Text, "agency", "language"),
        *needed(JSON, "reasons", "abstained"),
        *needed(sa.Text, "terms"),
        sa.PrimaryKeyConstraint("post", "model", name="pk_score"),
        sa.ForeignKeyConstraint(["post"], ["post.id"], name="fk_score_post", ondelete="CASCADE"),
    )
    op.create_table(
        "hour_count",
        *needed(MOMENT, "hour"),
        *needed(sa.Text, "source", "topic", "area", "sentiment"),
        *needed(sa.Integer, "posts"),
        sa.PrimaryKeyConstraint("hour", "source", "topic", "area", "sentiment", name="pk_hour_count"),
    )


def create_issues() -> None:
    """Issues and the numbers given out."""
    op.create_table(
        "issue",
        *needed(sa.Text, "id", "title", "topic", "status", "priority"),
        *needed(sa.Integer, "score"),
        *needed(JSON, "reasons"),
        *needed(sa.Text, "areas", "place"),
        *optional(sa.Text, "agency", "holder"),
        *needed(MOMENT, "first_at", "last_at", "detected_at", "status_at"),
        *optional(MOMENT, "answered_at"),
        *needed(sa.Integer, "reopened", "posts", "accounts", "news"),
        *needed(sa.BigInteger, "reach"),
        *needed(sa.Integer, "negative"),
        *optional(sa.Text, "merged_into"),
        *needed(sa.Integer, "version"),
        *needed(sa.Text, "terms"),
        sa.PrimaryKeyConstraint("id", name="pk_issue"),
        sa.ForeignKeyConstraint(["merged_into"], ["issue.id"], name="fk_issue_merged_into"),
    )
    op.create_index("ix_issue_status_score", "issue", ["status", "score"])
    op.create_table(
        "issue_number",
        *needed(sa.Date, "day"),
        *needed(sa.Integer, "last"),
        sa.PrimaryKeyConstraint("day", name="pk_issue_number"),
    )


def create_members() -> None:
    """What hangs on an issue: posts and history."""
    op.create_table(
        "issue_link",
        sa.Column("post", KEY, autoincrement=False, nullable=False),
        *needed(sa.Text, "issue"),
        *needed(sa.Float, "similarity"),
        *optional(KEY, "copy_of"),
        *needed(sa.Boolean, "suggested"),
        *needed(sa.Text, "by"),
        *needed(MOMENT, "published_at", "hour"),
        sa.PrimaryKeyConstraint("post", name="pk_issue_link"),
        sa.ForeignKeyConstraint(["copy_of"], ["post.id"], name="fk_issue_link_copy_of", ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["issue"], ["issue.id"], name="fk_issue_link_issue"),
        sa.ForeignKeyConstraint(["post"], ["post.id"], name="fk_issue_link_post", ondelete="CASCADE"),
    )
    op.create_index("ix_issue_link_copy_of", "issue_link", ["copy_of"])
    op.create_index("ix_issue_link_issue_published_at_hour", "issue_link", ["issue", "published_at", "hour"])
    op.create_index("ix_issue_link_published_at", "issue_link", ["published_at"])
    op.create_table(
        "status_change",
        *needed(KEY, "id"),
        *needed(sa.Text, "issue"),
        *needed(MOMENT, "at"),
        *needed(sa.Text, "by"),
        *optional(sa.Text, "before"),
        *needed(sa.Text, "after", "note"),
        sa.PrimaryKeyConstraint("id", name="pk_status_change"),
        sa.ForeignKeyConstraint(["issue"], ["issue.id"], name="fk_status_change_issue"),
    )
    op.create_index("ix_status_change_issue", "status_change", ["issue"])


def create_people() -> None:
    """Accounts, sessions and failed attempts."""
    op.create_table(
        "person",
        *needed(sa.Text, "name", "full_name"),
        *needed(JSON, "roles"),
        *optional(sa.Text, "agency"),
        *needed(sa.Boolean, "disabled", "must_change"),
        *needed(sa.Text, "password_hash"),
        sa.PrimaryKeyConstraint("name", name="pk_person"),
    )
    op.create_table(
        "session",
        *needed(sa.Text, "token_hash", "name"),
        *needed(MOMENT, "opened_at", "seen_at"),
        sa.PrimaryKeyConstraint("token_hash", name="pk_session"),
        sa.ForeignKeyConstraint(["name"], ["person.name"], name="fk_session_name", ondelete="CASCADE"),
    )
    op.create_index("ix_session_name", "session", ["name"])
    op.create_table(
        "login_failure",
        *needed(sa.Text, "name"),
        *needed(sa.Integer, "failures"),
        *needed(MOMENT, "last_at"),
        sa.PrimaryKeyConstraint("name", name="pk_login_failure"),
    )


def create_records() -> None:
    """Briefs and the audit trail."""
    op.create_table(
        "brief",
        *needed(sa.Date, "day"),
        sa.Column("edition", sa.Integer, autoincrement=False, nullable=False),
        *needed(JSON, "content"),
        sa.PrimaryKeyConstraint("day", "edition", name="pk_brief"),
    )
    op.create_table(
        "audit",
        *needed(KEY, "id"),
        *needed(MOMENT, "at"),
        *needed(sa.Text, "by", "action", "subject"),
        *needed(JSON, "before", "after"),
        *needed(sa.Text, "note"),
        sa.PrimaryKeyConstraint("id", name="pk_audit"),
    )
    op.create_index("ix_audit_subject", "audit", ["subject"])
