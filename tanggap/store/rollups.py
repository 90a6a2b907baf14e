"""Posts per hour, source, topic, area and sentiment: what boards read instead of counting posts."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Literal

from sqlalchemy import Connection, delete, func, insert, select

from tanggap.clock import hour_of
from tanggap.records import HourCount
from tanggap.store.dialects import chunks
from tanggap.store.tables import hour_count, post

Dimension = Literal["sentiment", "topic", "area", "source"]
CELL = ("hour", "source", "topic", "area", "sentiment")


def refresh(db: Connection, hours: Iterable[datetime]) -> None:
    """Counts the posts of these hours anew; call it in the transaction that changed them."""
    for part in chunks(sorted(hours)):
        cells = [post.c[name] for name in CELL]
        recount = select(*cells, func.count()).where(post.c.hour.in_(part)).group_by(*cells)
        db.execute(delete(hour_count).where(hour_count.c.hour.in_(part)))
        db.execute(insert(hour_count).from_select([*CELL, "posts"], recount))


def hourly(db: Connection, start: datetime, end: datetime, *, by: Dimension | None = None) -> list[HourCount]:
    """Posts per hour from the hour of `start` until before `end`, in all or by one dimension.

    A dimension not asked for is "". Posts without a score, and those that are not about the city, count with
    topic, area and sentiment "". Hours without posts are left out.
    """
    names = ["hour", *([by] if by else [])]
    cells = [hour_count.c[name] for name in names]
    span = (hour_count.c.hour >= hour_of(start)) & (hour_count.c.hour < end)
    rows = db.execute(
        select(*cells, func.sum(hour_count.c.posts).label("posts")).where(span).group_by(*cells).order_by(*cells)
    ).mappings()
    blank = dict.fromkeys(CELL, "")
    return [HourCount(**{**blank, **row, "posts": int(row["posts"])}) for row in rows]
