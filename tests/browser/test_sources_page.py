"""The page of the sources in a real browser: what is wrong, why, and an edit that is refused, then kept."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import Connection

from tanggap.records import CrawlRun, Lead, Post, Source, SourceKind
from tanggap.settings import packaged_config
from tanggap.store import Store, audit, leads, posts, quarantine, runs, sources, spending
from tests.browser.conftest import Site, Watched, served
from tests.browser.seed import NOW, build

pytestmark = pytest.mark.browser
expect.set_options(timeout=30_000)

HOUR = timedelta(hours=1)
NASTY = '<img src=x onerror="alert(1)"> {"isi": "rusak"} \u202ekanan'


@pytest.fixture(scope="module")
def watched_city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The seeded city with sources of every health, four weeks old."""
    directory: Path = tmp_path_factory.mktemp("sumber")
    build(directory, packaged_config())
    store = Store.open(f"sqlite:///{directory / 'tanggap.sqlite'}")
    with store.write() as db:
        add_sources(db)
    store.close()
    with served(directory) as running:
        yield running


@pytest.fixture
def page_of(open_window: Callable[..., Watched], watched_city: Site) -> Callable[..., Page]:
    """Opens the page of the sources as an analyst."""

    def open_page(path: str = "/sumber", width: int = 1440, height: int = 900, name: str = "budi") -> Page:
        return open_window(width, height, watched_city).sign_in(name, path)

    return open_page


def add_sources(db: Connection) -> None:
    """A busy paper that went quiet, one whose pages changed, one whose records broke, a paid one, and a healthy one."""
    for name, title, kind, per_day, quiet_h, failure in (
        ("kabar-utara", "Kabar Utara", SourceKind.NEWS, 48, 0, None),
        ("kabar-sepi", "Kabar Sepi", SourceKind.NEWS, 96, 14, None),
        ("kabar-baru", "Kabar Tata Letak Baru", SourceKind.NEWS, 48, 3, "layout"),
        ("data-warga", "Data Warga", SourceKind.CSV, 24, 0, None),
        ("obrolan", "Obrolan Berbayar", SourceKind.X, 48, 0, None),
    ):
        item = Source(
            id=name, kind=kind, title=title, address=f"https://{name}.example.id/rss", licence="contoh",
            expected_per_day=per_day, schedule="*/15 5-22 * * *", verified=name == "kabar-utara",
            **({"price_usd": 0.005, "budget_items": 600, "budget_usd": 3.0} if kind is SourceKind.X else {}),
        )  # fmt: skip
        sources.put(db, item)
        posts.add(db, [written(item, at) for at in moments(per_day, quiet_h)])
        for back in range(30, -1, -1):
            read(db, item, back, failure if back < 2 else None)
    spending.add(db, "obrolan", NOW, items=120, usd=0.6)
    sources.put(
        db, Source(id="temu", kind=SourceKind.DISCOVERY, title="Pencarian", address="https://cari.example.id/rss")
    )
    leads.add(db, [headline(number) for number in range(4)])
    leads.match(db, {1: 1})


def moments(per_day: int, quiet_h: int) -> Iterator[timedelta]:
    """How long ago each post came: by day only, and none in the last `quiet_h` hours."""
    for minutes in range(quiet_h * 60 + 7, 28 * 24 * 60, 24 * 60 // per_day):
        yield timedelta(minutes=minutes)


def written(source: Source, ago: timedelta) -> Post:
    """A post of a source."""
    return Post(
        source=source.id, native_id=str(ago), text="Warga menunggu perbaikan saluran.", published_at=NOW - ago,
        collected_at=NOW - ago,
    )  # fmt: skip


def headline(number: int) -> Lead:
    """A headline of a news search."""
    return Lead(
        source="temu", native_id=str(number), title="Genangan belum surut", publisher="Koran <b>Lain</b>",
        url="https://lain.example.id/1", published_at=NOW - HOUR,
    )  # fmt: skip


def read(db: Connection, source: Source, back: int, failure: str | None) -> None:
    """One run of a source, `back` times 15 minutes ago."""
    at = NOW - timedelta(minutes=5 + 15 * back)
    number = runs.start(db, source.id, at)
    broken = 9 if source.id == "data-warga" and back == 0 else 0
    refused = {"payload": broken} if broken else {"robots": 2} if source.id == "kabar-utara" else {}
    new = 0 if failure or source.id == "kabar-sepi" else 6
    run = CrawlRun(
        id=number, source=source.id, started_at=at, fetched=30, new=new, duplicate=24 - broken, cursor="c",
        failed=broken, refused=refused, cost_usd=0.03 if source.price_usd else 0.0,
    )  # fmt: skip
    runs.advance(db, run)
    told = "none of 12 pages is an article any more" if failure else ""
    runs.finish(db, number, at + timedelta(seconds=20), failure=failure, message=told)
    if broken:
        quarantine.add(db, run, at, [(f"baris {line}: `tanggal` bukan waktu", NASTY) for line in range(1, 10)])


def test_what_is_wrong_stands_on_top_in_words(page_of: Callable[..., Page]) -> None:
    page = page_of()
    alarms = page.get_by_role("region", name="Perlu dilihat")

    expect(alarms).to_contain_text("Kabar Sepi sepi")
    expect(alarms).to_contain_text("Tidak ada kiriman sejak 21 Nov 18.00")
    expect(alarms).to_contain_text("Kabar Tata Letak Baru bentuk halaman berubah")
    expect(alarms).to_contain_text("Data Warga isi berubah")
    expect(page.locator("tr[data-id=kabar-utara]")).to_contain_text("baik")
    expect(page.locator("tr[data-id=kabar-utara]")).to_contain_text("setiap 15 menit, pukul 05.00-23.00 WIB")
    expect(page.locator("tr[data-id=kabar-utara]")).to_contain_text("ditolak: 2 dilarang robots.txt")
    expect(page.locator("tr[data-id=obrolan]")).to_contain_text("$0,60")
    expect(page.locator("tr[data-id=temu]")).to_contain_text("hanya judul")
    expect(page.get_by_text("Dari 4 judul pencarian")).to_contain_text(
        "1 ada pada sumber kita; belum ada: Koran <b>Lain</b> 3."
    )


def test_a_source_shows_its_runs_and_its_broken_records_as_plain_text(page_of: Callable[..., Page]) -> None:
    page = page_of()
    page.locator("tr[data-id=data-warga] button").click()

    expect(page).to_have_url(re.compile("sumber=data-warga"))
    expect(page.get_by_role("heading", name="Data Warga")).to_be_visible()
    expect(page.get_by_text("baris 1: `tanggal` bukan waktu")).to_be_visible()
    expect(page.get_by_text('<img src=x onerror="alert(1)">').first).to_be_visible()
    expect(page.locator("code")).to_have_text("tanggap source test data-warga")
    page.get_by_role("button", name="Semua sumber").click()
    expect(page.locator("tr[data-id=kabar-utara]")).to_be_visible()


def test_a_failure_is_told_in_indonesian_with_the_technical_text_behind_it(page_of: Callable[..., Page]) -> None:
    page = page_of("/sumber?sumber=kabar-baru")
    expect(page.locator(".state")).to_contain_text("Tidak satu pun dari 12 halaman")
    expect(page.locator("td pre").first).not_to_be_visible()
    page.locator("td summary").first.click()
    expect(page.locator("td pre").first).to_have_text("none of 12 pages is an article any more")
    expect(page.get_by_text("24 jam terakhir", exact=True).locator("xpath=..")).to_contain_text("biasanya")


def test_what_is_usual_in_a_week_is_not_told_before_a_week_has_taught_it(page_of: Callable[..., Page]) -> None:
    page = page_of("/sumber?sumber=qlue")
    expect(page.get_by_text("24 jam terakhir", exact=True).locator("xpath=..")).to_contain_text("perkiraan 50")
    expect(page.get_by_text("7 hari terakhir", exact=True).locator("xpath=..")).not_to_contain_text("biasanya")


def test_an_edit_is_checked_then_stored_and_audited(page_of: Callable[..., Page], watched_city: Site) -> None:
    page = page_of("/sumber?sumber=kabar-utara")
    page.get_by_text("Ubah sumber", exact=True).click()
    page.get_by_label("Jadwal (cron").fill("tiap pagi")
    page.get_by_role("button", name="Simpan").click()
    expect(page.get_by_role("alert")).to_contain_text("Jadwal harus baris cron lima bagian")

    page.get_by_label("Jadwal (cron").fill("0 6,18 * * *")
    page.get_by_role("button", name="Simpan").click()
    expect(page.get_by_text("Perubahan disimpan.")).to_be_visible()
    expect(page.get_by_text("setiap hari pukul 06.00 dan 18.00 WIB")).to_be_visible()

    store = watched_city.store()
    with store.read() as db:
        (entry,) = audit.entries(db, "kabar-utara")
        edited = sources.get(db, "kabar-utara")
    store.close()
    assert edited is not None
    assert edited.schedule == "0 6,18 * * *"
    assert (entry.by, entry.action, entry.after) == ("budi", "source.edit", {"schedule": "0 6,18 * * *"})


def test_the_phone_reads_the_sources_in_one_column(page_of: Callable[..., Page]) -> None:
    page = page_of(width=390, height=844)
    expect(page.locator("tr[data-id=kabar-utara]")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert page.locator("tr").evaluate_all("rows => Math.max(...rows.map(r => r.getBoundingClientRect().right))") <= 390
