"""What one more post costs as the window grows: posts a second, the slowest hundredth, memory, and a whole merging.

python -m benchmarks.growth 10000 100000 1000000
"""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import date, timedelta
from multiprocessing import get_context
from pathlib import Path

from benchmarks.cases import sample_city
from pipeline.office import Office
from tanggap.clock import day_bounds
from tanggap.issues.group import Grouper
from tanggap.records import Post, Reading, Score

#: Days over which the posts of a window are spread.
DAYS = 14
#: Words of a made text: some of one sample text, the others from anywhere in the sample.
OWN, FOREIGN = 5, 9
#: Posts timed when the window is full.
TIMED = 10_000

rng = random.Random(7)


def made(known: Sequence[tuple[Post, Score]], count: int) -> Iterator[Reading]:
    """Different posts on the sample's services and places, oldest first, made of texts that are understood already."""
    words = [word for _, score in known for word in score.terms.split()]
    start, _ = day_bounds(date(2026, 11, 8))
    for number in range(count):
        post, score = rng.choice(known)
        own = score.terms.split()
        text = " ".join(rng.sample(own, min(OWN, len(own))) + rng.choices(words, k=FOREIGN))
        at = start + timedelta(days=DAYS * number / count)
        told = post.evolve(id=number + 1, title=None, text=text, author=f"a{number}", published_at=at)
        yield Reading(post=told, score=score.evolve(terms=text))


def line(office: Office, known: Sequence[tuple[Post, Score]], size: int) -> str:
    """One row: the posts of a window of `size` timed one by one, then one merging of what is newest."""
    settings = office.settings.issues
    grouper = Grouper(office.city, join=settings.join, consolidate=settings.consolidate)
    spent, reading_s, whole_s = [], 0.0, 0.0
    for number, reading in enumerate(made(known, size)):
        begun = time.process_time()
        told = grouper.told(reading)
        ready = time.process_time()
        grouper.place(told, reading.post.published_at)
        done = time.process_time()
        reading_s += ready - begun
        whole_s += done - ready
        if number >= size - TIMED:
            spent.append(done - ready)
    memory = resident()
    begun = time.process_time()
    grouper.consolidate()
    merging = time.process_time() - begun
    spent.sort()
    slow = spent[len(spent) * 99 // 100] * 1000
    return (
        f"| {size:,} | {len(grouper):,} | {size / whole_s:,.0f} | {len(spent) / sum(spent):,.0f} | {slow:.2f} "
        f"| {spent[-1] * 1000:.1f} | {size / reading_s:,.0f} | {merging:.1f} | {memory:.2f} |"
    )


def understood() -> list[tuple[Post, Score]]:
    """The posts of the sample city as the language models read them."""
    posts = list(sample_city().posts)
    return list(zip(posts, Office.open(None).scorer.score(posts), strict=True))


def resident() -> float:
    """Memory that this process holds at the moment, GB."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * 4096 / 1e9


def main() -> None:
    """Prints a row per window size."""
    office = Office.open(None)
    with ProcessPoolExecutor(max_workers=1, mp_context=get_context("spawn")) as apart:
        known = apart.submit(understood).result()
    line(office, known, 500)  # machine code is made before the clock runs
    print("| posts in window | clusters | posts/s of one core | of the last 10,000 | p99 ms | slowest ms "
          "| texts made ready/s | merging s | RSS GB |\n|---|---|---|---|---|---|---|---|---|")  # fmt: skip
    for size in map(int, sys.argv[1:] or ("10000", "100000")):
        print(line(office, known, size), flush=True)


if __name__ == "__main__":
    main()
