"""Archives by shards: nothing half-done, nothing done twice, JSON Lines and Parquet alike."""

from __future__ import annotations

import json
import threading
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import polars as pl
import pytest

from pipeline import archive
from pipeline.archive import Shard
from pipeline.running import Running, Stopped
from tanggap.errors import UsageError
from tanggap.records import Post, Score
from tanggap.schedules import JobRun, State
from tanggap.settings import Settings
from tanggap.store import Store

NOW = datetime(2026, 11, 22, 13, 0, tzinfo=UTC)
POSTS = 1_100


class Quick:
    """A scorer that knows floods only; the real one is tested with the models."""

    version = "1"

    def score(self, posts: Sequence[Post]) -> list[Score]:
        return [
            Score(
                model="1",
                relevant=True,
                relevance=1.0,
                sentiment="negative",
                topic="banjir",
                complaint=post.native_id.endswith("0"),
                urgency=2,
            )
            for post in posts
        ]


@pytest.fixture
def office(settings: Settings, store: Store) -> Any:
    return SimpleNamespace(settings=settings, store=store, scorer=Quick())


@pytest.fixture(params=["jsonl", "parquet"])
def file(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    rows = [
        {"id": f"p{number}", "text": f"banjir setinggi {number} cm", "published_at": f"2026-11-2{number % 2}T20:00:00Z"}
        for number in range(POSTS)
    ]
    path = tmp_path / f"arsip.{request.param}"
    if request.param == "parquet":
        pl.DataFrame(rows).write_parquet(path)
    else:
        path.write_text("".join(json.dumps(row) + "\n" for row in rows) + "{rusak\n", encoding="utf-8")
    return path


def begin(office: Any, shard: Shard, *, stopping: bool = False) -> Running:
    stop = threading.Event()
    if stopping:
        stop.set()
    run = JobRun(
        id="r", job="archive", argument=shard.argument, state=State.RUNNING, asked_at=NOW, due_at=NOW, started_at=NOW
    )
    running = Running(office, run, stop)
    running._told = float("inf")  # the run stands in no store, so no progress is written
    return running


def test_every_post_of_an_archive_is_scored_once(office: Any, file: Path) -> None:
    shards = list(archive.cut([file], 400))
    assert [shard.count for shard in shards] in ([400, 400, 300], [400, 400, 301])
    counts = [archive.score(begin(office, Shard.parse(shard.argument))) for shard in shards]
    assert sum(count["scored"] for count in counts) == POSTS
    assert sum(count["broken"] for count in counts) == (1 if file.suffix == ".jsonl" else 0)
    told = pl.read_parquet([shard.scores("1") for shard in shards])
    assert told["id"].n_unique() == POSTS
    summary = archive.summary(shards, "1")
    assert summary.rows(named=True) == [
        {"day": day, "topic": "banjir", "posts": 550, "negative": 550, "complaints": complaints, "urgent": 550}
        for day, complaints in ((date(2026, 11, 21), 110), (date(2026, 11, 22), 0))
    ]


def test_a_shard_that_is_stopped_leaves_nothing_and_one_that_is_done_is_left_alone(office: Any, file: Path) -> None:
    shards = list(archive.cut([file], 600))
    with pytest.raises(Stopped):
        archive.score(begin(office, shards[0], stopping=True))
    assert archive.missing(shards, "1") == shards
    archive.score(begin(office, shards[0]))
    assert archive.missing(shards, "1") == shards[1:]
    made = shards[0].scores("1").stat().st_mtime_ns
    assert archive.score(begin(office, shards[0])) == {"scored": 0}
    assert shards[0].scores("1").stat().st_mtime_ns == made
    assert archive.missing(shards, "2") == shards  # newer models score anew


def test_files_are_found_by_directory_and_by_glob(file: Path) -> None:
    assert archive.find(str(file.parent)) == [file.resolve()]
    assert archive.find(str(file.parent / "ar*")) == [file.resolve()]
    with pytest.raises(UsageError, match="names no"):
        archive.find(str(file.parent / "*.csv"))
    with pytest.raises(UsageError, match="no part of an archive"):
        Shard.parse("antara")


def test_a_post_that_the_models_break_on_spoils_no_shard(office: Any, file: Path) -> None:
    class Fragile(Quick):
        def score(self, posts: Sequence[Post]) -> list[Score]:
            if any(post.native_id == "p7" for post in posts):
                raise ValueError("tidak terbaca")
            return super().score(posts)

    office.scorer = Fragile()
    (shard, *_) = archive.cut([file], 600)
    assert archive.score(begin(office, shard))["scored"] == 600
    told = pl.read_parquet(shard.scores("1"))
    assert told.filter(pl.col("topic").is_null())["id"].to_list() == ["p7"]
