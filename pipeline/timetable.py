"""Schedules and runs as people read them in a terminal, and as JSON."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from textwrap import shorten
from typing import Any

from rich.table import Table

from tanggap.clock import WIB, span, stamp
from tanggap.schedules import LABELS, JobRun, Schedule, State

#: Coming slots shown of a schedule; characters of a reason in the list, which shows it whole with the runs.
COMING = 5
REASON = 60


def schedule_table(items: Sequence[Schedule], last: Mapping[str, JobRun | None], now: datetime) -> Table:
    """One line per schedule: in words, its next slot, and how it went last."""
    table = _table("jadwal", "tugas", "kapan", "berikutnya", "terakhir", "hasil")
    for item in items:
        coming = "dijeda" if item.paused else ", ".join(map(stamp, item.clock.fires(now, 1)))
        run = last[item.name]
        told = (stamp(run.asked_at), _outcome(run)) if run else ("–", "")
        table.add_row(item.name, f"{item.job} {item.argument}".strip(), item.clock.reading(), coming, *told)
    return table


def run_table(runs: Sequence[JobRun]) -> Table:
    """One line per run: when, how long, with what result."""
    table = _table("lari", "mulai", "lama", "keadaan", "hasil")
    for run in runs:
        table.add_row(run.id, stamp(run.started_at or run.due_at), _lasted(run), LABELS[run.state], _result(run))
    return table


def _table(*headings: str) -> Table:
    table = Table(box=None, pad_edge=False)
    for heading in headings:
        table.add_column(heading, overflow="fold")
    return table


def _outcome(run: JobRun) -> str:
    return f"{LABELS[run.state]}{': ' + shorten(run.reason, REASON, placeholder=' ...') if run.reason else ''}"


def _result(run: JobRun) -> str:
    counts = ", ".join(f"{count} {name}" for name, count in run.counts.items() if count)
    moving = f"{run.done}/{run.total}" if run.total else str(run.done) if run.done else ""
    cost = f"${run.cost_usd:.3f}" if run.cost_usd else ""
    return "; ".join(part for part in (moving if run.state is State.RUNNING else counts, cost, run.reason) if part)


def _lasted(run: JobRun) -> str:
    if run.lasted is None:
        return ""
    return span(run.lasted) if run.lasted > timedelta(minutes=1) else f"{run.lasted.total_seconds():.1f} dtk"


def schedule_json(item: Schedule, last: JobRun | None, now: datetime) -> dict[str, Any]:
    """A schedule for machines, times in Jakarta time."""
    return {
        "name": item.name,
        "job": item.job,
        "argument": item.argument,
        "cron": item.cron,
        "timezone": item.timezone,
        "quiet": item.quiet,
        "jitter_s": item.jitter_s,
        "catch_up": item.catch_up.value,
        "paused": item.paused,
        "reading": item.clock.reading(),
        "next": [slot.astimezone(WIB).isoformat() for slot in item.clock.fires(now, COMING)],
        "last": run_json(last) if last else None,
    }


def run_json(run: JobRun) -> dict[str, Any]:
    """A run for machines."""
    return {
        "id": run.id,
        "job": run.job,
        "argument": run.argument,
        "state": run.state.value,
        "asked_at": run.asked_at.astimezone(WIB).isoformat(),
        "started_at": run.started_at and run.started_at.astimezone(WIB).isoformat(),
        "seconds": run.lasted.total_seconds() if run.lasted else None,
        "attempt": run.attempt,
        "counts": dict(run.counts),
        "cost_usd": run.cost_usd,
        "reason": run.reason,
        "log": run.log,
        "worker": run.worker,
    }
