"""When the posts of issues were published and how they sound, as measuring effects and units needs it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import Connection, select

from tanggap.store.dialects import chunks
from tanggap.store.tables import issue, issue_link, post


def of_issues(db: Connection, issue_ids: Sequence[str]) -> dict[str, list[tuple[datetime, bool]]]:
    """Time and negativity of every post of each issue, oldest first."""
    found: dict[str, list[tuple[datetime, bool]]] = {name: [] for name in issue_ids}
    for part in chunks(list(issue_ids)):
        query = select(issue_link.c.issue, post.c.published_at, post.c.sentiment).join(
            post, post.c.id == issue_link.c.post
        )
        for name, at, sentiment in db.execute(query.where(issue_link.c.issue.in_(part)).order_by(post.c.published_at)):
            found[name].append((at, sentiment == "negative"))
    return found


def unanswered(db: Connection, topic: str, since: datetime, limit: int = 500) -> list[str]:
    """Issues of a topic that nobody answered, detected since a moment, the newest first."""
    query = select(issue.c.id).where(
        issue.c.topic == topic, issue.c.answered_at.is_(None), issue.c.detected_at >= since, issue.c.reopened == 0
    )
    return list(db.scalars(query.order_by(issue.c.detected_at.desc()).limit(limit)))


def spoken_by(db: Connection, authors: Collection[str]) -> list[str]:
    """Issues that hold a post of one of these accounts."""
    query = select(issue_link.c.issue).join(post, post.c.id == issue_link.c.post).where(post.c.author.in_(authors))
    return list(db.scalars(query.distinct().order_by(issue_link.c.issue)))
