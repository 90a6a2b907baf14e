"""Schedules as they stand: read every second by the workers, so an edit from anywhere counts at once."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, case, delete, or_, select, update

from tanggap.errors import UsageError
from tanggap.schedules import CatchUp, JobRun, Schedule
from tanggap.store import job_runs
from tanggap.store.dialects import upsert
from tanggap.store.job_tables import schedule

#: The fields that say when it fires; slots of a new clock that have gone by were never missed.
CLOCK = ("cron", "timezone", "quiet")
#: Slots of one backfill.
MOST = 10_000


def put(db: Connection, item: Schedule) -> None:
    """Adds a schedule, or changes it: slots of a changed clock count from the edit, else what was decided stays.

    Raises:
        UsageError: its cron line, quiet hours or name cannot be used.
    """
    item.check(item.edited_at)
    row = _row(item)
    changes = {name: value for name, value in row.items() if name not in ("name", "decided_to")}
    otherwise = or_(*(schedule.c[name] != row[name] for name in CLOCK))
    changes["decided_to"] = case((otherwise, row["edited_at"]), else_=schedule.c.decided_to)
    db.execute(upsert(db, schedule).values(row).on_conflict_do_update(index_elements=["name"], set_=changes))


def add_missing(db: Connection, item: Schedule) -> bool:
    """Adds a schedule unless one has its name; tells whether it did."""
    item.check(item.edited_at)
    added = upsert(db, schedule).values(_row(item)).on_conflict_do_nothing()
    return bool(db.execute(added.returning(schedule.c.name)).all())


def every(db: Connection) -> list[Schedule]:
    """All schedules, by name."""
    return [_item(row) for row in db.execute(select(schedule).order_by(schedule.c.name)).mappings()]


def get(db: Connection, name: str) -> Schedule:
    """The schedule of this name; UsageError when there is none."""
    row = db.execute(select(schedule).where(schedule.c.name == name)).mappings().one_or_none()
    if row is None:
        raise UsageError(f"There is no schedule `{name}`; `tanggap schedule list` shows them.")
    return _item(row)


def pause(db: Connection, name: str, by: str, at: datetime) -> None:
    """Lets no slot of it start until it is resumed."""
    get(db, name)
    db.execute(update(schedule).where(schedule.c.name == name).values(paused=True, edited_by=by, edited_at=at))


def resume(db: Connection, name: str, by: str, at: datetime) -> None:
    """Starts it again from now; slots of the pause are not caught up."""
    get(db, name)
    changes = {"paused": False, "edited_by": by, "edited_at": at, "decided_to": at}
    db.execute(update(schedule).where(schedule.c.name == name).values(changes))


def remove(db: Connection, name: str) -> None:
    """Takes it away; its history stays."""
    get(db, name)
    db.execute(delete(schedule).where(schedule.c.name == name))


def run_now(db: Connection, name: str, by: str, now: datetime) -> JobRun:
    """Asks for the job of a schedule at once, paused or not; the one that waits or runs already when there is one."""
    item = get(db, name)
    return job_runs.request(db, item.job, item.argument, by=by, at=now, schedule=name)


def backfill(db: Connection, name: str, start: datetime, end: datetime, by: str, now: datetime) -> list[JobRun]:
    """Asks for every slot in `start < slot <= end` that never ran, oldest first, and tells which."""
    item = get(db, name)
    if end > now:
        raise UsageError("A backfill ends now at the latest; the future comes by itself.")
    asked = []
    for slot in item.clock.missed(start, end, MOST):
        run, holds = item.run(slot, now, by), job_runs.hold(item.job, item.argument, slot)
        if job_runs.ask(db, run, holds) is None or job_runs.reopen(db, run, holds):
            asked.append(run)
    return asked


def claim(db: Connection, name: str) -> Schedule | None:
    """The schedule, kept from other schedulers until this transaction ends; None when gone or in their hands."""
    mine = select(schedule).where(schedule.c.name == name).with_for_update(skip_locked=True)
    row = db.execute(mine).mappings().one_or_none()
    return _item(row) if row else None


def decide(db: Connection, name: str, to: datetime) -> None:
    """Notes that every slot up to `to` is decided."""
    db.execute(update(schedule).where(schedule.c.name == name).values(decided_to=to))


def _row(item: Schedule) -> dict[str, Any]:
    return {column.name: getattr(item, column.name) for column in schedule.columns} | {"catch_up": item.catch_up.value}


def _item(row: RowMapping) -> Schedule:
    return Schedule(**{**row, "catch_up": CatchUp(row["catch_up"])})
