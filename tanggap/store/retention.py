"""Ends the retention of texts: words and authors go, what they were counted as stays."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, func, select, update

from tanggap.store import briefs, changes
from tanggap.store.dialects import one_writer
from tanggap.store.tables import lead, post, post_version, quarantine, score

#: What a quote in a brief becomes.
EXPIRED = "(teks tidak disimpan lagi)"
#: What a post loses. Source, native id, times, engagement, status and what it was scored as stay: they are counted.
BLANK: dict[str, Any] = {
    "title": None,
    "text": "",
    "url": None,
    "author": None,
    "reply_to": None,
    "lat": None,
    "lon": None,
    "extra": {},
    "terms": "",
}


def overdue(source: str, before: datetime) -> Any:
    """Posts of a source that were collected before a moment and still have their text."""
    # Nothing is collected before it is published, so this narrows the search to an index.
    published = post.c.published_at < before
    return (post.c.source == source) & published & (post.c.collected_at < before) & post.c.blanked_at.is_(None)


def waiting(db: Connection, source: str, before: datetime) -> int:
    """How many posts `blank` would empty."""
    return db.scalar(select(func.count()).select_from(post).where(overdue(source, before))) or 0


def blank(db: Connection, source: str, before: datetime, *, at: datetime, limit: int) -> int:
    """Empties up to `limit` posts; returns how many. Call it again until it returns 0.

    Rollups and issues keep their numbers, for the row stays where it was counted. No crawl fills it again.
    """
    one_writer(db)
    wanted = select(post.c.id, post.c.title, post.c.text).where(overdue(source, before))
    rows = db.execute(wanted.order_by(post.c.id).limit(limit)).all()
    if not rows:
        return 0
    ids = [row.id for row in rows]
    briefs.redact(db, {row.id: row.title or row.text for row in rows}, EXPIRED)
    db.execute(delete(post_version).where(post_version.c.post.in_(ids)))
    db.execute(update(score).where(score.c.post.in_(ids)).values(reasons={}, terms="", places=[]))
    db.execute(update(post).where(post.c.id.in_(ids)).values(**BLANK, blanked_at=at))
    changes.note(db, ids)
    return len(ids)


def old_samples(db: Connection, before: datetime, *, dry_run: bool) -> int:
    """Deletes what was set aside unread before a moment; returns how many records, for a dry run only that."""
    return _drop(db, quarantine, quarantine.c.at < before, dry_run)


def old_leads(db: Connection, before: datetime, *, dry_run: bool) -> int:
    """Deletes headlines of discovery published before a moment; returns how many, for a dry run only that."""
    return _drop(db, lead, lead.c.published_at < before, dry_run)


def _drop(db: Connection, table: Any, old: Any, dry_run: bool) -> int:
    if dry_run:
        return db.scalar(select(func.count()).select_from(table).where(old)) or 0
    return db.execute(delete(table).where(old)).rowcount
