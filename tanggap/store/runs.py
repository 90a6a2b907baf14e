"""Crawl runs: what each crawl fetched, where it stands, and why it failed."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, func, insert, select, update

from tanggap.errors import FailureClass
from tanggap.records import CrawlRun
from tanggap.store.tables import crawl_run

COUNTS = ("fetched", "new", "duplicate", "changed", "failed", "removed")


def start(db: Connection, source: str, at: datetime) -> int:
    """Opens a run of `source` and gives its id."""
    row = {"source": source, "started_at": at, "cursor": "", "message": ""}
    row |= dict.fromkeys(COUNTS, 0) | {"refused": {}, "cost_usd": 0.0}
    run_id: int = db.execute(insert(crawl_run).values(row).returning(crawl_run.c.id)).scalar_one()
    return run_id


def advance(db: Connection, run: CrawlRun) -> None:
    """Writes how far a run has come: its counts, its cost and its cursor.

    Call it in the transaction that adds the posts, so that after a crash the cursor never runs ahead of them.
    """
    progress = {name: getattr(run, name) for name in (*COUNTS, "cost_usd", "cursor")}
    db.execute(update(crawl_run).where(crawl_run.c.id == run.id).values(**progress, refused=dict(run.refused)))


def finish(db: Connection, run_id: int, at: datetime, failure: FailureClass | None = None, message: str = "") -> None:
    """Closes a run; `failure` is the class of error it ended with."""
    db.execute(update(crawl_run).where(crawl_run.c.id == run_id).values(ended_at=at, failure=failure, message=message))


def cursor(db: Connection, source: str) -> str:
    """Where the next crawl of `source` continues; "" for the first one."""
    moved = select(crawl_run.c.cursor).where(crawl_run.c.source == source, crawl_run.c.cursor != "")
    return db.scalar(moved.order_by(crawl_run.c.id.desc()).limit(1)) or ""


def latest(db: Connection) -> dict[str, CrawlRun]:
    """The last run of every source that ever ran."""
    newest = select(func.max(crawl_run.c.id)).group_by(crawl_run.c.source)
    rows = db.execute(select(crawl_run).where(crawl_run.c.id.in_(newest))).mappings()
    return {row["source"]: CrawlRun(**row) for row in rows}


def recent(db: Connection, limit: int = 50, *, source: str | None = None) -> list[CrawlRun]:
    """The last runs of one source or of all, newest first."""
    wanted = select(crawl_run).order_by(crawl_run.c.id.desc()).limit(limit)
    if source is not None:
        wanted = wanted.where(crawl_run.c.source == source)
    return [CrawlRun(**row) for row in db.execute(wanted).mappings()]


def last_success(db: Connection, source: str) -> datetime | None:
    """When `source` was last read to the end without a failure."""
    done = crawl_run.c.ended_at.is_not(None) & crawl_run.c.failure.is_(None)
    wanted = select(crawl_run.c.started_at).where(crawl_run.c.source == source, done)
    return db.scalar(wanted.order_by(crawl_run.c.id.desc()).limit(1))
