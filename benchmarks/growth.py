"""What one more post costs as the window grows: posts a second, the slowest hundredth, memory, and a whole merging.

python -m benchmarks.growth 10000 100000
"""

from __future__ import annotations

import random
import resource
import sys
import time
from collections.abc import Iterator
from datetime import date, timedelta

from benchmarks.grouping import sample_city
from pipeline.office import Office
from tanggap.clock import day_bounds
from tanggap.issues.group import Grouper
from tanggap.records import Reading

#: Days over which the posts of a window are spread.
DAYS = 14
#: Words of a made text: some of one sample text, the others from anywhere in the sample.
OWN, FOREIGN = 5, 9
#: Posts timed when the window is full.
TIMED = 2_000

rng = random.Random(7)


def made(office: Office, count: int) -> Iterator[Reading]:
    """Different posts on the sample's services and places, oldest first; texts are understood before the clock runs."""
    posts = list(sample_city().posts)
    known = list(zip(posts, office.scorer.score(posts), strict=True))
    words = [word for _, score in known for word in score.terms.split()]
    start, _ = day_bounds(date(2026, 11, 8))
    for number in range(count):
        post, score = rng.choice(known)
        own = score.terms.split()
        text = " ".join(rng.sample(own, min(OWN, len(own))) + rng.choices(words, k=FOREIGN))
        at = start + timedelta(days=DAYS * number / count)
        told = post.evolve(id=number + 1, title=None, text=text, author=f"a{number}", published_at=at)
        yield Reading(post=told, score=score.evolve(terms=text))


def line(office: Office, size: int) -> str:
    """One row: the last posts of a window of `size` timed one by one, then one merging of what is newest."""
    settings = office.settings.issues
    grouper = Grouper(office.city, join=settings.join, consolidate=settings.consolidate)
    spent = []
    for number, reading in enumerate(made(office, size)):
        begun = time.process_time()
        grouper.add(reading)
        if number >= size - TIMED:
            spent.append(time.process_time() - begun)
    begun = time.process_time()
    grouper.consolidate()
    merging = time.process_time() - begun
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024 / 1024
    slow = sorted(spent)[len(spent) * 99 // 100] * 1000
    return f"| {size:,} | {len(spent) / sum(spent):,.0f} | {slow:.1f} | {merging:.1f} | {memory:.2f} |"


def main() -> None:
    """Prints a row per window size, each in order, so that the memory is that of the largest so far."""
    office = Office.open(None)
    print("| posts in window | posts/s of one core | p99 ms | merging s | RSS GB |\n|---|---|---|---|---|")
    for size in map(int, sys.argv[1:] or ("10000", "100000")):
        print(line(office, size), flush=True)


if __name__ == "__main__":
    main()
