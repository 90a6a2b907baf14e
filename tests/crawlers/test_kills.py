"""kill -9 of a news crawl at random moments: nothing lost, nothing twice, the cursor never ahead of the posts."""

from __future__ import annotations

import os
import random
import signal
import time
from collections.abc import Callable
from multiprocessing import get_context
from pathlib import Path

import pytest
from sqlalchemy import func, select

from crawlers.news.positions import Position
from pipeline import jobs
from tanggap.records import Source
from tanggap.settings import Settings
from tanggap.store import Store, posts, runs
from tanggap.store.tables import crawl_run, post_version
from tests.crawlers.conftest import NOW, make_settings
from tests.crawlers.test_process import gone
from tests.mockserver.web import MockWeb, Versioned, article, links

#: New articles between two crawls.
FRESH = 4

#: A crawl is left alive until it has asked for up to so many pages, and then up to so many seconds.
PAGES, REST_S = FRESH + 2, 0.3

Make = Callable[..., Source]


def crawl_once(url: str, source: Source, settings: Settings) -> None:
    """What is killed: the job as a worker runs it."""
    jobs.crawl(Store.open(url), source, settings)


def family(pid: int) -> set[int]:
    """The living descendants of a process."""
    found: set[int] = set()
    left = [pid]
    while left:
        for task in Path(f"/proc/{left.pop()}/task").glob("*/children"):
            try:
                born = {int(child) for child in task.read_text().split()}
            except FileNotFoundError:
                continue
            left += born - found
            found |= born
    return found


class Paper:
    """A growing paper whose listing answers 304 until it changes."""

    def __init__(self, web: MockWeb) -> None:
        self.web, self.paths = web, [f"/2026/01/02/berita-nomor-{number}" for number in range(FRESH)]
        self.listing = Versioned(b"")
        self.web.routes["/"] = self.listing
        self.print()

    def print(self) -> None:
        self.web.routes |= {path: article(f"Berita bernomor {path}") for path in self.paths}
        self.listing.change(links(*reversed(self.paths)))

    def grow(self) -> None:
        self.paths += [f"/2026/01/02/berita-nomor-{len(self.paths) + number}" for number in range(FRESH)]
        self.print()

    @property
    def urls(self) -> set[str]:
        return {self.web.url(path) for path in self.paths}


def agree(store: Store, source: Source, paper: Paper) -> int:
    """Checks cursor against posts; returns how many posts there are."""
    with store.read() as db:
        known = posts.known(db, source.id, sorted(paper.urls))
        position = Position(runs.cursor(db, source.id), NOW)
        amount = posts.count(db)
        counted = db.scalar(select(func.coalesce(func.sum(crawl_run.c.new), 0)))
        assert db.scalar(select(func.count()).select_from(post_version)) == 0
    assert amount == len(known) == counted
    # Validators say that everything listed when they were given is stored.
    for etag, _ in position.validators.values():
        listed = int(etag.strip('W/"')) - 1
        assert {paper.web.url(path) for path in paper.paths[: FRESH * listed]} <= known
    assert not any(position.settles(url) for url in paper.urls)
    return amount


@pytest.mark.parametrize("kills", [40, pytest.param(400, marks=pytest.mark.slow)])
def test_a_crawl_killed_at_any_moment_loses_nothing_and_stores_nothing_twice(
    kills: int,
    store: Store,
    web: MockWeb,
    tmp_path: Path,
    source: Make,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    seed = int(os.times().elapsed)
    chance = random.Random(seed)
    settings, paper, where = make_settings(tmp_path, web), Paper(web), source(address=web.url(), limit=1000)
    monkeypatch.setattr("crawlers.news.crawl.ARTICLES", 2)
    url, orphans, grown, before = str(store.engine.url), set(), 0, 0
    killed = 0
    while killed < kills:
        job = get_context("fork").Process(target=crawl_once, args=(url, where, settings))
        job.start()
        assert job.pid is not None
        aim = len(web.asked) + chance.randrange(PAGES)
        while job.is_alive() and len(web.asked) < aim:
            time.sleep(0.01)
        job.join(chance.uniform(0, REST_S))
        orphans |= family(job.pid)
        if job.is_alive():
            os.kill(job.pid, signal.SIGKILL)
            killed += 1
        job.join()
        amount = agree(store, where, paper)
        assert amount >= before
        before = amount
        if amount == len(paper.paths):
            grown += 1
            paper.grow()
    began = time.monotonic()
    assert all(gone(pid) for pid in orphans)
    run = jobs.crawl(store, where, settings)
    assert run.failure is None
    assert agree(store, where, paper) == len(paper.paths)
    with capsys.disabled():
        print(
            f"\nseed {seed}: {kills} crawls killed, {len(paper.paths)} articles over {grown + 1} editions, "
            f"{len(orphans)} processes all gone after {time.monotonic() - began:.1f} s"
        )
