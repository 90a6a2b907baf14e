"""A worker: holds a slot, turns slots of schedules into runs, queues and does them, and takes over from the dead."""

from __future__ import annotations

import logging
import os
import platform
import re
import threading
import time
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import Connection

from pipeline import schedule
from pipeline.engine import Engine, Queue, Try
from pipeline.running import Job, Later, Running, carry_out, patiently
from tanggap.errors import StoreError
from tanggap.schedules import JobRun, State
from tanggap.store import job_runs, workers
from tanggap.store.workers import Slot

if TYPE_CHECKING:
    from pipeline.office import Office

logger = logging.getLogger(__name__)

#: Runs taken at a time to be put on the queue.
BATCH = 50
#: Seconds that running jobs get to end when the worker stops; with the rest of a stop it stays under ten.
GRACE_S = 4
#: Leases after which a run that the queue does not know is asked for anew; and between two such looks.
LOST = 2.0
LOOK = 0.75
PRUNE_S = 3_600.0
#: Seconds between two looks at what sources declare.
KEEP_UP_S = 30.0
#: Days after which the queue forgets what is over; the history of runs is kept longer, in the store.
QUEUE_DAYS = 2
#: Exit codes: the slot was given to another; a job ran too long.
LOST_SLOT, HUNG = 75, 70


class Worker:
    """One worker of an installation, for the life of its process.

    A helper only does what keeps processors busy, such as shards of archives: no schedules, no crawls.
    """

    def __init__(self, office: Office, jobs: Mapping[str, Job], *, helper: bool = False) -> None:
        self.office, self._jobs, self._helper = office, jobs, helper
        self._settings = office.settings.jobs
        self._following = [name for name, job in jobs.items() if job.follows_itself]
        self._stopping = threading.Event()
        self._awake = threading.Event()
        self._begun: dict[Try, float] = {}
        self._pulse: dict[Slot, tuple[int, float]] = {}
        self._looked = 0.0
        self._held: set[Try] = set()
        self._crawls = Queue("crawl", self._settings.crawls)
        self._alone = Queue("alone", self._settings.side_by_side)
        self._many = Queue("many", self._settings.side_by_side, lanes=False)
        self._heavy = Queue("heavy", 1, lanes=False)

    def stop(self) -> None:
        """Asks the worker to end; `run` returns within about ten seconds."""
        self._stopping.set()
        self._awake.set()

    def run(self) -> None:
        """Works until `stop`; then unfinished jobs are left to the other workers, or to the next start.

        Raises:
            StoreError: the store or the queue cannot be opened.
        """
        with self.office.store.write() as db:
            self.slot = workers.take(db, host_name(), self._now())
        self.engine = Engine(self.office.settings, self.slot.holder)
        every = [self._crawls, self._alone, self._many, self._heavy]
        self.engine.start([self._heavy] if self._helper else every, self._do)
        threading.Thread(target=self._live, name="heart", daemon=True).start()
        logger.info("worker %s works", self.slot.id)
        duties: dict[Callable[[], None], float] = {} if self._helper else {self._keep_up: KEEP_UP_S, self._tick: 0.0}
        duties |= {
            self._dispatch: 0.0,
            self._bury: self._settings.lease_s / 8,
            self._find_lost: self._settings.lease_s * LOOK,
            self._prune: PRUNE_S,
        }
        done = dict.fromkeys(duties, -PRUNE_S)
        while not self._stopping.is_set():
            for duty, every_s in duties.items():
                if time.monotonic() - done[duty] >= every_s:
                    self._safely(duty)
                    done[duty] = time.monotonic()
            self._awake.wait(self._settings.tick_s)
            self._awake.clear()
        self._leave()

    def _keep_up(self) -> None:
        touched = schedule.keep_up(self.office.store, self._now(), self._jobs)
        if touched:
            logger.info("schedules by default: %s", ", ".join(touched))

    def _tick(self) -> None:
        schedule.tick(self.office.store, self.office.settings)

    def _leave(self) -> None:
        self.engine.stop(GRACE_S)
        self._safely(self._give_up_slot)
        self.engine.close()
        logger.info("worker %s has stopped", self.slot.id)

    def _give_up_slot(self) -> None:
        with self.office.store.write() as db:
            workers.one_at_a_time(db)
            job_runs.give_back(db, self.slot.holder)
            self.engine.hand_on(self.slot.holder)
            workers.free(db, self.slot)

    def _do(self, one: Try) -> None:
        """Does one try; called by the queue in a thread of its own."""
        begun: list[JobRun | None] = []
        patiently(lambda: begun.append(self._begin(one)), self._stopping)
        run = begun[0]
        if run is None:
            return
        job = self._jobs.get(run.job)
        running = Running(self.office, run, self._stopping)
        self._begun[one] = time.monotonic()
        try:
            carry_out(job.do if job else _unknown, running)
        finally:
            del self._begun[one]
            if running.asked:
                self._awake.set()

    def _begin(self, one: Try) -> JobRun | None:
        with self.office.store.write() as db:
            return job_runs.start(db, one.run, one.number, self.slot.holder, self._now(), let_go=self._following)

    def _dispatch(self) -> None:
        """Puts what is due on the queue; what a crash leaves in between is found by `_find_lost`."""
        with self.office.store.read() as db:
            if not job_runs.anything_due(db, self._now()):
                return
        while not self._stopping.is_set():
            with self.office.store.write() as db:
                due = job_runs.take_due(db, self._now(), BATCH)
                ready = [run for run in due if not self._too_soon(db, run)]
            for done, run in enumerate(ready):
                try:
                    self._send(run, self._jobs.get(run.job))
                except StoreError:
                    with self.office.store.write() as db:
                        job_runs.put_back(db, [late.id for late in ready[done:]])
                    raise
            if len(due) < BATCH:
                return

    def _send(self, run: JobRun, job: Job | None) -> None:
        one = Try(run.id, run.attempt)
        if job and job.lane:
            self.engine.send(one, self._crawls if job.crawls else self._alone, job.lane(self.office, run.argument))
        else:
            self.engine.send(one, self._heavy if job and job.heavy else self._many)

    def _too_soon(self, db: Connection, run: JobRun) -> bool:
        """Lets a source wait that was crawled a moment ago, and tells so."""
        job = self._jobs.get(run.job)
        last = job_runs.last_start(db, run.job, run.argument) if job and job.crawls else None
        now, gap = self._now(), timedelta(seconds=self._settings.crawl_gap_s)
        if last is None or not now < last + gap < now + 2 * gap:
            return False
        job_runs.put_back(db, [run.id], last + gap)
        return True

    def _live(self) -> None:
        """Heartbeat, and watch over hung jobs; it must never wait for the queue."""
        while True:
            longest = max((time.monotonic() - begun for begun in list(self._begun.values())), default=0.0)
            if longest > self._settings.limit_s:
                logger.critical("a job runs longer than %.0f s; this worker ends", self._settings.limit_s)
                os._exit(HUNG)
            self._safely(self._beat)
            time.sleep(min(2.0, self._settings.lease_s / 8))

    def _beat(self) -> None:
        with self.office.store.write() as db:
            mine = workers.beat(db, self.slot, self._now())
        if not mine and not self._stopping.is_set():
            logger.critical("slot %s was given to another worker; this one ends", self.slot.id)
            os._exit(LOST_SLOT)

    def _bury(self) -> None:
        """Frees the slots of workers whose heart stands still, and hands on what any dead worker holds."""
        with self.office.store.read() as db:
            pulses = workers.pulses(db)
        moment = time.monotonic()
        blind = moment - self._looked > self._settings.lease_s / 2  # the store was away: for the others too
        self._looked = moment
        before = {} if blind else self._pulse
        self._pulse = {
            one.slot: before[one.slot] if before.get(one.slot, (-1, 0.0))[0] == one.beats else (one.beats, moment)
            for one in pulses
        }
        dead = [slot for slot, (_, since) in self._pulse.items() if moment - since > self._settings.lease_s]
        if not dead and self.engine.holders() <= {one.slot.holder for one in pulses}:
            return
        with self.office.store.write() as db:
            workers.one_at_a_time(db)
            for slot in dead:
                workers.free(db, slot)
            living = {one.slot.holder for one in workers.pulses(db)}
            for holder in self.engine.holders() - living:
                handed = self.engine.hand_on(holder)
                logger.warning("worker %s is dead; %d of its jobs go on elsewhere", holder, handed)

    def _find_lost(self) -> None:
        """Asks anew for runs that the queue lost, or that a worker claimed and never began."""
        with self.office.store.read() as db:
            open_ = job_runs.unfinished(db, self._now() - timedelta(seconds=LOST * self._settings.lease_s))
        runs = {Try(run.id, run.attempt): run for run in open_}
        states = self.engine.states(list(runs)) if runs else {}
        held = {one for one, in_hand in states.items() if in_hand and runs[one].state is State.QUEUED}
        lost = [one for one in runs if one not in states] + sorted(held & self._held, key=lambda one: one.key)
        self._held = held
        for one in lost:
            with self.office.store.write() as db:
                if not job_runs.revive(db, runs[one], self._now()):
                    continue  # it went on between the two looks
            logger.warning("run %s was lost on its way; it is asked for anew", one.run)
            if one in states:
                self.engine.cancel(one)

    def _prune(self) -> None:
        now = self._now()
        self.engine.prune(now - timedelta(days=QUEUE_DAYS))
        with self.office.store.write() as db:
            job_runs.prune(db, now - timedelta(days=self._settings.keep_days))

    def _safely(self, act: Callable[[], None]) -> None:
        """Lets nothing end the worker: what failed is tried again at the next turn."""
        try:
            act()
        except StoreError as error:
            logger.warning("%s", error)
        except Exception:  # the worker's boundary: one broken schedule must not stop the others for good
            logger.exception("the worker stumbled")

    def _now(self) -> datetime:
        return self.office.settings.now()


def _unknown(running: Running) -> Mapping[str, int]:
    raise Later(f"pekerja ini belum mengenal tugas `{running.run.job}`; menunggu versi yang lebih baru")


def host_name() -> str:
    """This machine, in letters that fit an id."""
    return re.sub(r"[^a-z0-9-]+", "-", platform.node().lower()).strip("-") or "host"
