"""News pages per second and core, fetched, extracted and stored, beside trafilatura alone on the same pages.

    python -m benchmarks.crawl [PAGES]

The crawl runs with its own processes (job, crawl, reader) against a server on this machine, with a pace of zero and
SQLite. The processor time of all of them counts, that of the server does not.
"""

from __future__ import annotations

import ctypes
import os
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path

import trafilatura

from pipeline import jobs
from tanggap.records import Source, SourceKind
from tanggap.settings import LimitsSection, Settings
from tanggap.store import Store
from tests.mockserver.web import SENTENCES, MockWeb, article, links

#: What stands around an article on a usual page: 300 links and 60 kB of scripts.
ROWS, SCRIPT_BYTES = 300, 60_000

#: Asks Linux to make a process the parent of orphans (prctl), and how long they are waited for.
SUBREAPER, PATIENCE_S = 36, 2.0

#: Paragraphs of an article, a quarter of it in each round.
ROUNDS = 6


def page(number: int) -> bytes:
    """An article of about three thousand characters inside the markup of a usual page."""
    lines = [line.format(place=f"Kampung {number}-{turn}") for turn in range(ROUNDS) for line in SENTENCES]
    text = "".join(f"<p>{line}</p>" for line in lines).encode()
    menu = "".join(f'<li><a href="/kanal/{row}">Kanal nomor {row}</a></li>' for row in range(ROWS)).encode()
    whole = article(f"Berita bernomor {number} dari kota yang ditulis untuk uji")
    script = b"<script>" + b"dataLayer.push({kanal: 'kota'});" * (SCRIPT_BYTES // 32) + b"</script></head>"
    whole = whole.replace(b"</article>", text + b"</article>").replace(b"</head>", script)
    return whole.replace(b"</body>", b"<footer><ul>" + menu + b"</ul></footer></body>")


def serve(pages: int, line: Connection) -> None:
    """The server, in a process of its own so that its time can be told from the crawl's."""
    paths = [f"/2026/01/02/berita-nomor-{number}" for number in range(pages)]
    with MockWeb() as web:
        web.routes |= {path: page(number) for number, path in enumerate(paths)}
        web.routes["/"] = links(*paths)
        line.send(web.place)
        line.recv()


def crawl(place: str, pages: int) -> None:
    """One run of the job over all pages."""
    with tempfile.TemporaryDirectory() as folder:
        store = Store.create(f"sqlite:///{folder}/crawl.sqlite")
        limits = LimitsSection(allow_addresses=(place,), crawl_timeout_s=3600.0)
        settings = Settings(config_dir=Path(folder), pseudonym_key=b"key of the benchmark", limits=limits)
        address = f"http://{place}/"
        source = Source(id="uji", kind=SourceKind.NEWS, title="Uji", address=address, pace_s=0.0, limit=10_000)
        run = jobs.crawl(store, source, settings)
        store.close()
    if (run.new, run.failure) != (pages, None):
        raise SystemExit(f"The crawl stored {run.new} of {pages} pages: {run.message}")


def bare(pages: int) -> None:
    """What trafilatura does with the same pages, without network, masking and store."""
    for number in range(pages):
        trafilatura.bare_extraction(page(number).decode(), fast=True, with_metadata=True)


def measured(work: Callable[[], None]) -> tuple[float, float]:
    """(wall seconds, processor seconds of this process and all it started) of some work."""
    began, before = time.monotonic(), spent()
    work()
    wall = time.monotonic() - began
    reap()
    return wall, spent() - before


def adopt() -> None:
    """Makes this process the parent of orphans below it, so that the reader's time counts too (Linux)."""
    ctypes.CDLL(None).prctl(SUBREAPER, 1, 0, 0, 0)


def reap() -> None:
    """Waits until no process that the crawl left is still ending; the server stays."""
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        with suppress(ChildProcessError):
            os.waitpid(-1, os.WNOHANG)
        time.sleep(0.01)


def spent() -> float:
    """Processor seconds of this process and the children it waited for."""
    mine, theirs = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    return mine.ru_utime + mine.ru_stime + theirs.ru_utime + theirs.ru_stime


def main(pages: int) -> None:
    """Prints one line per way."""
    adopt()
    here, there = get_context("fork").Pipe()
    server = get_context("fork").Process(target=serve, args=(pages, there), daemon=True)
    server.start()
    place = here.recv()
    print(f"{pages} pages of {len(page(0)) / 1000:.0f} kB")
    for name, work in (
        ("fetch + extract + store", lambda: crawl(place, pages)),
        ("trafilatura alone", lambda: bare(pages)),
    ):
        wall, cpu = measured(work)
        print(
            f"{name:<24} {pages / cpu:6.1f} pages/s and core ({1000 * cpu / pages:.1f} ms), {pages / wall:.1f}/s wall"
        )
    here.send("end")
    server.join()


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 500)
