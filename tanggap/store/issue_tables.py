"""The tables of identity: the log of what happened to issues, what people taught, and what the machine suggests."""

from __future__ import annotations

from sqlalchemy import Column, Float, ForeignKey, Index, Table, Text

from tanggap.store.tables import Json, Key, Moment, metadata

#: Append-only; the database itself refuses to change it. Posts are kept as bare numbers, which outlive an erasure.
issue_event = Table(
    "issue_event",
    metadata,
    Column("id", Key, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("issue", Text, ForeignKey("issue.id"), nullable=False, index=True),
    Column("other", Text, ForeignKey("issue.id"), index=True),
    Column("posts", Json, nullable=False),
    Column("at", Moment, nullable=False),
    Column("by", Text, nullable=False),
    Column("before", Text, nullable=False),
    Column("after", Text, nullable=False),
    Column("note", Text, nullable=False),
    Column("undoes", Key, ForeignKey("issue_event.id"), unique=True),
)

issue_bond = Table(
    "issue_bond",
    metadata,
    Column("id", Key, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("issue", Text, ForeignKey("issue.id"), nullable=False),
    Column("other", Text, ForeignKey("issue.id")),
    Column("post", Key, ForeignKey("post.id", ondelete="CASCADE"), index=True),
    Column("event", Key, ForeignKey("issue_event.id"), nullable=False, index=True),
)

issue_suggestion = Table(
    "issue_suggestion",
    metadata,
    Column("id", Key, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("issue", Text, ForeignKey("issue.id"), nullable=False, index=True),
    Column("other", Text, ForeignKey("issue.id")),
    Column("posts", Json, nullable=False),
    Column("likeness", Float, nullable=False),
    Column("reason", Text, nullable=False),
    Column("at", Moment, nullable=False),
    Column("state", Text, nullable=False),
    Column("decided_by", Text),
    Column("decided_at", Moment),
    #: What is said, so that nothing is suggested twice.
    Column("about", Text, nullable=False, unique=True),
    Index(None, "state", "issue"),
)
