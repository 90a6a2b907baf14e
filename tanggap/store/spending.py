"""What each source took and cost per UTC day, and what is left of its budget."""

from __future__ import annotations

from datetime import UTC, date, datetime

from sqlalchemy import Connection, select

from tanggap.records import Source
from tanggap.store.dialects import upsert
from tanggap.store.tables import spending


def add(db: Connection, source: str, at: datetime, *, items: int, usd: float) -> None:
    """Books one batch; call it in the transaction that adds its posts."""
    statement = upsert(db, spending).values(source=source, day=billing_day(at), items=items, usd=usd)
    more = {"items": spending.c["items"] + items, "usd": spending.c.usd + usd}
    db.execute(statement.on_conflict_do_update(index_elements=["source", "day"], set_=more))


def spent(db: Connection, source: str, at: datetime) -> tuple[int, float]:
    """(items, dollars) of the billing day of `at`."""
    same = (spending.c.source == source) & (spending.c.day == billing_day(at))
    row = db.execute(select(spending.c["items"], spending.c.usd).where(same)).one_or_none()
    return (int(row[0]), float(row[1])) if row else (0, 0.0)


def left(db: Connection, source: Source, at: datetime) -> int | None:
    """Items the budget still allows on the billing day of `at`; None for a source without budget."""
    items, usd = spent(db, source.id, at)
    allowed = []
    if source.budget_items:
        allowed.append(source.budget_items - items)
    if source.budget_usd and source.price:
        allowed.append(int((source.budget_usd - usd) / source.price + 1e-9))
    return max(0, min(allowed)) if allowed else None


def billing_day(at: datetime) -> date:
    """The day networks bill by: UTC's."""
    return at.astimezone(UTC).date()
