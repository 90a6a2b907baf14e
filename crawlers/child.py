"""The parent's side of a crawl process: starts it, answers it, ends it."""

from __future__ import annotations

import base64
import json
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Generator
from pathlib import Path
from typing import Any

from crawlers.job import Job
from tanggap.errors import SourceError
from tanggap.records import Source
from tanggap.settings import Settings

#: What the process gets of our environment: nothing, for it reads what strangers write.
ENVIRONMENT = {"PYTHONUTF8": "1", "LC_ALL": "C.UTF-8"}

Answer = Callable[[list[str]], list[str]]


def converse(job: Job, answer: Answer) -> Generator[dict[str, Any], None, None]:
    """Runs `job` in its own process and yields what it says; `answer` picks the wanted out of candidate addresses.

    Closing the generator ends the process, as does `crawl_timeout_s`.

    Raises:
        SourceError: the process was stopped or died before it was done; failure `network`.
    """
    with tempfile.TemporaryFile() as complaints:
        process = subprocess.Popen(
            [sys.executable, "-m", "crawlers.process"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=complaints,
            cwd=Path(__file__).resolve().parent.parent,
            env=ENVIRONMENT,
            text=True,
            encoding="utf-8",
        )
        timer = threading.Timer(job.crawl_timeout_s, process.kill)
        timer.start()
        try:
            yield from messages(process, job, answer)
            if process.wait() != 0 or not timer.is_alive():
                complaints.seek(0)
                raise ended_early(job, complaints.read(), late=not timer.is_alive())
        finally:
            timer.cancel()
            process.kill()
            process.communicate()


def messages(process: subprocess.Popen[str], job: Job, answer: Answer) -> Generator[dict[str, Any], None, None]:
    """What the process says, its questions answered on the way."""
    assert process.stdin is not None
    assert process.stdout is not None
    send(process, job.to_json(os.getpid()))
    for line in process.stdout:
        message = json.loads(line)
        if "ask" in message:
            send(process, json.dumps({"wanted": answer(message["ask"])}))
        else:
            yield message


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


def fetch(address: str, source: Source, settings: Settings) -> bytes:
    """The body at an http(s) address, fetched under the same guard and limits as pages.

    Raises:
        SourceError: it cannot be had; `failure` says why.
    """
    job = Job.of("fetch", source.evolve(address=address), settings)
    body: bytes | None = None
    for message in converse(job, lambda _: []):
        if "fault" in message:
            raise SourceError(f"{source.id}: {message['reason']}.", message["fault"])
        if "body" in message:
            body = base64.b64decode(message["body"])
    if body is None:
        raise SourceError(f"{source.id}: {address} gave no answer.", "network")
    return body
