"""What people do at the desk and on the phone, in a real browser."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from dashboard.board import View, kept, ordered, rows_of
from dashboard.render import COMPONENTS
from tanggap.city import load_city
from tanggap.clock import span
from tanggap.desk.workflow import Workflow
from tanggap.records import Status
from tanggap.settings import packaged_config
from tanggap.store import audit, issues
from tests.browser.conftest import Site, Watched
from tests.browser.seed import NOW
from tests.dashboard.test_gate import handshake

pytestmark = pytest.mark.browser
expect.set_options(timeout=30_000)


def row(page: Page, number: int):
    return page.locator(f"[data-id=ISU-20261122-{number:04d}]")


def test_wrong_passwords_are_told_and_then_locked_out(desk: Watched) -> None:
    page = desk.page
    page.goto(desk.site.address)
    for _ in range(5):
        page.fill("[name=nama]", "vera")
        page.fill("[name=sandi]", "salah")
        page.click("button")
        expect(page.get_by_role("alert")).to_have_text("Nama pengguna atau sandi salah.")
    page.fill("[name=sandi]", "salah")
    page.click("button")
    expect(page.get_by_role("alert")).to_contain_text("Terlalu banyak percobaan")


def test_the_queue_shows_the_open_issues_in_their_order(desk: Watched) -> None:
    page = desk.sign_in()
    expect(page.locator(".row")).to_have_count(25)
    workflow = Workflow.load(load_city(packaged_config()))
    store = desk.site.store()
    with store.read() as db:
        rows = kept(rows_of(issues.queue(db), workflow, NOW), View.OPEN, None, NOW)
    store.close()
    expected = [each.issue.id for each in ordered(rows, NOW)[:25]]

    assert page.locator(".row").evaluate_all("rows => rows.map(row => row.dataset.id)") == expected
    expect(page.locator(".group").first).to_contain_text("JAWAB SEKARANG")
    expect(row(page, 1)).to_contain_text("95")
    expect(row(page, 1).locator(".time")).to_contain_text("sisa")
    expect(row(page, 2).locator(".time")).to_contain_text("lewat")
    expect(row(page, 4)).to_contain_text("Belum ada PIC")


def test_a_click_opens_the_issue_and_the_address_names_it(desk: Watched) -> None:
    page = desk.sign_in()
    row(page, 7).click()

    expect(page.get_by_role("heading", name="Trotoar ambles di depan halte di Setiabudi")).to_be_visible()
    expect(page).to_have_url(re.compile("isu=ISU-20261122-0007"))
    expect(page.get_by_text("Mengapa skor 78?")).to_be_visible()
    expect(page.locator("blockquote").first).to_contain_text("Berita Warta Kota Contoh")
    expect(page.locator("blockquote a").first).to_have_attribute("rel", re.compile("noopener noreferrer"))
    page.reload()
    expect(page.get_by_role("heading", name="Trotoar ambles di depan halte di Setiabudi")).to_be_visible()


def test_the_list_is_worked_by_keyboard(desk: Watched) -> None:
    page = desk.sign_in()
    page.locator("[role=listbox]").focus()
    for key in ("j", "j", "k", "j"):
        page.keyboard.press(key)
    expect(page.locator("[role=listbox]")).to_have_attribute("aria-activedescendant", "row-2")
    chosen = page.locator("#row-2").get_attribute("data-id")
    page.keyboard.press("Enter")

    expect(page.locator("h2")).to_be_visible()
    expect(page.get_by_text(f"{chosen} ·")).to_be_visible()


def test_every_post_of_an_issue_can_be_read_page_by_page(desk: Watched) -> None:
    page = desk.sign_in(path="/?isu=ISU-20261122-0005")
    page.get_by_role("button", name=re.compile(r"lihat \d+ kiriman")).click()
    expect(page.locator("blockquote")).to_have_count(20)
    page.get_by_role("button", name="20 kiriman berikutnya").click()
    expect(page.locator("blockquote")).to_have_count(40)
    page.get_by_role("button", name="tampilkan bukti utama").click()
    expect(page.locator("blockquote")).to_have_count(7)


def test_an_officer_takes_an_issue_and_everybody_sees_who_holds_it(desk: Watched) -> None:
    page = desk.sign_in(path="/?isu=ISU-20261122-0004")
    expect(row(page, 4)).to_contain_text("Belum ada PIC")
    page.get_by_role("button", name="Ambil", exact=True).click()

    expect(page.get_by_text("Isu ini sekarang Anda pegang.")).to_be_visible()
    expect(row(page, 4)).to_contain_text("Sari Wulandari")
    store = desk.site.store()
    with store.read() as db:
        taken = issues.get(db, "ISU-20261122-0004")
        entries = audit.entries(db, "ISU-20261122-0004")
    store.close()
    assert taken is not None
    assert taken.holder == "sari"
    assert [(entry.by, entry.action) for entry in entries] == [("sari", "take")]


def test_a_move_that_lacks_its_proof_is_refused_in_words_and_then_allowed(desk: Watched) -> None:
    page = desk.sign_in("rina", "/?isu=ISU-20261122-0007")
    page.get_by_role("button", name="Pindahkan status").click()
    page.get_by_label("Tautan jawaban yang sudah terbit").fill("sudah dijawab")
    page.get_by_role("button", name="Pindahkan", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("Ditanggapi memerlukan: Tautan jawaban yang sudah terbit")

    page.get_by_label("Tautan jawaban yang sudah terbit").fill("https://jakarta.example.id/jawaban/7")
    page.get_by_role("button", name="Pindahkan", exact=True).click()
    expect(page.get_by_text("Status sekarang Ditanggapi.")).to_be_visible()
    page.get_by_role("radio", name="Riwayat").click()
    expect(page.locator(".line li").first).to_contain_text("Ditanggapi")
    expect(page.locator(".line a").first).to_contain_text("jakarta.example.id")
    store = desk.site.store()
    with store.read() as db:
        moved = issues.get(db, "ISU-20261122-0007")
    store.close()
    assert moved is not None
    assert moved.status is Status.ANSWERED


def test_filters_stand_in_the_address_and_the_header_numbers_filter(desk: Watched) -> None:
    page = desk.sign_in()
    page.get_by_role("radio", name="Tanpa PIC").click()
    expect(page.locator(".row .who", has_not_text="Belum ada PIC")).to_have_count(0)
    expect(page).to_have_url(re.compile("lihat=Tanpa"))

    page.get_by_role("button", name=re.compile("perlu dijawab sekarang")).click()
    expect(page.get_by_text("Hanya yang perlu dijawab sekarang")).to_be_visible()
    expect(page.locator(".row:not(.now)")).to_have_count(0)
    page.get_by_role("button", name="Hapus saringan").click()
    expect(page.get_by_text("Hanya yang perlu dijawab sekarang")).not_to_be_visible()
    expect(page.locator(".row")).to_have_count(25)

    page.get_by_placeholder("Cari isu …").fill("trotoar")
    page.keyboard.press("Enter")
    expect(page.locator(".row")).to_have_count(2)
    expect(page).to_have_url(re.compile("cari=trotoar"))


def test_tabs_carry_their_counts_and_a_search_finds_the_agency(desk: Watched) -> None:
    page = desk.sign_in(path="/?cari=pln")
    tab = page.get_by_role("radio", name="Terbuka")
    count = page.locator(".row").count
    expect(page.locator(".row .who", has_text="PLN").first).to_be_visible()
    expect(tab).to_have_text(f"Terbuka {count()}")
    expect(page.locator(".row .who", has_not_text="PLN")).to_have_count(0)


def test_an_empty_list_offers_to_drop_every_filter(desk: Watched) -> None:
    page = desk.sign_in(path="/?cari=zzzz&hanya=sejam")
    expect(page.get_by_text("Tidak ada isu yang cocok dengan saringan ini.")).to_be_visible()
    page.get_by_role("button", name="Hapus semua saringan").click()
    expect(page.locator(".row")).to_have_count(25)
    expect(page).not_to_have_url(re.compile("cari|hanya"))


def test_j_and_k_reach_the_list_from_anywhere_but_a_field(desk: Watched) -> None:
    page = desk.sign_in()
    expect(page.locator("[role=listbox]")).to_have_attribute("aria-activedescendant", "row-0")
    page.get_by_placeholder("Cari isu …").press("j")
    expect(page.locator("[role=listbox]")).to_have_attribute("aria-activedescendant", "row-0")
    page.get_by_placeholder("Cari isu …").fill("")
    page.get_by_text("Paling panas").click()
    page.keyboard.press("j")
    expect(page.locator("[role=listbox]")).to_have_attribute("aria-activedescendant", "row-1")
    expect(page.locator("[role=listbox]")).to_be_focused()


def test_the_menu_of_a_phone_closes_after_a_choice_and_fingers_find_every_button(phone: Watched) -> None:
    page = phone.sign_in("budi")
    expect(page.locator(".row").first).to_be_visible()
    small = """() => { const found = []; const look = (root) => { for (const one of root.querySelectorAll("*")) {
        if (one.shadowRoot) look(one.shadowRoot);
        const { width, height } = one.getBoundingClientRect();
        if (one.matches("button, summary, [role=radio], [role=combobox]") && width > 1 && height > 0 && height < 43)
          found.push(`${one.innerText || one.ariaLabel} ${height}`);
      } }; look(document.querySelector("[data-testid=stApp]")); return found; }"""
    assert page.evaluate(small) == []
    page.get_by_test_id("stExpandSidebarButton").click()
    page.get_by_test_id("stSidebarNavLink").filter(has_text="Sumber").click()
    expect(page.get_by_role("heading", name="Sumber")).to_be_visible()
    expect(page.get_by_test_id("stSidebarNavLink").first).not_to_be_in_viewport()


def test_a_reader_sees_everything_and_may_do_nothing(desk: Watched) -> None:
    page = desk.sign_in("lihat", "/?isu=ISU-20261122-0009")
    expect(page.get_by_role("heading", name=re.compile("Bus pengumpan"))).to_be_visible()
    expect(page.get_by_text("Mengapa skor")).to_be_visible()

    for words in ("Ambil", "Ambil alih", "Tugaskan", "Pindahkan status"):
        expect(page.get_by_role("button", name=words)).to_have_count(0)
    expect(page.get_by_role("link", name="Sumber", exact=True)).to_have_count(0)


def test_an_analyst_reads_why_a_source_failed(desk: Watched) -> None:
    page = desk.sign_in("budi")
    page.get_by_role("link", name="Sumber", exact=True).click()

    expect(page.locator("tbody tr").first).to_contain_text("X: pencarian kota")
    expect(page.locator("tbody tr").first).to_contain_text("Kunci ditolak (401)")


def test_the_brief_of_the_day_is_one_click_away_and_can_be_copied(desk: Watched) -> None:
    page = desk.sign_in("lihat")
    page.get_by_role("link", name="Ringkasan", exact=True).click()
    expect(page.locator("code")).to_contain_text("*Ringkasan Minggu, 22 November 2026*")
    with desk.context.expect_page() as opened:
        page.get_by_role("link", name="Minggu, 22 November 2026").click()

    expect(opened.value.locator("body")).to_contain_text("Banjir setinggi dada")


def test_the_phone_shows_one_column_and_opens_an_issue_as_its_own_page(phone: Watched) -> None:
    page = phone.sign_in()
    expect(page.locator(".row").first).to_be_visible()
    expect(page.locator("h2")).to_be_hidden()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert (
        page.locator(".row").evaluate_all("rows => Math.max(...rows.map(r => r.getBoundingClientRect().right))") <= 390
    )

    row(page, 2).click()
    expect(page.locator("h2")).to_be_visible()
    expect(page.locator(".row").first).to_be_hidden()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert page.locator("[data-testid=stMain]").evaluate("node => node.scrollWidth <= node.clientWidth")

    page.get_by_role("button", name="‹ Antrean").click()
    expect(page.locator(".row").first).to_be_visible()
    expect(page).not_to_have_url(re.compile("isu="))


def test_somebody_elses_change_is_offered_and_not_forced(desk: Watched) -> None:
    page = desk.sign_in()
    expect(row(page, 12)).to_contain_text("Belum ada PIC")
    store = desk.site.store()
    with store.write() as db:
        other = issues.get(db, "ISU-20261122-0012")
        assert other is not None
        issues.update(db, other.evolve(holder="agus"))
    store.close()
    offer = page.get_by_role("button", name="1 pembaruan — tampilkan")
    expect(offer).to_be_visible(timeout=40_000)
    expect(row(page, 12)).to_contain_text("Belum ada PIC")
    offer.click()

    expect(row(page, 12)).to_contain_text("Agus Pranoto")
    expect(offer).to_have_count(0)


def test_signing_out_kills_the_session_everywhere(desk: Watched) -> None:
    page = desk.sign_in()
    expect(page.locator(".row").first).to_be_visible()
    kept_cookies = desk.context.cookies()
    page.get_by_text("Sari Wulandari ▾").click()
    page.get_by_role("button", name="Keluar").click()
    expect(page).to_have_url(re.compile("/masuk$"))

    desk.context.add_cookies(kept_cookies)
    page.goto(desk.site.address)
    expect(page).to_have_url(re.compile("/masuk$"))
    sid = next(cookie["value"] for cookie in kept_cookies if cookie["name"] == "sid")
    assert " 403" in handshake(desk.site.port, Cookie=f"sid={sid}")
    assert " 403" in handshake(desk.site.port)


def test_a_session_ended_elsewhere_ends_on_the_next_click(desk: Watched) -> None:
    page = desk.sign_in("agus")
    expect(page.locator(".row").first).to_be_visible()
    store = desk.site.store()
    with store.write() as db:
        db.exec_driver_sql("delete from session where name = 'agus'")
    store.close()
    row(page, 3).click()

    expect(page.get_by_text("Sesi berakhir. Silakan masuk lagi.").first).to_be_visible()
    expect(page.get_by_role("heading", name=re.compile("Pohon tumbang"))).to_have_count(0)


def test_a_new_person_chooses_a_password_first(desk: Watched) -> None:
    page = desk.sign_in("baru")
    expect(page).to_have_url(re.compile("/sandi$"))
    page.fill("[name=lama]", "payung-hujan-biru")
    page.fill("[name=baru]", "kereta-senja-9")
    page.fill("[name=ulang]", "kereta-senja-9")
    page.get_by_role("button", name="Simpan sandi").click()

    expect(page.locator(".row").first).to_be_visible()


def test_browser_and_server_say_the_same_length_of_time(desk: Watched) -> None:
    seconds = [0, 29, 30, 31, 89, 90, 91, 150, 3569, 3570, 3600, 3690, 86_370, 86_400, 90_000, 200_000, 300_000, -1500]
    script = (COMPONENTS / "common.js").read_text(encoding="utf-8")
    desk.page.goto(desk.site.address)
    told = desk.page.evaluate(f"seconds => {{ {script}; return seconds.map(s => span(s * 1000)); }}", seconds)

    assert told == [span(timedelta(seconds=each)) for each in seconds]


@pytest.mark.parametrize("width", [1440, 1280, 1024, 768])
def test_no_width_needs_sideways_scrolling(open_window: Callable[..., Watched], width: int, site: Site) -> None:
    window = open_window(width, 800, site)
    page = window.sign_in(path="/?isu=ISU-20261122-0001")
    expect(page.locator("h2")).to_be_visible()

    assert page.locator("[data-testid=stMain]").evaluate("node => node.scrollWidth <= node.clientWidth")
