"""The page of schedules and jobs in a real browser, with a real worker beside it that is never restarted."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tanggap.records import Role
from tanggap.schedules import CatchUp, JobRun, Schedule, State
from tanggap.settings import packaged_config
from tanggap.store import Store, audit, job_runs, people, schedules
from tests.browser.conftest import ROOT, Site, Watched, served
from tests.browser.seed import NOW, build

pytestmark = pytest.mark.browser
expect.set_options(timeout=30_000)

NASTY = '<img src=x onerror="alert(1)">'


@pytest.fixture(scope="module")
def city_at_work(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The seeded city with a dashboard and a worker, each a process of its own."""
    directory: Path = tmp_path_factory.mktemp("jadwal")
    build(directory, packaged_config())
    store = Store.open(f"sqlite:///{directory / 'tanggap.sqlite'}")
    fill(store)
    store.close()
    with served(directory) as running, working(directory):
        yield running


@contextmanager
def working(directory: Path) -> Iterator[None]:
    """A worker of that installation."""
    command = [sys.executable, "-W", "ignore", "-m", "pipeline.cli", "worker", "--config", str(directory)]
    with (directory / "worker.log").open("w") as log:
        worker = subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=log)
        try:
            yield
        finally:
            worker.terminate()
            worker.wait(30)


def fill(store: Store) -> None:
    """Three schedules, a job set aside twice, and a finished crawl."""
    with store.write() as db:
        for name, job, argument, cron in (
            ("kesehatan-sumber", "health", "", "0 3 * * *"),
            ("berita-kembar", "copies", "", "0 4 * * *"),
            ("baca-warta", "crawl", "warta", "*/15 5-21 * * *"),
        ):
            item = Schedule(
                name=name, job=job, argument=argument, cron=cron, quiet="22:00-05:00" if job == "crawl" else "",
                jitter_s=20 if job == "crawl" else 0, catch_up=CatchUp.SKIP, decided_to=NOW + timedelta(hours=1),
                paused=job == "crawl", edited_by="cli", edited_at=NOW,
            )  # fmt: skip
            schedules.put(db, item)
        ended = {"job": "brief", "schedule": "ringkasan-harian", "by": "machine", "attempt": 3, "failures": 3}
        for back in (2, 1):
            at = NOW - timedelta(days=back)
            run = JobRun(
                id=f"brief-{back}", state=State.SET_ASIDE, asked_at=at, due_at=at, started_at=at, ended_at=at,
                reason=f"gagal 3 kali: The store refused {NASTY}", log=f"06.30.01 ERROR {NASTY}", **ended,
            )  # fmt: skip
            job_runs.ask(db, run)
        at = NOW - timedelta(hours=2)
        crawl = JobRun(
            id="baca-1", job="crawl", argument="warta", schedule="baca-warta", by="machine", state=State.DONE, slot=at,
            asked_at=at, due_at=at, started_at=at, ended_at=at + timedelta(seconds=7), worker="server-1.aa",
            counts={"fetched": 1_200, "new": 31}, cost_usd=0.25,
        )  # fmt: skip
        job_runs.ask(db, crawl)


@pytest.fixture
def page_of(open_window: Callable[..., Watched], city_at_work: Site) -> Callable[..., Page]:
    """Opens the page of the schedules."""

    def open_page(path: str = "/jadwal", width: int = 1440, height: int = 900, name: str = "budi") -> Page:
        return open_window(width, height, city_at_work).sign_in(name, path)

    return open_page


@pytest.fixture
def store(city_at_work: Site) -> Iterator[Store]:
    """The store that the page and the worker share."""
    store = city_at_work.store()
    yield store
    store.close()


def test_every_schedule_is_read_in_words_with_its_slots_and_how_it_went(page_of: Callable[..., Page]) -> None:
    page = page_of()
    row = page.locator("tr[data-id=baca-warta]")

    expect(row).to_contain_text("Warta Kota Contoh")
    expect(row).to_contain_text("setiap 15 menit, pukul 05.00-22.00 WIB")
    expect(row).to_contain_text("jam tenang 22.00-05.00")
    expect(row).to_contain_text("mulai acak 0-20 dtk sesudahnya")
    expect(row).to_contain_text("slot terlewat: dilewati saja")
    expect(row).to_contain_text("dijeda")
    expect(row).to_contain_text("2 j lalu · 7,0 dtk")
    expect(row).to_contain_text("1.200 diambil, 31 baru")
    expect(page.locator("tr[data-id=kesehatan-sumber]")).to_contain_text("pukul 03.00")
    expect(page.get_by_text("1 pekerja hidup")).to_be_visible()


def test_an_edit_on_the_page_moves_the_next_slot_of_a_worker_that_runs(
    page_of: Callable[..., Page], store: Store
) -> None:
    page = page_of("/jadwal?jadwal=kesehatan-sumber")
    page.get_by_role("button", name="Ubah").click()
    line = page.get_by_label("Kapan (cron")
    line.fill("*/2 * 25 * * *")
    expect(page.get_by_text("Bagian jam `25` tidak terbaca")).to_be_visible()
    line.fill("*/2 * * * * *")
    expect(page.get_by_role("dialog").get_by_text("setiap 2 detik")).to_be_visible()
    page.get_by_role("button", name="Simpan").click()

    expect(page.get_by_text("Perubahan disimpan: setiap 2 detik.")).to_be_visible()
    expect(page.locator("tr", has_text="selesai")).not_to_have_count(0)
    with store.read() as db:
        kept = schedules.get(db, "kesehatan-sumber")
        (entry,) = audit.entries(db, "kesehatan-sumber")
        runs = job_runs.recent(db, schedule="kesehatan-sumber", state=State.DONE)
    assert (kept.cron, kept.edited_by) == ("*/2 * * * * *", "budi")
    assert (entry.action, entry.before["cron"], entry.after) == (
        "schedule.edit",
        "0 3 * * *",
        {"cron": "*/2 * * * * *"},
    )
    assert all(run.slot is not None and run.slot >= kept.edited_at for run in runs)

    page.get_by_role("button", name="Jeda").click()
    expect(page.get_by_role("button", name="Lanjutkan")).to_be_visible()
    with store.read() as db:
        assert schedules.get(db, "kesehatan-sumber").paused


def test_a_new_schedule_is_added_and_taken_away_again(page_of: Callable[..., Page], store: Store) -> None:
    page = page_of()
    page.get_by_role("button", name="Tambah jadwal").click()
    page.get_by_role("button", name="Simpan").click()
    expect(page.get_by_text("Pilih sumber yang akan dibaca.")).to_be_visible()
    page.get_by_role("dialog").get_by_role("combobox").nth(1).click()
    page.get_by_role("option", name="Warta Kota Contoh").click()
    page.get_by_label("Nama jadwal").fill("warta-pagi")
    page.get_by_text("hari kerja 07.00").click()
    expect(page.get_by_text("Senin-Jumat pukul 07.00 WIB")).to_be_visible()
    page.get_by_role("button", name="Simpan").click()

    expect(page).to_have_url(re.compile("jadwal=warta-pagi"))
    with store.read() as db:
        assert schedules.get(db, "warta-pagi").argument == "warta"
    page.get_by_role("button", name="Hapus").click()
    page.get_by_role("button", name="Hapus jadwal").click()
    expect(page.get_by_text("Jadwal dihapus.")).to_be_visible()
    with store.read() as db:
        assert "warta-pagi" not in [item.name for item in schedules.every(db)]


def test_a_job_runs_at_once_when_somebody_asks(page_of: Callable[..., Page]) -> None:
    page = page_of("/jadwal?jadwal=berita-kembar")
    page.get_by_role("button", name="Jalankan sekarang").click()
    row = page.locator("tr", has_text="diminta Budi Santosa")
    expect(row).to_contain_text("selesai")


def test_progress_moves_by_itself_and_a_running_job_is_stopped(page_of: Callable[..., Page], store: Store) -> None:
    at = NOW - timedelta(minutes=1)
    run = JobRun(
        id="arsip-1", job="archive", argument="2026-10", by="cli", state=State.RUNNING, asked_at=at, started_at=at,
        due_at=NOW + timedelta(hours=1), worker="lain-2.ff", done=2_000, total=8_000,
    )  # fmt: skip
    with store.write() as db:
        job_runs.ask(db, run)
    page = page_of()
    job = page.get_by_role("region", name="Sedang berjalan").locator("[data-id=arsip-1]")
    expect(job).to_contain_text("2.000 dari 8.000 · 25%")
    expect(job).to_contain_text("lain-2")
    with store.write() as db:
        assert job_runs.progress(db, run, 6_000, 8_000)
    expect(job).to_contain_text("6.000 dari 8.000 · 75%")
    expect(job.get_by_role("progressbar")).to_have_attribute("aria-valuenow", "75")

    job.get_by_role("button", name="Hentikan").click()
    expect(job).to_have_count(0)
    with store.read() as db:
        stopped = job_runs.get(db, "arsip-1")
        assert stopped is not None
        assert stopped.state is State.CANCELLED
        assert [entry.by for entry in audit.entries(db, "arsip-1")] == ["budi"]


def test_what_was_set_aside_stands_first_with_its_reason_and_is_tried_again(
    page_of: Callable[..., Page], store: Store
) -> None:
    page = page_of()
    fault = page.get_by_role("region", name="Perlu dilihat")
    expect(fault).to_contain_text("Ringkasan harian")
    expect(fault).to_contain_text("2 kali sejak 20 Nov 08.00")
    expect(fault).to_contain_text("Gagal 3 kali. Penyimpanan tidak menjawab; dicoba lagi.")
    fault.get_by_text("rincian").click()
    expect(fault.locator("pre")).to_contain_text(NASTY)

    fault.get_by_role("button", name="Coba lagi").click()
    expect(page.get_by_role("region", name="Perlu dilihat")).to_have_count(0)
    with store.read() as db:
        again = job_runs.get(db, "brief-1")
    assert again is not None
    assert again.state in (State.ASKED, State.QUEUED, State.RUNNING, State.DONE)
    assert again.by == "budi"


def test_a_number_leads_to_its_rows(page_of: Callable[..., Page]) -> None:
    page = page_of()
    page.get_by_role("button", name=re.compile("selesai dalam 24 jam")).click()
    expect(page).to_have_url(re.compile("keadaan=Selesai"))
    expect(page).to_have_url(re.compile("bagian=Riwayat"))
    expect(page.locator("tr[data-id=baca-1]")).to_contain_text("$0,25")
    page.get_by_role("button", name=re.compile("slot dilewati")).click()
    expect(page.locator("tr[data-id=baca-1]")).to_have_count(0)


def test_those_who_may_not_are_refused_in_words(page_of: Callable[..., Page], store: Store) -> None:
    page = page_of(name="sari")
    expect(page.get_by_text("Hanya analis dan admin yang boleh mengubah jadwal").first).to_be_visible()
    expect(page.locator("tr[data-id=baca-warta]")).to_be_visible()
    for words in ("Tambah jadwal", "Jalankan", "Jeda"):
        expect(page.get_by_role("button", name=words)).to_have_count(0)

    late = page_of("/jadwal?jadwal=berita-kembar")
    expect(late.get_by_role("button", name="Jeda")).to_be_visible()
    with store.write() as db:
        analyst = people.get(db, "budi")
        assert analyst is not None
        people.update(db, analyst.evolve(roles=(Role.OFFICER,)))
    try:
        late.get_by_role("button", name="Jeda").click()
        expect(late.get_by_role("alert").first).to_contain_text("Hanya analis dan admin yang boleh mengubah jadwal")
        with store.read() as db:
            assert not schedules.get(db, "berita-kembar").paused
    finally:
        with store.write() as db:
            people.update(db, analyst)


def test_the_phone_has_everything_in_one_column(page_of: Callable[..., Page]) -> None:
    page = page_of(width=390, height=844)
    row = page.locator("tr[data-id=baca-warta]")
    expect(row).to_be_visible()
    for path in ("/jadwal", "/jadwal?bagian=Riwayat", "/jadwal?jadwal=baca-warta"):
        page.goto(page.url.split("/jadwal")[0] + path)
        expect(page.locator("table, h2").first).to_be_visible()
        assert page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth") <= 390
    assert page.locator(".act").evaluate_all("all => all.every(one => one.getBoundingClientRect().height >= 44)")
