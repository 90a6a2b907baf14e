"""Saying that a label is wrong, in a real browser: set right with a reason, shown with its author, taken back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import update

from tanggap.settings import packaged_config
from tanggap.store import Store, corrections
from tanggap.store.tables import post
from tests.browser.conftest import Site, Watched, served
from tests.browser.seed import build

pytestmark = pytest.mark.browser
expect.set_options(timeout=30_000)


@pytest.fixture(scope="module")
def misread_city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The seeded city, for tests that change its labels."""
    directory: Path = tmp_path_factory.mktemp("koreksi")
    build(directory, packaged_config())
    store = Store.open(f"sqlite:///{directory / 'tanggap.sqlite'}")
    with store.write() as db:
        db.execute(update(post).values(lat=-6.105, lon=106.9))
    store.close()
    with served(directory) as running:
        yield running


@pytest.fixture
def evidence_of(open_window: Callable[..., Watched], misread_city: Site) -> Callable[..., Page]:
    """Opens an issue as somebody."""

    def open_issue(name: str = "budi", width: int = 1440, height: int = 900) -> Page:
        page = open_window(width, height, misread_city).sign_in(name)
        page.get_by_role("option").first.click()
        expect(page.get_by_role("heading", name="Bukti utama")).to_be_visible()
        return page

    return open_issue


def choose(page: Page, label: str, words: str) -> None:
    """An option of a choice in the form, and the form drawn with it."""
    field = page.get_by_role("dialog").get_by_label(label, exact=True)
    field.click()
    field.fill(words)
    offered = page.get_by_test_id("stSelectboxVirtualDropdown")
    offered.get_by_role("option", name=words).first.click()
    expect(offered).to_have_count(0)


def test_a_place_is_added_and_stands_beside_the_position_that_disagrees(evidence_of: Callable[..., Page]) -> None:
    page = evidence_of("rina")
    first = page.locator("blockquote").nth(1)
    first.get_by_role("button", name="label ini salah").click()
    choose(page, "Tambah tempat", "Lebak Bulus")
    page.get_by_role("dialog").get_by_label("Mengapa salah").fill("menyebut terminalnya")
    page.get_by_role("button", name="Simpan koreksi").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(first).to_contain_text("tempat dikoreksi oleh Rina Kusuma")
    expect(first).to_contain_text("titik GPS")


def test_a_wrong_label_is_set_right_with_a_reason_and_taken_back(
    evidence_of: Callable[..., Page], misread_city: Site
) -> None:
    page = evidence_of()
    said = page.locator("blockquote").first
    said.get_by_role("button", name="label ini salah").click()
    form = page.get_by_role("dialog")
    expect(form.get_by_role("button", name="Simpan koreksi")).to_be_visible()
    form.get_by_role("button", name="Simpan koreksi").click()
    expect(form.get_by_text("Belum ada label yang diubah")).to_be_visible()
    choose(page, "Urusan", "Listrik")
    form.get_by_label("Mengapa salah").fill("lampu padam, <b>bukan</b> banjir")
    form.get_by_role("button", name="Simpan koreksi").click()
    expect(form).to_have_count(0)
    expect(said).to_contain_text("urusan dikoreksi oleh Budi Santosa: lampu padam, <b>bukan</b> banjir")
    store = misread_city.store()
    with store.read() as db:
        [(made, _), *_] = [one for one in corrections.latest(db) if one[0].field == "topic"]
    assert (made.by, made.after) == ("budi", "listrik_penerangan")
    said.get_by_role("button", name="urungkan").click()
    expect(said).not_to_contain_text("dikoreksi oleh")
    expect(page.get_by_text("Koreksi dibatalkan.")).to_be_visible()
    with store.read() as db:
        assert corrections.of(db, made.post) == []
    store.close()


def test_who_may_not_correct_reads_the_labels_only(evidence_of: Callable[..., Page]) -> None:
    said = evidence_of("lihat").locator("blockquote").first
    expect(said).to_contain_text("dibaca: ")
    expect(said.get_by_role("button", name="label ini salah")).to_have_count(0)


def test_posts_behind_a_number_of_the_summary_show_who_set_a_label_right(evidence_of: Callable[..., Page]) -> None:
    page = evidence_of()
    page.get_by_role("button", name="lewat laporan warga").click()
    said = page.get_by_role("region", name="Kiriman di balik angka").locator("blockquote").first
    expect(said).to_contain_text("dibaca: ")
    said.get_by_role("button", name="label ini salah").click()
    choose(page, "Tambah tempat", "Lebak Bulus")
    page.get_by_role("dialog").get_by_label("Mengapa salah").fill("menyebut terminalnya")
    page.get_by_role("button", name="Simpan koreksi").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(said).to_contain_text("tempat dikoreksi oleh Budi Santosa")
