"""`tanggap import` on a real store: repeatable, killable, up to date, and honest about what it could not read."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from crawlers.gather import FORMATS
from pipeline import jobs
from pipeline.cli import app
from pipeline.office import Office
from tanggap.errors import SourceError, TanggapError
from tanggap.records import Post, Source, SourceKind, Status
from tanggap.settings import load_settings
from tanggap.store import Store, posts, quarantine, runs
from tanggap.store import sources as stored_sources
from tests.crawlers.drifting import FORMATS as WRITTEN
from tests.crawlers.drifting import NAME


@pytest.fixture
def office(config_dir: Path) -> Office:
    settings = load_settings(config_dir, environ={"TANGGAP_KEY": "a key for tests"})
    Store.create(settings.store_url).close()
    return Office(settings)


@pytest.fixture
def take(office: Office, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Runs the command as typed, without a process of its own."""
    monkeypatch.setenv("TANGGAP_KEY", "a key for tests")

    def inner(file: Path, form: str, *words: str) -> Result:
        told = ["import", str(file), "--format", form, *words, "--config", str(office.settings.config_dir)]
        return CliRunner().invoke(app, told)

    return inner


def every(office: Office) -> list[Post]:
    with office.store.read() as db:
        return posts.get(db, range(1, posts.count(db) + 1))


@pytest.mark.parametrize("name", WRITTEN)
def test_every_format_is_imported_once_however_often_it_comes(
    name: str, take: Any, office: Office, tmp_path: Path
) -> None:
    form, file = WRITTEN[name], tmp_path / "laporan"
    file.write_bytes(form.write([form.make(number) for number in range(5)]))
    if name == "counter":
        with office.store.write() as db:
            stored_sources.put(db, Source(id="loket", kind=SourceKind.COUNTER, title="Loket", address="x"))
    words = ("--source", "loket") if name == "counter" else ()
    first, again = take(file, form.name, *words), take(file, form.name, *words)
    assert (first.exit_code, again.exit_code) == (0, 0), first.output
    assert "5 new, 0 duplicate, 0 failed" in first.stdout
    assert "0 new, 5 duplicate, 0 failed" in again.stdout
    assert NAME not in repr(every(office))


def test_the_formats_of_the_tests_are_those_of_the_command() -> None:
    assert {form.name for form in WRITTEN.values()} == set(FORMATS)


def test_a_later_state_of_a_known_report_takes_the_place_of_the_older(
    take: Any, office: Office, tmp_path: Path
) -> None:
    form, file = WRITTEN["qlue-b"], tmp_path / "laporan"
    report = form.make(7)
    file.write_bytes(form.write([report]))
    take(file, "qlue-b")
    report["profile"]["detail"]["status"] = "complete"
    report["follow_up"].append({**report["follow_up"][0], "description": "Sudah dicek ulang"})
    file.write_bytes(form.write([report]))
    assert "0 new, 1 duplicate" in take(file, "qlue-b").stdout
    (post,) = every(office)
    assert post.status is Status.RESOLVED
    assert [step["text"] for step in post.extra["follow_ups"]] == ["Lampu sudah diganti", "Sudah dicek ulang"]


def test_broken_records_are_counted_and_set_aside_and_the_rest_is_stored(
    take: Any, office: Office, tmp_path: Path
) -> None:
    form, file = WRITTEN["qlue-a"], tmp_path / "laporan"
    records = [form.make(number) for number in range(30)]
    for record in records[:20]:
        del record["post_date"]
    file.write_bytes(form.write(records))
    done = take(file, "qlue-a", "--source", "qlue-arsip")
    assert "10 new, 0 duplicate, 20 failed" in done.stdout
    assert isinstance(done.exception, TanggapError)
    assert "20 records" in str(done.exception)
    with office.store.read() as db:
        broken = quarantine.entries(db, "qlue-arsip")
        (run,) = [run for run in runs.recent(db) if run.source == "qlue-arsip"]
    assert len(broken) == 20
    assert all("Got mampet lagi" in each.sample and NAME not in each.sample for each in broken)
    assert (run.fetched, run.new, run.failed, run.refused) == (30, 10, 20, {"payload": 20})
    assert runs_cursor(office, "qlue-arsip") == ""


def runs_cursor(office: Office, source: str) -> str:
    with office.store.read() as db:
        return runs.cursor(db, source)


def stored(office: Office) -> int:
    with office.store.read() as db:
        return posts.count(db)


class Killed(BaseException):
    """Stands for a signal."""


@pytest.mark.parametrize("after", [1, 2, 3])
def test_an_import_killed_between_batches_is_repeated_without_loss(after: int, office: Office, tmp_path: Path) -> None:
    form, file, told = WRITTEN["csv"], tmp_path / "laporan", []
    rows = [form.make(number) for number in range(700)]
    for number in range(0, 700, 200):
        rows[number]["published_at"] = "kapan"
    file.write_bytes(form.write(rows))
    source = Source(id="arsip", kind=SourceKind.CSV, title="Arsip", address="")
    with office.store.write() as db:
        stored_sources.put(db, source)

    def tell(note: str) -> None:
        told.append(note)
        if len(told) == after:
            raise Killed

    with pytest.raises(Killed):
        jobs.take_file(office.store, source, office.settings, file, "csv", tell=tell)
    assert stored(office) == 199 * after
    run = jobs.take_file(office.store, source, office.settings, file, "csv", tell=lambda _: None)
    assert (run.new, run.duplicate, run.failed) == (696 - 199 * after, 199 * after, 4)
    assert stored(office) == 696


def test_a_file_of_another_shape_ends_the_run_with_one_sentence(office: Office, tmp_path: Path) -> None:
    file = tmp_path / "laporan"
    file.write_text(json.dumps([{"nomor": n} for n in range(5)]), encoding="utf-8")
    source = Source(id="arsip", kind=SourceKind.CSV, title="Arsip", address="")
    with office.store.write() as db:
        stored_sources.put(db, source)
    with pytest.raises(SourceError, match="none of 5 records"):
        jobs.take_file(office.store, source, office.settings, file, "qlue-a", tell=lambda _: None)
    with office.store.read() as db:
        (run,) = [run for run in runs.recent(db) if run.source == "arsip"]
        assert len(quarantine.entries(db, "arsip")) == 5
    assert (run.failure, run.failed) == ("layout", 5)
