"""Scores archives too large for one process: files are cut into shards, each a job that any worker can do and redo.

The scores of a shard appear as one Parquet file beside the archive, whole or not at all; a shard whose file is there
for the present models is never done again.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from glob import glob
from itertools import islice
from pathlib import Path
from typing import Any

import polars as pl

from pipeline.jobs.scoring import understand
from pipeline.running import Running
from tanggap.clock import WIB
from tanggap.errors import TanggapError, UsageError
from tanggap.exchange import Broken, read_posts
from tanggap.records import Post, Score

#: Posts of one shard: ten seconds of work, beside which the half second between two shards is little.
SHARD = 20_000
BATCH = 500
SUFFIXES = (".jsonl", ".ndjson", ".parquet")

#: What is kept of a score; the text stays where it is.
COLUMNS: Mapping[str, Any] = {
    "id": pl.String,
    "source": pl.String,
    "day": pl.Date,
    "published_at": pl.Datetime("ms", "UTC"),
    "model": pl.String,
    "relevant": pl.Boolean,
    "sentiment": pl.String,
    "topic": pl.String,
    "complaint": pl.Boolean,
    "urgency": pl.Int8,
    "agency": pl.String,
    "place": pl.String,
    "language": pl.String,
}


@dataclass(frozen=True, slots=True)
class Shard:
    """Some posts of one file. `start` is a byte in JSON Lines and a row in Parquet."""

    path: Path
    start: int
    count: int

    @property
    def argument(self) -> str:
        """The shard as a job is told it."""
        return f"{self.path}#{self.start}+{self.count}"

    @classmethod
    def parse(cls, argument: str) -> Shard:
        """The shard a job was told; UsageError for anything else."""
        path, _, span = argument.rpartition("#")
        start, plus, count = span.partition("+")
        if not (path and plus and start.isdigit() and count.isdigit()):
            raise UsageError(f"`{argument}` is no part of an archive; `tanggap archive score` asks for them.")
        return cls(Path(path), int(start), int(count))

    def scores(self, model: str) -> Path:
        """The file its scores go to."""
        folder = self.path.with_name(f"{self.path.name}.scores")
        return folder / f"model={model}" / f"part-{self.start:012d}.parquet"

    def lines(self) -> Iterator[str]:
        """Its posts as JSON lines."""
        if self.path.suffix == ".parquet":
            rows = pl.scan_parquet(self.path).slice(self.start, self.count).collect().iter_rows(named=True)
            return (json.dumps(row, default=str) for row in rows)
        return self._json_lines()

    def _json_lines(self) -> Iterator[str]:
        with self.path.open("rb") as file:
            file.seek(self.start)
            for line in islice(file, self.count):
                yield line.decode("utf-8", "replace")


def find(pattern: str) -> list[Path]:
    """The files of a glob or of a directory; UsageError when there are none."""
    place = Path(pattern)
    found = place.iterdir() if place.is_dir() else map(Path, glob(pattern, recursive=True))  # noqa: PTH207 - absolute too
    files = sorted(file.resolve() for file in found if file.suffix in SUFFIXES and file.is_file())
    if not files:
        raise UsageError(f"{pattern} names no {', '.join(SUFFIXES)} file.")
    return files


def cut(files: Iterable[Path], size: int = SHARD) -> Iterator[Shard]:
    """The shards of some files, in order."""
    for path in files:
        if path.suffix == ".parquet":
            rows = pl.scan_parquet(path).select(pl.len()).collect().item()
            yield from (Shard(path, start, min(size, rows - start)) for start in range(0, rows, size))
        else:
            yield from _cut_lines(path, size)


def _cut_lines(path: Path, size: int) -> Iterator[Shard]:
    start = 0
    with path.open("rb") as file:
        while lines := list(islice(file, size)):
            yield Shard(path, start, len(lines))
            start += sum(map(len, lines))


def score(running: Running) -> Mapping[str, int]:
    """The job: scores one shard. Killed anywhere, it leaves nothing half-done under the final name."""
    shard, scorer = Shard.parse(running.run.argument), running.office.scorer
    target = shard.scores(scorer.version)
    if target.exists():
        return {"scored": 0}
    settings = running.office.settings
    rows: list[dict[str, Any]] = []
    broken = 0
    try:
        source = shard.lines()
        while lines := list(islice(source, BATCH)):
            read = list(read_posts(lines, settings.pseudonym_key, settings.now(), settings.public_numbers))
            posts = [item for item in read if not isinstance(item, Broken)]
            rows += map(_row, posts, understand(scorer, posts))
            broken += len(read) - len(posts)
            running.progress(len(rows) + broken, shard.count)
        _write(pl.DataFrame(rows, schema=dict(COLUMNS)), target)
    except OSError as error:
        raise TanggapError(
            f"{shard.path} cannot be scored here: {error.strerror}; every worker must reach it."
        ) from None
    return {"scored": len(rows), "broken": broken}


def _row(post: Post, found: Score) -> dict[str, Any]:
    return {
        "id": post.native_id,
        "source": post.source,
        "day": post.published_at.astimezone(WIB).date(),
        "published_at": post.published_at,
        "model": found.model,
        "relevant": found.relevant,
        "sentiment": found.sentiment,
        "topic": found.topic,
        "complaint": found.complaint,
        "urgency": found.urgency,
        "agency": found.agency,
        "place": found.places[0].code if found.places else None,
        "language": found.language,
    }


def _write(table: pl.DataFrame, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    unfinished = target.with_suffix(".tmp")
    table.write_parquet(unfinished)
    unfinished.replace(target)


def missing(shards: Sequence[Shard], model: str) -> list[Shard]:
    """Shards without scores of the present models."""
    return [shard for shard in shards if not shard.scores(model).exists()]


def summary(shards: Sequence[Shard], model: str) -> pl.DataFrame:
    """Posts, negative ones, complaints and urgent ones per Jakarta day and topic, over what is scored."""
    parts = [shard.scores(model) for shard in shards if shard.scores(model).exists()]
    if not parts:
        return pl.DataFrame(schema={"day": pl.Date, "topic": pl.String})
    told = pl.scan_parquet(parts).filter(pl.col("relevant"))
    return (
        told.group_by("day", "topic")
        .agg(
            pl.len().alias("posts"),
            (pl.col("sentiment") == "negative").sum().alias("negative"),
            pl.col("complaint").sum().alias("complaints"),
            (pl.col("urgency") >= 2).sum().alias("urgent"),
        )
        .sort("day", "posts", descending=[False, True])
        .collect()
    )
