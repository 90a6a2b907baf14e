"""Alarms: one open at a time per source, from the first sign of trouble until it is well again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, insert, select, update

from tanggap.store.tables import alarm


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    """Something about a source that a person should look at."""

    id: int
    source: str
    #: Value of tanggap.watch.State.
    state: str
    since: datetime
    seen_at: datetime
    cleared_at: datetime | None
    #: One sentence for people.
    message: str


def raise_or_refresh(db: Connection, source: str, state: str, message: str, *, since: datetime, at: datetime) -> bool:
    """Opens the alarm of `source`, in trouble `since`, or notes what it is by now; True when it is new.

    Call it after `dialects.one_writer` in its transaction, so that two workers never open two.
    """
    seen = {"state": state, "message": message, "seen_at": at}
    if db.execute(update(alarm).where(_is_open(source)).values(seen)).rowcount:
        return False
    db.execute(insert(alarm).values(source=source, since=since, **seen))
    return True


def clear(db: Connection, source: str, at: datetime) -> bool:
    """`source` is well again; False when it had no alarm."""
    return bool(db.execute(update(alarm).where(_is_open(source)).values(cleared_at=at)).rowcount)


def open_ones(db: Connection) -> dict[str, Alarm]:
    """The open alarm of every source that has one, longest standing first."""
    rows = db.execute(select(alarm).where(alarm.c.cleared_at.is_(None)).order_by(alarm.c.since, alarm.c.id)).mappings()
    return {row["source"]: Alarm(**row) for row in rows}


def history(db: Connection, source: str, limit: int = 20) -> list[Alarm]:
    """The last alarms of `source`, newest first."""
    wanted = select(alarm).where(alarm.c.source == source).order_by(alarm.c.id.desc()).limit(limit)
    return [Alarm(**row) for row in db.execute(wanted).mappings()]


def _is_open(source: str) -> ColumnElement[bool]:
    return (alarm.c.source == source) & alarm.c.cleared_at.is_(None)
