"""Which issues a person released to the public, and the search the public interface needs."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import Connection, delete, select

from tanggap.records import Issue, Status
from tanggap.records.desk import Response
from tanggap.store import issues
from tanggap.store.desk_tables import public_issue, response
from tanggap.store.dialects import chunks, upsert
from tanggap.store.shelf import responses
from tanggap.store.tables import issue


def release(db: Connection, issue_id: str, at: datetime, by: str) -> None:
    """Makes an issue public; again changes nothing."""
    db.execute(upsert(db, public_issue).values(issue=issue_id, at=at, by=by).on_conflict_do_nothing())


def withdraw(db: Connection, issue_id: str) -> None:
    """Takes an issue out of the public interface."""
    db.execute(delete(public_issue).where(public_issue.c.issue == issue_id))


def is_public(db: Connection, issue_id: str) -> bool:
    """Whether everybody may see it."""
    return db.scalar(select(public_issue.c.issue).where(public_issue.c.issue == issue_id)) is not None


def by_number(db: Connection, numbers: Sequence[str]) -> list[Issue]:
    """The public issues among these numbers, newest first; a merged one is itself here."""
    found: list[Issue] = []
    for part in chunks(numbers):
        rows = db.execute(select(issue).join(public_issue).where(issue.c.id.in_(part))).mappings()
        found += [issues.from_row(row) for row in rows]
    return sorted(found, key=lambda item: (item.first_at, item.id), reverse=True)


def last_answers(db: Connection, issue_ids: Sequence[str]) -> dict[str, Response]:
    """The answer of each issue that was published last; issues without one are left out."""
    last: dict[str, Response] = {}
    for part in chunks(issue_ids):
        out = responses.where(db, response.c.issue.in_(part), response.c.state == "published")
        for item in sorted(out, key=lambda one: (one.published_at or one.at, one.id or 0)):
            last[item.issue] = item
    return last


def search(
    db: Connection,
    start: datetime,
    end: datetime,
    *,
    topics: Collection[str] = (),
    statuses: Collection[Status] = (),
    limit: int,
    skip: int = 0,
) -> list[Issue]:
    """Public issues whose first post lies in `start <= t <= end`, newest first; empty filters fit all.

    Args:
        skip: how many of the newest are left out.
    """
    query = select(issue).join(public_issue).where(issue.c.first_at >= start, issue.c.first_at <= end)
    if topics:
        query = query.where(issue.c.topic.in_(topics))
    if statuses:
        query = query.where(issue.c.status.in_([status.value for status in statuses]))
    newest = query.order_by(issue.c.first_at.desc(), issue.c.id.desc())
    return [issues.from_row(row) for row in db.execute(newest.limit(limit).offset(skip)).mappings()]
