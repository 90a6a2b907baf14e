"""Looks an installation over: one check per thing that goes wrong in practice, each with one clear line."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from importlib.metadata import packages_distributions
from pathlib import Path

from pipeline import jobs
from pipeline.office import Office
from tanggap.clock import stamp
from tanggap.desk.workflow import Workflow
from tanggap.errors import TanggapError
from tanggap.schedules import State
from tanggap.store import alarms, alerts, freshness, job_runs, posts, schedules, workers

PACKAGES = ("tanggap", "pipeline", "crawlers", "nlp", "dashboard")
DISTRIBUTION = "tanggap-monitor"

#: SQLite before this can corrupt a WAL database that several processes write (sqlite.org/wal.html, WAL-reset bug).
SAFE_SQLITE = (3, 51, 3)
ENOUGH_DISK = 500_000_000
#: The newest backup may be this old; one is made every night.
STALE = timedelta(days=2)
#: A worker that was not seen so long does not run.
UNSEEN = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at: `fault` says what is wrong and what to do, else `note` says what was found."""

    name: str
    note: str
    fault: str | None = None


def examine(config: Path | None) -> Iterator[Check]:
    """All checks, in the order in which they depend on each other; stops after settings that cannot be read."""
    yield _names()
    try:
        office = Office.open(config)
        yield Check("settings", str(office.settings.config_dir))
    except TanggapError as error:
        yield Check("settings", "", str(error))
        return
    for name, look in (
        ("city", _city),
        ("sources", _sources),
        ("key", _key),
        ("models", _models),
        ("store", _store),
        ("alarms", _alarms),
        ("jobs", _jobs),
        ("alerts", _alerts),
        ("backup", _backup),
        ("disk", _disk),
        ("sqlite", _sqlite),
    ):
        yield _look(name, look, office)


def _look(name: str, look: Callable[[Office], str], office: Office) -> Check:
    try:
        return Check(name, look(office))
    except TanggapError as error:
        return Check(name, "", str(error))


def _names() -> Check:
    """Another distribution with a package of our names would silently overwrite it."""
    owners = packages_distributions()
    for package in PACKAGES:
        others = set(owners.get(package, [])) - {DISTRIBUTION}
        if others:
            return Check(
                "names", "", f"{min(others)} also installs a package `{package}`; give Tanggap its own environment."
            )
    return Check("names", "no other distribution uses our package names")


def _city(office: Office) -> str:
    states = Workflow.load(office.city).states
    parts = f"{len(office.city.topics)} topics, {len(office.city.agencies)} bodies, {len(office.city.areas)} areas"
    return f"{parts}, {len(states)} states, P1 from {office.ranking.classes.P1} points"


def _sources(office: Office) -> str:
    used = [source for source in office.declared if source.enabled]
    idle = [source.id for source in used if not source.schedule]
    told = f"{len(used)} of {len(office.declared)} enabled"
    return told + (f"; without a schedule, read only when asked: {', '.join(idle)}" if idle else "")


def _alarms(office: Office) -> str:
    with office.store.read() as db:
        calling = alarms.open_ones(db)
    return f"{len(calling)} open: {', '.join(calling)}; see `tanggap source health`" if calling else "none open"


def _jobs(office: Office) -> str:
    now = office.settings.now()
    with office.store.read() as db:
        alive = [pulse for pulse in workers.pulses(db) if now - pulse.seen_at < UNSEEN]
        aside = job_runs.recent(db, state=State.SET_ASIDE, limit=100)
        fresh = freshness.measure(db, now - timedelta(days=1))
        waits = job_runs.anything_due(db, now - UNSEEN)
        planned = len(schedules.every(db))
    if waits and not alive:
        raise TanggapError("Jobs wait and no worker runs; start `tanggap serve` or `tanggap worker`.")
    told = f"{len(alive)} workers, {planned} schedules"
    lately = sum(now - run.asked_at < timedelta(days=1) for run in aside)
    told += f", {lately} jobs set aside since yesterday: `tanggap schedule runs --state set_aside`" if lately else ""
    return told + (f"; posts seen after {fresh.median_s:.0f} s (median), {fresh.p95_s:.0f} s (95 %)" if fresh else "")


def _key(office: Office) -> str:
    if not office.settings.pseudonym_key:
        raise TanggapError("There is no pseudonym key; run `tanggap init` or set TANGGAP_KEY.")
    return "present, readable by its owner only"


def _models(office: Office) -> str:
    return f"version {office.scorer.version}"


def _store(office: Office) -> str:
    with office.store.read() as db:
        return f"{office.store.address}, {posts.count(db)} posts"


def _alerts(office: Office) -> str:
    from pipeline.channels import channels

    ready = channels(office.settings)
    now = office.settings.now()
    with office.store.read() as db:
        away = [one.name for one in ready if (until := alerts.away_until(db, one.name)) and until > now]
    if away:
        raise TanggapError(f"The channel {', '.join(away)} takes no message; `tanggap alert test` tries it.")
    return (
        f"people are called on {', '.join(one.name for one in ready)}" if ready else "noted only: no channel is named"
    )


def _backup(office: Office) -> str:
    made = jobs.backups(office.settings)
    if not made:
        return "none yet; `tanggap backup` makes one, and so does the schedule `cadangan` every night"
    newest = max(made)
    if office.settings.now() - newest > STALE:
        raise TanggapError(f"The newest backup is of {stamp(newest)}; `tanggap schedule runs cadangan` says why.")
    return f"{len(made)} kept, the newest of {stamp(newest)}"


def _disk(office: Office) -> str:
    free = shutil.disk_usage(office.settings.config_dir).free
    if free < ENOUGH_DISK:
        raise TanggapError(f"Only {free // 1_000_000} MB are free; make room before the next crawl.")
    return f"{free // 1_000_000_000} GB free"


def _sqlite(office: Office) -> str:
    if office.settings.store_url.startswith("sqlite") and sqlite3.sqlite_version_info < SAFE_SQLITE:
        return (
            f"{sqlite3.sqlite_version}: run one writing process only, or use PostgreSQL (WAL-reset bug before 3.51.3)"
        )
    return sqlite3.sqlite_version
