"""Which compliance job a network works on for a source, so that a killed process finds it again; and what to check."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, case, delete, select, update

from tanggap.store.dialects import upsert
from tanggap.store.privacy_tables import compliance_job
from tanggap.store.tables import post


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptJob:
    """A job that was begun and is not yet over."""

    job: str
    begun_at: datetime
    #: Ids it was given; 0 until they are known to have arrived.
    ids: int


def current(db: Connection, source: str) -> KeptJob | None:
    """The job of a source that is not over."""
    open_one = (compliance_job.c.source == source) & (compliance_job.c.job != "")
    row = db.execute(select(compliance_job).where(open_one)).one_or_none()
    return KeptJob(job=row.job, begun_at=row.begun_at, ids=row.ids) if row else None


def last_begun(db: Connection, source: str) -> datetime | None:
    """When the last job of a source that was not given up was begun."""
    return db.scalar(select(compliance_job.c.begun_at).where(compliance_job.c.source == source))


def keep(db: Connection, source: str, job: str, at: datetime, ids: int = 0) -> None:
    """Remembers the job of a source, when it was first heard of, and how many ids it was given."""
    statement = upsert(db, compliance_job).values(source=source, job=job, begun_at=at, ids=ids)
    sent = statement.excluded
    begun = case((compliance_job.c.job == sent.job, compliance_job.c.begun_at), else_=sent.begun_at)
    changes = {"job": sent.job, "ids": sent.ids, "begun_at": begun}
    db.execute(statement.on_conflict_do_update(index_elements=["source"], set_=changes))


def close(db: Connection, source: str) -> None:
    """The job of a source is done; when it was begun stays known."""
    db.execute(update(compliance_job).where(compliance_job.c.source == source).values(job="", ids=0))


def give_up(db: Connection, source: str) -> None:
    """The job of a source failed; it counts as never begun."""
    db.execute(delete(compliance_job).where(compliance_job.c.source == source))


def to_check(db: Connection, source: str) -> list[str]:
    """Native ids of what a source still keeps words of."""
    kept = (post.c.source == source) & post.c.blanked_at.is_(None)
    return [key for key in db.scalars(select(post.c.native_id).where(kept).order_by(post.c.id)) if key.isdecimal()]
