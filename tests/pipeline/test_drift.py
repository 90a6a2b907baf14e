"""The daily look at drift on a store with a week of posts and a day that speaks otherwise."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from nlp.score import Scorer
from pipeline import jobs
from pipeline.cli import app
from pipeline.commands.drift import lines
from pipeline.schedule import STANDING
from pipeline.work import JOBS
from tanggap.clock import day_bounds
from tanggap.records import Post, Score
from tanggap.store import drift, posts, scores

DAY = date(2026, 11, 20)


class Fixed:
    """A scorer whose model is told, and whose answers are always the same."""

    def __init__(self, version: str, topic: str = "banjir") -> None:
        self.version = version
        self.topic = topic

    def score(self, texts: list[Post]) -> list[Score]:
        return [value(self.version, topic=self.topic) for _ in texts]


def value(model: str = "2026.11.1", **labels: Any) -> Score:
    given = {"relevant": True, "relevance": 0.95, "sentiment": "negative", "topic": "banjir", "complaint": True}
    return Score(model=model, urgency=1, **{**given, **labels})


@pytest.fixture
def week(any_store, now):
    """Seven days of 30 posts about a flood, and a day on which 20 of 30 speak of #rawabuaya and are pleased."""
    start, _ = day_bounds(DAY)
    sent = []
    for day in range(8):
        for number in range(30):
            new = day == 7 and number < 20
            text = "terima kasih pompa jalan lagi #RawaBuaya" if new else f"air naik lagi di gang {number}"
            at = start - timedelta(days=7 - day) + timedelta(minutes=40 * number)
            sent.append(
                (Post(source="x", native_id=f"{day}-{number}", text=text, published_at=at, collected_at=now()), new)
            )
    with any_store.write() as db:
        posts.add(db, [post for post, _ in sent])
        tone = {(post.source, post.native_id): new for post, new in sent}
        scored = []
        for post in posts.unscored(db, "none", 1_000):
            new = tone[post.source, post.native_id]
            scored.append((post.id or 0, value(sentiment="positive" if new else "negative")))
        scores.add(db, scored)
    return any_store


def measured(store, now, scorer=None):
    return jobs.measure_drift(store, scorer or Fixed("2026.11.1"), DAY, now())


def test_new_words_and_moved_answers_of_a_day_are_found(week, now) -> None:
    found = measured(week, now).content
    told = {word["word"]: word for word in found["words"]}
    assert (told["rawabuaya"]["posts"], told["rawabuaya"]["before"], told["rawabuaya"]["hashtag"]) == (20, 0, True)
    assert told["rawabuaya"]["examples"] == ["terima kasih pompa jalan lagi #RawaBuaya"] * 2
    assert "air" not in told
    assert (found["posts"], found["posts_before"]) == (30, 210)
    assert found["answers"]["sentiment"]["beyond"]
    assert not found["answers"]["topic"]["beyond"]
    assert found["answers"]["sentiment"]["today"] == {"positive": 0.6667, "negative": 0.3333}


def test_a_new_model_is_held_against_the_one_before(week, now) -> None:
    measured(week, now)
    found = jobs.measure_drift(week, Fixed("2026.12.1", "pohon_taman"), DAY + timedelta(days=1), now())
    assert found.content["canary"]["against"] == "2026.11.1"
    assert {one["field"] for one in found.content["canary"]["changed"]} == {"topic"}


def test_a_second_report_of_a_day_replaces_the_first(week, now) -> None:
    measured(week, now)
    second = measured(week, now)
    with week.read() as db:
        assert drift.latest(db) == second
        assert drift.latest(db, DAY - timedelta(days=1)) is None
        assert drift.latest(db, other_than="2026.11.1") is None


def test_the_report_speaks_indonesian(week, now) -> None:
    told = "\n".join(lines(measured(week, now)))
    assert "#rawabuaya: 20 kiriman (sebelumnya 0)" in told
    assert "sentimen: " in told
    assert "BERGESER" in told
    assert "positive 0% -> 67%" in told


def test_an_empty_store_has_nothing_to_tell(any_store, now) -> None:
    found = measured(any_store, now)
    assert (found.content["posts"], found.content["words"], found.content["answers"]) == (0, [], {})
    assert "Tidak ada kata baru" in "\n".join(lines(found))


def test_it_runs_every_night() -> None:
    assert ("pergeseran-bahasa", "drift", "40 3 * * *") in STANDING
    assert "drift" in JOBS


def test_the_command_prints_json(store, config_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Scorer, "load", lambda *_: Fixed("2026.11.1"))
    done = CliRunner().invoke(app, ["drift", "--day", "2026-11-20", "--json", "--config", str(config_dir)])
    assert done.exit_code == 0, done.exception
    assert json.loads(done.stdout)["day"] == "2026-11-20"
