"""Daily briefs, saved whole so that they can be read again as they were sent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import Connection, select, update

from tanggap.errors import ConflictError
from tanggap.records import Brief
from tanggap.store.dialects import upsert
from tanggap.store.tables import brief
from tanggap.text import ELLIPSIS

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


def redact(db: Connection, texts: Mapping[int, str], words: str) -> int:
    """Writes `words` over every quote of the posts with these ids, in all editions; returns how many there were.

    Args:
        texts: post id -> its text or headline: older briefs do not tell which post they quote.
    """
    squeezed = [" ".join(text.split()) for text in texts.values() if text]
    done = 0
    for row in db.execute(select(brief)).all():
        quoting = [entry for entry in row.content["items"] if quotes(entry, texts, squeezed)]
        for entry in quoting:
            entry |= {"quote": words, "quote_post": None}
        if quoting:
            same = (brief.c.day == row.day) & (brief.c.edition == row.edition)
            db.execute(update(brief).where(same).values(content=row.content))
        done += len(quoting)
    return done


def quotes(entry: Mapping[str, Any], texts: Mapping[int, str], squeezed: Sequence[str]) -> bool:
    """Whether an item of a saved brief quotes one of these posts."""
    if (told := entry.get("quote_post")) is not None:
        return told in texts
    start = entry["quote"].removesuffix(ELLIPSIS)
    return bool(start) and any(text.startswith(start) for text in squeezed)
