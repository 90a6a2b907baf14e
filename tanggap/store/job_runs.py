"""Runs of jobs: the one truth about what was asked, runs and is over; the queue behind it only carries them."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, RowMapping, case, delete, func, select, update

from tanggap.errors import UsageError
from tanggap.schedules import ENDED, JobRun, State
from tanggap.store.dialects import chunks, upsert
from tanggap.store.job_tables import job_run

#: Characters of a log and of a reason that are kept.
LOG = 4_000
REASON = 500


@dataclass(frozen=True, slots=True)
class Refused:
    """Why a run was not added: its slot has one already, or `holder` is the same job, not over yet."""

    holder: JobRun | None


def ask(db: Connection, run: JobRun, holds: str | None = None) -> Refused | None:
    """Adds a run. While one that `holds` the same lives, no other is added. None when all is well."""
    row = _row(run) | {"holds": holds}
    if db.execute(upsert(db, job_run).values(row).on_conflict_do_nothing().returning(job_run.c.id)).all():
        return None
    if get(db, run.id) is not None:
        return Refused(None)
    holder = db.execute(select(job_run).where(job_run.c.holds == holds)).mappings().first()
    return Refused(item(holder)) if holder else ask(db, run, holds)


def request(
    db: Connection, job: str, argument: str = "", *, by: str, at: datetime, in_s: float = 0.0, schedule: str = ""
) -> JobRun:
    """Asks for a run now or in a while; the one that waits already when the same was asked before."""
    run = JobRun(
        id=f"{job}-{at:%Y%m%dT%H%M%S}-{secrets.token_hex(4)}",
        job=job,
        argument=argument,
        schedule=schedule,
        by=by,
        state=State.ASKED,
        asked_at=at,
        due_at=at + timedelta(seconds=in_s),
    )
    refused = ask(db, run, hold(job, argument))
    return refused.holder if refused and refused.holder else run


def hold(job: str, argument: str, slot: datetime | None = None) -> str:
    """What a run holds while another of the same would be one too many; with a slot, only the same slot is the same."""
    return f"{job}:{argument}" + (f"@{slot.isoformat()}" if slot else "")


def reopen(db: Connection, run: JobRun, holds: str) -> bool:
    """Asks for a slot that was skipped before; False when it ran, runs or waits."""
    changes = {"state": State.ASKED, "holds": holds, "due_at": run.due_at, "reason": "", "ended_at": None, "by": run.by}
    skipped = (job_run.c.id == run.id) & (job_run.c.state == State.SKIPPED)
    return bool(db.execute(update(job_run).where(skipped).values(changes).returning(job_run.c.id)).all())


def skip(db: Connection, run: JobRun, reason: str) -> None:
    """Writes down that a slot was not run, and why."""
    skipped = run.evolve(state=State.SKIPPED, reason=reason, ended_at=run.asked_at)
    db.execute(upsert(db, job_run).values(_row(skipped) | {"holds": None}).on_conflict_do_nothing())


def anything_due(db: Connection, now: datetime) -> bool:
    """Whether a run shall start now."""
    waiting = select(job_run.c.id).where(job_run.c.state == State.ASKED, job_run.c.due_at <= now)
    return db.scalar(waiting.limit(1)) is not None


def take_due(db: Connection, now: datetime, limit: int) -> list[JobRun]:
    """Runs that shall start now, marked as queued, oldest first: the caller puts them on the queue."""
    waiting = select(job_run.c.id).where(job_run.c.state == State.ASKED, job_run.c.due_at <= now)
    mine = waiting.order_by(job_run.c.due_at).limit(limit).with_for_update(skip_locked=True)
    taken = update(job_run).where(job_run.c.id.in_(mine.scalar_subquery())).values(state=State.QUEUED)
    rows = db.execute(taken.returning(job_run)).mappings()
    return sorted((item(row) for row in rows), key=lambda run: run.due_at)


def put_back(db: Connection, ids: Sequence[str], due_at: datetime | None = None) -> None:
    """Lets runs that were taken wait on, until `due_at` if one is given."""
    changes: dict[str, Any] = {"state": State.ASKED} | ({"due_at": due_at} if due_at else {})
    db.execute(update(job_run).where(job_run.c.id.in_(ids), job_run.c.state == State.QUEUED).values(changes))


def start(
    db: Connection, run_id: str, attempt: int, worker: str, at: datetime, *, let_go: Sequence[str] = ()
) -> JobRun | None:
    """Begins a try; None when it is not wanted any more: cancelled, over, or a newer try exists.

    A run found running lost its worker: that counts as a crash. Jobs of `let_go` may be asked for again from now on.
    """
    wanted = job_run.c.state.in_((State.ASKED, State.QUEUED, State.RUNNING))
    changes: dict[str, Any] = {
        "state": State.RUNNING,
        "worker": worker,
        "started_at": at,
        "crashes": job_run.c.crashes + case((job_run.c.state == State.RUNNING, 1), else_=0),
        "holds": case((job_run.c.job.in_(let_go), None), else_=job_run.c.holds),
    }
    mine = (job_run.c.id == run_id) & (job_run.c.attempt == attempt) & wanted
    row = db.execute(update(job_run).where(mine).values(changes).returning(job_run)).mappings().one_or_none()
    return item(row) if row else None


def progress(db: Connection, run: JobRun, done: int, total: int) -> bool:
    """Notes how far a run is; False when it shall stop, because it was cancelled or begun anew elsewhere."""
    noted = update(job_run).where(_this_try(run)).values(done=done, total=total)
    return bool(db.execute(noted.returning(job_run.c.id)).all())


def finish(
    db: Connection,
    run: JobRun,
    state: State,
    at: datetime,
    *,
    counts: Mapping[str, int] | None = None,
    cost_usd: float = 0.0,
    failures: int = 0,
    reason: str = "",
    log: str = "",
) -> None:
    """Ends a try for good."""
    changes = {"state": state, "ended_at": at, "holds": None, "reason": reason[:REASON], "log": log[-LOG:]}
    changes |= {"counts": dict(counts or {}), "cost_usd": cost_usd, "failures": failures}
    db.execute(update(job_run).where(_this_try(run)).values(changes))


def again(
    db: Connection, run: JobRun, at: datetime, due_at: datetime, reason: str, *, failures: int, log: str = ""
) -> None:
    """Ends a try and asks for the next one, not before `due_at`."""
    changes = {"state": State.ASKED, "ended_at": at, "due_at": due_at, "attempt": run.attempt + 1}
    changes |= {"failures": failures, "reason": reason[:REASON], "log": log[-LOG:]}
    db.execute(update(job_run).where(_this_try(run)).values(changes))


def revive(db: Connection, run: JobRun, at: datetime) -> bool:
    """Asks anew for a run that the queue has lost; False when it is not as it was any more."""
    same = (job_run.c.id == run.id) & (job_run.c.attempt == run.attempt) & (job_run.c.state == run.state)
    changes = {"state": State.ASKED, "due_at": at, "attempt": run.attempt + 1}
    return bool(db.execute(update(job_run).where(same).values(changes).returning(job_run.c.id)).all())


def give_back(db: Connection, worker: str) -> None:
    """Notes that a worker which stops in good order leaves its running jobs to the queue; no crash is counted."""
    mine = (job_run.c.worker == worker) & (job_run.c.state == State.RUNNING)
    db.execute(update(job_run).where(mine).values(state=State.QUEUED))


def cancel(db: Connection, run_id: str, by: str, at: datetime) -> JobRun:
    """Stops a run: one that waits never starts, one that runs ends at its next sign of progress.

    Raises:
        UsageError: there is no such run, or it is over.
    """
    run = get(db, run_id)
    if run is None or run.state in ENDED:
        raise UsageError(f"There is no run `{run_id}` to stop; `tanggap schedule list --runs` shows them.")
    changes = {"state": State.CANCELLED, "ended_at": at, "holds": None, "reason": f"dihentikan oleh {by}"}
    mine = (job_run.c.id == run_id) & job_run.c.state.not_in(ENDED)
    db.execute(update(job_run).where(mine).values(changes))
    return run


def get(db: Connection, run_id: str) -> JobRun | None:
    """The run of this id."""
    row = db.execute(select(job_run).where(job_run.c.id == run_id)).mappings().one_or_none()
    return item(row) if row else None


def count(db: Connection, ids: Sequence[str], states: Sequence[State]) -> int:
    """How many of these runs are in one of the states."""
    counted = select(func.count()).where(job_run.c.state.in_(states))
    return sum(db.scalar(counted.where(job_run.c.id.in_(part))) or 0 for part in chunks(ids))


def unfinished(db: Connection, before: datetime, limit: int = 500) -> list[JobRun]:
    """Runs handed to the queue or begun, that were due before a moment and are not over."""
    open_ = job_run.c.state.in_((State.QUEUED, State.RUNNING)) & (job_run.c.due_at < before)
    rows = db.execute(select(job_run).where(open_).order_by(job_run.c.due_at).limit(limit))
    return [item(row) for row in rows.mappings()]


def recent(
    db: Connection, *, schedule: str | None = None, job: str | None = None, state: State | None = None, limit: int = 50
) -> list[JobRun]:
    """The newest runs first, of one schedule, job or state."""
    found = select(job_run).order_by(job_run.c.asked_at.desc(), job_run.c.id.desc()).limit(limit)
    for column, value in ((job_run.c.schedule, schedule), (job_run.c.job, job), (job_run.c.state, state)):
        if value is not None:
            found = found.where(column == value)
    return [item(row) for row in db.execute(found).mappings()]


def last_start(db: Connection, job: str, argument: str) -> datetime | None:
    """When this job last began for this argument."""
    same = (job_run.c.job == job) & (job_run.c.argument == argument) & job_run.c.started_at.is_not(None)
    return db.scalar(select(job_run.c.started_at).where(same).order_by(job_run.c.asked_at.desc()).limit(1))


def prune(db: Connection, before: datetime) -> int:
    """Forgets runs that ended before a moment; those set aside stay as long as anybody may want to look at them."""
    old = job_run.c.state.in_((State.DONE, State.SKIPPED, State.CANCELLED)) & (job_run.c.asked_at < before)
    ids = list(db.scalars(select(job_run.c.id).where(old).limit(10_000)))
    for part in chunks(ids):
        db.execute(delete(job_run).where(job_run.c.id.in_(part)))
    return len(ids)


def _this_try(run: JobRun) -> Any:
    return (job_run.c.id == run.id) & (job_run.c.attempt == run.attempt) & (job_run.c.state == State.RUNNING)


def _row(run: JobRun) -> dict[str, Any]:
    row = {column.name: getattr(run, column.name) for column in job_run.columns if column.name != "holds"}
    return row | {"state": run.state.value, "counts": dict(run.counts)}


def item(row: RowMapping) -> JobRun:
    """A row of the table as a record."""
    plain = {name: value for name, value in row.items() if name != "holds"}
    return JobRun(**{**plain, "state": State(row["state"])})
