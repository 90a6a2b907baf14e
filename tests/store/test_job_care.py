"""Runs that were set aside: when they count as trouble, and how people settle it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tanggap.errors import UsageError
from tanggap.schedules import JobRun, State
from tanggap.store import Store, job_care, job_runs

NOW = datetime(2026, 11, 22, 6, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def aside(store: Store, name: str, ago: int, *, job: str = "crawl", state: State = State.SET_ASIDE) -> JobRun:
    """A run that ended so many minutes ago."""
    at = NOW - ago * MINUTE
    run = JobRun(
        id=f"{name}-{ago}", job=job, argument=name, by="machine", state=state, asked_at=at, due_at=at, started_at=at,
        ended_at=at, failures=3, attempt=3, reason="gagal 3 kali",
    )  # fmt: skip
    with store.write() as db:
        job_runs.ask(db, run)
    return run


def test_runs_set_aside_are_one_fault_until_the_job_goes_well_again(any_store: Store) -> None:
    for ago in (30, 20, 10):
        aside(any_store, "detik", ago)
    aside(any_store, "antara", 15)
    with any_store.read() as db:
        first, second = job_care.faults(db)
    assert (first.run.id, first.times, first.since) == ("detik-10", 3, NOW - 30 * MINUTE)
    assert second.run.id == "antara-15"

    aside(any_store, "detik", 5, state=State.DONE)
    with any_store.read() as db:
        assert [fault.run.argument for fault in job_care.faults(db)] == ["antara"]


def test_another_try_starts_with_a_clean_sheet_and_is_not_asked_twice(any_store: Store) -> None:
    run = aside(any_store, "detik", 10)
    with any_store.write() as db:
        job_care.retry(db, run.id, "budi", NOW)
    with any_store.write() as db:
        again = job_runs.get(db, run.id)
        (due,) = job_runs.take_due(db, NOW, 5)
        assert job_runs.request(db, "crawl", "detik", by="sari", at=NOW).id == run.id
        with pytest.raises(UsageError, match="not set aside"):
            job_care.retry(db, run.id, "budi", NOW)
    assert again is not None
    assert (again.state, again.attempt, again.failures, again.reason) == (State.ASKED, 4, 0, "")
    assert due.id == run.id


def test_another_try_is_the_one_that_waits_already(any_store: Store) -> None:
    run = aside(any_store, "detik", 10)
    with any_store.write() as db:
        waiting = job_runs.request(db, "crawl", "detik", by="sari", at=NOW)
        assert job_care.retry(db, run.id, "budi", NOW).id == waiting.id


def test_what_is_let_be_leaves_the_faults_and_keeps_its_history(any_store: Store) -> None:
    aside(any_store, "detik", 20)
    run = aside(any_store, "detik", 10)
    with any_store.write() as db:
        job_care.dismiss(db, run.id, "budi")
    with any_store.read() as db:
        assert job_care.faults(db) == []
        assert {one.reason for one in job_runs.recent(db)} == {"gagal 3 kali (dibiarkan oleh budi)"}


def test_the_tally_counts_a_day_but_never_loses_what_waits(any_store: Store) -> None:
    aside(any_store, "lama", 48 * 60, state=State.DONE)
    aside(any_store, "baru", 60, state=State.DONE)
    aside(any_store, "antre", 48 * 60, state=State.QUEUED)
    with any_store.read() as db:
        found = job_care.tally(db, NOW - timedelta(days=1))
    assert found == {State.DONE: 1, State.QUEUED: 1}
