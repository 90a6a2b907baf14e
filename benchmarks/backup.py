"""How long a backup and its restore take as the store grows, on SQLite and on PostgreSQL.

    python -m benchmarks.backup [POSTS]

The posts are those of benchmarks.archive; PostgreSQL is started for it, as the tests do.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Iterator
from datetime import datetime
from itertools import islice
from pathlib import Path

from benchmarks.archive import lines
from benchmarks.engine import databases
from tanggap.clock import WIB
from tanggap.exchange import Broken, read_posts
from tanggap.store import Store, backup, posts

NOW = datetime(2026, 11, 22, 6, 0, tzinfo=WIB)


def fill(store: Store, count: int) -> None:
    """Puts so many posts into the store."""
    made = read_posts(lines(count), b"benchmark", NOW)
    while part := [post for post in islice(made, 5_000) if not isinstance(post, Broken)]:
        with store.write() as db:
            posts.add(db, part)


def measure(name: str, addresses: Iterator[str], folder: Path, count: int) -> None:
    """Prints seconds and rows a second there and back."""
    store, other = Store.create(next(addresses)), Store.create(next(addresses))
    fill(store, count)
    path = folder / f"{name}.zip"
    begun = time.monotonic()
    rows = backup.dump(store, path, NOW).rows
    written = time.monotonic()
    backup.load(other, path)
    read = time.monotonic()
    print(f"{name:11} {count:9,} posts, {rows:10,} rows, {path.stat().st_size / 1e6:7.0f} MB", end="  ")
    print(f"backup {written - begun:6.0f} s {rows / (written - begun):8,.0f} rows/s", end="  ")
    print(f"restore {read - written:6.0f} s {rows / (read - written):8,.0f} rows/s", flush=True)
    store.close()
    other.close()


def main() -> None:
    """Both databases in one run."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("posts", type=int, nargs="?", default=100_000)
    count = parser.parse_args().posts
    with tempfile.TemporaryDirectory(prefix="tanggap-bench-") as home, databases() as postgres:
        files = (f"sqlite:///{home}/{name}.sqlite" for name in ("from", "to"))
        measure("SQLite", files, Path(home), count)
        measure("PostgreSQL", postgres, Path(home), count)


if __name__ == "__main__":
    main()
