"""One try of a job: what the job may say while it works, and what becomes of its run when it ends."""

from __future__ import annotations

import logging
import random
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from tanggap.clock import WIB
from tanggap.errors import SettingsError, StoreError, TanggapError, UsageError
from tanggap.schedules import JobRun, State
from tanggap.store import job_runs

if TYPE_CHECKING:  # the queue and its tests do without models and crawlers
    from pipeline.office import Office

logger = logging.getLogger(__name__)

#: Seconds between two notes of progress, and the longest between two tries to reach a store that is away.
TELL_S = 1.0
PATIENCE_S = 5.0
#: A wait before another try is never longer, in seconds.
LONGEST_WAIT_S = 900.0
LINES = 30


class Stopped(Exception):  # noqa: N818 - no error: the job shall end here
    """Raised within a job that is to end: it was cancelled, or its worker stops."""


class Later(Exception):  # noqa: N818 - nobody's fault
    """Raised by a job that cannot be done at present; it is tried again later and no failure is counted."""


@dataclass
class Running:
    """A job at work. It says how far it is, and asks for what should follow."""

    office: Office
    run: JobRun
    stopping: threading.Event
    #: Dollars this try has cost.
    cost_usd: float = 0.0
    #: One sentence for people about how it went.
    note: str = ""
    #: Whether it asked for another job.
    asked: bool = False
    _told: float = field(default=0.0, repr=False)

    def progress(self, done: int, total: int = 0) -> None:
        """Says how far the job is; call it often.

        Raises:
            Stopped: the job shall end now. What it has stored stays; it will be asked to go on later.
        """
        if self.stopping.is_set():
            raise Stopped
        if time.monotonic() - self._told < TELL_S:
            return
        self._told = time.monotonic()
        with self.office.store.write() as db:
            if not job_runs.progress(db, self.run, done, total):
                raise Stopped

    def ask(self, job: str, argument: str = "", *, in_s: float = 0.0) -> None:
        """Asks for another job; one that waits already will do."""
        now = self.office.settings.now()
        with self.office.store.write() as db:
            job_runs.request(db, job, argument, by=self.run.job, at=now, in_s=in_s)
        self.asked = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """What a name stands for."""

    #: For people.
    title: str
    do: Callable[[Running], Mapping[str, int]]
    #: What runs one at a time over all workers: a host, or everything of this name.
    lane: Callable[[Office, str], str] | None = None
    #: Crawls have a line of their own, so that slow sites never keep posts from being understood.
    crawls: bool = False
    #: Keeps a processor busy by itself: one at a time in each worker.
    heavy: bool = False
    #: Asked again while one runs, it runs once more afterwards: what came in meanwhile must not be missed.
    follows_itself: bool = False


class Excerpt(logging.Handler):
    """Keeps the last log lines of the thread that made it."""

    def __init__(self) -> None:
        super().__init__(logging.INFO)
        self._thread = threading.get_ident()
        self._lines: deque[str] = deque(maxlen=LINES)

    def emit(self, record: logging.LogRecord) -> None:
        """Takes a line of its own thread."""
        if record.thread == self._thread:
            moment = time.strftime("%H.%M.%S", time.gmtime(record.created + WIB.utcoffset(None).total_seconds()))
            self._lines.append(f"{moment} {record.levelname} {record.getMessage()}")

    @property
    def text(self) -> str:
        """The lines, oldest first."""
        return "\n".join(self._lines)


@contextmanager
def excerpt() -> Iterator[Excerpt]:
    """Collects what is logged in this thread."""
    handler = Excerpt()
    logging.getLogger().addHandler(handler)
    try:
        yield handler
    finally:
        logging.getLogger().removeHandler(handler)


def carry_out(do: Callable[[Running], Mapping[str, int]], running: Running) -> None:
    """Does one try and writes down how it ended: done, tried again later, or set aside with the reason.

    A store that is away is waited for and counts as nobody's fault; a job's own failure is tried again after a wait
    that doubles, with jitter, until `[jobs] tries`.
    """
    jobs, run = running.office.settings.jobs, running.run
    with excerpt() as log:
        if run.crashes >= jobs.crashes:
            reason = (
                f"pekerjanya mati {run.crashes} kali saat mengerjakan ini (kehabisan memori, macet, atau dihentikan)"
            )
            return _end(running, State.SET_ASIDE, reason, log)
        try:
            counts = do(running)
        except Stopped:
            return _again(running, 0.0, run.reason, log, failures=run.failures)
        except (StoreError, Later) as error:
            return _again(running, jobs.retry_s, str(error), log, failures=run.failures)
        except (UsageError, SettingsError) as error:
            return _end(running, State.SET_ASIDE, str(error), log)
        except Exception as error:  # a job's boundary: whatever it raised is kept on its run
            expected = isinstance(error, TanggapError)
            logger.log(logging.WARNING if expected else logging.ERROR, "%s", error, exc_info=not expected)
            reason = str(error) if expected else f"{type(error).__name__}: {error}"
            return _failed(running, reason, log)
        return _end(running, State.DONE, running.note, log, counts=counts)


def _failed(running: Running, reason: str, log: Excerpt) -> None:
    jobs, failures = running.office.settings.jobs, running.run.failures + 1
    if failures >= jobs.tries:
        return _end(running, State.SET_ASIDE, f"gagal {failures} kali: {reason}", log, failures=failures)
    return _again(running, jobs.retry_s * 2 ** (failures - 1), reason, log, failures=failures)


def _again(running: Running, wait_s: float, reason: str, log: Excerpt, *, failures: int) -> None:
    now = running.office.settings.now()
    wait = timedelta(seconds=min(LONGEST_WAIT_S, wait_s * random.uniform(0.5, 1.5)))  # noqa: S311 - jitter

    def write() -> None:
        with running.office.store.write() as db:
            job_runs.again(db, running.run, now, now + wait, reason, failures=failures, log=log.text)

    patiently(write, running.stopping)


def _end(
    running: Running,
    state: State,
    reason: str,
    log: Excerpt,
    *,
    counts: Mapping[str, int] | None = None,
    failures: int | None = None,
) -> None:
    now, run = running.office.settings.now(), running.run
    told: dict[str, Any] = {"counts": counts, "cost_usd": running.cost_usd, "reason": reason, "log": log.text}

    def write() -> None:
        with running.office.store.write() as db:
            job_runs.finish(db, run, state, now, failures=run.failures if failures is None else failures, **told)

    patiently(write, running.stopping)


def patiently(act: Callable[[], None], stopping: threading.Event) -> None:
    """Does something with the store, waiting for a store that is away, unless the worker is to stop."""
    wait = 0.2
    while True:
        try:
            return act()
        except StoreError as error:
            logger.warning("%s", error)
            if stopping.is_set():
                raise
        time.sleep(wait * random.uniform(0.5, 1.5))  # noqa: S311 - jitter
        wait = min(2 * wait, PATIENCE_S)
