"""The crawl process: it ends with its parent, with its reader, with its time, and it carries no secret."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from crawlers import crawl
from crawlers.web.child import ENVIRONMENT, converse, fetch
from crawlers.web.hosts import MemoryHosts
from crawlers.web.job import Job
from tanggap.errors import SourceError
from tanggap.records import Source
from tanggap.settings import Secrets
from tests.crawlers.conftest import make_settings
from tests.mockserver.web import MockWeb, Request, article, links

ROOT = Path(__file__).resolve().parents[2]
Make = Callable[..., Source]


class Waiting:
    """A page that answers only once it is let go."""

    def __init__(self) -> None:
        self.asked, self.go = threading.Event(), threading.Event()

    def __call__(self, request: Request) -> None:
        self.asked.set()
        self.go.wait(30)
        request.answer(b"")


def children() -> set[int]:
    """The crawl processes this process has started and not ended."""
    own = Path(f"/proc/{os.getpid()}/task")
    return {int(pid) for task in own.iterdir() for pid in (task / "children").read_text().split()}


def gone(pid: int) -> bool:
    """Whether a process ends within a few seconds; a zombie counts as ended."""
    for _ in range(100):
        try:
            if Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z":
                return True
        except FileNotFoundError:
            return True
        time.sleep(0.1)
    return False


def test_closing_the_crawl_ends_its_process(web: MockWeb, tmp_path: Path, source: Make) -> None:
    paths = [f"/2026/01/02/berita-nomor-{n}" for n in range(11)]
    held = Waiting()
    web.routes |= {"/": links(*paths), **{path: article(f"Berita bernomor {path}") for path in paths}, paths[-1]: held}
    before = children()
    batches = crawl(source(address=web.url()), make_settings(tmp_path, web), known=lambda _: set())
    next(batches)
    (pid,) = children() - before
    batches.close()  # type: ignore[attr-defined]
    held.go.set()
    assert gone(pid)


def test_a_crawl_that_takes_too_long_is_stopped(web: MockWeb, tmp_path: Path, source: Make) -> None:
    held = Waiting()
    web.routes["/"] = held
    settings = make_settings(tmp_path, web, crawl_timeout_s=3.0, page_timeout_s=60.0)
    with pytest.raises(SourceError) as caught:
        list(crawl(source(address=web.url()), settings, known=lambda _: set()))
    held.go.set()
    assert caught.value.failure == "network"


def test_a_killed_parent_leaves_no_crawl_process_behind(web: MockWeb, tmp_path: Path, source: Make) -> None:
    held = Waiting()
    web.routes["/"] = held
    job = Job.of("news", source(address=web.url()), make_settings(tmp_path, web, page_timeout_s=60.0))
    program = (
        "import sys; from crawlers.web.child import converse; from crawlers.web.hosts import MemoryHosts\n"
        "from crawlers.web.job import Job\n"
        "list(converse(Job.from_json(sys.argv[1]), MemoryHosts(), lambda told: {'wanted': [], 'again': []}))"
    )
    parent = subprocess.Popen([sys.executable, "-c", program, job.to_json(0)], cwd=ROOT)
    assert held.asked.wait(60)
    child = int(Path(f"/proc/{parent.pid}/task/{parent.pid}/children").read_text().split()[0])
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    assert gone(child)
    held.go.set()


def test_the_process_is_told_no_secret(tmp_path: Path, web: MockWeb, source: Make) -> None:
    settings = make_settings(tmp_path, web).model_copy(update={"secrets": Secrets(x_bearer_token="token of the tests")})
    line = Job.of("news", source(address=web.url()), settings).to_json(1)
    assert "of the tests" not in line
    assert Job.from_json(line).allow_addresses == (web.place,)
    assert not [name for name in ENVIRONMENT if name.startswith("TANGGAP")]


def test_one_body_is_fetched_under_the_same_guard(web: MockWeb, tmp_path: Path, source: Make) -> None:
    settings = make_settings(tmp_path, web)
    web.routes |= {"/closed/api": lambda request: request.answer(b"[1]", kind="application/json")}
    assert fetch(web.url("/closed/api"), source(), settings) == b"[1]"
    assert web.asked == ["/closed/api"]
    for path, failure in {"/gone": "layout", "/huge": "layout", "/to-metadata": "blocked"}.items():
        with pytest.raises(SourceError) as caught:
            fetch(web.url(path), source(), settings)
        assert caught.value.failure == failure


def test_a_process_that_dies_says_its_last_words(tmp_path: Path, web: MockWeb, source: Make) -> None:
    job = Job.of("news", source(address=web.url()), make_settings(tmp_path, web))
    values: dict[str, Any] = {**json.loads(job.to_json(0)), "since": "not a time"}
    with pytest.raises(SourceError, match="not a time"):
        list(converse(Job.from_json(json.dumps(values)), MemoryHosts(), lambda told: None))
