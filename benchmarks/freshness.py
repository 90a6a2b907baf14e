"""How soon a public post is on the queue: the sample city lives an hour of its day while `tanggap serve` reads it.

python -m benchmarks.freshness [MINUTES]
"""

from __future__ import annotations

import signal
import subprocess
import sys
import tempfile
import time
from datetime import datetime, timedelta
from pathlib import Path

from pipeline.commands.setup import first_administrator, write_defaults
from pipeline.office import Office
from pipeline.sample import SampleDay, SampleServer, write_config
from tanggap.clock import city_day, day_bounds, system_clock
from tanggap.schedules import Schedule
from tanggap.settings import load_settings
from tanggap.store import Store, freshness, schedules

#: The hour of the sample day with the most posts, and how often its sources are read.
HOUR = 7.0
OFTEN = {"news": "*/30 * * * * *"}
USUAL = "*/10 * * * * *"


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


def main(minutes: float) -> None:
    """Prints median and 95th percentile over the posts published while it ran."""
    day = city_day(system_clock()) - timedelta(days=1)
    start = day_bounds(day)[0] + timedelta(hours=HOUR)
    with tempfile.TemporaryDirectory() as place, SampleServer(SampleDay.build(day), slow_s=0.0) as server:
        office = prepare(Path(place), server, start)
        environment = {"TANGGAP_CONFIG": place, "TANGGAP_X_BEARER_TOKEN": "contoh", "PATH": "/usr/bin:/bin"}
        serve = subprocess.Popen([sys.executable, "-m", "pipeline.cli", "serve"], env=environment)
        warm = time.monotonic() + 60
        end = warm + 60 * minutes
        while time.monotonic() < end:
            server.now = office.settings.now()
            time.sleep(0.2)
            if time.monotonic() < warm:
                start = server.now
        with office.store.read() as db:
            found = freshness.measure(db, start)
        begun = time.monotonic()
        serve.send_signal(signal.SIGTERM)
        code = serve.wait(20)
        print(f"posts published in {minutes:.0f} minutes and seen: {found}")
        print(f"clean stop after {time.monotonic() - begun:.1f} s, exit code {code}")


if __name__ == "__main__":
    main(float(sys.argv[1]) if len(sys.argv) > 1 else 5.0)
