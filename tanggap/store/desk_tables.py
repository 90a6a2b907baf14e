"""The tables of the desk: hand-overs, answers, promises, evidence, disputes, receipts, webhooks, what is public."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Float, ForeignKey, Index, Integer, Table, Text, UniqueConstraint

from tanggap.store.tables import Json, Key, Moment, metadata

assignment = Table(
    "assignment",
    metadata,
    Column("id", Key, primary_key=True),
    Column("issue", Text, ForeignKey("issue.id"), nullable=False, index=True),
    Column("origin", Text),
    Column("target", Text, nullable=False),
    Column("way", Text, nullable=False),
    Column("contact", Text, nullable=False),
    Column("reference", Text, nullable=False),
    Column("at", Moment, nullable=False, index=True),
    Column("by", Text, nullable=False),
    Column("note", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("decided_at", Moment),
    Column("decided_by", Text),
    Column("reason", Text, nullable=False),
)

response = Table(
    "response",
    metadata,
    Column("id", Key, primary_key=True),
    Column("issue", Text, ForeignKey("issue.id"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("version", Integer, nullable=False),
    Column("kind", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("at", Moment, nullable=False),
    Column("by", Text, nullable=False),
    Column("decided_at", Moment),
    Column("decided_by", Text),
    Column("note", Text, nullable=False),
    Column("url", Text),
    Column("published_at", Moment),
    Column("threads", Json, nullable=False),
    UniqueConstraint("issue", "number", "version"),
)

commitment = Table(
    "commitment",
    metadata,
    Column("id", Key, primary_key=True),
    Column("issue", Text, ForeignKey("issue.id"), nullable=False, index=True),
    Column("text", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("due", Moment),
    Column("owner", Text),
    Column("state", Text, nullable=False),
    Column("at", Moment, nullable=False),
    Column("by", Text, nullable=False),
    Column("decided_at", Moment),
    Column("decided_by", Text),
    Column("note", Text, nullable=False),
    Index(None, "state", "due"),
)

evidence = Table(
    "evidence",
    metadata,
    Column("id", Key, primary_key=True),
    Column("issue", Text, ForeignKey("issue.id"), nullable=False, index=True),
    Column("at", Moment, nullable=False),
    Column("by", Text, nullable=False),
    Column("note", Text, nullable=False),
    Column("sha256", Text, nullable=False, index=True),
    Column("dhash", Text, nullable=False),
    Column("taken_at", Moment),
    Column("lat", Float),
    Column("lon", Float),
    Column("doubt", Text, nullable=False),
    Column("cleared_by", Text),
    Column("cleared_note", Text, nullable=False),
)

dispute = Table(
    "dispute",
    metadata,
    Column("id", Key, primary_key=True),
    Column("issue", Text, ForeignKey("issue.id"), nullable=False, index=True),
    Column("post", Key, ForeignKey("post.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("at", Moment, nullable=False),
    Column("reason", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("decided_at", Moment),
    Column("decided_by", Text),
    UniqueConstraint("issue", "post"),
)

receipt = Table(
    "receipt",
    metadata,
    Column("number", Text, primary_key=True),
    Column("source", Text, nullable=False),
    Column("native_id", Text, nullable=False),
    Column("desk", Text, nullable=False),
    Column("at", Moment, nullable=False, index=True),
    Column("by", Text, nullable=False),
)

webhook = Table(
    "webhook",
    metadata,
    Column("id", Key, primary_key=True),
    Column("url", Text, nullable=False),
    Column("secret", Text, nullable=False),
    Column("states", Json, nullable=False),
    Column("enabled", Boolean, nullable=False),
    Column("at", Moment, nullable=False),
    Column("by", Text, nullable=False),
)

delivery = Table(
    "delivery",
    metadata,
    Column("id", Key, primary_key=True),
    Column("hook", Key, ForeignKey("webhook.id"), nullable=False),
    Column("event", Text, nullable=False, unique=True),
    Column("body", Text, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("next_at", Moment, nullable=False),
    Column("state", Text, nullable=False),
    Column("done_at", Moment),
    Column("error", Text, nullable=False),
    Index(None, "state", "next_at"),
)

#: Issues a person released to the public interface.
public_issue = Table(
    "public_issue",
    metadata,
    Column("issue", Text, ForeignKey("issue.id"), primary_key=True),
    Column("at", Moment, nullable=False),
    Column("by", Text, nullable=False),
)

#: The place a person gave an issue; the machine's own guess does not come back.
fixed_place = Table(
    "fixed_place",
    metadata,
    Column("issue", Text, ForeignKey("issue.id"), primary_key=True),
    Column("area", Text, nullable=False),
)
