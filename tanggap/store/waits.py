"""Until when a source is left alone, kept in the store so that a wait outlives the process that was told to wait."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import cast

from sqlalchemy import Connection, delete, select

from tanggap.errors import FailureClass
from tanggap.store.dialects import upsert
from tanggap.store.tables import source_wait


@dataclass(frozen=True, slots=True, kw_only=True)
class Wait:
    """A source is not to be asked before `until`."""

    until: datetime
    failure: FailureClass
    #: One sentence.
    why: str


def until(db: Connection, source: str) -> Wait | None:
    """The wait of `source`, which may be over; None when it never was told to wait."""
    row = db.execute(select(source_wait).where(source_wait.c.source == source)).one_or_none()
    return Wait(until=row.until, failure=cast("FailureClass", row.failure), why=row.why) if row else None


def put(db: Connection, source: str, at: datetime, failure: FailureClass, why: str) -> None:
    """Lets `source` wait until `at`."""
    values = {"until": at, "failure": failure, "why": why}
    statement = upsert(db, source_wait).values(source=source, **values)
    db.execute(statement.on_conflict_do_update(index_elements=["source"], set_=values))


def clear(db: Connection, source: str) -> None:
    """`source` may be asked at once."""
    db.execute(delete(source_wait).where(source_wait.c.source == source))
