"""The response desk on the issue page in a real browser: two people answer, a promise is confirmed."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tanggap.city import load_city
from tanggap.desk.service import Desk
from tanggap.settings import packaged_config
from tanggap.store import issues, people
from tanggap.store.shelf import commitments, responses
from tests.browser.conftest import Watched
from tests.browser.seed import NOW

pytestmark = pytest.mark.browser
expect.set_options(timeout=30_000)

ISSUE = "ISU-20261122-0015"
BAD = "Antrean loket kami perbaiki secepatnya. Laporkan lewat JAKI."
GOOD = "Antrean loket kami perbaiki paling lambat 30 November 2026. Laporkan lewat JAKI."


def part(page: Page, words: str) -> None:
    page.get_by_role("radio", name=words, exact=True).click()


def press(page: Page, words: str) -> None:
    page.get_by_role("button", name=words, exact=True).click()


def test_two_people_answer_and_the_promise_is_kept_in_mind(desk: Watched, phone: Watched) -> None:
    rina = desk.sign_in("rina", f"/?isu={ISSUE}")
    part(rina, "Tanggapan")
    press(rina, "Tulis tanggapan")
    rina.get_by_label("Jenis").click()
    rina.get_by_role("option", name="Jawaban", exact=True).click()
    rina.get_by_label("Teks", exact=True).fill(BAD)
    press(rina, "Buat draf")
    expect(rina.locator("mark").first).to_be_visible()
    expect(rina.locator("[aria-label='Temuan pemeriksa']")).to_contain_text("kami perbaiki")

    press(rina, "Ubah teks")
    rina.get_by_label("Teks tanggapan").fill(GOOD)
    press(rina, "Simpan versi baru")
    expect(rina.get_by_text("Jawaban · versi 2")).to_be_visible()
    versions = rina.locator("summary", has_text="Apa yang berubah")
    versions.click()
    expect(rina.locator("del").first).to_contain_text("secepatnya")
    press(rina, "Ajukan")
    expect(rina.get_by_text("Anda ikut menulis teks ini; persetujuan memerlukan orang kedua.")).to_be_visible()
    expect(rina.get_by_role("button", name="Setujui", exact=True)).to_have_count(0)

    sari = phone.sign_in("sari", f"/?isu={ISSUE}")
    part(sari, "Tanggapan")
    press(sari, "Setujui")
    press(sari, "Setujui teks")
    expect(sari.get_by_text("Disetujui; siap diterbitkan.")).to_be_visible()
    press(sari, "Terbitkan")
    thread = sari.get_by_role("combobox", name="Di bawah kiriman")
    thread.click()
    widest = sari.locator("[data-rac][role=option]").first
    expect(widest).to_contain_text("X: pencarian kota · jangkauan")
    widest.click()
    expect(sari.get_by_role("button", name="Remove")).to_be_visible()
    sari.keyboard.press("Escape")
    expect(thread).to_have_attribute("aria-expanded", "false")
    sari.get_by_label("Waktu terbit").fill("22/11/2026 07.30")
    address = sari.get_by_label("Tautan jawaban")
    address.fill("https://jakarta.example.id/jawaban/15")
    address.press("Enter")
    expect(sari.get_by_text("Penerbitan dicatat.")).to_be_visible()
    expect(sari.get_by_text("Terbit 22 Nov 07.30, di bawah 1 kiriman")).to_be_visible()
    expect(sari.get_by_text("Cakupan jawaban 0%")).to_have_count(0)
    assert sari.locator("[data-testid=stMain]").evaluate("node => node.scrollWidth <= node.clientWidth")

    part(sari, "Janji")
    press(sari, "Pastikan")
    expect(sari.get_by_label("Tenggat (WIB)").first).to_have_value("30/11/2026 23.59")
    sari.get_by_label("Tenggat (WIB)").first.fill("28/11/2026 12.00")
    press(sari, "Pastikan janji")
    expect(sari.get_by_text("Janji dicatat.")).to_be_visible()
    expect(sari.get_by_text("tenggat 28 Nov 12.00 · Dukcapil")).to_be_visible()
    part(sari, "Riwayat")
    expect(sari.locator(".line li").first).to_contain_text("mencatat janji")
    store = desk.site.store()
    with store.read() as db:
        states = [item.state for item in responses.of_issue(db, ISSUE)]
        promised = [item.state for item in commitments.of_issue(db, ISSUE)]
    store.close()
    assert states == ["replaced", "published"]
    assert promised == ["open"]


def test_a_reader_sees_the_answers_and_reads_who_may_write_them(desk: Watched) -> None:
    page = desk.sign_in("lihat", "/?isu=ISU-20261122-0009")
    part(page, "Tanggapan")
    expect(page.get_by_text("Pejabat Pembaca tidak berhak melakukan ini")).to_be_visible()
    expect(page.get_by_role("button", name="Tulis tanggapan")).to_have_count(0)


def test_an_officer_hands_over_and_the_body_gives_it_back(desk: Watched) -> None:
    page = desk.sign_in("agus", "/?isu=ISU-20261122-0017")
    part(page, "Serah terima")
    press(page, "Serahkan")
    page.get_by_label("Alasan").fill("tolong angkut hari ini")
    press(page, "Serahkan isu")
    expect(page.get_by_text("Diserahkan; menunggu diterima.")).to_be_visible()
    press(page, "Bukan wewenang")
    page.get_by_label("Mengapa bukan wewenang").fill("lahan swasta")
    press(page, "Kembalikan isu")
    expect(page.get_by_text("bukan wewenang: lahan swasta")).to_be_visible()
    part(page, "Bukti")
    press(page, "Tambah bukti")
    page.get_by_label("Apa yang terlihat, di mana, kapan").fill("TPS bersih, foto RW 04")
    press(page, "Simpan bukti")
    expect(page.get_by_text("TPS bersih, foto RW 04")).to_be_visible()


def test_who_was_faster_is_named_with_what_they_did(desk: Watched) -> None:
    page = desk.sign_in("sari", "/?isu=ISU-20261122-0022")
    expect(page.get_by_role("button", name="Ambil", exact=True)).to_be_visible()
    store = desk.site.store()
    with store.read() as db:
        agus, seen = people.get(db, "agus"), issues.get(db, "ISU-20261122-0022")
    assert agus is not None
    assert seen is not None
    Desk(store, load_city(packaged_config()), lambda: NOW).take(seen.id, agus, version=seen.version)
    store.close()
    press(page, "Ambil")
    expect(page.get_by_role("alert")).to_contain_text("baru saja diubah: Agus Pranoto mengambil isu ini")
