"""Daily briefs, saved whole so that they can be read again as they were sent."""

from __future__ import annotations

from datetime import date

from pydantic import TypeAdapter
from sqlalchemy import Connection, select

from tanggap.errors import ConflictError
from tanggap.records import Brief
from tanggap.store.dialects import upsert
from tanggap.store.tables import brief

DOCUMENT = TypeAdapter(Brief)


def save(db: Connection, item: Brief) -> None:
    """Stores a brief for good.

    Raises:
        ConflictError: this edition of the day is already there.
    """
    row = {"day": item.day, "edition": item.edition, "content": DOCUMENT.dump_python(item, mode="json")}
    saved = db.execute(upsert(db, brief).values(row).on_conflict_do_nothing().returning(brief.c.day))
    if saved.first() is None:
        raise ConflictError(
            f"Edition {item.edition} of the brief of {item.day} is already saved; compose the next one."
        )


def latest(db: Connection, day: date) -> Brief | None:
    """The last edition of a day."""
    content = db.scalar(select(brief.c.content).where(brief.c.day == day).order_by(brief.c.edition.desc()).limit(1))
    return DOCUMENT.validate_python(content) if content else None


def days(db: Connection) -> list[date]:
    """Days that have a brief, newest first."""
    return list(db.scalars(select(brief.c.day).distinct().order_by(brief.c.day.desc())))
