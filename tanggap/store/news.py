"""News in the store: recent articles, and which of them repeat one that another paper published first."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection, select, update

from tanggap.records import Post, PostKind
from tanggap.store.dialects import chunks
from tanggap.store.posts import from_row, get
from tanggap.store.tables import post


def recent(db: Connection, since: datetime, *, source: str = "") -> list[Post]:
    """The articles published since a moment, of one source or of all, oldest first."""
    wanted = select(post).where(post.c.published_at >= since, post.c.kind == PostKind.NEWS.value)
    if source:
        wanted = wanted.where(post.c.source == source)
    return [from_row(row) for row in db.execute(wanted.order_by(post.c.published_at, post.c.id)).mappings()]


def about(db: Connection, topic: str, start: datetime, end: datetime, *, limit: int = 5) -> list[Post]:
    """Articles on a topic published in `start <= t < end`, oldest first; repeated ones are left out."""
    span = (post.c.published_at >= start) & (post.c.published_at < end)
    own = (post.c.kind == PostKind.NEWS.value) & (post.c.topic == topic) & post.c.copy_of.is_(None)
    wanted = select(post).where(span, own)
    rows = db.execute(wanted.order_by(post.c.published_at, post.c.id).limit(limit)).mappings()
    return [from_row(row) for row in rows]


def originals(db: Connection, copies: list[Post]) -> list[Post]:
    """The articles that some articles repeat, oldest first."""
    found = get(db, sorted({item.copy_of for item in copies if item.copy_of is not None}))
    return sorted(found, key=lambda item: (item.published_at, item.id or 0))


def link(db: Connection, copies: Mapping[int, int | None]) -> None:
    """Notes for posts, by id, which post each repeats; None for none."""
    by_original: dict[int | None, list[int]] = {}
    for copy, original in copies.items():
        by_original.setdefault(original, []).append(copy)
    for original, ids in by_original.items():
        for part in chunks(ids):
            db.execute(update(post).where(post.c.id.in_(part)).values(copy_of=original))
