"""The tables about the models: what people corrected, and how the texts and answers of a day differ from before."""

from __future__ import annotations

from sqlalchemy import Column, Date, ForeignKey, Table, Text

from tanggap.store.tables import Json, Key, Moment, metadata

correction = Table(
    "correction",
    metadata,
    Column("id", Key, primary_key=True),
    Column("post", Key, ForeignKey("post.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("field", Text, nullable=False),
    Column("before", Json, nullable=False),
    Column("after", Json, nullable=False),
    Column("why", Text, nullable=False),
    Column("by", Text, nullable=False),
    Column("at", Moment, nullable=False),
    Column("content_hash", Text, nullable=False),
    Column("undone_by", Text),
    Column("undone_at", Moment),
)

#: One report a day; a second of the day replaces the first.
drift_report = Table(
    "drift_report",
    metadata,
    Column("day", Date, primary_key=True),
    Column("made_at", Moment, nullable=False),
    Column("model", Text, nullable=False),
    Column("content", Json, nullable=False),
)
