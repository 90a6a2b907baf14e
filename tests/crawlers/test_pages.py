"""Charsets, addresses, pauses and listings: the small readers behind the crawl."""

from __future__ import annotations

import gzip
from contextlib import suppress
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawlers.news.charset import decode
from crawlers.news.extract import extract
from crawlers.news.feeds import read_listing
from crawlers.news.urls import canonical, clean_url, part_of, same_site
from crawlers.web.politeness import retry_after
from tanggap.errors import PayloadError

NOON = datetime(2026, 1, 2, 12, tzinfo=UTC)
WORDS = "Pemprov “janji” – selesai"


@pytest.mark.parametrize(
    ("body", "declared"),
    [
        (WORDS.encode(), ""),
        (WORDS.encode(), "iso-8859-1"),
        (WORDS.encode("utf-8-sig"), ""),
        (WORDS.encode("utf-16"), ""),
        (WORDS.encode("utf-16-le"), ""),
        (WORDS.encode("utf-16-be"), ""),
        (WORDS.encode("cp1252"), "utf-8"),
        (WORDS.encode("cp1252"), ""),
        (WORDS.encode("cp1252"), "no-such-charset"),
        (WORDS.encode("gb18030"), "gb18030"),
    ],
)
def test_text_is_readable_whatever_its_label_says(body: bytes, declared: str) -> None:
    assert decode(body, declared) == WORDS


@given(st.binary(max_size=3000), st.text(max_size=12))
def test_no_bytes_break_the_reader_of_charsets(body: bytes, declared: str) -> None:
    assert isinstance(decode(body, declared), str)


@given(st.text(alphabet=st.sampled_from("<>/=\"'&; abpdivhlnsctr\x00é\n!-[]"), max_size=400))
def test_no_markup_breaks_extraction(page: str) -> None:
    with suppress(PayloadError):
        extract(page, "https://a.example/b")


@given(
    st.text(alphabet=st.sampled_from("<>/=\"'&; rsfedulnkocity?xm!-[]\n"), max_size=400),
    st.sampled_from([b"", b"<rss>", b"<urlset>"]),
)
def test_no_markup_breaks_the_reader_of_listings(page: str, start: bytes) -> None:
    with suppress(PayloadError):
        read_listing(start + page.encode(), "https://a.example/", page, 10_000)


@pytest.mark.parametrize(
    ("url", "clean"),
    [
        ("https://A.example/b?utm_source=x&fbclid=1", "https://a.example/b"),
        ("https://a.example/b?id=7&utm_medium=y#k", "https://a.example/b?id=7"),
        ("https://a.example:443/b", "https://a.example/b"),
        ("http://a.example", "http://a.example/"),
        ("/b", "https://base.example/b"),
        ("//a.example/b", "https://a.example/b"),
        ("mailto:x@a.example", None),
        ("javascript:void(0)", None),
        ("https://user:pw@a.example/", None),
        ("http://[broken", None),
        ("https://a.example/" + "x" * 3000, None),
    ],
)
def test_one_page_has_one_spelling(url: str, clean: str | None) -> None:
    assert clean_url(url, "https://base.example/c") == clean


@pytest.mark.parametrize(
    ("declared", "address"),
    [
        (None, "https://m.a.example/b"),
        ("https://www.a.example/b", "https://www.a.example/b"),
        ("https://www.a.example/", "https://m.a.example/b"),
        ("https://evil.test/b", "https://m.a.example/b"),
        ("https://www.a.example/b?page=2", "https://www.a.example/b"),
    ],
)
def test_a_page_is_believed_about_its_address_within_its_own_site(declared: str | None, address: str) -> None:
    assert canonical(declared, "https://m.a.example/b?page=all&utm_source=rss") == address


@pytest.mark.parametrize(
    ("link", "number"),
    [
        ("https://a.example/b?page=2", 2),
        ("https://a.example/b?page=all", 0),
        ("https://a.example/b?halaman=3", 3),
        ("https://a.example/b/2", 2),
        ("https://a.example/b/halaman2", 2),
        ("https://a.example/b/page/4/", 4),
        ("https://a.example/b/all", 0),
        ("https://a.example/b", None),
        ("https://a.example/c?page=2", None),
        ("https://other.test/b?page=2", None),
        ("https://a.example/b?page=999", None),
        ("https://a.example/b/komentar", None),
    ],
)
def test_the_parts_of_an_article_are_told_from_other_links(link: str, number: int | None) -> None:
    assert part_of(link, "https://a.example/b") == number


def test_publishers_are_told_apart() -> None:
    assert same_site("https://m.kompas.com/", "https://megapolitan.kompas.com/")
    assert same_site("https://nasional.republika.co.id/", "https://www.republika.co.id/")
    assert not same_site("https://a.co.id/", "https://b.co.id/")
    assert not same_site("http://10.0.0.1/", "http://20.0.0.1/")


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120.0),
        (" 0 ", 0.0),
        ("Fri, 02 Jan 2026 12:01:00 GMT", 60.0),
        ("Fri, 02 Jan 2026 11:00:00 GMT", 0.0),
        ("soon", None),
        ("-5", None),
        ("", None),
    ],
)
def test_the_pause_a_host_asks_for_is_read_as_seconds_or_date(value: str, seconds: float | None) -> None:
    assert retry_after(value, NOON) == seconds


def test_a_packed_sitemap_is_unpacked_within_the_limit() -> None:
    plain = b"<urlset><url><loc>https://a.example/b</loc></url></urlset>"
    assert (
        read_listing(gzip.compress(plain), "https://a.example/", "", 10_000).candidates[0].url == "https://a.example/b"
    )
    for broken in (gzip.compress(plain + b" " * 10**7), b"\x1f\x8b\x08broken"):
        with pytest.raises(PayloadError):
            read_listing(broken, "https://a.example/", "", 10_000)


def test_a_listing_page_gives_headlines_and_no_navigation() -> None:
    page = """<a href="/">Beranda koran kita yang panjang</a>
    <a href="/tag/banjir">Semua berita tentang banjir di kota</a>
    <a href="/2026/01/02/air-mati-lagi-di-pondok-uji">Air mati</a>
    <a href="/x">Warga Pondok Uji menunggu air tiga hari</a>
    <a href="https://other.test/2026/01/02/iklan-yang-panjang-sekali">Iklan dari situs lain yang panjang</a>
    <a href="/about">Tentang</a><a href="/x#komentar">Warga Pondok Uji menunggu air tiga hari</a>"""
    listing = read_listing(page.encode(), "https://a.example/", page, 10_000)
    assert [c.url for c in listing.candidates] == [
        "https://a.example/2026/01/02/air-mati-lagi-di-pondok-uji",
        "https://a.example/x",
    ]
