"""How the sources did: which were read, which failed and why, which fell silent."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from tanggap.clock import stamp
from tanggap.records import CrawlRun, Reading, Source
from tanggap.store.alarms import Alarm
from tanggap.watch import LABELS, State

#: A source not read for this long says nothing about today.
STALE = timedelta(hours=24)
FAILURES = {
    "rate": "dibatasi karena terlalu sering",
    "cap": "kuota habis",
    "auth": "akses ditolak",
    "empty": "jawaban kosong",
    "blocked": "diblokir",
    "layout": "tata letak berubah",
    "network": "jaringan terputus",
    "config": "pengaturan salah",
}


@dataclass(frozen=True, slots=True)
class Health:
    """One source on the day: its name, its state in words, the posts it gave."""

    title: str
    state: str
    posts: int
    #: Read within the last 24 hours, with or without success.
    checked: bool
    #: Its last run failed, or something about it calls for a person.
    failed: bool


def source_health(
    sources: Sequence[Source],
    runs: Mapping[str, CrawlRun],
    readings: Sequence[Reading],
    now: datetime,
    alarms: Mapping[str, Alarm],
) -> tuple[Health, ...]:
    """The state of every enabled source; those that failed or have an open alarm first, then by posts."""
    posts = Counter(reading.post.source for reading in readings)
    found = [
        _health(source, runs.get(source.id), posts[source.id], now, alarms.get(source.id))
        for source in sources
        if source.enabled
    ]
    return tuple(sorted(found, key=lambda health: (not health.failed, health.checked, -health.posts, health.title)))


def _health(source: Source, run: CrawlRun | None, posts: int, now: datetime, alarm: Alarm | None) -> Health:
    if run is None:
        return Health(source.title, "belum pernah dibaca", posts, checked=False, failed=False)
    if run.failure is not None:
        cause = FAILURES.get(run.failure, run.failure)
        return Health(source.title, f"gagal {stamp(run.started_at)}: {cause}", posts, checked=True, failed=True)
    if alarm is not None:
        state = f"{LABELS[State(alarm.state)]} sejak {stamp(alarm.since)}"
        return Health(source.title, state, posts, checked=now - run.started_at <= STALE, failed=True)
    if now - run.started_at > STALE:
        state = f"tidak dibaca sejak {stamp(run.started_at)}"
        return Health(source.title, state, posts, checked=False, failed=False)
    if not posts and source.expected_per_day:
        state = f"senyap; biasanya sekitar {source.expected_per_day} sehari"
        return Health(source.title, state, posts, checked=True, failed=False)
    return Health(source.title, "baik", posts, checked=True, failed=False)
