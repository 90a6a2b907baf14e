"""The tables of the audit trail: its entries, chained by their hashes, and the anchor of the newest."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Integer, Table, Text

from tanggap.store.tables import Json, Key, Moment, metadata

audit = Table(
    "audit",
    metadata,
    Column("id", Key, primary_key=True),
    Column("at", Moment, nullable=False),
    Column("by", Text, nullable=False),
    Column("action", Text, nullable=False),
    Column("subject", Text, nullable=False, index=True),
    Column("before", Json, nullable=False),
    Column("after", Json, nullable=False),
    Column("note", Text, nullable=False),
    #: Hash of the entry before, and of this one: SHA-256 over its content, its number and the hash before.
    Column("previous", Text, nullable=False),
    Column("hash", Text, nullable=False),
)

#: One row: number and hash of the newest audit entry, so that a cut end is found too.
audit_head = Table(
    "audit_head",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("last", BigInteger, nullable=False),
    Column("hash", Text, nullable=False),
)
