"""Sources as declared in sources.toml or edited since, kept so that screens can name them long after they are gone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, fields
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, select, update

from tanggap.records import Source, SourceKind
from tanggap.store.dialects import upsert
from tanggap.store.tables import source


def sync(db: Connection, declared: Sequence[Source]) -> None:
    """Makes the stored sources equal to the declared ones, save those that were edited or added in the store.

    Sources no longer declared stay, disabled. What a live run has seen stays seen while the address is the same.
    """
    untouched = source.c.edited_at.is_(None)
    names = [item.id for item in declared]
    db.execute(update(source).where(source.c.id.not_in(names), untouched).values(enabled=False))
    edited = set(db.scalars(select(source.c.id).where(~untouched)))
    seen = {row.id: row.address for row in db.execute(select(source.c.id, source.c.address).where(source.c.verified))}
    for item in declared:
        if item.id not in edited:
            put(db, item.evolve(verified=item.verified or seen.get(item.id) == item.address))


def put(db: Connection, item: Source, *, by: str | None = None, at: datetime | None = None) -> None:
    """Stores one source, or brings it up to date; `by` and `at` tell who edited it, None for the declaration file."""
    row: dict[str, Any] = asdict(item) | {"edited_by": by, "edited_at": at}
    row |= {"kind": item.kind.value, "columns": dict(item.columns), "topic_guard": list(item.topic_guard)}
    statement = upsert(db, source).values(row)
    db.execute(statement.on_conflict_do_update(index_elements=["id"], set_={k: v for k, v in row.items() if k != "id"}))


def verify(db: Connection, key: str) -> None:
    """Notes that a live run has seen the address answer; the source stays as its file declares it."""
    db.execute(update(source).where(source.c.id == key).values(verified=True))


def all_sources(db: Connection) -> list[Source]:
    """Every source ever declared, by id."""
    return [from_row(row) for row in db.execute(select(source).order_by(source.c.id)).mappings()]


def get(db: Connection, key: str) -> Source | None:
    """The source with this id."""
    row = db.execute(select(source).where(source.c.id == key)).mappings().one_or_none()
    return from_row(row) if row else None


def edits(db: Connection) -> dict[str, tuple[str, datetime]]:
    """Who last edited each source in the store, and when; those left as declared are not named."""
    rows = db.execute(
        select(source.c.id, source.c.edited_by, source.c.edited_at).where(source.c.edited_at.is_not(None))
    )
    return {row.id: (row.edited_by or "", row.edited_at) for row in rows}


def from_row(row: RowMapping) -> Source:
    """A source as the table keeps it."""
    told = {spec.name: row[spec.name] for spec in fields(Source)}
    return Source(**told | {"kind": SourceKind(row["kind"]), "topic_guard": tuple(row["topic_guard"])})
