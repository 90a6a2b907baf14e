"""The tables of grouping: where each post of the window stands, how far the last pass came, and what changed since."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Float, ForeignKey, Integer, Table

from tanggap.store.tables import Key, Moment, metadata

placement = Table(
    "placement",
    metadata,
    Column("post", Key, ForeignKey("post.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    #: Order of arrival; never given twice.
    Column("number", Key, nullable=False, unique=True),
    #: The group it is in while that is no issue; NULL where its link says where it is.
    Column("draft", Key),
    #: The post it repeats, a bare number that may outlive it.
    Column("copy_of", Key),
    Column("likeness", Float, nullable=False),
    Column("doubt", Boolean, nullable=False),
    #: Hash of what grouping read of it.
    Column("content", Key, nullable=False),
)

#: One row, 1.
grouping = Table(
    "grouping",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    #: Passes so far.
    Column("passes", Key, nullable=False),
    #: Last number of a placement, and up to which one posts tell how common words are.
    Column("placed", Key, nullable=False),
    Column("weighed", Key, nullable=False),
    Column("consolidated_at", Moment),
)

#: Posts that were scored, changed, emptied or erased since the last pass, in the order of these acts.
post_change = Table(
    "post_change",
    metadata,
    Column("number", Key, primary_key=True),
    Column("post", Key, nullable=False),
    sqlite_autoincrement=True,
)
