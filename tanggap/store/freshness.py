"""How long posts took from being published to being seen: in an issue of the queue, or else on the boards."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, func, insert, select

from tanggap.store.job_tables import freshness
from tanggap.store.tables import post

#: Posts to look back over for ones that were understood out of turn.
BEHIND = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Freshness:
    """Seconds from publishing to visible, over the posts of a span of time."""

    posts: int
    median_s: float
    p95_s: float
    #: The part of the median that passed before we had collected the post.
    collect_median_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """One post and what passed from its publishing until it was collected, and until it was visible, in seconds."""

    source: str
    title: str | None
    url: str | None
    published_at: datetime
    collect_s: float
    visible_s: float


def record(db: Connection, at: datetime, window: timedelta) -> int:
    """Notes every understood post of the last `window` that has no note yet as visible since `at`; returns how many."""
    newest = db.scalar(select(func.max(freshness.c.post))) or 0
    noted = select(freshness.c.post).where(freshness.c.post == post.c.id).exists()
    fresh = (post.c.id > newest - BEHIND) & (post.c.model != "") & (post.c.published_at > at - window)
    found = db.execute(select(post.c.id, post.c.published_at, post.c.collected_at).where(fresh, ~noted)).all()
    rows = [
        {
            "post": row.id,
            "visible_at": at,
            "collect_s": max(0.0, (row.collected_at - row.published_at).total_seconds()),
            "visible_s": max(0.0, (at - row.published_at).total_seconds()),
        }
        for row in found
    ]
    if rows:
        db.execute(insert(freshness), rows)
    return len(rows)


def measure(db: Connection, since: datetime) -> Freshness | None:
    """Median and 95th percentile over the visible posts published since; None when there are none."""
    seen = freshness.join(post, post.c.id == freshness.c.post)
    lately = post.c.published_at >= since
    count = db.scalar(select(func.count()).select_from(seen).where(lately)) or 0
    if not count:
        return None

    def at(column: str, share: float) -> float:
        lags = select(freshness.c[column]).select_from(seen).where(lately).order_by(freshness.c[column])
        return float(db.scalar(lags.offset(min(count - 1, int(share * count))).limit(1)) or 0.0)

    return Freshness(
        posts=count,
        median_s=at("visible_s", 0.5),
        p95_s=at("visible_s", 0.95),
        collect_median_s=at("collect_s", 0.5),
    )


def slowest(db: Connection, since: datetime, limit: int = 100) -> list[Seen]:
    """The visible posts published since that took longest, the slowest first."""
    seen = freshness.join(post, post.c.id == freshness.c.post)
    wanted = (post.c.source, post.c.title, post.c.url, post.c.published_at)
    rows = select(*wanted, freshness.c.collect_s, freshness.c.visible_s).select_from(seen)
    late = rows.where(post.c.published_at >= since).order_by(freshness.c.visible_s.desc(), post.c.id).limit(limit)
    return [Seen(**row) for row in db.execute(late).mappings()]
