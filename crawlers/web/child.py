"""The parent's side of a crawl process: starts it, answers it, ends it."""

from __future__ import annotations

import base64
import json
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Generator, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from crawlers.web.hosts import Hosts, MemoryHosts, listen
from crawlers.web.job import Job
from tanggap.clock import system_clock
from tanggap.errors import SourceError
from tanggap.records import Source
from tanggap.settings import Settings

#: What the process gets of our environment: nothing, for it reads what strangers write.
ENVIRONMENT = {"PYTHONUTF8": "1", "LC_ALL": "C.UTF-8", "OPENBLAS_NUM_THREADS": "1"}

Told = dict[str, Any]
Answer = Callable[[Told], Told | None]


def converse(job: Job, hosts: Hosts, choose: Answer) -> Generator[tuple[str, Told], None, None]:
    """Runs `job` in its own process and yields the words it says (see talk.py).

    Questions about hosts are answered by `hosts`, those about listings by `choose`. Closing the generator ends the
    process, as does `crawl_timeout_s`.

    Raises:
        SourceError: the process was stopped or died before it was done; failure `network`.
    """
    answers = {**listen(hosts), "ask": choose}
    with tempfile.TemporaryFile() as complaints:
        process = subprocess.Popen(
            [sys.executable, "-m", "crawlers"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=complaints,
            cwd=Path(__file__).resolve().parents[2],
            env=ENVIRONMENT,
            text=True,
            encoding="utf-8",
        )
        timer = threading.Timer(job.crawl_timeout_s, process.kill)
        timer.start()
        try:
            yield from words(process, job, answers)
            if process.wait() != 0 or not timer.is_alive():
                complaints.seek(0)
                raise ended_early(job, complaints.read(), late=not timer.is_alive())
        finally:
            timer.cancel()
            process.kill()
            process.communicate()


def words(process: subprocess.Popen[str], job: Job, answers: dict[str, Answer]) -> Iterator[tuple[str, Told]]:
    """What the process says, its questions answered on the way."""
    assert process.stdout is not None
    send(process, job.to_json(os.getpid()))
    for line in process.stdout:
        ((word, told),) = json.loads(line).items()
        if word not in answers:
            yield word, told
        elif (answer := answers[word](told)) is not None:
            send(process, json.dumps(answer))


def send(process: subprocess.Popen[str], line: str) -> None:
    """One line to the process; a process that is gone shows at its end, not here."""
    assert process.stdin is not None
    try:
        process.stdin.write(line + "\n")
        process.stdin.flush()
    except BrokenPipeError:
        return


def ended_early(job: Job, complaints: bytes, *, late: bool) -> SourceError:
    """Why the process is gone before it was done."""
    if late:
        return SourceError(f"{job.address}: the crawl was stopped after {job.crawl_timeout_s:.0f} s.", "network")
    lines = complaints.decode("utf-8", "replace").strip().splitlines() or ["it said nothing"]
    return SourceError(f"{job.address}: the crawl process died: {lines[-1][:300]}.", "network")


def fault(source: Source, settings: Settings, told: Told) -> SourceError:
    """What a process said of a source that cannot be had; hosts live in real time, the installation by its clock."""
    again = None
    if told["until"]:
        again = settings.now() + (datetime.fromisoformat(told["until"]) - system_clock())
    return SourceError(f"{source.id}: {told['reason']}.", told["failure"], retry_at=again)


def fetch(address: str, source: Source, settings: Settings, hosts: Hosts | None = None) -> bytes:
    """The body at an http(s) address, fetched under the same guard, manners and limits as pages.

    Raises:
        SourceError: it cannot be had; `failure` says why.
    """
    job = Job.of("fetch", source.evolve(address=address), settings)
    body: bytes | None = None
    for word, told in converse(job, hosts or MemoryHosts(), lambda _: None):
        if word == "fault":
            raise fault(source, settings, told)
        if word == "body":
            body = base64.b64decode(told["base64"])
    if body is None:
        raise SourceError(f"{source.id}: {address} gave no answer.", "network")
    return body
