"""`tanggap schedule`: what an analyst types and reads."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from pipeline.cli import app
from tanggap.errors import UsageError
from tanggap.schedules import State
from tanggap.store import Store, audit, job_runs


@pytest.fixture
def tanggap(config_dir: Path, store: Store, monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    monkeypatch.setenv("TANGGAP_CONFIG", str(config_dir))
    return CliRunner()


def say(tanggap: CliRunner, *words: str) -> str:
    result = tanggap.invoke(app, ["schedule", *words], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.stdout


def test_a_schedule_is_added_read_aloud_edited_and_paused(tanggap: CliRunner, store: Store) -> None:
    told = say(tanggap, "add", "pagi", "--argument", "detik", "--cron", "*/15 * * * *", "--quiet", "22:00-05:00")
    assert "pagi: setiap 15 menit, pukul 05.00-22.00 WIB" in told
    assert len(told.splitlines()[1].split(",")) == 5
    assert "setiap jam" in say(tanggap, "edit", "pagi", "--cron", "0 5-21 * * *", "--quiet", "")
    assert say(tanggap, "pause", "pagi") == "pagi: dijeda\n"
    assert "dijeda" in say(tanggap, "list")
    assert say(tanggap, "resume", "pagi") == "pagi: berjalan lagi\n"
    (item,) = json.loads(say(tanggap, "list", "--json"))
    assert (item["name"], item["paused"], item["quiet"], len(item["next"])) == ("pagi", False, "", 5)
    assert say(tanggap, "remove", "pagi") == "pagi: dihapus\n"
    assert json.loads(say(tanggap, "list", "--json")) == []
    with store.read() as db:
        acts = [entry.action for entry in audit.entries(db, "pagi")]
    assert sorted(acts) == sorted(f"schedule.{act}" for act in ("add", "edit", "pause", "resume", "remove"))


def test_a_run_is_asked_for_shown_and_cancelled(tanggap: CliRunner, store: Store) -> None:
    say(tanggap, "add", "harian", "--job", "brief", "--cron", "30 6 * * *", "--catch-up", "all")
    run_id = say(tanggap, "run", "harian").split(":")[0]
    assert run_id in say(tanggap, "runs", "harian").replace("\n", "")
    say(tanggap, "cancel", run_id)
    with store.read() as db:
        run = job_runs.get(db, run_id)
    assert run is not None
    assert run.state is State.CANCELLED
    assert json.loads(say(tanggap, "runs", "--json"))[0]["reason"] == "dihentikan oleh cli"
    assert "slot diminta" in say(tanggap, "backfill", "harian", "--from", "2026-01-01", "--to", "2026-01-04")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["add", "x", "--cron", "61 * * * *", "--argument", "detik"], "Bad minute"),
        (["add", "x", "--cron", "* * * * *", "--argument", "tak-ada"], "no source `tak-ada`"),
        (["add", "x", "--cron", "* * * * *", "--job", "tidur"], "no job `tidur`"),
        (["add", "x y", "--cron", "* * * * *", "--argument", "detik"], "no name for a schedule"),
        (["pause", "tak-ada"], "no schedule `tak-ada`"),
        (["cancel", "tak-ada"], "no run `tak-ada`"),
    ],
)
def test_what_cannot_work_is_refused_in_one_sentence(tanggap: CliRunner, words: list[str], told: str) -> None:
    with pytest.raises(UsageError, match=told):
        tanggap.invoke(app, ["schedule", *words], catch_exceptions=False)
