"""How fast an archive is scored by one process and by two, and that a kill half-way loses and changes nothing.

python -m benchmarks.archive [POSTS] [--folder DIR]

The posts are the sample city's hand-written texts, each made another one by the rules of pipeline.sample.variants.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path

import numpy as np
import polars as pl

from pipeline.commands.setup import write_defaults
from pipeline.office import Office
from pipeline.sample import SampleDay
from pipeline.sample.variants import Original, vary
from tanggap.clock import WIB
from tanggap.exchange import Broken, read_posts
from tanggap.settings import load_settings
from tanggap.store import Store

START = datetime(2026, 1, 1, tzinfo=WIB)
#: Posts scored in this process alone, to know what scoring costs without the archive around it.
ALONE = 3_000


def lines(count: int) -> Iterator[str]:
    """So many posts of a year as JSON lines, the same at every run; no two are alike."""
    rng = np.random.default_rng(7)
    texts = [Original(post.text, post.author) for post in SampleDay.build(START.date()).posts]
    for number in range(count):
        text, _ = vary(texts[number % len(texts)], rng)
        at = START + timedelta(seconds=30 * number)
        row = {"id": f"p{number}", "text": f"{text} {number}", "published_at": at.isoformat(), "source": "x"}
        yield json.dumps(row, ensure_ascii=False) + "\n"


def prepare(folder: Path, posts: int) -> Path:
    """An installation with an archive beside it: two files, one JSON Lines and one Parquet."""
    write_defaults(folder / "config")
    Store.create(load_settings(folder / "config", environ={}).store_url).close()
    archive = folder / "archive"
    archive.mkdir()
    made = lines(posts)
    (archive / "a.jsonl").write_text("".join(islice(made, posts // 2)), encoding="utf-8")
    pl.DataFrame([json.loads(line) for line in made]).write_parquet(archive / "b.parquet")
    return archive


def alone(folder: Path) -> float:
    """Seconds of processor time that reading, masking and scoring one post takes, without an archive."""
    office = Office(load_settings(folder / "config", environ={}))
    now, key = office.settings.now(), office.settings.pseudonym_key
    told = list(lines(2 * ALONE))
    office.scorer.score([post for post in read_posts(told[:ALONE], key, now) if not isinstance(post, Broken)])
    begun = time.process_time()
    office.scorer.score([post for post in read_posts(told[ALONE:], key, now) if not isinstance(post, Broken)])
    return (time.process_time() - begun) / ALONE


def start(folder: Path, processes: int) -> subprocess.Popen[bytes]:
    """`tanggap archive score` in a group of processes of its own."""
    command = [sys.executable, "-m", "pipeline.cli", "archive", "score", str(folder / "archive")]
    command += ["--processes", str(processes), "--config", str(folder / "config")]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, start_new_session=True)


def scores(folder: Path) -> pl.DataFrame:
    """Everything that was scored, in one order."""
    return pl.read_parquet(sorted((folder / "archive").rglob("part-*.parquet"))).sort("id")


def parts(folder: Path) -> int:
    """Files with scores."""
    return len(list((folder / "archive").rglob("part-*.parquet")))


def forget(folder: Path) -> None:
    """Takes the scores away."""
    for made in (folder / "archive").glob("*.scores"):
        shutil.rmtree(made)


def measure(folder: Path, processes: int, posts: int) -> pl.DataFrame:
    """Scores the archive from nothing, prints the pace, and gives the scores."""
    forget(folder)
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    begun = time.monotonic()
    assert start(folder, processes).wait() == 0
    took = time.monotonic() - begun
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    found = scores(folder)
    assert found["id"].n_unique() == len(found) == posts
    print(
        f"{processes} processes: {posts / took:7.0f} posts/s  {took:6.0f} s  "
        f"{1e6 * cpu / posts:5.0f} us of processor time per post",
        flush=True,
    )
    return found


def kill_half_way(folder: Path, processes: int, whole: int) -> None:
    """Kills the command with all its workers once half of the parts are there; then lets it go on to the end."""
    forget(folder)
    begun = time.monotonic()
    running = start(folder, processes)
    while parts(folder) < whole // 2:
        time.sleep(0.1)
    os.killpg(running.pid, signal.SIGKILL)
    running.wait()
    left = parts(folder)
    assert start(folder, processes).wait() == 0
    took = time.monotonic() - begun
    print(f"killed with {left} of {whole} parts done, begun again: {took:.0f} s in all", flush=True)


def main() -> None:
    """Prints the table."""
    given = argparse.ArgumentParser()
    given.add_argument("posts", type=int, nargs="?", default=20_000)
    given.add_argument("--folder", type=Path, help="where to work; a temporary folder if left out")
    asked = given.parse_args()
    with tempfile.TemporaryDirectory(dir=asked.folder) as place:
        folder = Path(place)
        prepare(folder, asked.posts)
        print(f"{asked.posts} generated posts; scoring alone: {1e6 * alone(folder):.0f} us of processor time per post")
        one = measure(folder, 1, asked.posts)
        whole = parts(folder)
        two = measure(folder, 2, asked.posts)
        kill_half_way(folder, 2, whole)
        again = scores(folder)
        print(f"two processes gave the same scores: {one.equals(two)}; killed and begun again too: {one.equals(again)}")


if __name__ == "__main__":
    main()
