"""The tables of signals: voices per hour, how much of each hour was read, and what was noticed."""

from __future__ import annotations

from sqlalchemy import Column, Float, Index, Integer, Table, Text

from tanggap.store.tables import Json, Key, Moment, metadata

#: Posts on a topic in a kota ("" where none is named), and the voices among them: posts that are no copies.
voice_count = Table(
    "voice_count",
    metadata,
    Column("hour", Moment, primary_key=True),
    Column("topic", Text, primary_key=True),
    Column("kota", Text, primary_key=True),
    Column("posts", Integer, nullable=False),
    Column("voices", Integer, nullable=False),
    Column("reports", Integer, nullable=False),
    Column("positive", Integer, nullable=False),
    Column("negative", Integer, nullable=False),
)

#: Share of the usual posts whose sources were read in an hour, and the sources that were not.
hour_cover = Table(
    "hour_cover",
    metadata,
    Column("hour", Moment, primary_key=True),
    Column("share", Float, nullable=False),
    Column("down", Json, nullable=False),
)

#: What was noticed; posts are kept as bare numbers, so that an erased text is gone here too.
signal = Table(
    "signal",
    metadata,
    Column("id", Key, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("subject", Text, nullable=False, index=True),
    Column("since", Moment, nullable=False),
    Column("seen_at", Moment, nullable=False),
    Column("ended_at", Moment),
    Column("strength", Float, nullable=False),
    Column("told", Text, nullable=False),
    Column("withheld", Text, nullable=False),
    Column("evidence", Json, nullable=False),
    Index(None, "kind", "ended_at"),
)
