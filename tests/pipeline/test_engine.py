"""Workers that are killed, stopped, hung and poisoned: no job is lost, none has its effect twice."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tanggap.schedules import Schedule, State
from tanggap.store import Store, job_runs, schedules, workers
from tests.pipeline.farm import Farm, farm

JOBS = 80


@pytest.fixture
def lone(tmp_path: Path) -> Iterator[Farm]:
    """A store without a worker yet."""
    with farm(f"sqlite:///{tmp_path}/lone.sqlite", lease_s=4.0) as here:
        yield here


def test_a_killed_worker_loses_no_job_and_none_has_its_effect_twice(any_url: str) -> None:
    with farm(any_url) as here:
        here.ask("nap", JOBS)
        here.ask("spoil", 1)
        here.grow(4)
        assert here.wait(lambda: here.count(State.DONE) > JOBS // 5)
        here.workers.pop().kill()  # and nobody starts it again
        assert here.wait(lambda: here.count(State.DONE) == JOBS)
        assert here.effects() == {f"{number:04d}": 1 for number in range(JOBS)}
        assert here.wait(lambda: here.count(State.SET_ASIDE) == 1)
        with here.store.read() as db:
            (poison,) = job_runs.recent(db, job="spoil")
        assert (poison.attempt, poison.failures) == (3, 3)
        assert poison.reason == "gagal 3 kali: ValueError: kiriman rusak"
        assert "kiriman rusak" in poison.log
        assert here.stop() == [0, 0, 0]
        with here.store.read() as db:
            assert workers.pulses(db) == [] or len(workers.pulses(db)) == 1  # the killed one, until it is noticed


def test_a_stopped_worker_gives_its_job_back_and_the_next_one_goes_on(lone: Farm) -> None:
    lone.ask("linger", 1)
    lone.grow()
    assert lone.wait(lambda: _first(lone.store).done > 0)
    assert lone.stop() == [0]
    run = _first(lone.store)
    assert (run.state, run.crashes, run.failures) == (State.ASKED, 0, 0)
    lone.workers.clear()
    lone.grow()
    assert lone.wait(lambda: _first(lone.store).state is State.RUNNING)
    with lone.store.write() as db:
        job_runs.cancel(db, run.id, "rina", datetime.now(UTC))
    lone.ask("nap", 1)
    assert lone.wait(lambda: lone.count(State.DONE) == 1)
    assert _first(lone.store, "linger").reason == "dihentikan oleh rina"


def test_whatever_another_process_does_to_a_schedule_counts_at_once(lone: Farm) -> None:
    lone.grow()
    every_second = _schedule("detik", "* * * * * *", argument="x")
    with lone.store.write() as db:
        schedules.put(db, every_second)
    assert lone.wait(lambda: lone.count(State.DONE, "nap") >= 2)
    with lone.store.write() as db:
        schedules.put(db, every_second.evolve(argument="y"))
    assert lone.wait(lambda: "y" in lone.effects())
    with lone.store.write() as db:
        schedules.pause(db, "detik", "rina", datetime.now(UTC))
    assert lone.wait(lambda: not _unfinished(lone.store))
    before = lone.count(State.DONE, "nap")
    time.sleep(2.5)
    assert lone.count(State.DONE, "nap") == before
    with lone.store.write() as db:
        schedules.run_now(db, "detik", "rina", datetime.now(UTC))
    assert lone.wait(lambda: lone.count(State.DONE, "nap") == before + 1)
    earlier = every_second.decided_to - timedelta(hours=1)
    with lone.store.write() as db:
        asked = schedules.backfill(db, "detik", earlier, earlier + timedelta(seconds=5), "rina", datetime.now(UTC))
    assert len(asked) == 5
    assert lone.wait(lambda: lone.count(State.DONE, "nap") == before + 6)
    with lone.store.write() as db:
        schedules.resume(db, "detik", "rina", datetime.now(UTC))
    assert lone.wait(lambda: lone.count(State.DONE, "nap") > before + 7)
    with lone.store.write() as db:
        schedules.remove(db, "detik")
    assert lone.wait(lambda: not _unfinished(lone.store))


def test_runs_that_the_queue_has_lost_are_asked_for_anew(lone: Farm, tmp_path: Path) -> None:
    lone.ask("nap", 3)
    with lone.store.write() as db:
        assert len(job_runs.take_due(db, datetime.now(UTC), 3)) == 3  # as if sent; but the queue knows nothing
    lone.grow()
    assert lone.wait(lambda: lone.count(State.DONE) == 3)
    queue = sqlite3.connect(tmp_path / "lone-jobs.sqlite")
    assert queue.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    queue.close()


@pytest.mark.slow
def test_a_job_that_kills_its_workers_is_set_aside_and_names_the_cause(lone: Farm) -> None:
    lone.ask("die", 1)

    def replace() -> bool:
        lone.workers = [worker for worker in lone.workers if worker.poll() is None]
        lone.grow(1 - len(lone.workers))
        return lone.count(State.SET_ASIDE) == 1

    assert lone.wait(replace, 120)
    assert "mati 5 kali" in _first(lone.store).reason


@pytest.mark.slow
def test_a_hung_job_ends_its_worker_and_goes_on_elsewhere(tmp_path: Path) -> None:
    with farm(f"sqlite:///{tmp_path}/hung.sqlite", limit_s=2.0) as here:
        here.ask("hang", 1)
        here.grow(1)
        assert here.wait(lambda: here.workers[0].poll() is not None)
        here.grow(1)
        assert here.wait(lambda: here.count(State.DONE) == 1)
        assert _first(here.store).crashes == 1


def _schedule(name: str, cron: str, argument: str) -> Schedule:
    now = datetime.now(UTC)
    return Schedule(name=name, job="nap", argument=argument, cron=cron, decided_to=now, edited_by="rina", edited_at=now)


def _first(store: Store, job: str | None = None) -> job_runs.JobRun:
    with store.read() as db:
        return job_runs.recent(db, job=job, limit=1)[0]


def _unfinished(store: Store) -> list[job_runs.JobRun]:
    with store.read() as db:
        return [run for run in job_runs.recent(db) if run.state in (State.ASKED, State.QUEUED, State.RUNNING)]
