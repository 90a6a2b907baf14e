"""Ranking moves with time: an issue that nobody writes about any more sinks without a new post."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

from pipeline import work
from pipeline.running import Running
from pipeline.schedule import STANDING
from tanggap.city import City
from tanggap.issues.priority import Ranking
from tanggap.records import Issue, Place, Post, Score
from tanggap.schedules import JobRun, State
from tanggap.settings import ClockSection, Settings
from tanggap.store import Store, issues, job_runs, posts, scores

START = datetime(2026, 11, 22, 13, 0, tzinfo=UTC)
TEBET = Place(
    text="tebet", start=0, end=5, level="kelurahan", code="31.74.01.1001", name="Tebet Timur", lat=-6.2, lon=106.8
)


def test_grouping_ranks_anew_by_the_clock_alone_and_lets_people_be_called(
    any_store: Store, settings: Settings, city: City
) -> None:
    said = [
        "banjir sepinggang di tebet butuh perahu",
        "tebet banjir sepinggang perahu mana",
        "perahu untuk tebet banjir",
    ]
    with any_store.write() as db:
        posts.add(
            db,
            [
                Post(source="x", native_id=str(n), text=text, author=f"a{n}", published_at=START, collected_at=START)
                for n, text in enumerate(said)
            ],
        )
        keys = [post.id or 0 for post in posts.unscored(db, "t", 10)]
        score = Score(
            model="t", relevant=True, relevance=1.0, sentiment="negative", topic="banjir", topic_probs={"banjir": 1.0},
            complaint=True, urgency=3, places=(TEBET,), terms="banjir sepinggang tebet perahu",
        )  # fmt: skip
        scores.add(db, [(key, score) for key in keys])

    def group(after: timedelta) -> Issue:
        offset = (START + after - datetime.now(UTC)).total_seconds()
        changed = settings.model_copy(update={"clock": ClockSection(offset_s=offset)})
        ranking = Ranking.load(settings.config_dir)
        office: Any = SimpleNamespace(settings=changed, store=any_store, city=city, ranking=ranking)
        run = JobRun(id="r", job="group", state=State.RUNNING, asked_at=START, due_at=START)
        work.JOBS["group"].do(Running(office, run, threading.Event()))
        with any_store.read() as db:
            (issue,) = issues.open_issues(db)
        return issue

    fresh, old = group(timedelta(minutes=5)), group(timedelta(days=3))
    assert (fresh.posts, fresh.last_at) == (old.posts, old.last_at)
    assert old.score != fresh.score
    assert old.highest == fresh.highest  # its clocks run on
    with any_store.read() as db:
        assert {run.job for run in job_runs.recent(db)} == {"alert"}
    assert ("rapikan-isu", "group", "*/5 * * * *") in STANDING
