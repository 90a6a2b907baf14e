"""Where rumours are listened for: posts in issues and outside them, and those who may clear things up."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import Connection, or_, select

from tanggap.records import Post, PostKind, Reading
from tanggap.store.dialects import chunks
from tanggap.store.posts import from_row
from tanggap.store.scores import current, reading_from
from tanggap.store.tables import issue, issue_link, post, score


def words_in_issues(db: Connection, start: datetime, limit: int) -> list[tuple[str, Post]]:
    """The posts of open issues since `start` whose words are still kept, with their issue; the newest, oldest first."""
    alive = issue.c.status.not_in(("resolved", "dismissed", "merged"))
    wanted = (
        select(issue_link.c.issue, post)
        .join(post, post.c.id == issue_link.c.post)
        .join(issue, issue.c.id == issue_link.c.issue)
        .where(issue_link.c.published_at >= start, post.c.text != "", alive)
        .order_by(issue_link.c.published_at.desc(), issue_link.c.post.desc())
        .limit(limit)
    )
    rows = db.execute(wanted).mappings().all()
    return [(row[issue_link.c.issue], from_row(row)) for row in reversed(rows)]


def words_outside(db: Connection, start: datetime, limit: int) -> list[Post]:
    """The posts and reports since `start` that are understood but in no issue; the newest, oldest first."""
    wanted = (
        select(post)
        .outerjoin(issue_link, issue_link.c.post == post.c.id)
        .where(post.c.published_at >= start, post.c.model != "", post.c.text != "", issue_link.c.post.is_(None))
        .where(post.c.kind != PostKind.NEWS.value)
        .order_by(post.c.published_at.desc(), post.c.id.desc())
        .limit(limit)
    )
    return [from_row(row) for row in reversed(db.execute(wanted).mappings().all())]


def readings_of(db: Connection, numbers: Sequence[int]) -> list[Reading]:
    """Posts of these numbers with the scores they show, oldest first."""
    found: list[Reading] = []
    for part in chunks(numbers):
        rows = db.execute(select(post, score).join(score, current()).where(post.c.id.in_(part))).mappings()
        found += [reading_from(row) for row in rows]
    return sorted(found, key=lambda reading: (reading.post.published_at, reading.post.id or 0))


def official(db: Connection, offices: Collection[str], start: datetime, limit: int) -> list[Reading]:
    """News, and posts of these accounts, since `start`; the newest, oldest first."""
    voices = or_(post.c.kind == PostKind.NEWS.value, post.c.author.in_(offices))
    wanted = select(post, score).join(score, current()).where(post.c.published_at >= start, post.c.text != "", voices)
    rows = db.execute(wanted.order_by(post.c.published_at.desc(), post.c.id.desc()).limit(limit)).mappings().all()
    return [reading_from(row) for row in reversed(rows)]
