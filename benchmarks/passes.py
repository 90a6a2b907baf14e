"""What a grouping pass costs as its window grows: seconds of processor time with nothing known, and with 50 new posts.

python -m benchmarks.passes 2000 20000 100000
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path

from benchmarks.cases import sample_city
from benchmarks.growth import made
from pipeline import jobs
from pipeline.office import Office
from pipeline.replay import standing_at
from tanggap.records import Post, Reading, Score, Source, SourceKind
from tanggap.store import Store, posts, scores, sources

#: Posts that come between passes, how many passes are timed, after how many others, and posts stored at a time.
NEW, TIMES, BEFORE, PART = 50, 3, 1, 2_000
#: Between passes in which clusters are not compared, and before one in which they are.
SOON, LATER = timedelta(seconds=5), timedelta(minutes=5)


def told(known: Sequence[tuple[Post, Score]], count: int) -> Iterator[Reading]:
    """Made posts as one source sends them."""
    for reading in made(known, count):
        yield reading.evolve(post=reading.post.evolve(source="x", native_id=str(reading.post.id), id=None))


def take(store: Store, found: Sequence[Reading]) -> datetime:
    """Stores posts with their scores; when the last was published."""
    with store.write() as db:
        posts.add(db, [reading.post for reading in found])
        model = found[0].score.model
        keys = {post.native_id: post.id or 0 for post in posts.unscored(db, model, len(found), fresh=True)}
        scores.add(db, [(keys[reading.post.native_id], reading.score) for reading in found])
    return found[-1].post.published_at


def spent(office: Office, store: Store, at: datetime) -> float:
    """Seconds of processor time of one pass as of a moment."""
    begun = time.process_time()
    jobs.group(store, office.city, standing_at(office.settings, at), office.ranking)
    return time.process_time() - begun


def line(office: Office, known: Sequence[tuple[Post, Score]], size: int) -> str:
    """One row: passes over a window of `size` posts."""
    coming = told(known, size + (2 * TIMES + BEFORE) * NEW)
    with tempfile.TemporaryDirectory() as folder:
        store = Store.create(f"sqlite:///{Path(folder) / 'passes.sqlite'}")
        with store.write() as db:
            sources.sync(db, [Source(id="x", kind=SourceKind.X, title="X", address="")])
        left = size
        while left > 0:
            at = take(store, list(islice(coming, min(PART, left))))
            left -= PART
        costs = [spent(office, store, at)]
        for wait in (*[LATER] * BEFORE, *[SOON] * TIMES, *[LATER] * TIMES):
            at += wait
            news = [reading.evolve(post=reading.post.evolve(published_at=at)) for reading in islice(coming, NEW)]
            take(store, news)
            costs.append(spent(office, store, at))
        store.close()
    soon, later = (sorted(part)[TIMES // 2] for part in (costs[-2 * TIMES : -TIMES], costs[-TIMES:]))
    return f"| {size:,} | {costs[0]:.1f} | {soon:.2f} | {later:.2f} |"


def main() -> None:
    """Prints a row per window size."""
    office = Office.open(None)
    found = list(sample_city().posts)
    known = list(zip(found, office.scorer.score(found), strict=True))
    line(office, known, 500)  # machine code is made before the clock runs
    print("| posts in window | first pass, s | with 50 new posts, s | where clusters are compared too, s |")
    print("|---|---|---|---|")
    for size in map(int, sys.argv[1:] or ("2000", "20000")):
        print(line(office, known, size), flush=True)


if __name__ == "__main__":
    main()
