"""Sources as declared in sources.toml, kept so that screens can name them long after they are gone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, RowMapping, select, update

from tanggap.records import Source, SourceKind
from tanggap.store.dialects import upsert
from tanggap.store.tables import source

PLAIN = ("id", "title", "address", "query", "licence", "agreement", "enabled", "pace_s", "limit", "expected_per_day")


def sync(db: Connection, declared: Sequence[Source]) -> None:
    """Makes the stored sources equal to the declared ones; those no longer declared stay, disabled."""
    names = [item.id for item in declared]
    db.execute(update(source).where(source.c.id.not_in(names)).values(enabled=False))
    for item in declared:
        add(db, item)


def add(db: Connection, item: Source) -> None:
    """Stores one source, or brings it up to date."""
    row: dict[str, Any] = {name: getattr(item, name) for name in PLAIN}
    row |= {"kind": item.kind.value, "columns": dict(item.columns)}
    statement = upsert(db, source).values(row)
    db.execute(statement.on_conflict_do_update(index_elements=["id"], set_={k: v for k, v in row.items() if k != "id"}))


def all_sources(db: Connection) -> list[Source]:
    """Every source ever declared, by id."""
    return [from_row(row) for row in db.execute(select(source).order_by(source.c.id)).mappings()]


def get(db: Connection, key: str) -> Source | None:
    """The source with this id."""
    row = db.execute(select(source).where(source.c.id == key)).mappings().one_or_none()
    return from_row(row) if row else None


def from_row(row: RowMapping) -> Source:
    """A source as the table keeps it."""
    return Source(**{**row, "kind": SourceKind(row["kind"])})
