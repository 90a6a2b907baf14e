"""Runs of jobs as people look after them: what is at work, what was set aside and never made good, and what then."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, func, select, update

from tanggap.errors import UsageError
from tanggap.schedules import JobRun, State
from tanggap.store import job_runs
from tanggap.store.job_tables import job_run

#: Characters of a reason that stay when a person lets a run be.
KEPT = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """The newest run of a job that was set aside, and how many before it since the job last went well."""

    run: JobRun
    times: int
    since: datetime


def faults(db: Connection, limit: int = 500) -> list[Fault]:
    """What was set aside and that no later run of the same job made good, newest first, one for each job."""
    later = job_run.alias()
    same = (later.c.job == job_run.c.job) & (later.c.argument == job_run.c.argument)
    healed = select(later.c.id).where(same, later.c.state == State.DONE, later.c.asked_at > job_run.c.asked_at)
    aside = select(job_run).where(job_run.c.state == State.SET_ASIDE, ~healed.exists())
    found: dict[tuple[str, str], list[JobRun]] = {}
    for run in _runs(db, aside.order_by(job_run.c.asked_at.desc()).limit(limit)):
        found.setdefault((run.job, run.argument), []).append(run)
    return [Fault(run=runs[0], times=len(runs), since=runs[-1].asked_at) for runs in found.values()]


def at_work(db: Connection, limit: int = 50) -> list[JobRun]:
    """Runs that a worker does now, the longest first."""
    working = select(job_run).where(job_run.c.state == State.RUNNING)
    return _runs(db, working.order_by(job_run.c.started_at).limit(limit))


def tally(db: Connection, since: datetime) -> Mapping[State, int]:
    """How many runs asked for since then stand where; those that wait or work are counted whenever they were asked."""
    counted = select(job_run.c.state, func.count()).group_by(job_run.c.state)
    open_ = counted.where(job_run.c.state.in_((State.ASKED, State.QUEUED, State.RUNNING)))
    over = counted.where(
        job_run.c.asked_at >= since, job_run.c.state.not_in((State.ASKED, State.QUEUED, State.RUNNING))
    )
    return {State(state): count for query in (open_, over) for state, count in db.execute(query)}


def retry(db: Connection, run_id: str, by: str, at: datetime) -> JobRun:
    """Asks once more for a run that was set aside, as if it had never failed; for the same that waits if one does.

    Raises:
        UsageError: it is not set aside any more.
    """
    run = _aside(db, run_id)
    holds = job_runs.hold(run.job, run.argument, run.slot)
    holder = _runs(db, select(job_run).where(job_run.c.holds == holds))
    if holder:
        return holder[0]
    changes = {"state": State.ASKED, "holds": holds, "by": by, "due_at": at, "attempt": run.attempt + 1}
    changes |= {"failures": 0, "crashes": 0, "reason": "", "started_at": None, "ended_at": None, "done": 0, "total": 0}
    db.execute(update(job_run).where(job_run.c.id == run_id, job_run.c.state == State.SET_ASIDE).values(changes))
    return run.evolve(state=State.ASKED, by=by, due_at=at)


def dismiss(db: Connection, run_id: str, by: str) -> None:
    """Lets every run of the job of `run_id` that was set aside be; their history stays.

    Raises:
        UsageError: it is not set aside any more.
    """
    run = _aside(db, run_id)
    same = (job_run.c.job == run.job) & (job_run.c.argument == run.argument) & (job_run.c.state == State.SET_ASIDE)
    reason = func.substr(job_run.c.reason, 1, KEPT).concat(f" (dibiarkan oleh {by})")
    db.execute(update(job_run).where(same).values(state=State.CANCELLED, reason=reason))


def _aside(db: Connection, run_id: str) -> JobRun:
    run = job_runs.get(db, run_id)
    if run is None or run.state is not State.SET_ASIDE:
        raise UsageError(
            f"Run `{run_id}` is not set aside; `tanggap schedule runs --state set_aside` shows those that are."
        )
    return run


def _runs(db: Connection, query: Select[Any]) -> list[JobRun]:
    return [job_runs.item(row) for row in db.execute(query).mappings()]
