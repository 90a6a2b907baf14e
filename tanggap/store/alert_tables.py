"""The tables of alerts: what people were called for, on which channel it went out, and which channel is away."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, Table, Text

from tanggap.store.tables import Key, Moment, metadata

alert = Table(
    "alert",
    metadata,
    Column("id", Key, primary_key=True),
    #: What it is about, so that nobody is called twice for one thing.
    Column("key", Text, nullable=False, unique=True),
    Column("kind", Text, nullable=False),
    #: Id of the issue, source or run.
    Column("subject", Text, nullable=False),
    #: Class of the issue, "" where there is none.
    Column("priority", Text, nullable=False),
    Column("at", Moment, nullable=False, index=True),
    #: As it was said when it was noticed.
    Column("title", Text, nullable=False),
    Column("body", Text, nullable=False),
)

alert_sending = Table(
    "alert_sending",
    metadata,
    Column("alert", Key, ForeignKey("alert.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("channel", Text, primary_key=True),
    #: Alerts that went out in one message have one moment.
    Column("at", Moment, nullable=False),
    Index(None, "channel", "at"),
)

#: A channel that did not take a message, until it takes one again.
alert_channel = Table(
    "alert_channel",
    metadata,
    Column("name", Text, primary_key=True),
    Column("failures", Integer, nullable=False),
    Column("next_at", Moment, nullable=False),
)
