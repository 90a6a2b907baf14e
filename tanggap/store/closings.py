"""Reports that were closed at their own desks and are in no issue, and the complaints of the days since."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, Select, select

from tanggap.records import PostKind, Reading, Status
from tanggap.store.scores import current, reading_from
from tanggap.store.tables import issue_link, post, score


def closed_outside(db: Connection, start: datetime, limit: int) -> list[Reading]:
    """Citizen reports since `start` that their desks closed and that no issue holds, the newest first."""
    wanted = (
        _understood(start)
        .outerjoin(issue_link, issue_link.c.post == post.c.id)
        .where(issue_link.c.post.is_(None))
        .where(post.c.kind == PostKind.REPORT.value, post.c.status == Status.RESOLVED.value)
    )
    return _newest(db, wanted, limit)


def complaints(db: Connection, start: datetime, limit: int) -> list[Reading]:
    """Complaints of posts and reports since `start`, in issues or not, the newest first."""
    return _newest(db, _understood(start).where(post.c.kind != PostKind.NEWS.value, score.c.complaint), limit)


def _understood(start: datetime) -> Select[tuple[object, ...]]:
    """Posts with the scores they show, whose words are still kept."""
    shown = select(post, score).join(score, current())
    return shown.where(post.c.published_at >= start, post.c.text != "")


def _newest(db: Connection, wanted: Select[tuple[object, ...]], limit: int) -> list[Reading]:
    rows = db.execute(wanted.order_by(post.c.published_at.desc(), post.c.id.desc()).limit(limit)).mappings()
    return [reading_from(row) for row in rows]
