"""Placements: where each post of the window stands, and how far the last grouping pass came."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, select

from tanggap.records import Reading
from tanggap.store import scores
from tanggap.store.dialects import chunks, upsert
from tanggap.store.grouping_tables import grouping, placement
from tanggap.store.issues import CLOSED
from tanggap.store.tables import issue, issue_link, post, score


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement:
    """One post, see `tanggap.store.grouping_tables.placement`."""

    post: int
    number: int
    draft: int | None
    copy_of: int | None
    likeness: float
    doubt: bool
    content: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far grouping came, see `tanggap.store.grouping_tables.grouping`."""

    passes: int = 0
    placed: int = 0
    weighed: int = 0
    consolidated_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """What a pass must know of every issue of the window."""

    version: int
    closed: bool
    first_at: datetime
    last_at: datetime


def progress(db: Connection) -> Progress:
    """How far the last pass came; all 0 before the first."""
    row = db.execute(select(*(grouping.c[name] for name in Progress.__slots__))).mappings().one_or_none()
    return Progress(**row) if row else Progress()


def advance(db: Connection, to: Progress) -> None:
    """Notes how far a pass came."""
    statement = upsert(db, grouping).values(id=1, **asdict(to))
    db.execute(statement.on_conflict_do_update(index_elements=["id"], set_=asdict(to)))


def every(db: Connection) -> list[Placement]:
    """All placements in the order the posts came."""
    return [Placement(**row) for row in db.execute(select(placement).order_by(placement.c.number)).mappings()]


def of(db: Connection, posts: Sequence[int]) -> dict[int, Placement]:
    """The placements of posts that have one."""
    found = {}
    for part in chunks(posts):
        for row in db.execute(select(placement).where(placement.c.post.in_(part))).mappings():
            found[row.post] = Placement(**row)
    return found


def put(db: Connection, rows: Sequence[Placement]) -> None:
    """Writes placements, in the stead of those that the posts had."""
    for part in chunks(rows):
        statement = upsert(db, placement)
        changes = {name: statement.excluded[name] for name in Placement.__slots__ if name != "post"}
        db.execute(
            statement.on_conflict_do_update(index_elements=["post"], set_=changes), [asdict(row) for row in part]
        )


def forget(db: Connection, posts: Iterable[int]) -> None:
    """Drops the placements of posts that left the window."""
    for part in chunks(list(posts)):
        db.execute(delete(placement).where(placement.c.post.in_(part)))


def readings(db: Connection, posts: Sequence[int]) -> dict[int, Reading]:
    """Those of some posts that have a score, by their numbers."""
    found = {}
    for part in chunks(posts):
        query = select(post, score).join(score, scores.current()).where(post.c.id.in_(part))
        for row in db.execute(query).mappings():
            found[row[post.c.id]] = scores.reading_from(row)
    return found


def homes(db: Connection, posts: Sequence[int]) -> dict[int, str]:
    """The issues that some posts are in."""
    found = {}
    for part in chunks(posts):
        query = select(issue_link.c.post, issue_link.c.issue).where(issue_link.c.post.in_(part))
        found.update({row.post: row.issue for row in db.execute(query)})
    return found


def states(db: Connection, start: datetime) -> dict[str, State]:
    """All issues that are open or were spoken of since a moment, without those that live on in others."""
    columns = (issue.c.version, issue.c.first_at, issue.c.last_at)
    over = issue.c.status.in_([status.value for status in CLOSED])
    query = select(issue.c.id, over.label("closed"), *columns)
    query = query.where(issue.c.merged_into.is_(None), ~over | (issue.c.last_at >= start))
    rows = db.execute(query.order_by(issue.c.id)).mappings()
    return {row["id"]: State(**{name: row[name] for name in State.__slots__}) for row in rows}
