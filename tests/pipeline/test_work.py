"""The jobs as the queue runs them: what they raise, what they leave for later, and what follows them."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from pipeline import engine, jobs, work
from pipeline.running import Running
from tanggap.city import City
from tanggap.errors import SourceError
from tanggap.records import CrawlRun, Source, SourceKind
from tanggap.schedules import JobRun, State
from tanggap.settings import Settings
from tanggap.store import Store, briefs, job_runs, schedules, sources, waits
from tanggap.watch import edits
from tests.conftest import NewDatabase

ROOT = Path(__file__).resolve().parents[2]

PAPER = Source(id="koran", kind=SourceKind.NEWS, title="Koran Uji", address="https://koran.example/rss", enabled=True)


@pytest.fixture
def begin(settings: Settings, store: Store) -> Callable[..., Running]:
    """A try of a job on a store with one source."""
    with store.write() as db:
        sources.sync(db, [PAPER])

    def begin_at(job: str, argument: str = "") -> Running:
        now = settings.now()
        run = JobRun(id="r", job=job, argument=argument, state=State.RUNNING, asked_at=now, due_at=now)
        return Running(SimpleNamespace(settings=settings, store=store), run, threading.Event())  # type: ignore[arg-type]

    return begin_at


@pytest.mark.parametrize("told_to_wait", [False, True])
def test_a_source_that_said_when_to_come_back_is_not_tried_before(
    begin: Callable[..., Running], store: Store, monkeypatch: pytest.MonkeyPatch, told_to_wait: bool
) -> None:
    def crawl(_store: Store, source: Source, settings: Settings) -> CrawlRun:
        now = settings.now()
        if told_to_wait:
            with store.write() as db:
                waits.put(db, source.id, now + timedelta(minutes=10), "network", "Tutup sebentar.")
        return CrawlRun(source=source.id, started_at=now, ended_at=now, failure="network", message="Tutup sebentar.")

    monkeypatch.setattr(jobs, "crawl", crawl)
    running = begin("crawl", PAPER.id)
    if told_to_wait:
        work.JOBS["crawl"].do(running)
    else:
        with pytest.raises(SourceError, match="Tutup"):
            work.JOBS["crawl"].do(running)
    assert running.note == "Tutup sebentar."
    with store.read() as db:
        assert [run.job for run in job_runs.recent(db)] == ["score"]  # what the try before may have stored


def test_a_source_that_gets_its_first_schedule_is_crawled_by_it_at_once(store: Store, settings: Settings) -> None:
    now = settings.now()

    def planned() -> dict[str, str]:
        with store.read() as db:
            return {item.name: item.cron for item in schedules.every(db)}

    with store.write() as db:
        edits.add(db, PAPER.evolve(schedule="*/5 * * * *"), "rina", now)
        silent, off = PAPER.evolve(id="sunyi"), PAPER.evolve(id="mati", enabled=False, schedule="0 * * * *")
        edits.add(db, silent, "rina", now)
        edits.add(db, off, "rina", now)
    assert planned() == {"crawl-koran": "*/5 * * * *"}
    with store.write() as db:
        edits.edit(db, silent, silent.evolve(schedule="*/7 * * * *"), "rina", now)
        edits.edit(db, off, off.evolve(enabled=True), "rina", now)
    assert planned() == {"crawl-koran": "*/5 * * * *", "crawl-sunyi": "*/7 * * * *", "crawl-mati": "0 * * * *"}


def test_schedules_that_people_made_follow_no_switch(store: Store, settings: Settings) -> None:
    now: Any = settings.now()
    with store.write() as db:
        edits.add(db, PAPER.evolve(schedule="*/5 * * * *"), "rina", now)
        item: Any = schedules.get(db, "crawl-koran").evolve(quiet="22:00-05:00", edited_by="rina")
        schedules.put(db, item)
        off = PAPER.evolve(schedule="*/5 * * * *", enabled=False)
        edits.edit(db, PAPER.evolve(schedule="*/5 * * * *"), off, "rina", now)
        edits.edit(db, off, off.evolve(enabled=True), "rina", now)
        assert schedules.get(db, "crawl-koran") == item


KILLED = """
import sys, threading, time
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace
from pipeline import work
from pipeline.running import Running
from tanggap.city import load_city
from tanggap.schedules import JobRun, State
from tanggap.settings import load_settings
from tanggap.store import Store, briefs

point, url, config = sys.argv[1:]
settings = load_settings(Path(config))
office = SimpleNamespace(settings=settings, store=Store.open(url), city=load_city(settings.config_dir))
now = settings.now()
run = JobRun(id="r", job="brief", argument="2026-11-21", state=State.RUNNING, asked_at=now, due_at=now)
save = briefs.save

def slow(db, made):
    if point == "within":
        save(db, made)
    print("now", flush=True)
    time.sleep(60)

if point != "after":
    briefs.save = slow
work.JOBS["brief"].do(Running(office, run, threading.Event()))
print("now", flush=True)
time.sleep(60)
"""


@pytest.mark.parametrize(("point", "saved"), [("before", 0), ("within", 0), ("after", 1)])
def test_a_brief_killed_at_any_point_is_whole_or_not_there_and_comes_once(
    any_store: Store, settings: Settings, city: City, point: str, saved: int
) -> None:
    day, begun = date(2026, 11, 21), settings.now()
    url = any_store.engine.url.render_as_string(hide_password=False)
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", KILLED, point, url, str(settings.config_dir)]
    child = subprocess.Popen(command, stdout=subprocess.PIPE, env=environment)
    assert child.stdout is not None
    assert child.stdout.readline() == b"now\n"
    child.kill()
    child.wait()
    with any_store.read() as db:
        assert len(briefs.days(db)) == saved
    run = JobRun(id="r", job="brief", argument=str(day), state=State.RUNNING, asked_at=begun, due_at=begun, crashes=1)
    office: Any = SimpleNamespace(settings=settings, store=any_store, city=city)
    assert work.JOBS["brief"].do(Running(office, run, threading.Event()))["edition"] == 1
    with any_store.read() as db:
        made = briefs.latest(db, day)
    assert made is not None
    assert made.edition == 1
    asked_anew = run.evolve(asked_at=settings.now(), crashes=0)
    assert work.JOBS["brief"].do(Running(office, asked_anew, threading.Event()))["edition"] == 2


def test_a_postgresql_that_the_network_swallows_is_given_up_within_ten_seconds(new_database: NewDatabase) -> None:
    with new_database() as url:
        for database in (Store.open(url).engine, engine.connect(url)):
            with database.connect() as db:
                told = db.connection.driver_connection.info.get_parameters()  # type: ignore[union-attr]
            assert told["tcp_user_timeout"] == "10000"
            probes = int(told["keepalives_interval"]) * int(told["keepalives_count"])
            assert int(told["keepalives_idle"]) + probes <= 10
            database.dispose()
