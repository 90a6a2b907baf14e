"""Scoring with a scorer that breaks, a worker that is killed, and more posts than one worker should take."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import sqlalchemy as sa

from pipeline import jobs, work
from pipeline.running import Running
from tanggap.records import Post, Score
from tanggap.schedules import JobRun, State
from tanggap.settings import Settings
from tanggap.store import Store, job_runs, posts
from tests.whole import assert_whole

ROOT = Path(__file__).resolve().parents[2]
NOW = datetime(2026, 11, 22, 13, 0, tzinfo=UTC)


class Quick:
    """A scorer that breaks on the word `racun`; the real one is tested with the models."""

    def __init__(self, version: str = "1") -> None:
        self.version = version
        self.asked: list[int] = []

    def score(self, found: Sequence[Post]) -> list[Score]:
        self.asked.append(len(found))
        if any("racun" in post.text for post in found):
            raise ValueError("tidak terbaca")
        facts: dict[str, Any] = dict.fromkeys(("relevance", "sentiment", "complaint", "urgency"))
        return [Score(model=self.version, relevant=True, topic="banjir", **facts) for _ in found]


def add(store: Store, *texts: str) -> None:
    with store.write() as db:
        had = posts.count(db)
        facts: dict[str, Any] = {"source": "x", "published_at": NOW, "collected_at": NOW}
        posts.add(db, [Post(native_id=str(had + n), text=text, **facts) for n, text in enumerate(texts)])


def topics(store: Store, model: str) -> list[str | None]:
    with store.read() as db:
        rows = db.execute(sa.text("SELECT topic FROM score WHERE model = :model ORDER BY post"), {"model": model})
        return list(rows.scalars())


def test_one_poison_post_is_tried_three_times_and_set_aside_and_its_neighbours_are_not(any_store: Store) -> None:
    add(any_store, "banjir", "racun", "banjir lagi", "banjir terus")
    scorer: Any = Quick()
    assert jobs.score(any_store, scorer) == 4
    assert scorer.asked == [4, 1, 1, 1, 1, 1, 1]
    assert topics(any_store, "1") == ["banjir", None, "banjir", "banjir"]
    with any_store.read() as db:
        told = db.scalar(sa.text("SELECT reasons FROM score WHERE topic IS NULL"))
        assert posts.unscored(db, "1", 10) == []
    assert "gagal 3 kali: ValueError: tidak terbaca" in str(told)
    assert_whole(any_store)


def test_a_scorer_that_breaks_on_most_posts_is_what_is_broken(store: Store) -> None:
    add(store, "racun", "racun", "banjir")
    with pytest.raises(ValueError, match="tidak terbaca"):
        jobs.score(store, Quick())  # type: ignore[arg-type]
    assert topics(store, "1") == []


KILLED = """
import sys, time
from tanggap.store import Store, scores
from pipeline import jobs
from tests.pipeline.test_scoring import Quick

point, url = sys.argv[1:]
store = Store.open(url)
add, batches = scores.add, 0

def slow(db, pairs):
    global batches
    batches += 1
    if batches == 3 and point == "before":
        print("now", flush=True); time.sleep(60)
    add(db, pairs)
    if batches == 3 and point == "within":
        print("now", flush=True); time.sleep(60)

def told(_):
    if batches == 3 and point == "after":
        print("now", flush=True); time.sleep(60)

scores.add = slow
jobs.score(store, Quick(), batch=10, progress=told)
"""


@pytest.mark.parametrize(("point", "left"), [("before", 30), ("within", 30), ("after", 20)])
def test_killed_at_any_point_each_post_has_one_score_per_model(any_store: Store, point: str, left: int) -> None:
    add(any_store, *["banjir"] * 50)
    url = any_store.engine.url.render_as_string(hide_password=False)
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    child = subprocess.Popen([sys.executable, "-c", KILLED, point, url], stdout=subprocess.PIPE, env=environment)
    assert child.stdout is not None
    assert child.stdout.readline() == b"now\n"
    child.kill()
    child.wait()
    assert len(topics(any_store, "1")) == 50 - left
    assert jobs.score(any_store, Quick()) == left  # type: ignore[arg-type]
    assert len(topics(any_store, "1")) == 50
    assert_whole(any_store)


def run(settings: Settings, store: Store, scorer: Quick, job: str, argument: str = "", *, slot: bool = False) -> Any:
    small = settings.model_copy(update={"jobs": settings.jobs.model_copy(update={"score_part": 10, "score_batch": 5})})
    office: Any = SimpleNamespace(settings=small, store=store, scorer=scorer)
    asked = JobRun(
        id="r", job=job, argument=argument, slot=NOW if slot else None, state=State.RUNNING, asked_at=NOW, due_at=NOW
    )
    running = Running(office, asked, threading.Event())
    running._told = float("inf")
    return work.JOBS[job].do(running)


def test_a_backlog_is_shared_in_parts_and_fresh_posts_do_not_wait_for_it(any_store: Store, settings: Settings) -> None:
    add(any_store, *["banjir"] * 35)
    assert jobs.score(any_store, Quick("1")) == 35  # type: ignore[arg-type]
    add(any_store, "baru", "baru")
    newer = Quick("2")
    assert run(settings, any_store, newer, "score") == {"scored": 2}  # by an event: what is fresh
    assert run(settings, any_store, newer, "score", slot=True) == {"scored": 0}  # by the clock: the rest, in parts
    with any_store.read() as db:
        parts = sorted(one.argument for one in job_runs.recent(db, job="score_part"))
    assert parts == ["0", "1", "2", "3"]
    assert [run(settings, any_store, newer, "score_part", part)["scored"] for part in parts] == [9, 10, 10, 6]
    assert run(settings, any_store, newer, "score_part", "3") == {"scored": 0}
    assert len(topics(any_store, "2")) == 37
    with any_store.read() as db:
        assert posts.backlog(db, "2", 10) == {}


def test_a_small_rest_is_understood_by_the_worker_that_finds_it(any_store: Store, settings: Settings) -> None:
    add(any_store, *["banjir"] * 7)
    jobs.score(any_store, Quick("1"))  # type: ignore[arg-type]
    assert run(settings, any_store, Quick("2"), "score", slot=True) == {"scored": 7}
    with any_store.read() as db:
        assert job_runs.recent(db, job="score_part") == []
