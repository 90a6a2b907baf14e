"""How soon a public post is on the queue: the sample city tells hours of its day in minutes to `tanggap serve`.

python -m benchmarks.freshness [POSTS] [MINUTES]
"""

from __future__ import annotations

import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import TypeVar

from pipeline.commands.setup import first_administrator, write_defaults
from pipeline.office import Office
from pipeline.sample import SampleDay, SampleServer, write_config
from pipeline.sample.published import Article, Published, Report
from tanggap.clock import city_day, day_bounds, system_clock
from tanggap.schedules import Schedule
from tanggap.settings import load_settings
from tanggap.store import Store, freshness, schedules

#: The hour of the sample day from which its posts are told, and how often its sources are read.
HOUR = 7.0
#: For `tanggap serve` to start and take in what was published before, and to see the last post.
WARM = timedelta(minutes=1)
OFTEN = {"news": "*/30 * * * * *"}
USUAL = "*/10 * * * * *"

T = TypeVar("T", Published, Article, Report)


def prepare(directory: Path, server: SampleServer, start: datetime) -> Office:
    """An installation whose clock stands at `start` and runs on, with a schedule for every source."""
    server.now = start
    write_config(server, directory, start=start, port=8599)
    write_defaults(directory)
    office = Office(load_settings(directory, environ={}))
    Store.create(office.settings.store_url).close()
    first_administrator(office.store, office.settings.now, "admin")
    now = office.settings.now()
    with office.store.write() as db:
        for source in office.sources:
            cron = OFTEN.get(source.kind.value, USUAL)
            told = {"job": "crawl", "argument": source.id, "cron": cron, "edited_by": "bench", "edited_at": now}
            schedules.put(db, Schedule(name=f"crawl-{source.id}", decided_to=now, **told))
    return office


def squeeze(day: SampleDay, start: datetime, wanted: int, minutes: float) -> SampleDay:
    """The day with its next `wanted` X posts after `start`, and all else of that time, told in so many minutes.

    They begin a minute after `start`; what comes later is left out.
    """
    end = [post.at for post in day.posts if post.at > start][:wanted][-1]
    begin, share = start + WARM, timedelta(minutes=minutes) / (end - start)

    def told(items: Sequence[T]) -> tuple[T, ...]:
        kept = [item for item in items if item.at <= end]
        return tuple(item if item.at <= start else replace(item, at=begin + share * (item.at - start)) for item in kept)

    return replace(day, posts=told(day.posts), articles=told(day.articles), reports=told(day.reports))


def main(wanted: int, minutes: float) -> None:
    """Prints median and 95th percentile over the posts published while it ran."""
    day = city_day(system_clock()) - timedelta(days=1)
    start = day_bounds(day)[0] + timedelta(hours=HOUR)
    told = squeeze(SampleDay.build(day), start, wanted, minutes)
    with tempfile.TemporaryDirectory() as place, SampleServer(told, slow_s=0.0) as server:
        office = prepare(Path(place), server, start)
        environment = {"TANGGAP_CONFIG": place, "TANGGAP_X_BEARER_TOKEN": "contoh", "PATH": "/usr/bin:/bin"}
        serve = subprocess.Popen([sys.executable, "-m", "pipeline.cli", "serve"], env=environment)
        end = start + 2 * WARM + timedelta(minutes=minutes)
        while (now := office.settings.now()) < end:
            server.now = now
            time.sleep(0.2)
        with office.store.read() as db:
            found = freshness.measure(db, start + WARM)
        published = sum(item.at > start for item in (*told.posts, *told.articles, *told.reports))
        begun = time.monotonic()
        serve.send_signal(signal.SIGTERM)
        code = serve.wait(20)
        print(f"{published} posts published in {minutes:.0f} minutes; seen: {found}")
        print(f"clean stop after {time.monotonic() - begun:.1f} s, exit code {code}")


if __name__ == "__main__":
    given = sys.argv[1:]
    main(int(given[0]) if given else 300, float(given[1]) if given[1:] else 5.0)
