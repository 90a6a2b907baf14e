"""The jobs as the queue runs them: what they raise, what they leave for later, and what follows them."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from pipeline import jobs, work
from pipeline.running import Running
from tanggap.errors import SourceError
from tanggap.records import CrawlRun, Source, SourceKind
from tanggap.schedules import JobRun, State
from tanggap.settings import Settings
from tanggap.store import Store, job_runs, schedules, sources, waits
from tanggap.watch import edits

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
