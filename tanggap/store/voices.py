"""When the posts of issues were published and how they sound, as measuring the effect of answers needs it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Connection, case, func, select

from tanggap.store.dialects import chunks
from tanggap.store.tables import Moment, issue, issue_link, post

#: An issue, and the start, middle and end of a span of time.
Window = tuple[str, datetime, datetime, datetime]


def between(db: Connection, issue_id: str, start: datetime, end: datetime) -> list[tuple[datetime, bool]]:
    """Time and negativity of the posts of an issue from `start` to before `end`, oldest first."""
    at = issue_link.c.published_at
    query = select(at, post.c.sentiment).join(post, post.c.id == issue_link.c.post)
    rows = db.execute(query.where(issue_link.c.issue == issue_id, at >= start, at < end).order_by(at))
    return [(moment, sentiment == "negative") for moment, sentiment in rows]


def halves(db: Connection, windows: Sequence[Window]) -> dict[str, tuple[int, int]]:
    """How many posts each issue had in the first and in the second half of its window, from one index alone."""
    found: dict[str, tuple[int, int]] = {}
    for part in chunks(list(windows)):
        named = [sa.column("issue", sa.Text)] + [sa.column(name, Moment) for name in ("start", "middle", "end")]
        asked = sa.values(*named, name="asked").data(part).cte()
        at = issue_link.c.published_at
        inside = (issue_link.c.issue == asked.c.issue) & (at >= asked.c.start) & (at < asked.c.end)
        first, both = func.count(case((at < asked.c.middle, 1))), func.count()
        query = select(asked.c.issue, first, both).join(issue_link, inside).group_by(asked.c.issue)
        found |= {name: (before, total - before) for name, before, total in db.execute(query)}
    return found


def unanswered(
    db: Connection, topic: str, since: datetime, until: datetime, limit: int = 500
) -> list[tuple[str, datetime]]:
    """Issues of a topic that nobody answered with their first post, which lies between two moments, newest first."""
    query = select(issue.c.id, issue.c.first_at).where(
        issue.c.topic == topic, issue.c.answered_at.is_(None), issue.c.reopened == 0,
        issue.c.first_at >= since, issue.c.first_at <= until,
    )  # fmt: skip
    return [(name, at) for name, at in db.execute(query.order_by(issue.c.first_at.desc()).limit(limit))]


def spoken_by(db: Connection, authors: Collection[str]) -> list[str]:
    """Issues that hold a post of one of these accounts."""
    query = select(issue_link.c.issue).join(post, post.c.id == issue_link.c.post).where(post.c.author.in_(authors))
    return list(db.scalars(query.distinct().order_by(issue_link.c.issue)))
