"""Backups as an installation makes them: every night, checked, no more than it keeps, and back with one command."""

from __future__ import annotations

import os
import threading
from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from pipeline import jobs, work
from pipeline.cli import app
from pipeline.jobs.backup import worth_keeping
from pipeline.running import Running
from pipeline.schedule import STANDING
from tanggap.clock import WIB, city_day
from tanggap.records import Post
from tanggap.schedules import JobRun, State
from tanggap.settings import Settings
from tanggap.store import Store, backup, posts

NIGHT = datetime(2026, 11, 22, 2, 30, tzinfo=WIB)
ROWS = 40


@pytest.fixture
def office(settings: Settings, store: Store) -> Any:
    with store.write() as db:
        posts.add(db, [post(number) for number in range(ROWS)])
    return SimpleNamespace(settings=settings, store=store)


def post(number: int) -> Post:
    return Post(source="x", native_id=str(number), text="banjir", published_at=NIGHT, collected_at=NIGHT)


def run(office: Any, slot: datetime) -> Path:
    """The nightly job at one slot."""
    asked = JobRun(id="r", job="backup", slot=slot, state=State.RUNNING, asked_at=slot, due_at=slot)
    running = Running(office, asked, threading.Event())
    running._told = float("inf")
    assert work.JOBS["backup"].do(running)["rows"] >= ROWS
    return office.settings.backup_dir / running.note


def test_the_same_slot_done_again_writes_one_backup_and_a_damaged_one_is_made_anew(office: Any) -> None:
    path = run(office, NIGHT)
    made = path.stat().st_mtime_ns
    assert run(office, NIGHT) == path
    assert path.stat().st_mtime_ns == made
    path.write_bytes(path.read_bytes()[:300])
    assert run(office, NIGHT) == path
    assert backup.verify(path).tables["post"].rows == ROWS
    assert list(jobs.backups(office.settings).values()) == [path]


def test_old_backups_go_and_files_of_others_stay(office: Any) -> None:
    folder = office.settings.backup_dir
    for days in range(40):
        run(office, NIGHT + timedelta(days=days))
    (folder / "tanggap-penting.zip").touch()
    left, fresh = folder / "tanggap-a.zip.partial-1", folder / "tanggap-b.zip.partial-2"
    left.touch()
    fresh.touch()
    last = NIGHT + timedelta(days=40)
    os.utime(left, times=((last - timedelta(days=2)).timestamp(),) * 2)
    os.utime(fresh, times=(last.timestamp(),) * 2)
    run(office, last)
    kept = sorted(jobs.backups(office.settings))
    assert kept[-7:] == [last - timedelta(days=days) for days in range(6, -1, -1)]
    assert len({moment.isocalendar()[:2] for moment in kept}) == 5
    assert len(kept) == 7 + 3  # one of the five weeks is wholly in the seven days, one in part
    assert (folder / "tanggap-penting.zip").exists()
    assert (left.exists(), fresh.exists()) == (False, True)


MOMENTS = st.sets(st.integers(0, 9_000).map(lambda hours: NIGHT + timedelta(hours=hours)))


@settings(deadline=None)
@given(MOMENTS, st.integers(1, 9), st.integers(0, 9))
def test_the_newest_is_always_kept_and_what_is_kept_stays_kept(moments: set[datetime], daily: int, weekly: int) -> None:
    kept = worth_keeping(moments, daily, weekly)
    assert kept <= moments
    assert worth_keeping(kept, daily, weekly) == kept
    assert len(kept) <= daily + weekly
    if moments:
        assert max(moments) in kept
        assert len({city_day(moment) for moment in kept}) >= min(daily, len({city_day(moment) for moment in moments}))


def test_a_backup_is_asked_for_every_night() -> None:
    assert ("cadangan", "backup", "30 2 * * *") in STANDING


def test_the_commands_save_check_and_restore(office: Any, config_dir: Path, tmp_path: Path) -> None:
    def tanggap(*words: object) -> str:
        done = CliRunner().invoke(app, [*map(str, words), "--config", str(config_dir)], catch_exceptions=False)
        assert done.exit_code == 0, done.output
        return done.output

    assert "rows, store version" in tanggap("backup")
    out = tmp_path / "copy.zip"
    tanggap("backup", "--out", out)
    assert ": whole; " in tanggap("restore", out, "--check")
    office.store.close()
    (config_dir / "tanggap.sqlite").rename(tmp_path / "old.sqlite")
    assert "audit entries verified" in tanggap("restore", out)
    store = Store.open(office.settings.store_url)
    with store.read() as db:
        assert posts.count(db) == ROWS
    store.close()
