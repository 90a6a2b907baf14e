"""Workers as processes of their own, for tests that kill them; run as a script it is one such worker."""

from __future__ import annotations

import json
import logging
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from pipeline.running import Job, Running
from tanggap.errors import StoreError
from tanggap.schedules import State
from tanggap.settings import Settings, load_settings, packaged_config
from tanggap.store import Store, job_runs

ROOT = Path(__file__).resolve().parents[2]

#: Short waits, so that tests need not wait for theirs.
QUICK = {"lease_s": 6.0, "poll_s": 0.1, "tick_s": 0.2, "retry_s": 0.1}


def quick(url: str, **more: Any) -> Settings:
    settings = load_settings(packaged_config(), environ={"TANGGAP_STORE": url, "TANGGAP_KEY": "k"})
    return settings.model_copy(update={"jobs": settings.jobs.model_copy(update=QUICK | more)})


@dataclass
class Shop:
    """As much of an installation as the queue needs; it loads no models."""

    settings: Settings
    store: Store


@dataclass
class Farm:
    """A store with a table of effects, and the workers on it."""

    url: str
    store: Store
    settings: Mapping[str, Any]
    workers: list[subprocess.Popen[bytes]] = field(default_factory=list)
    #: Jobs asked for so far.
    asked: int = 0

    def grow(self, count: int = 1) -> None:
        for _ in range(count):
            command = [sys.executable, __file__, self.url, json.dumps(dict(self.settings))]
            environment = {**os.environ, "PYTHONPATH": str(ROOT)}
            self.workers.append(subprocess.Popen(command, env=environment))

    def ask(self, job: str, count: int) -> None:
        """Asks for `count` more jobs, each with its number as argument."""
        with self.store.write() as db:
            for number in range(self.asked, self.asked + count):
                job_runs.request(db, job, f"{number:04d}", by="test", at=datetime.now(UTC))
        self.asked += count

    def patiently(self, act: Callable[[], Any]) -> Any:
        """Does something with a store that may be away for a while."""
        for _ in range(100):
            try:
                return act()
            except StoreError:
                time.sleep(0.5)
        return act()

    def count(self, state: State, job: str | None = None) -> int:
        with self.store.read() as db:
            return len(job_runs.recent(db, state=state, job=job, limit=100_000))

    def done(self, job: str) -> int:
        """Arguments a job was done for."""
        with self.store.read() as db:
            over = sa.text("SELECT count(DISTINCT argument) FROM job_run WHERE state = 'done' AND job = :job")
            return db.scalar(over, {"job": job}) or 0

    def effects(self) -> dict[str, int]:
        """How often each effect was stored, by name."""
        with self.store.read() as db:
            rows = db.execute(sa.text("SELECT name, count(*) FROM effect GROUP BY name"))
            return dict(rows.all())

    def wait(self, until: Callable[[], bool], seconds: float = 60) -> bool:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if until():
                return True
            time.sleep(0.1)
        return until()

    def stop(self) -> list[int]:
        for worker in self.workers:
            worker.terminate()
        return [worker.wait(15) for worker in self.workers]


@contextmanager
def farm(url: str, **settings: Any) -> Iterator[Farm]:
    store = Store.create(url)
    with store.write() as db:
        db.execute(sa.text("CREATE TABLE effect (name TEXT PRIMARY KEY, worker TEXT)"))
    here = Farm(url, store, settings)
    try:
        yield here
    finally:
        for worker in here.workers:
            worker.kill()
            worker.wait()
        store.close()


def nap(running: Running) -> dict[str, int]:
    """A crawl-sized job: 50 ms and one idempotent effect."""
    time.sleep(0.05)
    with running.office.store.write() as db:
        put = sa.text("INSERT INTO effect (name, worker) VALUES (:name, :worker) ON CONFLICT (name) DO NOTHING")
        db.execute(put, {"name": running.run.argument, "worker": running.run.worker})
    return {"effects": 1}


def spoil(running: Running) -> dict[str, int]:
    """A job that always fails."""
    raise ValueError("kiriman rusak")


def die(running: Running) -> dict[str, int]:
    """A job that takes its worker along."""
    os.kill(os.getpid(), signal.SIGKILL)
    return {}


def linger(running: Running) -> dict[str, int]:
    """A long job that tells its progress."""
    for step in range(1, 3_000):
        running.progress(step, 3_000)
        time.sleep(0.05)
    return {}


def hang(running: Running) -> dict[str, int]:
    """A job that hangs the first time, without a sign of life."""
    if not running.run.crashes:
        time.sleep(3_600)
    return {}


JOBS = {
    "nap": Job(title="tidur", do=nap),
    "spoil": Job(title="rusak", do=spoil),
    "die": Job(title="mati", do=die),
    "linger": Job(title="lama", do=linger, lane=lambda *_: "linger"),
    "hang": Job(title="macet", do=hang),
}


if __name__ == "__main__":
    from pipeline.worker import Worker

    logging.basicConfig(level=logging.INFO)
    logging.getLogger().handlers[0].setLevel(logging.CRITICAL)
    shop = Shop(quick(sys.argv[1], **json.loads(sys.argv[2])), Store.open(sys.argv[1]))
    worker = Worker(shop, JOBS)  # type: ignore[arg-type]
    signal.signal(signal.SIGTERM, lambda *_: worker.stop())
    worker.run()
    os._exit(0)
