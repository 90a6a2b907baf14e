"""Turns slots of schedules into runs: each once, late ones by the catch-up policy, none on top of an unfinished one."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from functools import lru_cache

from sqlalchemy import Connection

from tanggap.clock import stamp
from tanggap.cron import Cron
from tanggap.errors import UsageError
from tanggap.records import Source
from tanggap.schedules import MACHINE, CatchUp, Schedule, State
from tanggap.settings import Settings
from tanggap.store import Store, job_runs, schedules, sources

logger = logging.getLogger(__name__)

#: Missed slots that are looked at one by one; older ones are forgotten.
MOST = 200

#: Schedules every installation has: name, job, cron line. Scoring and grouping run by themselves when posts come in;
#: theirs catch what was left behind; grouping also ranks anew, because issues age and clocks run without any post.
STANDING = (
    ("ringkasan-harian", "brief", "30 6 * * *"),
    ("pahami-sisa", "score", "*/5 * * * *"),
    ("rapikan-isu", "group", "*/5 * * * *"),
    ("panggil-petugas", "alert", "*/2 * * * *"),
    ("kirim-webhook", "webhooks", "*/2 * * * *"),
    ("janji-dan-bantahan", "desk", "*/10 * * * *"),
    ("berita-kembar", "copies", "*/10 * * * *"),
    ("sinyal", "signals", "*/10 * * * *"),
    ("kesehatan-sumber", "health", "*/15 * * * *"),
    ("cadangan", "backup", "30 2 * * *"),
    ("pergeseran-bahasa", "drift", "40 3 * * *"),
    ("kosongkan-teks-lama", "purge", "20 3 * * *"),
    ("periksa-penghapusan", "comply", "*/20 * * * *"),
)


def tick(store: Store, settings: Settings) -> None:
    """Decides every slot that has come. Any number of schedulers may do this at once."""
    now = settings.now()
    with store.read() as db:
        waiting = [item for item in schedules.every(db) if not item.paused and _has_come(item, now)]
    for item in waiting:
        with store.write() as db:
            mine = schedules.claim(db, item.name)
            if mine is not None and not mine.paused:
                _decide(db, mine, now, timedelta(seconds=settings.jobs.late_s))


def _has_come(item: Schedule, now: datetime) -> bool:
    if item.decided_to > now:  # the clock was put back
        return True
    first = _next(item.clock, item.decided_to)
    return first is not None and first <= now


@lru_cache(maxsize=4_096)
def _next(clock: Cron, after: datetime) -> datetime | None:
    return next(iter(clock.slots(after)), None)


def _decide(db: Connection, item: Schedule, now: datetime, late: timedelta) -> None:
    """One run or one reason for every slot since the last look; slots that a clock repeats have their run already."""
    slots = item.clock.missed(item.decided_to, now, MOST)
    for slot in slots:
        run = item.run(slot, now, MACHINE)
        missed = now - slot > late
        if missed and (item.catch_up is CatchUp.SKIP or (item.catch_up is CatchUp.LATEST and slot != slots[-1])):
            job_runs.skip(db, run, "terlewat: tidak ada pekerja yang hidup saat itu")
            continue
        holds = job_runs.hold(item.job, item.argument, slot if missed and item.catch_up is CatchUp.ALL else None)
        refused = job_runs.ask(db, run, holds)
        if refused and refused.holder:
            since = stamp(refused.holder.started_at or refused.holder.asked_at)
            job_runs.skip(db, run, f"yang sebelumnya belum selesai ({LABEL[refused.holder.state]} sejak {since})")
    schedules.decide(db, item.name, now)


LABEL = {State.ASKED: "menunggu", State.QUEUED: "antre", State.RUNNING: "berjalan"}


def keep_up(store: Store, now: datetime, jobs: Iterable[str]) -> list[str]:
    """Gives every installation and every source in use the schedules they lack; tells which were added or changed.

    A schedule that a person has edited is never touched again.
    """
    known = set(jobs)
    touched = []
    with store.write() as db:
        there = {item.name: item for item in schedules.every(db)}
        for item in (*_standing(now), *_of_sources(sources.all_sources(db), now)):
            old = there.get(item.name)
            if item.job not in known or (old and (old.edited_by != MACHINE or old.cron == item.cron)):
                continue
            try:
                schedules.put(db, item)
                touched.append(item.name)
            except UsageError as error:
                logger.error("%s: %s", item.name, error)
    return touched


def _standing(now: datetime) -> Iterator[Schedule]:
    for name, job, cron in STANDING:
        yield Schedule(name=name, job=job, cron=cron, decided_to=now, edited_by=MACHINE, edited_at=now)


def _of_sources(every: Iterable[Source], now: datetime) -> Iterator[Schedule]:
    for source in every:
        if source.enabled and source.schedule:
            yield Schedule.of_source(source, now)
