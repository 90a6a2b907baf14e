"""The pages of signals and proposals in a real browser: what is noticed, a proposal accepted and taken back."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import Connection, update

from tanggap.records import Signal, SignalKind, Suggestion, SuggestionKind
from tanggap.settings import packaged_config
from tanggap.store import Store, issues, signals, suggestions
from tanggap.store.tables import post
from tests.browser.conftest import Site, Watched, pick, served
from tests.browser.seed import NOW, build

pytestmark = pytest.mark.browser
expect.set_options(timeout=30_000)


@pytest.fixture(scope="module")
def noticed_city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The seeded city with one signal of each kind and three proposals."""
    directory: Path = tmp_path_factory.mktemp("sinyal")
    build(directory, packaged_config())
    store = Store.open(f"sqlite:///{directory / 'tanggap.sqlite'}")
    with store.write() as db:
        notice(db)
        propose(db)
    store.close()
    with served(directory) as running:
        yield running


def posts_of(db: Connection, at: int) -> tuple[str, list[int]]:
    """The issue that stands there in the queue, and its posts."""
    number = issues.open_issues(db)[at].id
    return number, sorted(link.post for link in issues.links_of(db, number))


def notice(db: Connection) -> None:
    """A gap in reading, a burst, a break, posting in concert and hearsay, and posts that name a place."""
    number, keys = posts_of(db, 0)
    db.execute(update(post).where(post.c.id.in_(keys)).values(area="31.75.03"))
    for kind, subject, told, evidence in (
        (SignalKind.COVERAGE, "all", "Tren tidak disimpulkan: Qlue tidak terbaca 22 Nov 05.00–08.00.", {}),
        (SignalKind.BURST, "topic:banjir", "Banjir naik 2,6× dari biasa.", {"voices": 26, "usual": 10.0, "times": 2.6}),
        (SignalKind.BREAK, "topic:laporan", "Laporan warga turun 62 % sejak 25 Okt (58–66 %).",
         {"usual": 50.0, "now": 19.2, "days_before": 21, "days_after": 28, "volume": None, "news": keys[5:6],
          "mood": {"value": -0.4, "low": -0.6, "high": -0.3}}),
        (SignalKind.COORDINATION, f"issue:{number}",
         "Dipasang serentak 7 kali dalam 60 detik, peluang kebetulan 3e-09; 24 akun dihitung satu suara.",
         {"times": 7, "chance": 3e-9, "window_s": 60, "accounts": 24, "posts": keys[:7], "voices": 1}),
        (SignalKind.RUMOUR, f"issue:{number}", "Kabar yang belum pasti menyebar: 9 kiriman dari 8 akun.",
         {"posts": 9, "accounts": 8, "first": keys[:3], "said": keys[5:7], "clarification": None}),
    ):  # fmt: skip
        item = Signal(kind=kind, subject=subject, since=NOW - timedelta(hours=3), told=told, evidence=evidence)
        signals.keep(db, kind, [item], NOW - timedelta(minutes=4))


def propose(db: Connection) -> None:
    """Two issues that may be one, a post that may belong to one, and one that was closed too early."""
    waiting = [one.id for one in issues.open_issues(db) if one.status.value in ("detected", "waiting")]
    closed = next(one for one in issues.queue(db, limit=100) if one.status.value == "resolved")
    _, keys = posts_of(db, 12)
    found = [
        Suggestion(kind=SuggestionKind.MERGE, issue=waiting[0], other=waiting[1], posts=tuple(keys[:4]), likeness=0.31,
                   reason="Kata dan tempat mirip (0,31).", at=NOW),
        Suggestion(kind=SuggestionKind.REOPEN, issue=closed.id, posts=tuple(keys[4:6]), likeness=0.5,
                   reason="2 suara mengeluh sesudah ditutup 20 Nov 14.00 WIB; urusan dan tempat sama.", at=NOW),
    ]  # fmt: skip
    suggestions.offer(db, found, kinds=list(SuggestionKind))


@pytest.fixture
def page_of(open_window: Callable[..., Watched], noticed_city: Site) -> Callable[..., Page]:
    """Opens a page as an analyst."""

    def open_page(path: str, width: int = 1440, height: int = 900, name: str = "budi") -> Page:
        return open_window(width, height, noticed_city).sign_in(name, path)

    return open_page


def test_a_proposal_is_accepted_and_taken_back_and_a_reader_only_reads(
    page_of: Callable[..., Page], noticed_city: Site
) -> None:
    page = page_of("/usulan")
    card = page.locator("article", has_text="mungkin sama")
    expect(page.get_by_role("link", name="Usulan · 2")).to_be_visible()
    card.get_by_role("button", name="Gabungkan").click()
    expect(page.get_by_text("usulan dijalankan")).to_be_visible()
    expect(card).to_have_count(0)
    act = page.get_by_role("region", name="Tindakan terakhir").locator("li")
    expect(act).to_contain_text("digabung ke")
    act.get_by_role("button", name="Urungkan").click()
    expect(act).to_contain_text("dibatalkan Budi Santosa")
    expect(act.get_by_role("button")).to_have_count(0)

    reader = page_of("/usulan", name="lihat")
    expect(reader.locator("article", has_text="selesai semu")).to_be_visible()
    expect(reader.locator("article button")).to_have_count(0)


def test_the_phone_reads_what_is_noticed_without_scrolling_sideways(page_of: Callable[..., Page]) -> None:
    page = page_of("/sinyal", 390, 844)
    expect(page.get_by_role("region", name="Tidak disimpulkan")).to_contain_text("Qlue tidak terbaca")
    expect(page.get_by_text(re.compile(r"Terakhir dilihat \d+ mnt lalu"))).to_be_visible()
    expect(page.get_by_role("region", name="Dipasang serentak")).to_contain_text("24 akun dihitung satu suara")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    heights = page.locator("article a").evaluate_all("found => found.map(a => a.getBoundingClientRect().height)")
    assert min(heights) >= 44


def test_a_number_of_a_place_unfolds_the_posts_it_counts_and_stands_in_the_address(
    page_of: Callable[..., Page],
) -> None:
    page = page_of("/sinyal")
    page.get_by_role("radio", name="kecamatan").click()
    expect(page).to_have_url(re.compile("tingkat=kecamatan"))
    expect(page.get_by_role("radio", name="kecamatan")).to_have_attribute("aria-checked", "true")
    page.get_by_role("button", name=re.compile("suara, lihat kirimannya")).first.click()
    rows = page.get_by_role("region", name="Kiriman di balik angka")
    expect(rows.locator("blockquote").first).to_be_visible()
    expect(page).to_have_url(re.compile("baris=31"))
    rows.get_by_role("button", name="lipat").click()
    expect(rows).to_have_count(0)


def test_a_number_of_the_summary_unfolds_the_posts_it_counts_and_stands_in_the_address(
    page_of: Callable[..., Page],
) -> None:
    page = page_of("/")
    button = page.get_by_role("button", name="lewat laporan warga")
    expect(button).to_have_attribute("aria-expanded", "false")
    button.click()
    rows = page.get_by_role("region", name="Kiriman di balik angka")
    expect(button).to_have_attribute("aria-expanded", "true")
    expect(rows.locator("blockquote.report").first).to_be_visible()
    expect(rows.locator("blockquote:not(.report)")).to_have_count(0)
    expect(page).to_have_url(re.compile("baris=laporan"))
    expect(page.get_by_text("Apa yang mengubahnya")).to_be_visible()
    rows.get_by_role("button", name="lipat").click()
    expect(rows).to_have_count(0)


def test_an_officer_is_told_what_a_merge_will_do_does_it_and_takes_it_back(
    page_of: Callable[..., Page], noticed_city: Site
) -> None:
    with noticed_city.store().read() as db:
        issue, other = [one for one in issues.open_issues(db)[5:] if one.status.value == "waiting"][:2]
    page = page_of(f"/?isu={issue.id}")
    page.get_by_text("Rapikan isu ini").click()
    pick(page, "Digabung ke isu mana", other.id)
    expect(page.get_by_text(f"Nomor {issue.id} tetap membuka isu itu")).to_be_visible()
    page.get_by_role("button", name="Gabungkan", exact=True).last.click()
    expect(page.get_by_text(f"{issue.id} digabung ke {other.id}.", exact=True)).to_be_visible()
    with noticed_city.store().read() as db:
        assert issues.exact(db, issue.id).status.value == "merged"
    page.get_by_role("button", name="Urungkan").click()
    expect(page.get_by_text("Tindakan diurungkan.")).to_be_visible()
    with noticed_city.store().read() as db:
        assert issues.exact(db, issue.id).status.value == "waiting"


def test_a_post_near_the_threshold_is_answered_where_it_is_quoted_and_a_reader_is_not_asked(
    page_of: Callable[..., Page], noticed_city: Site
) -> None:
    with noticed_city.store().read() as db:
        issue = issues.open_issues(db)[3]
    reader = page_of(f"/?isu={issue.id}", name="lihat")
    reader.get_by_role("button", name=re.compile("lihat .* kiriman")).click()
    expect(reader.get_by_role("button", name="tampilkan bukti utama")).to_be_visible()
    expect(reader.get_by_text("perlu dicek: mesin kurang yakin")).to_be_visible()
    expect(reader.get_by_role("button", name="Ya, masalah yang sama")).to_have_count(0)
