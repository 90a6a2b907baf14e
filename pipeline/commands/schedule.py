"""Commands of schedules: list, add, edit, pause, resume, remove, run, backfill, runs, cancel."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Annotated, Any

import typer
from sqlalchemy import Connection

from pipeline.office import ConfigOption, JsonOption, Office, results
from pipeline.timetable import COMING, run_json, run_table, schedule_json, schedule_table
from pipeline.work import JOBS
from tanggap.clock import WIB, stamp
from tanggap.cron import JAKARTA
from tanggap.errors import UsageError
from tanggap.records import AuditEntry
from tanggap.schedules import LABELS, CatchUp, Schedule, State
from tanggap.store import audit, freshness, job_runs, schedules, sources

app = typer.Typer(no_args_is_help=True, help="When crawls and other jobs run; edits count at once, with no restart.")

NameArgument = Annotated[str, typer.Argument(help="Name of the schedule.")]
CronOption = Annotated[str | None, typer.Option(help="Cron line, Jakarta time; six fields begin with seconds.")]
QuietOption = Annotated[str | None, typer.Option(help='Quiet hours like 22:00-05:00; "" for none.')]
JitterOption = Annotated[int | None, typer.Option(min=0, help="Start up to so many seconds late.")]
CatchUpOption = Annotated[CatchUp | None, typer.Option(help="Slots missed while no worker lived.")]
ZoneOption = Annotated[str | None, typer.Option("--timezone", help=f"Time zone (default: {JAKARTA}).")]
ArgumentOption = Annotated[str | None, typer.Option(help="What the job is told, for a crawl the source.")]

BY = "cli"


def register(parent: typer.Typer) -> None:
    """Adds the commands."""
    parent.add_typer(app, name="schedule")


@app.command("list")
def list_schedules(config: ConfigOption = None, as_json: JsonOption = False) -> None:
    """Shows every schedule: in words, when it fires next, and how it went last.

    Example: tanggap schedule list
    """
    office = Office.open(config)
    now = office.settings.now()
    with office.store.read() as db:
        items = schedules.every(db)
        last = {item.name: next(iter(job_runs.recent(db, schedule=item.name, limit=1)), None) for item in items}
        fresh = freshness.measure(db, now - timedelta(days=1))
    if as_json:
        typer.echo(
            json.dumps([schedule_json(item, last[item.name], now) for item in items], ensure_ascii=False, indent=2)
        )
        return
    results.print(schedule_table(items, last, now))
    if fresh:
        typer.echo(
            f"Kesegaran 24 jam: median {fresh.median_s:.0f} dtk, persentil ke-95 {fresh.p95_s:.0f} dtk "
            f"dari terbit sampai terlihat ({fresh.posts} kiriman)"
        )


@app.command()
def add(
    name: NameArgument,
    cron: Annotated[str, typer.Option(help="Cron line, Jakarta time; six fields begin with seconds.")],
    job: Annotated[str, typer.Option(help=f"{', '.join(JOBS)} or another job.")] = "crawl",
    argument: ArgumentOption = None,
    quiet: QuietOption = None,
    jitter: JitterOption = None,
    catch_up: CatchUpOption = None,
    timezone: ZoneOption = None,
    config: ConfigOption = None,
) -> None:
    """Adds a schedule and shows what it means.

    Example: tanggap schedule add pagi --argument detik --cron "*/15 * * * *" --quiet 22:00-05:00
    """
    office = Office.open(config)
    now = office.settings.now()
    item = Schedule(name=name, job=job, cron=cron, decided_to=now, edited_by=BY, edited_at=now)
    item = _changed(item, argument=argument, quiet=quiet, jitter_s=jitter, catch_up=catch_up, timezone=timezone)
    with office.store.write() as db:
        _check_job(db, item)
        if not schedules.add_missing(db, item):
            raise UsageError(f"There is a schedule `{name}` already; `tanggap schedule edit {name}` changes it.")
        _note(db, "schedule.add", item, now)
    _show(item, now)


@app.command()
def edit(
    name: NameArgument,
    cron: CronOption = None,
    argument: ArgumentOption = None,
    quiet: QuietOption = None,
    jitter: JitterOption = None,
    catch_up: CatchUpOption = None,
    timezone: ZoneOption = None,
    config: ConfigOption = None,
) -> None:
    """Changes a schedule; what is left out stays.

    Example: tanggap schedule edit pagi --cron "*/30 * * * *"
    """
    office = Office.open(config)
    now = office.settings.now()
    told = {"cron": cron, "argument": argument, "quiet": quiet, "timezone": timezone}
    with office.store.write() as db:
        item = _changed(schedules.get(db, name), **told, jitter_s=jitter, catch_up=catch_up)
        item = item.evolve(edited_by=BY, edited_at=now)
        _check_job(db, item)
        schedules.put(db, item)
        _note(db, "schedule.edit", item, now)
    _show(item, now)


@app.command()
def pause(name: NameArgument, config: ConfigOption = None) -> None:
    """Lets no slot of a schedule start until it is resumed.

    Example: tanggap schedule pause pagi
    """
    _act(config, name, "schedule.pause", "dijeda", lambda db, now: schedules.pause(db, name, BY, now))


@app.command()
def resume(name: NameArgument, config: ConfigOption = None) -> None:
    """Lets a schedule fire again from now on.

    Example: tanggap schedule resume pagi
    """
    _act(config, name, "schedule.resume", "berjalan lagi", lambda db, now: schedules.resume(db, name, BY, now))


@app.command()
def remove(name: NameArgument, config: ConfigOption = None) -> None:
    """Takes a schedule away. One that comes by default or from a source returns; pause that one.

    Example: tanggap schedule remove pagi
    """
    _act(config, name, "schedule.remove", "dihapus", lambda db, _: schedules.remove(db, name))


@app.command()
def run(name: NameArgument, config: ConfigOption = None) -> None:
    """Asks the workers to run the job of a schedule now, whether it is paused or not.

    Example: tanggap schedule run pagi
    """
    office = Office.open(config)
    with office.store.write() as db:
        asked = schedules.run_now(db, name, BY, office.settings.now())
    typer.echo(f"{asked.id}: {LABELS[asked.state]}")


@app.command()
def backfill(
    name: NameArgument,
    start: Annotated[datetime, typer.Option("--from", help="Slots after this moment (Jakarta time).")],
    end: Annotated[datetime | None, typer.Option("--to", help="Slots up to this moment; now if left out.")] = None,
    config: ConfigOption = None,
) -> None:
    """Asks for every slot of a span that never ran.

    Example: tanggap schedule backfill ringkasan-harian --from 2026-11-01
    """
    office = Office.open(config)
    now = office.settings.now()
    until = end.replace(tzinfo=end.tzinfo or WIB) if end else now
    with office.store.write() as db:
        asked = schedules.backfill(db, name, start.replace(tzinfo=start.tzinfo or WIB), until, BY, now)
    typer.echo(f"{len(asked)} slot diminta.")


@app.command()
def runs(
    name: Annotated[str | None, typer.Argument(help="Name of a schedule; all runs if left out.")] = None,
    state: Annotated[State | None, typer.Option(help="Only runs in this state.")] = None,
    limit: Annotated[int, typer.Option(min=1, help="Most runs to show.")] = 30,
    config: ConfigOption = None,
    as_json: JsonOption = False,
) -> None:
    """The history: what ran, how long, with what result, and why something did not run.

    Example: tanggap schedule runs --state set_aside
    """
    office = Office.open(config)
    with office.store.read() as db:
        found = job_runs.recent(db, schedule=name, state=state, limit=limit)
    if as_json:
        typer.echo(json.dumps([run_json(one) for one in found], ensure_ascii=False, indent=2))
        return
    results.print(run_table(found))


@app.command()
def cancel(run_id: Annotated[str, typer.Argument(metavar="RUN", help="A run.")], config: ConfigOption = None) -> None:
    """Stops a run that waits or works.

    Example: tanggap schedule cancel crawl-20261122T130000-1f2e3d4c
    """
    office = Office.open(config)
    with office.store.write() as db:
        job_runs.cancel(db, run_id, BY, office.settings.now())
    typer.echo(f"{run_id}: {LABELS[State.CANCELLED]}")


def _changed(item: Schedule, **told: Any) -> Schedule:
    return item.evolve(**{name: value for name, value in told.items() if value is not None})


def _check_job(db: Connection, item: Schedule) -> None:
    """Refuses a job that does not exist and a crawl of no source."""
    if item.job not in JOBS:
        raise UsageError(f"There is no job `{item.job}`; there are {', '.join(JOBS)}.")
    if item.job == "crawl" and sources.get(db, item.argument) is None:
        raise UsageError(f"There is no source `{item.argument}`; name one with --argument, see `tanggap source list`.")


def _act(config: Any, name: str, action: str, done: str, act: Callable[[Connection, datetime], None]) -> None:
    office = Office.open(config)
    now = office.settings.now()
    with office.store.write() as db:
        item = schedules.get(db, name)
        act(db, now)
        _note(db, action, item, now)
    typer.echo(f"{name}: {done}")


def _note(db: Connection, action: str, item: Schedule, now: datetime) -> None:
    what = {"job": item.job, "argument": item.argument, "cron": item.cron, "quiet": item.quiet}
    audit.add(db, AuditEntry(at=now, by=BY, action=action, subject=item.name, after=what))


def _show(item: Schedule, now: datetime) -> None:
    typer.echo(f"{item.name}: {item.clock.reading()}")
    typer.echo(f"berikutnya: {', '.join(stamp(slot) for slot in item.clock.fires(now, COMING))}")
