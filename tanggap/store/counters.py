"""What the counters need of the store: numbers given out, where a complaint went, which duty reports came in."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Connection, select

from tanggap.records import Post
from tanggap.records.desk import Receipt
from tanggap.store import posts
from tanggap.store.desk_tables import receipt
from tanggap.store.dialects import one_writer
from tanggap.store.tables import issue_link, post


def last_number(db: Connection, day: date) -> int:
    """The last number of a day; until this transaction ends, no other counter gets one."""
    one_writer(db)
    given = db.scalars(select(receipt.c.number).where(receipt.c.number.startswith(f"LOKET-{day:%Y%m%d}-")))
    return max((int(number.split("-")[2]) for number in given), default=0)


def issue_of(db: Connection, source: str, native_id: str) -> str | None:
    """The issue that a post belongs to, if to any."""
    home = select(issue_link.c.issue).join(post, post.c.id == issue_link.c.post)
    return db.scalar(home.where(post.c.source == source, post.c.native_id == native_id))


def post_of(db: Connection, source: str, native_id: str) -> Post | None:
    """The stored complaint; None once it was erased."""
    row = db.execute(select(post).where(post.c.source == source, post.c.native_id == native_id)).mappings().first()
    return None if row is None else posts.from_row(row)


def taken(db: Connection, desk: str, start: datetime, end: datetime, most: int) -> list[Receipt]:
    """The last receipts that a counter gave out between two moments, the newest first."""
    span = (receipt.c.desk == desk) & (receipt.c.at >= start) & (receipt.c.at < end)
    rows = db.execute(select(receipt).where(span).order_by(receipt.c.at.desc(), receipt.c.number.desc()).limit(most))
    return [Receipt(**row) for row in rows.mappings()]


def duty_reports(db: Connection, source: str, start: datetime, end: datetime) -> list[tuple[str, datetime]]:
    """Area and time of the reports that an RT or RW made on duty."""
    span = (post.c.source == source) & (post.c.published_at >= start) & (post.c.published_at < end)
    rows = db.execute(select(post.c.extra, post.c.published_at).where(span))
    return [(extra["area"], at) for extra, at in rows if extra.get("duty")]
