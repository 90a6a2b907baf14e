"""The counter in a real browser: a complaint by keyboard alone, its receipt and slip, the status by its number."""

from __future__ import annotations

import re
import time

import pytest
from playwright.sync_api import Page, expect

from tanggap.store import counters
from tests.browser.conftest import Watched

pytestmark = pytest.mark.browser
expect.set_options(timeout=30_000)

WORDS = "Got di depan Pasar Jatinegara mampet, air naik ke trotoar. Telepon saya 0812-3456-7890."
NUMBER = re.compile(r"LOKET-20261122-\d{4}-\d")


def counter(page: Page) -> Page:
    expect(page.get_by_label("Apa keluhannya?")).to_be_focused()
    return page


def test_a_complaint_takes_its_words_and_one_chord(desk: Watched) -> None:
    page = counter(desk.sign_in("rina", "/loket?loket=Kecamatan+Jatinegara"))
    started = time.monotonic()
    page.keyboard.type(WORDS)
    expect(page.get_by_role("combobox", name="Di mana?")).to_have_value("Pasar Jatinegara")
    expect(page.get_by_text("pasar · Bali Mester, Jatinegara · dari teks keluhan")).to_be_visible()
    page.keyboard.press("Control+Enter")
    expect(page.locator(".receipt .number")).to_have_text(NUMBER)
    number = page.locator(".receipt .number").inner_text()
    print(f"\ncomplaint: {len(WORDS)} letters and 1 chord, {time.monotonic() - started:.1f} s")
    expect(page.locator(".receipt")).to_contain_text("Telepon saya [telepon].")
    expect(page.get_by_label("Apa keluhannya?")).to_be_focused()
    expect(page.get_by_label("Apa keluhannya?")).to_have_value("")
    expect(page.get_by_role("heading", name="Hari ini di Kecamatan Jatinegara")).to_be_visible()
    store = desk.site.store()
    with store.read() as db:
        post = counters.post_of(db, "loket", number)
    store.close()
    assert post is not None
    assert post.title == "Laporan loket di Pasar Jatinegara, Bali Mester, Jatinegara"
    assert post.extra == {"area": "31.75.03.1003", "desk": "Kecamatan Jatinegara", "spot": "Pasar Jatinegara"}

    with page.context.expect_page() as opened:
        page.get_by_role("link", name="Cetak tanda terima").click()
    slip = opened.value
    expect(slip.get_by_role("heading", name="Tanda terima keluhan")).to_be_visible()
    expect(slip.get_by_role("button", name="Cetak")).to_be_focused()
    slip.emulate_media(media="print")
    expect(slip.get_by_role("button", name="Cetak")).to_be_hidden()
    expect(slip.get_by_text(number)).to_be_visible()


def test_on_a_phone_the_place_is_chosen_and_the_number_looked_up(phone: Watched) -> None:
    page = counter(phone.sign_in("agus", "/loket"))
    page.get_by_role("button", name="Terima keluhan").click()
    expect(page.get_by_role("alert").filter(has_text="Tulis keluhannya")).to_be_visible()
    page.get_by_label("Apa keluhannya?").fill("lampu jalan padam sejak kemarin")
    page.get_by_role("button", name="Terima keluhan").click()
    expect(page.get_by_role("alert").filter(has_text="Pilih tempatnya dari daftar")).to_be_visible()
    place = page.get_by_role("combobox", name="Di mana?")
    place.press_sequentially("plui")
    page.get_by_role("option", name="Pluit kelurahan").click()
    expect(place).to_have_value("Pluit")
    page.get_by_label("RT/RW yang melapor tugas").fill("RW 04")
    page.get_by_role("button", name="Terima keluhan").click()
    number = page.locator(".receipt .number")
    expect(number).to_be_in_viewport()
    told = number.inner_text()
    page.get_by_label("Nomor tanda terima").fill(told.lower())
    page.get_by_role("button", name="Lihat status").click()
    expect(page.locator(".standing")).to_contain_text("Diterima; sedang dibaca petugas.")
    page.get_by_label("Nomor tanda terima").fill(f"{told[:-1]}{(int(told[-1]) + 1) % 10}")
    page.get_by_role("button", name="Lihat status").click()
    expect(page.get_by_text("periksa lagi angka pada tanda terima")).to_be_visible()
    assert page.locator("[data-testid=stMain]").evaluate("node => node.scrollWidth <= node.clientWidth")


def test_who_takes_no_complaints_has_no_counter(desk: Watched) -> None:
    page = desk.sign_in("lihat", "/")
    expect(page.get_by_role("link", name="Ringkasan")).to_be_visible()
    expect(page.get_by_role("link", name="Loket")).to_have_count(0)
