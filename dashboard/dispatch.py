"""What people do to schedules and runs: allowed by their role, stored together with its entry in the audit trail."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection

from dashboard import context
from tanggap.errors import ConflictError, RuleError, UsageError
from tanggap.records import AuditEntry, User
from tanggap.schedules import JobRun, Schedule, State
from tanggap.store import audit, job_care, job_runs, schedules, sources, workers

#: Who looks after the sources looks after their schedules.
RIGHT: Final = "sources"
REFUSED: Final = "Hanya analis dan admin yang boleh mengubah jadwal dan pekerjaan."

#: What of a schedule a person can change.
FIELDS: Final = ("job", "argument", "cron", "timezone", "quiet", "jitter_s", "catch_up")
#: A worker that was seen within this many seconds lives.
ALIVE_S: Final = 60.0


def may(user: User) -> bool:
    """Whether this person may act here at all."""
    return context.current().workflow.may(user, RIGHT)


def add(item: Schedule, user: User) -> None:
    """Stores a new schedule.

    Raises:
        RuleError: the person may not, or its name is taken.
        UsageError: it cannot work.
    """
    with _writing(user) as db:
        _check_source(db, item)
        if not schedules.add_missing(db, item):
            raise RuleError(f"Jadwal `{item.name}` sudah ada; pilih nama lain.")
        _note(db, "schedule.add", item.name, user, after=_fields(item))


def edit(seen: Schedule, item: Schedule, user: User) -> bool:
    """Stores an edited schedule; False when nothing differs.

    Raises:
        RuleError: the person may not, or the schedule is gone.
        ConflictError: it is no longer as the person saw it.
        UsageError: it cannot work.
    """
    old, new = _fields(seen), _fields(item)
    with _writing(user) as db:
        current = _get(db, seen.name)
        if _fields(current) != old:
            raise ConflictError(f"Jadwal `{seen.name}` baru saja diubah orang lain; lihat dulu, lalu ubah lagi.")
        changed = {name: value for name, value in new.items() if old[name] != value}
        if not changed:
            return False
        _check_source(db, item)
        schedules.put(db, item.evolve(paused=current.paused))
        before = {name: old[name] for name in changed}
        _note(db, "schedule.edit", item.name, user, before=before, after=changed)
    return True


def pause(name: str, user: User) -> None:
    """Lets no slot of it start until it is resumed."""
    with _writing(user) as db:
        _get(db, name)
        schedules.pause(db, name, user.name, _now())
        _note(db, "schedule.pause", name, user)


def resume(name: str, user: User) -> None:
    """Starts it again from now."""
    with _writing(user) as db:
        _get(db, name)
        schedules.resume(db, name, user.name, _now())
        _note(db, "schedule.resume", name, user)


def remove(name: str, user: User) -> None:
    """Takes a schedule away that a person added; RuleError for one that comes back by itself."""
    with _writing(user) as db:
        item = _get(db, name)
        if not added(db, name):
            raise RuleError("Jadwal bawaan dan jadwal sumber selalu kembali; jedalah yang tidak diinginkan.")
        schedules.remove(db, name)
        _note(db, "schedule.remove", name, user, before=_fields(item))


def added(db: Connection, name: str) -> bool:
    """Whether a person added the schedule; the others are brought back by the workers."""
    return any(entry.action == "schedule.add" for entry in audit.entries(db, name))


def run_now(name: str, user: User) -> JobRun:
    """Asks for its job at once; the run that waits or works already when there is one."""
    with _writing(user) as db:
        _get(db, name)
        run = schedules.run_now(db, name, user.name, _now())
        _note(db, "schedule.run", name, user, after={"run": run.id})
    return run


def backfill(name: str, start: datetime, end: datetime, user: User) -> int:
    """Asks for every slot of a span that never ran; tells how many."""
    with _writing(user) as db:
        _get(db, name)
        asked = schedules.backfill(db, name, start, min(end, _now()), user.name, _now())
        span = {"from": start.isoformat(), "to": end.isoformat(), "slots": len(asked)}
        _note(db, "schedule.backfill", name, user, after=span)
    return len(asked)


def cancel(run_id: str, user: User) -> None:
    """Stops a run that waits or works; RuleError when it is over."""
    with _writing(user) as db:
        try:
            run = job_runs.cancel(db, run_id, user.name, _now())
        except UsageError:
            raise RuleError("Pekerjaan ini sudah berakhir.") from None
        _note(db, "job.cancel", run_id, user, before={"state": run.state.value})


def retry(run_id: str, user: User) -> None:
    """Asks once more for a run that was set aside."""
    _decide("job.retry", run_id, user, lambda db: job_care.retry(db, run_id, user.name, _now()))


def dismiss(run_id: str, user: User) -> None:
    """Lets the runs of a job that were set aside be."""
    _decide("job.dismiss", run_id, user, lambda db: job_care.dismiss(db, run_id, user.name))


def living(db: Connection, now: datetime) -> tuple[list[str], datetime | None]:
    """The workers seen lately, and when any was seen last."""
    pulses = workers.pulses(db)
    alive = [one.slot.id for one in pulses if (now - one.seen_at).total_seconds() < ALIVE_S]
    return alive, max((one.seen_at for one in pulses), default=None)


def _now() -> datetime:
    return context.current().now()


def _writing(user: User) -> AbstractContextManager[Connection]:
    if not may(user):
        raise RuleError(REFUSED)
    return context.current().store.write()


def _decide(action: str, run_id: str, user: User, act: Callable[[Connection], object]) -> None:
    """Does what a person decides on a run that was set aside."""
    with _writing(user) as db:
        try:
            act(db)
        except UsageError:
            raise RuleError("Pekerjaan ini tidak lagi disisihkan.") from None
        _note(db, action, run_id, user, before={"state": State.SET_ASIDE.value})


def _get(db: Connection, name: str) -> Schedule:
    try:
        return schedules.get(db, name)
    except UsageError:
        raise RuleError(f"Jadwal `{name}` tidak ada lagi.") from None


def _check_source(db: Connection, item: Schedule) -> None:
    if item.job == "crawl" and sources.get(db, item.argument) is None:
        raise RuleError("Pilih sumber yang akan dibaca.")


def _fields(item: Schedule) -> dict[str, Any]:
    return {name: str(getattr(item, name)) for name in FIELDS}


def _note(
    db: Connection,
    action: str,
    subject: str,
    user: User,
    *,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> None:
    entry = AuditEntry(at=_now(), by=user.name, action=action, subject=subject, before=before or {}, after=after or {})
    audit.add(db, entry)
