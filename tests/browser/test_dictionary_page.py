"""The page Kamus in a real browser: searched, a word added and retired, a new word explained, numbers with rows."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tanggap import slang
from tanggap.clock import city_day
from tanggap.settings import packaged_config
from tanggap.store import Store, drift
from tanggap.store.drift import DriftReport
from tests.browser.conftest import Site, Watched, served
from tests.browser.seed import NOW, build

pytestmark = pytest.mark.browser
expect.set_options(timeout=30_000)

FOUND = {
    "posts": 412, "posts_before": 2905,
    "words": [
        {"word": "capek", "posts": 9, "before": 3, "hashtag": False, "examples": ["tiap tahun capek"]},
        {"word": "ngebeledug", "posts": 7, "before": 0, "hashtag": True, "examples": ["trafo ngebeledug"]},
    ],
    "answers": {
        "sentiment": {"divergence": 0.0412, "noise": 0.011, "beyond": True,
                      "today": {"negative": 0.8, "neutral": 0.2}, "before": {"negative": 0.6, "neutral": 0.4}},
        "topic": {"divergence": 0.004, "noise": 0.02, "beyond": False, "today": {"banjir": 0.3},
                  "before": {"banjir": 0.3}},
    },
    "canary": {"right": {"sentiment": 0.95, "topic": 0.9}, "texts": 120, "answers": {}, "against": "2026.11.2",
               "wrong": [{"text": "mantap, banjir lagi", "field": "sentiment", "said": "positive",
                          "meant": "negative"}],
               "changed": []},
}  # fmt: skip


def prepare(directory: Path) -> None:
    """A language folder of its own, for the page writes into it, and yesterday's report."""
    (directory / "language").unlink()
    shutil.copytree(packaged_config() / "language", directory / "language")
    store = Store.open(f"sqlite:///{directory / 'tanggap.sqlite'}")
    with store.write() as db:
        day = city_day(NOW - timedelta(days=1))
        drift.save(db, DriftReport(day=day, made_at=NOW, model="2026.11.3", content=FOUND))
    store.close()


@pytest.fixture(scope="module")
def wordy_city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The seeded city with a report on what is new."""
    directory = tmp_path_factory.mktemp("kamus")
    build(directory, packaged_config())
    prepare(directory)
    with served(directory) as running:
        yield running


@pytest.fixture
def page_of(open_window: Callable[..., Watched], wordy_city: Site) -> Callable[..., Page]:
    """Opens the page as an analyst."""

    def open_page(width: int = 1440, height: int = 900) -> Page:
        page = open_window(width, height, wordy_city).sign_in("budi", "/kamus")
        expect(page.get_by_role("status").filter(has_text="kata dan singkatan")).to_be_visible()
        return page

    return open_page


def test_a_new_word_is_explained_found_and_retired(page_of: Callable[..., Page], wordy_city: Site) -> None:
    page = page_of()
    new = page.get_by_role("list", name="Kata dan tagar baru").locator("li", has_text="ngebeledug")
    expect(new).to_contain_text("7 kiriman")
    new.get_by_role("button", name="tambahkan ngebeledug ke kamus").click()
    expect(page.get_by_label("Kata yang diketik")).to_have_value("ngebeledug")
    page.get_by_label("Artinya (kata baku)").fill("meledak keras")
    page.get_by_role("button", name="Simpan").click()
    expect(page.get_by_text("“ngebeledug” sekarang dibaca “meledak keras”").first).to_be_visible()
    expect(new).to_contain_text("sudah di kamus")
    page.get_by_label("Cari kata atau arti").fill("ngebeledug")
    row = page.get_by_role("row").filter(has_text="ngebeledug")
    expect(row).to_contain_text("kantor ini · Budi Santosa")
    row.get_by_role("button", name="pensiunkan").click()
    expect(row).to_have_count(0)
    assert "ngebeledug" not in {one.slang for one in slang.entries(wordy_city.directory / "language")}


def test_a_number_of_the_report_shows_its_rows(page_of: Callable[..., Page]) -> None:
    page = page_of()
    count = page.get_by_role("button", name="capek: lihat 9 kiriman")
    count.click()
    expect(
        page.get_by_role("list", name="Kata dan tagar baru").locator("li", has_text="capek").locator(".rows")
    ).to_contain_text("capek lapor terus")
    page.get_by_role("button", name="capek: lihat 3 kiriman pekan pembanding").click()
    expect(page.get_by_role("button", name="capek: lihat 3 kiriman pekan pembanding")).to_have_attribute(
        "aria-expanded", "true"
    )
    expect(page.get_by_role("region", name="Jawaban model")).to_contain_text("60%")
    expect(page.get_by_role("region", name="Teks pantauan")).to_contain_text("1 jawaban keliru")


def test_the_dictionary_fits_a_phone(page_of: Callable[..., Page]) -> None:
    page = page_of(390, 844)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
