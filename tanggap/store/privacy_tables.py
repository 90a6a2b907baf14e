"""The tables of letting go: what was erased for good, and what a network is asked to check."""

from __future__ import annotations

from sqlalchemy import Column, Integer, Table, Text

from tanggap.store.tables import Moment, metadata

#: Posts that were erased, as SHA-256 of source and native id: none of them is ever stored again.
erased = Table(
    "erased",
    metadata,
    Column("hash", Text, primary_key=True),
    Column("at", Moment, nullable=False),
)

#: The last compliance job of a source; X takes one at a time.
compliance_job = Table(
    "compliance_job",
    metadata,
    Column("source", Text, primary_key=True),
    #: Its id there; "" once it is over.
    Column("job", Text, nullable=False),
    Column("begun_at", Moment, nullable=False),
    #: How many ids it was given; 0 until they are known to have arrived.
    Column("ids", Integer, nullable=False),
)
